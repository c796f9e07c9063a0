"""The executed report notebook as blocks of text that know their figures, quotations and the headings above them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html

from analysis.running.read_back.lines import CELL

BLOCKS = ("h2", "h3", "h4", "p", "caption", "tr")
CHART = "figure"
"""The tag of a chart's block; the others have their element's."""


@dataclass
class Block:
    """A block of the report: its text, and which parts of it are figures (by their order) or quotations.

    Attributes:
        figures: where each figure stands in the text.
        popups: the id of each figure's source in the page.
        quotations: where a department's own words stand, and the file and cell that they are from.
        first: which row of the list of figures its first figure is, once `number` has told.
        headings: the headings that it stands under, itself included if it is one.
        anchor: the id in the page of the table that it is of, else of the nearest heading above it.
        table: the caption of the table that it is of.
        heads: the column heads of that table.
        cells: of a table's row, the text of each cell.
        alt: the text alternative of a chart.
    """

    tag: str
    text: str = ""
    figures: list[tuple[int, int]] = field(default_factory=list)
    popups: list[str] = field(default_factory=list)
    quotations: list[tuple[int, int, str]] = field(default_factory=list)
    first: int = 0
    headings: tuple[str, ...] = ()
    anchor: str = ""
    table: str = ""
    heads: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    alt: str = ""


Names = dict[str, tuple[str, str]]
"""By an indicator's code: its name, and the department that returned it."""


def displays_of(notebook: Any) -> tuple[list[list[Block]], Names]:
    """The blocks of each display of the report, prose and charts, in reading order; and the names of the indicators."""
    reader = _Reader()
    displays = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            mark = output.get("metadata", {}).get("gongwen")
            if not isinstance(mark, dict):
                continue
            if mark.get("role") == "chart":
                displays.append([reader.chart(mark)])
            else:
                displays.append(list(reader.prose("".join(output["data"]["text/html"]))))
    return displays, reader.names


class _Reader:
    """Goes through the displays; the headings that it stands under are its state."""

    def __init__(self) -> None:
        self.names: Names = {}
        self._headings: list[tuple[str, str, str]] = []  # tag, text, anchor

    def chart(self, mark: Mapping[str, Any]) -> Block:
        return self._put(Block(CHART, str(mark.get("title", "")), alt=str(mark.get("alt", ""))))

    def prose(self, fragment: str) -> Iterator[Block]:
        root = lxml.html.fragment_fromstring(fragment, create_parent="div")
        for source in root.find_class("source"):
            lines = [line.text_content() for line in source]
            named = _named(lines[0]) if lines else None
            if named:
                self.names.setdefault(named[0], named[1:])
            tail = source.tail
            source.clear()
            source.tail = tail
        for element in root.iter(*BLOCKS):
            yield self._block(element)

    def _block(self, element: lxml.html.HtmlElement) -> Block:
        block = Block(str(element.tag))
        if block.tag == "tr":
            for count, cell in enumerate(element.iterchildren("td", "th")):
                block.text += CELL if count else ""
                start = len(block.text)
                _read(cell, block)
                block.cells = (*block.cells, block.text[start:])
        else:
            _read(element, block)
        if block.tag.startswith("h"):
            above = [heading for heading in self._headings if heading[0] < block.tag]
            self._headings = [*above, (block.tag, block.text, str(element.get("id", "")))]
        self._put(block)
        if block.tag in ("tr", "caption"):
            table = next(element.iterancestors("table"))
            block.anchor = str(table.get("id", "")) or block.anchor
            block.table = str(table.findtext("caption") or "")
            block.heads = tuple(str(head.text_content()) for head in table.iterfind("thead/tr/th"))
        return block

    def _put(self, block: Block) -> Block:
        block.headings = tuple(text for _, text, _ in self._headings)
        block.anchor = next((anchor for _, _, anchor in reversed(self._headings) if anchor), "")
        return block


def _named(line: str) -> tuple[str, str, str] | None:
    """Code, name and department of a pop-up's first line: `E01 全社会固定资产投资（经济发展办公室）`; a name may have brackets too."""
    match = re.match(r"(\S+) (.+)）$", line)
    if match is None:
        return None
    open_brackets = 1
    for place in range(len(match[2]) - 1, 0, -1):
        open_brackets += {"）": 1, "（": -1}.get(match[2][place], 0)
        if not open_brackets:
            return match[1], match[2][:place], match[2][place + 1 :]
    return None


def _read(element: lxml.html.HtmlElement, block: Block) -> None:
    start = len(block.text)
    block.text += element.text or ""
    for child in element:
        _read(child, block)
        block.text += child.tail or ""
    classes = str(element.get("class", "")).split()
    if "figure" in classes:
        block.figures.append((start, len(block.text)))
        block.popups.append(str(element.get("aria-describedby", "")))
    elif "quotation" in classes:
        block.quotations.append((start, len(block.text), str(element.get("title", ""))))


def number(displays: Sequence[Sequence[Block]], texts: Sequence[str]) -> None:
    """Tell each block which figure of the list is its first.

    A chart's title doesn't mark its figures: they are those between the figures of the prose before and after it.

    Args:
        displays: as `displays_of` gives them.
        texts: the figures of the list as printed, in reading order, without those within the charts' pictures.
    """
    at = 0
    for place, display in enumerate(displays):
        own = [block.text[begin:end] for block in display for begin, end in block.figures]
        if own:
            at = next((k for k in range(at, len(texts)) if list(texts[k : k + len(own)]) == own), at)
        for block in display:
            block.first = at
            at += len(block.figures)
        if not own and len(display) == 1 and _is_title(display[0]):
            following = next((d for d in displays[place + 1 :] if any(b.figures for b in d)), [])
            others = [block.text[begin:end] for block in following for begin, end in block.figures]
            end = next((k for k in range(at, len(texts)) if list(texts[k : k + len(others)]) == others), len(texts))
            at += _find_in_title(display[0], texts[at:end])


def _is_title(block: Block) -> bool:
    return bool(block.text) and not block.figures


def _find_in_title(block: Block, texts: Sequence[str]) -> int:
    """Find figures one after another in a chart's title; how many there are."""
    last = 0
    for count, text in enumerate(texts):
        start = block.text.find(text, last)
        if start < 0:
            return count
        block.figures.append((start, start + len(text)))
        block.popups.append("")
        last = start + len(text)
    return len(texts)
