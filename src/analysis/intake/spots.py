"""Cells by row and column counted from 0, and by their addresses."""

import re
from functools import lru_cache

from openpyxl.utils import column_index_from_string, get_column_letter

Spot = tuple[int, int]
"""A cell as row and column from 0."""
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""How many rows and columns a sheet can have."""
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


@lru_cache(maxsize=20_000)
def address(row: int, column: int) -> str:
    """The address of a cell, `F5`, from its row and column counted from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"


@lru_cache(maxsize=20_000)
def spot(written: str) -> Spot:
    """The cell of an address.

    Raises:
        ValueError: it is none that a sheet can have.
    """
    match = _ADDRESS.fullmatch(written)
    if match is None:
        raise ValueError(written)
    row, column = int(match[2]), column_index_from_string(match[1])
    if not (0 < row <= LAST_ROW and column <= LAST_COLUMN):
        raise ValueError(written)
    return row - 1, column - 1
