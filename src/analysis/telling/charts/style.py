"""The one look of all charts: sizes in millimetres of the printed page, colours, the Chinese face, and text that fits.

A chart is drawn on a sheet: one axes over the whole figure whose unit is the millimetre, x from the left and y from
the top. So a length in the code is a length on paper, and no layout engine moves anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

WIDTH = 156.0
"""Width of every chart in mm: the type area of GB/T 9704."""

TALLEST = 149.0
"""Height in mm up to which the PDF prints a chart at full width; rows move closer together to stay under it."""

POINT = 25.4 / 72
"""One point in mm."""

LARGE, SMALL = 10.5, 9.0
"""Size of names and figures, and of what explains them, in points: 五号 and 小五, as tables and figures are set."""

INK, SOFT, HAIR, TRACK, STRIPE = "#1a1a1a", "#595959", "#9a9a9a", "#e4e7ea", "#f1f3f5"
"""Text, secondary text, thin lines, the ground that a bar runs on, and the ground of every other row."""

MISSING_GLYPH = "〓"
"""Set for a character that the face lacks, as Chinese typesetters do; the text alternative keeps the character."""


@dataclass(frozen=True, slots=True)
class Look:
    """How an area is filled; the hatch takes the colour of the edge. `text` is for a word that belongs to it."""

    fill: str
    edge: str
    hatch: str = ""
    text: str = SOFT


# Blues against orange stay apart for every kind of colour blindness; in grey they differ in lightness, and what asks
# for attention is hatched besides.
DONE = Look("#1f4e79", "#1f4e79")
UNDER_WAY = Look("#6f9fc8", "#6f9fc8")
MISSED = Look("#fbe3d3", "#b0400c", "//////", "#a33a08")
BEHIND = Look("#fdf1d0", "#8a6100", "\\\\\\", "#755200")
OTHER = Look("#a6acb3", "#a6acb3")
RISE = Look("#3f6075", "#3f6075")
FALL = Look("#c9bd9c", "#8f8362")


@contextmanager
def own_settings() -> Iterator[None]:
    """Draw with matplotlib's defaults whatever the caller's settings are, and leave those as they were."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "path",
                "svg.hashsalt": "township-report",
                # Hinted letters of a PNG are wider than those that the room was measured for.
                "text.hinting": "no_hinting",
            }
        )
        yield


def sheet(height: float, title: str) -> tuple[Figure, Axes]:
    """Return an empty figure of the common width, `height` mm high, and its axes in mm with y downwards.

    The title is the figure's label, not drawn: the report prints it as the caption.
    """
    figure = Figure(figsize=(WIDTH / 25.4, height / 25.4), dpi=100, facecolor="white")
    figure.set_label(title)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return figure, axes


@lru_cache(maxsize=1)
def _font_file() -> str:
    return str(pylopdf_fonts_zh_cn.sans_path())


@lru_cache(maxsize=4096)
def _known(char: str) -> bool:
    return get_font(_font_file()).get_char_index(ord(char)) != 0


@lru_cache(maxsize=4)
def face(size: float) -> FontProperties:
    """The face of all text, in points; by its file, so that no font of the machine can take its place."""
    return FontProperties(fname=_font_file(), size=size)


def printable(text: str) -> str:
    """A text on one line, with a mark for each character that the face lacks: names may come from a return."""
    return "".join(char if _known(char) else MISSING_GLYPH for char in " ".join(text.split()))


@lru_cache(maxsize=4096)
def width_of(text: str, size: float) -> float:
    """Width of a text in mm at a size in points."""
    if not text:
        return 0.0
    width, _, _ = text_to_path.get_text_width_height_descent(printable(text), face(size), False)
    return float(width) * POINT


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Break a text into the fewest lines of `room` mm, of about equal length; Chinese breaks between any two characters.

    A line does not begin with a closing mark: the mark stays with the character before it, and may hang out a little.
    """
    text = printable(text)
    number = 1
    while True:
        per_line = -(-len(text) // number)
        lines = [text[i : i + per_line] for i in range(0, len(text), per_line)] or [""]
        if per_line <= 1 or all(width_of(line, size) <= room for line in lines):
            break
        number += 1
    for i in range(1, len(lines)):
        while len(lines[i]) > 1 and lines[i][0] in "）”》、，。；：%":
            lines[i - 1], lines[i] = lines[i - 1] + lines[i][0], lines[i][1:]
    return lines


def shortened(text: str, room: float, size: float) -> str:
    """A text that is cut with … where it is wider than `room` mm; the text alternative has it whole."""
    text = printable(text)
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def put(axes: Axes, x: float, y: float, text: str, size: float, *, colour: str = INK, align: str = "left") -> Text:
    """Print one line of text at (x, y) mm; y is the middle of a Chinese character, so that lines in a row agree."""
    return axes.text(
        x,
        y + 0.37 * size * POINT,
        printable(text),
        fontproperties=face(size),
        color=colour,
        ha=align,
        va="baseline",
        parse_math=False,  # a dollar sign in a name is a dollar sign
    )


def rule(
    axes: Axes,
    xs: tuple[float, float],
    ys: tuple[float, float],
    *,
    colour: str,
    width: float,
    dashes: tuple[float, float] | None = None,
    under: bool = False,
) -> None:
    """Draw a straight line between two points in mm, over the bars or under them; width and dashes in points."""
    line = Line2D(xs, ys, color=colour, linewidth=width, solid_capstyle="butt", zorder=0.5 if under else 2.0)
    if dashes is not None:
        line.set_linestyle((0.0, dashes))
    add(axes, line)


def area(
    axes: Axes, outline: Sequence[tuple[float, float]], look: Look, *, line: float = 0.0, under: bool = False
) -> None:
    """Fill an outline given in mm; the width of its line in points."""
    add(
        axes,
        Polygon(
            outline,
            closed=True,
            facecolor=look.fill,
            edgecolor=look.edge,
            hatch=look.hatch or None,
            hatch_linewidth=0.6,
            linewidth=line,
            joinstyle="miter",
            zorder=0.4 if under else 1.0,
        ),
    )


def band(axes: Axes, xs: tuple[float, float], ys: tuple[float, float], colour: str) -> None:
    """Fill a rectangle under everything else, in mm."""
    (left, right), (top, bottom) = xs, ys
    area(axes, [(left, top), (right, top), (right, bottom), (left, bottom)], Look(colour, "none"), under=True)


def add(axes: Axes, artist: Artist) -> None:
    """Put something on the sheet, unclipped: everything lies on it, and a clip path for each would double the SVG."""
    # Not add_line or add_patch, which work out limits that a sheet has already.
    axes.add_artist(artist)
    artist.set_clip_on(False)
