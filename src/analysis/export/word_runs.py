"""Runs of a Word document: pandoc writes one for every span, though they look alike."""

from __future__ import annotations

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
