"""A workbook opened within bounds: its sheets as grids of stored values, with addresses, merged ranges, visibility."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from analysis.intake.bounds import (
    MAX_AREA,
    MAX_FILE_BYTES,
    check_area,
    check_zip,
    damaged,
    password,
    too_large,
)
from analysis.intake.ods import check_ods
from analysis.intake.refusal import Refusal
from analysis.intake.stored import Stored, stored_forms
from analysis.intake.writing import shown_name

Raw: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Range: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell, each as row and column from 0."""
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def no_workbook() -> Refusal:
    """The refusal of a file that is something else."""
    return Refusal("文件不是 Excel 工作簿", "请用 Excel 或 WPS 打开空白上报表填写，保存为 .xlsx 后再报")


def address(row: int, column: int) -> str:
    """The address of a cell, `F5`, from its row and column counted from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is stored.

    Attributes:
        raw: its value; an empty text where it has none.
        percent: whether a number is shown in per cent; None where the file's format doesn't say.
        error: the error that stands in it, `#DIV/0!`.
        unset: whether it holds a formula without a stored value.
        merged_under: the address of the cell that it was merged into, for all cells of a merged range but its first.
    """

    address: str
    raw: Raw = ""
    percent: bool | None = False
    error: str | None = None
    unset: bool = False
    merged_under: str | None = None

    @property
    def text(self) -> str:
        """What stands in the cell, as text; see `typed`."""
        return self.error or typed(self.raw)

    @property
    def blank(self) -> bool:
        """Whether nobody filled anything in."""
        return not self.text.strip() and not self.unset


def typed(raw: Raw) -> str:
    """Write a stored value as its cell shows it: a number at 15 significant digits without an idle `.0`."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return format(raw, ".15g")
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ")
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)


@dataclass(frozen=True)
class SheetGrid:
    """A sheet as a grid from A1 to its last filled cell."""

    title: str
    visible: bool
    rows: Sequence[Sequence[Raw]]
    stored: Stored | None
    merged: Mapping[tuple[int, int], tuple[int, int]]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row) for row in self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a row and a column counted from 0; an empty one outside the grid."""
        place = address(row, column)
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        top = self.merged.get((row, column))
        if top is not None and not str(self.rows[top[0]][top[1]]).strip():
            top = None  # nothing was filled in to be shared out
        return Cell(
            place,
            self.rows[row][column] if inside else "",
            place in self.stored.percent if self.stored else None,
            self.stored.errors.get(place) if self.stored else None,
            self.stored is not None and place in self.stored.unset,
            address(*top) if top is not None else None,
        )

    def heading(self, row: int, column: int) -> str:
        """The text of a cell, or of the one that it was merged into: a heading stands over all columns it spans."""
        row, column = self.merged.get((row, column), (row, column))
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        return typed(self.rows[row][column]).strip() if inside else ""

    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(str(value).strip() for row in self.rows for value in row)


@dataclass(frozen=True)
class Workbook:
    """A workbook: its file's name and its sheets in order, hidden ones too."""

    file: str
    sheets: tuple[SheetGrid, ...]


def read_workbook(path: Path) -> Workbook:
    """Read a workbook file.

    Raises:
        Refusal: the file can't be read as a workbook within bounds; never anything else.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise too_large(f"上限{MAX_FILE_BYTES // 1_000_000}MB", "请删去表中的图片等无关内容，另存后再报")
        content = path.read_bytes()
    except OSError:
        raise Refusal("文件读不出来", "请检查文件是否正被打开、是否有读取权限，再报一次") from None
    return open_workbook(shown_name(path), content)


def open_workbook(file: str, content: bytes) -> Workbook:
    """Open the bytes of a workbook.

    Raises:
        Refusal: they are no workbook, or one beyond the bounds.
    """
    if not content:
        raise Refusal("文件是空的（0 字节）", "请重新填写上报表，保存后再报")
    if not content.startswith((_ZIP, _OLE)):
        raise no_workbook()
    if content.startswith(_OLE) and _ENCRYPTED_STREAM in content:
        raise password()
    try:
        stored = _checked_parts(content) if content.startswith(_ZIP) else None
        return Workbook(file, tuple(_sheets(content, stored)))
    except Refusal:
        raise
    except PasswordError:
        raise password() from None
    except CalamineError as error:
        raise (password() if "password" in str(error).lower() else damaged()) from None
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # whatever the file makes a reader stumble over; a panic of Rust code is no Exception
        raise damaged() from None


def _checked_parts(content: bytes) -> dict[str, Stored] | None:
    """See that a zipped workbook keeps to the bounds; look at how an .xlsx stores its cells."""
    with check_zip(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            check_ods(archive)
            return None
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise no_workbook()
        if "xl/workbook.bin" in names:
            raise Refusal("文件是二进制工作簿（.xlsb）", "请另存为“Excel 工作簿（.xlsx）”后再报")
        return stored_forms(archive)


def _sheets(content: bytes, stored: Mapping[str, Stored] | None) -> Iterator[SheetGrid]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for metadata in book.sheets_metadata:
            if metadata.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(metadata.name)
            rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
            check_area(metadata.name, rows, columns, address(max(rows - 1, 0), max(columns - 1, 0)))
            yield SheetGrid(
                metadata.name,
                metadata.visible is SheetVisibleEnum.Visible,
                sheet.to_python(skip_empty_area=False) if sheet.end else [],
                stored.get(metadata.name) if stored is not None else None,
                _merged(sheet.merged_cell_ranges or [], rows, columns),
            )


def _merged(ranges: Sequence[Range], rows: int, columns: int) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell of a merged range but its first, the first; only as far as the grid goes."""
    under: dict[tuple[int, int], tuple[int, int]] = {}
    visited = 0
    for (top, left), (bottom, right) in ranges:
        height, width = min(bottom + 1, rows) - top, min(right + 1, columns) - left
        visited += max(height, 0) * max(width, 0)
        if visited > MAX_AREA:
            raise too_large("合并单元格过多")
        for row in range(top, top + height):
            for column in range(left, left + width):
                if (row, column) != (top, left):
                    under[row, column] = (top, left)
    return under
