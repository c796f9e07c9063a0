"""Is all there: every indicator that is asked for, every figure, status, part and paragraph."""

from collections.abc import Iterator, Mapping

from analysis.intake.checks.context import Cells, Context
from analysis.intake.checks.registry import Passed, Result, check, rule
from analysis.intake.fields import heading_of, table_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.layout import SHEETS_BY_TABLE, Table
from analysis.intake.writing import plain
from analysis.scheme import Indicator
from analysis.scheme.models import EVERY_DEPARTMENT
from analysis.scheme.report import PROJECT_FIGURES

ROW_MISSING = rule("row_missing", "complete", always="error")
FIGURE_EMPTY = rule("figure_empty", "complete", "shown", always="error")
BASE_EMPTY = rule("base_empty", "complete", "shown")
PARTS_MISSING = rule("parts_missing", "complete")
PART_EMPTY = rule("part_empty", "complete")
PROJECT_EMPTY = rule("project_empty", "complete", always="error")
PROJECT_DETAIL_EMPTY = rule("project_detail_empty", "complete")
DUTY_EMPTY = rule("duty_empty", "complete", always="error")
TEXT_MISSING = rule("text_missing", "complete")
WORDS_MISSING = rule("words_missing", "complete")
COLUMN_MISSING = rule("column_missing", "complete")
SUBMITTER_EMPTY = rule("submitter_empty", "complete")

DETAILS = ("place", "progress", "investment")
"""What the report tells of a project beside its stage."""
MAY_BE_EMPTY: Mapping[Table, tuple[str, ...]] = {
    "indicator": ("carried", "note"),
    "project": ("finished_month", "used_month", "jobs", "income", "in_use", "reason"),
    "duty": ("note",),
}
"""By table, what no row is asked for: where its whole column is gone, only that can be told."""


@check
def rows_are_there(context: Context) -> Iterator[Result]:
    """Every indicator, project and duty that is asked of the department has a row."""
    for indicator in context.asked:
        table = table_of(indicator)
        if table == "text":
            continue
        if context.rows(table, indicator.code):
            yield Passed(ROW_MISSING)
        else:
            title = SHEETS_BY_TABLE[table].title
            place = Place(context.file, title, "", indicator.code)
            yield Found(ROW_MISSING, place, {"expected": f"“{title}”表中有这一行"})


@check
def figures_are_filled_in(context: Context) -> Iterator[Result]:
    """No figure is empty; a missing one is never a zero."""
    for indicator in context.asked:
        row = context.row("indicator", indicator.code) if indicator.numeric else None
        if row is None:
            continue
        yield from _filled(context, row, "actual", FIGURE_EMPTY)
        compared = indicator.has_base
        note = row.get("note")
        if compared and context.words.explains(note.text if note else None):
            compared = row.get("base") is None or context.figure(indicator.code, "base") is not None
        if compared and (indicator.since is None or indicator.since < context.facts.period.year):
            yield from _filled(context, row, "base", BASE_EMPTY)


def _filled(context: Context, row: Cells, name: str, code: str) -> Iterator[Result]:
    value = row.get(name)
    if value is None:  # the sheet has no such column
        first = next(iter(row.values()))
        yield Found(code, Place(first.file, first.sheet, "", first.code, "", heading_of(first.table, name)))
    elif value.number is None and value.text is None:
        if not context.unread(value):
            heading = heading_of(value.table, name)
            typed = value.typed.strip()
            yield Found(
                code, place_of(value, heading), {"found": typed, "shown": f"，填的是“{typed}”" if typed else ""}
            )
    else:
        yield Passed(code)


@check
def parts_are_there(context: Context) -> Iterator[Result]:
    """A figure that is told by village, source or kind has its parts, those that the scheme fixes by name too."""
    for indicator in context.asked:
        if indicator.owner != context.department:
            continue  # a second reporter returns the figure alone
        if indicator.breakdown is None or not context.figure(indicator.code, "actual"):
            continue  # nothing to be broken down
        parts = context.rows("part", indicator.code)
        there = {plain(next(iter(part.values())).item) for part in parts}
        missing = [name for name in indicator.parts if plain(name) not in there]
        if not parts or missing:
            place = Place(context.file, SHEETS_BY_TABLE["part"].title, "", indicator.code)
            expected = "、".join(missing) if parts else f"按{indicator.breakdown}列出"
            yield Found(PARTS_MISSING, place, {"expected": expected})
        else:
            yield Passed(PARTS_MISSING)
        for part in parts:
            yield from _filled(context, part, "amount", PART_EMPTY)


@check
def projects_are_filled_in(context: Context) -> Iterator[Result]:
    """A project has its stage, and what the report tells of it."""
    for row in context.rows("project"):
        yield from _filled(context, row, "stage", PROJECT_EMPTY)
        first = next(iter(row.values()))
        book = context.facts.target(first.code or "", first.item)
        planned = () if book is not None and book.month else ("planned_month",)
        summed = _in_relations(context, first.code or "")
        left_out = set(PROJECT_FIGURES) - set(context.scheme.report.project_figures)
        details = tuple(name for name in DETAILS if name not in left_out)
        for name in (*details, *planned, *(name for name in summed if name not in DETAILS)):
            yield from _filled(context, row, name, PROJECT_DETAIL_EMPTY)


def _in_relations(context: Context, code: str) -> list[str]:
    """The fields of an indicator's projects that the scheme's relations add up."""
    terms = [term for relation in context.scheme.relations for term in (relation.left, *relation.terms)]
    return [field for of, _, field in (term.partition(".") for term in terms) if of == code and field]


@check
def duties_are_filled_in(context: Context) -> Iterator[Result]:
    """A duty says how it was done."""
    for row in context.rows("duty"):
        yield from _filled(context, row, "status", DUTY_EMPTY)


@check
def texts_are_there(context: Context) -> Iterator[Result]:
    """The paragraphs that are asked for are there; problems and measures, which everyone is asked for, by category."""
    for indicator in context.asked:
        if indicator.kind != "text":
            continue
        code = WORDS_MISSING if indicator.owner == EVERY_DEPARTMENT else TEXT_MISSING
        if any(_answers(context, row, indicator) for row in context.rows("text")):
            yield Passed(code)
        else:
            yield Found(code, Place(context.file, SHEETS_BY_TABLE["text"].title, "", indicator.code))


def _answers(context: Context, row: Cells, indicator: Indicator) -> bool:
    paragraph = row.get("paragraph")
    if paragraph is None or not paragraph.text:
        return False
    if paragraph.code is not None:
        return paragraph.code == indicator.code
    category = row["category"].text if "category" in row else None
    return category is not None and category == context.scheme.report.category_of(indicator.code)


@check
def columns_are_there(context: Context) -> Iterator[Result]:
    """A column that may be empty is there all the same: a figure that went with its column would be lost in silence."""
    for table, names in MAY_BE_EMPTY.items():
        rows = context.rows(table)
        there = {name for row in rows for name in row}
        for name in names if rows else ():
            if name == "carried" and not any(indicator.carried_over for indicator in context.asked):
                continue
            if name in PROJECT_FIGURES and name not in context.scheme.report.project_figures:
                continue
            if name in there:
                yield Passed(COLUMN_MISSING)
            else:
                heading = heading_of(table, name)
                sheet = next(iter(rows[0].values())).sheet
                yield Found(COLUMN_MISSING, Place(context.file, sheet, heading=heading), {"expected": heading})


@check
def submitter_is_named(context: Context) -> Iterator[Result]:
    """Who filled the return in, and whom to call."""
    row = next(iter(context.rows("submitter")), {})
    for name in ("filled_by", "phone"):
        value = row.get(name)
        if value is not None and value.text:
            yield Passed(SUBMITTER_EMPTY)
        elif value is not None:
            yield Found(SUBMITTER_EMPTY, place_of(value, heading_of("submitter", name)))
        else:
            yield Found(SUBMITTER_EMPTY, Place(context.file, heading=heading_of("submitter", name)))
