"""What changed, as data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.running.changes.telling import Printed, Spot

FigureKind = Literal["changed", "new", "gone", "reprinted", "same", "moved"]
FIGURE_KINDS: Mapping[FigureKind, str] = {
    "changed": "改动",
    "new": "新增",
    "gone": "不再出现",
    "reprinted": "只改写法",
    "same": "重新计算，印出来不变",
    "moved": "只换出处",
}
"""Reprinted: the same value with other decimals; same: another value or other operands, printed alike; moved: the same
figure from another file or cell."""
SHOWN: tuple[FigureKind, ...] = ("changed", "new", "gone", "reprinted")
"""What a reader of the report sees."""

SentenceKind = Literal["changed", "new", "gone"]
SENTENCE_KINDS: Mapping[SentenceKind, str] = {"changed": "改动", "new": "新增", "gone": "删去"}

PointKind = Literal["good", "bad", "note"]
"""How a point of how things stand is marked: better; worse; neither."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure, whatever the number of places that print it.

    Attributes:
        code, item, role: which figure it is; the role without the form that it is printed in.
        name: the indicator's name; empty for a count of the whole report.
        label: what the figure is of its indicator: 完成数, 完成率 …
        department: who returned the indicator.
        before, after: as printed, in the prose if it stands there; none where it is new or gone.
    """

    kind: FigureKind
    code: str
    item: str
    role: str
    name: str
    label: str
    department: str
    before: Printed | None
    after: Printed | None

    @property
    def id(self) -> str:
        """A name that lasts: code, item and role."""
        return ".".join(part for part in (self.code, self.item, self.role) if part)

    @property
    def spot(self) -> Spot:
        """Where it stands now; where it stood if it is gone."""
        printed = self.after or self.before
        return printed.spot if printed else Spot()


@dataclass(frozen=True, slots=True)
class Cause:
    """A figure that changed, and those that changed because it is their operand, told under it."""

    root: FigureChange
    dependents: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence; whether it is what differs."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of a table's row, under its column head."""

    head: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence, heading, row of a table, or text of a chart.

    Attributes:
        place: 正文, 标题, 表“…”, 图, 图的文字说明.
        row: what a row of a table is called by its first cells; empty for a sentence.
        before, after: its pieces; none where it is new or gone.
        cells: of a row, those that differ.
        spot: where it stands now; where it stood if it is gone.
        departments: whose figures stand in it, and whose words differ.
        quoted: file, sheet and cell of a department's own words in it that differ.
    """

    kind: SentenceKind
    place: str
    row: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    cells: tuple[CellChange, ...]
    spot: Spot
    departments: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A point of how things stand that changed: `水利站：未上报 → 已上报`."""

    kind: PointKind
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """Figures that are the same but stand in another file or cell of a department's return."""

    department: str
    before: str
    after: str
    figures: int


@dataclass(frozen=True)
class Changes:
    """What changed from one report to another of the same town and period.

    Attributes:
        title: the later report's.
        against: what it is compared with: 上一次运行, 定稿 final-1 …
        points: draft or not, departments, gaps, problems, waivers.
        files: which files of the run differ.
        causes: figures, in the order of the report, each once.
        sentences: in the order of the report; tables and charts among them.
        renamed: figures whose source alone changed.
        renumbered: how many sentences changed in their number alone (二是 for 一是), or stand elsewhere.
        example: of a made-up township, what the report calls such a place (乡镇); empty of a real one.
    """

    title: str
    against: str
    points: tuple[Point, ...]
    files: tuple[Point, ...]
    causes: tuple[Cause, ...]
    sentences: tuple[SentenceChange, ...]
    renamed: tuple[Renamed, ...] = ()
    renumbered: int = 0
    example: str = ""

    @property
    def figures(self) -> list[FigureChange]:
        """All figures that differ, those whose print is the same included."""
        return [figure for cause in self.causes for figure in (cause.root, *cause.dependents)]

    def counts(self) -> Counter[FigureKind]:
        """How many figures there are of each kind."""
        return Counter(figure.kind for figure in self.figures)

    @property
    def shown_causes(self) -> list[Cause]:
        """The causes of which a reader of the report sees anything, each with those dependents that he sees."""
        seen = [Cause(c.root, tuple(f for f in c.dependents if f.kind in SHOWN)) for c in self.causes]
        return [cause for cause in seen if cause.root.kind in SHOWN or cause.dependents]

    @property
    def shown(self) -> int:
        """How many figures differ to the reader."""
        counts = self.counts()
        return sum(counts[kind] for kind in SHOWN)

    @property
    def nothing(self) -> bool:
        """Whether a reader finds the same report."""
        return not (self.shown or self.sentences or self.points)
