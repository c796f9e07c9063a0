"""Small pieces that every kind of sentence uses: leads, gaps, reasons, lists."""

import re
from collections.abc import Iterable, Sequence

from analysis.telling.spans import Gap, Quotation, Span, Spans, Text, say
from analysis.telling.wording.numbers import Numbers


def led(lead: str, figure: Span, facts: dict[str, Spans] | None = None) -> Spans:
    """Put a figure into its lead: at `{}` where the lead has one, else behind it; `{G22}` takes another row's figure."""
    spans: list[Span] = []
    placed = False
    for piece in re.split(r"(\{\w*\})", lead):
        if piece == "{}":
            spans.append(figure)
            placed = True
        elif piece.startswith("{"):
            spans.extend(_fact(piece[1:-1], facts or {}))
        elif piece:
            spans.append(Text(piece))
    return tuple(spans) if placed else (*spans, figure)


def _fact(code: str, facts: dict[str, Spans]) -> Spans:
    if code not in facts:
        raise ValueError(f"前导语中的 {{{code}}} 不是与这一行一起讲的指标（见 indicators.csv 的 told_with 列）")
    return facts[code]


def gap(numbers: Numbers, what: str = "数据") -> Gap:
    """The mark of a missing figure, with the department that owes it."""
    return Gap(f"〔{what}待{numbers.row.department}补报〕", numbers.indicator.code, numbers.row.department)


def quoted(text: str, source: str, department: str) -> Quotation:
    """A department's words inside a sentence: on one line, without the full stop that the sentence sets itself.

    Between Chinese characters a line's end is nothing; elsewhere it is a space, as between two words.
    """
    line = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])", "", text.strip())
    return Quotation(re.sub(r"\s+", " ", line).strip().strip("。；;，,、. "), source, department)


def reason(text: str | None, source: str | None, department: str) -> Spans:
    """Why something was missed, in the department's words, led in so that they read on; empty where it gave none."""
    if not text or not source:
        return ()
    quote = quoted(text, source, department)
    if not quote.text:
        return ()
    if re.match(r"(主要)?原因[是为：:]|主要是", quote.text):
        return say("，", quote)
    if re.match(r"因|由于|受(?![众益理助训])", quote.text):
        return say("，", quote)
    return say("，主要原因是", quote)


def listed(items: Sequence[Spans | Span], comma: str = "、", last: str = "和") -> Spans:
    """Join a list: 甲; 甲和乙; 甲、乙和丙."""
    spans: list[Span] = []
    for index, item in enumerate(items):
        if index:
            spans.append(Text(last if index == len(items) - 1 else comma))
        spans.extend(item if isinstance(item, tuple) else (item,))
    return tuple(spans)


def joined(clauses: Iterable[Spans], mark: str = "，") -> Spans:
    """Join the clauses that say something."""
    spans: list[Span] = []
    for clause in clauses:
        if clause:
            if spans:
                spans.append(Text(mark))
            spans.extend(clause)
    return tuple(spans)
