"""The target in the return against the target book, and whether a missed target is explained."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.intake.checks.context import Cells, Context
from analysis.intake.checks.registry import Bound, NotEvaluated, Passed, Result, check, rule
from analysis.intake.exact import plain_number
from analysis.intake.fields import heading_of, table_of, unit_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.layout import SHEETS_BY_TABLE
from analysis.intake.targets import UNREADABLE, Target, book_place, target_of
from analysis.scheme import Indicator
from analysis.scheme.facts import name_key

TARGET_DIFFERS = rule("target_differs", "target", "book", "unit", unless="目标任务书没有这一指标的目标")
BOOK_UNFINISHED = rule("book_unfinished", "target", "book", "used")
TARGET_MISSING = rule("target_missing", "target")
TARGET_ZERO = rule("target_zero", "target", "book")
MONTH_DIFFERS = rule("month_differs", "target", "book", unless="目标任务书或上报表没有计划月份")
MONTH_UNFINISHED = rule("month_unfinished", "target", "book", "used")
MISSED_UNEXPLAINED = rule(
    "missed_unexplained",
    "explanation",
    "target",
    "note",
    bound=Bound(Decimal(0), Decimal(100), unit="个百分点"),
    unless="没有完成数、目标或比率的总数",
)
ABOVE_CEILING = rule("above_ceiling", "target", "target", unless="没有完成数或上限")


def _rows(context: Context) -> Iterator[tuple[Indicator, Cells, Target]]:
    for indicator in context.asked:
        row = context.row("indicator", indicator.code) if indicator.has_target else None
        if row is not None:
            yield indicator, row, target_of(context.facts, indicator.code, context.figure(indicator.code, "target"))


def _at(context: Context, row: Cells, name: str) -> Place:
    value = row.get(name) or next(iter(row.values()))
    cell = value.cell if name in row else ""
    return Place(context.file, value.sheet, cell, value.code, "", heading_of("indicator", name))


@check
def targets_are_those_of_the_book(context: Context) -> Iterator[Result]:
    """The target in the return is the one that was set; a gap in the book is told with its row, and the return's used."""
    for indicator, row, target in _rows(context):
        returned = context.figure(indicator.code, "target")
        unit = unit_of("target", indicator)
        place = _at(context, row, "target")
        if target.gap is not None and (indicator.kind == "target" or target.gap == UNREADABLE or returned is not None):
            book_row = context.facts.target(indicator.code)
            typed = (book_row.target if book_row else None) or "空"
            used = f"暂用上报表中的{plain_number(returned)}{unit}" if returned is not None else "上报表中也没有目标"
            yield Found(
                BOOK_UNFINISHED,
                place,
                {"found": typed, "expected": "一个数字", "book": target.place, "used": used},
            )
        elif context.facts.has_target_book:
            yield Passed(BOOK_UNFINISHED)
        if indicator.kind == "target":
            yield Found(TARGET_MISSING, place) if target.number is None else Passed(TARGET_MISSING)
        if target.number is None:
            continue
        if target.from_book and returned is not None and returned != target.number:
            marks = {
                "found": f"{plain_number(returned)}{unit}",
                "expected": f"{plain_number(target.number)}{unit}",
                "book": target.place,
            }
            yield Found(TARGET_DIFFERS, place, marks)
        elif target.from_book:
            yield Passed(TARGET_DIFFERS)
        else:
            yield NotEvaluated(TARGET_DIFFERS)


@check
def targets_are_not_zero(context: Context) -> Iterator[Result]:
    """A target of zero gives no completion rate; who means that nothing may happen has a zero row for it."""
    for indicator, row, target in _rows(context):
        if target.number is None or indicator.kind != "target":
            continue
        if target.number == 0:
            source = target.place if target.from_book else "上报表"
            marks = {"found": "0", "expected": "大于0", "book": source}
            yield Found(TARGET_ZERO, _at(context, row, "target"), marks)
        else:
            yield Passed(TARGET_ZERO)


@check
def planned_months_are_those_of_the_book(context: Context) -> Iterator[Result]:
    """The planned month of a project is the one that was set."""
    for row in context.rows("project"):
        value = row.get("planned_month")
        if value is None:
            continue
        book = context.facts.target(value.code or "", value.item)
        if book is None or book.month is None or value.text is None:
            yield NotEvaluated(MONTH_DIFFERS)
        elif value.text != book.month:
            marks = {
                "found": value.text,
                "expected": book.month,
                "book": book_place(context.facts, value.code or "", value.item),
            }
            yield Found(MONTH_DIFFERS, place_of(value, heading_of("project", "planned_month")), marks)
        else:
            yield Passed(MONTH_DIFFERS)


@check
def planned_months_are_in_the_book(context: Context) -> Iterator[Result]:
    """A project of the book has its planned month; a duty or a target without one is of the year.

    A month that is there can be read.
    """
    asked = {indicator.code: indicator for indicator in context.asked if indicator.owner == context.department}
    for row in context.facts.targets.values():
        indicator = asked.get(row.code)
        if indicator is None or indicator.kind not in ("project", "status", "target"):
            continue
        of_project = indicator.kind == "project"
        if of_project and not row.project:
            continue
        typed = (row.planned_month or "").strip()
        if row.month is not None or (not typed and not of_project):
            yield Passed(MONTH_UNFINISHED)
            continue
        returned = _returned_month(context, row.code, row.project or "")
        marks = {
            "found": typed or "空",
            "expected": "年月，如 2021-09",
            "book": book_place(context.facts, row.code, row.project or ""),
            "used": _month_used(indicator, returned),
        }
        title = SHEETS_BY_TABLE[table_of(indicator)].title
        yield Found(MONTH_UNFINISHED, Place(context.file, title, "", row.code, row.project or ""), marks)


def _month_used(indicator: Indicator, returned: str | None) -> str:
    if indicator.kind == "target":
        return "年中暂按序时进度评价"
    return f"暂用上报表中的{returned}" if returned else "上报表中也没有，看不出是否逾期"


def _returned_month(context: Context, code: str, project: str) -> str | None:
    """The planned month that the return gives to a project."""
    for row in context.rows("project", code):
        value = row.get("planned_month")
        if value is not None and name_key(value.item) == name_key(project):
            return value.text
    return None


@check
def missed_targets_are_explained(context: Context) -> Iterator[Result]:
    """Who missed a target says why; 核实无误 says nothing."""
    for indicator in context.asked:
        row = context.row("indicator", indicator.code) if indicator.has_target or indicator.kind == "zero" else None
        actual = row.get("actual") if row else None
        if row is None or actual is None:
            continue
        target = target_of(context.facts, indicator.code, context.figure(indicator.code, "target"))
        missed = _missed(context, indicator, actual.number, target.number)
        if missed is None:
            yield NotEvaluated(MISSED_UNEXPLAINED)
            continue
        note = row.get("note")
        if not missed or context.words.explains(note.text if note else None):
            yield Passed(MISSED_UNEXPLAINED)
            continue
        unit = unit_of("target", indicator)
        limit = f"{plain_number(target.number)}{unit}" if target.number is not None else f"0{unit}"
        found = note.typed.strip() if note else ""
        said = f"说明为“{found}”" if found else "说明空着"
        marks = {"found": found, "expected": "写明原因", "target": limit, "note": said}
        yield Found(MISSED_UNEXPLAINED, _at(context, row, "note"), marks)


def _missed(context: Context, indicator: Indicator, actual: Decimal | None, target: Decimal | None) -> bool | None:
    """Whether an explanation is owed, compared exactly; None where it can't be said."""
    if actual is None or (target is None and indicator.kind != "zero"):
        return None
    if indicator.kind == "zero":
        return actual > 0
    assert target is not None  # looked at above
    period = context.facts.period
    if indicator.kind == "ratio":
        whole = context.figure(indicator.whole or "", "actual")
        if not whole:
            return None
        carried = context.figure(indicator.code, "carried") if indicator.carried_over else None
        share = Fraction(actual) / Fraction(whole + (carried or 0)) if whole + (carried or 0) else Fraction(0)
        below = share * 100 < Fraction(target)
        above = share * 100 > Fraction(target)
        return period.whole_year and (above if indicator.direction == "down" else below)
    if target <= 0:
        return None
    if indicator.direction == "down":
        return actual > target
    book = context.facts.target(indicator.code)
    if not period.whole_year and book is not None and book.month is not None and book.month > period.last_month:
        return False
    behind = Fraction(0) if period.whole_year else Fraction(context.value(MISSED_UNEXPLAINED)) / 100
    return Fraction(actual) / Fraction(target) < period.time_progress - behind


@check
def ceilings_are_kept(context: Context) -> Iterator[Result]:
    """A quota or a budget is not gone beyond."""
    for indicator, row, target in _rows(context):
        actual = context.figure(indicator.code, "actual")
        if not indicator.ceiling:
            continue
        if actual is None or target.number is None:
            yield NotEvaluated(ABOVE_CEILING)
            continue
        if actual > target.number:
            limit = f"{plain_number(target.number)}{indicator.unit or ''}"
            marks = {"found": plain_number(actual), "expected": f"不超过{limit}", "target": limit}
            yield Found(ABOVE_CEILING, _at(context, row, "actual"), marks)
        else:
            yield Passed(ABOVE_CEILING)
