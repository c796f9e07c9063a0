"""What is measured, by whom and against what: the scheme, and the facts of a town and a period.

Everything here is read from plain files that the office keeps (`scheme/`, `town.toml`, `targets/`, `period.toml`,
`waivers.csv`), validated when read; a mistake is told with file, row, column and remedy.
"""

from analysis.scheme.facts import Facts, PeriodFacts, TargetRow, Town, read_facts
from analysis.scheme.load import Scheme, read_scheme
from analysis.scheme.models import Check, Department, Indicator, Relation, Synonym, Theme
from analysis.scheme.period import Period
from analysis.scheme.problems import SchemeError, SchemeProblem

__all__ = [
    "Check",
    "Department",
    "Facts",
    "Indicator",
    "Period",
    "PeriodFacts",
    "Relation",
    "Scheme",
    "SchemeError",
    "SchemeProblem",
    "Synonym",
    "TargetRow",
    "Theme",
    "Town",
    "read_facts",
    "read_scheme",
]
