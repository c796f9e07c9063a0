"""The boxes of comments, in the old drawing language (VML) that every program still wants for them."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count

from lxml import etree

from analysis.intake.form import lines_of
from analysis.intake.marking.model import COMMENT_LINE
from analysis.intake.marking.xml import first, local, named, parse, remove
from analysis.intake.spots import LAST_COLUMN, LAST_ROW, Spot

V = "urn:schemas-microsoft-com:vml"
OFFICE, X = "urn:schemas-microsoft-com:office:office", "urn:schemas-microsoft-com:office:excel"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
BLOCK = 1024
"""Shapes of a block of numbers; a drawing states the blocks that it uses."""
_EMPTY = (
    f'<xml xmlns:v="{V}" xmlns:o="{OFFICE}" xmlns:x="{X}"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{}}"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    f'<v:shape xmlns:v="{V}" xmlns:o="{OFFICE}" xmlns:x="{X}" id="_x0000_s{{number}}" type="#_x0000_t202" '
    'style="position:absolute;margin-left:60pt;margin-top:2pt;width:{width}pt;height:{height}pt;z-index:1;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_WIDTH, _CHARACTERS = 260, 36
"""Pixels of a box, and the digits that fit on its line."""
_LINE, _EDGE, _HIGHEST = 18, 14, 700
_MOST_SPANNED = 200
"""Rows or columns that a box spans: many may be hidden."""
_COLUMN, _ROW = 64, 20
"""Pixels of a column and of a row where the sheet says nothing."""


class Sizes:
    """The widths and heights of a sheet's columns and rows, in pixels."""

    def __init__(self, sheet: etree._Element) -> None:
        self._columns: list[tuple[int, int, int]] = []
        form = first(sheet, "sheetFormatPr")
        self._column = _pixels(form.get("defaultColWidth"), 7, _COLUMN) if form is not None else _COLUMN
        self._row = _pixels(form.get("defaultRowHeight"), 4 / 3, _ROW) if form is not None else _ROW
        for col in [c for cols in named(sheet, "cols") for c in named(cols, "col")]:
            size = 0 if col.get("hidden") in ("1", "true") else _pixels(col.get("width"), 7, self._column)
            self._columns.append((_whole(col.get("min")), _whole(col.get("max")), size))
        self._rows = {
            _whole(row.get("r")): 0 if row.get("hidden") in ("1", "true") else _pixels(row.get("ht"), 4 / 3, self._row)
            for data in named(sheet, "sheetData")
            for row in named(data, "row")
            if row.get("ht") or row.get("hidden")
        }

    def column(self, number: int) -> int:
        """The width of a column counted from 0."""
        return next((size for low, high, size in self._columns if low <= number + 1 <= high), self._column)

    def row(self, number: int) -> int:
        """The height of a row counted from 0."""
        return self._rows.get(number + 1, self._row)


def no_shapes(others: list[bytes]) -> etree._Element:
    """A drawing without shapes, whose block of numbers none of the others uses."""
    stated = [data for other in others for data in re.findall(rb'data="([\d,]{1,200})"', other)]
    blocks = {int(number) for data in stated for number in re.findall(rb"\d{1,6}", data)}
    return parse(_EMPTY.format(max(blocks, default=0) + 1).encode())


def parse_drawing(content: bytes) -> etree._Element:
    """Read a drawing; old ones have line breaks that are no XML."""
    return parse(re.sub(rb"<br\s*>", b"<br/>", content))


def add_boxes(drawing: etree._Element, texts: Mapping[Spot, str], sizes: Sizes) -> None:
    """Add the box of each comment, as large as its text asks for."""
    numbers = _numbers(drawing)
    if drawing.find(f"{{{V}}}shapetype[@id='_x0000_t202']") is None:
        drawing.append(parse(_EMPTY.format(1).encode())[1])
    for (row, column), text in texts.items():
        lines = lines_of(f"{COMMENT_LINE}\n{text}", _CHARACTERS)
        wide = _WIDTH if lines * _LINE <= _HIGHEST else 2 * _WIDTH
        high = min((lines if wide == _WIDTH else (lines + 1) // 2 + 1) * _LINE + _EDGE, _HIGHEST)
        left = _along(column + 1, wide, sizes.column, LAST_COLUMN, 15)
        top = _along(max(row - 1, 0), high, sizes.row, LAST_ROW, 10)
        anchor = f"{left[0]}, {left[1]}, {top[0]}, {top[1]}, {left[2]}, {left[3]}, {top[2]}, {top[3]}"
        shape = _SHAPE.format(
            number=next(numbers), width=wide * 0.75, height=high * 0.75, anchor=anchor, row=row, column=column
        )
        drawing.append(parse(shape.encode()))


def remove_boxes(drawing: etree._Element, cells: set[Spot]) -> bool:
    """Take the boxes of comments at cells out; tells whether other shapes are left."""
    left = False
    for shape in [element for element in drawing if local(element) not in ("shapetype", "shapelayout", "")]:
        data = first(shape, "ClientData")
        if data is not None and data.get("ObjectType") == "Note" and _cell(data) in cells:
            remove(shape)
        else:
            left = True
    return left


def _cell(data: etree._Element) -> Spot:
    row, column = first(data, "Row"), first(data, "Column")
    return _whole(row.text if row is not None else None), _whole(column.text if column is not None else None)


def _numbers(drawing: etree._Element) -> Iterator[int]:
    """Free numbers of shapes: above those that are there, and within the drawing's block."""
    found = [int(n) for element in drawing for n in re.findall(r"_s(\d{1,9})$", element.get("id") or "")]
    block = [int(n) for e in drawing.iter("{*}idmap") for n in re.findall(r"\d{1,6}", e.get("data") or "")]
    return count(max([*found, min(block, default=1) * BLOCK]) + 1)


def _along(start: int, length: int, size: Callable[[int], int], last: int, offset: int) -> tuple[int, int, int, int]:
    """From a column or row on so many pixels: the first and the last with the pixels into each, at the sheet's end less."""
    begin = min(start, last - 1)
    left, at = length + offset, begin
    if begin != start:
        offset = 0
    while at < min(last - 1, begin + _MOST_SPANNED) and left >= size(at):
        left -= size(at)
        at += 1
    return begin, offset, at, max(min(left, size(at) - 1), 0)


def _pixels(written: str | None, each: float, otherwise: int) -> int:
    try:
        return min(max(int(float(written or "") * each + 0.5), 0), 5_000)
    except (ValueError, OverflowError):
        return otherwise


def _whole(written: str | None) -> int:
    text = (written or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
