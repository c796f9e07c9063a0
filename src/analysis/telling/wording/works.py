"""How projects and duties are told: what was done and when, what is planned as a plan, why something is late."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.figures.exact import amount
from analysis.figures.model import Duty, Project
from analysis.scheme import Indicator, Period
from analysis.telling.spans import Figure, Gap, Name, Spans, say
from analysis.telling.wording.words import joined, listed, reason


def month_text(month: str, period: Period) -> str:
    """A month as prose names it: `9月` within the period's year, `2022年6月` outside it."""
    year, number = int(month[:4]), int(month[5:])
    return f"{number}月" if year == period.year else f"{year}年{number}月"


def project_clause(project: Project, period: Period) -> Spans:
    """The sentence of a project, without its full stop."""
    opening = say(
        Name(project.item),
        _investment(project),
    )
    told = joined([opening, _progress(project, period)]) + _why(project)
    return joined([told, joined(_effects(project, period))], "；" if _why(project) else "，")


def _cell(project: Project, field: str, number: Decimal, unit: str) -> Figure:
    source = project.source(field)
    sources = (source,) if source else ()
    return Figure(amount(number), unit, project.code, field, Fraction(number), sources, item=project.item)


def _month(project: Project, field: str, month: str, period: Period) -> Figure:
    source = project.source(field)
    shown = month_text(month, period)
    return Figure(shown, "", project.code, field, None, (source,) if source else (), item=project.item)


def _investment(project: Project) -> Spans:
    told = project.place is None or project.place in project.item  # 柳坪村党员活动室，位于柳坪村
    place = () if told else say("位于", Name(project.place or ""))
    word = {"未开工": "计划投资", "在建": "总投资"}.get(project.stage or "", "投资")
    money = (
        say(word, _cell(project, "investment", project.investment, "万元")) if project.investment is not None else ()
    )
    return say("，" if place or money else "", joined([place, money]))


def _planned(project: Project, period: Period) -> Spans:
    if project.planned_month is None:
        return ()
    return say("计划", _month(project, "planned_month", project.planned_month, period), "完成")


def _progress(project: Project, period: Period) -> Spans:
    planned = _planned(project, period)
    if project.stage is None:
        return joined([planned, say(Gap(f"〔进展情况待{project.department}补报〕", project.code, project.department))])
    finished = project.finished_month
    match project.stage:
        case "已完成":
            done = say(_month(project, "finished_month", finished, period), "完成") if finished else say("已完成")
            if project.state == "late":
                return joined([planned, say("实际于", done, "，逾期完成")])
            return joined([planned, say("已于", done) if finished else done])
        case "在建":
            share = (
                say("，形象进度", _cell(project, "progress", project.progress, "%"))
                if project.progress is not None
                else ()
            )
            late = say("逾期未完成") if project.state == "undone" else ()
            return joined([planned, late, say("目前在建", share)])
    return joined([planned, say("尚未开工")])


def _effects(project: Project, period: Period) -> list[Spans]:
    """Jobs and income; a plan is never told as done."""
    told: list[Spans] = []
    if project.stage == "已完成":
        told.append(_use(project, period))
    if project.jobs:
        jobs = _cell(project, "jobs", project.jobs, "个")
        told.append(say("带动就业岗位", jobs) if project.stage != "未开工" else say("预计带动就业岗位", jobs))
    if project.income:
        told.append(say("预计村集体年收入", _cell(project, "income", project.income, "万元")))
    return told


def _use(project: Project, period: Period) -> Spans:
    if project.in_use == "否":
        return say("尚未投入使用")
    if project.used_month:
        return say(_month(project, "used_month", project.used_month, period), "投入使用")
    return say("已投入使用") if project.in_use == "是" else ()


def _why(project: Project) -> Spans:
    if project.state not in ("late", "undone") and project.stage != "未开工":
        return ()
    return reason(project.reason, project.source("reason"), project.department)


def duty_sentences(duties: Sequence[tuple[Indicator, Duty]]) -> list[Spans]:
    """The sentences of duties: those done on time together, the late and the undone one by one with their notes."""
    done = [Name(indicator.name) for indicator, duty in duties if duty.state == "done"]
    waiting = [Name(indicator.name) for indicator, duty in duties if duty.state == "not_due"]
    sentences: list[Spans] = []
    if len(done) > 2:
        found = tuple(d.status_source for _, d in duties if d.state == "done" and d.status_source)
        count = Figure(
            str(len(done)), "项", duties[0][0].code, "done_count", Fraction(len(done)), found, "按时完成的事项数"
        )
        sentences.append(say(listed(done, last="、"), "等", count, "工作均按时完成"))
    elif done:
        sentences.append(say(listed(done), "均按时完成" if len(done) > 1 else "按时完成"))
    sentences += [_undone(indicator, duty) for indicator, duty in duties if duty.state in ("late", "undone")]
    if waiting:
        sentences.append(say(listed(waiting), "均" if len(waiting) > 1 else "", "未到规定完成时限"))
    sentences += [
        say(Name(indicator.name), Gap(f"〔完成情况待{duty.department}补报〕", duty.code, duty.department))
        for indicator, duty in duties
        if duty.state == "not_reported"
    ]
    return sentences


def _undone(indicator: Indicator, duty: Duty) -> Spans:
    how = "逾期完成" if duty.state == "late" else "未完成"
    return say(Name(indicator.name), how, reason(duty.note, duty.note_source, duty.department))
