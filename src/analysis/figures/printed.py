"""How a derived figure is printed: with as many decimals as thresholds and the pocket calculator ask for.

Every function takes exact fractions and gives text, or None where no number may be printed and words take over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.figures.exact import MOST_DECIMALS, amount, decimals_of, plain, rounded

HUNDRED = Fraction(100)


def _side(value: Fraction | Decimal, threshold: Fraction) -> int:
    difference = Fraction(value) - threshold
    return (difference > 0) - (difference < 0)


def rate_decimals(rate: Fraction, thresholds: Iterable[Fraction] = (), least: int = 1) -> int | None:
    """Fewest decimals with which a rate in per cent stays on the exact rate's side of 0, 100 % and `thresholds`.

    Args:
        rate: the exact rate, 1 for 100 %.
        thresholds: further exact rates to stay on the right side of: a target rate, the time progress.
        least: decimals to begin with.

    Returns:
        The number of decimals, up to four; None where even four put it on the wrong side.
    """
    bounds = [Fraction(0), HUNDRED, *(threshold * HUNDRED for threshold in thresholds)]
    exact = rate * HUNDRED
    for decimals in range(least, MOST_DECIMALS + 1):
        printed = rounded(exact, decimals)
        if all(_keeps_side(exact, printed, bound, decimals) for bound in bounds):
            return decimals
    return None


def _keeps_side(exact: Fraction, printed: Decimal, bound: Fraction, decimals: int) -> bool:
    side = _side(exact, bound)
    # A threshold (11/12) is itself printed rounded: the reader compares the two printed numbers.
    return _side(printed, Fraction(rounded(bound, decimals))) == side


def percent(rate: Fraction, decimals: int) -> str:
    """A rate as `95.0%`."""
    return f"{rounded(rate * HUNDRED, decimals)}%"


def rate_text(rate: Fraction, thresholds: Iterable[Fraction] = ()) -> str | None:
    """A rate or share as printed, `99.96%`; None where the shortfall must be told as an amount."""
    decimals = rate_decimals(rate, thresholds)
    return None if decimals is None else percent(rate, decimals)


@dataclass(frozen=True, slots=True)
class Points:
    """A rate and the rates that it is held against, printed with the same decimals, and its differences from them.

    `first` is None where four decimals put it on the wrong side of a threshold; `differences` are absolute values
    (`1.5`), each None where printed rates up to four decimals never give it exactly.
    """

    first: str | None
    others: tuple[str, ...]
    differences: tuple[str | None, ...]
    decimals: int = MOST_DECIMALS


def points_text(
    first: Fraction, others: Sequence[Fraction], thresholds: Sequence[Fraction] = (), at_least: int = 1
) -> Points:
    """Print rates with as many decimals as make the printed difference the exact difference, rounded.

    Args:
        first: the exact rate that is told (1 for 100 %).
        others: the exact rates that it is compared with: last year's, a target rate, the time progress.
        thresholds: rates on whose right side `first` must stay.
        at_least: decimals to begin with: those of a target rate, which prints as it was set.
    """
    fewest: Points | None = None
    for decimals in range(at_least, MOST_DECIMALS + 1):
        if rate_decimals(first, thresholds, decimals) != decimals:
            continue
        if any(rate_decimals(other, (), decimals) != decimals for other in others):
            continue
        differences = tuple(_difference(first, other, decimals) for other in others)
        told = tuple(percent(other, decimals) for other in others)
        points = Points(percent(first, decimals), told, differences, decimals)
        if None not in differences:
            return points
        # Rates that differ are told as 提高 or 降低: they have to be printed differently.
        if all(other == first or text != points.first for other, text in zip(others, told, strict=True)):
            fewest = fewest or points
    if fewest is not None:
        return fewest
    return Points(
        rate_text(first, thresholds),
        tuple(rate_text(other) or percent(other, MOST_DECIMALS) for other in others),
        (None,) * len(others),
    )


def _difference(first: Fraction, other: Fraction, decimals: int) -> str | None:
    exact = rounded((first - other) * HUNDRED, decimals)
    printed = rounded(first * HUNDRED, decimals) - rounded(other * HUNDRED, decimals)
    if printed != exact or (exact == 0 and first != other):
        return None
    return str(abs(exact))


def nearly_flat(change: Fraction) -> bool:
    """Whether a change in per cent or points is not zero but would be printed as zero."""
    return change != 0 and rounded(change * HUNDRED, 1) == 0


def change_text(change: Fraction) -> str | None:
    """The size of a change, `22.4%`, without its sign; never 100.0 % where it is not.

    None where the change would print as zero, or where four decimals do not keep it from 100 %.
    """
    if rounded(change * HUNDRED, 1) == 0:
        return None
    return rate_text(abs(change))


def times_text(change: Fraction) -> str | None:
    """The x of 增长 x 倍 for a rise of 100 % and more.

    None where the rounded x would be just 1 and the exact is not, or where the percentage printed beside it, rounded by
    the reader, would give another x (114.96 % prints 115.0 %, which is 1.2).
    """
    printed = change_text(change)
    if change < 1 or printed is None:
        return None
    times = rounded(change, 1)
    if times != rounded(Fraction(Decimal(printed.rstrip("%"))) / 100, 1):
        return None
    return None if times == 1 and change != 1 else plain(times)


def average_text(total: Decimal, count: Decimal) -> str | None:
    """An average (户均, 场均) with two decimals, more where it would print as zero; None where nothing was counted."""
    if count <= 0:
        return None
    exact = Fraction(total) / Fraction(count)
    for decimals in range(2, MOST_DECIMALS + 1):
        printed = rounded(exact, decimals)
        if printed != 0 or exact == 0:
            return plain(printed) if printed == exact else str(printed)
    return None


@dataclass(frozen=True, slots=True)
class Scaled:
    """The figures of one indicator in one sentence, in one unit: numbers as printed, and the unit."""

    numbers: tuple[str | None, ...]
    unit: str


SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def scale_of(unit: str, show_unit: str) -> Decimal:
    """By what a figure in `unit` is divided to be shown in `show_unit` (人 → 万人, 万元 → 亿元)."""

    def factor_of(text: str) -> Decimal:
        return next((factor for sign, factor in SCALES.items() if text.startswith(sign)), Decimal(1))

    return factor_of(show_unit) / factor_of(unit)


def scaled_text(
    numbers: Sequence[Decimal | None],
    unit: str,
    show_unit: str | None,
    show_decimals: int = 2,
    thresholds: Sequence[Fraction] = (),
) -> Scaled:
    """The figures of one indicator for one sentence, all in the same unit.

    The first number decides: from ten thousand up it is shown in `show_unit`, else as returned. Decimals grow from
    `show_decimals` until each pair of printed figures gives the rates and changes that the exact ones give.

    Args:
        numbers: the figures that the sentence prints (actual, target, base …), None for one that is missing.
        unit: the indicator's unit.
        show_unit: the unit to show large figures in, if the scheme asks for one.
        show_decimals: decimals to begin with.
        thresholds: rates on whose right side the first two's ratio is printed: the time progress.
    """
    known = [number for number in numbers if number is not None]
    if show_unit is None or not known or abs(known[0]) < 10_000:
        return Scaled(tuple(None if number is None else amount(number) for number in numbers), unit)
    factor = scale_of(unit, show_unit)
    exact = [Fraction(number) / Fraction(factor) for number in known]
    enough = max(decimals_of(Decimal(number) / factor) for number in known)
    decimals = next((d for d in range(show_decimals, enough) if _same_ratios(exact, d, thresholds)), enough)
    shown = iter([plain(rounded(value, decimals)) for value in exact])
    return Scaled(tuple(None if number is None else next(shown) for number in numbers), show_unit)


def _same_ratios(exact: Sequence[Fraction], decimals: int, thresholds: Sequence[Fraction]) -> bool:
    """Whether the figures rounded to `decimals` give the same printed differences, ratios and changes as the exact ones."""
    printed = [Fraction(rounded(value, decimals)) for value in exact]
    for i, (first, first_printed) in enumerate(zip(exact, printed, strict=True)):
        for second, second_printed in zip(exact[i + 1 :], printed[i + 1 :], strict=True):
            if first_printed - second_printed != Fraction(rounded(first - second, decimals)):
                return False
            if second == 0 or second_printed == 0:
                if first != first_printed or second != second_printed:
                    return False
                continue
            rate, printed_rate = first / second, first_printed / second_printed
            digits = points_text(rate, thresholds, thresholds).decimals if thresholds else rate_decimals(rate)
            digits = digits or MOST_DECIMALS
            change_digits = rate_decimals(abs(rate - 1)) or 1
            most = max(digits, change_digits)
            if rounded(rate * HUNDRED, most) != rounded(printed_rate * HUNDRED, most):
                return False
            if rounded(rate - 1, 1) != rounded(printed_rate - 1, 1):
                return False
    return True
