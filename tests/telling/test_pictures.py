"""The charts of a report: which rows they show, and titles that state the answer whatever came out."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import lxml.etree
import lxml.html
import pandas as pd
import pytest

from analysis.figures.model import Assessment, Part
from analysis.figures.receipts.model import Receipt
from analysis.figures.receipts.overview import grid_rows, overview
from analysis.intake.frames import Finding
from analysis.scheme import Period
from analysis.telling.charts import grid_alt
from analysis.telling.helpers import Helpers, TellingError
from analysis.telling.markers import Marks
from analysis.telling.material import Material
from analysis.telling.pictures import chart_of
from analysis.telling.pictures.submissions import submissions_picture, submissions_title
from analysis.telling.pictures.villages import MOST_VILLAGES
from analysis.telling.spans import Chart, Figure, text_of
from analysis.telling.tell import Told


@pytest.fixture(scope="module")
def material(example_material: tuple[Material, object]) -> Material:
    return example_material[0]


def drawn(kind: str, material: Material, most: int | None = None, codes: Sequence[str] = ()) -> Chart:
    chart = chart_of(kind, material, most, codes)
    assert chart is not None
    return chart


def title(kind: str, material: Material, codes: Sequence[str] = ()) -> str:
    return text_of(drawn(kind, material, codes=codes).title)


def targets(material: Material) -> list[Assessment]:
    return [row for row in material.assessments if material.scheme[row.code].kind == "target" and row.rate is not None]


def with_targets(material: Material, *changes: dict[str, object]) -> Material:
    """The first targets, as many as there are changes, each changed so; the other targets are left away."""
    rows = [row for row in targets(material) if material.scheme[row.code].direction == "up"]
    return replace(material, assessments=[replace(row, **change) for row, change in zip(rows, changes, strict=False)])


MET: dict[str, object] = {"state": "met", "outcome": "完成", "rate": Fraction(1)}
MISSED: dict[str, object] = {"state": "missed", "outcome": "未完成", "rate": Fraction(1, 2)}
OWED: dict[str, object] = {"state": "not_reported", "outcome": "无法评价", "rate": None, "actual": None}
NOT_DUE: dict[str, object] = {"state": "not_due", "outcome": "未到期", "rate": Fraction(1, 2)}
ON_TRACK: dict[str, object] = {"state": "on_track", "outcome": "进行中", "rate": Fraction(4, 5)}
BEHIND: dict[str, object] = {"state": "behind", "outcome": "进行中", "rate": Fraction(1, 5)}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([MET, MISSED, MET], "3项有数量目标的任务，达到2项，未达到1项"),
        ([MET, MET], "2项有数量目标的任务，全部达到目标"),
        ([MISSED, MISSED], "2项有数量目标的任务，均未达到目标"),
        ([MET, MISSED, OWED], "3项有数量目标的任务，达到1项，未达到1项，未上报1项"),
        ([MISSED], "全社会固定资产投资未达到目标"),
        ([MET], "全社会固定资产投资达到目标"),
        ([NOT_DUE], "全社会固定资产投资未到期"),
    ],
)
def test_the_title_of_completion_states_what_came_out(
    states: list[dict[str, object]], expected: str, material: Material
) -> None:
    assert title("completion", with_targets(material, *states)) == expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([ON_TRACK, BEHIND], "2项有数量目标的任务，完成或达到序时进度1项，未达到1项"),
        ([ON_TRACK, MET], "2项有数量目标的任务，全部达到序时进度"),
        ([BEHIND, BEHIND], "2项有数量目标的任务，均未达到序时进度"),
    ],
)
def test_in_a_part_of_a_year_targets_are_held_against_the_time_progress(
    states: list[dict[str, object]], expected: str, material: Material
) -> None:
    part = replace(material, facts=replace(material.facts, period=Period(2021, 9)))
    chart = drawn("completion", with_targets(part, *states))
    assert text_of(chart.title) == expected
    assert "竖线为目标和序时进度（75.0%）" in chart.alt
    assert chart.figures[0].role == "chart.time_progress"


def test_nothing_to_draw(material: Material) -> None:
    assert chart_of("completion", with_targets(material)) is None
    assert chart_of("completion", with_targets(material, OWED)) is None
    assert chart_of("changes", replace(material, assessments=())) is None
    assert chart_of("years", replace(material, past=())) is None
    assert chart_of("villages", replace(material, parts=())) is None


def test_a_target_that_was_not_reported_has_its_row(material: Material) -> None:
    rows = drawn("completion", with_targets(material, MET, OWED, MISSED)).rows
    assert list(rows["state"]) == ["missed", "not_reported", "met"]
    assert rows["rate"].isna().tolist() == [False, True, False]


def test_a_bar_that_would_read_as_100_percent_shows_the_difference(material: Material) -> None:
    nearly = {**MISSED, "target": Decimal(1000000), "actual": Decimal("999999.5"), "rate": 1 - Fraction(1, 2000000)}
    chart = drawn("completion", with_targets(material, nearly))
    assert list(chart.rows["label"]) == ["差0.5万元"]
    assert [figure.role for figure in chart.figures] == ["chart.difference"]


def test_of_many_targets_those_met_are_left_out_first_and_the_chart_says_so(material: Material) -> None:
    full, short = drawn("completion", material), drawn("completion", material, 10)
    assert short.title == full.title
    assert list(short.rows["state"][:6]) == ["missed"] * 6
    assert len(short.rows) == 10
    assert short.note == "另有达到目标的14项没有画出，数字见附表。"
    assert short.alt.endswith(short.note)
    left_out = next(figure for figure in short.figures if figure.role == "count.chart.left_out")
    assert left_out.text == "14项"
    assert len(left_out.sources) == 14


def test_changes_leave_small_bases_out_and_say_so(material: Material) -> None:
    small = next(row for row in material.assessments if row.small_base and row.change)
    chart = drawn("changes", material, 100)
    assert material.scheme[small.code].name not in set(chart.rows["name"])
    assert chart.note == "上年基数较小的指标不列。"
    none_small = replace(material, assessments=[row for row in material.assessments if not row.small_base])
    assert drawn("changes", none_small).note == ""


def test_changes_are_the_largest_of_each_side(material: Material) -> None:
    rows = drawn("changes", material, 2).rows
    everything = drawn("changes", material, 1000).rows
    assert list(rows["change"]) == [*everything["change"][:2], *everything["change"][-2:]]
    assert title("changes", material) == "上年基数较小的除外，同比增幅最大的是重点人员排查，降幅最大的是危房改造"
    rising = replace(material, assessments=[row for row in material.assessments if (row.change or 0) > 0])
    assert title("changes", rising) == "上年基数较小的除外，同比增幅最大的是重点人员排查"


def past_as(material: Material, *series: tuple[int | None, ...]) -> Material:
    """The figures of 2019 to 2021 of the first targets; the base, which stands for 2020, is left away."""
    rows = [replace(row, base=None) for row in targets(material)[: len(series)]]
    kept = [
        replace(material.past[0], code=row.code, year=year, actual=Decimal(value))
        for row, values in zip(rows, series, strict=True)
        for year, value in zip((2018, 2019, 2020, 2021), values, strict=True)
        if value is not None
    ]
    return replace(material, assessments=rows, past=kept)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (
            [(1, 2, 3, 4), (4, 3, 2, 1), (1, 2, 2, 3)],
            "2018—2021年，图中3项目标任务中1项完成数逐年增加，1项完成数逐年减少",
        ),
        ([(1, 2, 3, 4)], "2018—2021年，图中1项目标任务的完成数逐年增加"),
        ([(1, 2, 2, 4), (1, 0, 1, 0)], "2018—2021年，图中2项目标任务的完成数有增有减"),
        ([(1, None, 3, 4), (4, 3, 5, 1)], "2018—2021年，图中2项目标任务中1项完成数逐年增加"),
    ],
)
def test_the_title_of_years_states_the_trend(
    series: list[tuple[int | None, ...]], expected: str, material: Material
) -> None:
    assert title("years", past_as(material, *series)) == expected


def test_a_line_needs_three_years_and_a_missing_one_breaks_it(material: Material) -> None:
    chart = drawn("years", past_as(material, (1, None, 3, 4), (None, None, 1, 2)))
    assert chart.rows["name"].nunique() == 1
    assert chart.rows["value"].isna().tolist() == [False, True, False, False]
    assert "2019年数据暂缺" in chart.alt
    assert len(chart.figures) == 3


def parts_as(material: Material, **amounts: dict[str, int | None]) -> Material:
    found = [
        Part(code, village, None if amount is None else Decimal(amount), f"[甲.xlsx]分项!D{number}")
        for code, of_it in amounts.items()
        for number, (village, amount) in enumerate(of_it.items(), 1)
    ]
    return replace(material, parts=found)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"E06": {"甲村": 3, "乙村": 1}}, "甲村建成设施农业大棚最多"),
        ({"E06": {"甲村": 3, "乙村": 1}, "I02": {"甲村": 5, "乙村": 0}}, "甲村建成设施农业大棚、硬化道路最多"),
        ({"E06": {"甲村": 3, "乙村": 3}, "I02": {"乙村": 5}}, "甲村和乙村建成设施农业大棚并列最多，乙村硬化道路最多"),
        ({"E06": {"甲村": 3, "乙村": 3, "丙村": 3}}, "3个村建成设施农业大棚并列最多"),
        ({"E06": {"甲村": None, "乙村": 0}, "I02": {"甲村": 2, "乙村": None}}, "甲村硬化道路最多"),
    ],
)
def test_the_title_of_villages_names_who_has_most(
    amounts: dict[str, dict[str, int | None]], expected: str, material: Material
) -> None:
    assert title("villages", parts_as(material, **amounts)) == expected


def test_villages_keep_the_towns_order_and_the_template_chooses_the_indicators(material: Material) -> None:
    chart = drawn("villages", material, codes=["I02", "E06"])
    assert list(dict.fromkeys(chart.rows["name"])) == ["硬化道路（米）", "建成设施农业大棚（座）"]
    assert list(dict.fromkeys(chart.rows["item"])) == list(material.facts.town.villages)
    found = list(dict.fromkeys(drawn("villages", material).rows["name"]))
    assert found == [
        "建成设施农业大棚（座）",
        "硬化道路（米）",
        "村集体经济收益分红（万元）",
    ]  # targets, then who reaches most


def test_of_many_villages_the_smallest_are_summed_and_the_sum_has_its_cells(material: Material) -> None:
    many = parts_as(material, E06={f"第{i}村": i for i in range(1, 51)})
    chart = drawn("villages", many)
    assert len(chart.rows) == MOST_VILLAGES
    assert chart.rows.iloc[-1].to_dict() | {"name": ""} == {
        "name": "",
        "item": "其余各村",
        "amount": 231.0,
        "label": "231",
    }
    rest = next(figure for figure in chart.figures if figure.role == "chart.rest")
    assert (rest.value, len(rest.sources)) == (231, 21)
    assert sum(figure.value or 0 for figure in chart.figures) == sum(range(1, 51))


def test_a_template_is_told_what_a_chart_can_not_do(material: Material) -> None:
    helpers = Helpers(material)
    helpers.marks = Marks()
    for call, told in (
        (lambda: helpers.chart("pie"), "没有“pie”这种图"),
        (lambda: helpers.chart("changes", 8, "E06"), "不能指定指标"),
        (lambda: helpers.chart("villages", 3, "X99"), "没有编码为“X99”的指标"),
        (lambda: helpers.chart("villages", 3, "E01"), "没有按村分项"),
    ):
        with pytest.raises(TellingError) as caught:
            call()
        assert told in caught.value.found


def test_every_number_of_a_title_has_its_source(told_example: Callable[[str], object]) -> None:
    told = told_example("2021")
    assert isinstance(told, Told)
    charts = [b for chapter in told.report.chapters for b in chapter.blocks if isinstance(b, Chart)]
    assert [chart.kind for chart in charts] == ["completion", "changes", "years", "villages"]
    for chart in charts:
        assert all(span.sources for span in chart.title if isinstance(span, Figure))
    assert max(len(text_of(chart.title)) for chart in charts) <= 40


# ---- the office's grid -------------------------------------------------------------------------------------------


def grid(*departments: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(str(i), state, "取值", "error", errors) for i, (state, errors) in enumerate(departments)],
        columns=["department", "state", "kind", "severity", "count"],
    )


@pytest.mark.parametrize(
    ("departments", "expected"),
    [
        ([("已上报", 0), ("已上报", 0)], "2个部门全部上报，都没有错误"),
        ([("已上报", 0), ("未上报", 1)], "2个部门已上报1个，没有错误"),
        ([("已上报", 0), ("已上报", 3), ("退回", 1)], "3个部门已上报2个，其中1个没有错误"),
        ([("已上报", 2), ("已上报", 3)], "2个部门全部上报，都有错误"),
        ([("未上报", 1), ("退回", 1)], "2个部门都没有上报"),
    ],
)
def test_the_title_of_the_grid_states_who_is_clean(departments: list[tuple[str, int]], expected: str) -> None:
    rows = grid(*departments)
    assert submissions_title(rows) == expected
    made, alt, svg = submissions_picture(rows)
    assert made == expected
    assert alt.startswith("方格图")
    assert "<svg" in svg


def receipt(department: str, state: str, *found: tuple[str, str]) -> Receipt:
    findings = [Finding(department, check, severity, "有问题", "请改正") for check, severity in found]
    return Receipt(department, "青禾镇", "2021年", state, findings=findings)


GROUPS = {"not_number": "取值", "negative": "取值", "parts_sum": "勾稽关系"}
RECEIPTS = [
    receipt("财政所", "已上报"),
    receipt(
        "水利站", "已上报", ("parts_sum", "error"), ("not_number", "error"), ("negative", "error"), ("own", "note")
    ),
    receipt("纪委<b>", "未上报"),
]


def test_the_grid_counts_every_finding_in_the_order_of_departments_and_kinds() -> None:
    rows = grid_rows(RECEIPTS, GROUPS)
    assert list(dict.fromkeys(rows["department"])) == ["财政所", "水利站", "纪委<b>"]
    assert rows["count"].sum() == 4
    assert grid_alt(rows) == (
        "方格图，一行一个部门，一列一类审核问题，格中是条数。财政所已上报，没有问题；"
        "水利站已上报，取值2条（有错误）、勾稽关系1条（有错误）、其他1条（只有提示）；纪委<b>未上报。"
    )


def test_the_offices_page_holds_the_grid_and_without_it_is_the_page_that_it_was() -> None:
    page = lxml.html.fromstring(overview(RECEIPTS, (), GROUPS, submissions_picture))
    (figure,) = page.xpath("//figure")
    assert figure.findtext("figcaption") == "3个部门已上报2个，其中1个没有错误"
    (picture,) = figure.xpath(".//img")
    assert "纪委<b>未上报" in picture.get("alt")
    kind, _, drawn = picture.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    svg = lxml.etree.fromstring(base64.b64decode(drawn))
    assert svg.xpath(".//*[local-name()='path']")
    assert not svg.xpath(".//*[local-name()='script' or local-name()='image' or local-name()='a']")
    assert not figure.xpath(".//b | .//script")
    assert "<figure" not in overview(RECEIPTS)
    assert "<figure" not in overview([], (), GROUPS, submissions_picture)
