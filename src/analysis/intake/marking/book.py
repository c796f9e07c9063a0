"""The workbook's own part: its sheets in order, and what counts sheets by their place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from analysis.intake.marking.parts import Parts, Relations
from analysis.intake.marking.xml import STRICT, USUAL, Namespaces, first, local, named, parse, place, write
from analysis.intake.refusal import damaged

ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)
LONGEST_TITLE = 31
PRINT_TITLES = "_xlnm.Print_Titles"


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet in the workbook: its title, its part, and whether it is a sheet of cells."""

    title: str
    part: str
    cells: bool


class Book:
    """The workbook's part, changed and then saved."""

    def __init__(self, parts: Parts) -> None:
        """Find it.

        Raises:
            Refusal: there is none, or one of a kind that is not understood.
        """
        self._parts = parts
        self.part = Relations(parts, "").of_kind("officeDocument") or ""
        self._root = parse(parts.read(self.part))
        found = [each for each in (USUAL, STRICT) if self._root.tag == each.tag("workbook")]
        if not found or first(self._root, "sheets") is None:
            raise damaged()
        self.names: Namespaces = found[0]
        self.relations = Relations(parts, self.part)
        self._changed = False

    @property
    def tabs(self) -> list[Tab]:
        """The sheets in their order."""
        kinds = {identity: (kind, target) for identity, kind, target in self.relations}
        tabs = []
        for sheet in self._sheets():
            kind, target = kinds.get(sheet.get(self.names.id) or "", ("", ""))
            tabs.append(Tab(sheet.get("name") or "", target, kind == "worksheet" and target in self._parts))
        return tabs

    def free_title(self, wanted: str) -> str:
        """A title that no sheet has: the one wanted, or with a number."""
        taken = {tab.title.lower() for tab in self.tabs}
        number, title = 1, wanted
        while title.lower() in taken:
            number += 1
            title = f"{wanted[: LONGEST_TITLE - len(str(number))]}{number}"
        return title

    def add(self, title: str, part: str, *, hidden: bool, at: int | None) -> None:
        """Add a sheet: at a place counted from 0, or at the end."""
        identity = self.relations.add(f"{self.names.relations}/worksheet", part)
        home = self._home()
        known = list(self._sheets())
        numbers = [int(n) for n in (sheet.get("sheetId") or "" for sheet in known) if n.isascii() and n.isdigit()]
        sheet = etree.Element(self.names.tag("sheet"), name=title, sheetId=str(max(numbers, default=0) + 1))
        if hidden:
            sheet.set("state", "hidden")
        sheet.set(self.names.id, identity)
        if at is None:
            home.append(sheet)
        else:
            home.insert(at, sheet)
            self._renumber(lambda old: old + 1 if old >= at else old)
        self._changed = True

    def take_out(self, title: str) -> None:
        """Take a sheet out, with the names that belong to it; its part stays."""
        known = list(self._sheets())
        at = next(number for number, sheet in enumerate(known) if sheet.get("name") == title)
        self._home().remove(known[at])
        self._renumber(lambda old: None if old == at else old - 1 if old > at else old)
        self._changed = True

    def print_titles(self, title: str, rows: int) -> None:
        """Have the first rows of the first sheet printed on every page."""
        names = first(self._root, "definedNames")
        if names is None:
            names = place(self._root, etree.Element(self.names.tag("definedNames")), ORDER)
        made = etree.SubElement(names, self.names.tag("definedName"), name=PRINT_TITLES)
        at = next(number for number, tab in enumerate(self.tabs) if tab.title == title)
        made.set("localSheetId", str(at))
        quoted = title.replace("'", "''")
        made.text = f"'{quoted}'!$1:${rows}"
        self._changed = True

    def show_first(self) -> None:
        """Have the first sheet seen when the workbook is opened."""
        for view in self._views():
            for name in ("activeTab", "firstSheet"):
                view.attrib.pop(name, "")
        self._changed = True

    @property
    def active(self) -> int:
        """The place of the sheet that is seen when the workbook is opened."""
        return next((_number(view.get("activeTab")) for view in self._views()), 0)

    def show_visible(self) -> None:
        """Where the sheet to be seen is hidden or not there, have the first that can be."""
        known = list(self._sheets())
        seen = [number for number, sheet in enumerate(known) if sheet.get("state", "visible") == "visible"]
        for view in self._views():
            for name in ("activeTab", "firstSheet"):
                if _number(view.get(name)) not in seen and seen:
                    view.set(name, str(seen[0]))
                    self._changed = True

    def save(self) -> None:
        """Write it back where it changed."""
        if self._changed:
            self._parts.put(self.part, write(self._root))

    def _home(self) -> etree._Element:
        home = first(self._root, "sheets")
        assert home is not None  # looked at on opening
        return home

    def _sheets(self) -> Iterator[etree._Element]:
        return named(self._home(), "sheet")

    def _views(self) -> Sequence[etree._Element]:
        return [view for views in named(self._root, "bookViews") for view in views if local(view) == "workbookView"]

    def _renumber(self, moved: Callable[[int], int | None]) -> None:
        """Follow a change of places: names that belong to a sheet, and the sheets that are seen first."""
        for names in named(self._root, "definedNames"):
            for name in list(named(names, "definedName")):
                if name.get("localSheetId") is None:
                    continue
                place_now = moved(_number(name.get("localSheetId")))
                if place_now is None:
                    names.remove(name)
                else:
                    name.set("localSheetId", str(place_now))
            if not len(names):
                self._root.remove(names)
        for view in self._views():
            for attribute in ("activeTab", "firstSheet"):
                if view.get(attribute) is not None:
                    view.set(attribute, str(moved(_number(view.get(attribute))) or 0))


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) <= 9 else 0
