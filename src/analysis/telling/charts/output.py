"""A chart as a notebook shows and keeps it: SVG for HTML and PDF, PNG for Word, the same bytes every time."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from analysis.telling.charts.style import own_settings

DPI = 200
"""Resolution of the PNG."""

COLOURS = 256
"""Most colours of the PNG, those at the edges of letters included."""


def svg_of(figure: Figure) -> str:
    """The figure as SVG, with glyphs as paths and without date or version."""
    stream = BytesIO()
    with own_settings():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return stream.getvalue().decode()


def png_of(figure: Figure) -> bytes:
    """The figure as PNG, without the version of matplotlib."""
    usual = figure.dpi
    with own_settings():
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(DPI)
        try:
            canvas.draw()  # type: ignore[no-untyped-call]
            pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
            drawn = Image.fromarray(pixels).convert("RGB")
        finally:
            figure.set_dpi(usual)
    few = _with_palette(drawn)
    kept = BytesIO()
    few.save(kept, format="PNG", dpi=(DPI, DPI), compress_level=6)
    return kept.getvalue()


def _with_palette(drawn: Image.Image) -> Image.Image:
    """The picture with a palette, which holds a chart's few colours in a third of the bytes.

    Colours that differ in the last bits become the most frequent of them, so that flat areas keep theirs exactly and
    only edges of letters move; Pillow's own ways either tint the paper or take four times as long.
    """
    counts: list[tuple[int, tuple[int, int, int]]] = drawn.getcolors(drawn.width * drawn.height)  # type: ignore[assignment]
    for bits in range(5, 0, -1):
        commonest: dict[int, tuple[int, tuple[int, int, int]]] = {}
        for count, colour in counts:
            place = _place(np.array(colour, dtype=np.uint8), bits).item()
            commonest[place] = max(commonest.get(place, (0, colour)), (count, colour))
        if len(commonest) <= COLOURS:
            break
    table = np.zeros(1 << 3 * bits, dtype=np.uint8)
    table[list(commonest)] = np.arange(len(commonest))
    few = Image.fromarray(table[_place(np.asarray(drawn), bits)])
    few.putpalette([value for _, colour in commonest.values() for value in colour])
    return few


def _place(colours: NDArray[np.uint8], bits: int) -> NDArray[np.integer]:
    """The first bits of red, green and blue in one number; colours in the last axis."""
    red, green, blue = (colours[..., i].astype(np.uint16) >> (8 - bits) for i in range(3))
    return red << (2 * bits) | green << bits | blue


def chart_bundle(figure: Figure, title: str, alt: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what `IPython.display.display(*, raw=True)` takes: the data by media type, and the metadata.

    Args:
        figure: a chart.
        title: its caption, which states the answer.
        alt: its text alternative.
    """
    data = {
        "image/svg+xml": svg_of(figure),
        "image/png": base64.b64encode(png_of(figure)).decode("ascii"),
        "text/plain": title,
    }
    return data, {"gongwen": {"role": "chart", "title": title, "alt": alt}}
