"""Exact figures: decimals as typed, fractions in between, rounded once when printed, half away from zero (四舍五入)."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

MOST_DECIMALS = 4
"""More decimals are never printed; a return that needs them is asked to mend its figure."""


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Round a fraction to decimals, half away from zero, without passing through a float.

    Args:
        value: the exact value.
        decimals: how many decimals to keep, 0 or more.

    Returns:
        A decimal with just that many decimals; zero is never negative.
    """
    scaled = abs(value) * 10**decimals
    units, rest = divmod(scaled.numerator, scaled.denominator)
    if 2 * rest >= scaled.denominator:
        units += 1
    # Built of its digits: arithmetic of decimals would cut them to the context's precision.
    return Decimal((int(value < 0 and units > 0), tuple(int(digit) for digit in str(units)), -decimals))


KEPT_DECIMALS = 18
"""Decimals that the tables keep; a product with a scheme's factor may have more."""


def difference(first: Decimal, second: Decimal) -> Decimal:
    """The exact difference of two figures, whatever the context's precision."""
    return _kept(Fraction(first) - Fraction(second))


def product(first: Decimal, second: Decimal) -> Decimal:
    """The product of a figure and a factor, exact as far as the tables keep decimals."""
    return _kept(Fraction(first) * Fraction(second))


def _kept(value: Fraction) -> Decimal:
    return Decimal(plain(rounded(value, KEPT_DECIMALS)))


def plain(number: Decimal) -> str:
    """Write a number as typed: all its digits, no exponent, no trailing zeros, no thousands separator."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimals_of(number: Decimal) -> int:
    """Count the decimals that a number needs."""
    _, _, fraction = plain(number).partition(".")
    return len(fraction)


def amount(number: Decimal) -> str:
    """Write an amount for print: as typed, at most four decimals (more are an error of the return, and a draft shows four)."""
    if decimals_of(number) > MOST_DECIMALS:
        return plain(rounded(Fraction(number), MOST_DECIMALS))
    return plain(number)


def grouped(text: str) -> str:
    """Put thousands separators into a printed number, as tables have them."""
    whole, dot, fraction = text.partition(".")
    with localcontext() as context:
        context.prec = 60
        context.rounding = ROUND_HALF_UP
        return f"{Decimal(whole):,f}{dot}{fraction}" if whole.lstrip("-") else text
