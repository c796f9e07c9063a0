"""Completion of the targets (完成率): a bullet bar an indicator against the target and the time progress."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.completion import STATE_NAMES, State
from analysis.telling.charts.bars import EDGE, GAP, NOTE, Rows, bar, put_names, put_note, rows_of
from analysis.telling.charts.frames import items, label_of, number_of
from analysis.telling.charts.style import (
    BEHIND,
    DONE,
    HAIR,
    INK,
    MISSED,
    OTHER,
    SMALL,
    SOFT,
    TRACK,
    UNDER_WAY,
    WIDTH,
    Look,
    band,
    own_settings,
    put,
    rule,
    sheet,
    width_of,
)

CUT = 1.5
"""Rate beyond which a bar is cut (1 for 100 %): some targets are met tenfold, and the others must stay readable."""

_LOOKS: dict[State, Look] = {
    "exceeded": DONE,
    "met": DONE,
    "on_track": UNDER_WAY,
    "within": UNDER_WAY,
    "missed": MISSED,
    "behind": BEHIND,
    "under_rate": BEHIND,
}

_UNMARKED = {"exceeded", "met", "on_track", "reported"}
"""States that the bar tells by itself, beside its lines."""

_ORDER: tuple[State, ...] = ("missed", "behind", "under_rate", "over_ceiling", "exceeded", "met", "on_track", "within")
"""Order in which the text alternative tells the states: first what asks for attention."""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    rate: float
    label: str
    state: State

    @property
    def mark(self) -> str:
        return "" if self.state in _UNMARKED else STATE_NAMES[self.state]

    @property
    def look(self) -> Look:
        return _LOOKS.get(self.state, OTHER)


def _items(rows: pd.DataFrame) -> list[_Item]:
    found = [
        _Item(str(row["name"]), number_of(row["rate"]), label_of(row["label"]), row["state"])
        for row in items(rows, "name", "rate", "label", "state")
    ]
    unknown = {item.state for item in found} - STATE_NAMES.keys()
    if unknown:
        raise ValueError(f"unknown states {sorted(unknown)}")
    return found


def completion_chart(rows: pd.DataFrame, title: str, time_progress: float | None = None, note: str = "") -> Figure:
    """Draw completion rates as bullet bars, in the order of the rows.

    Args:
        rows: a row an indicator: `name`; `rate`, 1.0 for 100 %, NaN for none; `label`, the rate as printed;
            `state`, one of `completion.State`.
        title: the caption; kept as the figure's label, not drawn.
        time_progress: share of the year that has passed, 0.75 for September; None for a whole year.
        note: what is not shown and why; a line at the foot.
    """
    found, foot = _items(rows), NOTE if note else 0.0
    with own_settings():
        place = rows_of([item.name for item in found], top=7.0, below=6.0 + foot)
        figure, axes = sheet(place.bottom + 6.0 + foot, title)
        put_names(axes, place)
        marks = max(width_of(item.mark, place.size) for item in found)
        rates = max(width_of(item.label, place.size) for item in found)
        marks_start = WIDTH - EDGE - marks
        rates_end = marks_start - (GAP if marks else 0.0)
        end = rates_end - rates - 1.5 * GAP
        scale = _Scale(place.bars_start, end, _upper(found))
        _draw_ground(axes, place, scale)
        for item, centre in zip(found, place.centres, strict=True):
            _draw_bar(axes, item, centre, place.thickness, scale)
            put(axes, rates_end, centre, item.label, place.size, align="right")
            put(axes, marks_start, centre, item.mark, place.size, colour=item.look.text)
        _draw_lines(axes, place, scale, time_progress)
        put_note(axes, place.bottom + 6.0 + foot, note)
    return figure


@dataclass(frozen=True, slots=True)
class _Scale:
    """From rates to mm."""

    start: float
    end: float
    upper: float

    def __call__(self, rate: float) -> float:
        return self.start + (self.end - self.start) * rate / self.upper


def _upper(found: list[_Item]) -> float:
    highest = max((item.rate for item in found if not math.isnan(item.rate)), default=1.0)
    return min(CUT, max(1.1, math.ceil(highest * 20) / 20))


def _draw_ground(axes: Axes, place: Rows, scale: _Scale) -> None:
    height = 0.8 * place.pitch
    for centre in place.centres:
        band(axes, (scale(0), scale(1)), (centre - height / 2, centre + height / 2), TRACK)
    for rate, text in ((0.0, "0"), (0.5, "50%"), (1.0, "100%"), (1.5, "150%")):
        if rate <= scale.upper:
            if rate in {0.5, 1.5}:
                rule(axes, (scale(rate), scale(rate)), (place.top, place.bottom), colour=HAIR, width=0.4, under=True)
            put(axes, scale(rate), place.bottom + 3.0, text, SMALL, colour=SOFT, align="center")


def _draw_bar(axes: Axes, item: _Item, centre: float, thickness: float, scale: _Scale) -> None:
    # A rate below zero (a limit exceeded more than twofold) has no length; its label and its mark tell it.
    if item.rate > 0:
        end = scale(min(item.rate, scale.upper))
        bar(axes, scale(0), end, centre, thickness, item.look, cut=item.rate > scale.upper)


def _draw_lines(axes: Axes, place: Rows, scale: _Scale, time_progress: float | None) -> None:
    top, bottom = place.top - 1.5, place.bottom
    rule(axes, (scale(1), scale(1)), (top, bottom), colour=INK, width=1.3)
    put(axes, scale(1) + 0.2, top - 2.2, "目标", SMALL)
    if time_progress is None:
        return
    x = scale(time_progress)
    rule(axes, (x, x), (top, bottom), colour=INK, width=1.1, dashes=(3.0, 1.6))
    # The progress of December's eve lies close to the target: its word goes to the other side.
    late = time_progress > 0.4
    put(axes, x, top - 2.2, "序时进度", SMALL, align="right" if late else "left")


def completion_alt(rows: pd.DataFrame, progress_label: str | None = None, note: str = "") -> str:
    """Tell the completion chart in words.

    Args:
        rows: as for `completion_chart`.
        progress_label: the time progress as printed, `75.0%`; None for a whole year.
        note: as for `completion_chart`.
    """
    found = _items(rows)
    lines = "竖线为目标" if progress_label is None else f"竖线为目标和序时进度（{progress_label}）"
    present = {item.state for item in found}
    order = [state for state in _ORDER if state in present]
    order += [state for state in STATE_NAMES if state in present and state not in _ORDER]
    groups = []
    for state in order:
        named = "、".join(item.name + item.label for item in found if item.state == state)
        groups.append(f"{'不作评价' if state == 'reported' else STATE_NAMES[state]}的有{named}")
    return f"条形图，比较各项指标的完成率，{lines}。{'；'.join(groups)}。{note}"
