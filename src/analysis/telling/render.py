"""From the report as data to what a notebook displays: HTML, and pandoc Markdown for PDF and Word."""

import html
import re
from collections.abc import Iterator, Mapping

from analysis.figures.model import referred
from analysis.telling.spans import (
    Chapter,
    Chart,
    Figure,
    Gap,
    Heading,
    Name,
    Paragraph,
    Quotation,
    Span,
    Style,
    Table,
    Text,
)

MARKDOWN_STYLES: dict[Style, str] = {
    "addressee": "addressee",
    "signature": "signature",
    "document_number": "docnumber",
    "note": "draft-note",
}
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$^~@&'\":;=/?%,])", re.ASCII)


def prose_bundle(chapter: Chapter, names: Mapping[str, str] | None = None) -> tuple[dict[str, str], dict[str, object]]:
    """A chapter as a display for a notebook: data by MIME type, and its metadata, as the exporters expect them."""
    data = {"text/html": chapter_html(chapter, names), "text/markdown": chapter_markdown(chapter)}
    return data, {"gongwen": {"role": "prose"}}


# ---- HTML --------------------------------------------------------------------------------------------------------


def chapter_html(chapter: Chapter, names: Mapping[str, str] | None = None) -> str:
    """A chapter as an HTML fragment; every text is escaped here and nowhere else."""
    numbering = _Numbering(chapter.name, names or {})
    pieces: list[str] = []
    signature: list[str] = []
    for block in _prose(chapter):
        text = _block_html(block, numbering)
        if not isinstance(block, Heading | Table) and block.style == "signature":
            signature.append(text)
            continue
        pieces.append(text)
    if signature:
        pieces.append('<div class="signature">' + "".join(signature) + "</div>")
    body = "\n".join(pieces)
    return f'<section class="annex">\n{body}\n</section>' if chapter.annex else body


def _prose(chapter: Chapter) -> Iterator[Heading | Paragraph | Table]:
    """The blocks that are set as text; a chart is a display of its own."""
    for block in chapter.blocks:
        if not isinstance(block, Chart):
            yield block


class _Numbering:
    """Ids of the pop-up sources, unique over the chapters of a report; and the names of the rows."""

    def __init__(self, chapter: str, names: Mapping[str, str]) -> None:
        self.names = names
        self._prefix = "s" + re.sub(r"[^\w-]", "", chapter, flags=re.ASCII)
        self._next = 0

    def __call__(self) -> str:
        self._next += 1
        return f"{self._prefix}-{self._next}"


def _block_html(block: Heading | Paragraph | Table, numbering: _Numbering) -> str:
    if isinstance(block, Heading):
        tag = f"h{block.level + 1}"
        return f'<{tag} id="{html.escape(block.anchor)}">{_spans_html(block.spans, numbering)}</{tag}>'
    if isinstance(block, Table):
        return _table_html(block, numbering)
    style = "" if block.style in ("body", "signature") else f' class="{MARKDOWN_STYLES[block.style]}"'
    return f"<p{style}>{_spans_html(block.spans, numbering)}</p>"


def _table_html(table: Table, numbering: _Numbering) -> str:
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in table.heads)
    rows = []
    for row in table.rows:
        cells = []
        for column, spans in enumerate(row):
            kind = ' class="number"' if column in table.numeric else ""
            cells.append(f"<td{kind}>{_spans_html(spans, numbering)}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    anchor = f' id="{html.escape(table.anchor)}"' if table.anchor else ""
    caption = f"<caption>{html.escape(table.caption)}</caption>"
    return f"<table{anchor}>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _spans_html(spans: tuple[Span, ...], numbering: _Numbering) -> str:
    return "".join(_span_html(span, numbering) for span in spans)


def _span_html(span: Span, numbering: _Numbering) -> str:
    text = html.escape(span.text)
    match span:
        case Text():
            return text
        case Gap():
            return f'<strong class="gap">{text}</strong>'
        case Quotation():
            return f'<span class="quotation" title="{html.escape(where(span.source))}">{text}</span>'
        case Name():
            return f'<span class="name">{text}</span>'
    source = numbering()
    told = "".join(f"<span>{html.escape(line)}</span>" for line in source_lines(span, numbering.names))
    return (
        f'<span class="figure" tabindex="0" aria-describedby="{source}">{text}'
        f'<span class="source" role="tooltip" id="{source}">{told}</span></span>'
    )


def source_lines(figure: Figure, names: Mapping[str, str] | None = None) -> list[str]:
    """What the pop-up of a figure says: whose it is, its formula, and its cells."""
    lines = [f"{figure.code} {names[figure.code]}"] if names and figure.code in names else []
    lines += [f"计算：{figure.formula}"] if figure.formula else []
    shown = figure.sources[:6]
    lines += [f"来源：{where(source)}" for source in shown]
    if len(figure.sources) > len(shown):
        lines.append(f"等{len(figure.sources)}处")
    return lines or ["由报告期推算"]


def where(source: str) -> str:
    """A source as a reader finds it: 财政所.xlsx 指标 F5."""
    file, sheet, cell = referred(source)
    return " ".join(part for part in (file, sheet, cell) if part)


# ---- Markdown ----------------------------------------------------------------------------------------------------


def chapter_markdown(chapter: Chapter) -> str:
    """A chapter as pandoc Markdown; every text is escaped here and nowhere else."""
    pieces: list[str] = []
    open_style: str | None = None
    for block in _prose(chapter):
        style = None
        if not isinstance(block, Heading | Table) and block.style != "body":
            style = MARKDOWN_STYLES[block.style]
        if style != open_style:
            if open_style:
                pieces.append(":::")
            if style:
                pieces.append(f"::: {{.{style}}}")
            open_style = style
        pieces.append(_block_markdown(block))
    if open_style:
        pieces.append(":::")
    body = "\n\n".join(pieces)
    return f":::: {{.annex}}\n\n{body}\n\n::::\n" if chapter.annex else body + "\n"


def _block_markdown(block: Heading | Paragraph | Table) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_spans_markdown(block.spans)} {{#{block.anchor}}}"
    if isinstance(block, Table):
        return _table_markdown(block)
    return _spans_markdown(block.spans)


def _table_markdown(table: Table) -> str:
    head = "| " + " | ".join(escaped(text) for text in table.heads) + " |"
    rule = "|"
    for column, width in enumerate(table.widths):
        rule += "-" * width + (":" if column in table.numeric else "-") + "|"
    rows = ["| " + " | ".join(_spans_markdown(spans) for spans in row) + " |" for row in table.rows]
    return "\n".join([head, rule, *rows, "", f": {escaped(table.caption)}"])


def _spans_markdown(spans: tuple[Span, ...]) -> str:
    return "".join(_span_markdown(span) for span in spans)


def _span_markdown(span: Span) -> str:
    text = escaped(span.text)
    match span:
        case Figure():
            return f"[{text}]{{.figure}}"
        case Gap():
            return f"[{text}]{{.gap}}"
    return text


def escaped(text: str) -> str:
    """Text as pandoc Markdown that can be nothing but text: every ASCII mark escaped, on one line."""
    # A space at an edge stays: it may be all that stands between a code and a figure.
    return SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text))
