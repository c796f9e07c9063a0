"""Files that are there whole or not at all, whatever ends the process that writes them."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"
"""Marks a folder whose tables belong together and have not all been written."""
_HALF = re.compile(r"\.(?P<of>.+)\.[a-z0-9_]{8}")
"""The name of a file that is written beside its place."""


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, which moves into its place when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).chmod(0o666 & ~_umask())  # a temporary file is its maker's alone; what it becomes is everybody's
        Path(name).replace(path)
    except OSError as error:
        if error.errno is not None and not error.filename:
            error.filename = str(path)  # a write to a full disk tells no file
        raise
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def together(folder: Path) -> Iterator[None]:
    """Mark a folder while tables that belong together are written to it; after a failure, or a kill, it stays marked."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    yield
    (folder / UNFINISHED).unlink()


def require_whole(folder: Path) -> None:
    """See that the tables of a folder belong together.

    Raises:
        ValueError: in Chinese, where whoever wrote them did not come to the end.
    """
    if (folder / UNFINISHED).exists():
        why = "有一次运行正在进行，或者中断了"
        raise ValueError(f"{folder} 中的数据只写了一半（{why}），新旧混在一起，不能用。请等它结束，或者重新运行一次。")


def sweep(folder: Path) -> None:
    """Take away what processes that were killed have left half-written beside its place; nobody may be writing there."""
    for path in folder.rglob(".*") if folder.is_dir() else ():
        if _HALF.fullmatch(path.name) and path.is_file():
            path.unlink(missing_ok=True)


def _umask() -> int:
    """The permissions that new files are not given; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
