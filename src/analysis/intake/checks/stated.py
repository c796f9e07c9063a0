"""Rates that a return states beside its figures (完成率, 同比增长) against those that the figures give."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.intake.checks.context import Cells, Context
from analysis.intake.checks.registry import NotEvaluated, Passed, Result, check, rule
from analysis.intake.exact import decimals_of, plain_number, rounded
from analysis.intake.fields import DERIVED, heading_of
from analysis.intake.found import Found, place_of
from analysis.intake.targets import target_of
from analysis.scheme import Indicator

STATED_RATE_DIFFERS = rule(
    "stated_rate_differs", "arithmetic", "formula", unless="没有目标、总数或同期数，或者这类指标不算这个率"
)
MOST_DECIMALS = 6
"""A rate with more decimals is a formula's: it is held to as many."""
Computed = tuple[Fraction, str]
"""A rate in per cent, exact, and the formula that gives it."""


@check
def stated_rates_are_the_computed_ones(context: Context) -> Iterator[Result]:
    """A rate that the return states is the computed one, rounded to the decimals that were typed."""
    for indicator, value in context.figures(*DERIVED):
        if value.table != "indicator" or value.number is None:
            continue
        row = context.row("indicator", indicator.code) or {}
        computed = _rate(context, indicator) if value.field == "rate" else _growth(context, indicator, row)
        if computed is None:
            yield NotEvaluated(STATED_RATE_DIFFERS)
            continue
        exact, formula = computed
        decimals = min(decimals_of(value.number), MOST_DECIMALS)
        if agrees(value.number, exact):
            yield Passed(STATED_RATE_DIFFERS)
            continue
        marks = {
            "found": f"{plain_number(value.number)}%",
            "expected": f"{plain_number(rounded(exact, max(decimals, 1)))}%",
            "formula": formula,
        }
        yield Found(STATED_RATE_DIFFERS, place_of(value, heading_of("indicator", value.field)), marks)


def agrees(stated: Decimal, exact: Fraction) -> bool:
    """Whether a stated rate is the exact one rounded to its own decimals, half away from zero."""
    decimals = decimals_of(stated)
    if decimals > MOST_DECIMALS:
        return abs(Fraction(stated) - exact) <= Fraction(1, 10**MOST_DECIMALS)
    return rounded(exact, decimals) == stated


def _rate(context: Context, indicator: Indicator) -> Computed | None:
    actual = context.figure(indicator.code, "actual")
    if actual is None or actual < 0:
        return None
    if indicator.kind == "ratio":
        return _share(context, indicator, actual)
    target = target_of(context.facts, indicator.code, context.figure(indicator.code, "target")).number
    if indicator.kind != "target" or target is None or target <= 0:
        return None
    done, wanted = plain_number(actual), plain_number(target)
    if indicator.direction != "down":
        return _percent(actual, target), f"{done}÷{wanted}"
    if indicator.rate_rule == "inverse":
        return (_percent(target, actual), f"{wanted}÷{done}") if actual else None
    # Printed rates of a control number are never below zero; the formula is told as it is.
    return max(200 - _percent(actual, target), Fraction(0)), f"2－{done}÷{wanted}"


def _share(context: Context, indicator: Indicator, part: Decimal) -> Computed | None:
    whole = context.figure(indicator.whole or "", "actual")
    if whole is None:
        return None
    carried = (context.figure(indicator.code, "carried") if indicator.carried_over else None) or Decimal(0)
    if whole + carried <= 0:
        return None
    told = f"（{plain_number(whole)}＋{plain_number(carried)}）" if carried else plain_number(whole)
    return _percent(part, whole + carried), f"{plain_number(part)}÷{told}"


def _growth(context: Context, indicator: Indicator, row: Cells) -> Computed | None:
    """The growth of an amount; of a share nobody knows whether points or the cases are meant."""
    numbers = [row[name].number if name in row else None for name in ("actual", "base")]
    actual, base = numbers
    if indicator.kind not in ("target", "count") or actual is None or base is None or base <= 0 or actual < 0:
        return None
    if indicator.redefined_in(context.facts.period.year):
        return None
    now, then = plain_number(actual), plain_number(base)
    return _percent(actual, base) - 100, f"（{now}－{then}）÷{then}"


def _percent(part: Decimal, whole: Decimal) -> Fraction:
    return Fraction(part) / Fraction(whole) * 100
