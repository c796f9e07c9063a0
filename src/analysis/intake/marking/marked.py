"""The way in: a copy with marks, and a copy without them."""

import re
from collections.abc import Sequence

from analysis.intake.layout import RECEIPT_MARK, RECEIPT_SHEET
from analysis.intake.marking import sheet as added
from analysis.intake.marking.book import Book, Tab
from analysis.intake.marking.colours import plain_formula
from analysis.intake.marking.model import AddedSheet, CellMark, sheet_formula
from analysis.intake.marking.page import Page, set_selected
from analysis.intake.marking.parts import Parts, Relations, reachable
from analysis.intake.marking.styles import Styles
from analysis.intake.marking.xml import named, parse

SIGNATURE, CALCULATIONS = "origin", "calcChain"
_COPY = re.compile(r"(?: \(\d+\)|_\d+)$")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def marked(content: bytes, marks: Sequence[CellMark], sheets: Sequence[AddedSheet]) -> bytes:
    """Mark a copy of a workbook; what an earlier round put there is taken off first.

    A mark at a sheet or a cell that is not there is passed over. A digital signature, which no longer holds, is left out.

    Args:
        content: an `.xlsx` or `.xlsm`; its macros stay, and nothing runs them.
        marks: comments and colours.
        sheets: sheets to be added; those that are `first` stand first, in their order, the others last.

    Raises:
        Refusal: it is no such workbook, or damaged.
    """
    parts = Parts(content)
    book = Book(parts)
    _drop(parts, Relations(parts, ""), SIGNATURE)
    _take_out(parts, book, _added(parts, book))
    styles = Styles(parts, book.part, book.relations, book.names)
    in_front = [sheet for sheet in sheets if sheet.first]
    for tab in book.tabs:
        own = [mark for mark in marks if mark.sheet == tab.title]
        if tab.cells:
            page = Page(parts, tab.part, book.names)
            page.clear()
            page.mark(own, styles)
            page.save()
        if in_front:
            set_selected(parts, tab.part, selected=False)
    titles = [tab.title for tab in book.tabs]
    places = []
    for sheet in (*in_front, *(sheet for sheet in sheets if not sheet.first)):
        title = book.free_title(sheet.title)
        part = parts.free(f"{book.part.rpartition('/')[0]}/worksheets/receipt{{}}.xml".lstrip("/"))
        parts.put(part, b"")  # its name is taken
        book.add(title, part, hidden=sheet.hidden, at=in_front.index(sheet) if sheet.first else None)
        places.append((sheet, title, part))
        titles.append(title)
    for sheet, title, part in places:
        active = bool(in_front) and sheet is in_front[0]
        parts.put(part, added.sheet_part(sheet, title, styles, book.names, titles.__contains__, active=active))
        parts.set_type(part, added.CONTENT_TYPE)
        if sheet.head_rows:
            book.print_titles(title, sheet.head_rows)
    if in_front:
        book.show_first()
    styles.save()
    book.save()
    return parts.bytes()


def unmarked(content: bytes) -> bytes:
    """Take off what `marked` put into a copy, also after another program saved it; a workbook without any stays as it is.

    Formats that the added sheets needed stay in the styles, used by nothing. What was typed into a comment below our text
    goes with it.

    Raises:
        Refusal: it is no such workbook, or damaged.
    """
    parts = Parts(content)
    book = Book(parts)
    ours = _added(parts, book)
    if len(ours) < len(book.tabs):  # a workbook has at least one sheet
        _take_out(parts, book, ours)
    for tab in book.tabs:
        if tab.cells:
            page = Page(parts, tab.part, book.names)
            page.clear()
            page.save()
    if not parts.names_touched:
        return content
    book.show_visible()
    for number, tab in enumerate(book.tabs):
        set_selected(parts, tab.part, selected=number == book.active)
    book.save()
    return parts.bytes()


def _added(parts: Parts, book: Book) -> list[Tab]:
    """The sheets that an earlier round added: by their sign, which says their title, or by the hidden mark beside them."""
    tabs = book.tabs
    signed = [tab for tab in tabs if tab.cells and _has_sign(parts.read(tab.part), tab.title)]
    hidden = [tab for tab in tabs if tab.title == RECEIPT_MARK and tab.cells]
    if hidden and not signed:  # a program dropped conditional formats
        return [tab for tab in tabs if tab.title in (RECEIPT_MARK, RECEIPT_SHEET) and tab.cells]
    return [tab for tab in tabs if tab in signed or tab in hidden]


def _has_sign(content: bytes, title: str) -> bool:
    if b"conditionalFormatting" not in content or not ("工作表：".encode() in content or b"&#" in content):
        return False
    wanted = {sheet_formula(title), sheet_formula(_COPY.sub("", title))}
    root = parse(content)
    rules = [rule for home in named(root, "conditionalFormatting") for rule in named(home, "cfRule")]
    return any(plain_formula(rule) in wanted for rule in rules)


def _take_out(parts: Parts, book: Book, tabs: Sequence[Tab]) -> None:
    """Take sheets out, with all parts that only they led to."""
    if not tabs:
        return
    before = reachable(parts)
    if any(_FORMULA.search(parts.read(tab.part)) for tab in tabs):
        _drop(parts, book.relations, CALCULATIONS)  # it would name cells that are gone; programs make it anew
    for tab in tabs:
        book.take_out(tab.title)
        book.relations.drop(tab.part)
    for name in sorted(before - reachable(parts)):
        parts.leave_out(name)


def _drop(parts: Parts, relations: Relations, kind: str) -> None:
    """Leave out a part of a kind, with all that only it led to."""
    target = relations.of_kind(kind)
    if target is None:
        return
    before = reachable(parts)
    relations.drop(target)
    for name in sorted(before - reachable(parts)):
        parts.leave_out(name)
