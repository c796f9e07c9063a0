"""A chart as a notebook shows and keeps it: SVG for HTML and PDF, PNG for Word, the same bytes every time."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

from analysis.telling.charts.style import own_settings

DPI = 200
"""Resolution of the PNG."""

COLOURS = 128
"""Colours of the PNG, those at the edges of letters included."""


def svg_of(figure: Figure) -> str:
    """The figure as SVG, with glyphs as paths and without date or version."""
    stream = BytesIO()
    with own_settings():
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return stream.getvalue().decode()


def png_of(figure: Figure) -> bytes:
    """The figure as PNG, without the version of matplotlib."""
    drawn, kept = BytesIO(), BytesIO()
    with own_settings():
        figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 0})
    # A palette holds a chart's few colours in a third of the bytes; dithering would dirty the flat areas.
    with Image.open(drawn) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(kept, format="PNG", dpi=(DPI, DPI), optimize=True)
    return kept.getvalue()


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
