"""Build ``src/analysis/export/reference.docx``: the Word styles and the page of GB/T 9704-2012.

Run it after a change, and commit the result; the same program gives the same bytes::

    python tools/reference_document.py
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from analysis.export.pandoc import pandoc_program

TARGET = Path(__file__).parent.parent / "src" / "analysis" / "export" / "reference.docx"

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"

FACES = {
    # face: (what Word takes where it is missing, PANOSE, family, pitch)
    FANG: ("仿宋", "02010609030101010101", "modern", "fixed"),
    KAI: ("楷体", "02010609030101010101", "modern", "fixed"),
    HEI: ("SimHei", "02010609060101010101", "modern", "fixed"),
    SONG: ("SimSun", "02010600030101010101", "auto", "variable"),
    TITLE: ("华文中宋", "03000509000000000000", "script", "fixed"),
}

WIDTH = 8844  # twips: 156 mm
LINE = 579  # twips: 22 lines on 225 mm
TRACKING = -5  # twips: 28 characters of 16 pt on 156 mm. In the styles, since LibreOffice tears a narrower grid apart


@dataclass(frozen=True)
class Look:
    """How a paragraph style looks; sizes in half points, distances in twips, indents in hundredths of a character.

    A tab stop sets what follows a tab against its right side."""

    face: str = FANG
    size: int = 32
    bold: bool = False
    align: str = "both"
    first_line: int = 0
    left: int = 0
    right: int = 0
    tab: int = 0
    before: int = 0
    after: int = 0
    level: int | None = None
    keep: bool = False
    grid: bool = True
    line: str = ""
    border: bool = False
    based_on: str = "Normal"
    extra: str = field(default="")


LOOKS = {
    "Normal": Look(),
    "Body Text": Look(first_line=200),
    "First Paragraph": Look(first_line=200),
    "Body Text with Next": Look(first_line=200, keep=True),
    "Compact": Look(),
    "Title": Look(
        TITLE, 44, align="center", after=LINE, keep=True, grid=False, line=f'w:line="{LINE}" w:lineRule="exact"'
    ),
    "Heading 1": Look(HEI, first_line=200, level=0, keep=True),
    "Heading 2": Look(KAI, first_line=200, level=1, keep=True),
    "Heading 3": Look(FANG, first_line=200, level=2, keep=True, bold=True),
    "Heading 4": Look(FANG, first_line=200, level=3, keep=True),
    "Heading 5": Look(FANG, first_line=200, level=4, keep=True),
    "Heading 6": Look(FANG, first_line=200, level=5, keep=True),
    "Addressee": Look(align="left"),
    "Signature Block": Look(align="right", right=400, keep=True),
    "Document Number": Look(align="center"),
    "Document Number and Issuer": Look(align="left", left=100, tab=WIDTH - 320),
    "Draft Note": Look(KAI, border=True, align="left"),
    "Table Text": Look(size=18, align="left", grid=False, before=20, after=20),
    "Table Heading": Look(HEI, 18, align="center", grid=False, before=20, after=20, keep=True),
    "Caption": Look(HEI, 24, align="center", grid=False, before=60, after=60),
    "Table Caption": Look(HEI, 24, align="center", grid=False, before=60, after=60, keep=True),
    "Image Caption": Look(HEI, 24, align="center", grid=False, before=60, after=200),
    "Figure": Look(align="center", grid=False),
    "Captioned Figure": Look(align="center", grid=False, before=120, keep=True),
    "Source Code": Look(FANG, 18, align="left", grid=False),
    "Annex Start": Look(),
    "Annex End": Look(),
    "New Page": Look(),
}


def main() -> None:
    """Write the reference document."""
    default = subprocess.run(
        [str(pandoc_program()), "--print-default-data-file=reference.docx"], capture_output=True, check=True
    ).stdout
    document = docx.Document(io.BytesIO(default))
    set_defaults(document)
    for name, look in LOOKS.items():
        set_style(document, name, look)
    set_table_style(document)
    set_character_styles(document)
    clear_body(document)
    set_page(document)
    built = io.BytesIO()
    document.save(built)
    TARGET.write_bytes(without_times(with_faces(built.getvalue())))
    print(TARGET)


def fonts_xml(face: str) -> str:
    """Return the faces of a run: Latin and east-asian text are set apart in Word, so both are named."""
    return f'<w:rFonts {nsdecls("w")} w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'


def set_defaults(document: Any) -> None:
    """Make the text's face, size and language the default of all styles."""
    properties = document.styles.element.find(qn("w:docDefaults"))
    run = properties.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    run.clear()
    run.append(parse_xml(fonts_xml(FANG)))
    for tag in ("w:sz", "w:szCs"):
        run.append(parse_xml(f'<{tag} {nsdecls("w")} w:val="32"/>'))
    # Digits count as Latin text: called Chinese, LibreOffice breaks a number at the end of a line.
    run.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    paragraph = properties.find(qn("w:pPrDefault")).find(qn("w:pPr"))
    paragraph.clear()
    paragraph.append(parse_xml(f'<w:spacing {nsdecls("w")} w:before="0" w:after="0"/>'))


def set_style(document: Any, name: str, look: Look) -> None:
    """Give a paragraph style its look, making the style where pandoc has none."""
    element = style_named(document, name)
    if element is None:
        element = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).element
    for tag in ("w:pPr", "w:rPr", "w:semiHidden", "w:unhideWhenUsed", "w:link"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    if name != "Normal":
        based_on = element.find(qn("w:basedOn"))
        if based_on is None:
            based_on = OxmlElement("w:basedOn")
            element.insert(1, based_on)
        based_on.set(qn("w:val"), look.based_on)
    if element.find(qn("w:qFormat")) is None:
        element.append(OxmlElement("w:qFormat"))
    element.append(parse_xml(paragraph_xml(look)))
    element.append(parse_xml(run_xml(look)))


def style_named(document: Any, name: str) -> Any:
    """Return the element of a style; Word writes the names of its own styles in small letters."""
    for element in document.styles.element.findall(qn("w:style")):
        if element.find(qn("w:name")).get(qn("w:val")).lower() == name.lower():
            return element
    return None


def paragraph_xml(look: Look) -> str:
    """Return a style's paragraph properties, in the order that the schema asks for."""
    indent = (
        '<w:ind w:firstLineChars="{}" w:firstLine="{}" w:leftChars="{}" w:left="{}" w:rightChars="{}" w:right="{}"/>'
    )
    side = '<w:{} w:val="single" w:sz="8" w:space="4" w:color="auto"/>'
    parts = [
        "<w:keepNext/><w:keepLines/>" if look.keep else "",
        "<w:widowControl w:val='0'/>",
        f"<w:pBdr>{''.join(side.format(s) for s in ('top', 'left', 'bottom', 'right'))}</w:pBdr>"
        if look.border
        else "",
        f'<w:tabs><w:tab w:val="right" w:pos="{look.tab}"/></w:tabs>' if look.tab else "",
        # No stop hangs over the edge. Figure and unit close together, as in the PDF.
        '<w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>',
        "" if look.grid else '<w:snapToGrid w:val="0"/>',
        f'<w:spacing w:before="{look.before}" w:after="{look.after}" {look.line}/>',
        indent.format(*(part for size in (look.first_line, look.left, look.right) for part in (size, size * 32 // 10))),
        f'<w:jc w:val="{look.align}"/>',
        f'<w:outlineLvl w:val="{look.level}"/>' if look.level is not None else "",
    ]
    return f"<w:pPr {nsdecls('w')}>{''.join(parts)}</w:pPr>"


def run_xml(look: Look) -> str:
    """Return a style's run properties."""
    bold = "<w:b/><w:bCs/>" if look.bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    grid = "" if look.grid else '<w:snapToGrid w:val="0"/>'
    tracking = f'<w:spacing w:val="{TRACKING}"/>' if look.grid else ""
    return (
        f"<w:rPr {nsdecls('w')}>{fonts_xml(look.face)}{bold}<w:i w:val='0'/><w:iCs w:val='0'/>{grid}"
        f'<w:color w:val="auto"/>{tracking}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/></w:rPr>'
    )


def set_table_style(document: Any) -> None:
    """Give tables thin lines all around."""
    element = style_named(document, "Table")
    for old in element.findall(qn("w:tblStylePr")):
        element.remove(old)
    for tag in ("w:semiHidden", "w:unhideWhenUsed"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    properties = element.find(qn("w:tblPr"))
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    properties.find(qn("w:tblInd")).addnext(parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>"))
    for margin in ("w:left", "w:right"):
        properties.find(qn("w:tblCellMar")).find(qn(margin)).set(qn("w:w"), "70")


def set_character_styles(document: Any) -> None:
    """Make the styles of runs: a gap of a draft, and code."""
    gap = document.styles.add_style("Gap", WD_STYLE_TYPE.CHARACTER)
    gap.element.append(
        parse_xml(
            f"<w:rPr {nsdecls('w')}>{fonts_xml(HEI)}<w:b/><w:u w:val='single'/>"
            '<w:shd w:val="clear" w:color="auto" w:fill="E0E0E0"/></w:rPr>'
        )
    )
    code = style_named(document, "Verbatim Char")
    for old in code.findall(qn("w:rPr")):
        code.remove(old)
    code.append(
        parse_xml(
            f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="{FANG}"/>'
            '<w:sz w:val="18"/></w:rPr>'
        )
    )
    for style in document.styles.element.findall(qn("w:style")):
        # The character twins of the heading styles would keep pandoc's blue.
        if style.get(qn("w:styleId"), "").endswith("Char") and style.find(qn("w:link")) is not None:
            document.styles.element.remove(style)


def clear_body(document: Any) -> None:
    """Remove pandoc's examples: the body of a reference document is never used."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for key, relation in list(document.part.rels.items()):
        if relation.is_external:
            del document.part.rels[key]


def set_page(document: Any) -> None:
    """Set paper, margins, grid, and the page numbers on the outer edge."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    element = section._sectPr
    for tag in ("w:footnotePr", "w:docGrid", "w:cols"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(parse_xml(f'<w:cols {nsdecls("w")} w:space="720"/>'))
    element.append(
        parse_xml(f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="0"/>')
    )
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        footer.paragraphs[0]._p.getparent().replace(footer.paragraphs[0]._p, parse_xml(page_number_xml(side)))


def page_number_xml(side: str) -> str:
    """Return a footer's paragraph: the number in 四号 between dashes, one character from the edge."""
    run = f'<w:rPr>{fonts_xml(SONG)}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    field_run = '<w:r>{run}<w:fldChar w:fldCharType="{kind}"/></w:r>'
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:snapToGrid w:val="0"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>'
        f'<w:r>{run}<w:t xml:space="preserve">— </w:t></w:r>{field_run.format(run=run, kind="begin")}'
        f'<w:r>{run}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f"{field_run.format(run=run, kind='separate')}<w:r>{run}<w:t>1</w:t></w:r>"
        f'{field_run.format(run=run, kind="end")}<w:r>{run}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


def with_faces(package: bytes) -> bytes:
    """Name in the font table what Word takes where a face is missing; it takes 宋体 for all otherwise."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:panose1 w:val="{panose}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for face, (other, panose, family, pitch) in FACES.items()
    )
    parts = read_parts(package)
    name = "word/fontTable.xml"
    parts[name] = parts[name].replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")
    return write_parts(parts)


def without_times(package: bytes) -> bytes:
    """Take the clock out of the core properties."""
    parts = read_parts(package)
    parts["docProps/core.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title/></cp:coreProperties>'
    )
    return write_parts(parts)


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(parts: dict[str, bytes]) -> bytes:
    """Return a package of these parts, without the time of day."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


if __name__ == "__main__":
    main()
