"""For the analyst: what a run has written as typed frames, and the views of it that `notebooks/explore.ipynb` shows."""

from analysis.exploring.data import Data, NotComputedError, load
from analysis.exploring.supposing import WhatIf, what_if
from analysis.exploring.view import View
from analysis.exploring.views import by_village, department_rows, indicator_over_years
from analysis.exploring.widgets import explore

__all__ = [
    "Data",
    "NotComputedError",
    "View",
    "WhatIf",
    "by_village",
    "department_rows",
    "explore",
    "indicator_over_years",
    "load",
    "what_if",
]
