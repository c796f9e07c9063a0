"""What the elements of Word's XML are to its text."""

from lxml import etree

from analysis.running.verify.word_styles import value

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
}
DRAWN = {"chart": "Word 中插入的图表", "diagram": "SmartArt 图形"}


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
