"""What pandoc cannot say in a Word document: turned pages, the place of a signature, the names of pictures, text in few runs."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from functools import partial

from lxml import etree

from analysis.export.word_settings import finish_settings
from analysis.export.word_tables import finish_tables, print_width

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_DOCUMENT = "word/document.xml"
_SETTINGS = "word/settings.xml"


def finish(package: bytes, units: str) -> bytes:
    """Finish the text and the settings of a package that pandoc has written; every other part stays as it is.

    Parameters
    ----------
    package
        The document.
    units
        The characters of which the units of its figures are made.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    finishing: dict[str, Callable[[bytes], bytes]] = {
        _DOCUMENT: _finished,
        _SETTINGS: partial(finish_settings, units=units),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in parts:
            archive.writestr(info, finishing.get(info.filename, bytes)(content))
    return written.getvalue()


def _finished(document: bytes) -> bytes:
    root = etree.fromstring(document)
    body = root.find(f"{_W}body")
    assert body is not None
    turn_annexes(body)
    break_pages(body)
    finish_tables(body)
    name_pictures(body)
    place_signatures(body)
    join_runs(body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def turn_annexes(body: etree._Element) -> None:
    """Make sections of what stands between the marks ``Annex Start`` and ``Annex End``."""
    last = body.find(f"{_W}sectPr")
    assert last is not None
    upright, turned = copy.deepcopy(last), _turned(last)
    inside = False
    for block in list(body):
        style = _style(block)
        if style not in {"AnnexStart", "AnnexEnd"}:
            if inside and block.tag == f"{_W}tbl":
                _widen(block, turned)
            continue
        inside = style == "AnnexStart"
        before, after = _neighbour(block, -1), _neighbour(block, +1)
        if before is not None:
            if inside and not _ends_section(before):
                _end_section(before, upright)
            elif not inside and after is not None:
                _end_section(before, turned)
            elif not inside:
                # The annex is the end of the document, whose last section is told by the body itself.
                body.replace(last, turned)
                if before.tag == f"{_W}tbl":
                    before.addnext(_thin_paragraph())
        body.remove(block)


def break_pages(body: etree._Element) -> None:
    """Begin a page with the heading after each mark ``New Page``."""
    for block in list(body):
        if _style(block) != "NewPage":
            continue
        before, heading = _neighbour(block, -1), _neighbour(block, +1)
        if heading is not None and before is not None and not _ends_section(before):
            settings = heading.find(f"{_W}pPr")
            assert settings is not None
            settings.insert(1, etree.Element(f"{_W}pageBreakBefore"))
        body.remove(block)


def name_pictures(body: etree._Element) -> None:
    """Give every picture a name and, inside and outside, the text that tells what it shows; pandoc tells its file."""
    for number, outer in enumerate(body.iter(f"{_WP}docPr"), start=1):
        text = outer.get("descr", "")
        outer.attrib.pop("title", "")
        drawing = outer.getparent()
        assert drawing is not None
        for element in (outer, *drawing.iter(f"{_PIC}cNvPr")):
            element.set("name", f"图片 {number}")
            element.set("descr", text)


def place_signatures(body: etree._Element) -> None:
    """Centre the lines of a signature on each other; the longest ends four characters from the right."""
    groups: list[list[etree._Element]] = []
    for block in body:
        if _style(block) == "SignatureBlock":
            if not groups or groups[-1][-1].getnext() is not block:
                groups.append([])
            groups[-1].append(block)
    for group in groups:
        # The lines hold together and to the text before them, not to what comes after.
        settings = group[-1].find(f"{_W}pPr")
        assert settings is not None
        settings.insert(1, etree.Element(f"{_W}keepNext", {f"{_W}val": "0"}))
        widths = [print_width("".join(str(text) for text in paragraph.itertext())) for paragraph in group]
        for paragraph, width in zip(group, widths, strict=True):
            settings = paragraph.find(f"{_W}pPr")
            assert settings is not None
            if paragraph is group[0]:
                etree.SubElement(settings, f"{_W}spacing", {f"{_W}before": "579"})
            hundredths = round(400 + (max(widths) - width) * 50)
            indent = {f"{_W}rightChars": str(hundredths), f"{_W}right": str(round(hundredths * 3.15))}
            etree.SubElement(settings, f"{_W}ind", indent)


def join_runs(body: etree._Element) -> None:
    """Make one run of neighbours that look alike: easier to edit, and LibreOffice loses a stop that begins a run.

    The hint that a run holds Chinese, which pandoc gives to those that do, makes no difference in look to figures and
    Latin letters; so runs are joined whether they have it or not.
    """
    for paragraph in body.iter(f"{_W}p"):
        before: etree._Element | None = None
        for run in list(paragraph):
            if before is not None and _plain(run) and _look(run) == _look(before):
                ours, theirs = before.find(f"{_W}t"), run.find(f"{_W}t")
                assert ours is not None and theirs is not None
                ours.text = (ours.text or "") + (theirs.text or "")
                hinted = run.find(f"{_W}rPr")
                if hinted is not None and before.find(f"{_W}rPr") is None:
                    before.insert(0, hinted)
                paragraph.remove(run)
            else:
                before = run if _plain(run) else None


def _widen(table: etree._Element, section: etree._Element) -> None:
    """Give the columns of a table the width of a turned page; pandoc knows of the upright one only."""
    columns = table.findall(f"{_W}tblGrid/{_W}gridCol")
    size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
    assert size is not None and margins is not None
    room = int(size.get(f"{_W}w", "0")) - int(margins.get(f"{_W}left", "0")) - int(margins.get(f"{_W}right", "0"))
    total = sum(int(column.get(f"{_W}w", "0")) for column in columns)
    for column in columns:
        if total:
            column.set(f"{_W}w", str(int(column.get(f"{_W}w", "0")) * room // total))


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else style.get(f"{_W}val", "")


def _neighbour(mark: etree._Element, step: int) -> etree._Element | None:
    """Return the next paragraph or table of the body in one direction."""
    sibling = mark.getnext() if step > 0 else mark.getprevious()
    while sibling is not None and sibling.tag not in {f"{_W}p", f"{_W}tbl"}:
        sibling = sibling.getnext() if step > 0 else sibling.getprevious()
    return sibling


def _ends_section(block: etree._Element) -> bool:
    return block.find(f"{_W}pPr/{_W}sectPr") is not None


def _end_section(block: etree._Element, properties: etree._Element) -> None:
    """End a section after a block: in its own paragraph, since an empty one could fall on a page of its own."""
    if block.tag == f"{_W}tbl":
        paragraph = _thin_paragraph()
        block.addnext(paragraph)
        block = paragraph
    settings = block.find(f"{_W}pPr")
    if settings is None:
        settings = etree.Element(f"{_W}pPr")
        block.insert(0, settings)
    settings.append(copy.deepcopy(properties))


def _thin_paragraph() -> etree._Element:
    """Return the empty paragraph that Word wants after a table, as low as can be."""
    paragraph = etree.Element(f"{_W}p")
    settings = etree.SubElement(paragraph, f"{_W}pPr")
    etree.SubElement(settings, f"{_W}snapToGrid", {f"{_W}val": "0"})
    etree.SubElement(settings, f"{_W}spacing", {f"{_W}line": "20", f"{_W}lineRule": "exact"})
    return paragraph


def _turned(section: etree._Element) -> etree._Element:
    """Return a section with its page turned, its margins turned along, and no grid of characters."""
    turned = copy.deepcopy(section)
    size, margins = turned.find(f"{_W}pgSz"), turned.find(f"{_W}pgMar")
    assert size is not None and margins is not None
    width, height = size.get(f"{_W}w"), size.get(f"{_W}h")
    assert width is not None and height is not None
    size.set(f"{_W}w", height)
    size.set(f"{_W}h", width)
    size.set(f"{_W}orient", "landscape")
    old = {side: margins.get(f"{_W}{side}") or "0" for side in ("top", "right", "bottom", "left")}
    for side, source in {"top": "left", "right": "top", "bottom": "right", "left": "bottom"}.items():
        margins.set(f"{_W}{side}", old[source])
    margins.set(f"{_W}footer", str(int(old["right"]) // 2))
    for grid in turned.findall(f"{_W}docGrid"):
        turned.remove(grid)
    return turned


def _plain(element: etree._Element) -> bool:
    """Whether an element is a run of text alone."""
    return element.tag == f"{_W}r" and [child.tag for child in element if child.tag != f"{_W}rPr"] == [f"{_W}t"]


def _look(run: etree._Element) -> bytes:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return b""
    return b"".join(
        etree.tostring(child)
        for child in properties
        if not (child.tag == f"{_W}rFonts" and list(child.attrib) == [f"{_W}hint"])
    )
