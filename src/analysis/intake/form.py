"""What every sheet of a blank return shares: cells that stay text, colours, locks, page set-up, and the file's bytes."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.layout import Sheet

TITLE_ROW, WHO_ROW, HEADER_ROW = 1, 2, 3
PAPER_A4 = 9
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON = datetime(2000, 1, 1)
"""The time that a workbook's properties state: that of no clock, so that the same form has the same bytes."""

OPEN = PatternFill("solid", fgColor="FFF8E1")
SHUT = PatternFill("solid", fgColor="ECEFF1")
HEAD = PatternFill("solid", fgColor="CFD8DC")
COLOURS = (("浅黄色", "请填写"), ("灰色", "已填好或不用填，不能改动"))
_LINE = Side(style="thin", color="90A4AE")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TEXT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FONT = Font(name="宋体", size=11)
_BOLD = Font(name="宋体", size=11, bold=True)
_TITLE = Font(name="宋体", size=16, bold=True)


def cell_at(worksheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place that no merged range covers, but for its first cell."""
    cell = worksheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"{cell.coordinate} lies within a merged range")
    return cell


def write_text(cell: Cell, text: str) -> None:
    """Put text into a cell as text, whatever it begins with; characters that no workbook can hold are left out."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    if kept:
        cell.value = kept
        cell.data_type = "s"  # openpyxl would make a formula of a leading =
        cell.quotePrefix = kept.startswith(("=", "+", "-", "@"))


def write_number(cell: Cell, number: Decimal, decimals: int) -> None:
    """Put a number into a cell, shown with its unit's decimals."""
    whole = number == number.to_integral_value()
    cell.value = int(number) if whole else float(number)
    cell.number_format = number_format(decimals)


def number_format(decimals: int) -> str:
    """The format that shows so many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"


def style(cell: Cell, *, open_: bool, centred: bool = False) -> None:
    """Dress a cell of a table: open to be filled in, or locked."""
    cell.fill = OPEN if open_ else SHUT
    cell.protection = Protection(locked=not open_)
    cell.border, cell.font = _BORDER, _FONT
    cell.alignment = _CENTRED if centred else _TEXT


def label(cell: Cell, text: str, *, title: bool = False) -> None:
    """Print a title or a label, without a frame."""
    write_text(cell, text)
    cell.font = _TITLE if title else _BOLD
    cell.alignment = _CENTRED if title else _TEXT


def start_table(worksheet: Worksheet, sheet: Sheet, title: str, who: str) -> None:
    """Print a sheet's title rows and header, set its columns and its page."""
    for row, text in ((TITLE_ROW, title), (WHO_ROW, who)):
        label(cell_at(worksheet, row, 1), text, title=row == TITLE_ROW)
        worksheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(sheet.printed))
    worksheet.row_dimensions[TITLE_ROW].height = 30
    worksheet.row_dimensions[HEADER_ROW].height = 30
    for number, column in enumerate(sheet.printed, 1):
        cell = cell_at(worksheet, HEADER_ROW, number)
        write_text(cell, column.heading)
        style(cell, open_=False, centred=True)
        cell.fill, cell.font = HEAD, _BOLD
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    worksheet.freeze_panes = f"A{HEADER_ROW + 1}"
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    set_page(worksheet)


def set_page(worksheet: Worksheet) -> None:
    """A4 landscape, as wide as the paper; locked cells cannot be typed into, rows and columns can be made wider."""
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = PAPER_A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = worksheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "第&P页，共&N页"
    worksheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(worksheet.protection, allowed, False)


def at_least_zero(decimals: int, at_most: int | None = None) -> DataValidation:
    """A validation for figures: whole numbers or decimals, not negative, at most a bound where there is one."""
    kind = "小数" if decimals else "整数"
    bound = f"，不大于{at_most}" if at_most is not None else ""
    validation = DataValidation(
        type="decimal" if decimals else "whole",
        operator="between" if at_most is not None else "greaterThanOrEqual",
        formula1="0",
        formula2=None if at_most is None else str(at_most),
        allow_blank=True,
    )
    return _told(validation, f"请填不小于0的{kind}{bound}，不带单位和逗号")


def one_of(words: Sequence[str]) -> DataValidation:
    """A drop-down of words."""
    validation = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    return _told(validation, f"请从下拉列表中选：{'、'.join(words)}")


def _told(validation: DataValidation, message: str) -> DataValidation:
    validation.errorTitle, validation.error, validation.showErrorMessage = "不能这样填", message, True
    return validation


def workbook_bytes(workbook: Workbook) -> bytes:
    """Save a workbook so that the same workbook has the same bytes: no clock, and no compression that could differ."""
    written = io.BytesIO()
    workbook.properties.created = MADE_ON
    for worksheet in workbook.worksheets:  # openpyxl knows it only when a workbook is saved a second time
        worksheet.column_dimensions.to_tree()
    workbook.save(written)
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":  # openpyxl states the time of saving, whatever the property was
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{MADE_ON:%FT%TZ}".encode(), content)
            new.writestr(zipfile.ZipInfo(name, ZIP_TIME), content)
    return fixed.getvalue()
