"""A breakdown (分解): the parts of one indicator by village, project or level."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.telling.charts.bars import EDGE, LabelledBar, put_labelled_bars, put_names, rows_of
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import DONE, OTHER, SMALL, SOFT, WIDTH, own_settings, put, sheet

REST = "其余"
"""The item that stands for all smaller parts: no place of its own, so it is drawn back."""


@dataclass(frozen=True, slots=True)
class _Item:
    item: str
    amount: float
    label: str


def _items(rows: pd.DataFrame) -> list[_Item]:
    return [
        _Item(str(row["item"]), number_of(row["amount"]), label_of(row["label"]))
        for row in items(rows, "item", "amount", "label")
    ]


def parts_chart(rows: pd.DataFrame, title: str, unit: str) -> Figure:
    """Draw the parts as bars from zero, in the order of the rows; no bar is cut, so that lengths compare.

    Args:
        rows: a row a part: `item`; `amount` in the unit, NaN for a missing one; `label`, the amount as printed.
        title: the caption; kept as the figure's label, not drawn.
        unit: of the amounts; printed once above the bars, or not at all where it is empty.
    """
    found = _items(rows)
    top = 6.5 if unit else 1.5
    with own_settings():
        place = rows_of([part.item for part in found], top=top, below=1.5)
        figure, axes = sheet(place.bottom + 1.5, title)
        put_names(axes, place)
        bars = [LabelledBar(part.amount, part.label, OTHER if part.item.startswith(REST) else DONE) for part in found]
        put_labelled_bars(axes, place, bars)
        if unit:
            put(axes, WIDTH - EDGE, 3.5, f"单位：{unit}", SMALL, colour=SOFT, align="right")
    return figure


def parts_alt(rows: pd.DataFrame, unit: str) -> str:
    """Tell the breakdown in words; arguments as for `parts_chart`."""
    told = "，".join(f"{part.item}{part.label}" for part in _items(rows))
    return f"条形图，比较各部分的数量{f'（单位：{unit}）' if unit else ''}。{told}。"
