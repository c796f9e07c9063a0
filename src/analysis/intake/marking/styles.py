"""What the added sheets and the colours need of a workbook's styles: found there or appended, so that no index moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from analysis.intake.marking.parts import Parts, Relations
from analysis.intake.marking.xml import Namespaces, first, local, new_root, parse, place, write

ORDER = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
]
COLOURS = {"error": "FFFFC7CE", "warning": "FFFFE699", "privacy": "FFE4D7F0", "note": "FFDDEBF7"}
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_SONG, _HEI = "宋体", "黑体"
_NO_FILLS = ('<patternFill patternType="none"/>', '<patternFill patternType="gray125"/>')
_LINE = '<{0} style="thin"><color rgb="FF90A4AE"/></{0}>'
_FRAME = "".join(_LINE.format(side) for side in ("left", "right", "top", "bottom"))
_BARE = "<left/><right/><top/><bottom/><diagonal/>"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell of an added sheet looks."""

    fill: str = ""
    bold: bool = False
    framed: bool = True
    size: int = 11
    face: str = _SONG
    across: str = "left"
    locked: bool = True


TEXT = Look()
LOOKS = {
    "title": Look(framed=False, size=16, face=_HEI, across="center"),
    "head": Look("FFCFD8DC", bold=True, across="center"),
    "text": TEXT,
    "code": Look(across="center"),
    **{severity: Look(colour, bold=True, across="center") for severity, colour in COLOURS.items()},
    "open": Look("FFFFF8E1", locked=False),
    "plain": Look(framed=False),
}


class Styles:
    """The styles of a workbook as they grow."""

    def __init__(self, parts: Parts, book: str, relations: Relations, names: Namespaces) -> None:
        """Open the styles of a workbook, or begin some where it has none."""
        self._parts, self._names = parts, names
        self._name = relations.of_kind("styles") or ""
        if self._name not in parts:
            relations.drop(self._name)
            self._name = parts.free(f"{book.rpartition('/')[0]}/styles{{}}.xml".lstrip("/"))
            parts.put(self._name, write(new_root("styleSheet", names.main)))
            parts.set_type(self._name, CONTENT_TYPE)
            relations.add(f"{names.relations}/styles", self._name)
        self._root = parse(parts.read(self._name))
        self._grown = False
        self._known: dict[str, int] = {}

    def colour(self, severity: str) -> int:
        """The differential format that colours the cells of a severity."""
        rgb = COLOURS[severity]
        pattern = f'<patternFill patternType="solid"><fgColor rgb="{rgb}"/><bgColor rgb="{rgb}"/></patternFill>'
        return self._number("dxfs", f"<dxf><fill>{pattern}</fill></dxf>")

    def sign(self) -> int:
        """The differential format of the sign at A1 of an added sheet: nothing that shows."""
        return self._number("dxfs", '<dxf><font><b val="0"/></font></dxf>')

    def cell(self, style: str, *, quoted: bool, linked: bool) -> int:
        """The format of a cell of an added sheet; `quoted` for a text that looks like a formula."""
        look = LOOKS.get(style, TEXT)
        font = self._font(look, linked)
        fill = self._number("fills", f"<fill>{_pattern(look.fill)}</fill>")
        border = self._number(
            "borders", f"<border>{_FRAME if look.framed else '<left/><right/><top/><bottom/>'}<diagonal/></border>"
        )
        quote = ' quotePrefix="1"' if quoted else ""
        base = ' xfId="0"' if self._length("cellStyleXfs") else ""
        return self._number(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}"{base}{quote} applyFont="1" '
            f'applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
            f'<alignment horizontal="{look.across}" vertical="center" wrapText="1"/>'
            f'<protection locked="{int(look.locked)}"/></xf>',
        )

    def save(self) -> None:
        """Write the styles back where they grew."""
        if self._grown:
            self._parts.put(self._name, write(self._root))

    def _font(self, look: Look, linked: bool) -> int:
        bold, line = "<b/>" if look.bold else "", "<u/>" if linked else ""
        colour = "FF0563C1" if linked else "FF000000"
        return self._number(
            "fonts",
            f'<font>{bold}{line}<sz val="{look.size}"/><color rgb="{colour}"/><name val="{look.face}"/></font>',
        )

    def _length(self, collection: str) -> int:
        found = first(self._root, collection)
        return sum(1 for child in found if isinstance(child.tag, str)) if found is not None else 0

    def _number(self, collection: str, markup: str) -> int:
        """The index of an element in its collection, appended where no other is the same."""
        if markup in self._known:
            return self._known[markup]
        home = first(self._root, collection)
        if home is None:
            home = place(self._root, etree.Element(self._names.tag(collection)), ORDER)
            for start in _starts(collection):
                home.append(self._element(start))
        wanted = self._element(markup)
        others = [child for child in home if isinstance(child.tag, str)]
        same = _canonical(wanted)
        number = next((n for n, child in enumerate(others) if _canonical(child) == same), len(others))
        if number == len(others):
            home.append(wanted)
            home.set("count", str(number + 1))
            self._grown = True
        self._known[markup] = number
        return number

    def _element(self, markup: str) -> etree._Element:
        name = markup[1:].partition(">")[0].partition(" ")[0]
        return parse(markup.replace(f"<{name}", f'<{name} xmlns="{self._names.main}"', 1).encode())


def _starts(collection: str) -> Sequence[str]:
    """What a collection has to begin with: the formats that index 0 (of fills, also 1) stands for."""
    return {
        "fonts": ['<font><sz val="11"/><name val="Calibri"/></font>'],
        "fills": [f"<fill>{pattern}</fill>" for pattern in _NO_FILLS],
        "borders": [f"<border>{_BARE}</border>"],
        "cellXfs": ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
    }.get(collection, [])


def _pattern(colour: str) -> str:
    return f'<patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill>' if colour else _NO_FILLS[0]


def _canonical(element: etree._Element) -> tuple[object, ...]:
    """What an element says, whatever the order of its attributes and the prefixes of its names."""
    text = (element.text or "").strip()
    return (local(element), tuple(sorted(map(str, element.attrib.items()))), text, *map(_canonical, element))
