"""A look at a whole site: dead links, and persons named or numbered in what it publishes."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml.etree import LxmlError
from python_calamine import CalamineError, CalamineWorkbook

from analysis.intake.personal import personal
from analysis.running.site.reading import Page, page_of, parsed
from analysis.scheme.models import PeopleWords

ALONE = ("data:", "#top")
"""What leads nowhere else: pictures in the page, and the page's own beginning."""


@dataclass(slots=True)
class Inspected:
    """What was found: place in the site, and what is wrong there.

    Attributes:
        dead: links that lead nowhere.
        personal: names of persons, identity-card, telephone and bank-card numbers, masked.
        altered: files that are not as they were published.
    """

    dead: list[tuple[str, str]] = field(default_factory=list)
    personal: list[tuple[str, str]] = field(default_factory=list)
    altered: list[tuple[str, str]] = field(default_factory=list)


def inspect(site: Path, people: Sequence[PeopleWords] = ()) -> Inspected:
    """Look at every page and workbook of a site; the other formats of a report say what its page says."""
    found = Inspected()
    pages: dict[str, Page] = {}
    files = sorted(path for path in site.rglob("*") if path.is_file())
    for path in files:
        place = path.relative_to(site).as_posix()
        text = ""
        if path.suffix == ".html":
            try:
                page = page_of(parsed(path.read_bytes()))
            except (LxmlError, ValueError):  # empty, or no text at all
                found.dead.append((place, "网页读不出"))
                continue
            text = page.text
            own = {f"#{each}" for each in page.ids}
            left = tuple(link for link in page.links if link not in own)
            pages[place] = replace(page, links=left, text="")  # of hundreds of reports no more than is needed
        elif path.suffix == ".xlsx":
            text = "\n".join(_cells(path))
        numbers = dict.fromkeys(f"{each.kind} {each.masked}" for each in personal(text, people))
        found.personal += [(place, number) for number in numbers]
    places = {path.relative_to(site).as_posix() for path in files}
    found.dead += [(place, f"{link}　{wrong}") for place, link, wrong in dead_links(pages, places)]
    return found


def _cells(path: Path) -> Iterator[str]:
    try:
        book = CalamineWorkbook.from_path(path)
        for sheet in book.sheet_names:
            for row in book.get_sheet_by_name(sheet).to_python():
                for value in row:
                    whole = isinstance(value, float) and value.is_integer()
                    yield str(int(value)) if whole and isinstance(value, float) else str(value)
    except CalamineError:  # a return that can't be read has none that could be
        return


def dead_links(pages: Mapping[str, Page], files: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Find the links that lead nowhere, or out of the site.

    Args:
        pages: by their place in the site, with `/`.
        files: the places of all files.

    Yields:
        The page, the link, and what is wrong with it, in Chinese; each once a page.
    """
    for place, page in sorted(pages.items()):
        for link in dict.fromkeys(page.links):
            wrong = _wrong(link, place, pages, files)
            if wrong:
                yield place, link, wrong


def _wrong(link: str, place: str, pages: Mapping[str, Page], files: Set[str]) -> str:
    if not link.strip() or link == "#" or link.startswith(ALONE):
        return ""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "写法不对"
    if parts.scheme or parts.netloc or link.startswith(("/", "\\")):
        return "指向站点以外"
    target = place
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(parts.path)))
        if target.startswith(".."):
            return "指向站点以外"
        if target not in files:
            return "没有这个文件"
    if parts.fragment and target in pages:
        wanted = pages[target].ids
        if parts.fragment not in wanted and unquote(parts.fragment) not in wanted:
            return "没有这个位置"
    return ""
