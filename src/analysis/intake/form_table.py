"""A table of a blank return as it grows, row by row, and the rows that it is made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.form import (
    HEADER_ROW,
    HEADING,
    NARROW,
    SUMMED,
    cell_at,
    dress,
    style,
    write_number,
    write_text,
)
from analysis.intake.layout import SUM_ROW, Column, Sheet


@dataclass(frozen=True)
class FormRow:
    """A row of the form: its table, the code and the part or project that it is printed with, its cells by field."""

    table: str
    code: str
    item: str
    cells: Mapping[str, Cell]


@dataclass
class FormTable:
    """A sheet as it grows; validations are kept by what they allow, and take many cells each."""

    worksheet: Worksheet
    sheet: Sheet
    columns: Sequence[Column]
    last: int = HEADER_ROW
    rows: list[FormRow] = field(default_factory=list)
    validations: dict[object, DataValidation] = field(default_factory=dict)

    def add(self, known: Mapping[str, object], shut: Iterable[str] = (), decimals: int = 0) -> dict[str, Cell]:
        """Add a row: what is known is filled in; the columns that a department fills in are open, but for `shut`."""
        self.last += 1
        cells: dict[str, Cell] = {}
        for number, column in enumerate(self.columns, 1):
            cell = cell_at(self.worksheet, self.last, number)
            cells[column.field] = cell
            value = known.get(column.field)
            if isinstance(value, Decimal):
                write_number(cell, value, decimals)
            elif isinstance(value, int):
                cell.value = value
            elif isinstance(value, str):
                write_text(cell, value)
            style(cell, open_=column.filled_in and column.field not in shut, centred=column.width < NARROW)
        self.rows.append(FormRow(self.sheet.table, str(known.get("code", "")), str(known.get("item") or ""), cells))
        return cells

    def add_sum(self, code: str, first: int, decimals_format: str, total: Cell | None) -> None:
        """Add the row that sums up the parts above it, from row `first` on, and holds them against the total.

        Args:
            code: the indicator's.
            first: the row of its first part.
            decimals_format: how its figures are shown.
            total: the cell of the indicator sheet with the total; none where the form has no such row.
        """
        self.last += 1
        cells = {c.field: cell_at(self.worksheet, self.last, n) for n, c in enumerate(self.columns, 1)}
        for column in self.columns:
            dress(cells[column.field], HEADING if column.width < NARROW else SUMMED)
        write_text(cells["code"], code)
        write_text(cells["item"], SUM_ROW)
        letter = get_column_letter(cells["amount"].column)
        parts = f"{letter}{first}:{letter}{self.last - 1}"
        cells["amount"].value = f"=SUM({parts})"
        cells["amount"].number_format = decimals_format
        if total is not None:
            cells["name"].value = _agreement(parts, cells["amount"].coordinate, total, decimals_format)

    def allow(self, cell: Cell, make: Callable[..., DataValidation], *arguments: object) -> None:
        """Limit what a cell takes."""
        key = (make, *arguments)
        if key not in self.validations:
            self.validations[key] = make(*arguments)
            self.worksheet.add_data_validation(self.validations[key])
        self.validations[key].add(cell)


def _agreement(parts: str, summed: str, total: Cell, shown: str) -> str:
    """The formula that says whether the parts' sum is the total; nothing while neither is filled in."""
    title = str(total.parent.title).replace("'", "''")
    there = f"'{title}'!{total.coordinate}"
    differing = f'"“{title}”表为"&TEXT({there},"{shown}")&"，相差"&TEXT(ABS({summed}-{there}),"{shown}")'
    compared = f'IF(ROUND({summed}-{there},4)=0,"与“{title}”表一致",{differing})'
    missing = f'"“{title}”表还没有填完成数"'
    return f'=IF(COUNT({parts})+COUNT({there})=0,"",IF(COUNT({there})=0,{missing},{compared}))'
