"""A sheet of the department's own: comments and colours put on it, and taken off again."""

from bisect import bisect_left
from collections.abc import Sequence

from lxml import etree

from analysis.intake.marking import notes, shapes
from analysis.intake.marking.colours import SHEET_ORDER, colour, uncolour
from analysis.intake.marking.model import CellMark
from analysis.intake.marking.parts import Parts, Relations
from analysis.intake.marking.styles import Styles
from analysis.intake.marking.xml import Namespaces, first, named, parse, place, remove, write
from analysis.intake.spots import Spot, spot
from analysis.scheme.models import SEVERITIES


class Page:
    """A sheet with its comments and their drawing; its parts are written only where they change."""

    def __init__(self, parts: Parts, part: str, names: Namespaces) -> None:
        self._parts, self._part, self._names = parts, part, names
        self._relations = Relations(parts, part)
        self._content = parts.read(part)
        self._tree: etree._Element | None = None
        self._changed = False

    @property
    def _root(self) -> etree._Element:
        if self._tree is None:
            self._tree = parse(self._content)
        return self._tree

    def clear(self) -> None:
        """Take off the marks of an earlier round."""
        if b"conditionalFormatting" in self._content and uncolour(self._root):
            self._changed = True
        name = self._relations.of_kind("comments")
        if name is None or name not in self._parts:
            return
        root = parse(self._parts.read(name))
        emptied, cut = notes.uncomment(root)
        if not cut:
            return
        listed = first(root, "commentList")
        none_left = listed is None or first(listed, "comment") is None
        if emptied:
            self._clear_boxes(emptied, drop=none_left)
        if none_left:
            self._leave_out(name)
        else:
            self._parts.put(name, write(root))

    def mark(self, marks: Sequence[CellMark], styles: Styles) -> None:
        """Put comments and colours on cells; a mark within a merged range goes to the range's first cell."""
        texts: dict[Spot, list[str]] = {}
        worst: dict[Spot, str] = {}
        for mark in marks:
            try:
                at = spot(mark.cell)
            except ValueError:
                continue
            severity = mark.severity if mark.severity in SEVERITIES else SEVERITIES[-1]
            texts.setdefault(at, [])
            if mark.text not in texts[at]:
                texts[at].append(mark.text)
            worst[at] = min(severity, worst.get(at, severity), key=SEVERITIES.index)
        if not texts:
            return
        tops = _tops(self._root, sorted(texts))
        said: dict[Spot, list[str]] = {}
        coloured: dict[Spot, str] = {}
        for at, each in texts.items():
            top = tops.get(at, at)
            said.setdefault(top, []).extend(text for text in each if text not in said.get(top, ()))
            coloured[top] = min(worst[at], coloured.get(top, worst[at]), key=SEVERITIES.index)
        self._comment({at: "\n".join(each) for at, each in sorted(said.items())})
        colour(self._root, coloured, styles, self._names)
        self._changed = True

    def save(self) -> None:
        """Write the sheet back where it changed."""
        if self._changed:
            self._parts.put(self._part, write(self._root))

    def _comment(self, texts: dict[Spot, str]) -> None:
        name = self._relations.of_kind("comments")
        known = name is not None and name in self._parts
        root = parse(self._parts.read(name)) if name is not None and known else notes.no_comments(self._names)
        new = notes.comment(root, texts, self._names)
        if name is None or not known:
            name = self._parts.free(f"{self._folder}comments{{}}.xml")
            self._parts.set_type(name, notes.CONTENT_TYPE)
            self._relations.add(f"{self._names.relations}/comments", name)
        self._parts.put(name, write(root))
        if new:
            self._add_boxes(new)

    def _add_boxes(self, texts: dict[Spot, str]) -> None:
        legacy = first(self._root, "legacyDrawing")
        name = self._relations.target(legacy.get(self._names.id)) if legacy is not None else None
        if name is not None and name in self._parts:
            drawing = shapes.parse_drawing(self._parts.read(name))
        else:
            others = [self._parts.read(other) for other in self._parts.names if other.lower().endswith(".vml")]
            drawing = shapes.no_shapes(others)
            name = self._parts.free(f"{self._folder}drawings/vmlDrawing{{}}.vml")
            self._parts.set_type(name, shapes.CONTENT_TYPE)
            if legacy is None:
                legacy = place(self._root, etree.Element(self._names.tag("legacyDrawing")), SHEET_ORDER)
            legacy.set(self._names.id, self._relations.add(f"{self._names.relations}/vmlDrawing", name))
        shapes.add_boxes(drawing, texts, shapes.Sizes(self._root))
        self._parts.put(name, etree.tostring(drawing, encoding="UTF-8"))

    def _clear_boxes(self, cells: set[Spot], *, drop: bool) -> None:
        legacy = first(self._root, "legacyDrawing")
        name = self._relations.target(legacy.get(self._names.id)) if legacy is not None else None
        if legacy is None or name is None or name not in self._parts:
            return
        drawing = shapes.parse_drawing(self._parts.read(name))
        left = shapes.remove_boxes(drawing, cells)
        if drop and not left:
            remove(legacy)
            self._changed = True
            self._leave_out(name)
        else:
            self._parts.put(name, etree.tostring(drawing, encoding="UTF-8"))

    def _leave_out(self, name: str) -> None:
        self._relations.drop(name)
        self._parts.leave_out(name)

    @property
    def _folder(self) -> str:
        """Where the workbook's parts lie: above the sheet's own folder."""
        above = self._part.rpartition("/")[0].rpartition("/")[0]
        return f"{above}/" if above else ""


def set_selected(parts: Parts, part: str, *, selected: bool) -> None:
    """Have a sheet of any kind be among those that are selected, or not."""
    if part not in parts or (not selected and b"tabSelected" not in parts.read(part)):
        return
    root = parse(parts.read(part))
    changed = False
    for view in [view for views in named(root, "sheetViews") for view in named(views, "sheetView")]:
        if not selected and "tabSelected" in view.attrib:
            del view.attrib["tabSelected"]
            changed = True
        elif selected and view.get("tabSelected") not in ("1", "true"):
            view.set("tabSelected", "1")
            changed = True
    if changed:
        parts.put(part, write(root))


def _tops(root: etree._Element, spots: Sequence[Spot]) -> dict[Spot, Spot]:
    """For cells that lie within a merged range, the range's first cell."""
    rows = sorted({row for row, _ in spots})
    by_row: dict[int, list[int]] = {}
    for row, column in spots:
        by_row.setdefault(row, []).append(column)
    tops: dict[Spot, Spot] = {}
    for merged in [each for home in named(root, "mergeCells") for each in named(home, "mergeCell")]:
        begin, _, end = (merged.get("ref") or "").partition(":")
        try:
            (top, left), (bottom, right) = spot(begin), spot(end or begin)
        except ValueError:
            continue
        at = bisect_left(rows, top)
        while at < len(rows) and rows[at] <= bottom:
            for column in by_row[rows[at]]:
                if left <= column <= right:
                    tops[rows[at], column] = (top, left)
            at += 1
    return tops
