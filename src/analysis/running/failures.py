"""What the system would not do, told in Chinese: which place, and what to do about it."""

import errno
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OF_WINDOWS = {
    2: errno.ENOENT, 3: errno.ENOENT,
    5: errno.EACCES, 32: errno.EACCES, 33: errno.EACCES,
    19: errno.EROFS,
    39: errno.ENOSPC, 112: errno.ENOSPC,
    206: errno.ENAMETOOLONG,
}  # fmt: skip
_WRITTEN = re.compile(
    r"\[(?P<kind>Errno|WinError) (?P<number>\d+)\] (?P<said>[^\n'\"]*?)(?:: '(?P<place>[^']*)'(?: -> '(?P<target>[^']*)')?)?(?:$|['\")\]])"
)
"""A system's error as Python writes it, alone or in a list of `shutil`."""


def of_system(number: int | None, place: object = "", said: str = "") -> tuple[str, str]:
    """What is wrong and what to do, of an error of the system.

    Args:
        number: its `errno`.
        place: the file or folder, where it is known.
        said: the system's own words, for a number that is not told here.
    """
    where = f"：{place}" if place else ""
    if number == errno.ENOENT:
        return f"没有这个文件或文件夹{where}", "请核对写法；路径里有空格的，两头加引号。"
    if number in FULL:
        return f"磁盘满了，写不进去{where}", "请清理出空间再运行一次。"
    if number == errno.EROFS:
        return f"这个位置是只读的，不能写{where}", "请换一个文件夹，例如用 --reports、--processed 指定。"
    if number in (errno.EACCES, errno.EPERM):
        return f"没有权限读写，或者文件正被打开{where}", "请关闭打开的文件，检查文件夹权限，再运行一次。"
    if number in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
        wanted = "文件" if number == errno.EISDIR else "文件夹"
        return f"这里要的是{wanted}，或者名称已被占用{where}", "请核对写法。"
    if number == errno.ENAMETOOLONG:
        return f"路径太长{where}", "请把项目放到浅一些的文件夹，或者把文件名改短。"
    return f"文件读写出错（{said}）{where}", "请检查磁盘空间、文件夹权限，以及文件是否正打开着。"


def of_error(error: OSError) -> tuple[str, str] | None:
    """The same of an exception; None of one that tells in its own words, as the project's own do."""
    if isinstance(error, shutil.Error):  # of a folder's copying: a list of what failed
        return of_text(str(error)) or ("文件夹没有复制完", "请检查磁盘空间和文件夹权限，再运行一次。")
    if error.errno is None:
        return None
    # A copy that fails for want of space names its source first.
    place = (error.filename2 if error.errno in FULL else None) or error.filename or ""
    return of_system(error.errno, place, error.strerror or str(error))


def of_text(text: str) -> tuple[str, str] | None:
    """The same of an error that comes as a text, as from a notebook's cell; None of a text that is none of the system's."""
    found = _WRITTEN.search(text)
    if found is None:
        return None
    number = int(found["number"])
    if found["kind"] == "WinError":
        number = _OF_WINDOWS.get(number, -1)
    # A copy that fails for want of space names its source first.
    place = (found["target"] if number in FULL else None) or found["place"] or ""
    return of_system(number, place.replace("\\\\", "\\"), found["said"])


def require_writable(folder: Path) -> None:
    """See that files can be written into a folder, which is made where it is not there, before anything long is begun.

    Raises:
        OSError: they can't.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with naming(folder), tempfile.TemporaryFile(dir=folder):
        pass


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Let an error of the system name a place where it names none: a write to a full disk tells no file."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(place)
        raise
