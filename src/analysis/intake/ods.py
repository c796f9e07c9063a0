"""What the reader of values leaves out of an .ods: errors, formulas without a value, percent formats, merged cells, size.

Rows and cells may be repeated: a small file can hold them without end.
"""

from collections.abc import Mapping

from analysis.intake.bounds import Budget, check_area
from analysis.intake.package import Package, walk
from analysis.intake.refusal import damaged, password
from analysis.intake.spots import LAST_COLUMN, LAST_ROW
from analysis.intake.stored import Noted, Stored

_CELLS = ("table-cell", "covered-table-cell")
_HIDDEN = ("collapse", "filter")
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")
_MANIFEST = "META-INF/manifest.xml"
_BESIDE = ("mimetype", _MANIFEST)
"""What the reader wants to see of a file beside its content."""


def ods_forms(package: Package) -> dict[str, Stored]:
    """Look at all sheets of an .ods.

    Returns:
        By the sheet's title, how its cells are stored.

    Raises:
        Refusal: the workbook is beyond the bounds, or its content makes no sense.
    """
    for name in _BESIDE:
        if name in package:
            package.read(name)
    if _MANIFEST in package and b":encryption-data" in package.read(_MANIFEST):
        raise password()
    scan = _Scan()
    try:
        walk(package.read("content.xml"), scan.budget, scan.start, scan.end, scan.text)
    except (ValueError, IndexError):
        raise damaged() from None
    return scan.forms


class _Scan:
    """Goes through rows and cells as the reader would lay them out."""

    def __init__(self) -> None:
        self.budget = Budget()
        self.forms: dict[str, Stored] = {}
        self._noted: Noted | None = None
        self._row = self._column = 0
        self._rows = self._times = 1
        self._cell: Mapping[str, str] = {}
        self._inside = self._written = False
        self._remark = 0
        self._text: list[str] = []
        self._hidden_row = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            self.budget.take_sheet()
            self._noted = Noted(_of(attributes, "name"), self.budget)
            self._row = self._column = 0
        elif self._noted is None:
            return
        elif name == "table-column":
            times = _repeated(attributes, "columns", LAST_COLUMN)
            if _of(attributes, "visibility") in _HIDDEN:
                self._noted.hide_columns(self._column, self._column + times - 1)
            self._column = min(self._column + times, LAST_COLUMN)
        elif name == "table-row":
            self._column, self._rows = 0, _repeated(attributes, "rows", LAST_ROW)
            self._hidden_row = _of(attributes, "visibility") in _HIDDEN
        elif name in _CELLS:
            self._cell, self._inside, self._written, self._text = attributes, True, False, []
            self._times = _repeated(attributes, "columns", LAST_COLUMN)
        elif name == "annotation":
            self._remark += 1
        elif name == "p" and self._inside and not self._remark:
            self._written = True

    def text(self, piece: str) -> None:
        if self._inside and not self._remark:
            self._text.append(piece)

    def end(self, name: str) -> None:
        if name == "annotation":
            self._remark -= 1
        elif self._noted is None:
            return
        elif name in _CELLS:
            self._take(self._noted, "".join(self._text))
            self._inside = False
        elif name == "table-row":
            if self._hidden_row:
                self._noted.hide_rows(self._row, self._row + self._rows - 1)
            self._row += self._rows
        elif name == "table":
            self.forms[self._noted.title] = self._noted.done()
            self._noted = None

    def _take(self, noted: Noted, text: str) -> None:
        cell, row, column = self._cell, self._row, self._column
        self._column += self._times
        kind = _of(cell, "value-type")
        formula = bool(_of(cell, "formula"))
        spanned = int(_of(cell, "number-rows-spanned") or 1), int(_of(cell, "number-columns-spanned") or 1)
        if max(spanned) > 1:
            noted.merge((row, column), (row + spanned[0] - 1, column + spanned[1] - 1))
        if kind or formula or self._written:
            rows, columns = row + self._rows, column + self._times
            check_area(noted.title, max(noted.rows, rows), max(noted.columns, columns), f"第{rows}行")
            noted.rows, noted.columns = max(noted.rows, rows), max(noted.columns, columns)
            self.budget.take_filled(len(text), self._rows * self._times)
        spots = (
            [(row + n, column + m) for n in range(self._rows) for m in range(self._times)] if kind or formula else []
        )
        if formula and (text.strip() in _ERRORS or any(value == "error" for value in cell.values())):
            noted.errors.update(dict.fromkeys(spots, text.strip() or "#N/A"))
        elif kind == "percentage":
            noted.percent.update(spots)
        elif kind == "boolean":  # the reader gives 1 and 0
            noted.texts.update(dict.fromkeys(spots, "TRUE" if _of(cell, "boolean-value") == "true" else "FALSE"))
        elif formula and not self._written and not any(_of(cell, name) for name in _VALUES):
            noted.unset.update(spots)


def _of(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute, whatever its prefix; the office's own before another program's of the same name."""
    for prefix in ("table:", "office:"):
        if prefix + name in attributes:
            return attributes[prefix + name]
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _repeated(attributes: Mapping[str, str], what: str, most: int) -> int:
    times = int(_of(attributes, f"number-{what}-repeated") or 1)
    if not 0 < times <= most:
        raise damaged()
    return times
