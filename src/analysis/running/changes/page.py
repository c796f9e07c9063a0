"""What changed as a page for the head of the office: `changes.html`, which needs nothing but itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup, escape

from analysis.figures.receipts.rendering import LONGEST, render
from analysis.running.changes.console import beside, counted, headline, titled
from analysis.running.changes.marking import elided
from analysis.running.changes.model import (
    FIGURE_KINDS,
    SENTENCE_KINDS,
    Cause,
    Changes,
    FigureChange,
    Piece,
    SentenceChange,
)
from analysis.running.changes.telling import Printed, Spot
from analysis.running.read_back.lines import shown
from analysis.telling.render import where

TEMPLATES = Path(__file__).with_name("templates")
SAME_SHOWN = 36
"""Characters of the unchanged words around a change that are shown on either side."""
TONES = {"good": ("✓", "好转"), "bad": ("!", "要看"), "note": ("·", "留意")}
WHOLE_REPORT = "全文"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as a row: whose it is and what, what it was and is, and how it comes about."""

    change: FigureChange
    dependent: bool
    title: str
    kind: str
    before: str
    after: str
    origin: Sequence[str]
    link: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: what became of it, before and after with the differences marked."""

    change: SentenceChange
    kind: str
    before: Markup
    after: Markup
    link: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading of the report."""

    heading: str
    rows: Sequence[Row] | Sequence[Told]


def page(changes: Changes, report: str) -> str:
    """Make the page.

    Args:
        changes: what changed.
        report: where `report.html` lies from the page, to link to; empty for no links.
    """
    to = quote(report, safe="/.")
    prose = [s for s in changes.sentences if not s.row]
    tables = [s for s in changes.sentences if s.row]
    return render(
        "changes.html.j2",
        TEMPLATES,
        title=changes.title,
        example=changes.example,
        headline=headline(changes),
        points=changes.points,
        tones=TONES,
        files=changes.files,
        figures=list(_figures(changes.shown_causes, to)),
        prose=list(_sentences(prose, to)),
        tables=list(_sentences(tables, to, by_place=True)),
        beside=beside(changes),
    )


def _figures(causes: Iterable[Cause], to: str) -> Iterator[Section]:
    for heading, group in groupby(causes, key=lambda cause: _heading(cause.root.spot)):
        yield Section(heading, [row for cause in group for row in _rows(cause, to)])


def _rows(cause: Cause, to: str) -> Iterator[Row]:
    yield _row(cause.root, None, to)
    for figure in cause.dependents:
        yield _row(figure, cause.root, to)


def _row(figure: FigureChange, root: FigureChange | None, to: str) -> Row:
    of_the_same = root is not None and (figure.code, figure.item) == (root.code, root.item)
    return Row(
        figure,
        root is not None,
        figure.label if of_the_same else titled(figure),
        FIGURE_KINDS[figure.kind],
        figure.before.text if figure.before else "",
        figure.after.text if figure.after else "",
        _origin(figure),
        _link(to, figure.spot if figure.after else Spot()),
    )


def _origin(figure: FigureChange) -> list[str]:
    """The cell of a figure, its formula before and now; a count is of too many cells to tell."""
    given: list[Printed] = [p for p in (figure.before, figure.after) if p is not None]
    if figure.role.startswith(("count.", "submission.")):
        return counted(*(p.formula if p else "" for p in (figure.before, figure.after)))
    if any(p.formula for p in given):
        return list(dict.fromkeys(p.formula for p in given if p.formula))
    return list(dict.fromkeys(where(p.sources[0]) for p in given if p.sources))


def _sentences(sentences: Iterable[SentenceChange], to: str, by_place: bool = False) -> Iterator[Section]:
    for heading, group in groupby(sentences, key=lambda s: s.place if by_place else _heading(s.spot)):
        yield Section(heading, [_told(sentence, to) for sentence in group])


def _told(sentence: SentenceChange, to: str) -> Told:
    compared = sentence.kind == "changed"
    return Told(
        sentence,
        SENTENCE_KINDS[sentence.kind],
        _marked(sentence.before, "del" if compared else ""),
        _marked(sentence.after, "ins" if compared else ""),
        _link(to, sentence.spot if sentence.after else Spot()),
    )


def _marked(pieces: Sequence[Piece], tag: str) -> Markup:
    """The pieces with what differs marked up; long stretches that are the same are left out."""
    told = Markup()
    for piece in elided(pieces, SAME_SHOWN, LONGEST):
        text = shown(piece.text)
        told += Markup(f"<{tag}>{escape(text)}</{tag}>") if piece.differs and tag else escape(text)
    return told


def _heading(spot: Spot) -> str:
    return " › ".join(spot.headings) or WHOLE_REPORT


def _link(to: str, spot: Spot) -> str:
    return f"{to}#{quote(spot.anchor, safe='-')}" if to and spot.anchor else ""
