"""A report as a run left it in its folder, read back to be compared: figures, lines, and how things stood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.running.read_back.blocks import CHART, Block, Names, displays_of, number
from analysis.running.read_back.lines import BODY, HEADING, Line


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in the report: the headings above it, and the id to go to in `report.html`."""

    headings: tuple[str, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed, see `telling.spans.Figure`."""

    code: str
    item: str
    role: str
    text: str
    value: str | None
    formula: str
    sources: tuple[str, ...]
    spot: Spot = Spot()


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of the report with what is known of it.

    Attributes:
        anchor: the id to go to in `report.html`.
        figures: where its figures stand in the text, with the id of each and the indicator's code.
        quotations: where departments' own words stand, with file, sheet and cell.
        heads, cells: of a table's row.
    """

    line: Line
    anchor: str = ""
    figures: tuple[tuple[int, int, str, str], ...] = ()
    quotations: tuple[tuple[int, int, str], ...] = ()
    heads: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Telling:
    """A report to be compared.

    Attributes:
        figures: each place where a figure is printed, in reading order.
        lines: headings, paragraphs, rows of tables, titles and alternatives of charts, in reading order.
        names: name and department of an indicator, by its code.
        manifest: the run's `run.json`.
    """

    figures: tuple[Printed, ...]
    lines: tuple[ToldLine, ...]
    names: Names = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)


def telling_of(notebook: Any, figures: pd.DataFrame, manifest: Mapping[str, Any]) -> Telling:
    """Put together what a run left.

    Args:
        notebook: the executed report notebook.
        figures: the list of figures (`telling.figure_list.FIGURES`), in reading order.
        manifest: `run.json` as data.
    """
    displays, names = displays_of(notebook)
    rows: list[dict[Any, Any]] = figures.to_dict("records")
    shown = [place for place, row in enumerate(rows) if row["place"] != "chart"]
    number(displays, [str(rows[place]["text"]) for place in shown])
    spots: dict[int, Spot] = {}
    lines: list[ToldLine] = []
    for block in (block for display in displays for block in display):
        own = shown[block.first : block.first + len(block.figures)]
        for popup, place in zip(block.popups, own, strict=False):
            spots[place] = Spot(block.headings, popup or block.anchor)
        lines += _lines(block, [str(rows[place]["code"]) for place in own])
    pictures = next((b for display in displays for b in display if b.tag == CHART), Block(CHART))
    drawn = Spot(pictures.headings, pictures.anchor)
    return Telling(
        tuple(_printed(row, spots.get(place, drawn)) for place, row in enumerate(rows)), tuple(lines), names, manifest
    )


def _printed(row: Mapping[Any, Any], spot: Spot) -> Printed:
    value = None if pd.isna(row["value"]) else str(row["value"])
    code, item, role, text, formula = (str(row[name]) for name in ("code", "item", "role", "text", "formula"))
    sources = tuple(str(row["sources"]).split("\n")) if row["sources"] else ()
    return Printed(code, item, role, text, value, formula, sources, spot)


def _lines(block: Block, codes: Sequence[str]) -> Iterator[ToldLine]:
    place = HEADING if block.tag.startswith("h") else BODY
    if block.table:
        place = f"表“{block.table}”"
    elif block.tag == CHART:
        place = "图"
    figures = tuple(
        (begin, end, popup, code) for (begin, end), popup, code in zip(block.figures, block.popups, codes, strict=False)
    )
    heading = " › ".join(block.headings)
    line = Line(block.text, heading, place, row=block.tag == "tr")
    yield ToldLine(line, block.anchor, figures, tuple(block.quotations), block.heads, block.cells)
    if block.alt:
        yield ToldLine(Line(block.alt, heading, "图的文字说明"), block.anchor)
