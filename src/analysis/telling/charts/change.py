"""The largest rises and falls year over year (同比): bars to both sides of the year before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.telling.charts.bars import (
    GAP,
    NOTE,
    LabelledBar,
    put_labelled_bars,
    put_names,
    put_note,
    put_stripes,
    rows_of,
)
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import FALL, RISE, SMALL, SOFT, own_settings, put, sheet


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    change: float
    label: str


def _items(rows: pd.DataFrame) -> list[_Item]:
    return [
        _Item(str(row["name"]), number_of(row["change"]), label_of(row["label"]))
        for row in items(rows, "name", "change", "label")
    ]


def _limit(found: list[_Item]) -> float:
    """The length at which the longest bars are cut; that of the longest, where none is.

    A bar is cut where it is four times as long as the middle one and over 200 %: beside it the others would be stubs.
    One that is cut is longer than all that are not, and as long as 100 % at least.
    """
    sizes = sorted(abs(item.change) for item in found if not math.isnan(item.change))
    if not sizes:
        return 1.0
    bound = max(2.0, 4 * sizes[(len(sizes) - 1) // 2])
    longest = max((size for size in sizes if size <= bound), default=bound)
    return sizes[-1] if sizes[-1] <= bound else max(1.0, 1.25 * longest)


def change_chart(rows: pd.DataFrame, title: str, note: str = "") -> Figure:
    """Draw changes year over year to both sides of a line, in the order of the rows.

    The colours take no side: more is better for some indicators and worse for others.

    Args:
        rows: a row an indicator: `name`; `change`, 0.224 for +22.4 %, NaN for none; `label`, as printed, 增长22.4%.
        title: the caption; kept as the figure's label, not drawn.
        note: what is not shown and why; a line at the foot.
    """
    found = _items(rows)
    limit, foot = _limit(found), NOTE if note else 0.0
    with own_settings():
        place = rows_of([item.name for item in found], top=7.0, below=1.5 + foot)
        figure, axes = sheet(place.bottom + 1.5 + foot, title)
        put_stripes(axes, place)
        put_names(axes, place)
        bars = [
            LabelledBar(
                length=max(-limit, min(limit, item.change)) if not math.isnan(item.change) else item.change,
                label=item.label,
                look=FALL if item.change < 0 else RISE,
                cut=abs(item.change) > limit,
            )
            for item in found
        ]
        origin = put_labelled_bars(axes, place, bars)
        # A side without bars has no room of its own either.
        if any(item.change < 0 for item in found):
            put(axes, origin - GAP / 2, 3.5, "下降 ←", SMALL, colour=SOFT, align="right")
        if any(item.change > 0 for item in found):
            put(axes, origin + GAP / 2, 3.5, "→ 增长", SMALL, colour=SOFT)
        put_note(axes, place.bottom + 1.5 + foot, note)
    return figure


def change_alt(rows: pd.DataFrame, note: str = "") -> str:
    """Tell the change chart in words; rows and note as for `change_chart`."""
    found = _items(rows)
    told = "，".join(item.name + item.label for item in found)
    return f"条形图，比较各项指标的同比变化，中线右侧为增长，左侧为下降。{told}。{note}"
