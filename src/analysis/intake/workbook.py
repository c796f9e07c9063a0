"""A workbook opened within bounds: its sheets as grids of stored values, with addresses, merged ranges, visibility."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from analysis.intake.biff import biff_forms
from analysis.intake.bounds import MAX_FILE_BYTES, check_area
from analysis.intake.ods import ods_forms
from analysis.intake.ole import Compound, rewritten
from analysis.intake.package import Package
from analysis.intake.refusal import Refusal, damaged, no_workbook, password, too_large
from analysis.intake.spots import Spot, address
from analysis.intake.stored import NOTHING_STORED, Stored
from analysis.intake.writing import shown_name
from analysis.intake.xlsx import xlsx_forms

Raw: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is stored.

    Attributes:
        raw: its value; an empty text where it has none.
        percent: whether a number is shown in per cent; None where the file doesn't say.
        error: the error that stands in it, `#DIV/0!`.
        unset: whether it holds a formula without a stored value.
        merged_under: the address of the cell that it was merged into, for all cells of a merged range but its first.
        hidden: whether its row or its column is hidden.
    """

    address: str
    raw: Raw = ""
    percent: bool | None = False
    error: str | None = None
    unset: bool = False
    merged_under: str | None = None
    hidden: bool = False

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
    stored: Stored = NOTHING_STORED
    formats_known: bool = True

    @cached_property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)

    @property
    def merged(self) -> Mapping[Spot, Spot]:
        """For each cell of a merged range but its first, the first."""
        return self.stored.merged

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a row and a column counted from 0; an empty one outside the grid."""
        here, stored = (row, column), self.stored
        top = stored.merged.get(here) if stored.merged else None
        if top is not None and not typed(self._raw(*top)).strip():
            top = None  # nothing was filled in to be shared out
        return Cell(
            address(row, column),
            stored.texts[here] if here in stored.texts else self._raw(row, column),
            here in stored.percent if self.formats_known else None,
            stored.errors.get(here),
            here in stored.unset,
            address(*top) if top is not None else None,
            row in stored.hidden_rows or column in stored.hidden_columns,
        )

    def _raw(self, row: int, column: int) -> Raw:
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]) else ""

    def heading(self, row: int, column: int) -> str:
        """The text of a cell, or of the one that it was merged into: a heading stands over all columns it spans."""
        if self.stored.merged:
            row, column = self.stored.merged.get((row, column), (row, column))
        return typed(self._raw(row, column)).strip()

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
    try:
        stored, checked = _looked_through(content)
        return Workbook(file, tuple(_sheets(checked, stored)))
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


def _looked_through(content: bytes) -> tuple[Mapping[str, Stored], io.BytesIO]:
    """See that a workbook keeps to the bounds, and how it stores its cells; with what of it the reader is to see."""
    if content.startswith(_OLE):
        return _of_compound(Compound(content))
    package = Package(content)
    if "content.xml" in package:
        stored = ods_forms(package)
    elif "xl/workbook.bin" in package:
        raise Refusal("文件是二进制工作簿（.xlsb）", "请另存为“Excel 工作簿（.xlsx）”后再报")
    elif "[Content_Types].xml" in package and any(name.startswith("xl/") for name in package.names):
        stored = xlsx_forms(package)
    else:
        raise no_workbook()
    return stored, package.repacked()


def _of_compound(compound: Compound) -> tuple[Mapping[str, Stored], io.BytesIO]:
    """The same of an .xls or an .et; macros, pictures and the like are not handed on."""
    if "EncryptedPackage" in compound:
        raise password()
    for name in ("Workbook", "Book"):
        if name in compound:
            stream = compound.read(name)
            return biff_forms(stream), rewritten(name, stream)
    raise no_workbook()


def _sheets(checked: io.BytesIO, stored: Mapping[str, Stored]) -> Iterator[SheetGrid]:
    with CalamineWorkbook.from_filelike(checked) as book:
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
                stored.get(metadata.name, NOTHING_STORED),
                metadata.name in stored,
            )
