"""Problems that the rules find: which, in which order, beyond which bounds."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analysis.figures.assess import assess
from analysis.figures.gather import gather
from analysis.figures.model import Problem
from analysis.figures.problems import RULES, problems_of
from analysis.figures.works import duties_of, projects_of
from analysis.scheme import Check, Facts, Indicator, Period, Scheme

GOVERNANCE, ECONOMY = "社会治理办公室", "经济发展办公室"
Find = Callable[..., list[Problem]]
Make = Callable[..., Any]


@pytest.fixture
def find() -> Find:
    def run(scheme: Scheme, facts: Facts, made: Any) -> list[Problem]:
        returned = gather(scheme, made.values)
        projects, duties = list(projects_of(scheme, facts, returned)), list(duties_of(scheme, facts, returned))
        rows = assess(scheme, facts, returned, {}, projects, duties)
        return problems_of(scheme, facts.period, rows, projects, duties)

    return run


def _told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.name, problem.rule) for problem in problems]


def test_heaviest_first_and_then_as_the_scheme_orders(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    book = {"E01": "100", "E03": "50", "S02": "95", "S08": "10"}
    made = returns().figures("E01", actual="80", base="300", note="资金未到位").figures("E03", actual="51")
    made.figures("E05", actual="10", base="100")
    made.figures("S01", GOVERNANCE, actual="10").figures("S02", GOVERNANCE, actual="9")
    made.figures("S05", GOVERNANCE, actual="1").figures("S08", GOVERNANCE, actual="12")
    made.row("duty", "M02", GOVERNANCE, status="逾期完成", note="人手不足")
    made.project("甲", stage="已完成", planned_month="2021-05", finished_month="2021-05")
    made.project("乙", stage="在建", planned_month="2021-05", reason="雨季")
    made.project("丙", stage="已完成", planned_month="2021-05", finished_month="2021-06")
    problems = find(scheme, make_facts(book=book), made)
    assert _told(problems) == [
        ("S05", "zero_broken"),
        ("E01", "target_missed"),  # once, although it fell beyond the bound too
        ("S08", "target_missed"),
        ("E04-2", "project_late"),
        ("E04-3", "project_late"),
        ("M02", "duty_late"),
        ("S02", "share_under"),
        ("E03", "over_ceiling"),
        ("E05", "change_beyond"),
    ]
    by_name = {problem.name: problem for problem in problems}
    assert (by_name["E01"].reason, by_name["E01"].department) == ("资金未到位", "财政所")
    assert by_name["E01"].reason_source == "[财政所.xlsx]指标!E1"
    assert (by_name["E04-2"].code, by_name["E04-2"].item, by_name["E04-2"].reason) == ("E04", "乙", "雨季")
    assert by_name["E04-3"].reason is None
    assert (by_name["M02"].reason, by_name["M02"].department) == ("人手不足", GOVERNANCE)


def test_a_part_of_the_year(scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find) -> None:
    made = returns().figures("E01", actual="60").figures("E03", actual="51")
    made.figures("S01", GOVERNANCE, actual="10").figures("S02", GOVERNANCE, actual="9")
    made.figures("S08", GOVERNANCE, actual="8").row("duty", "M02", GOVERNANCE, status="未完成")
    made.project("甲", stage="在建", planned_month="2021-10").project("乙", stage="未开工", planned_month="2021-09")
    facts = make_facts("2021-09", {"E01": "100", "E03": "50", "S02": "95", "S08": "10"}, {"M02": "2021-10"})
    assert _told(find(scheme, facts, made)) == [
        ("E04-2", "project_late"),
        ("S02", "share_under"),
        ("E03", "over_ceiling"),
        ("E01", "behind"),
    ]


@pytest.mark.parametrize(
    ("actual", "found"), [("70", False), ("69.9999", True), ("75", False), ("0", True), ("70.0001", False)]
)
def test_behind_is_a_problem_beyond_five_points_only(
    actual: str, found: bool, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    problems = find(scheme, make_facts("2021-09", {"E01": "100"}), returns().figures("E01", actual=actual))
    assert _told(problems) == ([("E01", "behind")] if found else [])


def test_behind_by_thirds_is_held_exactly(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    facts = make_facts("2021-11", {"E01": "600"})  # 11/12 − 5 points = 520/600
    assert _told(find(scheme, facts, returns().figures("E01", actual="520"))) == []
    assert _told(find(scheme, facts, returns().figures("E01", actual="519.9999"))) == [("E01", "behind")]


@pytest.mark.parametrize(
    ("row", "base", "actual", "found"),
    [
        ({"direction": "up"}, "200", "100", False),
        ({"direction": "up"}, "200", "99.99", True),
        ({"direction": "up"}, "200", "900", False),  # a rise of an `up` row is no problem
        ({"direction": "down"}, "200", "300", False),
        ({"direction": "down"}, "200", "300.01", True),
        ({"direction": "down"}, "200", "1", False),
        ({"direction": "neutral"}, "200", "1", False),
        ({"direction": "neutral"}, "200", "900", False),
        ({"direction": "up", "change_bound": "20"}, "200", "160", False),
        ({"direction": "up", "change_bound": "20"}, "200", "159.99", True),
        ({"direction": "up", "change_bound": "0"}, "200", "200", False),
        ({"direction": "up", "change_bound": "0"}, "200", "199.99", True),
        ({"direction": "up", "unit": "件"}, "9", "1", False),  # a small base
        ({"direction": "up", "unit": "件"}, "10", "4", True),
        ({"direction": "up"}, None, "1", False),
        ({"direction": "down"}, "0", "5", False),
        ({"direction": "up"}, "-200", "1", False),
        ({"direction": "up", "compare": "否"}, "200", "1", False),
        ({"direction": "up", "comparable_since": 2021}, "200", "1", False),
    ],
)
def test_a_change_for_the_worse_beyond_its_bound(
    row: dict[str, Any],
    base: str | None,
    actual: str,
    found: bool,
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    scheme = make_scheme(indicator(**{"kind": "count"} | row))
    problems = find(scheme, make_facts(), returns().figures("E01", actual=actual, base=base))
    assert _told(problems) == ([("E01", "change_beyond")] if found else [])


def test_within_a_rule_what_fell_furthest_short_comes_first(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("E01", actual="99").figures("E03", actual="49").figures("S08", GOVERNANCE, actual="15")
    problems = find(scheme, make_facts(book={"E01": "100", "E03": "100", "S08": "10"}), made)
    assert [problem.name for problem in problems] == ["E03", "S08", "E01"]


@pytest.mark.parametrize(
    ("period", "actual", "found"),
    [("2021", "100", []), ("2021-09", "80", ["change_beyond"]), ("2021", "99", ["target_missed"])],
)
def test_a_target_that_was_met_is_no_problem_because_last_years_figure_was_larger(
    period: str,
    actual: str,
    found: list[str],
    scheme: Scheme,
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    made = returns().figures("E01", actual=actual, base="900")
    assert [problem.rule for problem in find(scheme, make_facts(period, {"E01": "100"}), made)] == found


def test_shares_are_ordered_by_their_distance_to_their_target_rates(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    more = {"kind": "ratio", "whole": "S01", "unit": "件"}
    rows = [indicator(code="S01", kind="count", unit="件"), *(indicator(code=c, **more) for c in ("S02", "S03"))]
    made = returns().figures("S01", actual="100").figures("S02", actual="90", target="91")
    made.figures("S03", actual="94", target="100")
    assert [problem.name for problem in find(make_scheme(*rows), make_facts(), made)] == ["S03", "S02"]


@pytest.mark.parametrize(
    ("code", "actual", "found"),
    [
        ("E01", "100", None),
        ("E01", "99.9999", "target_missed"),
        ("E01", None, None),
        ("E03", "50", None),
        ("E03", "50.01", "over_ceiling"),
        ("S08", "10", None),
        ("S08", "11", "target_missed"),
        ("S05", "0", None),
        ("S05", "1", "zero_broken"),
        ("S05", None, None),
    ],
)
def test_both_sides_of_a_target(
    code: str,
    actual: str | None,
    found: str | None,
    scheme: Scheme,
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    facts = make_facts(book={"E01": "100", "E03": "50", "S08": "10"})
    problems = find(scheme, facts, returns().figures(code, scheme[code].owner, actual=actual))
    assert _told(problems) == ([(code, found)] if found else [])


@pytest.mark.parametrize(("part", "found"), [("95", False), ("94", True)])
def test_both_sides_of_a_target_rate(
    part: str, found: bool, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="100").figures("S02", GOVERNANCE, actual=part, target="95")
    assert _told(find(scheme, make_facts(), made)) == ([("S02", "share_under")] if found else [])


def test_the_rules_are_those_of_the_report() -> None:
    assert RULES[:4] == ("zero_broken", "target_missed", "project_late", "duty_late")
    assert RULES[4:] == ("share_under", "over_ceiling", "behind", "change_beyond")


def test_a_scheme_whose_bound_is_missing_is_refused(scheme: Scheme, indicator: Callable[..., Indicator]) -> None:
    check = Check(code="missed_unexplained", group="x", severity="warning", wording="", remedy="")
    broken = Scheme((indicator(),), scheme.departments, (), (check, *scheme.checks[1:]), (), ())
    with pytest.raises(ValueError, match="missed_unexplained"):
        problems_of(broken, Period(2021), [], [], [])


def test_bounds_are_compared_without_floats() -> None:
    assert not Fraction(1, 20) * 100 > Decimal(5)
    assert Fraction(1, 20) * 100 + Fraction(1, 10**30) > Decimal(5)
