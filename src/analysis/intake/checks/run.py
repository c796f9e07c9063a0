"""Run all checks on one return: what they found, worst first, and how often each passed, found or could not look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string

from analysis.intake.checks.context import Context
from analysis.intake.checks.registry import FUNCTIONS, NotEvaluated, Passed
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found
from analysis.intake.frames import Finding

SEVERITIES = ("error", "warning", "note")


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
        read: what the reader found already.
        sheets: the workbook's sheets in order, for the order of the findings.
    """
    found = list(read)
    counts: dict[str, list[int]] = {}
    for function in FUNCTIONS:
        for result in function(context):
            kind = 0 if isinstance(result, Passed) else 2 if isinstance(result, NotEvaluated) else 1
            if isinstance(result, Found):
                found.append(result)
            counts.setdefault(result.check, [0, 0, 0])[kind] += 1
    for each in read:
        counts.setdefault(each.check, [0, 0, 0])[1] += 1
    findings = [worded(each, context.department, context.scheme) for each in found]
    return Checked(ordered(findings, sheets), {code: Tally(*count) for code, count in counts.items()})


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
