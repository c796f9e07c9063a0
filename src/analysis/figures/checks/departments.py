"""Figures of several departments against each other: the same row twice, and the scheme's relations between them."""

from collections.abc import Iterator
from decimal import Decimal

from analysis.figures.checks.registry import Across, Told, check, place_at, rule
from analysis.figures.exact import amount
from analysis.figures.gather import Returned, number_of
from analysis.intake.checks.arithmetic import told_term
from analysis.intake.checks.registry import NotEvaluated, Passed
from analysis.intake.fields import heading_of
from analysis.intake.found import Found, Place, place_of
from analysis.scheme import Relation

REPORTERS_DIFFER = rule("reporters_differ", "departments", "other", unless="责任部门没有报这个数")
RELATION_ACROSS = rule(
    "relation_across", "departments", "left", "right", "explanation", "others", unless="关系中的数字不全"
)


@check
def reporters_agree(across: Across) -> Iterator[Told]:
    """Two departments that return the same row say the same, asked or unasked; the report tells the owner's figure."""
    for (code, department), row in across.returned.others.items():
        indicator = across.scheme[code]
        if not indicator.numeric:
            continue
        own, other = across.returned.number(code, "actual"), number_of(row, "actual")
        if own is None or other is None:
            yield department, NotEvaluated(REPORTERS_DIFFER)
        elif own == other:
            yield department, Passed(REPORTERS_DIFFER)
        else:
            marks = {"found": amount(other), "other": indicator.owner, "expected": amount(own)}
            place = place_of(row["actual"], heading_of("indicator", "actual"))
            yield department, Found(REPORTERS_DIFFER, place, marks)


@check
def relations_hold_across_departments(across: Across) -> Iterator[Told]:
    """A relation whose figures are of several departments holds; each of them is told, at its own figure."""
    scheme, year = across.scheme, across.facts.period.year
    for relation in scheme.relations:
        if not all(scheme[code].valid_in(year) for code in relation.codes) or _of_one(across, relation):
            continue
        concerned = dict.fromkeys(scheme[code].owner for code in relation.codes)
        told = [name for name in concerned if name in across.returned.departments]
        left = _number(across.returned, relation.left)
        terms = [_number(across.returned, term) for term in relation.terms]
        known = [term for term in terms if term is not None]
        right = sum(known, Decimal(0))
        for department in told:
            if left is None or len(known) < len(terms):
                yield department, NotEvaluated(RELATION_ACROSS)
            elif left <= right if relation.relation == "at_most" else left == right:
                yield department, Passed(RELATION_ACROSS)
            else:
                marks = {
                    "found": amount(left),
                    "expected": f"{'不超过' if relation.relation == 'at_most' else '等于'}{amount(right)}",
                    "left": told_term(scheme, relation.left),
                    "right": "加".join(told_term(scheme, term) for term in relation.terms),
                    "explanation": relation.explanation,
                    "others": "、".join(name for name in concerned if name != department),
                }
                yield department, Found(RELATION_ACROSS, _place(across, relation, department), marks)


def _of_one(across: Across, relation: Relation) -> bool:
    """Whether one department returns all figures of a relation, so that stage 1 looked at it."""
    year = across.facts.period.year
    return any(
        set(relation.codes) <= {indicator.code for indicator in across.scheme.asked_of(department.name, year)}
        for department in across.scheme.departments
    )


def _number(returned: Returned, term: str) -> Decimal | None:
    """The figure that a term names; a field of projects is their sum, unknown where one is empty."""
    code, _, name = term.partition(".")
    if not name:
        return returned.number(code, "actual")
    numbers = [number_of(row, name) for row in returned.projects.get(code, [])]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if numbers and len(known) == len(numbers) else None


def _place(across: Across, relation: Relation, department: str) -> Place:
    """The department's own figure of a relation: the left one where it is its own."""
    term = next(
        term for term in (relation.left, *relation.terms) if across.scheme[term.split(".")[0]].owner == department
    )
    code, _, name = term.partition(".")
    if not name:
        return place_at(across.returned.source(code, "actual"), code)
    row = across.returned.projects[code][0]
    value = row.get(name) or next(iter(row.values()))
    return Place(value.file, value.sheet, "", code, "", heading_of("project", name))
