"""Exact figures: decimals as typed, fractions in between, rounded once when printed."""

from decimal import Decimal
from fractions import Fraction

from analysis.intake.exact import decimals_of, rounded
from analysis.intake.exact import plain_number as plain

__all__ = ["MOST_DECIMALS", "amount", "decimals_of", "difference", "grouped", "plain", "product", "rounded", "typed"]

MOST_DECIMALS = 4
"""More decimals are never printed; a return that needs them is asked to mend its figure."""


KEPT_DECIMALS = 18
"""Decimals that the tables keep; a product with a scheme's factor may have more."""


def difference(first: Decimal, second: Decimal) -> Decimal:
    """The exact difference of two figures, whatever the context's precision."""
    return _kept(Fraction(first) - Fraction(second))


def product(first: Decimal, second: Decimal) -> Decimal:
    """The product of a figure and a factor, exact as far as the tables keep decimals."""
    return _kept(Fraction(first) * Fraction(second))


def _kept(value: Fraction) -> Decimal:
    return typed(rounded(value, KEPT_DECIMALS))


def typed(number: Decimal) -> Decimal:
    """The number as it was typed: without the zeros that a table fills its decimals up with."""
    return Decimal(plain(number))


def amount(number: Decimal) -> str:
    """Write an amount for print: as typed, at most four decimals (more are an error of the return, and a draft shows four)."""
    if decimals_of(number) > MOST_DECIMALS:
        return plain(rounded(Fraction(number), MOST_DECIMALS))
    return plain(number)


def grouped(text: str) -> str:
    """Put thousands separators into a printed number, as tables have them."""
    whole, dot, fraction = text.partition(".")
    return f"{Decimal(whole):,f}{dot}{fraction}"
