"""What a check across years and departments looks at, and where it is registered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from analysis.figures.gather import Returned
from analysis.figures.model import Assessment, Project, referred
from analysis.intake.checks.registry import Checks, Result
from analysis.intake.fields import heading_of
from analysis.intake.found import Place
from analysis.intake.sighting import Sighting
from analysis.intake.words import Words, words_of
from analysis.scheme import Facts, Period, Scheme

Told: TypeAlias = tuple[str, Result]
"""A result, and the department that is told."""


@dataclass(frozen=True)
class Across:
    """The returns of a town, ready to be checked against each other.

    Attributes:
        scheme: indicators, relations, the checks' bounds and words.
        facts: the period and its target book.
        returned: this period's returns.
        earlier: those of the same months of earlier years, by year.
        within: those of earlier periods of this year, by period.
        assessed: the indicators as assessed, with last year's figures beside this year's.
        projects: this period's projects, those among them that only the target book names.
        strays: files of the folder that are no department's return.
    """

    scheme: Scheme
    facts: Facts
    returned: Returned
    earlier: Mapping[int, Returned] = field(default_factory=dict)
    within: Mapping[Period, Returned] = field(default_factory=dict)
    assessed: Sequence[Assessment] = ()
    projects: Sequence[Project] = ()
    strays: Sequence[Sighting] = ()

    @cached_property
    def words(self) -> Words:
        """The words of the scheme."""
        return words_of(self.scheme)

    @cached_property
    def last_year(self) -> Returned:
        """The returns of the same months of last year; empty where there are none."""
        return self.earlier.get(self.facts.period.year - 1, Returned())

    @cached_property
    def rows(self) -> Sequence[Assessment]:
        """The indicators that have a figure, of the departments that have returned."""
        return [
            row
            for row in self.assessed
            if self.scheme[row.code].numeric and row.department in self.returned.departments
        ]


def place_at(source: str | None, code: str, name: str = "actual") -> Place:
    """The place of a figure of an indicator's row, by its source; of the indicator alone where it has none."""
    file, sheet, cell = referred(source) if source is not None else ("", "", "")
    return Place(file, sheet, cell, code, "", heading_of("indicator", name))


ACROSS_CHECKS: Checks[Across, Told] = Checks()
"""The checks of stage 2: each looks at all returns, and says whom it tells."""
rule, check = ACROSS_CHECKS.rule, ACROSS_CHECKS.check
