"""Projects and duties: from their rows to their states."""

from collections.abc import Iterator

from analysis.figures.completion import State
from analysis.figures.gather import Cells, Returned, number_of, source_of, text_of
from analysis.figures.model import Duty, Project, reference
from analysis.scheme import Facts, Indicator, Period, Scheme

DONE, UNDER_WAY = "已完成", "在建"
WORST_FIRST: tuple[State, ...] = ("not_reported", "undone", "late", "under_way", "not_due", "done", "reported")


def project_state(period: Period, stage: str | None, planned: str | None, finished: str | None) -> State:
    """State of a project at the end of a period; months as `2021-09`."""
    if stage is None:
        return "not_reported"
    if stage == DONE:
        return "late" if planned and finished and finished > planned else "done"
    if planned is None or planned > period.last_month:
        return "under_way" if stage == UNDER_WAY else "not_due"
    return "undone"


def duty_state(period: Period, status: str | None, planned: str | None) -> State:
    """State of a duty by the department's own word; a month that has not come makes an undone duty not due."""
    match status:
        case "按时完成":
            return "done"
        case "逾期完成":
            return "late"
        case "未到期":
            return "undone" if planned and planned <= period.last_month else "not_due"
        case "未完成":
            return "not_due" if planned and planned > period.last_month else "undone"
    return "not_reported"


def projects_of(scheme: Scheme, facts: Facts, returned: Returned) -> Iterator[Project]:
    """The projects of every project indicator, numbered as returned; the target book's month prevails."""
    for indicator in scheme.in_year(facts.period.year):
        if indicator.kind == "project":
            for number, row in enumerate(returned.projects.get(indicator.code, []), 1):
                yield _project(indicator, facts, number, row)


def _project(indicator: Indicator, facts: Facts, number: int, row: Cells) -> Project:
    first = next(iter(row.values()))
    planned, planned_source = text_of(row, "planned_month"), source_of(row.get("planned_month"))
    book = facts.target(indicator.code, first.item)
    if book is not None and book.month is not None:
        planned = book.month
        planned_source = reference(facts.target_file, "", f"D{facts.target_rows[indicator.code, first.item]}")
    stage, finished = text_of(row, "stage"), text_of(row, "finished_month")
    # A project for a later year is told, and assessed in its own year.
    assessed = planned is not None and planned[:4] <= str(facts.period.year)
    texts = ("place", "stage", "finished_month", "used_month", "in_use", "reason")
    numbers = ("progress", "investment", "jobs", "income")
    cells = {f"{name}_cell": row[name].cell for name in ("item", *texts, *numbers) if name in row}
    return Project(
        code=indicator.code,
        item=first.item,
        number=number,
        department=first.department,
        state=project_state(facts.period, stage, planned, finished),
        assessed=assessed,
        file=first.file,
        sheet=first.sheet,
        planned_month=planned,
        planned_source=planned_source,
        **{name: text_of(row, name) for name in texts},  # type: ignore[arg-type]
        **{name: number_of(row, name) for name in numbers},  # type: ignore[arg-type]
        **cells,  # type: ignore[arg-type]
    )


def worst(states: Iterator[State]) -> State | None:
    """The worst of several projects' states, by which their row counts; None where there is none."""
    return min(states, key=WORST_FIRST.index, default=None)


def duties_of(scheme: Scheme, facts: Facts, returned: Returned) -> Iterator[Duty]:
    """Every duty that the scheme asks for, returned or not."""
    for indicator in scheme.in_year(facts.period.year):
        if indicator.kind != "status":
            continue
        row = returned.rows.get(indicator.code, {})
        book = facts.target(indicator.code)
        planned = book.month if book is not None else None
        status = text_of(row, "status")
        yield Duty(
            code=indicator.code,
            department=indicator.owner,
            state=duty_state(facts.period, status, planned),
            planned_month=planned,
            status=status,
            status_source=source_of(row.get("status")),
            note=text_of(row, "note"),
            note_source=source_of(row.get("note")),
        )
