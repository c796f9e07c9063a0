"""Tables on disk: saved beside their place and moved into it, read back in the types they had."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.intake.frames import typed_frame

UNFINISHED = ".unfinished"
"""Marks a folder whose tables belong together and have not all been written."""
_HALF = re.compile(r"\.(?P<of>.+)\.[a-z0-9_]{8}")
"""The name of a file that is written beside its place."""
FORMULA = re.compile(r"\s*(?![-+][\d./]+%?$)[=+\-@＝＋－＠]")
"""How a text begins that Excel may take for a formula; a signed number is none."""


def save_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as parquet; the file at `path` is the old one or the whole new one, never a part."""
    with beside(path) as new:
        frame.to_parquet(new, index=False)


def save_text(text: str, path: Path) -> None:
    """Write a text as Excel opens it (UTF-8 with BOM), the whole of it or nothing."""
    with beside(path) as new:
        new.write_text(text, encoding="utf-8-sig", newline="")


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame for a CSV that Excel opens: what begins like a formula stays text, a project may be called =SUM(A1)."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell)


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


def load_frame(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a frame that `save_frame` wrote, in its schema's types.

    Raises:
        FileNotFoundError: the stage that writes it has not run.
        pandera.errors.SchemaError: the file is of another version of the project.
    """
    return typed_frame(pd.read_parquet(path, dtype_backend="pyarrow").to_dict("records"), schema)  # type: ignore[arg-type]  # keys are str
