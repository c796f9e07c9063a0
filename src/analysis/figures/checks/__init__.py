"""The checks that need last year, an earlier period or another department: each a small function, registered by its code.

A check's severity, bound and words are in `scheme/checks.csv`. What one workbook alone shows was found in stage 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.figures.checks import departments, expected, years
from analysis.figures.checks.registry import ACROSS_CHECKS, Across, Told
from analysis.intake.checks.registry import Result
from analysis.intake.checks.run import Tally, tallied
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found
from analysis.intake.frames import Finding
from analysis.intake.start import check_problems
from analysis.scheme import Scheme, SchemeError

__all__ = [
    "ACROSS_CHECKS",
    "Across",
    "Reviewed",
    "Told",
    "departments",
    "expected",
    "require_checks",
    "review",
    "years",
]


@dataclass(frozen=True)
class Reviewed:
    """What the checks of this stage say of the returns.

    Attributes:
        findings: in the order of the checks.
        tallies: by department and check, how often it passed, found something, could not be made.
    """

    findings: tuple[Finding, ...]
    tallies: Mapping[str, Mapping[str, Tally]]


def require_checks(scheme: Scheme) -> None:
    """See that the scheme has this stage's checks.

    Raises:
        SchemeError: naming each that is missing, has no bound or can't be used otherwise.
    """
    problems = list(check_problems(scheme, ACROSS_CHECKS.rules))
    if problems:
        raise SchemeError(problems)


def review(across: Across) -> Reviewed:
    """Check the returns of a period against last year's, against earlier periods and against each other."""
    results: dict[str, list[Result]] = {}
    findings: list[Finding] = []
    for function in ACROSS_CHECKS.functions:
        for department, result in function(across):
            results.setdefault(department, []).append(result)
            if isinstance(result, Found):
                findings.append(worded(result, department, across.scheme))
    return Reviewed(tuple(findings), {department: tallied(own) for department, own in results.items()})
