"""Which figure a number of the report is: the executed notebook tells where each stands, the list of figures the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.running.read_back.blocks import displays_of, number
from analysis.running.read_back.lines import Line
from analysis.running.read_back.numbers import squeeze
from analysis.running.read_back.roles import form_and_role, label
from analysis.running.verify.verified import Origin


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
    displays, names = displays_of(notebook)
    found.names.update({code: name for code, (name, _) in names.items()})
    number(displays, [str(text) for text in figures["text"]])
    rows = figures.to_dict("records")
    ratios = set(figures.loc[figures["role"] == "share", "code"])
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
            found.put(at, *_squeezed(begin, end, where), _origin(row, found.names, ratios))
            placed += 1
    found.unplaced = len(rows) - placed
    return found


def _squeezed(begin: int, end: int, where: dict[int, int]) -> tuple[int, int]:
    kept = [where[place] for place in range(begin, end) if place in where]
    return (kept[0], kept[-1] + 1) if kept else (0, 0)


def _origin(row: dict[Any, Any], names: dict[str, str], ratios: set[str]) -> Origin:
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
        label(form_and_role(text("role"), text("code") in ratios)[1], text("formula")),
    )
