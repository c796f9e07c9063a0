"""Charts as pure functions: a small frame and texts in, a matplotlib figure and its text alternative out.

Each chart comes with a function that tells it in words, from the printed labels alone: it makes no number of its own.
"""

from analysis.telling.charts.change import change_alt, change_chart
from analysis.telling.charts.completion import completion_alt, completion_chart
from analysis.telling.charts.grid import grid_alt, grid_chart
from analysis.telling.charts.output import chart_bundle, svg_of
from analysis.telling.charts.parts import parts_alt, parts_chart
from analysis.telling.charts.years import years_alt, years_chart

__all__ = [
    "change_alt",
    "change_chart",
    "chart_bundle",
    "completion_alt",
    "completion_chart",
    "grid_alt",
    "grid_chart",
    "parts_alt",
    "parts_chart",
    "svg_of",
    "years_alt",
    "years_chart",
]
