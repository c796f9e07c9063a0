"""Figures against those of last year, and of earlier periods of the same year."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.figures.change import comparable_base
from analysis.figures.checks.registry import Across, Told, check, place_at, rule
from analysis.figures.exact import amount
from analysis.figures.model import referred
from analysis.intake.checks.registry import Bound, NotEvaluated, Passed
from analysis.intake.found import Found, Place

BASE_RESTATED = rule("base_restated", "years", "before", unless="没有上年的上报表，或者没有填上年同期数")
CHANGE_UNEXPLAINED = rule(
    "change_unexplained", "years", "base", bound=Bound(Decimal(0), unit="%"), unless="没有上年数，或者不能同比"
)
UNIT_SUSPECTED = rule(
    "unit_suspected",
    "years",
    "base",
    bound=Bound(Decimal(0), Decimal(200), unit="%"),
    unless="没有上年数，或者不能同比",
)
ALL_AS_LAST_YEAR = rule(
    "all_as_last_year", "years", bound=Bound(Decimal(1), whole=True, unit="个数"), unless="能与上年对照的数太少"
)
BELOW_EARLIER = rule("below_earlier", "years", "period", "before", unless="今年前期没有上报表，或者前期没有这个数")
AMOUNTS = ("target", "count", "ratio")
"""Kinds whose figure is an amount that goes on from January; a fact may go up and down."""
POWERS = (1, 2, 3, 4)


@check
def bases_are_those_of_last_year(across: Across) -> Iterator[Told]:
    """The base that this year's return states is what last year's return said."""
    for row in across.rows:
        stated = across.returned.number(row.code, "base")
        if stated is None or across.last_year.number(row.code, "actual") is None:
            yield row.department, NotEvaluated(BASE_RESTATED)
        elif row.base is None or row.returned_base is None:
            yield row.department, Passed(BASE_RESTATED)
        else:
            before = " ".join(referred(row.returned_base_source)) if row.returned_base_source else ""
            marks = {"found": amount(row.base), "expected": amount(row.returned_base), "before": before}
            yield row.department, Found(BASE_RESTATED, place_at(row.base_source, row.code, "base"), marks)


@check
def large_changes_are_explained(across: Across) -> Iterator[Told]:
    """A change beyond the bound asks for an explanation, whichever way it goes and whatever the row's direction."""
    default = across.scheme.bound(CHANGE_UNEXPLAINED)
    for row in across.rows:
        indicator = across.scheme[row.code]
        if indicator.kind not in ("target", "count"):
            continue
        if row.change is None or row.actual is None or row.base is None:
            yield row.department, NotEvaluated(CHANGE_UNEXPLAINED)
            continue
        bound = indicator.change_bound if indicator.change_bound is not None else default
        within = row.small_base or abs(row.change) <= Fraction(bound) / 100
        if within or across.words.explains(row.note):
            yield row.department, Passed(CHANGE_UNEXPLAINED)
        else:
            marks = {"found": amount(row.actual), "base": amount(row.base), "expected": f"{amount(bound)}%"}
            yield row.department, Found(CHANGE_UNEXPLAINED, place_at(row.actual_source, row.code), marks)


@check
def figures_are_in_their_unit(across: Across) -> Iterator[Told]:
    """A figure that is about 10, 100, 1000 or 10 000 times last year's, or as small a part of it, is in another unit."""
    tolerance = Fraction(across.scheme.bound(UNIT_SUSPECTED)) / 100
    for row in across.rows:
        indicator = across.scheme[row.code]
        if indicator.kind not in AMOUNTS or not indicator.compare:
            continue
        base = comparable_base(indicator, across.facts.period, row.base)
        if base is None or row.actual is None or base <= 0 or row.actual <= 0:
            yield row.department, NotEvaluated(UNIT_SUSPECTED)
            continue
        times = _times(Fraction(row.actual) / Fraction(base), tolerance)
        if times is None or base < indicator.smallest_base:
            yield row.department, Passed(UNIT_SUSPECTED)
        else:
            marks = {"found": amount(row.actual), "base": amount(base), "expected": times}
            yield row.department, Found(UNIT_SUSPECTED, place_at(row.actual_source, row.code), marks)


def _times(ratio: Fraction, tolerance: Fraction) -> str | None:
    """Which power of ten a ratio is about, in words: `10倍`, `千分之一`; None where it is none."""
    parts = {1: "十分之一", 2: "百分之一", 3: "千分之一", 4: "万分之一"}
    for power in POWERS:
        if 1 / (1 + tolerance) <= ratio / 10**power <= 1 + tolerance:
            return f"{10**power}倍"
        if 1 / (1 + tolerance) <= ratio * 10**power <= 1 + tolerance:
            return parts[power]
    return None


@check
def not_all_is_as_last_year(across: Across) -> Iterator[Told]:
    """A department whose figures all are last year's may have sent last year's return."""
    least = int(across.scheme.bound(ALL_AS_LAST_YEAR))
    pairs: dict[str, list[bool]] = {name: [] for name in sorted(across.returned.departments)}
    files: dict[str, str] = {}
    for row in across.rows:
        base = across.last_year.number(row.code, "actual")
        base = row.base if base is None else base
        # A zero that stays zero says nothing, and neither does a fact.
        if across.scheme[row.code].kind not in AMOUNTS or row.actual is None or base is None or row.actual == base == 0:
            continue
        pairs[row.department].append(row.actual == base)
        if row.actual_source is not None:
            files[row.department] = referred(row.actual_source)[0]
    for department, same in pairs.items():
        if len(same) < least:
            yield department, NotEvaluated(ALL_AS_LAST_YEAR)
        elif all(same):
            marks = {"found": str(len(same)), "expected": "今年的数"}
            yield department, Found(ALL_AS_LAST_YEAR, Place(files.get(department, "")), marks)
        else:
            yield department, Passed(ALL_AS_LAST_YEAR)


@check
def cumulative_figures_do_not_fall(across: Across) -> Iterator[Told]:
    """A figure that counts from January is not below what an earlier period of the year said."""
    before: dict[str, list[tuple[Decimal, str, str]]] = defaultdict(list)
    for period, returned in sorted(across.within.items(), reverse=True):
        for code, cells in returned.rows.items():
            number = cells["actual"].number if "actual" in cells else None
            if number is not None:
                before[code].append((number, period.label, returned.source(code, "actual") or ""))
    for row in across.rows:
        kind = across.scheme[row.code].kind
        if kind not in (*AMOUNTS, "zero") or row.actual is None:
            continue
        if not before[row.code]:
            yield row.department, NotEvaluated(BELOW_EARLIER)
            continue
        most, label, source = max(before[row.code], key=lambda found: found[0])
        if row.actual >= most:
            yield row.department, Passed(BELOW_EARLIER)
        else:
            marks = {
                "found": amount(row.actual),
                "expected": amount(most),
                "period": label,
                "before": " ".join(referred(source)) if source else "",
            }
            yield row.department, Found(BELOW_EARLIER, place_at(row.actual_source, row.code), marks)
