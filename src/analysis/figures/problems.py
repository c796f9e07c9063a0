"""Problems that the rules find (存在的问题), in the order of their weight."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from analysis.figures.answers import MEASURE, PROBLEM, answers_to
from analysis.figures.model import Assessment, Duty, Paragraph, Problem, Project
from analysis.figures.statements import figures_of, figures_of_duty, figures_of_project
from analysis.scheme import Indicator, Period, Scheme

RULES = (
    "zero_broken",
    "target_missed",
    "project_late",
    "duty_late",
    "share_under",
    "over_ceiling",
    "behind",
    "change_beyond",
)
"""The rules, heaviest first."""


def problems_of(
    scheme: Scheme,
    period: Period,
    assessed: Sequence[Assessment],
    projects: Sequence[Project],
    duties: Sequence[Duty],
    paragraphs: Sequence[Paragraph] = (),
) -> list[Problem]:
    """Find the problems of a period; each once, by its heaviest rule, with what the departments answer.

    Ordered by the rules' weight; within a rule, those that fell furthest short of their target first, then as the scheme
    orders.
    """
    behind, beyond = scheme.bound("missed_unexplained"), scheme.bound("change_unexplained")
    found = [
        _problem(row.code, row.code, rule, row, figures_of(scheme, period, row, rule))
        for row in assessed
        if (rule := _rule(scheme[row.code], row, period, behind, beyond)) is not None
    ]
    found += _late_projects(projects)
    found += [
        _problem(duty.code, duty.code, "duty_late", duty, figures_of_duty(duty))
        for duty in duties
        if duty.state in ("late", "undone")
    ]
    short = {row.code: _distance(scheme[row.code], row, period) for row in assessed}
    found.sort(key=lambda problem: (problem.weight, short.get(problem.code, Fraction(0))))
    return _answered(found, paragraphs)


def _problem(name: str, code: str, rule: str, row: Assessment | Duty, figures: str) -> Problem:
    return Problem(
        name,
        code,
        rule,
        row.department,
        reason=row.note,
        reason_source=row.note_source,
        weight=weight_of(rule),
        figures=figures,
    )


def weight_of(rule: str) -> int:
    """The weight of a rule, 1 the heaviest."""
    return RULES.index(rule) + 1


def _answered(problems: Sequence[Problem], paragraphs: Sequence[Paragraph]) -> list[Problem]:
    """Put to each problem the paragraphs that answer it by name; a reason beside the figures prevails."""
    reasons, measures = (answers_to(problems, paragraphs, category) for category in (PROBLEM, MEASURE))
    answered = []
    for problem in problems:
        why, what = reasons.get(problem.name, []), measures.get(problem.name, [])
        if problem.reason is not None:
            why = []
        answered.append(
            replace(
                problem,
                reason=_joined(why) or problem.reason,
                reason_source=why[0].source if why else problem.reason_source,
                measure=_joined(what) or None,
                measure_source=what[0].source if what else None,
            )
        )
    return answered


def _joined(paragraphs: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs)


def _rule(indicator: Indicator, row: Assessment, period: Period, behind: Decimal, beyond: Decimal) -> str | None:
    if row.state == "broken":
        return "zero_broken"
    if row.state == "missed":
        return "share_under" if indicator.kind == "ratio" else "target_missed"
    if row.state == "under_rate":
        return "share_under"
    if row.state == "over_ceiling":
        return "over_ceiling"
    if row.state == "behind" and row.rate is not None and (period.time_progress - row.rate) * 100 > behind:
        return "behind"
    bound = indicator.change_bound if indicator.change_bound is not None else beyond
    return "change_beyond" if _worse(indicator, row, Fraction(bound) / 100) else None


def _distance(indicator: Indicator, row: Assessment, period: Period) -> Fraction:
    """How far a rate is from what it should be, negative where it falls short."""
    if row.rate is None or row.state not in ("missed", "behind", "under_rate"):
        return Fraction(0)
    if indicator.kind == "ratio":
        distance = row.rate - Fraction(row.target or 0) / 100
        return -distance if indicator.direction == "down" else distance
    return row.rate - (period.time_progress if row.state == "behind" else 1)


def _worse(indicator: Indicator, row: Assessment, bound: Fraction) -> bool:
    """Whether a figure changed for the worse beyond its bound; a neutral row never does, nor one from a small base."""
    if row.change is None or row.small_base or indicator.kind == "ratio" or row.outcome in ("完成", "未到期"):
        return False  # a target that was met, or is not due, is no problem because last year's was larger
    if indicator.direction == "up":
        return -row.change > bound
    return indicator.direction == "down" and row.change > bound


def _late_projects(projects: Sequence[Project]) -> Iterator[Problem]:
    for project in projects:
        if project.state in ("late", "undone"):
            yield Problem(
                f"{project.code}-{project.number}",
                project.code,
                "project_late",
                project.department,
                project.item,
                project.reason,
                project.source("reason") if project.reason is not None else None,
                weight_of("project_late"),
                figures_of_project(project),
            )
