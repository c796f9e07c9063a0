"""Tables on disk: saved beside their place and moved into it, read back in the types they had."""

import re
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError

from analysis.intake.frames import typed_frame
from analysis.intake.whole import beside

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


def load_frame(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a frame that `save_frame` wrote, in its schema's types.

    Raises:
        FileNotFoundError: the stage that writes it has not run.
        pandera.errors.SchemaError: the file is of another version of the project.
    """
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    missing = [name for name, column in schema.columns.items() if not column.nullable and name not in frame.columns]
    if missing:
        raise SchemaError(schema, frame, f"{path} has no {', '.join(missing)}")  # type: ignore[no-untyped-call]
    return typed_frame(frame.to_dict("records"), schema)  # type: ignore[arg-type]  # keys are str
