"""One workbook, written by several programs: openpyxl, XlsxWriter (two ways), xlwt, and LibreOffice from one of these."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from libreoffice import Save
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

ENDINGS = ("xlsx", "xls", "ods")


@dataclass(frozen=True)
class Shown:
    """A cell that is more than a value: its number format, its formula with the result that is stored."""

    value: Any
    number_format: str | None = None
    formula: str | None = None


@dataclass(frozen=True)
class Rich:
    """A text of which a part is bold."""

    plain: str
    bold: str


@dataclass(frozen=True)
class Error:
    """An error cell."""

    text: str


@dataclass
class Page:
    """A sheet: rows of values from A1, `None` for an empty cell; places from 0."""

    title: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    """First row, first column, last row, last column."""
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    hidden: bool = False
    formats: Mapping[str, str] = field(default_factory=dict)


def by_openpyxl(pages: Sequence[Page], date1904: bool = False) -> bytes:
    """Formulas have no stored value: this writer computes nothing."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    if date1904:
        workbook.epoch = CALENDAR_MAC_1904
    for page in pages:
        sheet = workbook.create_sheet(page.title)
        for row, column, value in _cells(page):
            cell = sheet.cell(row + 1, column + 1)
            match value:
                case Shown(formula=str(formula)):
                    cell.value = formula
                case Shown():
                    cell.value, cell.number_format = value.value, value.number_format
                case Rich():
                    cell.value = CellRichText(value.plain, TextBlock(InlineFont(b=True), value.bold))
                case Error():
                    cell.value, cell.data_type = value.text, "e"
                case _:
                    cell.value = value
        for first_row, first_column, last_row, last_column in page.merged:
            sheet.merge_cells(None, first_row + 1, first_column + 1, last_row + 1, last_column + 1)
        for row in page.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column + 1)].hidden = True
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def by_xlsxwriter(pages: Sequence[Page], date1904: bool = False, inline: bool = False) -> bytes:
    """With `inline`, texts stand in their cells rather than in the table of shared strings."""
    stream = io.BytesIO()
    options = {"date_1904": date1904, "constant_memory": inline, "in_memory": not inline, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as workbook:
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        for page in pages:
            sheet = workbook.add_worksheet(page.title)
            for column in page.hidden_columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
            merged = {place[:2]: place for place in page.merged}
            for row in page.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for row, column, value in _cells(page):
                if (row, column) in merged and not inline:
                    sheet.merge_range(*merged[row, column], "")
                match value:
                    case Shown(formula=str(formula)):
                        sheet.write_formula(row, column, formula, None, value.value)
                    case Shown():
                        sheet.write(row, column, value.value, workbook.add_format({"num_format": value.number_format}))
                    case Rich():
                        sheet.write_rich_string(row, column, value.plain, bold, value.bold)
                    case Error():
                        sheet.write_formula(row, column, "=1/0", None, value.text)
                    case date():
                        sheet.write_datetime(row, column, value, day)
                    case _:
                        sheet.write(row, column, value)
            if page.hidden:
                sheet.hide()
    return stream.getvalue()


def inline_strings(pages: Sequence[Page], date1904: bool = False) -> bytes:
    """As programs write that stream large tables."""
    return by_xlsxwriter(pages, date1904, inline=True)


def by_xlwt(pages: Sequence[Page], date1904: bool = False) -> bytes:
    """An `.xls`; formulas have no stored value: this writer computes nothing either."""
    workbook = xlwt.Workbook(encoding="utf-8")
    workbook.dates_1904 = date1904
    day, bold = xlwt.easyxf(num_format_str="YYYY-MM-DD"), xlwt.easyfont("bold true")
    for page in pages:
        sheet = workbook.add_sheet(page.title, cell_overwrite_ok=True)
        merged = {place[:2]: place for place in page.merged}
        for row, column, value in _cells(page):
            match value:
                case Shown(formula=str(formula)):
                    sheet.write(row, column, xlwt.Formula(formula.removeprefix("=")))
                case Shown():
                    sheet.write(row, column, value.value, xlwt.easyxf(num_format_str=value.number_format))
                case Rich():
                    sheet.write_rich_text(row, column, (value.plain, (value.bold, bold)))
                case Error():
                    sheet.row(row).set_cell_error(column, ERROR_CODES[value.text])
                case date():
                    moment = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
                    sheet.write(row, column, moment, day)
                case _ if (row, column) in merged:
                    first_row, first_column, last_row, last_column = merged[row, column]
                    sheet.write_merge(first_row, last_row, first_column, last_column, value)
                case _:
                    sheet.write(row, column, value)
        for row in page.hidden_rows:
            sheet.row(row).hidden = True
        for column in page.hidden_columns:
            sheet.col(column).hidden = True
        sheet.visibility = int(page.hidden)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


ERROR_CODES = {
    "#NULL!": 0x00,
    "#DIV/0!": 0x07,
    "#VALUE!": 0x0F,
    "#REF!": 0x17,
    "#NAME?": 0x1D,
    "#NUM!": 0x24,
    "#N/A": 0x2A,
}
"""As a file keeps them; xlwt confuses some of their names."""
Writer = Callable[..., bytes]
WRITERS: Mapping[str, Writer] = {
    "openpyxl": by_openpyxl,
    "xlsxwriter": by_xlsxwriter,
    "inline": inline_strings,
    "xlwt": by_xlwt,
}


def _cells(page: Page) -> list[tuple[int, int, Any]]:
    return [
        (row, column, value)
        for row, values in enumerate(page.rows)
        for column, value in enumerate(values)
        if value is not None
    ]


def by_libreoffice(save: Save, files: Mapping[str, bytes], ending: str, folder: Path) -> dict[str, bytes]:
    """Open workbooks in LibreOffice and save them as another kind, all at once; by their names."""
    given, taken = folder / "given", folder / ending
    given.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (given / f"{name}.xlsx").write_bytes(content)
    save(sorted(given.iterdir()), ending, taken)
    return {name: (taken / f"{name}.{ending}").read_bytes() for name in files}


def plain_of(text: str) -> str:
    """A text without any space, to be compared."""
    return re.sub(r"\s", "", text)
