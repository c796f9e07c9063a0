"""Which figure a number of the report is: the executed notebook tells where each stands, the list of figures the rest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import pandas as pd

from analysis.running.verify.lines import CELL, Line
from analysis.running.verify.numbers import squeeze
from analysis.running.verify.verified import Origin

BLOCKS = ("h2", "h3", "h4", "p", "caption", "tr")
UNIT = re.compile(r"[^\d.,]*$")


@dataclass
class _Block:
    """A block of the notebook: its text, and which parts of it are figures (by their order) or quotations."""

    text: str = ""
    figures: list[tuple[int, int]] = field(default_factory=list)
    quotations: list[tuple[int, int, str]] = field(default_factory=list)
    first: int = 0
    """Which row of the list of figures its first figure is."""


@dataclass
class Origins:
    """Where the numbers of the report come from, by line and place in the squeezed line.

    Attributes:
        names: what an indicator is called, by its code.
        unplaced: how many figures of the list stand in no line.
    """

    names: dict[str, str] = field(default_factory=dict)
    unplaced: int = 0
    _spans: dict[int, list[tuple[int, int, Origin]]] = field(default_factory=dict)

    def of(self, line: int, start: int, end: int) -> Origin | None:
        """The figure or the department's words that a number is or is within."""
        for begin, stop, origin in self._spans.get(line, ()):
            if begin < end and start < stop:
                return origin
        return None

    def put(self, line: int, start: int, end: int, origin: Origin) -> None:
        """Tell where a part of a line comes from."""
        self._spans.setdefault(line, []).append((start, end, origin))


def origins_of(notebook: Any, figures: pd.DataFrame, lines: Sequence[Line]) -> Origins:
    """Find each figure of the report in its Word file.

    Args:
        notebook: the executed report notebook.
        figures: the list of figures (`telling.figure_list.FIGURES`), in reading order.
        lines: of the report's Word file as the run made it.
    """
    figures = figures[figures["place"] != "chart"]  # what a picture shows is no text of the Word file
    found = Origins()
    displays = list(_displays(notebook, found.names))
    _number(displays, [str(text) for text in figures["text"]])
    rows = figures.to_dict("records")
    squeezed = [squeeze(line.text) for line in lines]
    places: dict[str, list[int]] = {}
    for place, (text, _) in enumerate(squeezed):
        places.setdefault(text, []).append(place)
    at = 0
    placed = 0
    for block in (block for display in displays for block in display):
        text, origins = squeeze(block.text)
        same = [place for place in places.get(text, ()) if place >= at]
        if not same:
            continue
        at = same[0]
        places[text].remove(at)
        where = {origin: index for index, origin in enumerate(origins)}
        for begin, end, source in block.quotations:
            words = Origin("quotation", block.text[begin:end], sources=(source,))
            found.put(at, *_squeezed(begin, end, where), words)
        for (begin, end), row in zip(block.figures, rows[block.first :], strict=False):
            found.put(at, *_squeezed(begin, end, where), _origin(row, found.names))
            placed += 1
    found.unplaced = len(rows) - placed
    return found


def _squeezed(begin: int, end: int, where: dict[int, int]) -> tuple[int, int]:
    kept = [where[place] for place in range(begin, end) if place in where]
    return (kept[0], kept[-1] + 1) if kept else (0, 0)


def _origin(row: dict[Any, Any], names: dict[str, str]) -> Origin:
    def text(column: str) -> str:
        return "" if pd.isna(row[column]) else str(row[column])

    return Origin(
        "figure",
        text("text"),
        text("code"),
        names.get(text("code"), ""),
        text("role"),
        text("item"),
        text("value"),
        text("formula"),
        tuple(text("sources").split("\n")) if text("sources") else (),
    )


def units_of(figures: pd.DataFrame) -> set[str]:
    """The units that the report's figures carry."""
    return {match[0] for text in figures["text"] if (match := UNIT.search(str(text))) and match[0]}


# ---- the notebook -------------------------------------------------------------------------------------------------


def _displays(notebook: Any, names: dict[str, str]) -> Iterator[list[_Block]]:
    """The blocks of each display of the report, prose and charts, in reading order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            mark = output.get("metadata", {}).get("gongwen")
            if not isinstance(mark, dict):
                continue
            if mark.get("role") == "chart":
                yield [_Block(str(mark.get("title", "")))]
            elif "text/html" in output.get("data", {}):
                yield list(_blocks("".join(output["data"]["text/html"]), names))


def _blocks(fragment: str, names: dict[str, str]) -> Iterator[_Block]:
    root = lxml.html.fragment_fromstring(fragment, create_parent="div")
    for source in root.find_class("source"):
        lines = [line.text_content() for line in source]
        match = re.match(r"(\S+) (.+)（[^（）]*）$", lines[0]) if lines else None
        if match:
            names.setdefault(match[1], match[2])
        tail = source.tail
        source.clear()
        source.tail = tail
    for element in root.iter(*BLOCKS):
        block = _Block()
        cells = list(element.iterchildren("td", "th")) if element.tag == "tr" else [element]
        for number, cell in enumerate(cells):
            block.text += CELL if number else ""
            _read(cell, block)
        yield block


def _read(element: lxml.html.HtmlElement, block: _Block) -> None:
    start = len(block.text)
    block.text += element.text or ""
    for child in element:
        _read(child, block)
        block.text += child.tail or ""
    classes = str(element.get("class", "")).split()
    if "figure" in classes:
        block.figures.append((start, len(block.text)))
    elif "quotation" in classes:
        block.quotations.append((start, len(block.text), str(element.get("title", ""))))


def _number(displays: Sequence[list[_Block]], texts: Sequence[str]) -> None:
    """Tell each block which figure of the list is its first.

    A chart's title doesn't mark its figures: they are those between the figures of the prose before and after it.
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


def _is_title(block: _Block) -> bool:
    return bool(block.text) and not block.figures


def _find_in_title(block: _Block, texts: Sequence[str]) -> int:
    """Find figures one after another in a chart's title; how many there are."""
    last = 0
    for count, text in enumerate(texts):
        start = block.text.find(text, last)
        if start < 0:
            return count
        block.figures.append((start, start + len(text)))
        last = start + len(text)
    return len(texts)
