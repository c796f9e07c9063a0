"""The report as data: blocks of typed spans, from which every format, the audit and the list of figures are made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from analysis.scheme.facts import Waiver


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a template or of the wording: the project's own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the prose (数字), with its source.

    Attributes:
        number: as printed, `1200`, `95.0%`, `2021年9月`.
        unit: printed right after it, never parted from it; empty where the number has none.
        code: the indicator's code.
        role: what it is of the indicator: `actual`, `target`, `base`, `rate`, `change` …; with the code it is the
            figure's id, which outlasts the sentence.
        value: the exact value; none for a month.
        sources: the cells that it is or is computed from, `[财政所.xlsx]指标!F5`.
        formula: how it follows from them, in Chinese with its numbers; empty for a figure that is a cell itself.
        item: the part or project that it belongs to.
    """

    number: str
    unit: str
    code: str
    role: str
    value: Fraction | None
    sources: tuple[str, ...]
    formula: str = ""
    item: str = ""

    @property
    def text(self) -> str:
        """As printed, with its unit."""
        return self.number + self.unit

    @property
    def id(self) -> str:
        """A name that lasts: code, item and role."""
        return ".".join(part for part in (self.code, self.item, self.role) if part)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A department's own words, shown as its words."""

    text: str
    source: str
    department: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name from the scheme, the facts or a return: an indicator, a place, a project, a unit, a year."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing figure, marked in a draft; `department` owes it."""

    text: str
    code: str
    department: str


Span = Text | Figure | Quotation | Name | Gap
Spans = tuple[Span, ...]
Style = Literal["body", "addressee", "signature", "document_number", "note"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of spans."""

    spans: Spans
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: 1 is 一、, 2 is （一）, 3 is 1."""

    level: int
    spans: Spans
    anchor: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the annex: a caption, column heads with relative widths, rows of cells of spans.

    `numeric` are the columns whose cells are set to the right; `state` is the column of the states, and `departments`
    has the department of each row, both to filter by. Where the first column is 编码, links lead to the rows.
    """

    caption: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Spans, ...], ...]
    numeric: frozenset[int] = frozenset()
    anchor: str = ""
    state: int | None = None
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its kind, a title that states the answer, its text alternative, and the rows that it is drawn from.

    `figures` are the numbers that picture and alternative print, each with its cells; `note` is what the picture says
    at its foot, and the alternative at its end.
    """

    kind: str
    title: Spans
    alt: str
    rows: "pd.DataFrame" = field(compare=False)
    figures: tuple[Figure, ...] = ()
    note: str = ""


Block = Paragraph | Heading | Table | Chart


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report: its blocks in order, and where it came from."""

    name: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True)
class Report:
    """The whole report as data; `title` with a line break where print breaks it."""

    title: str
    chapters: tuple[Chapter, ...]
    draft: bool = False
    gaps: tuple[Gap, ...] = field(default=())
    names: Mapping[str, str] = field(default_factory=dict)
    """By code, what a pop-up calls the row: its name and the department that returned it."""
    waived: tuple["Waiver", ...] = ()
    """The waivers by which gaps are told as 数据暂缺."""

    def spans(self) -> Iterator[Span]:
        """Every span in reading order, the tables' included."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from spans_of(block)


def say(*parts: "str | Span | Iterable[Span]") -> Spans:
    """Put a sentence together of words, spans and pieces of sentences; words become template text."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                spans.append(Text(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(part)
    return tuple(spans)


def text_of(spans: Iterable[Span]) -> str:
    """The text of spans as the reader sees it."""
    return "".join(span.text for span in spans)


def spans_of(block: Block) -> Iterator[Span]:
    """The spans of a block."""
    if isinstance(block, Chart):
        yield from block.title
        yield from block.figures
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from cell
    else:
        yield from block.spans
