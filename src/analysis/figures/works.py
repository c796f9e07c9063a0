"""Projects and duties: from their rows to their states."""

from collections.abc import Iterator

from analysis.figures.completion import State
from analysis.figures.gather import Cells, Returned, number_of, source_of, text_of
from analysis.figures.model import Duty, Project, reference
from analysis.scheme import Facts, Indicator, Period, Scheme

DONE, UNDER_WAY = "已完成", "在建"
WORST_FIRST: tuple[State, ...] = ("undone", "not_reported", "under_way", "not_due", "late", "done", "reported")
"""A row of several projects counts by its worst: one late but done leaves the row's outcome to those not done."""


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
            # A duty without a month of its own is of the year.
            return "undone" if (planned or f"{period.year}-12") <= period.last_month else "not_due"
        case "未完成":
            return "not_due" if planned and planned > period.last_month else "undone"
    return "not_reported"


def projects_of(scheme: Scheme, facts: Facts, returned: Returned) -> Iterator[Project]:
    """The projects of every project indicator, numbered as returned; the target book's month prevails."""
    for indicator in scheme.in_year(facts.period.year):
        if indicator.kind == "project":
            rows = returned.projects.get(indicator.code, [])
            for number, row in enumerate(rows, 1):
                yield _project(indicator, facts, number, row)
            named = {next(iter(row.values())).item for row in rows}
            yield from _left_out(indicator, facts, named, len(rows)) if rows else ()


def _left_out(indicator: Indicator, facts: Facts, named: set[str], returned: int) -> Iterator[Project]:
    """Projects that the target book sets and the return does not name: owed, not forgotten."""
    owed = [key[1] for key in facts.targets if key[0] == indicator.code and key[1] and key[1] not in named]
    for number, item in enumerate(owed, returned + 1):
        row = facts.target_rows.get((indicator.code, item), 0)
        month = facts.targets[indicator.code, item].month
        yield Project(
            code=indicator.code,
            item=item,
            number=number,
            department=indicator.owner,
            state="not_reported",
            assessed=month is not None and month[:4] <= str(facts.period.year),
            file=facts.target_file,
            sheet="",
            item_cell=f"B{row}",
            planned_month=month,
            planned_source=reference(facts.target_file, "", f"D{row}") if month else None,
        )


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
