"""What the bar charts share: rows with their names at the left, bars that may be cut, labels at the bars' ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes

from analysis.telling.charts.style import (
    INK,
    LARGE,
    POINT,
    SMALL,
    SOFT,
    STRIPE,
    TALLEST,
    WIDTH,
    Look,
    area,
    band,
    put,
    rule,
    shortened,
    width_of,
    wrapped,
)

NAMES_AT_MOST = 62.0
"""Widest column of names in mm: sixteen characters at the largest size; a longer name takes a second line."""

NOTE = 5.0
"""Height in mm of the line of explanation that a chart may have at its foot."""

GAP = 2.0
"""Space in mm between a name, its bar and its label."""

EDGE = 1.0
"""Space in mm at the edge of the picture."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a chart lie; lengths in mm, sizes in points.

    Attributes:
        names: each row's name, in lines.
        centres: y of each row's middle.
        pitch: height of a row of one line.
        top: where the first row begins.
        bottom: where the last one ends.
        size: size of the text.
        names_end: right edge of the column of names.
    """

    names: tuple[tuple[str, ...], ...]
    centres: tuple[float, ...]
    pitch: float
    top: float
    bottom: float
    size: float
    names_end: float

    @property
    def bars_start(self) -> float:
        """Left edge of the room for bars."""
        return self.names_end + GAP

    @property
    def thickness(self) -> float:
        """Height of a bar."""
        return 0.56 * self.pitch


def rows_of(names: Sequence[str], top: float, below: float) -> Rows:
    """Lay out rows: as roomy as the tallest chart allows, with the text as large as the rows do.

    Args:
        names: one a row, in order from the top.
        top: y where the rows begin, in mm.
        below: what the chart needs below them, in mm.
    """
    if not names:
        raise ValueError("a chart needs at least one row")
    lines, pitch, size = [[name] for name in names], 0.0, LARGE
    # A name on two lines needs height, which makes the rows closer and the text smaller, which may save the second line.
    for _ in range(2):
        pitch, size = _fitted(TALLEST - top - below, sum(map(len, lines)))
        lines = [wrapped(name, NAMES_AT_MOST, size) for name in names]
    if _height(lines, pitch, size) > TALLEST - top - below:
        pitch, size = _fitted(TALLEST - top - below, len(names))
        lines = [[shortened(name, NAMES_AT_MOST, size)] for name in names]
    centres, y = [], top
    for name in lines:
        height = _height([name], pitch, size)
        centres.append(y + height / 2)
        y += height
    widest = max(width_of(line, size) for name in lines for line in name)
    return Rows(tuple(map(tuple, lines)), tuple(centres), pitch, top, y, size, EDGE + widest)


def _fitted(room: float, lines: int) -> tuple[float, float]:
    """The height of a row in mm and the size of its text with which so many lines fit into the room."""
    pitch = min(6.2, max(SMALL * POINT / 0.82, room / lines))
    return pitch, min(LARGE, max(SMALL, 0.78 * pitch / POINT))


def _height(lines: Sequence[Sequence[str]], pitch: float, size: float) -> float:
    return len(lines) * pitch + sum(len(name) - 1 for name in lines) * _leading(size)


def _leading(size: float) -> float:
    return 1.2 * size * POINT


def put_names(axes: Axes, rows: Rows) -> None:
    """Print the names, flush with the bars."""
    for name, centre in zip(rows.names, rows.centres, strict=True):
        for i, line in enumerate(name):
            y = centre + (i - (len(name) - 1) / 2) * _leading(rows.size)
            put(axes, rows.names_end, y, line, rows.size, align="right")


def bar(
    axes: Axes, start: float, end: float, centre: float, thickness: float, look: Look, *, cut: bool = False
) -> None:
    """Draw a bar from `start` to `end` mm, to either side.

    A bar that is cut (its value lies beyond `end`) ends in a point and is broken by a slanted gap.
    """
    if start == end:
        return
    half, forward = thickness / 2, 1 if end > start else -1
    shoulder = end - forward * thickness * 0.8 if cut else end
    top, bottom = centre - half, centre + half
    outline = [(start, top), (shoulder, top), (end, centre), (shoulder, bottom), (start, bottom)]
    if not cut:
        del outline[2]
    area(axes, outline, look, line=0.6)
    if cut:
        gap, lean, middle = 1.1, 0.35 * thickness, shoulder - forward * 2.5
        left, right, over = middle - gap / 2, middle + gap / 2, 0.3
        slash = [
            (left + lean, top - over),
            (right + lean, top - over),
            (right - lean, bottom + over),
            (left - lean, bottom + over),
        ]
        area(axes, slash, Look("white", "none"))


@dataclass(frozen=True, slots=True)
class LabelledBar:
    """A bar with its label at its end: the length that is drawn, signed; NaN draws the label alone."""

    length: float
    label: str
    look: Look
    cut: bool = False


def put_labelled_bars(axes: Axes, rows: Rows, bars: Sequence[LabelledBar], room: float = WIDTH - EDGE) -> float:
    """Draw bars to both sides of a line, as long as the room from the names to `room` mm allows with the labels.

    Returns:
        x of the line in mm.
    """
    space = room - rows.bars_start
    scale = _scale(bars, rows.size, space)
    origin = rows.bars_start + _reach(bars, rows.size, scale, -1)
    for one, centre in zip(bars, rows.centres, strict=True):
        end = origin if math.isnan(one.length) else origin + one.length * scale
        bar(axes, origin, end, centre, rows.thickness, one.look, cut=one.cut)
        forward = -1 if one.length < 0 else 1
        put(axes, end + forward * GAP / 2, centre, one.label, rows.size, align="right" if forward < 0 else "left")
    rule(axes, (origin, origin), (rows.top, rows.bottom), colour=INK, width=0.9)
    return origin


def _reach(bars: Sequence[LabelledBar], size: float, scale: float, side: int) -> float:
    """How far bars and labels of one side go from the line, in mm."""
    return max(
        (
            (0.0 if math.isnan(one.length) else abs(one.length) * scale) + GAP / 2 + width_of(one.label, size)
            for one in bars
            if (one.length < 0) == (side < 0)
        ),
        default=0.0,
    )


def _scale(bars: Sequence[LabelledBar], size: float, space: float) -> float:
    """The most mm for a unit of length with which both sides fit into the space."""
    longest = max((abs(one.length) for one in bars if not math.isnan(one.length)), default=0.0)
    if longest == 0:
        return 0.0
    low, high = 0.0, space / longest
    for _ in range(40):
        middle = (low + high) / 2
        fits = _reach(bars, size, middle, -1) + _reach(bars, size, middle, 1) <= space
        low, high = (middle, high) if fits else (low, middle)
    return low


def put_note(axes: Axes, bottom: float, note: str) -> None:
    """Print what explains a chart into the line above `bottom`, where there is something to explain."""
    put(axes, EDGE, bottom - NOTE / 2, shortened(note, WIDTH - 2 * EDGE, SMALL), SMALL, colour=SOFT)


def put_stripes(axes: Axes, rows: Rows) -> None:
    """Shade every other row, which leads the eye from a name to a bar far from it."""
    edges = [rows.top, *((a + b) / 2 for a, b in pairwise(rows.centres)), rows.bottom]
    for top, bottom in list(pairwise(edges))[::2]:
        band(axes, (0.0, WIDTH), (top, bottom), STRIPE)
