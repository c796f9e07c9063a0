"""Change from the year before, and what may be said of it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest

from analysis.figures.change import Change, change, share_change
from analysis.scheme import Indicator, Period

YEAR = Period(2021)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("base", "current", "state", "relative", "absolute"),
    [
        ("980", "1200", "up", "11/49", "220"),
        ("1200", "980", "down", "-11/60", "-220"),
        ("80", "0", "down", "-1", "-80"),
        ("100", "100.00", "flat", "0", "0"),
        ("2000", "2000.99", "nearly_flat", "99/200000", "0.99"),
        ("2000", "2001", "up", "1/2000", "1"),
        ("2000", "1999", "down", "-1/2000", "-1"),
        ("2000", "1999.01", "nearly_flat", "-99/200000", "-0.99"),
        ("0.001", "1000000", "up", "999999999", "999999.999"),
        ("0", "7", "from_zero", None, "7"),
        ("0", "0", "flat", "0", "0"),
        (None, "7", "no_base", None, None),
        ("7", None, "not_reported", None, None),
        (None, None, "not_reported", None, None),
        ("-20", "10", "not_meaningful", None, "30"),
        ("-20", "-5", "not_meaningful", None, "15"),
        ("-20", "-30", "not_meaningful", None, "-10"),
        ("20", "-5", "not_meaningful", None, "-25"),
        ("0", "-5", "not_meaningful", None, "-5"),
        ("-20", "0", "not_meaningful", None, "20"),
    ],
)
def test_change_of_an_amount(
    base: str | None,
    current: str | None,
    state: str,
    relative: str | None,
    absolute: str | None,
    indicator: Callable[..., Indicator],
) -> None:
    made = change(indicator(kind="count"), YEAR, _decimal(base), _decimal(current))
    exact = None if relative is None else Fraction(relative)
    assert made == Change(state, exact, _decimal(absolute))


@pytest.mark.parametrize(
    ("row", "base", "small"),
    [
        ({"unit": "件"}, "9", True),
        ({"unit": "件"}, "10", False),
        ({"unit": "万元"}, "0.01", False),  # two decimals are usual: no small base unless the scheme says so
        ({"unit": "万元", "small_base": "100"}, "99.99", True),
        ({"unit": "万元", "small_base": "100"}, "100", False),
        ({"unit": "件", "decimals": 1}, "1", False),
        ({"unit": "件", "small_base": "0"}, "1", False),
        ({"unit": "件", "kind": "target"}, "9", True),
    ],
)
def test_a_small_base_keeps_its_percentage_for_the_annex(
    row: dict[str, object], base: str, small: bool, indicator: Callable[..., Indicator]
) -> None:
    made = change(indicator(**{"kind": "count"} | row), YEAR, Decimal(base), Decimal(base) * 2)
    assert (made.small_base, made.state, made.change, made.absolute) == (small, "up", 1, Decimal(base))


@pytest.mark.parametrize(
    ("since", "factor", "year", "expected"),
    [
        (2021, None, 2021, ("not_comparable", None, None)),
        (2021, None, 2022, ("up", Fraction(1, 5), Decimal(20))),
        (2021, None, 2020, ("up", Fraction(1, 5), Decimal(20))),
        (2021, "1.2", 2021, ("flat", Fraction(0), Decimal(0))),
        (2021, "2", 2021, ("down", Fraction(-2, 5), Decimal(-80))),
        (2021, "2", 2022, ("up", Fraction(1, 5), Decimal(20))),
    ],
)
def test_a_changed_definition_is_not_compared_unless_a_factor_is_given(
    since: int,
    factor: str | None,
    year: int,
    expected: tuple[str, Fraction | None, Decimal | None],
    indicator: Callable[..., Indicator],
) -> None:
    row = indicator(kind="count", comparable_since=since, factor=factor)
    made = change(row, Period(year), Decimal(100), Decimal(120))
    assert (made.state, made.change) == expected[:2]
    assert (None if made.absolute is None else made.absolute.normalize()) == (
        None if expected[2] is None else expected[2].normalize()
    )


@pytest.mark.parametrize(
    ("base", "current", "state", "absolute"),
    [
        ("1", "2", "broken", "1"),
        ("2", "1", "broken", "-1"),
        ("0", "0", "kept", "0"),
        ("3", "0", "kept", "-3"),
        (None, "2", "broken", None),
        (None, "0", "kept", None),
        ("1", None, "not_reported", None),
    ],
)
def test_a_zero_row_has_never_a_percentage(
    base: str | None, current: str | None, state: str, absolute: str | None, indicator: Callable[..., Indicator]
) -> None:
    made = change(indicator(kind="zero", unit="起", direction="down"), YEAR, _decimal(base), _decimal(current))
    assert made == Change(state, None, _decimal(absolute))


def test_a_negative_figure_of_a_zero_row_is_not_kept(indicator: Callable[..., Indicator]) -> None:
    assert change(indicator(kind="zero", unit="起", direction="down"), YEAR, None, Decimal(-1)).state != "kept"


@pytest.mark.parametrize(
    "row", [{"kind": "fact"}, {"kind": "count", "compare": "否"}, {"kind": "zero", "compare": "否"}]
)
def test_what_is_not_compared(row: dict[str, object], indicator: Callable[..., Indicator]) -> None:
    assert change(indicator(**row), YEAR, Decimal(1), Decimal(2)) == Change("not_compared")


@pytest.mark.parametrize(
    ("base", "current", "state", "points"),
    [
        ("0.962", "0.978", "up", "0.016"),
        ("0.95", "0.925", "down", "-0.025"),
        ("1", "1", "flat", "0"),
        ("0.9995", "0.9991", "nearly_flat", "-0.0004"),
        ("0.9995", "0.9990", "down", "-0.0005"),
        ("0", "0.5", "up", "0.5"),
        ("1", "1.075", "up", "0.075"),
        ("1.0001", "1", "no_base", None),  # cases carried over whose number is not known
        (None, "0.97", "no_base", None),
        ("0.97", None, "not_reported", None),
    ],
)
def test_change_of_a_share_is_in_points(
    base: str | None, current: str | None, state: str, points: str | None, indicator: Callable[..., Indicator]
) -> None:
    row = indicator(kind="ratio", whole="S01", unit="件")
    before, now = (None if figure is None else Fraction(figure) for figure in (base, current))
    assert share_change(row, row, Period(2021), before, now) == Change(
        state, None if points is None else Fraction(points)
    )


def test_a_share_that_the_scheme_does_not_compare(indicator: Callable[..., Indicator]) -> None:
    row = indicator(kind="ratio", whole="S01", unit="件", compare="否")
    assert share_change(row, row, Period(2021), Fraction(1, 2), Fraction(1)) == Change("not_compared")


def test_the_absolute_change_is_exact(indicator: Callable[..., Indicator]) -> None:
    made = change(indicator(kind="count"), YEAR, Decimal("0.000000000000000001"), Decimal("999999999999999"))
    assert made.absolute == Decimal("999999999999998.999999999999999999")
