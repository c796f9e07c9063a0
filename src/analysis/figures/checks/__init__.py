"""The checks that need last year, an earlier period or another department: each a small function, registered by its code.

A check's severity, bound and words are in `scheme/checks.csv`. What one workbook alone shows was found in stage 1.
"""

from analysis.figures.checks import departments, folder, projects, years
from analysis.figures.checks.registry import ACROSS_CHECKS, Across, Told

__all__ = ["ACROSS_CHECKS", "Across", "Told", "departments", "folder", "projects", "years"]
