"""Tables of a Word document: whole rows, the styles of their text, and columns as wide as what stands in them."""

from __future__ import annotations

import unicodedata

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_WIDTH = 8844
"""The width of the type area in twips."""

_SIZES = (18, 15, 13, 11)
"""小五, 六号, 小六, 七号, in half points: a table without widths is set in the first that it fits in."""

_PADDING = 140


def print_width(text: str) -> float:
    """Return the width of a text in characters of Chinese.

    Examples
    --------
    >>> print_width("12万元")
    3.0
    """
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text.strip())


def finish_tables(body: etree._Element) -> None:
    """Set cells in the styles of table text, and let no row be parted by the end of a page."""
    for row in body.iter(f"{_W}tr"):
        settings = row.find(f"{_W}trPr")
        if settings is None:
            settings = etree.Element(f"{_W}trPr")
            row.insert(0, settings)
        style = "TableText" if settings.find(f"{_W}tblHeader") is None else "TableHeading"
        settings.insert(0, etree.Element(f"{_W}cantSplit"))
        for cell in row.iterchildren(f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            if properties is not None:
                etree.SubElement(properties, f"{_W}vAlign", {f"{_W}val": "center"})
            for named in cell.iterfind(f"{_W}p/{_W}pPr/{_W}pStyle"):
                # pandoc's own style for a cell's text, as large as the body's
                if named.get(f"{_W}val") == "Compact":
                    named.set(f"{_W}val", style)
    for table in body.iterchildren(f"{_W}tbl"):
        width = table.find(f"{_W}tblPr/{_W}tblW")
        if width is not None and width.get(f"{_W}type") == "auto":
            _fit(table)


def _fit(table: etree._Element) -> None:
    """Give the columns of a table without widths the room that their text wants, in print as small as it takes."""
    columns = table.findall(f"{_W}tblGrid/{_W}gridCol")
    wanted = [1.0] * len(columns)
    for row in table.iterchildren(f"{_W}tr"):
        cells = row.findall(f"{_W}tc")
        if len(cells) != len(columns):  # cells over several columns
            continue
        for number, cell in enumerate(cells):
            lines = ["".join(map(str, paragraph.itertext())) for paragraph in cell.iterfind(f"{_W}p")]
            wanted[number] = max(wanted[number], *map(print_width, lines), 1.0)
    # Latin letters and figures of most faces are a little wider than half a character.
    natural = {size: [round(width * size * 11 + _PADDING) for width in wanted] for size in _SIZES}
    size = next((size for size in _SIZES if sum(natural[size]) <= _WIDTH), 0)
    if not size:
        size = _SIZES[-1] if len(columns) > 7 else _SIZES[0]
    for column, width in zip(columns, _shared(natural[size]), strict=True):
        column.set(f"{_W}w", str(width))
    if size != _SIZES[0]:
        _resize(table, size)


def _shared(wanted: list[int]) -> list[int]:
    """Return the widths that columns get: what they want, or an equal share of what the narrower ones leave."""
    left, given = _WIDTH, dict.fromkeys(range(len(wanted)), 0)
    for place, number in enumerate(sorted(given, key=lambda number: wanted[number])):
        given[number] = min(wanted[number], left // (len(wanted) - place))
        left -= given[number]
    return list(given.values())


def _resize(table: etree._Element, size: int) -> None:
    for run in table.iter(f"{_W}r"):
        properties = run.find(f"{_W}rPr")
        if properties is None:
            properties = etree.Element(f"{_W}rPr")
            run.insert(0, properties)
        for tag in ("sz", "szCs"):
            etree.SubElement(properties, f"{_W}{tag}", {f"{_W}val": str(size)})
