"""The annex's tables of projects and of duties."""

from collections.abc import Sequence
from fractions import Fraction

from analysis.figures.completion import STATE_NAMES
from analysis.figures.exact import amount, grouped
from analysis.figures.model import Duty, Project
from analysis.telling.annex.cells import NONE, Spans
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Quotation, Table, say
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
