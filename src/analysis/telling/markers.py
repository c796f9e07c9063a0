"""Spans through a template: helpers put marks into the rendered text, and the text is taken apart at the marks again.

A department's words never pass through the template engine: only a mark does, so they can't be taken for markup.
"""

import re
from collections.abc import Iterable

from analysis.telling.spans import Block, Chart, Heading, Paragraph, Span, Spans, Style, Text, text_of

OPEN, CLOSE = "\ue000", "\ue001"
BLOCK = "\ue002"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
STYLES: dict[str, Style] = {
    "addressee": "addressee",
    "signature": "signature",
    "document-number": "document_number",
    "note": "note",
}
NUMBER = re.compile(r"^(（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|（?\d+[）.．、])\s*")
# What is left where a row is not valid in the period: a mark of punctuation with nothing before it.
DANGLING = (
    (re.compile(r"[；，、]+(?=[；。])"), ""),
    (re.compile(r"(?<=[；。])[；，。]+"), ""),
    (re.compile(r"^[；，、。]+"), ""),
)


class Marks:
    """The spans of one chapter, by the marks that stand for them."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._charts: list[Chart] = []

    def put_chart(self, chart: Chart) -> str:
        """Give the mark for a chart, a block of its own."""
        self._charts.append(chart)
        return f"\n\n{BLOCK}{len(self._charts) - 1}\n\n"

    def take_chart(self, line: str) -> Chart:
        """The chart that a line marks."""
        return self._charts[int(line[1:])]

    def put(self, spans: Iterable[Span]) -> str:
        """Give marks for spans, to be put into a rendered template."""
        marks = []
        for span in spans:
            marks.append(f"{OPEN}{len(self._spans)}{CLOSE}")
            self._spans.append(span)
        return "".join(marks)

    def take(self, text: str) -> Spans:
        """The spans of a piece of rendered text; what stands between marks is template text."""
        spans: list[Span] = []
        for index, piece in enumerate(MARK.split(text)):
            if index % 2:
                spans.append(self._spans[int(piece)])
            elif piece:
                spans.append(Text(piece))
        return _merged(spans)


def _merged(spans: list[Span]) -> Spans:
    """Neighbouring pieces of template text become one."""
    merged: list[Span] = []
    for span in spans:
        if isinstance(span, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def blocks_of(rendered: str, marks: Marks, prefix: str) -> list[Block]:
    """Take a rendered chapter apart into headings and paragraphs.

    Args:
        rendered: Markdown of headings (`#`, `##`, `###`), paragraphs between blank lines, and `::: style` fences.
        marks: the chapter's spans.
        prefix: begins the anchors of its headings.
    """
    blocks: list[Block] = []
    style: Style = "body"
    lines: list[str] = []
    anchors: set[str] = set()

    def flush() -> None:
        text = tidied("".join(lines))
        lines.clear()
        if text:
            blocks.append(Paragraph(marks.take(text), style))

    for line in (*rendered.splitlines(), ""):
        stripped = line.strip()
        heading = re.match(r"(#{1,3})\s+(?=\S)", stripped)
        if stripped.startswith(BLOCK):
            flush()
            blocks.append(marks.take_chart(stripped))
            continue
        if stripped and not heading and not stripped.startswith(":::"):
            lines.append(stripped)
            continue
        flush()
        if heading:
            spans = marks.take(stripped[heading.end() :])
            blocks.append(Heading(len(heading[1]), spans, _anchor(prefix, text_of(spans), anchors)))
        elif stripped:
            style = _style(stripped.strip(": "))
    return blocks


def _anchor(prefix: str, heading: str, taken: set[str]) -> str:
    """Made of a heading's words, not of its number or place: a section put in before it leaves links to it alive."""
    words = re.sub(r"\W", "", NUMBER.sub("", heading))
    anchor = f"{prefix}-{words}"
    while anchor in taken:
        anchor += "-"
    taken.add(anchor)
    return anchor


def _style(name: str) -> Style:
    if name and name not in STYLES:
        raise ValueError(f"没有“{name}”这种段落，可用的是 {'、'.join(STYLES)}")
    return STYLES.get(name, "body")


def tidied(text: str) -> str:
    """Take away the punctuation that a row leaves behind which is not valid in the period."""
    for pattern, replacement in DANGLING:
        text = pattern.sub(replacement, text)
    return text
