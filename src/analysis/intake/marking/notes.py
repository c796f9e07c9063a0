"""Comments: ours are added, or put below what somebody else wrote at the cell, and cut off again."""

from collections.abc import Mapping

from lxml import etree

from analysis.intake.marking.model import COMMENT_LINE, SIGN
from analysis.intake.marking.xml import Namespaces, first, local, named, new_root, place, remove, storable, text_element
from analysis.intake.spots import Spot, address, spot

MOST_TEXT = 8_000
"""Characters of our comment at a cell; the list has all."""
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"


def no_comments(names: Namespaces) -> etree._Element:
    """A part for comments, empty."""
    root = new_root("comments", names.main)
    etree.SubElement(root, names.tag("authors"))
    etree.SubElement(root, names.tag("commentList"))
    return root


def comment(root: etree._Element, texts: Mapping[Spot, str], names: Namespaces) -> dict[Spot, str]:
    """Write comments; gives the cells that had none, for which a shape is wanted, with the text."""
    new: dict[Spot, str] = {}
    listed = first(root, "commentList")
    if listed is None:
        listed = place(root, etree.Element(names.tag("commentList")), ("authors", "commentList", "extLst"))
    known = {(each.get("ref") or "").upper(): each for each in named(listed, "comment")}
    for at, said in texts.items():
        told = storable(said, MOST_TEXT)
        there = known.get(address(*at))
        if there is not None:
            _append(there, told, names)
            continue
        made = etree.SubElement(listed, names.tag("comment"), ref=address(*at), authorId=_author(root, names))
        text = etree.SubElement(made, names.tag("text"))
        _run(text, f"{COMMENT_LINE}\n", names, bold=True)
        _run(text, told, names)
        new[at] = said
    return new


def uncomment(root: etree._Element) -> tuple[set[Spot], bool]:
    """Cut our comments off; gives the cells that have none any more, and whether anything was cut."""
    emptied: set[Spot] = set()
    cut = False
    listed = first(root, "commentList")
    for each in list(named(listed, "comment")) if listed is not None else []:
        text = first(each, "text")
        pieces = _pieces(text) if text is not None else []
        whole = "".join(piece.text or "" for piece in pieces)
        at = _beginning(whole)
        if at is None:
            continue
        cut = True
        if not whole[:at].strip():
            remove(each)
            try:
                emptied.add(spot(each.get("ref") or ""))
            except ValueError:
                continue
        else:
            _cut(pieces, at)
    if cut:
        _forget_author(root)
    return emptied, cut


def _pieces(text: etree._Element) -> list[etree._Element]:
    """The parts of a text, in order; readings of characters (rPh) are none."""
    runs = [text, *named(text, "r")]
    return [piece for run in runs for piece in named(run, "t")]


def _beginning(whole: str) -> int | None:
    """Where our text begins: with the line break before our line, which must be a line of its own."""
    at = whole.find(COMMENT_LINE)
    while at > 0 and whole[at - 1] not in "\r\n":
        at = whole.find(COMMENT_LINE, at + 1)
    if at < 0:
        return None
    for ending in ("_x000D_\n", "\r\n", "\n", "\r"):
        if whole[:at].endswith(ending):
            return at - len(ending)
    return at


def _cut(pieces: list[etree._Element], at: int) -> None:
    for piece in pieces:
        length = len(piece.text or "")
        if at <= 0:
            run = piece.getparent()
            remove(run if run is not None and local(run) == "r" else piece)
        elif length > at:
            piece.text = (piece.text or "")[:at]
        at -= length


def _append(there: etree._Element, told: str, names: Namespaces) -> None:
    text = first(there, "text")
    if text is None:
        text = etree.Element(names.tag("text"))
        there.insert(0, text)
    bare = first(text, "t")
    if bare is not None:  # runs may not stand beside a bare text
        run = etree.Element(names.tag("r"))
        text.replace(bare, run)
        run.append(bare)
    before = "\n" if any(t.text for t in text.iter("{*}t")) else ""
    _run(text, f"{before}{COMMENT_LINE}\n", names, bold=True)
    _run(text, told, names)


def _run(text: etree._Element, said: str, names: Namespaces, *, bold: bool = False) -> None:
    run = place(text, etree.Element(names.tag("r")), ("t", "r", "rPh", "phoneticPr"))
    look = etree.SubElement(run, names.tag("rPr"))
    if bold:
        etree.SubElement(look, names.tag("b"))
    etree.SubElement(look, names.tag("sz"), val="10")
    etree.SubElement(look, names.tag("rFont"), val="宋体")
    text_element(run, names.tag("t"), said)


def _author(root: etree._Element, names: Namespaces) -> str:
    authors = first(root, "authors")
    if authors is None:
        authors = place(root, etree.Element(names.tag("authors")), ("authors", "commentList", "extLst"))
    known = [author.text for author in named(authors, "author")]
    if SIGN not in known:
        etree.SubElement(authors, names.tag("author")).text = SIGN
        known.append(SIGN)
    return str(known.index(SIGN))


def _forget_author(root: etree._Element) -> None:
    """Take our name off the authors where it is the last and nobody's comment is ours: no number moves."""
    authors, listed = first(root, "authors"), first(root, "commentList")
    known = list(named(authors, "author")) if authors is not None else []
    used = {each.get("authorId") for each in named(listed, "comment")} if listed is not None else set()
    if known and known[-1].text == SIGN and str(len(known) - 1) not in used:
        remove(known[-1])
