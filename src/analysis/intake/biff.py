"""What the reader of values leaves out of an .xls or an .et: errors, formulas without a value, percent formats, size."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from analysis.intake.bounds import Budget, check_strings
from analysis.intake.refusal import damaged, password
from analysis.intake.spots import Spot
from analysis.intake.stored import Noted, Stored, in_percent

_BOF, _EOF, _CONTINUE, _FILEPASS = 0x809, 0x0A, 0x3C, 0x2F
_BOUNDSHEET, _FORMAT, _FORMAT_5, _XF, _SST, _CODEPAGE = 0x85, 0x41E, 0x1E, 0xE0, 0xFC, 0x42
_ROW, _COLUMNS, _MERGED = 0x208, 0x7D, 0xE5
_NUMBER, _RK, _MULTIPLE_RK, _SHARED, _ERROR, _STRING = 0x203, 0x27E, 0xBD, 0xFD, 0x205, 0x207
_TEXTS = (0x204, 0xD6)
_FORMULAS = (0x06, 0x206, 0x406)
_BIFF8 = 0x600
_BUILT_IN_PERCENT = {9, 10}
_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
    0x2B: "#GETTING_DATA",
}
_CELL = struct.Struct("<HHH")
Record = tuple[int, bytes]


@dataclass
class _Globals:
    """What the first part of the stream says of all sheets; and whether any formula of them was computed."""

    new: bool = True
    encoding: str = "gbk"
    sheets: list[tuple[str, int]] = field(default_factory=list)
    percent_formats: set[int] = field(default_factory=lambda: set(_BUILT_IN_PERCENT))
    formats: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    computed: bool = False

    def percent(self, style: int) -> bool:
        return style < len(self.formats) and self.formats[style] in self.percent_formats


def biff_forms(stream: bytes) -> dict[str, Stored]:
    """Look at all sheets of a workbook stream.

    Returns:
        By the sheet's title, how its cells are stored.

    Raises:
        Refusal: the workbook is beyond the bounds, asks for a password, or its records make no sense.
    """
    budget = Budget()
    try:
        book = _globals(stream, budget)
        if not book.sheets:
            raise damaged()
        sheets = [_Sheet(title, book, budget) for title, _ in book.sheets]
        for sheet, (_, at) in zip(sheets, book.sheets, strict=True):
            sheet.take(_records(stream, at, budget))
        return {sheet.title: sheet.stored() for sheet in sheets}
    except (struct.error, IndexError):
        raise damaged() from None


def _records(stream: bytes, at: int, budget: Budget) -> Iterator[Record]:
    """The records of a part of the stream, up to its end, without the parts that lie within it (charts)."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        budget.take_tags(2)  # as much work as an element, which has two
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _globals(stream: bytes, budget: Budget) -> _Globals:
    book = _Globals()
    strings: list[bytes] = []
    last = 0
    for kind, data in _records(stream, 0, budget):
        if kind == _BOF:
            book.new = struct.unpack_from("<H", data)[0] >= _BIFF8
        elif kind == _FILEPASS:
            raise password()
        elif kind == _CODEPAGE:
            page = struct.unpack_from("<H", data)[0]
            book.encoding = {1200: "utf-16-le", 936: "gbk", 1252: "cp1252", 54936: "gb18030"}.get(page, "gbk")
        elif kind == _BOUNDSHEET:
            budget.take_sheet()
            book.sheets.append((_short_text(data[6:], book), struct.unpack_from("<I", data)[0]))
        elif kind in (_FORMAT, _FORMAT_5):
            code = _text(data[2:], book, short=True)
            if in_percent(code):
                book.percent_formats.add(struct.unpack_from("<H", data)[0])
        elif kind == _XF:
            book.formats.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _SST or (kind == _CONTINUE and last == _SST):
            strings.append(data)
        if kind != _CONTINUE:
            last = kind
    if strings:
        book.lengths = _lengths(strings)
    return book


def _short_text(data: bytes, book: _Globals) -> str:
    """A text with its length in one byte, and whether it is wide in the next."""
    if not book.new:
        return data[1 : 1 + data[0]].decode(book.encoding, "replace")
    return _characters(data[2:], data[0], data[1])


def _text(data: bytes, book: _Globals, short: bool = False) -> str:
    """A text with its length in two bytes; in one where it is `short` and of the older format."""
    if not book.new:
        return data[1 if short else 2 :].decode(book.encoding, "replace")
    count, flags = struct.unpack_from("<HB", data)
    return _characters(data[3:], count, flags)


def _characters(data: bytes, count: int, flags: int) -> str:
    return data[: 2 * count].decode("utf-16-le", "replace") if flags & 1 else data[:count].decode("latin-1")


def _lengths(parts: list[bytes]) -> list[int]:
    """How many characters each of the shared strings has.

    Args:
        parts: the record and those that continue it. A string that goes on in the next says there anew whether it is
            wide; what follows its characters, of rich text and phonetics, does not.
    """
    _, count = struct.unpack_from("<II", parts[0])
    check_strings(count, 0)
    lengths: list[int] = []
    total = 0
    part, at = 0, 8
    for _ in range(count):
        if at >= len(parts[part]):
            part, at = part + 1, at - len(parts[part])
        characters, flags = struct.unpack_from("<HB", parts[part], at)
        at += 3
        behind = 0
        if flags & 8:
            behind += 4 * struct.unpack_from("<H", parts[part], at)[0]
            at += 2
        if flags & 4:
            behind += struct.unpack_from("<I", parts[part], at)[0]
            at += 4
        lengths.append(characters)
        total += characters
        check_strings(0, total)
        left, width = characters, 1 + (flags & 1)
        while left > (room := (len(parts[part]) - at) // width):
            left -= room
            part, at = part + 1, 1
            width = 1 + (parts[part][0] & 1)
        at += left * width + behind
        while part < len(parts) - 1 and at > len(parts[part]):
            part, at = part + 1, at - len(parts[part])
    return lengths


class _Sheet:
    """Takes the records of a sheet."""

    def __init__(self, title: str, book: _Globals, budget: Budget) -> None:
        self.title = title
        self._book = book
        self._noted = Noted(title, budget)
        self._blank: list[Spot] = []
        self._texted: Spot | None = None  # a formula whose result is a text, which the next record holds
        self._takers: dict[int, Callable[[bytes], None]] = {
            _NUMBER: self._number,
            _RK: self._number,
            _MULTIPLE_RK: self._numbers,
            _SHARED: self._shared,
            _ERROR: self._error,
            _STRING: self._string,
            _ROW: self._row,
            _COLUMNS: self._columns,
            _MERGED: self._merged,
            **dict.fromkeys(_TEXTS, self._text),
            **dict.fromkeys(_FORMULAS, self._formula),
        }

    def take(self, records: Iterator[Record]) -> None:
        for kind, data in records:
            taker = self._takers.get(kind)
            if taker is not None:
                taker(data)

    def stored(self) -> Stored:
        """How the cells are stored, once all sheets were gone through.

        A formula that nobody computed is kept like one that gives an empty text: where none of the workbook's has given
        anything else, nobody has.
        """
        if not self._book.computed:
            self._noted.unset.update(self._blank)
        return self._noted.done()

    def _fill_number(self, row: int, column: int, style: int) -> None:
        self._noted.fill(row, column, 1)
        if self._book.percent(style):
            self._noted.percent.add((row, column))

    def _number(self, data: bytes) -> None:
        self._fill_number(*_CELL.unpack_from(data))

    def _numbers(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for n in range((len(data) - 6) // 6):
            self._fill_number(row, first + n, struct.unpack_from("<H", data, 4 + 6 * n)[0])

    def _shared(self, data: bytes) -> None:
        row, column, _, number = struct.unpack_from("<HHHI", data)
        self._noted.fill(row, column, self._book.lengths[number])

    def _text(self, data: bytes) -> None:
        row, column, _, length = struct.unpack_from("<HHHH", data)
        self._noted.fill(row, column, length)

    def _error(self, data: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
        self._noted.fill(row, column, 1)
        if is_error:
            self._noted.errors[row, column] = _ERRORS.get(value, "#N/A")

    def _formula(self, data: bytes) -> None:
        row, column, style = _CELL.unpack_from(data)
        kind, value, mark = struct.unpack_from("<BxBxxxH", data, 6)
        self._book.computed |= mark != 0xFFFF or kind != 3
        if mark != 0xFFFF:
            self._fill_number(row, column, style)
            return
        self._noted.fill(row, column, 1)
        if kind == 0:
            self._texted = row, column
        elif kind == 2:
            self._noted.errors[row, column] = _ERRORS.get(value, "#N/A")
        elif kind == 3:
            self._noted.texts[row, column] = ""
            self._blank.append((row, column))

    def _string(self, data: bytes) -> None:
        if self._texted is not None:
            text = _text(data, self._book)
            self._noted.fill(*self._texted, len(text))
            self._noted.texts[self._texted] = text
            self._texted = None

    def _row(self, data: bytes) -> None:
        row, options = struct.unpack_from("<H10xH", data)
        if options & 0x20:
            self._noted.hide_rows(row, row)

    def _columns(self, data: bytes) -> None:
        first, last, _, _, options = struct.unpack_from("<HHHHH", data)
        if options & 1:
            self._noted.hide_columns(first, last)

    def _merged(self, data: bytes) -> None:
        for n in range(struct.unpack_from("<H", data)[0]):
            top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * n)
            self._noted.merge((top, left), (bottom, right))
