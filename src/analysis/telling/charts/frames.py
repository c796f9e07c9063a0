"""Reading the small frames that charts are drawn from."""

from __future__ import annotations

from typing import Any

import pandas as pd


def items(rows: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """The rows as dictionaries with these columns, in order; at least one row."""
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(f"a chart's rows lack the columns {missing}")
    if rows.empty:
        raise ValueError("a chart needs at least one row")
    records: list[dict[str, Any]] = rows[list(columns)].to_dict("records")  # type: ignore[assignment]  # keys are these columns
    return records


def number_of(value: Any) -> float:
    """A number; NaN for a missing one, which is never zero."""
    return float("nan") if pd.isna(value) else float(value)


def label_of(value: Any) -> str:
    """A printed text; empty for a missing one."""
    return "" if pd.isna(value) else str(value)
