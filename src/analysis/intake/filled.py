"""A return's figures in the blank form of its department: for originals that can't be marked in place (.xls, .et, .ods)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter

from analysis.intake.blank import Form, Room, fixed_parts, make_form
from analysis.intake.exact import SIGNIFICANT_DIGITS, decimals_of, plain_number
from analysis.intake.fields import DATES, PERCENT, unit_of
from analysis.intake.form import NARROW, fit_rows, style, workbook_bytes, write_number, write_rate, write_text
from analysis.intake.form_table import FormRow
from analysis.intake.frames import Value
from analysis.intake.layout import SHEETS, SHEETS_BY_TABLE
from analysis.intake.words import Words, words_of
from analysis.intake.writing import plain
from analysis.scheme import Facts, Indicator, Scheme

Address = tuple[str, str]
"""A sheet's title and a cell's address."""
STATED = ("department", "period")
"""Labels of the first sheet that the form states itself."""


def filled_form(
    scheme: Scheme, facts: Facts, department: str, values: Sequence[Value]
) -> tuple[bytes, Mapping[Address, Address]]:
    """Put a return into the blank form of its department.

    Args:
        scheme: what is asked for.
        facts: of the town and the return's period.
        department: whose return it is.
        values: all values of the return, as `read.read_return` gives them.

    Returns:
        The form's bytes, read as the return was: a figure that was read stands there as a number in its indicator's unit,
        what could not be read as the text that was typed; what the form does not ask for has rows of its own. And by
        sheet and cell of the return, the sheet and cell of the form.

    Raises:
        ValueError: the scheme knows no such department.
    """
    rows = _rows(values)
    form = make_form(scheme, facts, department, room=_room(rows, scheme, facts))
    filling = _Filling(scheme, words_of(scheme))
    for value in values:
        if value.table == "submitter":
            filling.sign(form, value)
    free = _Free(form)
    for row in rows:
        filling.fill(free.take(row), row)
    for sheet in SHEETS:
        if sheet.title in form.workbook.sheetnames:
            fit_rows(form.workbook[sheet.title], sheet)
    return workbook_bytes(form.workbook), filling.places


@dataclass(frozen=True)
class _Row:
    """A row of a return: where it belongs, and its values in the order of their columns."""

    table: str
    code: str
    item: str
    values: tuple[Value, ...]


def _rows(values: Iterable[Value]) -> list[_Row]:
    grouped: dict[tuple[str, int], list[Value]] = defaultdict(list)
    for value in values:
        if value.table in SHEETS_BY_TABLE:
            grouped[value.table, value.line].append(value)
    return [
        _Row(table, own[0].code or "", "" if table == "text" else own[0].item, tuple(own))
        for (table, _), own in grouped.items()
    ]


def _room(rows: Sequence[_Row], scheme: Scheme, facts: Facts) -> Room:
    """Room for all rows and columns of a return; a part or project that the form names needs none."""
    codes: dict[str, list[str]] = defaultdict(list)
    lines: Counter[tuple[str, str]] = Counter()
    fields: dict[str, list[str]] = defaultdict(list)
    named: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.code:
            codes[row.table].append(row.code)
        key = (row.table, row.code)
        names = named.setdefault(key, _named(scheme.by_code.get(row.code), scheme, facts, row.table))
        if plain(row.item) in names:
            names.remove(plain(row.item))
        else:
            lines[key] += 1
        fields[row.table] += [value.field for value in row.values if not _blank(value)]
    return Room(codes, lines, fields)


def _named(indicator: Indicator | None, scheme: Scheme, facts: Facts, table: str) -> set[str]:
    if indicator is None:
        return set()
    if table == "project":
        return {plain(row.project) for row in facts.targets.values() if row.code == indicator.code and row.project}
    return {plain(name) for name in fixed_parts(indicator, scheme, facts.town)} if table == "part" else set()


class _Free:
    """The form's rows that nothing was put into yet."""

    def __init__(self, form: Form) -> None:
        self._rows: dict[tuple[str, str], list[FormRow]] = defaultdict(list)
        for row in form.rows:
            self._rows[row.table, row.code].append(row)

    def take(self, row: _Row) -> FormRow:
        """The row of the same name, else the next without one."""
        candidates = self._rows[row.table, row.code]
        wanted = plain(row.item)
        found = next((c for c in candidates if wanted and plain(c.item) == wanted), None)
        found = found or next(c for c in candidates if not c.item)
        candidates.remove(found)
        return found


@dataclass
class _Filling:
    """Puts values into cells and notes which came from where."""

    scheme: Scheme
    words: Words
    places: dict[Address, Address] = field(default_factory=dict)

    def sign(self, form: Form, value: Value) -> None:
        """Fill in a label of the first sheet."""
        cell = form.labels[value.field]
        self._came_from(value, cell)
        if value.field not in STATED and not _blank(value):
            _put_text(cell, value)

    def fill(self, row: FormRow, returned: _Row) -> None:
        """Fill in a row; its own name where the form has none, and every value at its place."""
        if returned.item and not row.item:
            write_text(row.cells["item"], returned.item)
        indicator = self.scheme.by_code.get(returned.code)
        for value in returned.values:
            cell = row.cells.get(value.field)
            if cell is None:  # an empty column that the form doesn't print
                continue
            self._came_from(value, cell)
            if _blank(value):
                if value.field == "category":
                    cell.value = None
            elif value.field == "unit":
                self._put_unit(cell, value, indicator)
            elif not _stands_there(cell, value):
                _put(cell, value, indicator)
                if cell.protection.locked:  # what differs from the form is the department's to put right
                    style(cell, open_=True, centred=_narrow(row, value.field))
        self._keys(row, returned)

    def _put_unit(self, cell: Cell, value: Value, indicator: Indicator | None) -> None:
        """Figures stand in the indicator's unit; a unit that nothing could be converted from stays to be asked about."""
        wanted = (indicator.unit if indicator else None) or ""
        if self.words.factor(value.typed, wanted) is None:
            write_text(cell, value.typed)
            style(cell, open_=True, centred=True)

    def _came_from(self, value: Value, cell: Cell) -> None:
        self.places[value.sheet, value.cell] = (str(cell.parent.title), cell.coordinate)

    def _keys(self, row: FormRow, returned: _Row) -> None:
        """Cells of the return's row that hold no value (its number, code, names) are found at the form's code and name."""
        for title, addresses in _by_sheet(returned.values):
            letters, numbers = zip(*(coordinate_from_string(address) for address in addresses), strict=True)
            name = row.cells.get("item") or row.cells.get("name")
            first, further = row.cells["code"], name or row.cells["code"]
            for column in range(1, max(column_index_from_string(letter) for letter in letters) + 1):
                place = (title, f"{get_column_letter(column)}{numbers[0]}")
                self.places.setdefault(place, (str(first.parent.title), (further if column > 1 else first).coordinate))


def _by_sheet(values: Iterable[Value]) -> Iterator[tuple[str, list[str]]]:
    addresses: dict[str, list[str]] = defaultdict(list)
    for value in values:
        addresses[value.sheet].append(value.cell)
    yield from addresses.items()


def _blank(value: Value) -> bool:
    return value.number is None and value.text is None and not value.typed.strip()


def _narrow(row: FormRow, name: str) -> bool:
    columns = SHEETS_BY_TABLE[row.table].columns
    return next(column.width for column in columns if column.field == name) < NARROW


def _stands_there(cell: Cell, value: Value) -> bool:
    """Whether the form is printed with the same figure or text."""
    if value.number is not None:
        share = 100 if cell.number_format.endswith("%") else 1
        return isinstance(cell.value, int | float) and Decimal(str(cell.value)) * share == value.number
    return cell.value is not None and cell.value == value.text


def _put(cell: Cell, value: Value, indicator: Indicator | None) -> None:
    number = value.number
    if number is None:
        _put_text(cell, value)
    elif len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS:
        write_text(cell, plain_number(number))  # more digits than a workbook keeps of a number
    elif indicator is not None and unit_of(value.field, indicator) == PERCENT:
        write_rate(cell, number, decimals_of(number))
    else:
        usual = indicator.expected_decimals if indicator and value.field != "jobs" else 0
        write_number(cell, number, max(usual, decimals_of(number)))


def _put_text(cell: Cell, value: Value) -> None:
    if value.field in DATES and value.text is not None:
        cell.value = date.fromisoformat(value.text)
    else:
        write_text(cell, value.text if value.text is not None else value.typed)
