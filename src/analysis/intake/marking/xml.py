"""XML of somebody else's parts: read without entities, changed in place, written the same way each time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from analysis.intake.form import escaped
from analysis.intake.refusal import damaged

PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
LONGEST_TEXT = 32_000
"""Characters of a text: a cell holds 32,767, escapes not counted."""
_ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The two namespaces of a workbook's parts: the usual ones, or those of “Strict Open XML”."""

    main: str
    relations: str

    def tag(self, name: str) -> str:
        """A name of the workbook's own markup."""
        return f"{{{self.main}}}{name}"

    @property
    def id(self) -> str:
        """The attribute that names a relation."""
        return f"{{{self.relations}}}id"


USUAL = Namespaces(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = Namespaces(
    "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
)


def parse(content: bytes) -> etree._Element:
    """Read a part; nothing is fetched and no entity resolved.

    Raises:
        Refusal: it is no XML, or has a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise damaged() from None
    if b"<!DOCTYPE" in content or root.getroottree().docinfo.internalDTD is not None:
        raise damaged()
    return root


def new_root(name: str, namespace: str) -> etree._Element:
    """The root of a new part."""
    return parse(f'<{name} xmlns="{namespace}"/>'.encode())


def write(root: etree._Element) -> bytes:
    """The bytes of a part."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; that of its first choice where it is a choice by compatibility."""
    if not isinstance(element.tag, str):  # a comment
        return ""
    name = etree.QName(element)
    if name.namespace == COMPATIBILITY and len(element) and len(element[0]):
        return local(element[0][0])
    return name.localname


def named(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of a name, whatever their namespace."""
    for child in list(parent):
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            yield child


def first(parent: etree._Element, name: str) -> etree._Element | None:
    """The first child of a name."""
    return next(named(parent, name), None)


def remove(element: etree._Element) -> None:
    """Take an element out; between the elements of a workbook there is nothing but line breaks."""
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def place(parent: etree._Element, child: etree._Element, order: Sequence[str]) -> etree._Element:
    """Put a child where the order of its parent's children wants it, behind others of its name."""
    later = set(order[order.index(local(child)) + 1 :])
    at = next((number for number, other in enumerate(parent) if local(other) in later), len(parent))
    parent.insert(at, child)
    return child


def storable(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as a workbook stores it, to be shown as it was typed."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text.encode("utf-16-le")) > 2 * longest:
        text = text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore") + "…"
    return escaped(text)


def text_element(parent: etree._Element, tag: str, text: str) -> etree._Element:
    """Add an element with a text, spaces and line breaks kept."""
    element = etree.SubElement(parent, tag)
    element.text = text
    element.set(PRESERVE, "preserve")
    return element
