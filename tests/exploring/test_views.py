"""The views as plain functions: what they tell is what the report tells."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

import analysis
from analysis.exploring.series import figures_over_years, series_chart
from analysis.exploring.supposing import target_codes
from analysis.exploring.views import numeric_codes, village_codes
from analysis.figures.completion import OUTCOMES
from analysis.telling.spans import text_of


def title_of(view: analysis.View) -> str:
    assert view.chart is not None
    return text_of(view.chart.title)


# ---- over the years ----------------------------------------------------------------------------------------------


def test_an_indicator_over_the_years(data: analysis.Data) -> None:
    view = analysis.indicator_over_years(data, "E06")
    past = data.past[data.past["code"] == "E06"].set_index("year")["actual"]
    assert list(view.frame["年份"]) == [2019, 2020, 2021]
    assert list(view.frame["数（座）"]) == [past[2019], past[2020], Decimal(66)]
    assert view.frame["来源"].iloc[0].startswith("[2019/农业农村办公室.xlsx]")
    assert title_of(view) == "建成设施农业大棚，2019—2021年逐年增加"
    assert view.figure is not None


def test_a_ratio_has_its_share_too(data: analysis.Data) -> None:
    view = analysis.indicator_over_years(data, "N04")
    assert view.frame["比率"].iloc[-1] == "98.1%"
    assert view.chart is not None and len(set(view.chart.rows["name"])) == 2


def test_a_ratio_whose_carried_cases_are_not_kept_has_no_share_then(data: analysis.Data) -> None:
    carried = next(c for c in numeric_codes(data) if data.material.scheme[c].carried_over)
    view = analysis.indicator_over_years(data, carried)
    assert view.frame["比率"].iloc[0] == "—" and "结转" in view.frame["说明"].iloc[0]
    assert "比率" not in title_of(view)


def test_what_rises_and_stays_never_fell(data: analysis.Data) -> None:
    past = [replace(row, actual=Decimal(66)) if row.code == "E06" else row for row in data.material.past]
    rows = [replace(row, base=Decimal(60)) if row.code == "E06" else row for row in data.material.assessments]
    rows = [replace(row, actual=Decimal(66)) if row.code == "E06" else row for row in rows]
    down_up = replace(data, material=replace(data.material, past=past, assessments=rows))
    assert title_of(analysis.indicator_over_years(down_up, "E06")).endswith("有增有减")
    flat = [replace(row, base=Decimal(66)) if row.code == "E06" else row for row in rows]
    level = replace(data, material=replace(data.material, past=past, assessments=flat))
    assert title_of(analysis.indicator_over_years(level, "E06")).endswith("没有变化")
    first = [replace(row, actual=Decimal(50)) if row.code == "E06" and row.year == 2019 else row for row in past]
    rising = replace(data, material=replace(data.material, past=first, assessments=flat))
    assert title_of(analysis.indicator_over_years(rising, "E06")).endswith("有增无减")
    more = [replace(row, actual=Decimal(70)) if row.code == "E06" and row.year == 2019 else row for row in past]
    falling = replace(data, material=replace(data.material, past=more, assessments=flat))
    assert title_of(analysis.indicator_over_years(falling, "E06")).endswith("有减无增")


def test_a_year_without_a_figure_is_told_and_the_chart_begins_with_the_first_known(data: analysis.Data) -> None:
    past = [row for row in data.material.past if row.code != "E06" or row.year != 2020]
    rows = [replace(row, base=None) if row.code == "E06" else row for row in data.material.assessments]
    material, indicator = replace(data.material, past=past, assessments=rows), data.material.scheme["E06"]
    years = figures_over_years(material, indicator)
    assert [(row.year, row.remark) for row in years] == [(2019, ""), (2020, "数据暂缺"), (2021, "")]
    chart = series_chart(material, indicator, years[1:])
    assert chart is not None and text_of(chart.title) == "建成设施农业大棚只有一年的数"
    assert series_chart(material, indicator, years[1:2]) is None


def test_last_year_is_what_this_years_return_says(data: analysis.Data) -> None:
    rows = [
        replace(row, base=Decimal(51), returned_base=Decimal(52)) if row.code == "E06" else row
        for row in data.material.assessments
    ]
    view = analysis.indicator_over_years(replace(data, material=replace(data.material, assessments=rows)), "E06")
    assert view.frame["数（座）"].iloc[1] == 51
    assert view.frame["说明"].iloc[1] == "上年报表为52座，本年报表更正为51座"


def test_years_before_another_definition_are_not_drawn(data: analysis.Data) -> None:
    scheme = data.material.scheme
    changed = tuple(
        each.model_copy(update={"comparable_since": 2021}) if each.code == "E06" else each for each in scheme.indicators
    )
    other = replace(data, material=replace(data.material, scheme=replace(scheme, indicators=changed)))
    view = analysis.indicator_over_years(other, "E06")
    assert len(view.frame) == 3 and "口径" in view.frame["说明"].iloc[0]
    assert view.chart is not None and list(view.chart.rows["year"]) == [2021]


def test_every_indicator_and_department_can_be_viewed(part_year: analysis.Data) -> None:
    for code in numeric_codes(part_year):
        assert analysis.indicator_over_years(part_year, code).sentences[0].endswith("。")
    for department in part_year.material.scheme.departments:
        assert len(analysis.department_rows(part_year, department.name).tables) == 4


@pytest.mark.parametrize("code", ["E04", "E99", "", "x" * 100])
def test_what_has_no_figures_says_so(code: str, data: analysis.Data) -> None:
    with pytest.raises(ValueError, match="没有"):
        analysis.indicator_over_years(data, code)


# ---- departments and villages ------------------------------------------------------------------------------------


def test_a_departments_rows_with_its_findings(data: analysis.Data) -> None:
    view = analysis.department_rows(data, "财政所")
    figures, _, findings, problems = view.tables.values()
    assert figures.set_index("编码").loc["E03", ["目标", "完成率", "完成情况"]].tolist() == ["2,260", "99.3%", "未完成"]
    assert len(findings) == (data.findings["department"] == "财政所").sum()
    assert list(problems["名称"]) == ["E03"]
    assert view.sentences == ("已上报（财政所.xlsx），错误0条，疑问0条，提示1条。",)
    assert set(view.tables["有数字的指标"]["编码"]) <= set(data.names.index)


def test_an_unknown_department_is_told_the_known(data: analysis.Data) -> None:
    with pytest.raises(ValueError, match=r"没有部门“财政局”，有：.*财政所"):
        analysis.department_rows(data, "财政局")


def test_by_village_adds_up(data: analysis.Data) -> None:
    view = analysis.by_village(data, "E06")
    assert sum(view.frame["数（座）"].dropna()) == 66
    assert title_of(view) == "双河村建成设施农业大棚最多"
    assert len(view.sentences) == 1


def test_villages_that_do_not_add_up_are_told(data: analysis.Data) -> None:
    parts = [replace(row, amount=Decimal(1)) if row.code == "E06" else row for row in data.material.parts]
    view = analysis.by_village(replace(data, material=replace(data.material, parts=parts)), "E06")
    assert view.sentences[1].endswith("与完成数66座不一致。")


def test_what_is_not_by_village_says_what_is(data: analysis.Data) -> None:
    with pytest.raises(ValueError, match="E02（争取项目资金）不按村分解；按村分解的指标有：E06"):
        analysis.by_village(data, "E02")
    assert "E02" not in village_codes(data)


# ---- what if -----------------------------------------------------------------------------------------------------


def test_the_present_target_gives_the_present_state(data: analysis.Data) -> None:
    for code in target_codes(data):
        row = data.material.by_code[code]
        if row.target is not None:
            supposed = analysis.what_if(data, code, row.target)
            assert (supposed.rate, supposed.state, supposed.outcome) == (row.rate, row.state, row.outcome), code


def test_the_supposed_is_told_in_the_reports_words(data: analysis.Data) -> None:
    supposed = analysis.what_if(data, "E06", 80)
    assert (supposed.rate, supposed.state, supposed.difference) == (Fraction(33, 40), "missed", -14)
    assert supposed.outcome == OUTCOMES["missed"]
    assert supposed.sentences[1].startswith("假设：建成设施农业大棚66座，")
    assert "为年度目标80座的82.5%" in supposed.sentences[1]
    assert "比目标少14座" in supposed.sentences[1]
    assert list(supposed.frame["假设"]) == ["80座", "66座", "82.5%", "少14座", "未完成", "未完成"]


def test_rates_are_printed_as_in_the_report(data: analysis.Data) -> None:
    figures = data.figures
    told = figures[(figures["place"] == "prose") & figures["role"].isin(["rate", "share"])]
    assert len(told) > 20
    for code, text in zip(told["code"], told["text"], strict=True):
        assert text in analysis.what_if(data, code, 1).sentences[0]


def test_reasons_of_the_real_target_are_not_told_of_the_supposed(data: analysis.Data) -> None:
    supposed = analysis.what_if(data, "E03", 2300)
    assert "主要原因" in supposed.sentences[0] and "主要原因" not in supposed.sentences[1]


def test_what_was_not_returned_differs_from_no_target(part_year: analysis.Data) -> None:
    rows = [
        replace(row, actual=None, base=None, change=None, rate=None) if row.code == "E06" else row
        for row in part_year.material.assessments
    ]
    supposed = analysis.what_if(replace(part_year, material=replace(part_year.material, assessments=rows)), "E06", 80)
    assert supposed.difference is None and supposed.frame["假设"].iloc[3] == "—"


def test_a_ratio_is_held_against_another_rate(data: analysis.Data) -> None:
    supposed = analysis.what_if(data, "N04", "99%")
    assert supposed.rate == Fraction(52, 53) and supposed.state == "missed"
    assert supposed.difference == Fraction(5200, 53) - 99
    assert supposed.frame["假设"].iloc[3] == "低0.9个百分点"
    assert supposed.chart is None


def test_a_part_of_a_year_is_held_against_the_time_progress(part_year: analysis.Data) -> None:
    actual = part_year.material.by_code["E06"].actual
    assert actual is not None
    assert analysis.what_if(part_year, "E06", actual * Decimal("1.3")).state == "on_track"
    assert analysis.what_if(part_year, "E06", actual * 2).state == "behind"


@pytest.mark.parametrize("target", ["", "abc", "-1", "nan", "inf", "1e999999", "0.00001", "1" * 40, float("nan")])
def test_what_can_be_no_target_is_refused(target: str | float, data: analysis.Data) -> None:
    with pytest.raises(ValueError, match=r"^目标"):
        analysis.what_if(data, "E06", target)


def test_a_float_is_the_number_that_was_written(data: analysis.Data) -> None:
    assert analysis.what_if(data, "E01", 0.1).target == Decimal("0.1")


def test_rows_without_a_target_are_refused(data: analysis.Data) -> None:
    with pytest.raises(ValueError, match="没有可以改的目标"):
        analysis.what_if(data, "E05", 1)


# ---- as a notebook shows them ------------------------------------------------------------------------------------


def test_what_departments_wrote_is_escaped(data: analysis.Data) -> None:
    evil = "<script>alert(1)</script>"
    parts = [replace(row, item=evil) if row.code == "E06" else row for row in data.material.parts]
    other = replace(data, material=replace(data.material, parts=parts), findings=data.findings.assign(message=evil))
    for view in (analysis.by_village(other, "E06"), analysis.department_rows(other, "财政所")):
        assert "<script" not in view.html()
    assert "&lt;script" in analysis.department_rows(other, "财政所").html()


def test_long_texts_are_not_cut(data: analysis.Data) -> None:
    longest = max(data.findings["message"], key=len)
    department = data.findings.loc[data.findings["message"] == longest, "department"].iloc[0]
    assert longest in analysis.department_rows(data, department).html()


def test_a_notebook_gets_html_and_text(data: analysis.Data) -> None:
    bundle = analysis.indicator_over_years(data, "E06")._repr_mimebundle_()
    assert "<img" in bundle["text/html"] and 'alt="折线图' in bundle["text/html"]
    assert bundle["text/plain"].startswith("E06 建成设施农业大棚：历年\n")
