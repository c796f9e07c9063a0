"""Files that are there whole or not at all, whatever ends the process that writes them."""

import errno
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".unfinished"
"""Marks a folder whose tables belong together and have not all been written."""
HALF = ".half"
"""How the name of a file ends that is being written beside its place; it begins with a dot."""


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, which moves into its place when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not `tempfile`'s: such a file is its maker's alone, and what it becomes is everybody's.
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}{HALF}")
    try:
        yield new
        new.replace(path)
    except OSError as error:
        if error.errno is not None and error.filename in (None, str(new)):
            error.filename = str(path)  # a write to a full disk tells no file, and nobody knows the hidden one
        raise
    finally:
        new.unlink(missing_ok=True)


def onto_disk(folder: Path) -> None:
    """Have the system write all files of a folder to the disk now: a power cut does not take their contents back.

    Raises:
        OSError: it could not, since the disk is full or broken.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    with ThreadPoolExecutor(8) as writers:  # the disk takes them at once; one after the other is ten times slower
        list(writers.map(_onto_disk, files))


def _onto_disk(path: Path) -> None:
    try:
        # Windows writes out only what is open for writing, and a final's files are not; it writes within seconds anyway.
        file = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a share that knows no such thing
            raise
    finally:
        os.close(file)


@contextmanager
def together(folder: Path) -> Iterator[None]:
    """Mark a folder while tables that belong together are written to it; after a failure, or a kill, it stays marked."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    yield
    (folder / UNFINISHED).unlink()


def is_whole(folder: Path) -> bool:
    """Whether the tables of a folder belong together: whoever wrote them came to the end."""
    return not (folder / UNFINISHED).exists()


def require_whole(folder: Path) -> None:
    """See that the tables of a folder belong together.

    Raises:
        ValueError: they don't; in Chinese.
    """
    if not is_whole(folder):
        why = "有一次运行正在进行，或者中断了"
        raise ValueError(f"{folder} 中的数据只写了一半（{why}），新旧混在一起，不能用。请等它结束，或者重新运行一次。")


def sweep(folder: Path) -> None:
    """Take away what processes that were killed have left half-written beside its place; nobody may be writing there."""
    for path in folder.rglob(f".*{HALF}") if folder.is_dir() else ():
        path.unlink(missing_ok=True)
