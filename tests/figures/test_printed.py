"""What a derived figure prints as: on the right side of its thresholds, and true on a pocket calculator."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from analysis.figures.exact import rounded
from analysis.figures.printed import (
    average_text,
    change_text,
    nearly_flat,
    percent,
    points_text,
    rate_text,
    scaled_text,
)

PROGRESS = [Fraction(month, 12) for month in range(1, 12)]
TARGETS = [Fraction(9, 10), Fraction(95, 100), Fraction(985, 1000), Fraction(9999, 10000), Fraction(99995, 100000)]
shares = st.builds(
    lambda whole, part: Fraction(part % (whole + 1), whole), st.integers(1, 10**6), st.integers(0, 10**6)
)
rates = st.fractions(min_value=0, max_value=30, max_denominator=10**7)
distances = st.builds(
    lambda size, digits, sign: sign * Fraction(digits, 10**size),
    st.integers(1, 9),
    st.integers(1, 99),
    st.sampled_from([-1, 0, 1]),
)


def _number(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


def _decimals(text: str) -> int:
    return len(text.removesuffix("%").partition(".")[2])


def _side(first: Fraction | Decimal, second: Fraction | Decimal) -> int:
    return (Fraction(first) > Fraction(second)) - (Fraction(first) < Fraction(second))


def _half_up(value: Fraction, decimals: int) -> Fraction:
    """Independent rounding of a figure that is not negative."""
    return Fraction((value * 10**decimals + Fraction(1, 2)).__floor__(), 10**decimals)


def _holds(rate: Fraction, threshold: Fraction, decimals: int) -> bool:
    """Whether so many decimals keep the printed rate on its side of the threshold, as is and as printed."""
    printed, side = _half_up(rate * 100, decimals), _side(rate, threshold)
    if side == 0:
        return True
    return side == _side(printed, _half_up(threshold * 100, decimals)) and side == _side(printed, threshold * 100)


@given(st.sampled_from([Fraction(0), Fraction(1), *PROGRESS, *TARGETS]), distances)
@example(Fraction(11, 12), Fraction(-67, 10**6))
@example(Fraction(1), Fraction(-5, 10**7))
@example(Fraction(1), Fraction(-5, 10**5))
def test_a_rate_stays_on_its_side_of_every_threshold_with_fewest_decimals(
    threshold: Fraction, distance: Fraction
) -> None:
    rate = threshold + distance
    assume(rate >= 0)
    bounds = [Fraction(0), Fraction(1), threshold]
    holding = [d for d in range(1, 5) if all(_holds(rate, bound, d) for bound in bounds)]
    text = rate_text(rate, [threshold])
    if text is None:
        assert not holding
    else:
        assert _decimals(text) == holding[0]
        assert _number(text) == _half_up(rate * 100, holding[0])


@given(rates)
def test_any_rate_is_rounded_once(rate: Fraction) -> None:
    text = rate_text(rate)
    if text is not None:
        assert abs(Fraction(_number(text)) - rate * 100) <= Fraction(1, 2 * 10 ** _decimals(text))
        assert _side(_number(text), Fraction(100)) == _side(rate, Fraction(1))
        assert (_number(text) == 0) == (rate == 0)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        ("0.9996", "99.96%"),
        ("0.99996", "99.996%"),
        ("0.99995", "99.995%"),  # a tie that two decimals would make 100.00
        ("0.9995", "99.95%"),
        ("0.99949", "99.9%"),
        ("0.999999", "99.9999%"),
        ("0.9999994", "99.9999%"),
        ("0.9999995", None),
        ("1.0004", "100.04%"),
        ("1.0005", "100.1%"),
        ("1.0000005", "100.0001%"),
        ("1.0000004", None),
        ("0.0004", "0.04%"),
        ("0.0000004", None),
        ("0.0000005", "0.0001%"),
        ("12.34567", "1234.6%"),
        ("123456789012345", "12345678901234500.0%"),
    ],
)
def test_rates_at_their_edges(rate: str, text: str | None) -> None:
    assert rate_text(Fraction(rate)) == text


def test_a_tiny_base_prints_a_long_rate() -> None:
    assert rate_text(Fraction("99999999999") / Fraction("0.001")) == "9999999999900000.0%"
    assert rate_text(Fraction("0.001") / Fraction("0.003")) == "33.3%"


@given(st.integers(1, 11), st.integers(-60, 60))
def test_behind_is_never_by_nothing_and_on_track_never_below(month: int, thousandths: int) -> None:
    progress = Fraction(month, 12)
    rate = progress + Fraction(thousandths, 100_000)
    assume(rate >= 0)
    points = points_text(rate, [progress], [progress])
    assert _side(_number(points.first), _number(points.others[0])) == _side(rate, progress)
    if rate != progress:
        assert points.differences[0] is None or Decimal(points.differences[0]) > 0


# ---- percentage points -------------------------------------------------------------------------------------------


@given(shares, st.lists(shares, min_size=1, max_size=2))
@example(Fraction(9776, 10000), [Fraction(9624, 10000)])
def test_printed_points_are_the_difference_of_the_printed_rates(first: Fraction, others: list[Fraction]) -> None:
    points = points_text(first, others, others[-1:])
    assert len(points.others) == len(points.differences) == len(others)
    assert len({_decimals(text) for text in (points.first, *points.others)}) == 1
    for other, text, difference in zip(others, points.others, points.differences, strict=True):
        if difference is not None:
            assert Decimal(difference) == abs(_number(points.first) - _number(text))
            assert Decimal(difference) == rounded(abs(first - other) * 100, _decimals(difference))
            assert (Decimal(difference) == 0) == (first == other)
            assert _side(_number(points.first), _number(text)) == _side(first, other)


@given(shares, shares)
def test_points_are_given_up_only_where_four_decimals_do_not_agree(first: Fraction, other: Fraction) -> None:
    points = points_text(first, [other])
    agreeing = [
        decimals
        for decimals in range(1, 5)
        if all(_holds(rate, bound, decimals) for rate in (first, other) for bound in (Fraction(0), Fraction(1)))
        and abs(_half_up(first * 100, decimals) - _half_up(other * 100, decimals))
        == _half_up(abs(first - other) * 100, decimals)
        and (first == other or _half_up(abs(first - other) * 100, decimals) > 0)
    ]
    if points.differences[0] is None:
        assert not agreeing
    else:
        assert _decimals(points.first) == agreeing[0]


def test_points_examples() -> None:
    told = points_text(Fraction(9776, 10000), [Fraction(9624, 10000)])
    assert (told.first, told.others, told.differences) == ("97.76%", ("96.24%",), ("1.52",))
    told = points_text(Fraction(978, 1000), [Fraction(962, 1000), Fraction(95, 100)], [Fraction(95, 100)])
    assert (told.first, told.others, told.differences) == ("97.8%", ("96.2%", "95.0%"), ("1.6", "2.8"))
    told = points_text(Fraction(95, 100), [Fraction(95, 100)])
    assert told.differences == ("0.0",)
    assert points_text(Fraction(2999, 3000), []).first == "99.97%"


@pytest.mark.parametrize(
    ("part", "whole", "threshold"),
    [(8_999_999, 12_000_000, Fraction(3, 4)), (9_499_999, 10_000_000, Fraction(95, 100)), (1_999_999, 2_000_000, 1)],
)
def test_a_rate_beyond_four_decimals_is_never_printed_on_its_threshold(
    part: int, whole: int, threshold: Fraction
) -> None:
    exact, bound = Fraction(part, whole), Fraction(threshold)
    points = points_text(exact, [bound], [bound])
    assert points.first is None or _side(_number(points.first), bound * 100) == _side(exact, bound)


@pytest.mark.parametrize(("first", "other"), [("2423/3513", "78/113"), ("248/333", "2368/3177")])
def test_rates_that_differ_print_differently_where_their_difference_is_not_told(first: str, other: str) -> None:
    points = points_text(Fraction(first), [Fraction(other)])
    assert points.differences == (None,)
    assert points.first != points.others[0]


# ---- changes -----------------------------------------------------------------------------------------------------


@given(st.one_of(st.fractions(min_value=-1, max_value=20, max_denominator=10**7), distances))
@example(Fraction(-9996, 10000))
@example(Fraction(-49, 10**5))
@example(Fraction(5, 10**4))
@example(Fraction(999999, 10**6))
def test_a_change_never_prints_as_nothing_nor_as_a_hundred_where_it_is_not(change: Fraction) -> None:
    text = change_text(change)
    if text is None:
        assert nearly_flat(change) or change == 0 or abs(abs(change) - 1) < Fraction(1, 10**6)
    else:
        assert not nearly_flat(change)
        assert _number(text) > 0
        assert (_number(text) == 100) == (abs(change) == 1)
        assert abs(Fraction(_number(text)) - abs(change) * 100) <= Fraction(1, 2 * 10 ** _decimals(text))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("0", None),
        ("0.0004999", None),
        ("0.0005", "0.1%"),
        ("-0.0005", "0.1%"),
        ("-0.99949", "99.9%"),
        ("-0.9995", "99.95%"),
        ("-0.9999999", None),
        ("-1", "100.0%"),
        ("1", "100.0%"),
        ("1.0004", "100.04%"),
        ("2.345", "234.5%"),
    ],
)
def test_changes_at_their_edges(change: str, text: str | None) -> None:
    assert change_text(Fraction(change)) == text


# ---- averages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "count", "text"),
    [
        ("10", "3", "3.33"),
        ("9", "2", "4.5"),
        ("12", "3", "4"),
        ("0.125", "1", "0.13"),
        ("1", "1000", "0.001"),
        ("1", "20000", "0.0001"),
        ("1", "100000", None),
        ("0", "7", "0"),
        ("5", "0", None),
        ("5", "-1", None),
    ],
)
def test_averages(total: str, count: str, text: str | None) -> None:
    assert average_text(Decimal(total), Decimal(count)) == text


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_an_average_is_rounded_once_and_not_nothing_where_something_is(total: int, count: int) -> None:
    text = average_text(Decimal(total), Decimal(count))
    if text is not None:
        exact, decimals = Fraction(total, count), max(2, _decimals(text))
        assert Fraction(text) == _half_up(exact, decimals)
        assert (Fraction(text) == 0) == (exact == 0)


# ---- scaled ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "decimals", "shown", "unit"),
    [
        (["9999", "20000"], 2, ("9999", "20000"), "人次"),  # the first decides
        (["10000", "9000"], 2, ("1", "0.9"), "万人次"),
        (["72204", None, "72210"], 2, ("7.22", None, "7.221"), "万人次"),  # 7.22 ÷ 7.22 would give 100 %
        (["120000", "100000", "20000"], 0, ("12", "10", "2"), "万人次"),
        (["-20000"], 2, ("-2",), "万人次"),
        ([None, None], 2, (None, None), "人次"),
        (["100000", "0"], 2, ("10", "0"), "万人次"),
        (["161601", "65959"], 3, ("16.1601", "6.5959"), "万人次"),  # 16.16 ÷ 6.596 is 1.5 times more, and not 1.4
        (["20000", "0"], 0, ("2", "0"), "万人次"),
        (["1000030", "1000000", "30"], 2, ("100.003", "100", "0.003"), "万人次"),
    ],
)
def test_scaled(numbers: list[str | None], decimals: int, shown: tuple[str | None, ...], unit: str) -> None:
    scaled = scaled_text([None if n is None else Decimal(n) for n in numbers], "人次", "万人次", decimals)
    assert (scaled.numbers, scaled.unit) == (shown, unit)


def test_nothing_is_scaled_unless_asked_for() -> None:
    assert scaled_text([Decimal("1234567.89")], "万元", None).numbers == ("1234567.89",)
    scaled = scaled_text([Decimal("1234567.89")], "万元", "亿元", 2)
    assert (scaled.numbers, scaled.unit) == (("123.46",), "亿元")


figures = st.integers(10_000, 3_000_000)


@given(figures, st.one_of(figures, st.integers(1, 9)), st.integers(0, 3))
def test_scaled_figures_give_the_rate_the_change_and_the_difference_that_are_printed(
    actual: int, other: int, decimals: int
) -> None:
    numbers = [Decimal(actual), Decimal(other), Decimal(abs(actual - other))]
    scaled = scaled_text(numbers, "人次", "万人次", decimals)
    first, second, difference = (Fraction(number or "") for number in scaled.numbers)
    assert abs(first - second) == difference
    exact = Fraction(actual, other)
    if (rate := rate_text(exact)) is not None:
        assert percent(first / second, _decimals(rate)) == rate
    if (change := change_text(exact - 1)) is not None:
        assert percent(abs(first / second - 1), _decimals(change)) == change
    assert nearly_flat(first / second - 1) == nearly_flat(exact - 1)


@given(st.integers(10_000, 3_000_000), st.integers(-400, 400))
def test_scaled_figures_of_nearly_equal_amounts(actual: int, distance: int) -> None:
    other = actual + distance
    assume(other > 0)
    scaled = scaled_text([Decimal(actual), Decimal(other)], "人次", "万人次", 2)
    first, second = (Fraction(number or "") for number in scaled.numbers)
    assert (first > second) - (first < second) == (actual > other) - (actual < other)


@pytest.mark.parametrize(
    ("month", "actual", "target"), [(7, 81_702, 140_072), (7, 309_479, 531_917), (5, 67_097, 161_048)]
)
def test_scaled_figures_give_the_rate_beside_the_time_progress(month: int, actual: int, target: int) -> None:
    progress, exact = Fraction(month, 12), Fraction(actual, target)
    scaled = scaled_text([Decimal(actual), Decimal(target)], "人次", "万人次", 2, thresholds=[progress])
    first, second = (Fraction(number or "") for number in scaled.numbers)
    text = points_text(exact, [progress], [progress]).first
    assert percent(first / second, _decimals(text)) == text
