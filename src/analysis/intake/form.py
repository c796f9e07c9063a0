"""What every sheet of a blank return shares: cells that stay text, colours, locks, page set-up, and the file's bytes."""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from analysis.intake.layout import Column, Sheet

TITLE_ROW, WHO_ROW, HEADER_ROW = 1, 2, 3
PAPER_A4 = 9
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON = datetime(2000, 1, 1)
"""The time that a workbook's properties state: that of no clock, so that the same form has the same bytes."""

OPEN = PatternFill("solid", fgColor="FFF8E1")
SHUT = PatternFill("solid", fgColor="ECEFF1")
HEAD = PatternFill("solid", fgColor="CFD8DC")
NARROW = 16
"""Columns narrower than this hold figures and words of a list, and are centred."""
LINE_HEIGHT, ROW_PADDING, ROW_HEIGHT = 15, 6, 24
"""Points of a line of text, of the space around it, and of a row at least."""
MOST_HEIGHT = 405
"""Points of a row at most: Excel has no higher one."""
_LINE = Side(style="thin", color="90A4AE")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
FONT = Font(name="宋体", size=11)
BOLD = Font(name="宋体", size=11, bold=True)
TITLE = Font(name="黑体", size=16)


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks and whether it is locked: a style of the workbook, with its name."""

    name: str
    fill: PatternFill
    alignment: Alignment
    font: Font = FONT
    locked: bool = True


OPEN_CELL, OPEN_CENTRED = Look("填写", OPEN, LEFT, locked=False), Look("填写（居中）", OPEN, CENTRED, locked=False)
SHUT_CELL, SHUT_CENTRED = Look("不填", SHUT, LEFT), Look("不填（居中）", SHUT, CENTRED)
HEADING, SUMMED = Look("表头", HEAD, CENTRED, BOLD), Look("合计", HEAD, LEFT, BOLD)
SAID, BARE = Look("填表说明", PatternFill(), LEFT), Look("空白", PatternFill(), CENTRED)
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_at(worksheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place that no merged range covers, but for its first cell."""
    cell = worksheet.cell(row, column)
    assert isinstance(cell, Cell), cell.coordinate
    return cell


def without_control(text: str) -> str:
    """The text without characters that no workbook can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def escaped(text: str) -> str:
    """The text as a workbook stores it: `_x0041_` would be read as A."""
    return _LIKE_ESCAPE.sub("_x005F_", text)


def write_text(cell: Cell, text: str) -> None:
    """Put text into a cell as text, whatever it begins with; characters that no workbook can hold are left out."""
    kept = without_control(text)
    if kept:
        cell.value = escaped(kept)
        cell.data_type = "s"  # openpyxl would make a formula of a leading =
        cell.quotePrefix = kept.startswith(("=", "+", "-", "@"))


def write_number(cell: Cell, number: Decimal, decimals: int) -> None:
    """Put a number into a cell, shown with its unit's decimals."""
    whole = number == number.to_integral_value()
    cell.value = int(number) if whole else float(number)
    cell.number_format = number_format(decimals)


def write_rate(cell: Cell, rate: Decimal, decimals: int) -> None:
    """Put a rate in per cent into a cell; up to 1 % as a percentage, for a bare 1 would be asked about: 1 % or 100 %."""
    if 0 < abs(rate) <= 1:
        cell.value = float(rate / 100)
        cell.number_format = f"{number_format(decimals)}%"
    else:
        write_number(cell, rate, decimals)


def number_format(decimals: int) -> str:
    """The format that shows so many decimals."""
    return f"0.{'0' * decimals}" if decimals else "0"


def style(cell: Cell, *, open_: bool, centred: bool = False) -> None:
    """Dress a cell of a table: open to be filled in, or locked."""
    dress(cell, (OPEN_CENTRED if centred else OPEN_CELL) if open_ else SHUT_CENTRED if centred else SHUT_CELL)


def dress(cell: Cell, look: Look) -> None:
    """Give a cell one of the workbook's named styles; how its number is shown stays as it is."""
    workbook = cell.parent.parent
    assert workbook is not None  # every cell here is a workbook's
    if look.name not in workbook.named_styles:
        workbook.add_named_style(
            NamedStyle(
                look.name,
                font=copy(look.font),
                fill=copy(look.fill),
                border=copy(BORDER),
                alignment=copy(look.alignment),
                protection=Protection(locked=look.locked),
            )
        )
    shown, quoted = cell.number_format, cell.quotePrefix
    cell.style = look.name
    cell.number_format, cell.quotePrefix = shown, quoted


def label(cell: Cell, text: str, *, title: bool = False) -> None:
    """Print a title or a label, without a frame."""
    write_text(cell, text)
    cell.font = TITLE if title else BOLD
    cell.alignment = CENTRED if title else LEFT


def start_table(worksheet: Worksheet, columns: Sequence[Column], title: str, who: str, frozen: int) -> None:
    """Print a sheet's title rows and header, set its columns and its page.

    Args:
        worksheet: the empty sheet.
        columns: what it has, in order.
        title, who: the two rows above the header, each over all columns.
        frozen: how many columns stay in sight when the sheet is scrolled sideways.
    """
    for row, text in ((TITLE_ROW, title), (WHO_ROW, who)):
        label(cell_at(worksheet, row, 1), text, title=row == TITLE_ROW)
        worksheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
    for row, height in ((TITLE_ROW, 36), (WHO_ROW, 24), (HEADER_ROW, 36)):
        worksheet.row_dimensions[row].height = height
    for number, column in enumerate(columns, 1):
        cell = cell_at(worksheet, HEADER_ROW, number)
        write_text(cell, column.heading)
        dress(cell, HEADING)
        worksheet.column_dimensions[get_column_letter(number)].width = column.width
    worksheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEADER_ROW + 1}"
    worksheet.print_title_rows = f"{TITLE_ROW}:{HEADER_ROW}"
    set_page(worksheet)


def set_page(worksheet: Worksheet) -> None:
    """A4 landscape, as wide as the paper; locked cells cannot be typed into, rows and columns can be made wider."""
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = PAPER_A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_options.horizontalCentered = True
    margins = worksheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.35
    footer = worksheet.oddFooter
    assert footer is not None and footer.center is not None
    footer.center.text = "第&P页，共&N页"
    worksheet.sheet_view.zoomScale = 100
    worksheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows"):
        setattr(worksheet.protection, allowed, False)


class GrowingRow(RowDimension):
    """A row that begins with a height and grows with what is typed into it: its height is not set by hand."""

    @property
    def customHeight(self) -> bool:  # noqa: N802  # openpyxl's name
        """Whether the height is fixed."""
        return False


def fit_rows(worksheet: Worksheet, sheet: Sheet) -> None:
    """Make the rows of a table high enough for what stands in them, and no lower than comfortable to fill in."""
    least = {"text": 3 * LINE_HEIGHT + ROW_PADDING}.get(sheet.table, ROW_HEIGHT)
    for number in range(HEADER_ROW + 1, worksheet.max_row + 1):
        lines = max(
            lines_of(cell.value, worksheet.column_dimensions[get_column_letter(column)].width)
            for column, cell in enumerate(worksheet[number], 1)
        )
        height = min(max(least, lines * LINE_HEIGHT + ROW_PADDING), MOST_HEIGHT)
        worksheet.row_dimensions[number] = GrowingRow(worksheet, index=number, ht=height)


def lines_of(value: object, width: float) -> int:
    """How many lines a value takes in a column of a width, counted in digits; a formula's is not known."""
    text = str(value)
    if value is None or text.startswith("="):
        return 1
    room = max(width - 2, 1)
    return sum(max(math.ceil(_width(line) / room), 1) for line in text.split("\n"))


def _width(text: str) -> float:
    return sum(2.1 if unicodedata.east_asian_width(char) in "WFA" else 1.05 for char in text)


def workbook_bytes(workbook: Workbook) -> bytes:
    """Save a workbook so that the same workbook has the same bytes: no clock, and no compression that could differ."""
    written = io.BytesIO()
    workbook.properties.created = MADE_ON
    for worksheet in workbook.worksheets:  # openpyxl knows it only when a workbook is saved a second time
        worksheet.column_dimensions.to_tree()
    with _WithoutClock(written, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        ExcelWriter(workbook, archive).save()  # as `workbook.save`, which asks the clock
    fixed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":  # openpyxl states the time of saving, whatever the property was
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{MADE_ON:%FT%TZ}".encode(), content)
            new.writestr(zipfile.ZipInfo(name, ZIP_TIME), content)
    return fixed.getvalue()


class _WithoutClock(zipfile.ZipFile):
    """An archive whose parts bear one time: a clock that stands before 1980, as without a battery, is no time for a zip."""

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *args: Any, **keywords: Any) -> None:
        """Write a part."""
        name = zinfo_or_arcname
        super().writestr(zipfile.ZipInfo(name, ZIP_TIME) if isinstance(name, str) else name, data, *args, **keywords)
