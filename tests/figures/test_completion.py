"""Completion rate and state, and what a state counts as."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.completion import (
    OUTCOMES,
    STATE_NAMES,
    Completion,
    completion,
    share,
    share_completion,
)
from analysis.scheme import Indicator, Period

YEAR, SEPTEMBER = Period(2021), Period(2021, 9)
UP: dict[str, object] = {}
DOWN: dict[str, object] = {"direction": "down"}
INVERSE: dict[str, object] = {"direction": "down", "rate_rule": "inverse"}
CEILING: dict[str, object] = {"ceiling": "是"}
ZERO: dict[str, object] = {"kind": "zero", "direction": "down"}
NOT_DUE = [
    # period, planned month, actual of a target of 4, state
    ("2021-09", "2021-12", "3", "not_due"),
    ("2021-09", "2021-10", "0", "not_due"),
    ("2021-09", "2022-03", "1", "not_due"),
    ("2021-09", "2021-09", "2", "behind"),
    ("2021-09", "2021-06", "3", "on_track"),
    ("2021-09", "2021-12", "4", "met"),
    ("2021-09", "2021-12", "5", "exceeded"),
    ("2021-09", None, "0", "behind"),
    ("2021", "2022-03", "3", "missed"),
]
WHOLE_AND_PART = [
    # row, target, actual, rate, state of the year, state to September
    (UP, "1200", "1386", "1386/1200", "exceeded", "exceeded"),
    (UP, "1200", "1200", "1", "met", "met"),
    (UP, "1200", "1199.9999", "11999999/12000000", "missed", "on_track"),
    (UP, "1200", "900", "3/4", "missed", "on_track"),
    (UP, "1200", "899.99", "89999/120000", "missed", "behind"),
    (UP, "1200", "0", "0", "missed", "behind"),
    (CEILING, "8000", "8000.01", "800001/800000", "over_ceiling", "over_ceiling"),
    (CEILING, "8000", "8000", "1", "met", "met"),
    (CEILING, "8000", "7999", "7999/8000", "missed", "on_track"),
    (CEILING, "8000", "1", "1/8000", "missed", "behind"),
    (DOWN, "10", "8", "6/5", "exceeded", "within"),
    (DOWN, "10", "0", "2", "exceeded", "within"),
    (DOWN, "10", "10", "1", "met", "within"),
    (DOWN, "10", "10.5", "19/20", "missed", "missed"),
    (DOWN, "10", "25", "-1/2", "missed", "missed"),
    (INVERSE, "10", "8", "5/4", "exceeded", "within"),
    (INVERSE, "10", "10", "1", "met", "within"),
    (INVERSE, "10", "20", "1/2", "missed", "missed"),
    (INVERSE, "10", "0", None, "exceeded", "within"),
    (ZERO, None, "0", None, "kept", "kept"),
    (ZERO, None, "1", None, "broken", "broken"),
    (ZERO, None, "-1", None, "not_meaningful", "not_meaningful"),
    *[
        (row, target, actual, None, state, state)
        for row in (UP, CEILING, DOWN, INVERSE)
        for target, actual, state in (
            ("0", "0", "not_meaningful"),
            ("0", "5", "not_meaningful"),
            ("-5", "5", "not_meaningful"),
            ("5", "-1", "not_meaningful"),
            (None, "5", "no_target"),
            ("5", None, "not_reported"),
            (None, None, "not_reported"),
        )
    ],
    (ZERO, None, None, None, "not_reported", "not_reported"),
    ({"kind": "count"}, None, "5", None, "reported", "reported"),
    ({"kind": "count"}, None, None, None, "not_reported", "not_reported"),
    ({"kind": "fact"}, None, "5", None, "reported", "reported"),
]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@pytest.mark.parametrize(("period", "planned", "actual", "state"), NOT_DUE)
def test_a_target_is_not_due_before_its_month(
    period: str, planned: str | None, actual: str, state: str, indicator: Callable[..., Indicator]
) -> None:
    done = completion(indicator(), Period.parse(period), Decimal(4), Decimal(actual), planned)
    assert done == Completion(Fraction(actual) / 4, state)


@pytest.mark.parametrize(("row", "target", "actual", "rate", "whole", "part"), WHOLE_AND_PART)
def test_completion(
    row: dict[str, object],
    target: str | None,
    actual: str | None,
    rate: str | None,
    whole: str,
    part: str,
    indicator: Callable[..., Indicator],
) -> None:
    for period, state in ((YEAR, whole), (SEPTEMBER, part)):
        done = completion(indicator(**row), period, _decimal(target), _decimal(actual))
        assert done == Completion(_fraction(rate), state)


@pytest.mark.parametrize("month", range(1, 12))
def test_on_track_begins_exactly_at_the_time_progress(month: int, indicator: Callable[..., Indicator]) -> None:
    period, row = Period(2021, month), indicator()
    assert completion(row, period, Decimal(12), Decimal(month)).state == "on_track"
    assert completion(row, period, Decimal(12), Decimal(month) - Decimal("0.0000000001")).state == "behind"


@pytest.mark.parametrize(
    ("part", "whole", "carried", "target", "share", "year", "september"),
    [
        ("95", "100", None, "95", "19/20", "met", "met"),
        ("2999", "3000", None, "100", "2999/3000", "missed", "under_rate"),
        ("96", "100", None, "95", "24/25", "exceeded", "exceeded"),
        ("94.99", "100", None, "95", "9499/10000", "missed", "under_rate"),
        ("95", "95", "5", "95", "19/20", "met", "met"),
        ("99", "95", "5", "95", "99/100", "exceeded", "exceeded"),
        ("5", "0", "5", "95", "1", "exceeded", "exceeded"),
        ("0", "0", "0", "95", None, "no_cases", "no_cases"),
        ("0", "0", None, None, None, "no_cases", "no_cases"),
        ("3", "0", None, "95", None, "not_meaningful", "not_meaningful"),
        ("43", "40", None, None, "43/40", "above_whole", "above_whole"),
        ("40", "40", None, None, "1", "reported", "reported"),
        ("43", "40", "3", None, "1", "reported", "reported"),
        ("43", "40", "2", None, "43/42", "above_whole", "above_whole"),
        (None, "40", None, "95", None, "not_reported", "not_reported"),
        ("40", None, None, "95", None, "not_reported", "not_reported"),
        ("-1", "40", None, "95", None, "not_meaningful", "not_meaningful"),
        ("1", "-40", None, "95", None, "not_meaningful", "not_meaningful"),
        ("1", "40", "-1", "95", None, "not_meaningful", "not_meaningful"),
        ("1", "40", None, "0", "1/40", "not_meaningful", "not_meaningful"),
        ("1", "40", None, None, "1/40", "reported", "reported"),
    ],
)
def test_shares(
    part: str | None,
    whole: str | None,
    carried: str | None,
    target: str | None,
    share: str | None,
    year: str,
    september: str,
    indicator: Callable[..., Indicator],
) -> None:
    row = indicator(kind="ratio", whole="S01", unit="件")
    rate = None if target is None else Fraction(target) / 100
    for period, state in ((YEAR, year), (SEPTEMBER, september)):
        done = share_completion(row, period, _decimal(part), _decimal(whole), _decimal(carried), rate)
        assert done == Completion(_fraction(share), state)


@pytest.mark.parametrize("missing", range(2))
def test_a_share_of_something_unknown_is_unknown(missing: int) -> None:
    figures: list[Decimal | None] = [Decimal(1), Decimal(2)]
    figures[missing] = None
    assert share(*figures) is None
    assert share(Decimal(1), Decimal(0)) is None
    assert share(Decimal(1), Decimal(2), Decimal(2)) == Fraction(1, 4)


@given(st.decimals(min_value="0.0001", max_value=10**9, places=4), st.decimals(min_value=0, max_value=10**9, places=4))
def test_states_follow_exact_figures_alone(target: Decimal, actual: Decimal) -> None:
    make = {"code": "E01", "chapter": "章", "name": "投资", "unit": "万元", "kind": "target", "owner": "财政所"}
    up = completion(Indicator(direction="up", **make), YEAR, target, actual)
    down = completion(Indicator(direction="down", **make), YEAR, target, actual)
    order = (actual > target) - (actual < target)
    assert up.state == ("met", "exceeded", "missed")[order]
    assert down.state == ("met", "missed", "exceeded")[order]
    assert up.rate is not None
    assert down.rate is not None
    assert up.rate + down.rate == 2
    assert up.rate * Fraction(target) == Fraction(actual)


OF_THE_YEAR = {
    "完成": {"exceeded", "met", "over_ceiling", "kept", "done", "late"},
    "进行中": {"on_track", "behind", "within", "under_rate", "under_way"},
    "未到期": {"not_due"},
    "未完成": {"missed", "broken", "undone"},
    "无法评价": {"not_reported", "no_target", "not_meaningful", "no_cases"},
}


@pytest.mark.parametrize(("outcome", "states"), OF_THE_YEAR.items())
def test_outcomes(outcome: str, states: set[str]) -> None:
    assert {state for state, counted in OUTCOMES.items() if counted == outcome} == states


def test_every_state_has_a_name_and_only_what_is_assessed_an_outcome() -> None:
    assert set(STATE_NAMES) - set(OUTCOMES) == {"reported", "above_whole"}
    assert Completion(None, "reported").outcome is None
    assert Completion(None, "kept").outcome == "完成"


def test_a_whole_year_leaves_no_target_under_way() -> None:
    part_only = {"on_track", "behind", "within", "under_rate"}
    assert not part_only & {whole for *_, whole, _ in WHOLE_AND_PART}
    assert part_only - {"under_rate"} <= {part for *_, part in WHOLE_AND_PART}
