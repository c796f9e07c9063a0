"""Year over year (同比): the exact change from the same months of the year before, and what may be said of it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from analysis.figures.exact import difference, product
from analysis.figures.printed import nearly_flat
from analysis.scheme import Indicator, Period

ChangeState = Literal[
    "up",
    "down",
    "flat",
    "nearly_flat",
    "from_zero",
    "no_base",
    "not_reported",
    "not_meaningful",
    "not_comparable",
    "not_compared",
    "kept",
    "broken",
]


@dataclass(frozen=True, slots=True)
class Change:
    """A change from the base.

    Attributes:
        state: what kind of change it is.
        change: the exact relative change (0.224 for +22.4 %), for shares the exact difference (0.016 for 1.6 points).
        absolute: current less base, in the indicator's unit; none for shares.
        small_base: whether the base is so small that prose tells the absolute change alone.
    """

    state: ChangeState
    change: Fraction | None = None
    absolute: Decimal | None = None
    small_base: bool = False


def change(indicator: Indicator, period: Period, base: Decimal | None, current: Decimal | None) -> Change:
    """Change of an amount or a zero row from its base, in the indicator's unit."""
    if current is None:
        return Change("not_reported")
    if indicator.kind == "fact" or not indicator.compare:
        return Change("not_compared")
    if indicator.kind == "zero":
        if current < 0:
            return Change("not_meaningful")
        return Change("broken" if current > 0 else "kept", absolute=None if base is None else difference(current, base))
    if base is None:
        return Change("no_base")
    base = comparable_base(indicator, period, base)
    if base is None:
        return Change("not_comparable")
    absolute = difference(current, base)
    if base < 0 or current < 0:
        return Change("not_meaningful", absolute=absolute)
    if base == 0:
        return Change("flat", Fraction(0), absolute) if current == 0 else Change("from_zero", absolute=absolute)
    relative = Fraction(current) / Fraction(base) - 1
    small = base < indicator.smallest_base
    return Change(_state(relative, small), relative, absolute, small)


def comparable_base(indicator: Indicator, period: Period, base: Decimal | None) -> Decimal | None:
    """The base in this year's definition, by the scheme's factor; None where that can't be said."""
    if base is None or not indicator.redefined_in(period.year):
        return base
    return None if indicator.factor is None else product(base, indicator.factor)


def share_change(
    indicator: Indicator, whole: Indicator, period: Period, base: Fraction | None, current: Fraction | None
) -> Change:
    """Change of a share, in percentage points; a base above 100 % (cases carried over, their number not known) is none."""
    if not indicator.compare:
        return Change("not_compared")
    if base is not None and (indicator.redefined_in(period.year) or whole.redefined_in(period.year)):
        return Change("not_comparable")
    if current is None:
        return Change("not_reported")
    if base is None or base > 1:
        return Change("no_base")
    return Change(_state(current - base, False), current - base)


def _state(difference: Fraction, small_base: bool) -> ChangeState:
    if difference == 0:
        return "flat"
    if not small_base and nearly_flat(difference):
        return "nearly_flat"
    return "up" if difference > 0 else "down"
