"""A department's blank return, made from the scheme and the facts: what it is asked for, and what is known already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.form import (
    COLOURS,
    HEADER_ROW,
    at_least_zero,
    cell_at,
    label,
    number_format,
    one_of,
    set_page,
    start_table,
    style,
    workbook_bytes,
    write_number,
    write_text,
)
from analysis.intake.hidden_sheet import identity
from analysis.intake.layout import (
    CATEGORIES,
    HIDDEN_SHEET,
    INSTRUCTIONS,
    SHEETS_BY_TABLE,
    STAGES,
    STATUSES,
    SUBMITTER,
    YES_NO,
    Sheet,
)
from analysis.scheme import Facts, Indicator, Scheme
from analysis.scheme.load import EVERY_DEPARTMENT

__all__ = ["blank_return", "workbook_bytes"]

BY_VILLAGE = "村"
SPARE_PARTS, SPARE_PROJECTS, PARAGRAPHS, SPARE_PARAGRAPHS = 8, 4, 2, 4
AMOUNTS = ("investment", "income")
MONTHS = ("planned_month", "finished_month", "used_month")
OF_CHAPTERS = {"存在的问题和不足": CATEGORIES[1], "下一步工作措施": CATEGORIES[2]}


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
    known = scheme.known_as(department)
    if known is None:
        raise ValueError(f"方案中没有“{department}”这个部门")
    workbook = Workbook()
    workbook.properties.creator = "township-report"
    form = _Form(workbook, facts, known.name, _actuals(previous))
    asked = scheme.asked_of(known.name, facts.period.year)
    _instructions(form, workbook.worksheets[0])
    _indicators(form, [row for row in asked if row.numeric])
    _parts(form, [row for row in asked if row.numeric and row.breakdown and row.owner == known.name])
    _projects(form, [row for row in asked if row.kind == "project"])
    _duties(form, [row for row in asked if row.kind == "status"])
    _texts(form, [row for row in asked if row.kind == "text"])
    hidden = workbook.create_sheet(HIDDEN_SHEET)
    for row, pair in enumerate(identity(scheme, facts, known.name).items(), 1):
        for column, text in enumerate(pair, 1):
            write_text(cell_at(hidden, row, column), text)
    hidden.sheet_state = "hidden"
    return workbook


@dataclass
class _Form:
    """The workbook as it grows."""

    workbook: Workbook
    facts: Facts
    department: str
    bases: Mapping[str, Decimal]

    @property
    def report(self) -> str:
        period = self.facts.period
        years = f"{period.year}年度" if period.whole_year else period.label
        return f"{years}目标任务完成情况上报表"

    def table(self, name: str) -> "_Table":
        sheet = SHEETS_BY_TABLE[name]
        town = self.facts.town
        worksheet = self.workbook.create_sheet(sheet.title)
        title = f"{town.county}{town.name}{self.department}{self.report}（{sheet.title}）"
        start_table(worksheet, sheet, title, f"填报单位：{self.department}　　报告期：{self.facts.period.label}")
        return _Table(worksheet, sheet)


@dataclass
class _Table:
    """A sheet as it grows, row by row; validations are kept by what they allow, and take many cells each."""

    worksheet: Worksheet
    sheet: Sheet
    row: int = HEADER_ROW
    validations: dict[object, DataValidation] = field(default_factory=dict)

    def add(self, known: Mapping[str, object], shut: Iterable[str] = (), decimals: int = 0) -> dict[str, Cell]:
        """Add a row: what is known is filled in; the columns that a department fills in are open, but for `shut`."""
        self.row += 1
        cells: dict[str, Cell] = {}
        for number, column in enumerate(self.sheet.printed, 1):
            cell = cell_at(self.worksheet, self.row, number)
            cells[column.field] = cell
            value = known.get(column.field)
            if isinstance(value, Decimal):
                write_number(cell, value, decimals)
            elif isinstance(value, int):
                cell.value = value
            elif isinstance(value, str):
                write_text(cell, value)
            narrow = column.width < 16
            style(cell, open_=column.filled_in and column.field not in shut, centred=narrow)
        return cells

    def allow(self, cell: Cell, make: Callable[..., DataValidation], *arguments: object) -> None:
        """Limit what a cell takes."""
        key = (make, *arguments)
        if key not in self.validations:
            self.validations[key] = make(*arguments)
            self.worksheet.add_data_validation(self.validations[key])
        self.validations[key].add(cell)


def _actuals(previous: pd.DataFrame | None) -> dict[str, Decimal]:
    if previous is None:
        return {}
    rows = previous[(previous["table"] == "indicator") & (previous["field"] == "actual") & previous["number"].notna()]
    return dict(zip(rows["code"], rows["number"], strict=True))


def _instructions(form: _Form, worksheet: Worksheet) -> None:
    town, period = form.facts.town, form.facts.period
    deadline = form.facts.period_facts.deadline
    worksheet.title = INSTRUCTIONS
    worksheet.column_dimensions["A"].width, worksheet.column_dimensions["B"].width = 16, 100
    label(cell_at(worksheet, 1, 1), f"{town.county}{town.name}{form.report}", title=True)
    worksheet.merge_cells("A1:B1")
    worksheet.row_dimensions[1].height = 30
    known = {"department": form.department, "period": period.label}
    rows: list[tuple[str, str, bool]] = []
    if town.example:
        rows.append(("示例", "本表是示例：乡镇、人名、电话和数字全部虚构，不代表任何真实单位", False))
    rows += [(text, known.get(name, ""), name not in known) for name, text in SUBMITTER]
    if deadline is not None:
        rows.append(("报送期限", f"{deadline.year}年{deadline.month}月{deadline.day}日前", False))
    if town.phone:
        rows.append(("咨询电话", town.phone, False))
    rows += [(colour, meaning, False) for colour, meaning in COLOURS]
    rows += [(f"填表说明{number}", text, False) for number, text in enumerate(HOW_TO_FILL_IN, 1)]
    dates = {text for name, text in SUBMITTER if name == "filled_on"}
    for row, (text, value, open_) in enumerate(rows, 2):
        label(cell_at(worksheet, row, 1), text)
        cell = cell_at(worksheet, row, 2)
        write_text(cell, value)
        style(cell, open_=open_)
        if text in dates:
            cell.number_format = "yyyy-mm-dd"
        elif open_:
            cell.number_format = "@"
    set_page(worksheet)


HOW_TO_FILL_IN = (
    "只填浅黄色的格。完成数填全年累计数，没有发生的填0；还没有统计出来的空着，不要填0。",
    "数字不带单位、逗号和“约”“多”等字，小数位数照单位：万元、万株两位，米一位，其余为整数；形象进度填0至100。",
    "整改率、办结率、参保率等比率指标的目标任务数是目标比率（%），完成数填件数、人数，不填比率。",
    "上年同期数已按上年上报数填好，核实后有改动的，在说明中写明原因。",
    "没有完成目标、与上年相比变动超过50%的，在说明中写明原因；超额较多的也请说明。说明写成一句话，句末不加句号。",
    "上年结转数只在可以填的行填：上年受理、本年才办结的件数。",
    "月份写成 2021-09 的样子。项目没有开工或者晚于计划的，写明原因。",
    "文字材料一段一行；下一步措施针对某个问题的，在“对应问题”中写审核回执上的问题编码，或者写问题的名称。用不上的行空着。",
    "填好后直接交回，文件可以改名；不要删除或改动工作表和表头。",
)


def _indicators(form: _Form, rows: Sequence[Indicator]) -> None:
    if not rows:
        return
    table = form.table("indicator")
    for line, indicator in enumerate(rows, 1):
        decimals = indicator.expected_decimals
        assessed = indicator.kind in ("target", "ratio")
        compared = indicator.compare and indicator.kind != "fact"
        book = form.facts.target(indicator.code) if assessed else None
        shut = set()
        if not compared:
            shut.add("base")
        if not indicator.carried_over:
            shut.add("carried")
        cells = table.add(
            {
                "line": line,
                "code": indicator.code,
                "name": indicator.name,
                "unit": indicator.unit,
                "base": form.bases.get(indicator.code) if compared else None,
            },
            shut,
            decimals,
        )
        if book is not None and book.value is not None:
            places = -int(book.value.normalize().as_tuple().exponent)
            write_number(cells["target"], book.value, max(places, 0) if indicator.kind == "ratio" else decimals)
        elif assessed and not form.facts.has_target_book:
            style(cells["target"], open_=True, centred=True)
            table.allow(cells["target"], at_least_zero, max(decimals, 1 if indicator.kind == "ratio" else 0))
        for name in ("actual", "base", "carried"):
            if name not in shut:
                cells[name].number_format = number_format(decimals)
                table.allow(cells[name], at_least_zero, decimals)


def _parts(form: _Form, rows: Sequence[Indicator]) -> None:
    if not rows:
        return
    table = form.table("part")
    for indicator in rows:
        fixed = form.facts.town.villages if indicator.breakdown == BY_VILLAGE else indicator.parts
        for item in fixed or ("",) * SPARE_PARTS:
            cells = table.add({"code": indicator.code, "name": indicator.name, "item": item}, ("item",) if item else ())
            cells["amount"].number_format = number_format(indicator.expected_decimals)
            table.allow(cells["amount"], at_least_zero, indicator.expected_decimals)


def _projects(form: _Form, rows: Sequence[Indicator]) -> None:
    if not rows:
        return
    table = form.table("project")
    for indicator in rows:
        books = [row for (code, name), row in form.facts.targets.items() if code == indicator.code and name]
        planned: list[tuple[str, str | None]] = [(row.project or "", row.month) for row in books]
        for item, month in [*planned, *[("", None)] * SPARE_PROJECTS]:
            shut = [name for name, value in (("item", item), ("planned_month", month)) if value]
            cells = table.add({"code": indicator.code, "item": item, "planned_month": month}, shut)
            for name in MONTHS:
                cells[name].number_format = "@"
            for name in AMOUNTS:
                cells[name].number_format = number_format(2)
                table.allow(cells[name], at_least_zero, 2)
            table.allow(cells["jobs"], at_least_zero, 0)
            table.allow(cells["progress"], at_least_zero, 1, 100)
            table.allow(cells["stage"], one_of, STAGES)
            table.allow(cells["in_use"], one_of, YES_NO)


def _duties(form: _Form, rows: Sequence[Indicator]) -> None:
    if not rows:
        return
    table = form.table("duty")
    for indicator in rows:
        cells = table.add({"code": indicator.code, "name": indicator.name})
        table.allow(cells["status"], one_of, STATUSES)


def _texts(form: _Form, rows: Sequence[Indicator]) -> None:
    if not rows:
        return
    table = form.table("text")
    for indicator in rows:
        spare = SPARE_PARAGRAPHS if indicator.owner == EVERY_DEPARTMENT else PARAGRAPHS
        category = OF_CHAPTERS.get(indicator.chapter, CATEGORIES[0])
        for _ in range(spare):
            cells = table.add({"code": indicator.code, "category": category})
            cells["paragraph"].number_format = cells["answers"].number_format = "@"
            table.allow(cells["category"], one_of, CATEGORIES)
