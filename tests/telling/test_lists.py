"""What is said of several at once, word for word: zero commitments, projects, duties, the counts of the opening."""

from decimal import Decimal
from typing import Any

import pytest

from analysis.figures.model import Assessment, Duty, Project
from analysis.figures.works import duty_state, project_state
from analysis.scheme import Indicator, Period
from analysis.telling.spans import Name, text_of
from analysis.telling.summary import project_counts_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.words import listed
from analysis.telling.wording.works import duty_sentences, project_clause
from analysis.telling.wording.zero import zero_sentences

YEAR, SEPTEMBER = Period(2021), Period(2021, 9)


# ---- lists -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "text"),
    [("", ""), ("甲", "甲"), ("甲 乙", "甲和乙"), ("甲 乙 丙", "甲、乙和丙"), ("甲 乙 丙 丁", "甲、乙、丙和丁")],
)
def test_a_list_of_none_one_two_and_many(names: str, text: str) -> None:
    assert text_of(listed([Name(name) for name in names.split()])) == text


# ---- zero commitments --------------------------------------------------------------------------------------------

ZERO = {
    "code": "S05", "chapter": "指标", "section": "社会治理", "name": "民转刑案件", "unit": "起", "kind": "zero",
    "direction": "down", "owner": "社会治理办公室",
}  # fmt: skip


def zero(name: str, actual: int | None, base: int | None = None, years: int = 0, note: str | None = None) -> Any:
    state = "not_reported" if actual is None else "broken" if actual else "kept"
    row = Assessment(
        "S05", "社会治理办公室", state, actual=None if actual is None else Decimal(actual),
        base=None if base is None else Decimal(base), note=note, note_source="[社治办.xlsx]指标!I8",
        change_absolute=None if base is None or actual is None else Decimal(actual - base), zero_years=years,
    )  # fmt: skip
    return (name, Numbers(Indicator(**{**ZERO, "name": name}), row, YEAR))


ZEROS: list[tuple[str, list[Any], list[str]]] = [
    ("none", [], []),
    ("one kept for three years", [zero("民转刑案件", 0, 0, 3)], ["民转刑案件连续3年零发生"]),
    (
        "two kept for as long",
        [zero("民转刑案件", 0, 0, 3), zero("群体性事件", 0, 0, 3)],
        ["民转刑案件和群体性事件均连续3年零发生"],
    ),
    (
        "three kept, the longest first",
        [zero("民转刑案件", 0, 1, 1), zero("群体性事件", 0, 0, 3), zero("进京赴省上访", 0, 0, 3)],
        ["群体性事件和进京赴省上访均连续3年零发生，民转刑案件零发生，较上年减少1起"],
    ),
    (
        "two kept for a first year",
        [zero("民转刑案件", 0, None, 1), zero("群体性事件", 0, None, 1)],
        ["民转刑案件和群体性事件均为零发生"],
    ),
    (
        "the broken first, with the department's reason",
        [zero("民转刑案件", 0, 0, 3), zero("群体性事件", 2, 0, note="征地补偿有异议")],
        ["发生群体性事件2起，较上年增加2起，主要原因是征地补偿有异议", "民转刑案件连续3年零发生"],
    ),
    (
        "two broken, one by one",
        [zero("民转刑案件", 1, 0), zero("群体性事件", 1, 3)],
        ["发生民转刑案件1起，较上年增加1起", "发生群体性事件1起，较上年减少2起"],
    ),
    (
        "broken, kept and not reported",
        [zero("民转刑案件", None, 0), zero("群体性事件", 0, 0, 2), zero("进京赴省上访", 1, 1)],
        ["发生进京赴省上访1起，与上年持平", "群体性事件连续2年零发生", "民转刑案件〔数据待社会治理办公室补报〕"],
    ),
]


@pytest.mark.parametrize(("rows", "told"), [z[1:] for z in ZEROS], ids=[z[0] for z in ZEROS])
def test_zero_commitments(rows: list[Any], told: list[str]) -> None:
    assert [text_of(sentence) for sentence in zero_sentences(rows)] == told


# ---- projects ----------------------------------------------------------------------------------------------------


def project(period: Period = YEAR, **values: Any) -> Project:
    given = {"stage": "已完成", "planned_month": "2021-09", "place": "石门村", **values}
    state = project_state(period, given["stage"], given["planned_month"], given.get("finished_month"))
    cells = {f"{name}_cell": f"D{n}" for n, name in enumerate(given, 4) if name not in ("planned_month", "item")}
    return Project(
        code="E04", item=values.get("item", "冷水鱼养殖基地"), number=1, department="经济发展办公室", state=state,
        assessed=True, file="经发办.xlsx", sheet="项目", item_cell="B4",
        planned_source="[targets/2021.csv]!D5" if given["planned_month"] else None,
        **{k: v for k, v in {**given, **cells}.items() if k != "item"},
    )  # fmt: skip


PROJECTS: list[tuple[str, Period, dict[str, Any], str]] = [
    (
        "done in time, in use, with jobs and income",
        YEAR,
        {
            "finished_month": "2021-08",
            "used_month": "2021-09",
            "investment": Decimal(860),
            "jobs": Decimal(42),
            "income": Decimal(18),
        },
        "冷水鱼养殖基地，位于石门村，投资860万元，计划9月完成，已于8月完成，9月投入使用，带动就业岗位42个，预计村集体年收入18万元",
    ),
    (
        "done, not in use",
        YEAR,
        {"finished_month": "2021-09", "in_use": "否"},
        "冷水鱼养殖基地，位于石门村，计划9月完成，已于9月完成，尚未投入使用",
    ),
    (
        "done, in use, month unknown",
        YEAR,
        {"finished_month": "2021-09", "in_use": "是"},
        "冷水鱼养殖基地，位于石门村，计划9月完成，已于9月完成，已投入使用",
    ),
    ("done, month unknown", YEAR, {}, "冷水鱼养殖基地，位于石门村，计划9月完成，已完成"),
    (
        "done, no month planned",
        YEAR,
        {"planned_month": None, "finished_month": "2021-08"},
        "冷水鱼养殖基地，位于石门村，已于8月完成",
    ),
    (
        "done late, with the reason, then what follows",
        YEAR,
        {"finished_month": "2021-11", "used_month": "2021-12", "reason": "暴雨冲断道路。"},
        "冷水鱼养殖基地，位于石门村，计划9月完成，实际于11月完成，逾期完成，主要原因是暴雨冲断道路；12月投入使用",
    ),
    (
        "late, not done",
        YEAR,
        {"stage": "在建", "progress": Decimal(85), "investment": Decimal("786.6"), "reason": "因管线交错"},
        "冷水鱼养殖基地，位于石门村，总投资786.6万元，计划9月完成，逾期未完成，目前在建，形象进度85%，因管线交错",
    ),
    (
        "under way, for next year",
        YEAR,
        {"stage": "在建", "planned_month": "2022-06", "progress": Decimal(45), "jobs": Decimal(12)},
        "冷水鱼养殖基地，位于石门村，计划2022年6月完成，目前在建，形象进度45%，带动就业岗位12个",
    ),
    (
        "not begun: a plan is told as a plan",
        YEAR,
        {
            "stage": "未开工",
            "planned_month": "2021-12",
            "investment": Decimal(600),
            "jobs": Decimal(30),
            "income": Decimal(12),
            "reason": "自筹资金不足",
        },
        "冷水鱼养殖基地，位于石门村，计划投资600万元，计划12月完成，尚未开工，主要原因是自筹资金不足；预计带动就业岗位30个，预计村集体年收入12万元",
    ),
    (
        "not begun, not due",
        SEPTEMBER,
        {"stage": "未开工", "planned_month": "2021-12"},
        "冷水鱼养殖基地，位于石门村，计划12月完成，尚未开工",
    ),
    (
        "nothing reported",
        YEAR,
        {"stage": None},
        "冷水鱼养殖基地，位于石门村，计划9月完成，〔进展情况待经济发展办公室补报〕",
    ),
    ("the name alone", YEAR, {"stage": "未开工", "planned_month": None, "place": None}, "冷水鱼养殖基地，尚未开工"),
]


@pytest.mark.parametrize(("period", "values", "sentence"), [p[1:] for p in PROJECTS], ids=[p[0] for p in PROJECTS])
def test_a_project(period: Period, values: dict[str, Any], sentence: str) -> None:
    assert text_of(project_clause(project(period, **values), period)) == sentence


DONE = project(finished_month="2021-08")
LATE = project(finished_month="2021-11")
UNDER_WAY = project(stage="在建", planned_month="2022-06")
NOT_BEGUN = project(stage="未开工", planned_month="2021-12")
COUNTS: list[tuple[str, list[Project], str]] = [
    ("of every stage", [DONE, DONE, LATE, UNDER_WAY, UNDER_WAY, NOT_BEGUN], "共6个，其中已完成3个（含逾期完成1个），在建2个，未开工1个"),
    ("all done", [DONE, DONE, DONE], "共3个，全部完成"),
    ("all done, one late", [DONE, LATE], "共2个，全部完成（含逾期完成1个）"),
    ("one alone, late", [LATE], "共1个，逾期完成"),
    ("one alone", [UNDER_WAY], "共1个，目前在建"),
    ("none begun", [NOT_BEGUN, NOT_BEGUN], "共2个，均未开工"),
    ("one not told", [DONE, project(stage=None)], "共2个，其中已完成1个，进展待报1个"),
]  # fmt: skip


@pytest.mark.parametrize(("projects", "clause"), [c[1:] for c in COUNTS], ids=[c[0] for c in COUNTS])
def test_how_far_the_projects_are(projects: list[Project], clause: str) -> None:
    assert text_of(project_counts_clause(projects)) == clause


# ---- duties ------------------------------------------------------------------------------------------------------


def duty(name: str, status: str | None, note: str | None = None, planned: str | None = None) -> tuple[Indicator, Duty]:
    indicator = Indicator(code="M02", chapter="监控指标", name=name, kind="status", owner="社会治理办公室")
    state = duty_state(YEAR, status, planned)
    cells = {"status_source": "[社治办.xlsx]履职!D4", "note_source": "[社治办.xlsx]履职!E4"}
    return indicator, Duty("M02", "社会治理办公室", state, planned, status, note=note, **cells)


DUTIES: list[tuple[str, list[tuple[Indicator, Duty]], list[str]]] = [
    ("none", [], []),
    ("one on time", [duty("督查", "按时完成")], ["督查按时完成"]),
    ("two on time", [duty("督查", "按时完成"), duty("保密", "按时完成")], ["督查和保密均按时完成"]),
    (
        "three on time are counted",
        [duty("督查", "按时完成"), duty("保密", "按时完成"), duty("信访", "按时完成")],
        ["督查、保密、信访等3项工作均按时完成"],
    ),
    (
        "the late and the undone one by one, with their notes",
        [
            duty("督查", "按时完成"),
            duty("约稿", "逾期完成", "抢险值守推迟。"),
            duty("防控体系", "未完成", "因线路不通"),
        ],
        ["督查按时完成", "约稿逾期完成，主要原因是抢险值守推迟", "防控体系未完成，因线路不通"],
    ),
    ("undone without a note", [duty("防控体系", "未完成")], ["防控体系未完成"]),
    ("not due", [duty("防控体系", "未到期", planned="2022-03")], ["防控体系未到规定完成时限"]),
    ("due after all", [duty("防控体系", "未到期", planned="2021-06")], ["防控体系未完成"]),
    ("not reported", [duty("防控体系", None)], ["防控体系〔完成情况待社会治理办公室补报〕"]),
]


@pytest.mark.parametrize(("duties", "told"), [d[1:] for d in DUTIES], ids=[d[0] for d in DUTIES])
def test_duties(duties: list[tuple[Indicator, Duty]], told: list[str]) -> None:
    assert [text_of(sentence) for sentence in duty_sentences(duties)] == told
