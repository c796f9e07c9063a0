"""Dead links and anchors: every link of a site leads to a file of it, and to a place that is there."""

import posixpath
from collections.abc import Iterator, Mapping, Set
from urllib.parse import unquote, urlsplit

from analysis.running.site.reading import Page

ALONE = ("data:", "#top")
"""What leads nowhere else: pictures in the page, and the page's own beginning."""


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
