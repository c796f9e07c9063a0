"""Periods: a whole year, or January to a month of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scheme import Period


@pytest.mark.parametrize(
    ("text", "label", "last"),
    [("2021", "2021年", "2021-12"), ("2021-09", "2021年1—9月", "2021-09"), ("2021-01", "2021年1月", "2021-01")],
)
def test_read_and_told(text, label, last):
    period = Period.parse(text)
    assert (str(period), period.label, period.last_month) == (text, label, last)


def test_december_is_the_whole_year():
    assert Period.parse("2021-12") == Period.parse(2021)
    assert Period(2021).whole_year
    assert not Period(2021, 9).whole_year


@pytest.mark.parametrize("text", ["", "21", "2021-9", "2021-13", "2021-00", "2021年", "1821", "2021-09-01", "２０２１"])
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match="看不懂"):
        Period.parse(text)


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_written_and_read_again(year, month):
    assert Period.parse(str(Period(year, month))) == Period(year, month)


def test_time_progress_is_exact():
    assert Period(2021, 9).time_progress == Fraction(3, 4)
    assert Period(2021, 11).time_progress == Fraction(11, 12)
    assert Period(2021).time_progress == 1


def test_the_same_months_of_an_earlier_year():
    assert Period(2021, 9).years_before() == Period(2020, 9)
    assert Period(2021).years_before(2) == Period(2019)
