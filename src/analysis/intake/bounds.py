"""How large a workbook may be, looked at before anything of it is unpacked or loaded."""

import zipfile
import zlib
from typing import IO

from analysis.intake.refusal import damaged, password, too_large

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
"""Of all parts of a zip file, pictures too."""
MAX_READ_BYTES = 32_000_000
"""Of the parts that are read: they are held in memory, and a reader goes through each byte."""
MAX_PARTS = 2_000
MAX_SHEETS = 200
MAX_AREA = 1_000_000
"""Rows times columns of a sheet from A1 to its last filled cell: the reader holds all of it in memory."""
MAX_TAGS = 800_000
"""Tags of XML or records of a workbook: empty but formatted cells have them too."""
MAX_FILLED = 100_000
"""Filled cells of a workbook."""
MAX_STRINGS = 100_000
"""Strings that cells share."""
MAX_TEXT = 10_000_000
"""Characters of text of a workbook, each use of a shared string counted."""
MAX_MERGED = 20_000
"""Merged ranges of a workbook."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How office programs pack; the other methods unpack a few bytes into gigabytes at one go."""


def open_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file whose directory keeps to the bounds; nothing of it is unpacked.

    Raises:
        Refusal: it is too large, damaged or encrypted.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise damaged() from None
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise too_large(f"内部文件{len(parts)}个，上限{MAX_PARTS}个")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise too_large(f"解压后{_megabytes(unpacked)}，上限{_megabytes(MAX_UNPACKED_BYTES)}")
    if any(part.flag_bits & 1 for part in parts):
        raise password()
    if any(part.compress_type not in _METHODS for part in parts) or len(archive.NameToInfo) != len(parts):
        raise damaged()
    return archive


def check_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file whose directory keeps to the bounds, and see that all of it is whole.

    Raises:
        Refusal: it is too large, damaged or encrypted.
    """
    archive = open_zip(stream)
    try:
        # Read every part once: one that unpacks to more than the directory says would get past the bound above.
        if archive.testzip() is not None:
            raise damaged()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise damaged() from None
    return archive


def check_area(title: str, rows: int, columns: int, last_cell: str) -> None:
    """See that a sheet is no larger than the reader can hold.

    Raises:
        Refusal: naming the cell that makes it so large.
    """
    if rows * columns > MAX_AREA:
        raise too_large(
            f"“{title}”表一直用到{last_cell}，共{rows}行{columns}列",
            "请删去表格以外误填的内容（选中多余的行和列，右键“删除”），保存后再报",
        )


class Budget:
    """What is left of the bounds of a whole workbook while it is looked through, and refused at once beyond."""

    def __init__(self) -> None:
        self.sheets = 0
        self.tags = 0
        self.filled = 0
        self.text = 0
        self.merged = 0

    def take_sheet(self) -> None:
        """Count a sheet."""
        self.sheets += 1
        if self.sheets > MAX_SHEETS:
            raise too_large(f"工作表超过{MAX_SHEETS}张")

    def take_tags(self, count: int = 1) -> None:
        """Count tags of a part, or records."""
        self.tags += count
        if self.tags > MAX_TAGS:
            raise too_large("设了格式的行和单元格过多", "请删去表格以外的空行空列（选中后右键“删除”），保存后再报")

    def take_filled(self, text: int, times: int = 1) -> None:
        """Count cells that are filled with as many characters each."""
        self.filled += times
        self.text += text * times
        if self.filled > MAX_FILLED:
            raise too_large(f"填了内容的单元格超过{MAX_FILLED}个")
        if self.text > MAX_TEXT:
            raise too_large(f"文字超过{MAX_TEXT}字")

    def take_merged(self) -> None:
        """Count a merged range."""
        self.merged += 1
        if self.merged > MAX_MERGED:
            raise too_large(f"合并单元格超过{MAX_MERGED}处")


def check_strings(count: int, text: int) -> None:
    """See that the strings which cells share are not too many.

    Raises:
        Refusal: they are.
    """
    if count > MAX_STRINGS:
        raise too_large(f"文字超过{MAX_STRINGS}条")
    if text > MAX_TEXT:
        raise too_large(f"文字超过{MAX_TEXT}字")


def _megabytes(count: int) -> str:
    return f"{count // 1_000_000}MB"
