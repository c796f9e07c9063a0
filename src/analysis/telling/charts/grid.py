"""Who has returned and how clean (上报情况): a grid of departments by kinds of findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.submissions import RETURNED
from analysis.telling.charts.bars import EDGE, GAP, NAMES_AT_MOST, Rows, put_names, put_stripes, rows_of
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import (
    BEHIND,
    INK,
    LARGE,
    MISSED,
    POINT,
    SMALL,
    SOFT,
    WIDTH,
    Look,
    area,
    own_settings,
    put,
    sheet,
    width_of,
    wrapped,
)

Severity = Literal["error", "warning", "privacy", "note"]
WORST: tuple[Severity, ...] = ("error", "warning", "privacy", "note")

LOOKS: dict[str, tuple[str, Look, str]] = {
    "error": ("有错误", Look("#a33a08", "#a33a08"), "white"),
    "warning": ("有疑问", Look(BEHIND.fill, BEHIND.edge), INK),
    "privacy": ("写有隐私", Look("white", INK), INK),
    "note": ("只有提示", Look("white", "#9a9a9a"), INK),
}
"""How a cell is filled by its worst finding, which grey print keeps apart: dark, pale, white with a dark edge, white;
what the key says."""

MOST_COUNT = 999
"""The largest number that a cell prints; above it stands 999+."""


@dataclass(frozen=True, slots=True)
class _Cell:
    count: int
    worst: str


@dataclass(frozen=True, slots=True)
class _Line:
    department: str
    state: str
    cells: dict[str, _Cell]


def _lines(rows: pd.DataFrame) -> tuple[list[str], list[_Line]]:
    """The kinds of findings, and a line a department, both in the order in which they first stand."""
    kinds: dict[str, None] = {}
    states: dict[str, str] = {}
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in items(rows, "department", "state", "kind", "severity", "count"):
        name, kind, count = str(row["department"]), label_of(row["kind"]), number_of(row["count"])
        states[name] = str(row["state"])
        of_it = found.setdefault(name, {})
        if not kind or not count > 0:
            continue
        if row["severity"] not in WORST:
            raise ValueError(f"unknown severity {row['severity']!r}")
        kinds.setdefault(kind)
        counts = of_it.setdefault(kind, {})
        counts[row["severity"]] = counts.get(row["severity"], 0) + int(count)
    lines = []
    for name, of_it in found.items():
        cells = {
            kind: _Cell(sum(counts.values()), next(s for s in WORST if s in counts)) for kind, counts in of_it.items()
        }
        lines.append(_Line(name, states[name], cells))
    return list(kinds), lines


def grid_chart(rows: pd.DataFrame, title: str) -> Figure:
    """Draw a grid: a row a department, a column a kind of findings, in a cell how many and how grave the worst.

    Args:
        rows: a row a department, kind and severity: `department`; `state`, 已上报 or what else can be said of its
            return; `kind` of findings, in the order of the columns; `severity`, error, warning, privacy or note; `count`.
            A department without findings has one row, without a kind.
        title: the caption; kept as the figure's label, not drawn.
    """
    kinds, lines = _lines(rows)
    with own_settings():
        names = max(width_of(line.department, LARGE) for line in lines)
        states = max(width_of(line.state, LARGE) for line in lines)
        start = EDGE + min(NAMES_AT_MOST, names) + GAP + states + GAP
        width = min(18.0, (WIDTH - EDGE - start) / max(1, len(kinds)))
        heads = [wrapped(kind, width - 1.0, SMALL) for kind in kinds]
        leading = 1.2 * SMALL * POINT
        top = 8.0 + max(map(len, heads)) * leading if heads else 1.5
        place = rows_of([line.department for line in lines], top=top, below=1.5)
        figure, axes = sheet(place.bottom + 1.5, title)
        put_stripes(axes, place)
        put_names(axes, place)
        _put_key(axes, {cell.worst for line in lines for cell in line.cells.values()})
        left = place.bars_start + states + GAP
        for i, head in enumerate(heads):
            for j, text in enumerate(head):
                y = top - 1.0 - (len(head) - j - 0.5) * leading
                put(axes, left + (i + 0.5) * width, y, text, SMALL, align="center")
        for line, centre in zip(lines, place.centres, strict=True):
            late = line.state != RETURNED
            put(axes, place.bars_start, centre, line.state, place.size, colour=MISSED.text if late else SOFT)
            for i, kind in enumerate(kinds):
                if kind in line.cells:
                    _draw_cell(axes, place, line.cells[kind], left + (i + 0.5) * width, centre, width)
            if not line.cells and not late:
                put(axes, left + GAP, centre, "没有问题", place.size, colour=SOFT)
    return figure


def _draw_cell(axes: Axes, place: Rows, cell: _Cell, x: float, y: float, width: float) -> None:
    _, look, colour = LOOKS[cell.worst]
    half, tall = min(width, 11.0) / 2 - 0.4, 0.41 * place.pitch
    area(axes, [(x - half, y - tall), (x + half, y - tall), (x + half, y + tall), (x - half, y + tall)], look, line=0.8)
    text = str(cell.count) if cell.count <= MOST_COUNT else f"{MOST_COUNT}+"
    put(axes, x, y, text, min(place.size, SMALL), colour=colour, align="center")


def _put_key(axes: Axes, present: set[str]) -> None:
    """The meaning of the cells' fillings, at the top on the right."""
    x = WIDTH - EDGE
    for severity in reversed([severity for severity in WORST if severity in present]):
        text, look, _ = LOOKS[severity]
        x -= width_of(text, SMALL)
        put(axes, x, 3.2, text, SMALL, colour=SOFT)
        x -= 5.5
        area(axes, [(x, 1.8), (x + 4.5, 1.8), (x + 4.5, 4.6), (x, 4.6)], look, line=0.8)
        x -= 4.0


def grid_alt(rows: pd.DataFrame) -> str:
    """Tell the grid in words; rows as for `grid_chart`."""
    _, lines = _lines(rows)
    told = []
    for line in lines:
        found = "、".join(f"{kind}{cell.count}条（{LOOKS[cell.worst][0]}）" for kind, cell in line.cells.items())
        told.append(
            f"{line.department}{line.state}"
            + (f"，{found}" if found else "" if line.state != RETURNED else "，没有问题")
        )
    return f"方格图，一行一个部门，一列一类审核问题，格中是条数。{'；'.join(told)}。"
