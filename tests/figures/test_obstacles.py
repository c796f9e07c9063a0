"""What keeps a report from being final, and what a waiver covers."""

from dataclasses import replace
from datetime import date

import pytest

from analysis.figures.obstacles import Missing, obstacles, standing
from analysis.intake.frames import Finding, Value
from analysis.scheme import Period, read_facts, read_scheme
from analysis.scheme.facts import Waiver

FINANCE, WATER = "财政所", "水利站"
STATES = {FINANCE: "已上报", WATER: "已上报"}


@pytest.fixture(scope="module")
def scheme(root):
    return read_scheme(root / "scheme")


@pytest.fixture(scope="module")
def facts(root, scheme):
    return replace(read_facts(root / "data" / "raw" / "qinghe", Period(2021), scheme), waivers=())


def waiver(subject):
    return Waiver(subject=subject, reason="台账遗失", by="周明远", on=date(2022, 1, 12))


def finding(severity, code="E03", department=FINANCE, item=""):
    return Finding(department, "some_check", severity, "数字不对。", "请核对。", "a.xlsx", "指标", "F4", code, item)


def note(text, code="E03", item="", field="note", table="indicator"):
    return Value(FINANCE, "a.xlsx", "指标", "I4", table, code, item, 1, field, text, text=text)


def texts(found):
    return [obstacle.text for obstacle in standing(found)]


def test_errors_and_unexplained_warnings_stand_in_the_way_notes_do_not(scheme, facts):
    findings = [finding("error"), finding("warning"), finding("note")]
    assert texts(obstacles(scheme, facts, [], findings, STATES)) == [
        "错误：数字不对。请核对。",
        "待说明：数字不对。请核对。",
    ]


@pytest.mark.parametrize(("said", "stands"), [("项目支付跨年", False), ("核实无误", True), ("无", True), (None, True)])
def test_a_warning_is_settled_by_a_note_that_explains(scheme, facts, said, stands):
    found = obstacles(scheme, facts, [note(said)], [finding("warning")], STATES)
    assert bool(standing(found)) is stands


@pytest.mark.parametrize(
    ("check", "said", "stands"),
    [
        ("unit_suspected", "产业园区集中投入，带动投资增加", True),  # why it grew is not that its unit is right
        ("unit_suspected", "单位无误，新增两个大项目", False),
        ("below_earlier", "产业园区集中投入，带动投资增加", True),
        ("below_earlier", "上半年重复统计，已核减", False),
        ("part_above_whole", "含上年结转5起", False),
        ("change_unexplained", "产业园区集中投入，带动投资增加", False),
    ],
)
def test_a_figure_in_doubt_is_settled_by_a_note_on_just_that(root, facts, check, said, stands):
    found = [replace(finding("warning"), check=check)]
    assert bool(standing(obstacles(read_scheme(root / "scheme"), facts, [note(said)], found, STATES))) is stands


def test_an_error_is_not_settled_by_a_note(scheme, facts):
    assert standing(obstacles(scheme, facts, [note("项目支付跨年")], [finding("error")], STATES))


def test_a_named_person_stands_in_the_way_until_a_waiver_whatever_the_row_explains(scheme, facts):
    said, named = [note("村民张三家的项目支付跨年")], [finding("privacy")]
    assert texts(obstacles(scheme, facts, said, named, STATES)) == ["隐私：数字不对。请核对。"]
    assert not standing(obstacles(scheme, replace(facts, waivers=(waiver("E03"),)), said, named, STATES))


def test_a_projects_reason_explains_that_project_alone(scheme, facts):
    said = note("雨水偏多", "E04", "冷链仓库", "reason", "project")
    found = obstacles(
        scheme,
        facts,
        [said],
        [finding("warning", "E04", item="冷链仓库"), finding("warning", "E04", item="粮油仓库")],
        STATES,
    )
    assert len(standing(found)) == 1


def test_a_return_that_is_owed_stands_in_the_way_once(scheme, facts):
    refused = replace(finding("error", None, WATER), check="refused")
    found = obstacles(scheme, facts, [], [refused], {FINANCE: "未上报", WATER: "退回"})
    assert texts(found) == ["欠报：财政所还没有报上报表", "欠报：水利站报的文件没有采用，还没有重报"]


def test_waivers_cover_a_row_or_an_owed_return_and_are_kept(scheme, facts):
    waived = replace(facts, waivers=(waiver("E03"), waiver(WATER)))
    missing = [Missing(FINANCE, "E03", "缺数"), Missing(WATER, "R01", "缺数"), Missing(FINANCE, "E07", "缺数")]
    found = obstacles(scheme, waived, [], [finding("error")], {FINANCE: "已上报", WATER: "未上报"}, missing)
    assert texts(found) == ["缺数：E07 缺数"]
    assert [obstacle.waiver.by for obstacle in found if obstacle.waiver] == ["周明远"] * 4


def test_a_departments_waiver_covers_no_wrong_figure_of_a_return_that_came(scheme, facts):
    waived = replace(facts, waivers=(waiver(FINANCE),))
    found = obstacles(
        scheme, waived, [], [finding("error"), finding("error", None)], STATES, [Missing(FINANCE, "E03", "")]
    )
    assert texts(found) == ["错误：数字不对。请核对。", "缺数：E03 "]
