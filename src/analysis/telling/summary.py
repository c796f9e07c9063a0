"""The year in figures: how many rows were assessed and how they came out, in numbers that add up."""

from collections.abc import Sequence
from fractions import Fraction

from analysis.figures.completion import STATE_NAMES, Outcome, State
from analysis.figures.model import Assessment, Project
from analysis.figures.works import DONE, UNDER_WAY
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Spans, say
from analysis.telling.wording.words import joined

NAMED: dict[Outcome, tuple[State, ...]] = {
    "完成": ("exceeded", "late", "over_ceiling"),
    "进行中": ("on_track", "behind", "within", "under_rate", "under_way"),
}
"""States of an outcome that the opening tells apart."""
ORDER: tuple[Outcome, ...] = ("完成", "进行中", "未到期", "未完成", "无法评价")


def counts_clause(material: Material) -> Spans:
    """`承担考核指标60项，其中完成52项（超额完成20项），未完成8项`; outcomes that nothing came to are not told."""
    rows = [row for row in material.assessments if row.outcome is not None]
    if not rows:
        return say("没有列入考核的指标")
    told = [say(outcome, _outcome(rows, outcome)) for outcome in ORDER if any(row.outcome == outcome for row in rows)]
    return say("承担考核指标", counted("assessed", rows, "列入考核的指标数"), "，其中", joined(told))


def _outcome(rows: Sequence[Assessment], outcome: Outcome) -> Spans:
    of_it = [row for row in rows if row.outcome == outcome]
    figure = counted(outcome, of_it, f"结果为“{outcome}”的指标数")
    special = [(STATE_NAMES[state], [row for row in of_it if row.state == state]) for state in NAMED.get(outcome, ())]
    inner = [say(word, counted(word, some, f"其中{word}的指标数")) for word, some in special if some]
    return say(figure, "（含", joined(inner, "、"), "）") if inner else say(figure)


def zero_counts_clause(material: Material) -> Spans:
    """`零发生承诺12项，全部兑现`, or how many were kept and how many were not."""
    rows = [row for row in material.assessments if material.scheme[row.code].kind == "zero"]
    kept = [row for row in rows if row.state == "kept"]
    broken = [row for row in rows if row.state == "broken"]
    rest = [row for row in rows if row.state not in ("kept", "broken")]
    if not rows:
        return say("未设零发生承诺")
    opening = say("零发生承诺", counted("zero", rows, "零发生类指标数"))
    if len(kept) == len(rows):
        period = material.facts.period
        return say(opening, "，全部兑现") if period.whole_year else say(opening, "，", Name(period.months), "均未发生")
    told = [say("兑现", counted("zero_kept", kept, "未发生的指标数"))]
    if broken:
        told.append(say("未兑现", counted("zero_broken", broken, "发生了的指标数")))
    if rest:
        told.append(say("未上报", counted("zero_unknown", rest, "未上报的指标数")))
    return joined([opening, *told])


STAGES: tuple[tuple[str | None, str, str, str], ...] = (
    (DONE, "已完成", "已完成", "全部完成"),
    (UNDER_WAY, "在建", "目前在建", "均在建"),
    ("未开工", "未开工", "尚未开工", "均未开工"),
    (None, "进展待报", "进展待报", "进展均待报"),
)
"""A project's stage, and how it is told: of some, of the only one, of all."""


def project_counts_clause(projects: Sequence[Project]) -> Spans:
    """`共6个，其中已完成3个（含逾期完成1个），在建2个，未开工1个`; the numbers add up. `共3个，全部完成` of one stage."""
    total = say("共", _projects(projects, "total", "项目数"))
    told = []
    for stage, of_some, of_one, of_all in STAGES:
        of_it = [project for project in projects if project.stage == stage]
        late = [project for project in of_it if project.state == "late"]
        inner = say("（含逾期完成", _projects(late, "late", "其中逾期完成的项目数"), "）") if late else ()
        if len(of_it) == len(projects) == 1:
            return say(total, "，", "逾期完成" if late else of_one)
        if len(of_it) == len(projects):
            return say(total, "，", of_all, inner)
        if of_it:
            told.append(say(of_some, _projects(of_it, f"stage.{of_some}", f"{of_some}的项目数"), inner))
    return joined([total, say("其中", joined(told))])


def _projects(projects: Sequence[Project], role: str, formula: str) -> Figure:
    found = [project.source("stage") or project.source("item") for project in projects]
    sources = tuple(dict.fromkeys(source for source in found if source))
    code = projects[0].code
    return Figure(str(len(projects)), "个", code, f"count.{role}", Fraction(len(projects)), sources, formula)


def counted(role: str, rows: Sequence[Assessment], formula: str) -> Figure:
    """A count of rows as a figure; its formula names the rows, its sources are their cells."""
    codes = "、".join(row.code for row in rows)
    found = tuple(dict.fromkeys(source for row in rows if (source := row.actual_source)))
    return Figure(str(len(rows)), "项", "", f"count.{role}", Fraction(len(rows)), found, f"{formula}：{codes}")
