"""Which sentences, rows of tables and texts of charts differ between two reports."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.running.changes.marking import side_by_side, tokens_of, whole
from analysis.running.changes.model import CellChange, SentenceChange, SentenceKind
from analysis.running.changes.telling import Spot, Telling, ToldLine
from analysis.running.read_back.align import Alignment, align, groups
from analysis.running.read_back.numbers import ENUMERATED, Numbers, squeeze
from analysis.running.read_back.passages import Passage, passages_of
from analysis.telling.annex import HEADS

SOURCE = HEADS[-1]
"""The column of the annex that tells the cell; where a figure comes from is told elsewhere."""
GAP = re.compile("〔[^〕]*〕")
OF_A_GAP = 0.5
"""So much of the words around a gap must be found again."""
NAMED_BY = 2
"""So many cells name a row: code and name."""


@dataclass(frozen=True)
class _Side:
    """A report's lines and passages."""

    telling: Telling
    passages: Sequence[Passage]

    def line(self, index: int) -> ToldLine:
        return self.telling.lines[self.passages[index].line]


def sentence_changes(before: Telling, after: Telling, units: set[str]) -> tuple[tuple[SentenceChange, ...], int]:
    """Compare the sentences of two reports.

    Args:
        before, after: the reports.
        units: the units that their figures carry.

    Returns:
        Those that differ, in the order of the later report; and how many differ in their number alone (二是 for 一是) or
        stand elsewhere.

    Raises:
        ValueError: there are more than any report has.
    """
    numbers = Numbers(units)
    old, new = (_Side(t, passages_of((told.line for told in t.lines), numbers)) for t in (before, after))
    alignment = align(old.passages, new.passages)
    found: list[tuple[tuple[float, int], SentenceChange]] = []
    renumbered = 0
    for ours, theirs in _gaps_closed(old, new, groups(old.passages, new.passages, alignment)):
        if ours and theirs and _bare(old, ours) == _bare(new, theirs):
            alike = _text(old, ours) == _text(new, theirs)
            renumbered += not alike or ours[0] in alignment.moved
            continue
        change = _change(old, ours, new, theirs)
        if change is not None:
            found.append((_place(ours, theirs, alignment), change))
    return tuple(change for _, change in sorted(found, key=lambda each: each[0])), renumbered


Group = tuple[list[int], list[int]]


def _gaps_closed(old: _Side, new: _Side, found: Sequence[Group]) -> list[Group]:
    """Put a sentence that held nothing but a gap beside the one that now tells the figure (or the other way round)."""
    gone = [ours[0] for ours, theirs in found if not theirs]
    added = [theirs[0] for ours, theirs in found if not ours]
    pairs: dict[int, int] = {}
    for i in gone:
        near = [
            (shared, -j) for j in added if j not in pairs.values() and (shared := _shared(old, i, new, j)) >= OF_A_GAP
        ]
        if near:
            pairs[i] = -max(near)[1]
    taken = set(pairs.values())
    left = [each for each in found if not (each[0] and each[0][0] in pairs) and not (each[1] and each[1][0] in taken)]
    return left + [([i], [j]) for i, j in pairs.items()]


def _shared(old: _Side, i: int, new: _Side, j: int) -> float:
    """How much of the words around a gap stands in the other report's sentence, from 0 to 1."""
    one, other = old.passages[i], new.passages[j]
    if one.row or other.row or one.heading != other.heading:
        return 0.0
    if not GAP.search(one.text):
        one, other = other, one
    around = Counter(map("".join, pairwise(GAP.sub("", one.text))))
    if not GAP.search(one.text) or not around:
        return 0.0
    return (around & Counter(map("".join, pairwise(other.text)))).total() / around.total()


def _text(side: _Side, indexes: Sequence[int]) -> str:
    return "".join(side.passages[index].text for index in indexes)


def _bare(side: _Side, indexes: Sequence[int]) -> str:
    """Without the number that a paragraph or point begins with."""
    passages = [side.passages[index] for index in indexes]
    return "".join(p.text if p.row else ENUMERATED.sub("", p.text, count=1) for p in passages)


def _place(ours: Sequence[int], theirs: Sequence[int], alignment: Alignment) -> tuple[float, int]:
    """In the order of the later report; what is gone stands after what it followed."""
    if theirs:
        return theirs[0], 0
    nearest = max((i for i in alignment.pairs if i < ours[0] and i not in alignment.moved), default=None)
    return (-1.0 if nearest is None else alignment.pairs[nearest] + 0.5), ours[0]


def _change(old: _Side, ours: Sequence[int], new: _Side, theirs: Sequence[int]) -> SentenceChange | None:
    kind: SentenceKind = "new" if not ours else "gone" if not theirs else "changed"
    here, indexes = (new, theirs) if theirs else (old, ours)
    told = here.line(indexes[0])
    cells: tuple[CellChange, ...] = ()
    if ours and theirs and told.line.row:
        one = old.line(ours[0])
        if one.heads == told.heads and len(one.cells) == len(told.cells) and told.cells != told.heads:
            cells = _cells(one, told)
            if not cells:
                return None  # it comes from another cell, no more
    first, second = (tokens_of([side.passages[i] for i in own]) for side, own in ((old, ours), (new, theirs)))
    pieces = side_by_side(first, second) if ours and theirs else (whole(first), whole(second))
    departments, quoted = _whose(old, ours, new, theirs)
    return SentenceChange(
        kind,
        told.line.place,
        " ".join(told.cells[:NAMED_BY]) if told.line.row else "",
        *pieces,
        cells,
        _spot(old, ours, new, theirs),
        departments,
        quoted,
    )


def _cells(one: ToldLine, other: ToldLine) -> tuple[CellChange, ...]:
    heads = other.heads or ("",) * len(other.cells)
    return tuple(
        CellChange(head, was, now)
        for head, was, now in zip(heads, one.cells, other.cells, strict=True)
        if squeeze(was)[0] != squeeze(now)[0] and head != SOURCE
    )


def _spot(old: _Side, ours: Sequence[int], new: _Side, theirs: Sequence[int]) -> Spot:
    """The first figure that is not what it was, else the first figure, else the heading or table above."""
    if not theirs:
        told = old.line(ours[0])
        return Spot(_headings(told), "")
    told = new.line(theirs[0])
    known = {text for index in ours for text, *_ in _figures(old, index)}
    figures = [figure for index in theirs for figure in _figures(new, index)]
    other = [figure for figure in figures if figure[0] not in known and figure[1]]
    at = (other or [figure for figure in figures if figure[1]] or [("", told.anchor, "")])[0]
    return Spot(_headings(told), at[1])


def _headings(told: ToldLine) -> tuple[str, ...]:
    return tuple(told.line.heading.split(" › ")) if told.line.heading else ()


def _figures(side: _Side, index: int) -> list[tuple[str, str, str]]:
    """The figures within a passage: text, id, code."""
    told = side.line(index)
    begin, end = _span(side.passages[index], told)
    return [(told.line.text[s:e], popup, code) for s, e, popup, code in told.figures if begin <= s < end]


def _span(passage: Passage, told: ToldLine) -> tuple[int, int]:
    """Where a passage stands in its line as written."""
    origins = squeeze(told.line.text)[1]
    return origins[passage.start], origins[passage.start + len(passage.text) - 1] + 1


def _quotations(side: _Side, index: int) -> set[tuple[str, str]]:
    """The departments' own words within a passage: text, and where they are from."""
    told = side.line(index)
    begin, end = _span(side.passages[index], told)
    return {
        (told.line.text[max(s, begin) : min(e, end)], source)
        for s, e, source in told.quotations
        if s < end and begin < e
    }


def _whose(
    old: _Side, ours: Sequence[int], new: _Side, theirs: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = {**old.telling.names, **new.telling.names}
    sides = ((new, theirs), (old, ours))
    codes = [code for side, own in sides for index in own for _, _, code in _figures(side, index)]
    departments = [names[code][1] for code in codes if code in names]
    theirs_said, ours_said = ({said for i in own for said in _quotations(side, i)} for side, own in sides)
    words = {text for text, _ in ours_said} ^ {text for text, _ in theirs_said}
    quoted = [source for text, source in (*sorted(theirs_said), *sorted(ours_said)) if text in words]
    return tuple(dict.fromkeys(departments)), tuple(dict.fromkeys(quoted))
