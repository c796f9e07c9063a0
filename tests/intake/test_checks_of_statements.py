"""Rates and numbers that a return states beside its figures, on both sides of what still agrees with them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from analysis.intake.checks.arithmetic import shares_are_at_most_one
from analysis.intake.checks.context import Context
from analysis.intake.checks.domain import figures_are_within_bounds
from analysis.intake.checks.registry import NotEvaluated, Passed
from analysis.intake.checks.stated import agrees, stated_rates_are_the_computed_ones
from analysis.intake.checks.text_figures import texts_agree_with_figures
from analysis.intake.exact import rounded
from analysis.intake.found import Found
from analysis.intake.frames import Value

OWNERS = {"E": "经济发展办公室", "R": "水利站", "S": "社会治理办公室"}


@pytest.fixture
def context(scheme, facts):
    """A return of one department: figures by code, then paragraphs or notes."""

    def make(figures, texts=(), parts=(), category="工作情况", **changes):
        by = OWNERS[next(iter(figures))[0]]
        values = []

        def keep(table, code, item, line, name, number=None, text=None):
            shown = text if number is None else str(number)
            exact = None if number is None else Decimal(str(number))
            sheet = {"indicator": "指标", "part": "分项", "text": "文字材料"}[table]
            values.append(Value(by, "f", sheet, f"A{line}", table, code, item, line, name, shown or "", exact, text))

        for line, (code, cells) in enumerate(figures.items(), 1):
            for name, number in cells.items():
                keep("indicator", code, "", line, name, number)
        for line, (code, item, amount) in enumerate(parts, 1):
            keep("part", code, item, line, "amount", amount)
        for line, text in enumerate(texts, 1):
            keep("text", None, str(line), line, "category", text=category)
            keep("text", None, str(line), line, "paragraph", text=text)
        changed = changes.pop("facts", facts)
        return Context(by, values, changes.pop("scheme", scheme), changed, "f")

    return make


def sides(results):
    """What came out, in a word each."""
    names = {Found: "found", Passed: "passed", NotEvaluated: "not evaluated"}
    return [names[type(result)] for result in results]


def test_a_rate_that_is_empty_or_that_nobody_can_read_is_held_against_nothing(context):
    figures = {"E01": {"target": 100, "actual": 90, "rate": None, "growth": None}}
    assert sides(stated_rates_are_the_computed_ones(context(figures))) == []


@pytest.mark.parametrize(
    ("stated", "exact", "agreed"),
    [
        ("83.3", Fraction(500, 6), True),
        ("83.33", Fraction(500, 6), True),
        ("83", Fraction(500, 6), True),
        ("83.4", Fraction(500, 6), False),
        ("80", Fraction(500, 6), False),
        ("0.5", Fraction(45, 100), True),  # half up
        ("0.4", Fraction(45, 100), False),
        ("-0.5", Fraction(-45, 100), True),  # half away from zero
        ("-0.4", Fraction(-45, 100), False),
        ("100", Fraction(9996, 100), True),  # as it was rounded
        ("100", Fraction(9949, 100), False),
        ("83.3333333333333", Fraction(500, 6), True),  # a formula's
        ("66.6666666666667", Fraction(200, 3), True),
        ("66.67666666666", Fraction(200, 3), False),
    ],
)
def test_a_stated_rate_is_the_exact_one_rounded_to_its_own_decimals(stated, exact, agreed):
    assert agrees(Decimal(stated), exact) is agreed


@pytest.mark.parametrize(
    ("exact", "decimals", "shown"), [(Fraction(5, 2), 0, "3"), (Fraction(-5, 2), 0, "-3"), (Fraction(1, 3), 2, "0.33")]
)
def test_halves_go_away_from_zero(exact, decimals, shown):
    assert str(rounded(exact, decimals)) == shown


@pytest.mark.parametrize(
    ("figures", "name", "stated", "side"),
    [
        ({"E01": {"actual": 14000}}, "rate", "50", "passed"),  # of the target book's 28000
        ({"E01": {"actual": 14000, "target": 20000}}, "rate", "70", "found"),
        ({"E01": {"actual": None}}, "rate", "50", "not evaluated"),
        ({"E05": {"actual": 10}}, "rate", "50", "not evaluated"),  # a count has none
        ({"R02": {"actual": 20}, "R03": {"actual": 19}}, "rate", "95", "passed"),
        ({"R02": {"actual": 20}, "R03": {"actual": 19}}, "rate", "100", "found"),  # not against the target rate
        ({"R02": {"actual": 0}, "R03": {"actual": 0}}, "rate", "100", "not evaluated"),
        ({"S01": {"actual": 90}, "S02": {"actual": 95, "carried": 10}}, "rate", "95", "passed"),
        ({"S01": {"actual": 90}, "S02": {"actual": 95, "carried": 10}}, "rate", "105.6", "found"),
        ({"S08": {"actual": 8}}, "rate", "120", "passed"),  # 2 - 8/10
        ({"S08": {"actual": 8}}, "rate", "80", "found"),
        ({"S08": {"actual": 25}}, "rate", "0", "passed"),
        ({"S05": {"actual": 0}}, "rate", "100", "not evaluated"),
        ({"S02": {"actual": 95}}, "rate", "90", "not evaluated"),  # its whole is not there
        ({"E01": {"actual": 30000, "base": 26000}}, "growth", "15.4", "passed"),
        ({"E01": {"actual": 30000, "base": 26000}}, "growth", "15.3", "found"),
        ({"E01": {"actual": 24000, "base": 26000}}, "growth", "-7.7", "passed"),
        ({"E01": {"actual": 24000, "base": 26000}}, "growth", "7.7", "found"),
        ({"E01": {"actual": 30000, "base": 0}}, "growth", "100", "not evaluated"),
        ({"E01": {"actual": 30000}}, "growth", "100", "not evaluated"),
        ({"R02": {"actual": 20}, "R03": {"actual": 19, "base": 10}}, "growth", "90", "not evaluated"),
    ],
)
def test_a_stated_rate(context, figures, name, stated, side):
    *_, last = figures
    figures = {**figures, last: {**figures[last], name: stated}}
    assert sides(stated_rates_are_the_computed_ones(context(figures))) == [side]


def test_a_rate_that_differs_is_told_with_its_formula(context):
    figures = {"S01": {"actual": 90}, "S02": {"actual": 95, "carried": 10, "rate": "90"}}
    (found,) = stated_rates_are_the_computed_ones(context(figures))
    assert found.marks == {"found": "90%", "expected": "95%", "formula": "95÷（90＋10）"}
    assert (found.place.code, found.place.heading) == ("S02", "完成率")


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ({"carried": 10}, "不超过100起（90加上年结转10）"),
        ({"carried": 0}, "不超过90起"),
        ({}, "不超过90起（有上年结转的，请填写上年结转数）"),
    ],
)
def test_a_part_above_its_whole_is_an_error_whatever_is_said_unless_the_cases_carried_over_make_it_up(
    context, carried, expected
):
    figures = {"S01": {"actual": 90}, "S02": {"actual": 105, **carried}}
    (found,) = (r for r in shares_are_at_most_one(context(figures)) if isinstance(r, Found))
    assert (found.check, found.marks["expected"]) == ("part_above_whole_strict", expected)


@pytest.mark.parametrize(
    ("bounds", "actual", "expected"),
    [
        ({"lower": None, "upper": Decimal("1E+3")}, 1200, "不超过1000万元"),
        ({"lower": Decimal("1E+3"), "upper": None}, 800, "不低于1000万元"),
        ({"lower": Decimal("1E+3"), "upper": Decimal("1.5E+3")}, 800, "1000至1500万元"),
    ],
)
def test_bounds_are_told_in_plain_numbers(context, scheme, bounds, actual, expected):
    rows = tuple(i.model_copy(update=bounds) if i.code == "E01" else i for i in scheme.indicators)
    (found,) = figures_are_within_bounds(context({"E01": {"actual": actual}}, scheme=replace(scheme, indicators=rows)))
    assert found.marks["expected"] == expected


def test_an_inverse_rule_and_a_new_definition(context, scheme):
    def changed(code, **changes):
        rows = tuple(i.model_copy(update=changes) if i.code == code else i for i in scheme.indicators)
        return replace(scheme, indicators=rows)

    inverse = context({"S08": {"actual": 8, "rate": 125}}, scheme=changed("S08", rate_rule="inverse"))
    assert sides(stated_rates_are_the_computed_ones(inverse)) == ["passed"]
    anew = context({"E05": {"actual": 9, "base": 3, "growth": 1}}, scheme=changed("E05", comparable_since=2021))
    assert sides(stated_rates_are_the_computed_ones(anew)) == ["not evaluated"]


E01 = {"E01": {"actual": 30000, "target": 28000, "base": 26000}}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("全年完成固定资产投资30000万元。", "passed"),
        ("固定资产投资完成3亿元，超额完成任务", "passed"),  # converted
        ("固定资产投资累计完成 30,000 万元", "passed"),
        ("固定资产投资２８０００万元", "passed"),  # the target
        ("固定资产投资4000万元", "passed"),  # a difference
        ("全年完成固定资产投资31000万元。", "found"),
        ("固定资产投资达到3.1亿元", "found"),
        ("固定资产投资：31000万元", "found"),
        ("2021年固定资产投资31000万元", "found"),
        # nothing is said where name, number and unit are not next to each other, or it is not the year's whole figure
        ("固定资产投资项目开工12个，完成31000万元", None),
        ("固定资产投资增长15.4%", None),
        ("固定资产投资31000个", None),
        ("固定资产投资惠及3万户", None),
        ("固定资产投资3万户", None),
        ("固定资产投资约31000万元", None),
        ("固定资产投资31000余万元", None),
        ("固定资产投资完成31000万元/年", None),
        ("力争完成固定资产投资31000万元", None),
        ("下一步，我镇将抓好项目，完成固定资产投资31000万元", None),
        ("明年计划固定资产投资31000万元", None),
        ("上半年固定资产投资完成11000万元", None),
        ("其中固定资产投资11000万元", None),
        ("柳坪村固定资产投资11000万元", None),
        ("1至9月固定资产投资11000万元", None),
        ("2020年固定资产投资27000万元", None),
        ("较去年固定资产投资27000万元有所增加", None),
        ("", None),
    ],
)
def test_a_number_in_a_text(context, text, side):
    results = sides(texts_agree_with_figures(context(E01, [text])))
    assert results == ([side] if side else [])


def test_what_is_told_names_both(context):
    (found,) = texts_agree_with_figures(context(E01, ["全年完成固定资产投资31000万元。"]))
    assert found.place.cell == "A1"
    assert found.marks == {
        "found": "固定资产投资31000万元",
        "about": "固定资产投资（E01）",
        "expected": "目标任务数28000万元、完成数30000万元、上年同期数26000万元",
    }


def test_a_measure_is_a_plan(context):
    assert sides(texts_agree_with_figures(context(E01, ["固定资产投资31000万元"], category="下一步措施"))) == []


def test_a_part_may_be_told_as_well(context):
    figures = {"E02": {"actual": 4200}}
    parts = [("E02", "农田建设", 3000), ("E02", "道路改造", 1200)]
    assert sides(texts_agree_with_figures(context(figures, ["争取项目资金3000万元"], parts))) == ["passed"]
    assert sides(texts_agree_with_figures(context(figures, ["争取项目资金3100万元"], parts))) == ["found"]


def test_a_longer_name_of_another_indicator_is_not_taken_for_a_shorter_one(context):
    figures = {"S01": {"actual": 100}, "S02": {"actual": 95}}
    texts = ["受理矛盾纠纷100起，化解矛盾纠纷95起", "化解矛盾纠纷100起", "调处矛盾纠纷80起"]
    assert sides(texts_agree_with_figures(context(figures, texts))) == ["passed", "passed", "found"]


@pytest.mark.parametrize(
    ("text", "side"),
    [("全年完成就业岗位台账30个", "passed"), ("新增就业岗位31个", "found"), ("我镇就业岗位31个", None)],
)
def test_a_name_without_its_verb_counts_only_where_no_other_name_has_it(context, text, side):
    results = sides(texts_agree_with_figures(context({"E07": {"actual": 30}, "E08": {"actual": 30}}, [text])))
    assert results == ([side] if side else [])


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("全镇“四乱”问题20件", None),
        ("整改“四乱”问题19件", "passed"),
        ("整改“四乱”问题18件", "found"),
        ("全镇项目资金3100万元", "found"),
    ],
)
def test_quotes_and_bare_names(context, text, side):
    figures = {"E02": {"actual": 4200}} if "项目资金" in text else {"R02": {"actual": 20}, "R03": {"actual": 19}}
    results = sides(texts_agree_with_figures(context(figures, [text])))
    assert results == ([side] if side else [])


def test_a_row_without_figures_can_not_be_compared(context):
    assert sides(texts_agree_with_figures(context({"E01": {"actual": None}}, ["固定资产投资31000万元"]))) == [
        "not evaluated"
    ]
