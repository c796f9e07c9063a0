"""How large a workbook may be, looked at before anything of it is unpacked or loaded."""

import zipfile
import zlib
from typing import IO

from analysis.intake.refusal import Refusal

MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_PARTS = 2_000
MAX_AREA = 1_000_000
"""Rows times columns of a sheet from A1 to its last filled cell: the reader holds all of it in memory."""
MAX_FILLED = 200_000
"""Filled cells of a workbook."""
MAX_TEXT = 20_000_000
"""Characters of text of a workbook, each use of a shared string counted."""


def damaged() -> Refusal:
    """The refusal of a file that can't be opened."""
    return Refusal("文件已损坏，打不开", "请在 Excel 或 WPS 中重新打开原表，另存为“Excel 工作簿（.xlsx）”后再报")


def password() -> Refusal:
    """The refusal of a file that asks for a password."""
    return Refusal("文件设有打开密码，读不了", "请在 Excel 或 WPS 中取消打开密码，保存后再报")


def too_large(what: str, remedy: str = "请把数据复制到空白上报表中，另存后再报") -> Refusal:
    """The refusal of a file beyond a bound."""
    return Refusal(f"文件超出能读取的大小（{what}）", remedy)


def check_zip(stream: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip file whose directory keeps to the bounds, and see that it is whole.

    Raises:
        Refusal: it is too large, damaged or encrypted.
    """
    try:
        archive = zipfile.ZipFile(stream)
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise too_large(f"内部文件{len(parts)}个，上限{MAX_PARTS}个")
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED_BYTES:
            raise too_large(f"解压后{unpacked // 1_000_000}MB，上限{MAX_UNPACKED_BYTES // 1_000_000}MB")
        if any(part.flag_bits & 1 for part in parts):
            raise password()
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
