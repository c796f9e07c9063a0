"""Where in a sheet its table begins, which table it is, and which column is which."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from analysis.intake.layout import HIDDEN_SHEET, RECEIPT_MARK, RECEIPT_SHEET, SHEETS, Sheet
from analysis.intake.words import Words
from analysis.intake.workbook import SheetGrid, Workbook

SEARCHED_ROWS = 40
SEARCHED_COLUMNS = 60
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "indicator": (("code", "name"), ("actual",)),
    "part": (("item",), ("amount",)),
    "project": (("item",), ("stage",)),
    "duty": (("code", "name"), ("status",)),
    "text": (("paragraph",), ("code", "category")),
}
"""By table, the headings without which a row is no header: one of each group."""


@dataclass(frozen=True)
class Header:
    """The header of a table in a sheet.

    Attributes:
        sheet: the sheet of the layout that this one is.
        first: the header's first row, counted from 0.
        last: its last row; the data begin below.
        columns: by field, the column counted from 0.
        units: by field, the unit that the heading names in brackets.
        ignored: headings of columns that the table doesn't have, by column.
        twice: headings that name a field again, by column.
        joined: how many headings are written over both rows (目标 above 任务数).
    """

    sheet: Sheet
    first: int
    last: int
    columns: Mapping[str, int]
    units: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[int, str] = field(default_factory=dict)
    twice: Mapping[int, str] = field(default_factory=dict)
    joined: int = 0


class Survey:
    """A workbook with the headers of its sheets, each looked for once."""

    def __init__(self, workbook: Workbook, words: Words) -> None:
        self.workbook = workbook
        self.words = words
        self._headers = [find_header(sheet, words) for sheet in self.sheets]

    @property
    def file(self) -> str:
        """The workbook's file name."""
        return self.workbook.file

    @cached_property
    def sheets(self) -> list[SheetGrid]:
        """The sheets that hold something, in order, without the office's own: whose the workbook is, and its receipt."""
        ours = (HIDDEN_SHEET, RECEIPT_SHEET, RECEIPT_MARK)
        return [sheet for sheet in self.workbook.sheets if sheet.title not in ours and not sheet.empty()]

    @property
    def headed(self) -> list[tuple[SheetGrid, Header | None]]:
        """Each sheet with its header, if it has one."""
        return list(zip(self.sheets, self._headers, strict=True))

    @property
    def has_tables(self) -> bool:
        """Whether any sheet is a table of a return."""
        return any(self._headers)


def find_header(grid: SheetGrid, words: Words) -> Header | None:
    """Find the header of a sheet: as the table that its title names, else as the one whose headings it has."""
    texts = _texts(grid)
    named = words.sheet(grid.title)
    if named is not None:
        header = _best(_candidates(texts, named, words))
        if header is not None:
            return header
    return _best(header for sheet in SHEETS for header in _candidates(texts, sheet, words))


def lacking(grid: SheetGrid, words: Words) -> list[str]:
    """The headings that a sheet would need to be the table that its title names, where it has others of that table."""
    sheet = words.sheet(grid.title)
    if sheet is None:
        return []
    texts = _texts(grid)
    rows = (_header(texts, sheet, words, row, row) for row in range(min(SEARCHED_ROWS, len(texts))))
    nearest = max(rows, key=lambda header: len(header.columns), default=None)
    if nearest is None or len(nearest.columns) < 2:
        return []
    missing = (group for group in NEEDED[sheet.table] if not any(name in nearest.columns for name in group))
    return ["或".join(f"“{sheet.heading(name)}”" for name in group) for group in missing]


def _texts(grid: SheetGrid) -> list[list[str]]:
    """The texts of the rows in which a header is looked for."""
    rows = range(min(SEARCHED_ROWS + 1, len(grid.rows)))
    columns = range(min(grid.width, SEARCHED_COLUMNS))
    return [[grid.heading(row, column) for column in columns] for row in rows]


def _best(headers: Iterable[Header]) -> Header | None:
    """The one with the most columns; of one row rather than two, unless headings go over both; the uppermost."""
    return max(headers, key=lambda h: (len(h.columns), h.joined > 0, h.first == h.last), default=None)


def _candidates(texts: Sequence[Sequence[str]], sheet: Sheet, words: Words) -> Iterator[Header]:
    """Headers of one row and of two; the first rows that can be one settle it, what comes later are data."""
    end = min(SEARCHED_ROWS, len(texts))
    named = [any(text and words.heading(sheet, text) is not None for text in row) for row in texts]
    row = 0
    while row < end:
        for last in (row, row + 1):
            if last < len(texts) and (named[row] or named[last]):
                header = _header(texts, sheet, words, row, last)
                if all(any(name in header.columns for name in group) for group in NEEDED[sheet.table]):
                    end = min(end, last + 2)
                    yield header
        row += 1


def _header(texts: Sequence[Sequence[str]], sheet: Sheet, words: Words, first: int, last: int) -> Header:
    columns: dict[str, int] = {}
    units: dict[str, str] = {}
    ignored: dict[int, str] = {}
    twice: dict[int, str] = {}
    printed: set[str] = set()
    joined = 0
    for column, (upper, lower) in enumerate(zip(texts[first], texts[last], strict=True)):
        if not upper and not lower:
            continue
        written = _readings(upper, lower)
        known = next((found for text in written if (found := words.heading(sheet, text)) is not None), None)
        joined += len(written) == 3 and words.heading(sheet, written[0]) is not None
        if known is None:
            ignored[column] = lower or upper
            continue
        name, unit, is_printed = known
        if name in columns:
            other = columns[name] if is_printed and name not in printed else column
            twice[other] = texts[last][other] or texts[first][other]
            if other == column:
                continue
        columns[name] = column
        if is_printed:
            printed.add(name)
        units.pop(name, None)
        if unit is not None:
            units[name] = unit
    return Header(sheet, first, last, columns, units, ignored, twice, joined)


def _readings(upper: str, lower: str) -> tuple[str, ...]:
    """What a column may be called: by both rows together, by the lower one, by the upper one."""
    if upper == lower:
        return (lower,)
    if not upper or not lower:
        return (upper or lower,)
    return upper + lower, lower, upper
