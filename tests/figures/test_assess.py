"""Every indicator assessed: which figures, from where, and what follows from them."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analysis.figures.completion import OUTCOMES
from analysis.figures.model import Assessment
from analysis.scheme import Facts, Indicator, Period, Scheme

GOVERNANCE, ECONOMY = "社会治理办公室", "经济发展办公室"
Assess = Callable[..., dict[str, Assessment]]
Make = Callable[..., Any]


def test_the_target_book_prevails_over_the_return(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    made = returns().figures("E01", target="100", actual="110").figures("E03", target="50", actual="50")
    rows = assessed(scheme, make_facts(book={"E01": "120", "E03": "待定"}), made)
    assert (rows["E01"].target, rows["E01"].target_source) == (120, "[targets/2021.csv]!C2")
    assert (rows["E01"].state, rows["E01"].rate) == ("missed", Fraction(11, 12))
    assert (rows["E03"].target, rows["E03"].target_source) == (50, "[财政所.xlsx]指标!A2")  # unreadable in the book
    assert rows["E03"].state == "met"


def test_a_zero_target_of_the_book_prevails_too(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    rows = assessed(scheme, make_facts(book={"E01": "0"}), returns().figures("E01", target="100", actual="110"))
    assert (rows["E01"].state, rows["E01"].outcome, rows["E01"].rate) == ("not_meaningful", "无法评价", None)


@pytest.mark.parametrize(
    ("stated", "last", "base", "source", "returned_base"),
    [
        ("90", "90", "90", "[财政所.xlsx]指标!C1", None),
        ("90", "90.0", "90", "[财政所.xlsx]指标!C1", None),
        ("91", "90", "91", "[财政所.xlsx]指标!C1", "90"),  # restated: this year's return counts, both are kept
        (None, "90", "90", "[2020/财政所.xlsx]指标!B1", None),
        ("91", None, "91", "[财政所.xlsx]指标!C1", None),
        ("0", "90", "0", "[财政所.xlsx]指标!C1", "90"),
        (None, None, None, None, None),
    ],
)
def test_the_base_is_this_years_return_or_else_last_years(
    stated: str | None,
    last: str | None,
    base: str | None,
    source: str | None,
    returned_base: str | None,
    scheme: Scheme,
    make_facts: Callable[..., Facts],
    returns: Make,
    assessed: Assess,
) -> None:
    now = returns().figures("E01", actual="100", base=stated)
    row = assessed(scheme, make_facts(), now, {2020: returns("2020/").figures("E01", actual=last)})["E01"]
    assert row.base == (None if base is None else Decimal(base))
    assert row.base_source == source
    assert row.returned_base == (None if returned_base is None else Decimal(returned_base))
    assert row.returned_base_source == ("[2020/财政所.xlsx]指标!B1" if returned_base else None)
    assert row.change_state == ("no_base" if base is None else "from_zero" if base == "0" else "up")


def test_an_older_year_is_no_base(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    earlier = {2019: returns("2019/").figures("E01", actual="90")}
    row = assessed(scheme, make_facts(), returns().figures("E01", actual="100"), earlier)["E01"]
    assert (row.base, row.change_state, row.change) == (None, "no_base", None)


def test_a_ratio_has_its_share_its_target_rate_and_its_base_share(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    now = returns().figures("S01", GOVERNANCE, actual="95", base="110")
    now.figures("S02", GOVERNANCE, actual="96", base="100", carried="5")
    last = returns("2020/").figures("S01", GOVERNANCE, actual="110")
    last.figures("S02", GOVERNANCE, actual="100", carried="15")
    row = assessed(scheme, make_facts(book={"S02": "95"}), now, {2020: last})["S02"]
    assert (row.rate, row.base_share, row.state) == (Fraction(96, 100), Fraction(100, 125), "exceeded")
    assert (row.change, row.change_state, row.change_absolute) == (Fraction(16, 100), "up", None)
    assert (row.whole, row.whole_base, row.carried, row.base_carried) == (95, 110, 5, 15)
    assert row.whole_source == f"[{GOVERNANCE}.xlsx]指标!B1"
    assert row.base_carried_source == f"[2020/{GOVERNANCE}.xlsx]指标!D2"


def test_a_base_share_above_the_whole_is_no_base(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    now = returns().figures("S01", GOVERNANCE, actual="95", base="100")
    now.figures("S02", GOVERNANCE, actual="90", base="104")
    row = assessed(scheme, make_facts(), now)["S02"]
    assert (row.base_share, row.change_state, row.change) == (Fraction(104, 100), "no_base", None)
    assert (row.state, row.outcome) == ("reported", None)  # no target rate: told, not assessed


@pytest.mark.parametrize(
    ("actual", "base", "before", "years"),
    [
        ("0", None, {}, 1),
        ("0", "0", {}, 2),
        ("0", "1", {}, 1),
        ("0", None, {2020: "0"}, 2),
        ("0", None, {2020: "0", 2019: "0", 2018: "0"}, 4),
        ("0", "0", {2020: "0", 2019: "2", 2018: "0"}, 2),
        ("0", None, {2020: "0", 2018: "0"}, 2),  # 2019 is not known: what lies behind it does not count
        ("0", "0", {2019: "0"}, 3),  # the base stands for 2020
        ("0", None, {2019: "0"}, 1),
        ("0", None, {2020: None, 2019: "0"}, 1),
        ("1", "0", {2020: "0"}, 0),
        (None, "0", {2020: "0"}, 0),
        ("-1", "0", {2020: "0"}, 0),
    ],
)
def test_years_kept_running(
    actual: str | None,
    base: str | None,
    before: dict[int, str | None],
    years: int,
    scheme: Scheme,
    make_facts: Callable[..., Facts],
    returns: Make,
    assessed: Assess,
) -> None:
    now = returns().figures("S05", GOVERNANCE, actual=actual, base=base)
    earlier = {year: returns(f"{year}/").figures("S05", GOVERNANCE, actual=typed) for year, typed in before.items()}
    row = assessed(scheme, make_facts(), now, earlier)["S05"]
    assert row.zero_years == years
    assert row.change is None


@pytest.mark.parametrize(("base", "last", "years"), [("1", "0", 1), ("0", "1", 2)])
def test_years_kept_follow_a_restated_base(
    base: str, last: str, years: int, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    now = returns().figures("S05", GOVERNANCE, actual="0", base=base)
    earlier = {2020: returns("2020/").figures("S05", GOVERNANCE, actual=last)}
    assert assessed(scheme, make_facts(), now, earlier)["S05"].zero_years == years


@pytest.mark.parametrize("period", ["2021", "2021-09"])
def test_outcomes_of_the_opening_add_up(
    period: str, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    now = returns().figures("E01", actual="80").figures("E03", actual="51").figures("E05", actual="3")
    now.figures("S01", GOVERNANCE, actual="0").figures("S02", GOVERNANCE, actual="0")
    now.figures("S05", GOVERNANCE, actual="0").figures("S08", GOVERNANCE, actual="8")
    now.figures("H07", GOVERNANCE, actual="2").row("duty", "M02", GOVERNANCE, status="未到期")
    now.project("冷库", stage="在建", planned_month="2021-10").project("二期", stage="已完成", planned_month="2021-05")
    book = {"E01": "100", "E03": "50", "S02": "95", "S08": "10"}
    rows = assessed(scheme, make_facts(period, book, {"M02": "2021-11"}), now)
    assert list(rows) == ["E01", "E03", "E04", "E05", "S01", "S02", "S05", "S08", "H07", "M02", "Q01"]
    counted = {code: row.outcome for code, row in rows.items() if row.outcome is not None}
    assert set(counted) == {"E01", "E03", "E04", "S02", "S05", "S08", "M02"}
    whole_year = {"E01": "未完成", "E03": "完成", "E04": "未完成", "S02": "无法评价", "S05": "完成", "S08": "完成"}
    part = {"E01": "进行中", "E03": "完成", "E04": "进行中", "S02": "无法评价", "S05": "完成", "S08": "进行中"}
    assert counted == (whole_year | {"M02": "未完成"} if period == "2021" else part | {"M02": "未到期"})
    assert all(row.outcome == OUTCOMES[row.state] for row in rows.values() if row.outcome is not None)


def test_nothing_returned_is_nothing_known(scheme: Scheme, make_facts: Callable[..., Facts], returns: Make) -> None:
    from analysis.figures.assess import assess
    from analysis.figures.gather import Returned
    from analysis.figures.works import duties_of

    facts = make_facts(book={"E01": "100"})
    rows = assess(scheme, facts, Returned(), {}, (), list(duties_of(scheme, facts, Returned())))
    assert {row.state for row in rows} == {"not_reported"}
    assert {row.outcome for row in rows} == {"无法评价", None}
    assert all(row.actual is None and row.rate is None and row.change is None for row in rows)
    assert rows[0].target == 100


def test_a_row_counts_by_the_worst_of_the_projects_with_a_month(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    made = returns().project("甲", stage="已完成", planned_month="2021-05", finished_month="2021-06")
    assert assessed(scheme, make_facts(), made)["E04"].state == "late"
    made.project("明年的", stage="未开工", planned_month="2022-05").project("没有月份的", stage="未开工")
    assert assessed(scheme, make_facts(), made)["E04"].state == "late"
    made.project("乙", stage="未开工", planned_month="2021-12")
    row = assessed(scheme, make_facts(), made)["E04"]
    assert (row.state, row.outcome) == ("undone", "未完成")


def test_projects_without_a_month_are_told_and_not_assessed(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    row = assessed(scheme, make_facts(), returns().project("甲", stage="在建"))["E04"]
    assert (row.state, row.outcome) == ("reported", None)
    row = assessed(scheme, make_facts(), returns())["E04"]
    assert (row.state, row.outcome) == ("not_reported", "无法评价")


def test_a_project_of_the_target_book_that_is_left_out_is_missed(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    facts = make_facts(months={("E04", "冷库"): "2021-05", ("E04", "加工厂"): "2021-09"})
    made = returns().project("冷库", stage="已完成", planned_month="2021-05", finished_month="2021-05")
    assert assessed(scheme, facts, made)["E04"].outcome != "完成"


@pytest.mark.parametrize("changed", ["S01", "S02"])
def test_a_ratio_whose_definition_changed_is_not_compared(
    changed: str,
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    assessed: Assess,
) -> None:
    rows = [
        indicator(code=code, owner=GOVERNANCE, unit="件", comparable_since=2021 if code == changed else None, **more)
        for code, more in (("S01", {"kind": "count"}), ("S02", {"kind": "ratio", "whole": "S01"}))
    ]
    now = returns().figures("S01", GOVERNANCE, actual="100", base="100")
    now.figures("S02", GOVERNANCE, actual="95", base="90")
    assert assessed(make_scheme(*rows), make_facts(), now)["S02"].change_state == "not_comparable"


def test_a_ratio_that_should_fall_is_not_praised_for_rising(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    assessed: Assess,
) -> None:
    whole = indicator(code="S01", kind="count", unit="件")
    try:
        part = indicator(code="S02", kind="ratio", whole="S01", unit="件", direction="down")
    except ValueError:
        return
    now = returns().figures("S01", actual="100").figures("S02", actual="20", target="10")
    assert assessed(make_scheme(whole, part), make_facts(), now)["S02"].state == "missed"


def test_a_change_is_from_the_base_by_its_factor(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    assessed: Assess,
) -> None:
    scheme = make_scheme(indicator(kind="count", comparable_since=2021, factor="2"))
    row = assessed(scheme, make_facts(), returns().figures("E01", actual="240", base="100"))["E01"]
    assert (row.base, row.change, row.change_absolute) == (100, Fraction(1, 5), 40)


def test_a_part_of_a_year_stands_against_its_time_progress(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, assessed: Assess
) -> None:
    facts = make_facts("2021-09", {"E01": "1200"})
    for actual, state in (("900", "on_track"), ("899.99", "behind"), ("1200", "met")):
        assert assessed(scheme, facts, returns().figures("E01", actual=actual))["E01"].state == state
    assert facts.period == Period(2021, 9)
