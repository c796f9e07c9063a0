"""What of a sheet's shape was forgiven in reading it: its title, its headings and columns, what is hidden, rows passed over."""

from collections.abc import Iterator, Sequence

from openpyxl.utils import get_column_letter

from analysis.intake.fields import heading_of
from analysis.intake.found import Found, Place
from analysis.intake.headers import Header
from analysis.intake.spots import address
from analysis.intake.workbook import SheetGrid
from analysis.intake.writing import plain

NOTE = "sight_note"
LISTED = 12
"""How many of a kind a note lists."""


def shape_notes(file: str, grid: SheetGrid, header: Header, earlier: Sequence[str]) -> Iterator[Found]:
    """Say what of a sheet is otherwise than in the blank form.

    Args:
        file: the workbook's name.
        grid: the sheet.
        header: its header.
        earlier: the titles of the sheets before it that were read as the same table.
    """
    title = header.sheet.title
    if earlier:
        yield _note(Place(file, grid.title), f"与“{earlier[0]}”表是同一类，一并读取")
    elif plain(grid.title) != plain(title):
        yield _note(Place(file, grid.title), f"按内容认作“{title}”表读取")
    at = Place(file, grid.title, address(header.last, min(header.columns.values())))
    worded = list(_worded(grid, header))
    if worded:
        yield _note(at, f"表头{_listed(worded)}读取")
    fields = [column.field for column in header.sheet.columns if column.field in header.columns]
    if fields != sorted(fields, key=lambda name: header.columns[name]):
        yield _note(at, "各列的次序与空白上报表不同，按表头读取")
    yield from _hidden(file, grid, header)
    yield from _columns(file, grid, header)


def passed_over(file: str, grid: SheetGrid, rows: Sequence[int], what: str) -> Iterator[Found]:
    """A note on rows of a kind that were not read, if there are any; rows counted from 0."""
    if rows:
        yield _note(Place(file, grid.title, address(rows[0], 0)), f"第{_numbers(rows)}行是{what}，没有读取")


def _worded(grid: SheetGrid, header: Header) -> Iterator[str]:
    """The headings that are worded otherwise, in the order of columns."""
    for name, column in sorted(header.columns.items(), key=lambda item: item[1]):
        said = grid.heading(header.last, column) or grid.heading(header.first, column)
        meant = heading_of(header.sheet.table, name)
        if plain(said) != plain(meant):
            yield f"“{' '.join(said.split())[:20]}”按“{meant}”"


def _hidden(file: str, grid: SheetGrid, header: Header) -> Iterator[Found]:
    """What is hidden and holds something all the same: it is read like the rest, but nobody looking at the sheet sees it."""
    rows = [
        row for row in sorted(grid.stored.hidden_rows) if header.last < row < len(grid.rows) and _filled(grid, [row])
    ]
    if rows:
        yield _note(Place(file, grid.title, address(rows[0], 0)), f"第{_numbers(rows)}行是隐藏的，照常读取")
    below = range(header.last + 1, len(grid.rows))
    columns = [
        c for c in sorted(header.columns.values()) if c in grid.stored.hidden_columns and _filled(grid, below, c)
    ]
    if columns:
        letters = "、".join(get_column_letter(column + 1) for column in columns)
        yield _note(Place(file, grid.title, address(header.last, columns[0])), f"{letters}列是隐藏的，照常读取")


def _columns(file: str, grid: SheetGrid, header: Header) -> Iterator[Found]:
    """Columns that the table doesn't have, where they hold something, and such as name a field again."""
    below = range(header.last + 1, len(grid.rows))
    used = [heading for column, heading in header.ignored.items() if _filled(grid, below, column)]
    if used:
        yield Found("column_ignored", Place(file, grid.title), {"found": "、".join(used)[:200]})
    for column, heading in header.twice.items():
        yield Found("column_twice", Place(file, grid.title, address(header.last, column)), {"found": heading})


def _filled(grid: SheetGrid, rows: Sequence[int], column: int | None = None) -> bool:
    values = (grid.rows[row][column : column + 1] if column is not None else grid.rows[row] for row in rows)
    return any(str(value).strip() for row in values for value in row)


def _note(place: Place, note: str) -> Found:
    return Found(NOTE, place, {"note": note})


def _numbers(rows: Sequence[int]) -> str:
    return _listed([str(row + 1) for row in rows]) + (f"等{len(rows)}" if len(rows) > LISTED else "")


def _listed(texts: Sequence[str]) -> str:
    return "、".join(texts[:LISTED])
