"""Exact numbers: taken as typed, written without loss, rounded once, half away from zero (四舍五入)."""

from decimal import Decimal
from fractions import Fraction

SIGNIFICANT_DIGITS = 15
"""As many digits as Excel keeps and shows."""


def exact(value: int | float) -> Decimal:
    """Take a stored number at 15 significant digits, as Excel shows it: 1.0049999999999999 is 1.005."""
    return Decimal(format(value, f".{SIGNIFICANT_DIGITS}g"))


def plain_number(number: Decimal) -> str:
    """Write a number as typed: all its digits, no exponent, no trailing zeros, no thousands separator."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimals_of(number: Decimal) -> int:
    """Count the decimals that a number needs."""
    return len(plain_number(number).partition(".")[2])


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
