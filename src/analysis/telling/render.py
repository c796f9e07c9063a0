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
    Spans,
    Style,
    Table,
    Text,
    text_of,
)

MARKDOWN_STYLES: dict[Style, str] = {
    "addressee": "addressee",
    "signature": "signature",
    "document_number": "docnumber",
    "note": "draft-note",
}
CODE_HEAD = "编码"
"""The head of a first column whose codes name the rows: links lead to them, this year and next."""
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
    """Ids of the pop-up sources, unique over the chapters of a report, and of rows; and the names of the rows."""

    def __init__(self, chapter: str, names: Mapping[str, str]) -> None:
        self.names = names
        self._prefix = "s" + re.sub(r"[^\w-]", "", chapter, flags=re.ASCII)
        self._next = 0
        self._codes: set[str] = set()

    def is_new(self, code: str) -> bool:
        """Whether this is the first row of that code, which then has the code for its id."""
        new = code not in self._codes
        self._codes.add(code)
        return new

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
    rows = [_row_html(table, position, row, numbering) for position, row in enumerate(table.rows)]
    anchor = f' id="{html.escape(table.anchor)}"' if table.anchor else ""
    caption = f"<caption>{html.escape(table.caption)}</caption>"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<table class="sortable"{anchor}>{caption}{body}</table>'


def _row_html(table: Table, position: int, row: tuple[Spans, ...], numbering: _Numbering) -> str:
    cells = []
    for column, spans in enumerate(row):
        kinds = [*(["number"] if column in table.numeric else []), *(["state"] if column == table.state else [])]
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        # in a table the sources are no stops of the Tab key; the page's script leads to them with the arrow keys
        cells.append(f"<td{kind}>{_spans_html(spans, numbering, stop=-1)}</td>")
    attributes = ""
    if table.heads[0] == CODE_HEAD and numbering.is_new(code := text_of(row[0])):
        code = html.escape(code)
        attributes = f' id="{code}"'
        link = f'<a class="anchor" href="#{code}" tabindex="-1">{_spans_html(row[0], numbering, stop=-1)}</a>'
        cells[0] = f'<th scope="row">{link}</th>'
    if position < len(table.departments):
        attributes += f' data-department="{html.escape(table.departments[position])}"'
    return f"<tr{attributes}>{''.join(cells)}</tr>"


def _spans_html(spans: Spans, numbering: _Numbering, stop: int = 0) -> str:
    return "".join(_span_html(span, numbering, stop) for span in spans)


def _span_html(span: Span, numbering: _Numbering, stop: int) -> str:
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
        f'<span class="figure" tabindex="{stop}" aria-describedby="{source}">{text}'
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


def _spans_markdown(spans: Spans) -> str:
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
