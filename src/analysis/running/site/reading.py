"""What a page of the site tells: of a report its title, date and indicators; of any page its links and texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

LINKS = ("href", "src", "action", "formaction", "poster", "data", "background", "cite")
SPOKEN = ("alt", "title", "aria-label", "content", "placeholder", "value", "download")
"""Attributes whose text reaches a reader."""
INLINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|sup|time|tspan|u|var|wbr"
)
SILENT = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says of itself.

    Attributes:
        title: as its page has it.
        date: of the report, ISO; empty where it has none.
        indicators: id in the page, code and name of each row of its tables.
    """

    title: str
    date: str
    indicators: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the checks see it: what can be linked to, what it links to, what can be read on it."""

    ids: frozenset[str]
    links: tuple[str, ...]
    text: str


def parsed(page: bytes) -> Any:
    """A page of the site; UTF-8, as all of them are."""
    return html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def told_by(page: Any) -> Told:
    """Read a report's own page; only what readers see there, so that an edition's index knows no more than itself."""
    heading = page.find(".//title")
    date = page.xpath("string(//meta[@name='date']/@content)")
    title = " ".join(heading.text_content().split()) if heading is not None else ""
    return Told(title, str(date).strip(), tuple(dict.fromkeys(_indicators(page))))


def _indicators(page: Any) -> Iterator[tuple[str, str, str]]:
    for row in page.xpath("//table[thead/tr[1]/th[1][normalize-space()='编码']]/tbody/tr[@id][th and td]"):
        yield str(row.get("id")), _own_text(row.find("th")), _own_text(row.find("td"))


def _own_text(cell: Any) -> str:
    """The text of a cell without the sources of its figures."""
    texts = cell.xpath(".//text()[not(ancestor::*[contains(concat(' ', @class, ' '), ' source ')])]")
    return " ".join("".join(texts).split())


def page_of(page: Any) -> Page:
    """Read a page for the checks."""
    ids, links = set(), []
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            plain = name.rpartition("}")[2].rpartition(":")[2]
            if plain == "id" or (plain == "name" and element.tag == "a"):
                ids.add(value)
            elif plain in LINKS:
                links.append(value)
            elif plain == "srcset":
                links += [part.split()[0] for part in value.split(",") if part.split() and "data:" not in value]
    return Page(frozenset(ids), tuple(links), "".join(_spoken(page)))


def _spoken(page: Any) -> Iterator[str]:
    """All that is read, with a line between blocks: two cells beside each other are not one number."""
    for event, element in etree.iterwalk(page, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield element.tail or ""
            continue
        if INLINE.fullmatch(element.tag) is None:
            yield "\n"
        if event == "start":
            for name in SPOKEN:
                if element.get(name):
                    yield f"\n{element.get(name)}\n"
        text = element.tail if event == "end" else "" if element.tag in SILENT else element.text
        yield text or ""
