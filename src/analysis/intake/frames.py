"""The two tables that reading a return gives: its values, each with its cell, and its findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow

DECIMAL = pd.ArrowDtype(pyarrow.decimal128(38, 18))
"""Exact figures: fifteen significant digits as typed fit with room to spare."""
TEXT = pd.StringDtype()


@dataclass(frozen=True, slots=True)
class Value:
    """One cell's value of a return.

    Attributes:
        department: who returned it.
        file: the workbook's name in the period's folder.
        sheet: the sheet's title.
        cell: the cell's address, `F5`.
        table: `submitter`, `indicator`, `part`, `project`, `duty` or `text`.
        code: the indicator's code; none for the submitter and for paragraphs without one.
        item: the part's or the project's name, or a paragraph's number in its return; empty elsewhere.
        line: the row's place in its table, from 1.
        field: the column's field, see `layout`.
        typed: what stands in the cell, as text.
        number: the exact number, in the indicator's unit, where it is one.
        text: the cleaned text (a stage, status or category as the layout names it, a month as `2021-09`, a date as ISO).
        noted: what was forgiven in reading it, in Chinese; none where nothing was.
    """

    department: str
    file: str
    sheet: str
    cell: str
    table: str
    code: str | None
    item: str
    line: int
    field: str
    typed: str
    number: Decimal | None = None
    text: str | None = None
    noted: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found (审核问题), at a cell.

    `found` and `expected` are what stands there and what should; `message` is the whole sentence, `remedy` what to do.
    `cell` is empty where the finding is of a whole sheet, file or department; `item` names a part or a project,
    `heading` the column.
    """

    department: str
    check: str
    severity: str
    message: str
    remedy: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    code: str | None = None
    item: str = ""
    found: str = ""
    expected: str = ""
    heading: str = ""


VALUES = pa.DataFrameSchema(
    {
        **{name: pa.Column(TEXT) for name in ("department", "file", "sheet", "cell", "table")},
        "code": pa.Column(TEXT, nullable=True),
        "item": pa.Column(TEXT),
        "line": pa.Column("int64"),
        "field": pa.Column(TEXT),
        "typed": pa.Column(TEXT),
        "number": pa.Column(DECIMAL, nullable=True),
        "text": pa.Column(TEXT, nullable=True),
        "noted": pa.Column(TEXT, nullable=True),
    },
    strict=True,
)
FINDINGS = pa.DataFrameSchema(
    {
        **{name: pa.Column(TEXT) for name in ("department", "check", "severity", "message", "remedy")},
        **{name: pa.Column(TEXT) for name in ("file", "sheet", "cell")},
        "code": pa.Column(TEXT, nullable=True),
        **{name: pa.Column(TEXT) for name in ("item", "found", "expected", "heading")},
    },
    strict=True,
)


def values_frame(values: Iterable[Value]) -> pd.DataFrame:
    """Tidy table of values, one row a cell; see `Value` for its columns."""
    return _of_records(list(values), VALUES)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Table of findings, one row a finding; see `Finding` for its columns."""
    return _of_records(list(findings), FINDINGS)


def _of_records(records: Sequence[Value] | Sequence[Finding], schema: pa.DataFrameSchema) -> pd.DataFrame:
    return _in_types({name: [getattr(record, name) for record in records] for name in schema.columns}, schema)


def typed_frame(records: Sequence[Mapping[str, Any]], schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Make a frame of records in a schema's columns and types, an empty one too, and validate it."""
    return _in_types({name: [record.get(name) for record in records] for name in schema.columns}, schema)


def _in_types(columns: Mapping[str, list[Any]], schema: pa.DataFrameSchema) -> pd.DataFrame:
    typed = {}
    for name, column in schema.columns.items():
        dtype = column.dtype.type if column.dtype is not None else None
        typed[name] = pd.Series(columns[name], dtype=dtype)
    frame: pd.DataFrame = schema.validate(pd.DataFrame(typed))
    return frame
