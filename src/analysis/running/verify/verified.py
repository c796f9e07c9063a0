"""What checking an edited report back found, as data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["changed", "added", "lost", "elsewhere", "turned"]
KINDS: Mapping[Kind, str] = {
    "changed": "改动",
    "added": "新增",
    "lost": "删去",
    "elsewhere": "换了对象",
    "turned": "说法相反",
}
"""Changed also in its unit alone; elsewhere: the same number, but under the name of another indicator, place or project;
turned: the same number, but of a rise that was a fall, of what was ahead and is behind, done and is not done."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number of the report comes from.

    Attributes:
        kind: a figure of the report's list of figures, or a department's own words.
        code, name: the indicator.
        role: what it is of the indicator, as in the list of figures.
        label: the same in words: 完成数, 完成率 …
        item: the part or project.
        text: as the report printed it.
        value: exact, as in the list of figures.
        sources: cells, `[财政所.xlsx]指标!F5`.
    """

    kind: Literal["figure", "quotation"]
    text: str
    code: str = ""
    name: str = ""
    role: str = ""
    item: str = ""
    value: str = ""
    formula: str = ""
    sources: tuple[str, ...] = ()
    label: str = ""


Noted = Literal["tracked", "hidden", "comment", "unread"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is not plain text: a tracked change still open, hidden text, a comment, or what can't be read."""

    kind: Noted
    what: str
    text: str = ""
    heading: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is no longer what the report said.

    Attributes:
        before, after: the number as printed, with its unit; empty where it is added or lost.
        sentence_before, sentence_after: the sentences (or rows of a table) that it stands in; empty where there is none.
        heading: the headings it stands under.
        place: 正文, 标题, 表“…”, 脚注 …
        origin: the figure; none for a number that no figure accounts for (a year, a name), or one that is added.
    """

    kind: Kind
    before: str
    after: str
    sentence_before: str
    sentence_after: str
    heading: str
    place: str
    origin: Origin | None = None


@dataclass(frozen=True)
class Verified:
    """The numbers of an edited report against the figures of the run.

    Attributes:
        file: the edited file's name.
        title: the report's title.
        finished: when the run ended, as `run.json` says.
        numbers: how many numbers of the report were compared.
        changes: in the order of the report.
        reworded: how many sentences have other words and the same numbers.
        moved: how many sentences stand elsewhere, otherwise unchanged.
        notes: tracked changes still open, hidden text, comments, what can't be read.
    """

    file: str
    title: str
    finished: str
    numbers: int
    changes: tuple[Change, ...]
    reworded: int
    moved: int
    notes: tuple[Note, ...]

    @property
    def clean(self) -> bool:
        """Whether every number is the report's."""
        return not self.changes

    def counts(self) -> Counter[Kind]:
        """How many changes there are of each kind."""
        return Counter(change.kind for change in self.changes)


def as_json(verified: Verified) -> dict[str, Any]:
    """The result as plain data for a file: everything of it, and whether it is clean."""
    counts = verified.counts()
    return {
        "clean": verified.clean,
        "counts": {kind: counts[kind] for kind in KINDS},
        **asdict(verified),
    }
