"""The checks that need last year or another department; what one workbook alone shows was found in stage 1."""

import difflib
from collections.abc import Iterator, Sequence
from fractions import Fraction

from analysis.figures.exact import amount
from analysis.figures.gather import Returned, number_of
from analysis.figures.model import Assessment, Project, referred
from analysis.intake.checks.wording import worded
from analysis.intake.found import Found, Place, place_of
from analysis.intake.frames import Finding
from analysis.intake.words import words_of
from analysis.scheme import Scheme, SchemeError, SchemeProblem

BASE_RESTATED, CHANGE_UNEXPLAINED, REPORTERS_DIFFER = "base_restated", "change_unexplained", "reporters_differ"
FILE_UNKNOWN, PROJECT_MISSING = "file_unknown", "project_missing"
CHECKS = {
    BASE_RESTATED: False,
    CHANGE_UNEXPLAINED: True,
    REPORTERS_DIFFER: False,
    FILE_UNKNOWN: False,
    PROJECT_MISSING: False,
}
"""The checks of this stage, and whether each needs a bound."""


def require_checks(scheme: Scheme) -> None:
    """See that the scheme has this stage's checks.

    Raises:
        SchemeError: naming each that is missing or has no bound.
    """
    problems = []
    for code, bounded in CHECKS.items():
        check = scheme.checks_by_code.get(code)
        if check is None:
            problems.append(
                SchemeProblem("scheme/checks.csv", 0, "code", f"缺少审核规则“{code}”", "请从备份中恢复这一行")
            )
        elif bounded and check.value is None:
            problems.append(
                SchemeProblem("scheme/checks.csv", 0, "value", f"审核规则“{code}”没有界限", "请在 value 列填写数字")
            )
    if problems:
        raise SchemeError(problems)


def review(
    scheme: Scheme, returned: Returned, assessed: Sequence[Assessment], projects: Sequence[Project] = ()
) -> list[Finding]:
    """Check the returns of a period against last year's and against each other.

    Args:
        scheme: the checks' severities, bounds and wordings.
        returned: the returns of all departments.
        assessed: the indicators as assessed, with last year's figures beside this year's.
        projects: this period's projects, those among them that only the target book names.
    """
    return [
        *(worded(found, department, scheme) for department, found in _restated(assessed)),
        *(worded(found, department, scheme) for department, found in _unexplained(scheme, assessed)),
        *(worded(found, department, scheme) for department, found in _differing(scheme, returned)),
        *(worded(found, department, scheme) for department, found in _projects_missing(projects)),
    ]


def _projects_missing(projects: Sequence[Project]) -> Iterator[tuple[str, Found]]:
    """A project that the target book sets under another name than the return would be told as owed: the near name is offered."""
    for project in projects:
        if project.sheet or project.state != "not_reported":
            continue
        others = [other.item for other in projects if other.code == project.code and other.sheet]
        near = difflib.get_close_matches(project.item, others, n=1, cutoff=0.5)
        hint = f"是否是“{near[0]}”？请统一名称" if near else "请在“项目”表中补上"
        marks = {"found": project.item, "hint": hint}
        yield (
            project.department,
            Found(PROJECT_MISSING, Place(project.file, "", project.item_cell or "", project.code), marks),
        )


def _place(source: str | None, code: str) -> Place:
    if source is None:
        return Place(code=code)
    file, sheet, cell = referred(source)
    return Place(file, sheet, cell, code)


def _restated(assessed: Sequence[Assessment]) -> Iterator[tuple[str, Found]]:
    for row in assessed:
        if row.base is None or row.returned_base is None:
            continue
        before = " ".join(referred(row.returned_base_source)) if row.returned_base_source else ""
        marks = {"found": amount(row.base), "expected": amount(row.returned_base), "before": before}
        yield row.department, Found(BASE_RESTATED, _place(row.base_source, row.code), marks)


def _unexplained(scheme: Scheme, assessed: Sequence[Assessment]) -> Iterator[tuple[str, Found]]:
    """A change beyond the bound asks for an explanation, whichever way it goes and whatever the row's direction."""
    default = scheme.checks_by_code[CHANGE_UNEXPLAINED].value
    words = words_of(scheme)
    for row in assessed:
        indicator = scheme[row.code]
        bound = indicator.change_bound if indicator.change_bound is not None else default
        if bound is None or row.change is None or row.small_base or indicator.kind == "ratio":
            continue
        if abs(row.change) <= Fraction(bound) / 100 or words.explains(row.note):
            continue
        if row.actual is None or row.base is None:
            continue
        marks = {"found": amount(row.actual), "base": amount(row.base), "expected": f"{amount(bound)}%"}
        yield row.department, Found(CHANGE_UNEXPLAINED, _place(row.actual_source, row.code), marks)


def _differing(scheme: Scheme, returned: Returned) -> Iterator[tuple[str, Found]]:
    """Two departments that return the same row should say the same; the report tells the owner's figure."""
    for (code, department), row in returned.others.items():
        own, other = returned.number(code, "actual"), number_of(row, "actual")
        if own is None or other is None or own == other:
            continue
        marks = {"found": amount(other), "other": scheme[code].owner, "expected": amount(own)}
        yield department, Found(REPORTERS_DIFFER, place_of(row["actual"]), marks)
