"""Several years of some indicators: a small line chart each, all with the same years and from zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.telling.charts.bars import EDGE
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import (
    DONE,
    HAIR,
    LARGE,
    POINT,
    SMALL,
    SOFT,
    TALLEST,
    WIDTH,
    add,
    own_settings,
    put,
    rule,
    sheet,
    width_of,
    wrapped,
)

MISSING = "数据暂缺"
"""What stands for a year without a value and without a label of its own."""

BETWEEN = 4.5
"""Space between two panels in mm."""

PLOT = 17.0
"""Height of the lines' room in mm, from zero to the largest value."""

LEAST_PLOT = 8.0
"""The least of it, where many panels share the page."""

ROW_GAP = 3.0
"""Space between two rows of panels in mm."""

LABEL = 4.8
"""Height of a line of labels in mm."""


@dataclass(frozen=True, slots=True)
class _Panel:
    name: str
    values: tuple[float, ...]
    labels: tuple[str, ...]


def _panels(series: pd.DataFrame) -> tuple[list[int], list[_Panel]]:
    """The years in order, and a panel an indicator in the order of its first row, with a place for every year."""
    rows = items(series, "name", "year", "value", "label")
    years = sorted({int(row["year"]) for row in rows})
    cells: dict[str, dict[int, tuple[float, str]]] = {}
    for row in rows:
        name, year = str(row["name"]), int(row["year"])
        if year in cells.setdefault(name, {}):
            raise ValueError(f"two values for {name} in {year}")
        value, label = number_of(row["value"]), label_of(row["label"])
        cells[name][year] = (value, label or (MISSING if math.isnan(value) else ""))
    panels = []
    for name, by_year in cells.items():
        known = [by_year.get(year, (math.nan, MISSING)) for year in years]
        panels.append(_Panel(name, tuple(value for value, _ in known), tuple(label for _, label in known)))
    return years, panels


def years_chart(series: pd.DataFrame, title: str) -> Figure:
    """Draw a small line chart for each indicator; every one has its own scale, from zero, so that slopes are honest.

    Args:
        series: a row an indicator and year: `name`, with its unit; `year`; `value`, NaN for a missing one, where the
            line is broken; `label`, the value as printed.
        title: the caption; kept as the figure's label, not drawn.
    """
    years, panels = _panels(series)
    with own_settings():
        columns = _side_by_side(panels, years)
        width = (WIDTH - 2 * EDGE - (columns - 1) * BETWEEN) / columns
        names = [wrapped(panel.name, width, LARGE) for panel in panels]
        leading = 1.2 * LARGE * POINT
        # Panels side by side share a base line: the longest name of a row decides where its lines begin.
        heads = [max(map(len, names[i : i + columns])) * leading + 1.0 for i in range(0, len(names), columns)]
        spare = TALLEST - 1.0 - sum(heads) - (len(heads) - 1) * ROW_GAP
        plot = max(LEAST_PLOT, min(PLOT, spare / len(heads) - 2 * LABEL - 1.0))
        body = LABEL + plot + LABEL + 1.0
        tops = [0.5 + sum(heads[:i]) + i * (body + ROW_GAP) for i in range(len(heads))]
        figure, axes = sheet(tops[-1] + heads[-1] + body + 0.5, title)
        for i, (panel, name) in enumerate(zip(panels, names, strict=True)):
            row, column = divmod(i, columns)
            left = EDGE + column * (width + BETWEEN)
            for j, line in enumerate(name):
                put(axes, left, tops[row] + (j + 0.5) * leading, line, LARGE)
            ground = tops[row] + heads[row] + LABEL + plot
            _draw_panel(axes, panel, years, (left, left + width), (ground - plot, ground))
    return figure


def _margin(panel: _Panel) -> float:
    """Room at the sides of a panel for half the first and the last label, in mm."""
    return max(8.0, *(width_of(label, SMALL) / 2 for label in panel.labels))


def _side_by_side(panels: Sequence[_Panel], years: Sequence[int]) -> int:
    """The most panels in a row, three at most, with which the labels of neighbouring years stay apart."""
    most = min(len(panels), 2 if len(panels) == 4 else 3)
    widest = max(width_of(f"{years[0]}年", SMALL), *(width_of(label, SMALL) for p in panels for label in p.labels))
    for columns in range(most, 1, -1):
        width = (WIDTH - 2 * EDGE - (columns - 1) * BETWEEN) / columns
        if (width - 2 * max(map(_margin, panels))) / max(1, years[-1] - years[0]) >= widest + 0.5:
            return columns
    return 1


def _draw_panel(
    axes: Axes, panel: _Panel, years: Sequence[int], across: tuple[float, float], down: tuple[float, float]
) -> None:
    (left, right), (top, bottom) = across, down
    margin = _margin(panel)
    step = (right - left - 2 * margin) / max(1, years[-1] - years[0])
    xs = [left + margin + (year - years[0]) * step for year in years]
    if len(years) == 1:
        xs = [(left + right) / 2]
    known = [value for value in panel.values if not math.isnan(value)]
    highest, lowest = max([0.0, *known]), min([0.0, *known])
    unit = (bottom - top) / ((highest - lowest) or 1.0)
    zero = bottom + lowest * unit
    ys = [zero - value * unit for value in panel.values]
    rule(axes, (left, right), (zero, zero), colour=HAIR, width=0.6)
    add(
        axes,
        Line2D(
            xs,
            ys,
            color=DONE.fill,
            linewidth=1.5,
            marker="o",
            markersize=4.2,
            markeredgecolor="white",
            markeredgewidth=0.7,
        ),
    )
    for i, (x, y, label) in enumerate(zip(xs, ys, panel.labels, strict=True)):
        put(axes, x, bottom + LABEL / 2 + 0.4, f"{years[i]}年", SMALL, colour=SOFT, align="center")
        if math.isnan(y):
            put(axes, x, zero - 2.4, label, SMALL, colour=SOFT, align="center")
            continue
        aside, below = 0.0, -2.9
        if _rises_away(ys, i):
            if y + LABEL <= zero:
                below = 2.9
            elif i in {0, len(ys) - 1}:
                # No room between the point and zero: the label stays above, on the side where no line is.
                half = width_of(label, SMALL) / 2
                aside = min(half, margin - half) * (-1 if i == 0 else 1)
        put(axes, x + aside, y + below, label, SMALL, colour=DONE.fill, align="center")


def _rises_away(ys: Sequence[float], i: int) -> bool:
    """Whether the line goes up from a point to its neighbours, so that a label above the point would be crossed."""
    beside = [ys[j] for j in (i - 1, i + 1) if 0 <= j < len(ys) and not math.isnan(ys[j])]
    return bool(beside) and sum(beside) / len(beside) < ys[i] - 1.0


def years_alt(series: pd.DataFrame) -> str:
    """Tell the years in words; series as for `years_chart`."""
    years, panels = _panels(series)
    told = []
    for panel in panels:
        values = "、".join(f"{year}年{label}" for year, label in zip(years, panel.labels, strict=True))
        told.append(f"{panel.name}：{values}")
    return f"折线图，分别表示各项指标历年的数值。{'；'.join(told)}。"
