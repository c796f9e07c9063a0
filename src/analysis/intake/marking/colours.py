"""Colours of marked cells: conditional formats with a formula that is always true, so that no cell's own format changes."""

from collections.abc import Iterator, Mapping

from lxml import etree

from analysis.intake.marking.model import COLOUR_FORMULA
from analysis.intake.marking.styles import Styles
from analysis.intake.marking.xml import Namespaces, first, local, named, place, remove
from analysis.intake.spots import Spot, address
from analysis.scheme.models import SEVERITIES

SHEET_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
"""The children of a sheet in the order that Excel insists on."""
MOST_RANGES = 400
"""Ranges of one conditional format."""


def colour(sheet: etree._Element, cells: Mapping[Spot, str], styles: Styles, names: Namespaces) -> None:
    """Colour cells by severity, before all other conditional formats of the sheet.

    Where a pivot table refers to the others by their priority they keep it, and ours come after.
    """
    chunks = [
        (severity, ranges[at : at + MOST_RANGES])
        for severity in SEVERITIES
        for ranges in [_ranges(sorted(spot for spot, of in cells.items() if of == severity))]
        for at in range(0, len(ranges), MOST_RANGES)
    ]
    others = list(_rules(sheet))
    pivot = any(home.get("pivot") in ("1", "true") for home in named(sheet, "conditionalFormatting"))
    before = max((_priority(rule) for rule in others), default=0) if pivot else 0
    if not pivot:
        for rule in others:
            if _priority(rule) > 0:
                rule.set("priority", str(_priority(rule) + len(chunks)))
    for number, (severity, ranges) in enumerate(chunks, 1):
        home = etree.Element(names.tag("conditionalFormatting"), sqref=" ".join(ranges))
        add_rule(home, COLOUR_FORMULA, styles.colour(severity), before + number, names)
        place(sheet, home, SHEET_ORDER)


def add_rule(home: etree._Element, formula: str, dxf: int, priority: int, names: Namespaces) -> None:
    """Add a rule that always holds to a conditional format."""
    rule = etree.SubElement(home, names.tag("cfRule"), type="expression", dxfId=str(dxf), priority=str(priority))
    etree.SubElement(rule, names.tag("formula")).text = formula


def uncolour(sheet: etree._Element) -> bool:
    """Take the colours off again; tells whether there were any."""
    gone: list[int] = []
    for home in list(named(sheet, "conditionalFormatting")):
        for rule in list(named(home, "cfRule")):
            if plain_formula(rule) == COLOUR_FORMULA:
                gone.append(_priority(rule))
                remove(rule)
        if first(home, "cfRule") is None:
            remove(home)
    for rule in list(_rules(sheet)):
        lower = sum(priority < _priority(rule) for priority in gone)
        if lower and rule.get("priority"):
            rule.set("priority", str(_priority(rule) - lower))
    return bool(gone)


def plain_formula(rule: etree._Element) -> str:
    """The formula of a rule, without the spaces and the `=` that a program may have put there."""
    formula = first(rule, "formula")
    text = (formula.text or "").strip() if formula is not None else ""
    return text.removeprefix("=").replace('" = "', '"="')


def _rules(sheet: etree._Element) -> Iterator[etree._Element]:
    """All rules of a sheet, those of its extensions too."""
    homes = [child for child in sheet if local(child) in ("conditionalFormatting", "extLst")]
    for home in homes:
        yield from home.iter("{*}cfRule")


def _priority(rule: etree._Element) -> int:
    try:
        return int(rule.get("priority") or 0)
    except ValueError:
        return 0


def _ranges(spots: list[Spot]) -> list[str]:
    """Cells as ranges: those below each other together."""
    ranges: list[list[int]] = []
    for row, column in sorted(spots, key=lambda spot: (spot[1], spot[0])):
        if ranges and ranges[-1][2] == column and ranges[-1][1] == row - 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row, column])
    return [
        address(top, column) if top == bottom else f"{address(top, column)}:{address(bottom, column)}"
        for top, bottom, column in ranges
    ]
