"""Can a figure be what it says: not negative, whole where it counts, within bounds, with no more decimals than its unit."""

from collections.abc import Iterator
from decimal import Decimal

from analysis.intake.checks.context import Context
from analysis.intake.checks.registry import Bound, Passed, Result, check, rule
from analysis.intake.exact import decimals_of, plain_number
from analysis.intake.fields import PERCENT, PROJECT_UNITS, expected_decimals, heading_of, unit_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.frames import Value
from analysis.scheme import Indicator

NEGATIVE = rule("negative", "domain")
NOT_WHOLE = rule("not_whole", "domain")
MANY_DECIMALS = rule("many_decimals", "domain")
TOO_MANY_DECIMALS = rule("too_many_decimals", "domain", bound=Bound(Decimal(0), Decimal(4), whole=True, unit="位小数"))
BEYOND_BOUNDS = rule("beyond_bounds", "domain")
RATE_ABOVE_100 = rule("rate_above_100", "domain")

COUNTED = ("actual", "base", "carried", "amount", "jobs")
MEASURED = ("investment", "income")
FIGURES = ("target", *COUNTED, *MEASURED)


def _place(value: Value) -> Place:
    return place_of(value, heading_of(value.table, value.field))


@check
def figures_are_not_negative(context: Context) -> Iterator[Result]:
    """No figure is below zero, unless the scheme's lower bound lets it."""
    for indicator, value in context.figures(*FIGURES):
        may_be = indicator.lower is not None and indicator.lower < 0 and value.field not in PROJECT_UNITS
        if value.number is None or may_be:
            continue
        if value.number < 0:
            yield Found(NEGATIVE, _place(value), {"found": plain_number(value.number), "expected": "不小于0"})
        else:
            yield Passed(NEGATIVE)


@check
def figures_have_decimals_of_their_unit(context: Context) -> Iterator[Result]:
    """What is counted is whole; money and lengths have no more decimals than their unit, and never more than four."""
    most = int(context.value(TOO_MANY_DECIMALS))
    for indicator, value in context.figures(*FIGURES, "progress"):
        if value.number is None:
            continue
        decimals, expected = decimals_of(value.number), expected_decimals(value.field, indicator)
        if decimals > max(most, expected):
            code, wanted = TOO_MANY_DECIMALS, f"最多{most}位小数"
        elif decimals > expected:
            code = NOT_WHOLE if expected == 0 else MANY_DECIMALS
            wanted = "整数" if expected == 0 else f"{expected}位小数以内"
        else:
            yield Passed(NOT_WHOLE if expected == 0 else MANY_DECIMALS)
            yield Passed(TOO_MANY_DECIMALS)
            continue
        unit = unit_of(value.field, indicator)
        yield Found(code, _place(value), {"found": plain_number(value.number), "expected": wanted, "unit": unit})


@check
def figures_are_within_bounds(context: Context) -> Iterator[Result]:
    """A figure keeps to the bounds that the scheme sets for its indicator."""
    for indicator, value in context.figures("target", "actual", "base"):
        if value.number is None or unit_of(value.field, indicator) == PERCENT:
            continue
        if indicator.lower is None and indicator.upper is None:
            continue
        if _within(indicator, value.number):
            yield Passed(BEYOND_BOUNDS)
        else:
            yield Found(
                BEYOND_BOUNDS,
                _place(value),
                {"found": plain_number(value.number), "expected": _bounds(indicator), "unit": indicator.unit or ""},
            )


def _within(indicator: Indicator, number: Decimal) -> bool:
    above = indicator.lower is None or number >= indicator.lower
    return above and (indicator.upper is None or number <= indicator.upper)


def _bounds(indicator: Indicator) -> str:
    unit = indicator.unit or ""
    if indicator.lower is None and indicator.upper is not None:
        return f"不超过{plain_number(indicator.upper)}{unit}"
    if indicator.upper is None and indicator.lower is not None:
        return f"不低于{plain_number(indicator.lower)}{unit}"
    assert indicator.lower is not None and indicator.upper is not None
    return f"{plain_number(indicator.lower)}至{plain_number(indicator.upper)}{unit}"


@check
def target_rates_are_shares(context: Context) -> Iterator[Result]:
    """A target rate is at most 100 %."""
    for indicator, value in context.figures("target"):
        if indicator.kind != "ratio" or value.number is None:
            continue
        if value.number > 100:
            found = f"{plain_number(value.number)}%"
            yield Found(RATE_ABOVE_100, _place(value), {"found": found, "expected": "不超过100%"})
        else:
            yield Passed(RATE_ABOVE_100)
