"""Projects and duties: from their rows to their states."""

from collections.abc import Iterator

from analysis.figures.completion import State
from analysis.figures.gather import Cells, Returned, number_of, source_of, text_of
from analysis.figures.model import Duty, Project, reference
from analysis.scheme import Facts, Indicator, Period, Scheme
from analysis.scheme.facts import name_key

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
            order = [name for code, name in facts.targets if code == indicator.code and name]
            extra = len(order)
            for row in rows:
                name = name_key(next(iter(row.values())).item)
                extra += name not in order
                # A project's number is its place in the target book: it lasts when rows move in a correction.
                yield _project(indicator, facts, order.index(name) + 1 if name in order else extra, row)
            named = {name_key(next(iter(row.values())).item) for row in rows}
            yield from _left_out(indicator, facts, named) if rows else ()


def _left_out(indicator: Indicator, facts: Facts, named: set[str]) -> Iterator[Project]:
    """Projects that the target book sets and the return does not name: owed, not forgotten."""
    order = [row for (code, name), row in facts.targets.items() if code == indicator.code and name]
    for number, row in enumerate(order, 1):
        item = row.project or ""
        if name_key(item) in named:
            continue
        yield Project(
            code=indicator.code,
            item=item,
            number=number,
            department=indicator.owner,
            state="not_reported",
            assessed=row.month is not None and row.month[:4] <= str(facts.period.year),
            file=facts.target_file,
            sheet="",
            item_cell=facts.target_cell(indicator.code, "project", item),
            planned_month=row.month,
            planned_source=_planned_source(indicator, facts, item) if row.month else None,
        )


def _planned_source(indicator: Indicator, facts: Facts, item: str) -> str:
    return reference(facts.target_file, "", facts.target_cell(indicator.code, "planned_month", item))


def _project(indicator: Indicator, facts: Facts, number: int, row: Cells) -> Project:
    first = next(iter(row.values()))
    planned, planned_source = text_of(row, "planned_month"), source_of(row.get("planned_month"))
    book = facts.target(indicator.code, first.item)
    if book is not None and book.month is not None:
        planned = book.month
        planned_source = _planned_source(indicator, facts, first.item)
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
