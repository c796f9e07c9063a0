"""A department's blank return, made from the scheme and the facts: what it is asked for, and what is known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell

from analysis.intake.exact import decimals_of
from analysis.intake.fields import PERCENT, unit_of
from analysis.intake.form import (
    cell_at,
    fit_rows,
    number_format,
    start_table,
    style,
    without_control,
    workbook_bytes,
    write_number,
    write_rate,
    write_text,
)
from analysis.intake.form_table import FormRow, FormTable
from analysis.intake.guidance import (
    ABOUT_ANSWERS,
    ABOUT_CARRIED,
    ABOUT_CODE,
    ABOUT_MONTHS,
    ABOUT_PROGRESS,
    ABOUT_SUM,
    guidance,
)
from analysis.intake.hidden_sheet import identity
from analysis.intake.instructions import instructions
from analysis.intake.layout import HIDDEN_SHEET, SHEETS, SHEETS_BY_TABLE, STAGES, STATUSES, YES_NO
from analysis.intake.rows import belongs
from analysis.intake.validations import anything, figures, month, one_of
from analysis.scheme import Facts, Indicator, Scheme, Town
from analysis.scheme.models import EVERY_DEPARTMENT
from analysis.scheme.report import CATEGORIES, PROJECT_FIGURES

__all__ = ["Form", "Room", "blank_return", "fixed_parts", "make_form", "workbook_bytes"]

SPARE_PARTS, SPARE_PROJECTS, PARAGRAPHS, SPARE_PARAGRAPHS = 10, 4, 2, 4
AMOUNTS = ("investment", "income")
FROZEN: Mapping[str, int] = {"indicator": 3, "part": 2, "project": 2, "duty": 2}
"""Columns that stay in sight when a sheet is scrolled sideways: code and name."""
TABS: Mapping[str, str] = {
    "indicator": "1565C0",
    "part": "2E7D32",
    "project": "EF6C00",
    "duty": "6A1B9A",
    "text": "00838F",
}
FIRST_TAB = "C62828"


def blank_return(scheme: Scheme, facts: Facts, department: str, previous: pd.DataFrame | None = None) -> Workbook:
    """Make a department's blank return (空白上报表).

    Args:
        scheme: what is asked for.
        facts: town, period and target book; what the target book knows is filled in and locked.
        department: its name or an alias.
        previous: what the department returned for the same months of last year, see `frames.VALUES`; its actual
            figures become this year's bases, which stay open, since a base may be restated.

    Raises:
        ValueError: the scheme knows no such department.
    """
    return make_form(scheme, facts, department, previous).workbook


@dataclass(frozen=True)
class Room:
    """What a form is to have room for beyond what its department is asked for.

    Attributes:
        codes: by table, codes of indicators that have a row.
        rows: by table and code (none for a paragraph without one), how many empty rows there are at least.
        fields: by table, fields that have a column though the blank form prints none.
    """

    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass
class Form:
    """A form with its cells: those of the first sheet by field, those of the tables by row."""

    workbook: Workbook
    scheme: Scheme
    facts: Facts
    department: str
    bases: Mapping[str, Decimal]
    room: Room
    labels: Mapping[str, Cell] = field(default_factory=dict)
    rows: list[FormRow] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What the form is called, without its department."""
        words = self.scheme.report
        return words.titled(words.form, self.facts.town, self.facts.period)

    def table(self, name: str) -> FormTable:
        """Begin a table's sheet."""
        sheet, town = SHEETS_BY_TABLE[name], self.facts.town
        further = self.room.fields.get(name, ())
        unasked = set(PROJECT_FIGURES) - set(self.scheme.report.project_figures)
        columns = tuple(c for c in sheet.columns if (c.printed and c.field not in unasked) or c.field in further)
        worksheet = self.workbook.create_sheet(sheet.title)
        worksheet.sheet_properties.tabColor = TABS[name]
        title = f"{town.county}{town.name}{self.department}{self.title}（{sheet.title}）"
        who = f"填报单位：{self.department}　　报告期：{self.facts.period.label}"
        start_table(worksheet, columns, title, who, FROZEN.get(name, 0))
        return FormTable(worksheet, sheet, columns)

    def empty_rows(self, table: str, code: str, usual: int) -> int:
        """How many empty rows an indicator has."""
        return max(usual, self.room.rows.get((table, code), 0))


def make_form(
    scheme: Scheme, facts: Facts, department: str, previous: pd.DataFrame | None = None, room: Room | None = None
) -> Form:
    """Make a department's form, see `blank_return`, with room for what a return has beyond what it is asked for.

    Raises:
        ValueError: the scheme knows no such department.
    """
    known = scheme.known_as(department)
    if known is None:
        raise ValueError(f"方案中没有“{department}”这个部门")
    form = Form(Workbook(), scheme, facts, known.name, _actuals(previous), room or Room())
    asked = _asked_by_table(scheme, facts, known.name, form.room)
    first = form.workbook.worksheets[0]
    first.sheet_properties.tabColor = FIRST_TAB
    town = facts.town
    title = f"{town.county}{town.name}{form.title}"
    form.labels = instructions(
        first, facts, known.name, title, guidance(scheme, facts.period, asked), scheme.report.body
    )
    for sheet in SHEETS:
        if asked[sheet.table]:
            table = form.table(sheet.table)
            _FILL[sheet.table](form, table, asked[sheet.table])
            fit_rows(table.worksheet, sheet)
            form.rows += table.rows
    _identify(form, scheme)
    properties = form.workbook.properties
    properties.creator = without_control(f"{town.county}{town.name}")
    properties.title = without_control(f"{town.county}{town.name}{known.name}{form.title}")
    return form


def _asked_by_table(scheme: Scheme, facts: Facts, department: str, room: Room) -> dict[str, list[Indicator]]:
    """By table, the indicators that have rows there, those that only a return has last."""
    own = scheme.asked_of(department, facts.period.year)
    asked: dict[str, list[Indicator]] = {}
    for sheet in SHEETS:
        rows = [row for row in own if belongs(row, sheet.table)]
        if sheet.table == "part":
            rows = [row for row in rows if row.owner == department]
        further = [scheme[code] for code in dict.fromkeys(room.codes.get(sheet.table, ()))]
        asked[sheet.table] = [*rows, *(row for row in further if row not in rows)]
    return asked


def _actuals(previous: pd.DataFrame | None) -> dict[str, Decimal]:
    if previous is None:
        return {}
    rows = previous[(previous["table"] == "indicator") & (previous["field"] == "actual") & previous["number"].notna()]
    return dict(zip(rows["code"], rows["number"], strict=True))


def _identify(form: Form, scheme: Scheme) -> None:
    hidden = form.workbook.create_sheet(HIDDEN_SHEET)
    for row, pair in enumerate(identity(scheme, form.facts, form.department).items(), 1):
        for column, text in enumerate(pair, 1):
            write_text(cell_at(hidden, row, column), text)
    hidden.sheet_state = "hidden"


def _indicators(form: Form, table: FormTable, rows: Sequence[Indicator]) -> None:
    for line, indicator in enumerate(rows, 1):
        decimals = indicator.expected_decimals
        asked = {"base": indicator.has_base, "carried": indicator.carried_over}
        shut = [name for name, is_asked in asked.items() if not is_asked]
        known = {"line": line, "code": indicator.code, "name": indicator.name, "unit": indicator.unit}
        base = form.bases.get(indicator.code) if indicator.has_base else None
        cells = table.add({**known, "base": base}, shut, decimals)
        if indicator.has_target:
            _target(form.facts, table, indicator, cells["target"])
        bounds = (decimals, indicator.lower, indicator.upper)
        hint = ABOUT_SUM if indicator.breakdown and indicator.owner == form.department else ""
        table.allow(cells["actual"], figures, *bounds, indicator.unit, hint)
        if indicator.has_base:
            table.allow(cells["base"], figures, *bounds)
        if indicator.carried_over:
            table.allow(cells["carried"], figures, decimals, None, None, indicator.unit, ABOUT_CARRIED)
        for name in ("actual", "base", "carried"):
            cells[name].number_format = number_format(decimals)
        if base is not None and unit_of("base", indicator) == PERCENT:
            write_rate(cells["base"], base, max(decimals, decimals_of(base)))


def _target(facts: Facts, table: FormTable, indicator: Indicator, cell: Cell) -> None:
    """Fill in and lock the target that was set; where the town has no target book, the department states it."""
    book = facts.target(indicator.code)
    ratio = indicator.kind == "ratio"
    decimals = indicator.expected_decimals
    if book is not None and book.value is not None:
        if unit_of("target", indicator) == PERCENT:
            write_rate(cell, book.value, decimals_of(book.value))
        else:
            write_number(cell, book.value, decimals)
    elif not facts.has_target_book:
        style(cell, open_=True, centred=True)
        most = Decimal(100) if ratio else indicator.upper
        unit = "%（目标比率）" if ratio else indicator.unit
        table.allow(cell, figures, max(decimals, 2) if ratio else decimals, None, most, unit)


def fixed_parts(indicator: Indicator, scheme: Scheme, town: Town) -> tuple[str, ...]:
    """The parts that the form names: the places of the town, or those of the scheme; none where the department names them."""
    return town.villages if indicator.breakdown == scheme.report.places else indicator.parts


def _parts(form: Form, table: FormTable, rows: Sequence[Indicator]) -> None:
    totals = {row.code: row.cells["actual"] for row in form.rows if row.table == "indicator"}
    for indicator in rows:
        fixed = fixed_parts(indicator, form.scheme, form.facts.town)
        spare = form.empty_rows("part", indicator.code, 0 if fixed else SPARE_PARTS)
        first = table.last + 1
        shown = number_format(indicator.expected_decimals)
        for item in (*fixed, *("",) * spare):
            known = {"code": indicator.code, "name": indicator.name, "item": item}
            cells = table.add(known, ("item",) if item else ())
            cells["amount"].number_format = shown
            if not item:
                cells["item"].number_format = "@"
            bounds = (indicator.expected_decimals, indicator.lower, indicator.upper)
            table.allow(cells["amount"], figures, *bounds, indicator.unit)
        table.add_sum(indicator.code, first, shown, totals.get(indicator.code))


def _projects(form: Form, table: FormTable, rows: Sequence[Indicator]) -> None:
    beginnings: dict[str, str] = {}
    for indicator in rows:
        books = [row for (code, name), row in form.facts.targets.items() if code == indicator.code and name]
        planned: list[tuple[str, str | None]] = [(row.project or "", row.month) for row in books]
        spare = form.empty_rows("project", indicator.code, SPARE_PROJECTS)
        for item, planned_month in [*planned, *[("", None)] * spare]:
            shut = [name for name, value in (("item", item), ("planned_month", planned_month)) if value]
            cells = table.add({"code": indicator.code, "item": item, "planned_month": planned_month}, shut)
            for name, hint in ABOUT_MONTHS.items():
                first = beginnings.setdefault(name, cells[name].coordinate)
                cells[name].number_format = "@"
                table.allow(cells[name], month, first, form.facts.period.year, hint)
            for name in [name for name in AMOUNTS if name in cells]:
                cells[name].number_format = number_format(2)
                table.allow(cells[name], figures, 2, None, None, "万元")
            if "jobs" in cells:
                table.allow(cells["jobs"], figures, 0, None, None, "个")
            table.allow(cells["progress"], figures, 2, None, Decimal(100), "%", ABOUT_PROGRESS)
            table.allow(cells["stage"], one_of, STAGES)
            table.allow(cells["in_use"], one_of, YES_NO)


def _duties(_form: Form, table: FormTable, rows: Sequence[Indicator]) -> None:
    for indicator in rows:
        cells = table.add({"code": indicator.code, "name": indicator.name})
        table.allow(cells["status"], one_of, STATUSES)


def _texts(form: Form, table: FormTable, rows: Sequence[Indicator]) -> None:
    prepared: list[tuple[str, str, int]] = []
    for indicator in rows:
        usual = SPARE_PARAGRAPHS if indicator.owner == EVERY_DEPARTMENT else PARAGRAPHS
        prepared.append(
            (
                indicator.code,
                form.scheme.report.category_of(indicator.code),
                form.empty_rows("text", indicator.code, usual),
            )
        )
    prepared.append(("", "", form.empty_rows("text", "", 0)))
    for code, category, count in prepared:
        for _ in range(count):
            cells = table.add({"code": code, "category": category})
            cells["paragraph"].number_format = cells["answers"].number_format = "@"
            table.allow(cells["category"], one_of, CATEGORIES)
            table.allow(cells["code"], anything, "编码", ABOUT_CODE)
            table.allow(cells["answers"], anything, "对应问题", ABOUT_ANSWERS)


_FILL = {"indicator": _indicators, "part": _parts, "project": _projects, "duty": _duties, "text": _texts}
