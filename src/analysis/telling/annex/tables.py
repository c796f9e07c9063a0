"""The annex's other tables: projects, duties, what is broken down by village, who has returned."""

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from analysis.figures.completion import STATE_NAMES
from analysis.figures.exact import amount, grouped
from analysis.figures.model import Duty, Project
from analysis.scheme import Indicator
from analysis.telling.annex.indicators import NONE
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Quotation, Spans, Table, say
from analysis.telling.wording.works import month_text

MONEY = {"investment": ("投资（万元）", 11), "jobs": ("带动就业（个）", 12)}
"""The figures of projects that have a column: its head and width."""


def project_table(material: Material) -> Table | None:
    """Every project with its stage, months and figures; none where no row has projects."""
    shown = [field for field in MONEY if field in material.scheme.report.project_figures]
    rows = [
        _whole_row(material, project, len(shown))
        if whole
        else (
            (Name(f"{project.code}-{project.number}"),),
            (Name(project.item),),
            (Name(project.place or "—"),),
            (Name(project.stage or "—"),),
            _month(material, project, "planned_month"),
            _month(material, project, "finished_month"),
            *(_money(project, field) for field in shown),
            (Name(STATE_NAMES[project.state]),),
            (Name(f"{project.file} {project.sheet} {project.stage_cell or project.item_cell or ''}"),),
        )
        for whole, project in _with_wholes(material.projects)
    ]
    heads = (
        "编码",
        "项目",
        "地点",
        "阶段",
        "计划完成",
        "实际完成",
        *(MONEY[field][0] for field in shown),
        "完成情况",
        "来源",
    )
    widths = (7, 22, 12, 8, 10, 10, *(MONEY[field][1] for field in shown), 10, 22)
    departments = tuple(project.department for _, project in _with_wholes(material.projects))
    numeric, state = frozenset(range(6, 6 + len(shown))), heads.index("完成情况")
    table = Table("项目进展情况", heads, widths, tuple(rows), numeric, "annex-projects", state, departments)
    return table if rows else None


def _with_wholes(projects: Sequence[Project]) -> list[tuple[bool, Project]]:
    """The projects, and before those of a row its first once more, marked: there the row itself stands, which is counted."""
    rows: list[tuple[bool, Project]] = []
    for project in projects:
        if all(project.code != other.code for _, other in rows):
            rows.append((True, project))
        rows.append((False, project))
    return rows


def _whole_row(material: Material, project: Project, figures: int) -> tuple[Spans, ...]:
    """The row of the scheme that the projects belong to, with the state that the opening counts."""
    name, state = material.scheme[project.code].name, material.by_code[project.code].state
    blank = [NONE] * (4 + figures)
    return ((Name(project.code),), (Name(f"{name}（整体）"),), *blank, (Name(STATE_NAMES[state]),), NONE)


def _month(material: Material, project: Project, field: str) -> Spans:
    month = getattr(project, field)
    if month is None:
        return NONE
    source = project.source(field)
    shown = month_text(month, material.facts.period)
    return say(Figure(shown, "", project.code, f"table.{field}", None, (source,) if source else (), item=project.item))


def _money(project: Project, field: str) -> Spans:
    number = getattr(project, field)
    if number is None:
        return NONE
    source = project.source(field)
    text = grouped(amount(number))
    found = (source,) if source else ()
    return say(Figure(text, "", project.code, f"table.{field}", Fraction(number), found, item=project.item))


def duty_table(material: Material) -> Table | None:
    """Every duty with its state and what its department says; none where the scheme has no duties."""
    rows = [
        ((Name(duty.code),), (Name(material.scheme[duty.code].name),), (Name(STATE_NAMES[duty.state]),), _note(duty))
        for duty in material.duties
    ]
    heads = ("编码", "事项", "完成情况", "说明")
    departments = tuple(duty.department for duty in material.duties)
    table = Table(
        "履职事项完成情况", heads, (6, 24, 10, 50), tuple(rows), anchor="annex-duties", state=2, departments=departments
    )
    return table if rows else None


def _note(duty: Duty) -> Spans:
    if not duty.note or not duty.note_source:
        return NONE
    return (Quotation(" ".join(duty.note.split()), duty.note_source, duty.department),)


def village_table(material: Material) -> Table | None:
    """A column an indicator that is broken down by village, a row a village."""
    by_village = [
        i
        for i in material.scheme.in_year(material.facts.period.year)
        if i.breakdown == material.scheme.report.places and material.parts_of(i.code)
    ]
    villages = list(
        dict.fromkeys([*material.facts.town.villages, *(p.item for i in by_village for p in material.parts_of(i.code))])
    )
    if not by_village:
        return None
    rows = [((Name(village),), *(_of_village(material, i, village) for i in by_village)) for village in villages]
    heads = (material.scheme.report.places, *(f"{i.name}（{i.unit}）" for i in by_village))
    numeric = frozenset(range(1, len(heads)))
    return Table(
        f"分{heads[0]}完成情况", heads, (10, *(18 for _ in by_village)), tuple(rows), numeric, "annex-villages"
    )


def _of_village(material: Material, indicator: Indicator, village: str) -> Spans:
    for part in material.parts_of(indicator.code):
        if part.item == village and part.amount is not None:
            text = grouped(amount(part.amount))
            return say(Figure(text, "", part.code, "table.part", Fraction(part.amount), (part.source,), item=village))
    return NONE


def submission_table(submissions: pd.DataFrame, shared: bool) -> Table:
    """Who has returned; to share without the clerks' names, and without counts of internal rows' findings."""
    departments = tuple(str(name) for name in submissions["department"])
    if shared:
        dated = [
            ((Name(str(row["department"])),), (Name(str(row["state"])),), (Name(_or_dash(row["filled_on"])),))
            for row in submissions.to_dict("records")
        ]
        heads: tuple[str, ...] = ("部门", "上报情况", "填报日期")
        return Table("上报情况", heads, (40, 20, 20), tuple(dated), anchor="annex-submissions", departments=departments)
    rows = [
        (
            (Name(str(row["department"])),),
            (Name(str(row["state"])),),
            (Name(_or_dash(row["filled_by"])),),
            (Name(_or_dash(row["filled_on"])),),
            *(
                _count(str(row["department"]), severity, int(row[severity]))
                for severity in ("errors", "warnings", "notes")
            ),
        )
        for row in submissions.to_dict("records")
    ]
    heads = ("部门", "上报情况", "填报人", "填报日期", "错误", "疑问", "提示")
    widths, counts = (24, 12, 12, 14, 8, 8, 8), frozenset({4, 5, 6})
    return Table("上报情况", heads, widths, tuple(rows), counts, "annex-submissions", departments=departments)


def _or_dash(value: object) -> str:
    return "—" if pd.isna(value) or not str(value) else str(value)  # type: ignore[call-overload]


def _count(department: str, severity: str, number: int) -> Spans:
    return say(
        Figure(str(number), "", "", f"submission.{severity}", Fraction(number), (), "审核发现的条数", department)
    )
