"""Breakdowns (分解) of some indicators by the same parts, most often the villages: a column of bars an indicator."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.telling.charts.bars import EDGE, GAP, NAMES_AT_MOST, Rows, bar, put_names, put_stripes, rows_of
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import (
    DONE,
    HAIR,
    INK,
    LARGE,
    OTHER,
    POINT,
    SOFT,
    UNDER_WAY,
    WIDTH,
    Look,
    own_settings,
    put,
    rule,
    sheet,
    width_of,
    wrapped,
)

REST = "其余"
"""The item that stands for all smaller parts: no place of its own, so it is drawn back."""

NONE = "—"
"""What stands for a part without an amount, as in tables."""

MOST_COLUMNS = 4
"""Indicators side by side for which there is room."""

BETWEEN = 6.0
"""Space between two columns in mm."""


@dataclass(frozen=True, slots=True)
class _Column:
    """An indicator: its amounts and labels by part, in the order of the parts."""

    name: str
    amounts: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def most(self) -> float:
        known = [amount for amount in self.amounts if not math.isnan(amount)]
        return max([0.0, *known])


def _columns(rows: pd.DataFrame) -> tuple[list[str], list[_Column]]:
    """The parts, and an indicator a column, both in the order in which they first stand."""
    records = items(rows, "name", "item", "amount", "label")
    parts = list(dict.fromkeys(str(row["item"]) for row in records))
    cells: dict[str, dict[str, tuple[float, str]]] = {}
    for row in records:
        name, item = str(row["name"]), str(row["item"])
        if item in cells.setdefault(name, {}):
            raise ValueError(f"two amounts for {item} of {name}")
        cells[name][item] = (number_of(row["amount"]), label_of(row["label"]))
    if len(cells) > MOST_COLUMNS:
        raise ValueError(f"no room for more than {MOST_COLUMNS} columns")
    columns = []
    for name, found in cells.items():
        known = [found.get(part, (math.nan, "")) for part in parts]
        columns.append(_Column(name, tuple(amount for amount, _ in known), tuple(label for _, label in known)))
    return parts, columns


def parts_chart(rows: pd.DataFrame, title: str) -> Figure:
    """Draw the parts of each indicator as a column of bars; no bar is cut, so that lengths of a column compare.

    The longest of a column is the darkest. Columns have scales of their own: their units differ.

    Args:
        rows: a row an indicator and part: `name`, of the indicator, with its unit; `item`, the part; `amount`, NaN for
            a missing one; `label`, the amount as printed. At most four indicators.
        title: the caption; kept as the figure's label, not drawn.
    """
    parts, columns = _columns(rows)
    with own_settings():
        narrow = max(width_of(part, LARGE) for part in parts)
        start = EDGE + min(NAMES_AT_MOST, narrow) + GAP
        widths = (WIDTH - EDGE - start - (len(columns) - 1) * BETWEEN) / len(columns)
        heads = [wrapped(column.name, widths, LARGE) for column in columns]
        leading = 1.2 * LARGE * POINT
        top = 1.0 + max(map(len, heads)) * leading + 1.0
        place = rows_of(parts, top=top, below=1.5)
        figure, axes = sheet(place.bottom + 1.5, title)
        put_stripes(axes, place)
        put_names(axes, place)
        for i, (column, head) in enumerate(zip(columns, heads, strict=True)):
            left = place.bars_start + i * (widths + BETWEEN)
            for j, line in enumerate(head):
                put(axes, left, 1.0 + (j + 0.5) * leading, line, LARGE)
            _draw_column(axes, place, parts, column, (left, left + widths))
    return figure


def _draw_column(axes: Axes, place: Rows, parts: Sequence[str], column: _Column, between: tuple[float, float]) -> None:
    left, right = between
    room = right - left - GAP / 2 - max(width_of(label, place.size) for label in column.labels)
    scale = max(0.0, room) / (column.most or 1.0)
    rule(axes, (left, left), (place.top, place.bottom), colour=HAIR, width=0.6)
    for part, amount, label, centre in zip(parts, column.amounts, column.labels, place.centres, strict=True):
        # An amount below zero is an error of the return; it has no length here, its label tells it.
        end = left + (amount * scale if amount > 0 else 0.0)
        bar(axes, left, end, centre, place.thickness, _look(part, amount, column.most))
        put(axes, end + GAP / 2, centre, label or NONE, place.size, colour=INK if amount > 0 else SOFT)


def _look(part: str, amount: float, most: float) -> Look:
    if part.startswith(REST):
        return OTHER
    return DONE if amount == most else UNDER_WAY


def parts_alt(rows: pd.DataFrame) -> str:
    """Tell the breakdowns in words; rows as for `parts_chart`."""
    parts, columns = _columns(rows)
    told = []
    for column in columns:
        amounts = "，".join(part + label for part, label in zip(parts, column.labels, strict=True) if label)
        told.append(f"{column.name}：{amounts}")
    return f"条形图，比较各部分的数量。{'；'.join(told)}。"
