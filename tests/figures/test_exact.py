"""Rounding and writing of exact figures, held against arithmetic that shares nothing with the code."""

import random
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.exact import amount, decimals_of, grouped, plain, rounded
from analysis.figures.printed import change_text, percent, rate_text, times_text

PAIRS = 100_000
TIE_MAKERS = (8, 16, 40, 80, 125, 160, 200, 250, 400, 500, 625, 800, 1250, 1600, 2000, 2500, 8000)


def _typed(numbers: random.Random) -> tuple[str, int]:
    """A figure as typed with one to four decimals, and the same as a whole number of ten-thousandths."""
    decimals = numbers.randint(1, 4)
    digits = numbers.randrange(1, 10 ** numbers.randint(decimals, decimals + 6))
    whole, fraction = divmod(digits, 10**decimals)
    return f"{whole}.{fraction:0{decimals}d}", digits * 10 ** (4 - decimals)


def _pairs() -> Iterator[tuple[str, int, str, int]]:
    """Pairs of figures: any; with a base that makes ties; and close together."""
    numbers = random.Random(20210913)
    for turn in range(PAIRS):
        a, many = _typed(numbers)
        b, few = _typed(numbers)
        if turn % 3 == 1:
            base = numbers.choice(TIE_MAKERS)
            b, few = str(base), base * 10_000
        elif turn % 3 == 2:
            many = max(0, few + numbers.randint(-3, 3))
            a = f"{many // 10_000}.{many % 10_000:04d}"
        yield a, many, b, few


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def _written(units: int, decimals: int) -> str:
    return f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}%"


def _rate(many: int, few: int) -> str | None:
    """Fewest decimals on the right side of 0 and 100 %, all in whole numbers."""
    for decimals in range(1, 5):
        units, hundred = _half_up(100 * many * 10**decimals, few), 100 * 10**decimals
        right_of_hundred = (units > hundred) - (units < hundred) == (many > few) - (many < few)
        if right_of_hundred and (units > 0) == (many > 0):
            return _written(units, decimals)
    return None


def test_a_hundred_thousand_typed_pairs_print_as_whole_number_arithmetic_says() -> None:
    wrong = []
    for turn, (a, many, b, few) in enumerate(_pairs()):
        exact = Fraction(Decimal(a)) / Fraction(Decimal(b))
        expected = _written(_half_up(1000 * many, few), 1)
        printed = percent(exact, 1)
        if printed != expected:
            wrong.append((a, b, printed, expected))
        if turn % 10 in (2, 5) and rate_text(exact) != _rate(many, few):
            wrong.append((a, b, rate_text(exact) or "", _rate(many, few) or ""))
    assert not wrong, wrong[:5]


def test_twenty_thousand_changes_print_as_long_decimals_say() -> None:
    wrong = []
    with localcontext() as context:
        context.prec = 80
        for turn, (a, many, b, few) in enumerate(_pairs()):
            if turn % 3 == 0:
                continue
            if turn > 30_000:
                break
            ratio = Decimal(a) / Decimal(b) - 1  # 80 digits: a tie at five decimals is told apart from no tie
            told = change_text(Fraction(Decimal(a)) / Fraction(Decimal(b)) - 1)
            size = abs(ratio * 100)
            if size.quantize(Decimal("0.1"), ROUND_HALF_UP) == 0:
                expected = None
            else:
                shown = [size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for places in range(1, 5)]
                apart = abs(many - few) != few
                expected = next((f"{one}%" for one in shown if not (apart and one == 100)), None)
            if told != expected:
                wrong.append((a, b, told, expected))
    assert not wrong, wrong[:5]


@given(st.fractions(min_value=-(10**15), max_value=10**15, max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_half_away_from_zero_and_never_further_than_half(value: Fraction, decimals: int) -> None:
    printed = rounded(value, decimals)
    half = Fraction(1, 2 * 10**decimals)
    assert abs(Fraction(printed) - value) <= half
    assert -printed.as_tuple().exponent == decimals
    if abs(Fraction(printed) - value) == half:
        assert abs(Fraction(printed)) > abs(value)
    assert rounded(-value, decimals) == -printed


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("12.55", 1, "12.6"),
        ("-12.55", 1, "-12.6"),
        ("12.5499999999999999999", 1, "12.5"),
        ("0.05", 1, "0.1"),
        ("-0.04", 1, "0.0"),
        ("99.995", 2, "100.00"),
        ("2.5", 0, "3"),
        ("1.005", 2, "1.01"),
        ("0", 4, "0.0000"),
        ("100", 1, "100.0"),
    ],
)
def test_rounding(value: str, decimals: int, text: str) -> None:
    assert str(rounded(Fraction(value), decimals)) == text


@pytest.mark.parametrize("exponent", range(0, 33, 4))
def test_a_large_figure_keeps_all_its_digits(exponent: int) -> None:
    assert plain(rounded(Fraction(10**exponent * 3 + 1), 0)) == str(10**exponent * 3 + 1)


@pytest.mark.parametrize("exponent", [26, 30, 40])
def test_a_huge_rate_prints_its_digits_and_no_exponent(exponent: int) -> None:
    assert percent(Fraction(10**exponent + 7), 1) == f"{10**exponent + 7}00.0%"


def test_rounding_keeps_eighteen_decimals_of_fifteen_digits() -> None:
    typed = "123456789012345.123456789012345678"
    assert plain(rounded(Fraction(typed), 18)) == typed


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("1200.50", "1200.5"),
        ("1200", "1200"),
        ("1E+3", "1000"),
        ("0.00", "0"),
        ("-0.00", "0"),
        ("-3.10", "-3.1"),
        ("0.000000000000000001", "0.000000000000000001"),
        ("123456789012345.123456789012345678", "123456789012345.123456789012345678"),
    ],
)
def test_plain_writes_all_typed_digits(typed: str, text: str) -> None:
    assert plain(Decimal(typed)) == text


@pytest.mark.parametrize(("typed", "count"), [("1", 0), ("1.0", 0), ("1.50", 1), ("1E-5", 5), ("100", 0)])
def test_decimals_of(typed: str, count: int) -> None:
    assert decimals_of(Decimal(typed)) == count


@pytest.mark.parametrize(
    ("typed", "text"),
    [("1.2345", "1.2345"), ("1.23455", "1.2346"), ("-1.23455", "-1.2346"), ("2.00004", "2"), ("15.0000", "15")],
)
def test_an_amount_prints_as_typed_up_to_four_decimals(typed: str, text: str) -> None:
    assert amount(Decimal(typed)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234567.89", "1,234,567.89"),
        ("-1234.5", "-1,234.5"),
        ("-0.5", "-0.5"),
        ("999", "999"),
        ("1000", "1,000"),
        ("123456789012345678901234567890123456", "123,456,789,012,345,678,901,234,567,890,123,456"),
    ],
)
def test_grouped(text: str, shown: str) -> None:
    assert grouped(text) == shown


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_grouping_changes_nothing_but_commas(number: Decimal) -> None:
    assert grouped(plain(number)).replace(",", "") == plain(number)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("0.999", None),
        ("1", "1"),
        ("1.0000001", None),
        ("1.04", None),
        ("1.05", "1.1"),
        ("1.5", "1.5"),
        ("2", "2"),
        ("9.96", "10"),
        ("1.1496", None),  # 115.0 % beside it would be 1.2
        ("-2", None),
        ("0", None),
    ],
)
def test_times(change: str, text: str | None) -> None:
    assert times_text(Fraction(change)) == text


@given(st.fractions(min_value=-3, max_value=1000, max_denominator=10**7))
def test_times_keep_the_threshold(change: Fraction) -> None:
    text = times_text(change)
    assert text is None or change >= 1
    if text is not None:
        assert abs(Fraction(text) - change) <= Fraction(1, 20)
        assert (Fraction(text) > 1) == (change > 1)
        percentage = Fraction((change_text(change) or "0%").rstrip("%")) / 100
        assert (10 * percentage + Fraction(1, 2)).__floor__() == 10 * Fraction(text)
