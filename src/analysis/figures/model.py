"""What stage 2 writes: one dataclass a table, and the frames that they become."""

import dataclasses
import types
import typing
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd
import pandera.pandas as pa

from analysis.figures.change import ChangeState
from analysis.figures.completion import Outcome, State
from analysis.figures.exact import typed
from analysis.intake.frames import DECIMAL, TEXT, typed_frame

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Assessment:
    """An indicator in a period: its figures with the cells they come from, and what follows from them.

    Figures are in the indicator's unit; a ratio's target is its target rate in per cent. A source is written as Excel
    writes a reference, `[财政所.xlsx]指标!F5`; `earlier` years' files are named `2020/财政所.xlsx`.

    Attributes:
        code: the indicator's code.
        department: the department that owes the figure.
        whole, whole_base: of a ratio, this period's denominator and last year's.
        carried, base_carried: of a ratio, cases carried over into this year, and into last year.
        returned_base: what last year's return said, where this year's return states another base (restated).
        note: the department's words on the row (说明).
        rate: completion rate, or a ratio's share; exact, 1 for 100 %.
        base_share: a ratio's share in the year before.
        change: relative change, of a ratio the difference of the shares; exact.
        change_absolute: actual less base.
        small_base: whether prose tells the absolute change alone.
        zero_years: for how many years running, this one included, a zero commitment is known to be kept.
        planned_month: when a target is to be done that does not grow with the year, as `2021-12`.
    """

    code: str
    department: str
    state: State
    outcome: Outcome | None = None
    target: Decimal | None = None
    target_source: str | None = None
    actual: Decimal | None = None
    actual_source: str | None = None
    base: Decimal | None = None
    base_source: str | None = None
    whole: Decimal | None = None
    whole_source: str | None = None
    whole_base: Decimal | None = None
    whole_base_source: str | None = None
    carried: Decimal | None = None
    carried_source: str | None = None
    base_carried: Decimal | None = None
    base_carried_source: str | None = None
    returned_base: Decimal | None = None
    returned_base_source: str | None = None
    note: str | None = None
    note_source: str | None = None
    rate: Fraction | None = None
    base_share: Fraction | None = None
    change_state: ChangeState = "not_compared"
    change: Fraction | None = None
    change_absolute: Decimal | None = None
    small_base: bool = False
    zero_years: int = 0
    planned_month: str | None = None
    planned_source: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A part of a total (分项): a village, a source, a category, a project."""

    code: str
    item: str
    amount: Decimal | None
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Project:
    """A project (项目): months as `2021-09`, money in 万元, `progress` in per cent; `<field>_cell` is its cell on `sheet`."""

    code: str
    item: str
    number: int
    department: str
    state: State
    assessed: bool
    file: str
    sheet: str
    item_cell: str | None = None
    place: str | None = None
    place_cell: str | None = None
    stage: str | None = None
    stage_cell: str | None = None
    progress: Decimal | None = None
    progress_cell: str | None = None
    planned_month: str | None = None
    planned_source: str | None = None
    finished_month: str | None = None
    finished_month_cell: str | None = None
    used_month: str | None = None
    used_month_cell: str | None = None
    investment: Decimal | None = None
    investment_cell: str | None = None
    jobs: Decimal | None = None
    jobs_cell: str | None = None
    income: Decimal | None = None
    income_cell: str | None = None
    in_use: str | None = None
    in_use_cell: str | None = None
    reason: str | None = None
    reason_cell: str | None = None

    def source(self, field: str) -> str | None:
        """The source of one of its fields."""
        if field == "planned_month":
            return self.planned_source
        cell = getattr(self, f"{field}_cell")
        return None if cell is None else reference(self.file, self.sheet, cell)


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """A duty (履职事项) and how it was done; `note` is the department's words."""

    code: str
    department: str
    state: State
    planned_month: str | None = None
    status: str | None = None
    status_source: str | None = None
    note: str | None = None
    note_source: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a department's own words; `answers` is the problem that it answers, as the department put it."""

    department: str
    category: str
    text: str
    source: str
    code: str | None = None
    answers: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """A problem found by rule (存在的问题).

    Attributes:
        name: lasts over corrections: the indicator's code, for a project with its number (`E04-2`).
        rule: which rule found it, see `problems.RULES`, whose order is the order of weight.
        item: the project's name; empty where it is of an indicator or a duty.
        reason: the department's words on why: those of its row, else its paragraphs that answer by the name.
        weight: the weight of its rule, 1 the heaviest; it lasts, too, whatever else is found.
        figures: what was found in one line, with its figures as printed: `目标60户，完成50户，完成率83.3%`.
        measure: what the departments will do about it: their paragraphs that answer by the name, joined by line breaks.
        measure_source: the cell of the first of them.
    """

    name: str
    code: str
    rule: str
    department: str
    item: str = ""
    reason: str | None = None
    reason_source: str | None = None
    weight: int = 0
    figures: str = ""
    measure: str | None = None
    measure_source: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Past:
    """A figure of this or an earlier year, for lines over the years and for zero commitments kept running."""

    code: str
    year: int
    actual: Decimal
    source: str


def reference(file: str, sheet: str, cell: str) -> str:
    """A source as Excel writes it: `[财政所.xlsx]指标!F5`."""
    return f"[{file}]{sheet}!{cell}"


def referred(source: str) -> tuple[str, str, str]:
    """File, sheet and cell of a source that `reference` wrote (a sheet's name holds no `]`, a cell no `!`)."""
    file, _, rest = source[1:].rpartition("]")
    sheet, _, cell = rest.rpartition("!")
    return file, sheet, cell


def schema_of(record: type) -> pa.DataFrameSchema:
    """The frame schema of a dataclass: decimals exact, fractions as text (`231/200`), flags as flags."""
    columns: dict[str, pa.Column] = {}
    for name, hint in typing.get_type_hints(record).items():
        options = set(typing.get_args(hint)) if typing.get_origin(hint) in (types.UnionType, typing.Union) else {hint}
        nullable = type(None) in options
        kind = next(option for option in options if option is not type(None))
        dtype: Any = DECIMAL if kind is Decimal else "int64" if kind is int else "bool" if kind is bool else TEXT
        columns[name] = pa.Column(dtype, nullable=nullable)
    return pa.DataFrameSchema(columns, strict=True)


def to_frame(records: Iterable[Any], record: type) -> pd.DataFrame:
    """A frame of dataclass records, one row each, empty where there are none."""
    rows = [
        {
            field.name: str(value) if isinstance(value := getattr(item, field.name), Fraction) else value
            for field in dataclasses.fields(record)
        }
        for item in records
    ]
    return typed_frame(rows, schema_of(record))


def from_frame(frame: pd.DataFrame, record: type[T]) -> list[T]:
    """The records that `to_frame` made a frame of."""
    hints = typing.get_type_hints(record)
    fractions = {name for name, hint in hints.items() if Fraction in (hint, *typing.get_args(hint))}
    records = []
    for row in frame.to_dict("records"):
        values: dict[str, Any] = {}
        for key, value in row.items():
            name = str(key)
            if pd.isna(value):
                values[name] = None
            elif isinstance(value, Decimal):
                values[name] = typed(value)
            elif name in fractions:
                values[name] = Fraction(value)
            else:
                values[name] = value
        records.append(record(**values))
    return records
