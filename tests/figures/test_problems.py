"""Problems that the rules find: which, in which order, beyond which bounds."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analysis.figures.answers import answered_by, codes_of
from analysis.figures.assess import assess
from analysis.figures.gather import gather
from analysis.figures.model import Paragraph, Problem
from analysis.figures.problems import RULES, problems_of, weight_of
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
        return problems_of(scheme, facts.period, rows, projects, duties, returned.paragraphs)

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


# ---- with their figures, and what the departments answer -----------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cells", "told"),
    [
        ("E01", {"actual": "50"}, "目标60万元，完成50万元，完成率83.3%"),
        ("E01", {"actual": "59.99999"}, "目标60万元，完成60万元，差不到0.0001万元"),
        ("E03", {"actual": "50.0001"}, "上限50万元，实际50.0001万元，超出0.0001万元"),
        ("E01", {"actual": "0"}, "目标60万元，完成0万元，完成率0.0%"),
        ("E03", {"actual": "51.5"}, "上限50万元，实际51.5万元，超出1.5万元"),
        ("S05", {"actual": "2"}, "零发生：发生2件"),
        ("S08", {"actual": "12"}, "控制数10件，实际12件，超出2件"),
        ("E05", {"actual": "40", "base": "120"}, "上年120万元，本年40万元，下降66.7%"),
    ],
)
def test_a_problem_states_its_figures(
    code: str,
    cells: dict[str, str],
    told: str,
    scheme: Scheme,
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    facts = make_facts(book={"E01": "60", "E03": "50", "S08": "10"})
    (problem,) = find(scheme, facts, returns().figures(code, scheme[code].owner, **cells))
    assert problem.figures == told
    assert problem.weight == weight_of(problem.rule) == RULES.index(problem.rule) + 1


@pytest.mark.parametrize(
    ("carried", "told"),
    [
        (None, "受理纠纷100件，化解纠纷90件，比率90.0%，目标率95%"),
        ("20", "受理纠纷100件，上年结转20件，化解纠纷90件，比率75.0%，目标率95%"),
    ],
)
def test_a_share_states_its_whole(
    carried: str | None, told: str, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="100")
    made.figures("S02", GOVERNANCE, actual="90", target="95", carried=carried)
    assert [problem.figures for problem in find(scheme, make_facts(), made)] == [told]


def test_a_share_is_printed_on_its_side_of_the_target_rate(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="3000")
    made.figures("S02", GOVERNANCE, actual="2849", target="95")
    assert [problem.figures for problem in find(scheme, make_facts(), made)] == [
        "受理纠纷3000件，化解纠纷2849件，比率94.97%，目标率95%"
    ]


def test_a_share_that_four_decimals_put_on_the_wrong_side_is_not_printed(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="30000000")
    made.figures("S02", GOVERNANCE, actual="28499999", target="95")
    (problem,) = find(scheme, make_facts(), made)
    assert problem.figures == "受理纠纷30000000件，化解纠纷28499999件，目标率95%"


def test_a_change_is_stated_with_the_base_that_it_is_computed_from(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
    find: Find,
) -> None:
    scheme = make_scheme(indicator(kind="count", comparable_since=2021, factor="0.5"))
    (problem,) = find(scheme, make_facts(), returns().figures("E01", actual="40", base="240"))
    assert problem.figures == "上年（按现行口径折算）120万元，本年40万元，下降66.7%"


def test_what_is_hardly_behind_has_no_rate_on_the_wrong_side(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    strict = tuple(c.model_copy(update={"value": 0}) if c.code == "missed_unexplained" else c for c in scheme.checks)
    made = returns().figures("E01", actual="74999999")
    (problem,) = find(replace(scheme, checks=strict), make_facts("2021-09", {"E01": "100000000"}), made)
    assert problem.figures == "目标100000000万元，完成74999999万元，序时进度75.0%"


def test_what_is_behind_states_the_time_progress(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    (problem,) = find(scheme, make_facts("2021-09", {"E01": "60"}), returns().figures("E01", actual="30"))
    assert (problem.figures, problem.weight) == ("目标60万元，完成30万元，完成率50.0%，序时进度75.0%", 7)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"stage": "在建", "progress": "80"}, "计划2021-09完成，阶段：在建，形象进度80%"),
        ({"stage": "未开工"}, "计划2021-09完成，阶段：未开工"),
        ({"stage": "已完成", "finished_month": "2021-11", "progress": "100"}, "计划2021-09完成，实际2021-11完成"),
    ],
)
def test_a_late_project_states_its_months(
    cells: dict[str, str], told: str, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().project("冷库", planned_month="2021-09", **cells)
    assert [(p.figures, p.weight) for p in find(scheme, make_facts(), made)] == [(told, 3)]


@pytest.mark.parametrize(
    ("month", "told"), [("2021-06", "计划2021-06完成，完成情况：逾期完成"), (None, "完成情况：逾期完成")]
)
def test_a_late_duty_states_how_it_was_done(
    month: str | None, told: str, scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    facts = make_facts(months={"M02": month} if month else {})
    assert [p.figures for p in find(scheme, facts, returns().row("duty", "M02", GOVERNANCE, status="逾期完成"))] == [
        told
    ]


PLANNED = {"stage": "在建", "planned_month": "2021-05"}


def test_answers_by_code_are_kept_with_their_problems(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, find: Find
) -> None:
    made = returns().figures("E01", actual="80").figures("E03", actual="51", note="防汛支出")
    made.project("甲", **PLANNED).project("乙", **PLANNED, reason="雨季")

    def write(category: str, paragraph: str, answers: str) -> None:
        made.row("text", None, ECONOMY, category=category, paragraph=paragraph, answers=answers)

    write("存在的问题", "资金未到位", "e01")
    write("存在的问题", "多次追加", "E03")
    write("存在的问题", "图纸变更", "Ｅ０４－１")
    write("存在的问题", "与问题无关", "P-1")
    write("下一步措施", "加快施工", "E04")
    write("下一步措施", "申请补助", "E01、E04-2")
    write("下一步措施", "召开调度会", "E01")
    write("工作情况", "已开工", "E01")
    by_name = {p.name: p for p in find(scheme, make_facts(book={"E01": "100", "E03": "50"}), made)}
    assert {name: (p.reason, p.measure) for name, p in by_name.items()} == {
        "E01": ("资金未到位", "申请补助\n召开调度会"),
        "E03": ("防汛支出", None),  # its row explains it
        "E04-1": ("图纸变更", "加快施工"),
        "E04-2": ("雨季", "加快施工\n申请补助"),
    }
    file = f"{ECONOMY}.xlsx"
    assert by_name["E01"].reason_source == f"[{file}]文字材料!L1"
    assert by_name["E01"].measure_source == f"[{file}]文字材料!L6"
    assert by_name["E03"].reason_source == "[财政所.xlsx]指标!E2"
    assert (by_name["E03"].measure_source, by_name["E04-1"].reason_source) == (None, f"[{file}]文字材料!L3")


@pytest.mark.parametrize(
    ("answers", "codes", "names"),
    [
        ("E04", ["E04"], ("E04-1", "E04-2")),
        ("e04 - 2", ["E04-2"], ("E04-2",)),
        ("Ｅ０４—１，E01", ["E04-1", "E01"], ("E04-1", "E01")),
        ("E04-1 E04", ["E04-1", "E04"], ("E04-1", "E04-2")),
        ("E041", ["E041"], ()),  # a code of another scheme, perhaps: of no problem here
        ("AE01", ["AE01"], ()),
        ("ABE01", [], ()),
        ("E0411", [], ()),
        (None, [], ()),
    ],
)
def test_codes_that_stand_beside_a_paragraph(answers: str | None, codes: list[str], names: tuple[str, ...]) -> None:
    problems = [Problem(name, name[:3], "project_late", ECONOMY) for name in ("E01", "E04-1", "E04-2")]
    paragraph = Paragraph(ECONOMY, "下一步措施", "x", "s", None, answers)
    assert codes_of(paragraph) == codes
    assert answered_by(paragraph, problems) == names
