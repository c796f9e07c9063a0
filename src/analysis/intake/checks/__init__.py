"""The checks that need one workbook, the scheme and the target book: each a small function, registered by its code.

A check's severity, bound and words are in `scheme/checks.csv`. What needs another year or department is stage 2's.
"""

from analysis.intake.checks import (
    arithmetic,
    complete,
    domain,
    people,
    reading,
    stated,
    targets,
    text_figures,
    texts,
    works,
)
from analysis.intake.checks.run import Checked, by_weight, check_return, ordered

__all__ = [
    "Checked",
    "arithmetic",
    "by_weight",
    "check_return",
    "complete",
    "domain",
    "ordered",
    "people",
    "reading",
    "stated",
    "targets",
    "text_figures",
    "texts",
    "works",
]
