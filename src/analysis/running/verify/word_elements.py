"""What the elements and styles of Word's XML are to its text: which are read, which are headings, which hide their text."""

import re
from dataclasses import dataclass

from lxml import etree

from analysis.running.verify.word_file import WordFile

WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # “Strict Open XML”
)
MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
COUNTED_BY_WORD = {"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "TOC", "INDEX"}
"""Fields whose result is no text of the author's: page numbers, and the contents list that repeats the headings."""
FORMAT_CHANGES = {
    "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "tblGridChange",
    "tblPrExChange", "numberingChange", "cellMerge",
}  # fmt: skip
TRACKED = {"ins": "插入", "del": "删除", "moveTo": "移入", "moveFrom": "移出", "cellIns": "插入", "cellDel": "删除"}
GONE = {"del", "moveFrom"}
SPACES = {"tab", "ptab", "br", "cr"}
NO_TEXT = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "delText", "delInstrText",
           "rt", "pgNum", "tblPrEx", "fldData", "smartTagPr", "customXmlPr", "rubyPr"}  # fmt: skip
NOT_READ = {
    "altChunk": "插入的其他文档",
    "subDoc": "链接的子文档",
    "object": "嵌入的对象（如 Excel 表格）",
}
BLOCKS = {
    "p": "_paragraph",
    "tbl": "_table",
    "r": "_run",
    "txbxContent": "_text_box",
    "footnoteReference": "_reference",
    "endnoteReference": "_reference",
    "commentReference": "_reference",
}
DRAWN = {"chart": "Word 中插入的图表", "diagram": "SmartArt 图形"}
HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str
    hidden: bool | None
    level: int | None


class Styles:
    """The styles of a file, by their ids."""

    def __init__(self, word: WordFile) -> None:
        self._styles: dict[str, _Style] = {}
        for part in word.parts("styles"):
            for element in part.iterchildren("{*}style"):
                base, name = element.find("{*}basedOn"), element.find("{*}name")
                self._styles[value(element, "styleId")] = _Style(
                    value(name), value(base), hidden_by(element.find("{*}rPr")), outline(element.find("{*}pPr"))
                )

    def hidden(self, style: str) -> bool | None:
        """Whether a style hides its text; None where it says nothing."""
        return next((found.hidden for found in self._chain(style) if found.hidden is not None), None)

    def level(self, style: str) -> int:
        """The level of a heading's style, from 1; 0 for any other."""
        for found in self._chain(style):
            if found.level is not None:
                return found.level
            match = HEADING_NAME.match(found.name)
            if match:
                return int(match[1])
        return 0

    def name(self, style: str) -> str:
        """The name of a style."""
        return self._styles[style].name if style in self._styles else style

    def _chain(self, style: str) -> list[_Style]:
        chain: list[_Style] = []
        while style in self._styles and len(chain) < MAX_DEPTH:  # a circle of styles ends somewhere
            chain.append(self._styles[style])
            style = chain[-1].base
        return chain


def value(element: etree._Element | None, attribute: str = "val") -> str:
    """An attribute in the element's own namespace; empty where there is none."""
    if element is None:
        return ""
    found = element.get(f"{{{etree.QName(element).namespace}}}{attribute}")
    return "" if found is None else str(found)


def switched(element: etree._Element | None) -> bool | None:
    """What a switch says: on without a value, off with `0`, `false` or `off`; None where it is not there."""
    if element is None:
        return None
    return value(element) not in ("0", "false", "off")


def hidden_by(properties: etree._Element | None) -> bool | None:
    """Whether run properties hide the text; None where they say nothing."""
    return None if properties is None else switched(properties.find("{*}vanish"))


def outline(properties: etree._Element | None) -> int | None:
    """The heading level that paragraph properties give, from 1; 0 says body text, None nothing."""
    given = value(properties.find("{*}outlineLvl")) if properties is not None else ""
    if not given.isdecimal():
        return None
    return int(given) + 1 if int(given) < 9 else 0


def below(element: etree._Element, name: str) -> list[etree._Element]:
    """The rows of a table or the cells of a row, those within content controls and other wrappers too."""
    found: list[etree._Element] = []
    for child in element.iterchildren("*"):
        local = etree.QName(child).localname
        if local == name:
            found.append(child)
        elif local in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            found += below(child, name)
    return found


def written_in(element: etree._Element) -> str:
    """All that is written in an element, deleted text too."""
    texts = element.iter("{*}t", "{*}delText")
    return "".join(piece.text or "" for piece in texts if etree.QName(piece).namespace in WORD)


def is_contents_list(element: etree._Element, name: str) -> bool:
    """Whether an element is a contents list, which repeats the headings with numbers of pages."""
    if name != "sdt":
        return False
    gallery = element.find("{*}sdtPr/{*}docPartObj/{*}docPartGallery")
    return value(gallery) == "Table of Contents"


def symbol(font: str, code: str) -> str:
    """A character that Word keeps by font and number; the symbol fonts begin at F000."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF:
        number -= 0xF000
        if font.lower().startswith("wingdings"):
            return chr(0x2460 + number - 0x81) if 0x81 <= number <= 0x8A else "□"
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
