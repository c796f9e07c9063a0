"""A document's body made ready for the page: anchors, contents list, tables that scroll in their own frame."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import lxml.html
from lxml import etree

_HEADINGS = {"h2": 1, "h3": 2, "table": 2}
"""What the contents list shows, and how deep it stands there; of tables those that have an anchor and a caption."""

_ACTIVE = ("script", "iframe", "object", "embed", "link", "base", "meta", "style")
"""What could fetch or run something, or restyle the page: no part of a document."""


@dataclass
class Entry:
    """One line of the contents list."""

    anchor: str
    text: str
    children: list[Entry] = field(default_factory=list)


@dataclass
class Arranged:
    """A body, its contents list, and the document number that goes above the title."""

    body: str
    contents: list[Entry]
    number: str = ""
    scripted: bool = False
    """Whether there is something for the page's script: figures with sources, or tables to sort."""
    styled: bool = False
    """Whether elements bring style attributes."""


def arrange(body: str, folder: str = "") -> Arranged:
    """Make a rendered body ready for the page.

    Parameters
    ----------
    body
        The HTML of all cells.
    folder
        Where pictures named by an ordinary notebook's Markdown lie.
    """
    root = lxml.html.fragment_fromstring(body, create_parent="div")
    etree.strip_elements(root, *_ACTIVE, with_tail=False)
    _embed_pictures(root, Path(folder or "."))
    contents = _contents(root)
    _frame_tables(root)
    number = ""
    for element in root.find_class("docnumber"):  # 发文字号, and 签发人 where a report goes up to a higher office
        number += _html(element)
        element.drop_tree()
    body = "".join([root.text or "", *(_html(child, tail=True) for child in root)])
    scripted = bool(root.find_class("source") or root.find_class("sortable"))
    return Arranged(body, contents, number, scripted, styled=bool(root.xpath(".//@style")))


def _html(element: lxml.html.HtmlElement, tail: bool = False) -> str:
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=tail))


def _contents(root: lxml.html.HtmlElement) -> list[Entry]:
    """Collect what the contents list shows, giving an anchor to the headings that have none."""
    entries: list[Entry] = []
    taken = {element.get("id") for element in root.iter() if isinstance(element.tag, str)}
    fresh = (anchor for number in range(1, 10_000) if (anchor := f"section-{number}") not in taken)
    for element in root.iter("h2", "h3", "h4", "h5", "h6", "table"):
        shown = element.find("caption") if element.tag == "table" else element
        if shown is None or (element.tag == "table" and not element.get("id")):
            continue
        if not element.get("id"):
            element.set("id", next(fresh))
        text = " ".join(_visible_text(shown).split())
        if element.tag != "table":
            element.append(
                lxml.html.Element("a", {"class": "anchor", "href": f"#{element.get('id')}", "aria-label": "本节链接"})
            )
        if element.tag not in _HEADINGS:
            continue
        entry = Entry(element.get("id", ""), text)
        if _HEADINGS[str(element.tag)] == 1 or not entries:
            entries.append(entry)
        else:
            entries[-1].children.append(entry)
    return entries


def _visible_text(element: lxml.html.HtmlElement) -> str:
    """Return the text of a heading without the sources that pop up in it."""
    return "".join(_texts(element))


def _texts(element: lxml.html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if "source" not in child.get("class", "").split():
            yield from _texts(child)
        yield child.tail or ""


def _frame_tables(root: lxml.html.HtmlElement) -> None:
    """Put every table into a frame that scrolls by itself and can be reached with the keyboard."""
    for number, table in enumerate(list(root.iter("table")), start=1):
        table.attrib.pop("border", None)  # pandas' own
        parent = table.getparent()
        if parent is None or "scroll" in parent.get("class", "").split():
            continue
        caption = table.find("caption")
        label = f"表格 {number}" if caption is None else " ".join(caption.text_content().split())
        frame = lxml.html.Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label})
        table.addprevious(frame)
        frame.tail, table.tail = table.tail, None
        frame.append(table)


def _embed_pictures(root: lxml.html.HtmlElement, folder: Path) -> None:
    """Bring pictures that lie beside the notebook into the page; name those that lie on another machine."""
    for image in list(root.iter("img")):
        source = image.get("src", "")
        if source.startswith("data:"):
            continue
        file = folder / unquote(source)
        if "://" not in source and not source.startswith("//") and file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            image.set("src", f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}")
            continue
        note = lxml.html.Element("span")
        note.text = f"［图片未嵌入：{image.get('alt') or source}］"
        note.tail = image.tail
        image.tail = None
        image.getparent().replace(image, note)
