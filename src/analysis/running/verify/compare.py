"""The passages of two texts compared: every number that was changed, added or lost, and how many wordings were."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.running.read_back.align import Alignment, align, groups
from analysis.running.read_back.numbers import HOLE
from analysis.running.read_back.passages import Passage
from analysis.running.verify.pairing import BREAKS, Joined, Pair, Placed, pair_numbers
from analysis.running.verify.verified import Kind

WORDS_TO_MOVE = 4
HIGHER = "不(?:低于|少于)|增长|增加|增收|增亏|上升|提高|提升|超额|超出|超过|高于|多于|快于|领先|完成|达到|[多超增升](?=(?:了|约|近)?$)"
LOWER = (
    "(?:未|没有?|不)(?:超|高于|多于)|(?:未|没|不)[^，。]{0,4}?(?:完成|达)|(?:[降减跌]幅|缺口)(?:达到?|为)?|下降|减少|减收|减亏|降低|回落|(?<!不)低于|(?<!不)少于|慢于|落后|滞后|不足|"
    "[少减降差欠缺](?=(?:了|约|近)?$)"
)
SAID = re.compile(f"(?P<lower>{LOWER})|(?P<higher>{HIGHER})")
"""What says on which side of something a number lies: of last year, of its target, of the time progress."""
CLAUSE = re.compile(BREAKS[1])


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that differs, with the passages by index that tell its sentence before and after."""

    kind: Kind
    before: Placed | None
    after: Placed | None
    passage_before: int | None
    passage_after: int | None


@dataclass(frozen=True)
class Comparison:
    """What differs, how many sentences have other words only, and how many stand elsewhere only."""

    differences: tuple[Difference, ...]
    reworded: int
    moved: int


def compare(before: Sequence[Passage], after: Sequence[Passage], names: Iterable[str]) -> Comparison:
    """Compare the passages of the report with those of the edited text.

    Args:
        before: the report's.
        after: the edited text's.
        names: names of indicators, parts and projects, under which numbers stand.
    """
    alignment = align(before, after)
    known = sorted({name for name in names if len(name) > 1}, key=lambda name: (-len(name), name))
    named = re.compile("|".join(map(re.escape, known)) if known else r"(?!)")
    differences: list[Difference] = []
    reworded = moved = 0
    for ours, theirs in groups(before, after, alignment):
        first, second = Joined(before, ours), Joined(after, theirs)
        pairs, same_words = pair_numbers(first, second)
        found = []
        for pair in pairs:
            kind = _kind(first, second, pair, None if same_words else named)
            if kind:
                found.append(_difference(kind, pair, ours, theirs))
        differences += found
        if not found and (first.skeleton != second.skeleton):
            reworded += 1
        elif not found and ours and ours[0] in alignment.moved:
            moved += 1
    differences = _moved_parts(before, after, differences)
    return Comparison(tuple(_in_order(differences, alignment, len(after))), reworded, moved)


def _kind(first: Joined, second: Joined, pair: Pair, named: re.Pattern[str] | None) -> Kind | None:
    """What became of a number; None where it is the same. `named` is given where the words around it differ."""
    one, other = pair.before, pair.after
    if one is None or other is None:
        return "added" if one is None else "lost"
    if one.number.key != other.number.key:
        return "changed"
    if named is None or pair.same_words:
        return None
    if {_side(first.text[: one.start]), _side(second.text[: other.start])} == {"lower", "higher"}:
        return "turned"
    return "elsewhere" if _under_another_name(first, second, one, other, named) else None


def _side(words: str) -> str | None:
    """What the words before a number, back to the last mark of punctuation, say of it last: `higher`, `lower`, nothing."""
    said = [match.lastgroup for match in SAID.finditer(CLAUSE.split(words)[-1])]
    return said[-1] if said else None


def _under_another_name(first: Joined, second: Joined, one: Placed, other: Placed, named: re.Pattern[str]) -> bool:
    """Whether the last name before a number is another's: one that did not stand before it, or the two changed places."""
    ours = named.findall(first.text[: one.start])
    theirs = named.findall(second.text[: other.start])
    if not ours or not theirs or ours[-1] == theirs[-1]:
        return False
    if theirs[-1] in ours:
        return ours[-1] in theirs
    return theirs[-1] not in first.text[: one.start]  # of a name cut short another may be left


def _difference(kind: Kind, pair: Pair, ours: Sequence[int], theirs: Sequence[int]) -> Difference:
    """With the sentences that it stands in: where it has none on one side, the counterpart of the other's."""
    one, other = pair.before, pair.after
    passage_before = one.passage if one else (ours[0] if ours else None)
    passage_after = other.passage if other else (theirs[0] if theirs else None)
    return Difference(kind, one, other, passage_before, passage_after)


def _moved_parts(
    before: Sequence[Passage], after: Sequence[Passage], differences: Sequence[Difference]
) -> list[Difference]:
    """A part of a sentence that now stands in another sentence is neither lost nor added."""
    lost = _by_part(before, [d.before for d in differences if d.kind == "lost"])
    added = _by_part(after, [d.after for d in differences if d.kind == "added"])
    pairs: list[tuple[Placed, Placed]] = []
    for words, numbers in lost.items():
        others = added.get(words, [])
        if len(numbers) == len(others) == words.count(HOLE):  # once in either
            pairs += zip(numbers, others, strict=True)
    settled = {id(placed) for pair in pairs for placed in pair}
    kept = [d for d in differences if id(d.before) not in settled and id(d.after) not in settled]
    changed = [
        Difference("changed", one, other, one.passage, other.passage)
        for one, other in pairs
        if one.number.key != other.number.key
    ]
    return kept + changed


def _by_part(passages: Sequence[Passage], numbers: Iterable[Placed | None]) -> dict[str, list[Placed]]:
    """Numbers by the words of the part of a sentence that they stand in."""
    parts: dict[str, list[Placed]] = defaultdict(list)
    for placed in numbers:
        if placed is None or passages[placed.passage].row:
            continue
        joined = Joined(passages, [placed.passage])
        number = placed.number
        for start, end in joined.parts(BREAKS[1]):
            words = joined.words(start, end)
            if start <= number.start and number.end <= end and len(words.replace(HOLE, "")) >= WORDS_TO_MOVE:
                parts[words].append(placed)
    return parts


def _in_order(differences: Iterable[Difference], alignment: Alignment, passages: int) -> list[Difference]:
    """In the order of the report; what was added stands after what it follows in the edited text."""
    by_after = {j: i for i, j in alignment.pairs.items() if i not in alignment.moved}
    follows, last = [], -1
    for j in range(passages):
        last = by_after.get(j, last)
        follows.append(last)

    def place(difference: Difference) -> tuple[float, int, int]:
        number = difference.before or difference.after
        start = number.start if number else 0
        if difference.passage_before is not None:
            return difference.passage_before, 0, start
        j = difference.passage_after or 0
        return follows[j] + 0.5, j, start

    return sorted(differences, key=place)
