"""An added sheet as a part: its cells as text, its looks, its page, and the sign by which it is known again."""

from collections.abc import Callable, Sequence

from lxml import etree

from analysis.intake.form import LINE_HEIGHT, MOST_HEIGHT, ROW_PADDING, lines_of
from analysis.intake.marking.colours import add_rule
from analysis.intake.marking.model import AddedSheet, ListCell, sheet_formula
from analysis.intake.marking.styles import Styles
from analysis.intake.marking.xml import Namespaces, new_root, storable, text_element, write
from analysis.intake.spots import LAST_COLUMN, LAST_ROW, address, spot

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
MOST_LINKS = 60_000
LEAST_HEIGHT, OPEN_HEIGHT, TITLE_HEIGHT = 21, 48, 36
"""Points of a row, of one to be filled in, and of a title, at least."""
DEFAULT_WIDTH = 9.0
_LIKE_FORMULA = ("=", "+", "-", "@")


def sheet_part(
    sheet: AddedSheet, title: str, styles: Styles, names: Namespaces, linked: Callable[[str], bool], *, active: bool
) -> bytes:
    """Write a sheet.

    Args:
        sheet: what it holds.
        title: the name on its tab.
        styles: the workbook's styles, which grow.
        names: the workbook's namespaces.
        linked: whether a sheet of a name is there to be linked to.
        active: whether it is the sheet that is seen when the workbook is opened.
    """
    root = new_root("worksheet", names.main)
    add = _adder(root, names)
    etree.SubElement(add("sheetPr"), names.tag("pageSetUpPr"), fitToPage="1")
    widest = max((len(row) for row in sheet.rows), default=1)
    add("dimension", ref=f"A1:{address(max(len(sheet.rows), 1) - 1, max(widest, 1) - 1)}")
    view = etree.SubElement(add("sheetViews"), names.tag("sheetView"), workbookViewId="0", showGridLines="0")
    if active:
        view.set("tabSelected", "1")
    if 0 < sheet.head_rows < LAST_ROW:
        below = address(sheet.head_rows, 0)
        frozen = {"ySplit": str(sheet.head_rows), "topLeftCell": below, "activePane": "bottomLeft", "state": "frozen"}
        etree.SubElement(view, names.tag("pane"), frozen)
    add("sheetFormatPr", defaultRowHeight="15")
    if sheet.widths:
        columns = add("cols")
        for number, width in enumerate(sheet.widths, 1):
            size = {"min": str(number), "max": str(number), "width": f"{width:g}", "customWidth": "1"}
            etree.SubElement(columns, names.tag("col"), size)
    links = _write_rows(add("sheetData"), sheet, styles, names, linked)
    add("sheetProtection", sheet="1", objects="1", scenarios="1", formatColumns="0", formatRows="0")
    if sheet.merged:
        merged = add("mergeCells", count=str(len(sheet.merged)))
        for written in sheet.merged:
            etree.SubElement(merged, names.tag("mergeCell"), ref=written)
    add_rule(add("conditionalFormatting", sqref="A1"), sheet_formula(title), styles.sign(), 1, names)
    if links:
        home = add("hyperlinks")
        for ref, location in links:
            etree.SubElement(home, names.tag("hyperlink"), ref=ref, location=location)
    add("printOptions", horizontalCentered="1")
    add("pageMargins", left="0.5", right="0.5", top="0.6", bottom="0.7", header="0.3", footer="0.35")
    add("pageSetup", paperSize="9", orientation="landscape", fitToWidth="1", fitToHeight="0")
    etree.SubElement(add("headerFooter"), names.tag("oddFooter")).text = "&C第&P页，共&N页"
    return write(root)


def _adder(root: etree._Element, names: Namespaces) -> Callable[..., etree._Element]:
    def add(name: str, **attributes: str) -> etree._Element:
        return etree.SubElement(root, names.tag(name), attributes)

    return add


def _write_rows(
    data: etree._Element, sheet: AddedSheet, styles: Styles, names: Namespaces, linked: Callable[[str], bool]
) -> list[tuple[str, str]]:
    """Write the cells; gives the links, as cell and place."""
    spans = _spans(sheet.merged)
    links: list[tuple[str, str]] = []
    for number, cells in enumerate(sheet.rows):
        row = etree.SubElement(data, names.tag("row"), r=str(number + 1))
        _set_height(row, number, cells, sheet.widths, spans)
        style, until = "text", -1
        for column, cell in enumerate(cells[:LAST_COLUMN]):
            ref = address(number, column)
            if (number, column) in spans:
                style, until = cell.style, spans[number, column]
            within = column <= until and (number, column) not in spans
            location = _location(cell, linked) if len(links) < MOST_LINKS else None
            if location:
                links.append((ref, location))
            look = styles.cell(
                style if within else cell.style, quoted=cell.text.startswith(_LIKE_FORMULA), linked=location is not None
            )
            made = etree.SubElement(row, names.tag("c"), r=ref, s=str(look))
            text = storable(cell.text)
            if text:
                made.set("t", "inlineStr")
                text_element(etree.SubElement(made, names.tag("is")), names.tag("t"), text)
    return links


def _location(cell: ListCell, linked: Callable[[str], bool]) -> str | None:
    """Where a link leads to: `'指标'!F4`; none where there is no such cell."""
    if cell.link is None or not cell.text or not linked(cell.link[0]):
        return None
    try:
        spot(cell.link[1])
    except ValueError:
        return None
    title = cell.link[0].replace("'", "''")
    return storable(f"'{title}'!{cell.link[1]}")


def _spans(merged: Sequence[str]) -> dict[tuple[int, int], int]:
    """By the first cell of a merged range, its last column."""
    spans = {}
    for written in merged:
        begin, _, end = written.partition(":")
        spans[spot(begin)] = spot(end or begin)[1]
    return spans


def _set_height(
    row: etree._Element,
    number: int,
    cells: Sequence[ListCell],
    widths: Sequence[float],
    spans: dict[tuple[int, int], int],
) -> None:
    """Make a row high enough; fixed only where a merged cell asks for it, which no program measures by itself."""
    alone = merged = 1
    for column, cell in enumerate(cells):
        last = spans.get((number, column), column)
        width = sum(widths[at] if at < len(widths) else DEFAULT_WIDTH for at in range(column, last + 1))
        lines = lines_of(cell.text or None, width)
        if last > column:
            merged = max(merged, lines)
        else:
            alone = max(alone, lines)
    least = max(
        TITLE_HEIGHT if any(cell.style == "title" for cell in cells) else LEAST_HEIGHT,
        OPEN_HEIGHT if any(cell.style == "open" for cell in cells) else 0,
    )
    row.set("ht", str(min(max(least, max(alone, merged) * LINE_HEIGHT + ROW_PADDING), MOST_HEIGHT)))
    if merged > alone or least == TITLE_HEIGHT:
        row.set("customHeight", "1")
