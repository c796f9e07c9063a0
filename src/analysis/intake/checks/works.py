"""Do stage, progress and months of projects fit, and are late projects and duties explained."""

from collections.abc import Iterator

from analysis.intake.checks.context import Cells, Context
from analysis.intake.checks.registry import NotEvaluated, Passed, Result, check, rule
from analysis.intake.exact import plain_number
from analysis.intake.fields import heading_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.frames import Value
from analysis.intake.layout import STAGES, STATUSES
from analysis.scheme import Facts

NO_STAGE = "没有阶段"
FINISHED_NOT_DONE = rule("finished_not_done", "projects", unless=NO_STAGE)
DONE_WITHOUT_MONTH = rule("done_without_month", "projects")
DONE_AFTER_PERIOD = rule("done_after_period", "projects")
LATE_WITHOUT_REASON = rule("late_without_reason", "projects", "planned", unless=NO_STAGE)
PROGRESS_RANGE = rule("progress_range", "projects", unless="没有形象进度")
PROGRESS_STAGE = rule("progress_stage", "projects", "stage", unless="没有阶段或形象进度")
DUTY_WITHOUT_NOTE = rule("duty_without_note", "projects", "status", unless="没有完成情况")
DUTY_NOT_DUE = rule("duty_not_due", "projects", "planned", unless="没有计划月份")
DONE, UNDER_WAY, NOT_STARTED = STAGES
ON_TIME, DONE_LATE, NOT_DONE, NOT_DUE = STATUSES


def _text(row: Cells, name: str) -> str | None:
    value = row.get(name)
    return value.text if value else None


def _at(context: Context, row: Cells, name: str) -> Place:
    value = row.get(name)
    if value is not None:
        return place_of(value, heading_of(value.table, name))
    first = next(iter(row.values()))
    return Place(context.file, first.sheet, "", first.code, first.item, heading_of(first.table, name))


def planned_month(facts: Facts, row: Cells) -> str | None:
    """The planned month of a project or a duty: the target book's prevails over the return's."""
    first: Value = next(iter(row.values()))
    book = facts.target(first.code or "", first.item if first.table == "project" else "")
    return (book.month if book else None) or _text(row, "planned_month")


@check
def finished_projects_are_done(context: Context) -> Iterator[Result]:
    """A project is done exactly where it has a month in which it was finished, and that month has come."""
    last = context.facts.period.last_month
    for row in context.rows("project"):
        stage, finished = _text(row, "stage"), _text(row, "finished_month")
        if stage is None:
            yield NotEvaluated(FINISHED_NOT_DONE)
        elif stage != DONE:
            if finished is not None and finished <= last:
                marks = {"found": f"{finished}，阶段“{stage}”", "expected": f"阶段为“{DONE}”，或不填实际完成月份"}
                yield Found(FINISHED_NOT_DONE, _at(context, row, "stage"), marks)
            else:
                yield Passed(FINISHED_NOT_DONE)
        elif finished is None:
            value = row.get("finished_month")
            if value is None or not context.unread(value):
                yield Found(DONE_WITHOUT_MONTH, _at(context, row, "finished_month"), {"expected": f"{last}或以前"})
        elif finished > last:
            marks = {"found": finished, "expected": f"{last}或以前"}
            yield Found(DONE_AFTER_PERIOD, _at(context, row, "finished_month"), marks)
        else:
            yield Passed(DONE_WITHOUT_MONTH)
            yield Passed(DONE_AFTER_PERIOD)


@check
def late_projects_have_a_reason(context: Context) -> Iterator[Result]:
    """A project that was not started, or whose planned month has passed, says why."""
    for row in context.rows("project"):
        stage, planned = _text(row, "stage"), planned_month(context.facts, row)
        late = planned is not None and planned <= context.facts.period.last_month
        if stage is None:
            yield NotEvaluated(LATE_WITHOUT_REASON)
        elif stage == DONE or not (late or stage == NOT_STARTED) or context.words.explains(_text(row, "reason")):
            yield Passed(LATE_WITHOUT_REASON)
        else:
            found = f"阶段“{stage}”" + (f"，计划{planned}完成" if planned else "")
            marks = {"found": found, "expected": "写明原因", "planned": planned or ""}
            yield Found(LATE_WITHOUT_REASON, _at(context, row, "reason"), marks)


@check
def progress_fits(context: Context) -> Iterator[Result]:
    """The share of works lies within 0 to 100, and is 100 exactly where the project is done."""
    for row in context.rows("project"):
        value = row.get("progress")
        if value is None or value.number is None:
            yield NotEvaluated(PROGRESS_RANGE)
            yield NotEvaluated(PROGRESS_STAGE)
            continue
        found = f"{plain_number(value.number)}%"
        if not 0 <= value.number <= 100:
            yield Found(PROGRESS_RANGE, _at(context, row, "progress"), {"found": found, "expected": "0至100"})
            continue
        yield Passed(PROGRESS_RANGE)
        stage = _text(row, "stage")
        wanted = {DONE: value.number == 100, NOT_STARTED: value.number == 0}
        if stage is not None and not wanted.get(stage, value.number < 100):
            expected = {DONE: "100%", NOT_STARTED: "0%"}.get(stage, "不到100%")
            marks = {"found": found, "expected": expected, "stage": stage}
            yield Found(PROGRESS_STAGE, _at(context, row, "progress"), marks)
        elif stage is not None:
            yield Passed(PROGRESS_STAGE)
        else:
            yield NotEvaluated(PROGRESS_STAGE)


@check
def late_duties_have_a_note(context: Context) -> Iterator[Result]:
    """A duty that was done late or not at all says why; one is not due only while its month has not come."""
    for row in context.rows("duty"):
        status = _text(row, "status")
        if status in (DONE_LATE, NOT_DONE) and not context.words.explains(_text(row, "note")):
            marks = {"found": status, "expected": "写明原因", "status": status}
            yield Found(DUTY_WITHOUT_NOTE, _at(context, row, "note"), marks)
        elif status is None:
            yield NotEvaluated(DUTY_WITHOUT_NOTE)
        else:
            yield Passed(DUTY_WITHOUT_NOTE)
        planned = planned_month(context.facts, row)
        if status != NOT_DUE:
            continue
        if planned is None:
            yield NotEvaluated(DUTY_NOT_DUE)
        elif planned <= context.facts.period.last_month:
            marks = {"found": status, "expected": "、".join(STATUSES[:3]), "planned": planned}
            yield Found(DUTY_NOT_DUE, _at(context, row, "status"), marks)
        else:
            yield Passed(DUTY_NOT_DUE)
