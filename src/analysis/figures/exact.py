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
    if value < 0 and units:
        units = -units
    return Decimal(units).scaleb(-decimals) if decimals else Decimal(units)


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
