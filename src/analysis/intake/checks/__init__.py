"""The checks that need one workbook, the scheme and the target book: each a small function, registered by its code.

A check's severity, bound and words are in `scheme/checks.csv`. What needs another year or department is stage 2's.
"""

from analysis.intake.checks import arithmetic, complete, domain, reading, targets, texts, works
from analysis.intake.checks.run import Checked, check_return, ordered

__all__ = [
    "Checked",
    "arithmetic",
    "check_return",
    "complete",
    "domain",
    "ordered",
    "reading",
    "targets",
    "texts",
    "works",
]
