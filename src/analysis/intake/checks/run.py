"""Run all checks on one return: what they found, weightiest first, and how often each passed, found or could not look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string

from analysis.intake.checks.context import Context
from analysis.intake.checks.reading import READING
from analysis.intake.checks.registry import FUNCTIONS, NotEvaluated, Passed, Result
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found
from analysis.intake.frames import Finding
from analysis.scheme import Scheme
from analysis.scheme.models import SEVERITIES

ASSESSED = ("target", "ratio", "zero", "project", "status")
"""The kinds that are assessed: what is wrong with them weighs more in the report than a count, a fact or a text."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a check passed, found something, or could not be made."""

    passed: int = 0
    found: int = 0
    not_evaluated: int = 0


@dataclass(frozen=True)
class Checked:
    """What all checks say of a return."""

    findings: tuple[Finding, ...]
    tallies: Mapping[str, Tally]


def check_return(context: Context, read: Sequence[Found], sheets: Sequence[str]) -> Checked:
    """Run every check.

    Args:
        context: the return.
        read: what the first look and the reader found already.
        sheets: the workbook's sheets in order, for the order of the findings.
    """
    results: list[Result] = [*read]
    asked = {each.check for each in read}
    results += [Passed(code) for code in READING if code not in asked]
    for function in FUNCTIONS:
        results += function(context)
    found = [result for result in results if isinstance(result, Found)]
    findings = [worded(each, context.department, context.scheme) for each in found]
    return Checked(by_weight(findings, context.scheme, sheets), tallied(results))


def tallied(results: Iterable[Result]) -> dict[str, Tally]:
    """Count the results by check."""
    counts: dict[str, list[int]] = {}
    for result in results:
        kind = 0 if isinstance(result, Passed) else 2 if isinstance(result, NotEvaluated) else 1
        counts.setdefault(result.check, [0, 0, 0])[kind] += 1
    return {code: Tally(*count) for code, count in counts.items()}


def by_weight(findings: Iterable[Finding], scheme: Scheme, sheets: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Order findings by what they weigh in the report.

    That is: by severity; then what is of a whole file or department; then assessed rows before counts, facts and texts;
    then as the scheme orders indicators and departments; then by their place in the workbook.

    Args:
        findings: of one or several departments.
        scheme: the kinds of the indicators and the order of all.
        sheets: the workbook's sheets in order; others come behind.
    """
    places = {indicator.code: place for place, indicator in enumerate(scheme.indicators)}
    departments = {department.name: place for place, department in enumerate(scheme.departments)}

    def weight(finding: Finding) -> tuple[int, int, int, int]:
        row = places.get(finding.code or "", len(places))
        department = departments.get(finding.department, len(departments))
        return SEVERITIES.index(finding.severity), _scope(finding, scheme), row, department

    return tuple(sorted(ordered(list(findings), sheets), key=weight))


def _scope(finding: Finding, scheme: Scheme) -> int:
    """What a finding is about, the weightiest first: the whole file, an assessed row, another row, nothing known."""
    indicator = scheme.by_code.get(finding.code or "")
    if indicator is not None:
        return 1 if indicator.kind in ASSESSED else 2
    return 3 if finding.cell else 0  # a row that nobody knows, a paragraph without a code


def ordered(findings: Sequence[Finding], sheets: Sequence[str]) -> tuple[Finding, ...]:
    """Order findings by severity, then by their place: file, sheet as in the workbook, row, column."""
    places = {title: n for n, title in enumerate(sheets)}

    def place(finding: Finding) -> tuple[int, int, int, int]:
        letters = finding.cell.rstrip("0123456789")
        row = int(finding.cell[len(letters) :] or 0)
        column = column_index_from_string(letters) if letters else 0
        return (
            SEVERITIES.index(finding.severity),
            places.get(finding.sheet, len(places)) if finding.sheet else -1,
            row,
            column,
        )

    return tuple(sorted(findings, key=place))
