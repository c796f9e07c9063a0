"""Edits a Word file's own XML the way Word leaves it: runs parted anywhere, tracked changes, fields, controls, boxes."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

W_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{W_NS}}}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NAMESPACES = (
    f'xmlns:w="{W_NS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
UNITS = "万元|个百分点|%|户次|户|人次|人|次|米|座|件|条|份|名|个|项|起|处|月"
NUMBER = re.compile(rf"(?<![\d.A-Za-z—-])(\d+(?:\.\d+)?)({UNITS})(?=[，。；、）的])")
BY = f'{W}id="9" {W}author="王秘书" {W}date="2022-01-14T09:00:00Z"'.replace(W, "w:")


def xml(text: str) -> etree._Element:
    """An element written with Word's prefixes."""
    name = re.match(r"<[\w:]+", text)[0]
    return etree.fromstring(text.replace(name, f"{name} {NAMESPACES}", 1))


def run(text: str, properties: str = "") -> etree._Element:
    return xml(f'<w:r w:rsidR="00A77B3E">{properties}<w:t xml:space="preserve">{text}</w:t></w:r>')


@dataclass(eq=False)
class Spot:
    """A number in a sentence of a paragraph."""

    paragraph: etree._Element
    sentence: str
    start: int
    number: str
    unit: str

    @property
    def text(self) -> str:
        return self.number + self.unit

    def after(self, new: str, old: str | None = None) -> str:
        """The sentence once the number is another; the first that stands so."""
        return re.sub(rf"(?<![\d.]){re.escape(old or self.text)}", lambda _: new, self.sentence, count=1)


class Document:
    """A .docx whose parts can be edited."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.body = self.root.find(f"{W}body")

    def content(self) -> bytes:
        self.parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
        return written.getvalue()

    def paragraphs(self) -> list[etree._Element]:
        return list(self.body.iterchildren(f"{W}p"))

    def containing(self, text: str) -> etree._Element:
        return next(p for p in self.paragraphs() if text in text_of(p))

    def rows(self) -> list[etree._Element]:
        return list(self.body.iter(f"{W}tr"))

    def spots(self) -> Iterator[Spot]:
        """A number of each sentence of the prose that has one (once in its sentence), in order."""
        for paragraph in self.paragraphs():
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            if style is None or style.get(f"{W}val") not in ("BodyText", "FirstParagraph"):
                continue
            for sentence in re.finditer(r"[^。]+。", text_of(paragraph)):
                numbers = list(NUMBER.finditer(sentence[0]))
                once = [m for m in numbers if len(re.findall(rf"(?<![\d.]){re.escape(m[0])}", sentence[0])) == 1]
                if once:
                    found = once[len(sentence[0]) % len(once)]
                    yield Spot(paragraph, sentence[0], sentence.start() + found.start(), found[1], found[2])


def text_of(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def runs_of(paragraph: etree._Element, start: int, end: int) -> list[etree._Element]:
    """The runs that hold exactly these characters of a paragraph; runs are parted where they hold more."""
    place, found = 0, []
    for text in list(paragraph.iter(f"{W}t")):
        length = len(text.text or "")
        first, last = max(start - place, 0), min(end - place, length)
        place += length
        if first >= last:
            continue
        whole = text.getparent()
        content = text.text
        for piece, before in ((content[:first], True), (content[last:], False)):
            if piece:
                other = copy.deepcopy(whole)
                other.find(f"{W}t").text = piece
                (whole.addprevious if before else whole.addnext)(other)
        text.text = content[first:last]
        text.set(XML_SPACE, "preserve")
        found.append(whole)
    return found


def replace(spot: Spot, old: str, new: str) -> list[etree._Element]:
    """Type over a part of a number; the runs that hold the new text."""
    return put(spot, old, [run(new)] if new else [])


def put(spot: Spot, old: str, elements: list[etree._Element]) -> list[etree._Element]:
    """Put elements in the place of a part of a number and its unit."""
    start = spot.start + spot.text.index(old)
    runs = runs_of(spot.paragraph, start, start + len(old))
    for element in elements:
        runs[0].addprevious(element)
    for gone in runs:
        gone.getparent().remove(gone)
    return elements


def field(instruction: str, result: str) -> list[etree._Element]:
    """The runs of a field."""
    parts = [
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        f"<w:r><w:t>{result}</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ]
    return [xml(part) for part in parts]


def deleted(element: etree._Element, tag: str = "del") -> etree._Element:
    """A run as a tracked deletion."""
    element = copy.deepcopy(element)
    for text in element.iter(f"{W}t") if tag == "del" else ():  # what was moved away keeps its text as such
        text.tag = f"{W}delText"
    around = xml(f"<w:{tag} {BY}/>")
    around.append(element)
    return around


def inserted(element: etree._Element, tag: str = "ins") -> etree._Element:
    around = xml(f"<w:{tag} {BY}/>")
    around.append(element)
    return around


def text_box(paragraphs: str) -> etree._Element:
    """A run with a text box as Word writes it: once for new programs, once more for old ones."""
    inside = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
    return xml(
        "<w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>'
        f"{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def paragraph(text: str, style: str = "BodyText") -> etree._Element:
    return xml(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>')
