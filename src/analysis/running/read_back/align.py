"""Which passage of the edited text is which of the report's: by their words, whatever became of their numbers."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from analysis.running.read_back.numbers import HOLE
from analysis.running.read_back.passages import Passage

EXACT, SAME_WORDS, LIKE = 3.0, 2.6, 1.4
"""What a pair is worth: with all numbers, with other numbers, with other words (times likeness). Two pairs of the same words
are worth more than one exact pair, so that numbers swapped between two like sentences are seen as swapped."""
LIKE_NEARBY, LIKE_ANYWHERE, LIKE_WITH_NUMBERS = 0.4, 0.6, 0.1
WORDS_TO_MOVE = 4
"""A passage with fewer characters of words is nowhere known again but in its place."""
PART_OF_ANOTHER = 0.6
"""So much of a sentence's words among those that its neighbour's counterpart has more than the neighbour means that two
sentences were made one, or one two."""
REACH = 12
MAX_PAIRS = 100_000
MAX_COMPARISONS = 4_000_000


@dataclass
class Alignment:
    """Pairs of passages by index, those of them that stand elsewhere now, and what has no partner."""

    pairs: dict[int, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    lost: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def align(before: Sequence[Passage], after: Sequence[Passage]) -> Alignment:
    """Pair the passages of two texts, each at most once."""
    unique = _unique_pairs(before, after)
    kept = _increasing(unique)
    found = Alignment(dict(kept))
    in_order = set(kept)
    for i, j in unique:
        if (i, j) not in in_order and _words(before[i]) >= WORDS_TO_MOVE:
            found.pairs[i] = j
            found.moved.add(i)
    taken = set(found.pairs.values())
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *kept, (len(before), len(after))]):
        ours = [k for k in range(i + 1, next_i) if k not in found.pairs]
        theirs = [k for k in range(j + 1, next_j) if k not in taken]
        found.pairs.update(_in_gap(before, after, ours, theirs))
    _elsewhere(before, after, found)
    taken = set(found.pairs.values())
    found.lost = [i for i in range(len(before)) if i not in found.pairs]
    found.added = [j for j in range(len(after)) if j not in taken]
    return found


def _words(passage: Passage) -> int:
    return sum(character != HOLE and character.isalpha() for character in passage.skeleton)


def _key(passage: Passage) -> tuple[bool, str]:
    return passage.row, passage.skeleton


def _unique_pairs(before: Sequence[Passage], after: Sequence[Passage]) -> list[tuple[int, int]]:
    """Passages whose words stand once in either text, in the order of the first."""
    ours, theirs = Counter(map(_key, before)), Counter(map(_key, after))
    where = {_key(passage): j for j, passage in enumerate(after)}
    return [
        (i, where[_key(passage)])
        for i, passage in enumerate(before)
        if ours[_key(passage)] == 1 and theirs[_key(passage)] == 1
    ]


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, ordered by the first index, whose second indexes rise too."""
    ends: list[int] = []
    places: list[int] = []
    previous: list[int] = []
    for place, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        previous.append(places[length - 1] if length else -1)
        ends[length:] = [j, *ends[length + 1 :]]
        places[length:] = [place, *places[length + 1 :]]
    kept: list[tuple[int, int]] = []
    place = places[-1] if places else -1
    while place >= 0:
        kept.append(pairs[place])
        place = previous[place]
    return kept[::-1]


def _in_gap(
    before: Sequence[Passage], after: Sequence[Passage], ours: Sequence[int], theirs: Sequence[int]
) -> dict[int, int]:
    """Pair the passages between two that are known, in order, so that the pairs are worth most together."""
    if not ours or not theirs:
        return {}
    if len(ours) * len(theirs) > MAX_PAIRS:
        return _in_wide_gap(before, after, ours, theirs)
    worth = [[_worth(before[i], after[j]) for j in theirs] for i in ours]
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for row in range(len(ours) - 1, -1, -1):
        for column in range(len(theirs) - 1, -1, -1):
            together = worth[row][column]
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                best[row + 1][column + 1] + together if together else 0.0,
            )
    pairs: dict[int, int] = {}
    row = column = 0
    while row < len(ours) and column < len(theirs):
        together = worth[row][column]
        if together and best[row][column] == best[row + 1][column + 1] + together:
            pairs[ours[row]] = theirs[column]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def _in_wide_gap(
    before: Sequence[Passage], after: Sequence[Passage], ours: Sequence[int], theirs: Sequence[int]
) -> dict[int, int]:
    """Pair what stayed the same between two passages that lie far apart, then what lies in between."""
    if len(ours) * len(theirs) > MAX_COMPARISONS:
        return {}  # no report is as long: what is the same is found anywhere
    texts, others = [before[i].text for i in ours], [after[j].text for j in theirs]
    pairs: dict[int, int] = {}
    row = column = 0
    for block in SequenceMatcher(None, texts, others, autojunk=False).get_matching_blocks():
        between, other = ours[row : block.a], theirs[column : block.b]
        if len(between) * len(other) <= MAX_PAIRS:
            pairs.update(_in_gap(before, after, between, other))
        row, column = block.a + block.size, block.b + block.size
        pairs.update(zip(ours[block.a : row], theirs[block.b : column], strict=True))
    return pairs


def _worth(ours: Passage, theirs: Passage) -> float:
    if ours.row != theirs.row:
        return 0.0
    if ours.text == theirs.text:
        return EXACT
    if ours.skeleton == theirs.skeleton:
        return SAME_WORDS
    alike = likeness(ours, theirs)
    if alike >= LIKE_WITH_NUMBERS and Counter(n.key for n in ours.numbers) == Counter(n.key for n in theirs.numbers):
        alike = max(alike, LIKE_NEARBY)
    return LIKE * alike if alike >= LIKE_NEARBY else 0.0


def _elsewhere(before: Sequence[Passage], after: Sequence[Passage], found: Alignment) -> None:
    """Pair what is left wherever it stands: the same text first, then the same words, then the likest."""
    taken = set(found.pairs.values())
    ours = [i for i in range(len(before)) if i not in found.pairs and _words(before[i]) >= WORDS_TO_MOVE]
    theirs = [j for j in range(len(after)) if j not in taken and _words(after[j]) >= WORDS_TO_MOVE]
    for by_numbers in (True, False):
        waiting: dict[tuple[bool, str], list[int]] = defaultdict(list)
        for j in theirs:
            waiting[after[j].row, after[j].text if by_numbers else after[j].skeleton].append(j)
        for i in ours:
            same = waiting[before[i].row, before[i].text if by_numbers else before[i].skeleton]
            if same:
                found.pairs[i] = same.pop(0)
                found.moved.add(i)
        taken = set(found.pairs.values())
        ours, theirs = [i for i in ours if i not in found.pairs], [j for j in theirs if j not in taken]
    if len(ours) * len(theirs) > MAX_PAIRS:
        return
    ranked = sorted(
        (-alike, i, j)
        for i in ours
        for j in theirs
        if before[i].row == after[j].row and (alike := likeness(before[i], after[j])) >= LIKE_ANYWHERE
    )
    for _, i, j in ranked:
        if i not in found.pairs and j not in taken:
            found.pairs[i] = j
            found.moved.add(i)
            taken.add(j)


def likeness(ours: Passage, theirs: Passage) -> float:
    """How much the words of two passages have in common, from 0 to 1."""
    first, second = ours.bigrams, theirs.bigrams
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def groups(
    before: Sequence[Passage], after: Sequence[Passage], alignment: Alignment
) -> list[tuple[list[int], list[int]]]:
    """Passages to compare together: a pair, or a pair with the sentences that were joined to it or cut off it."""
    ours = {i: [i] for i in alignment.pairs}
    theirs = {i: [j] for i, j in alignment.pairs.items()}
    by_after = {j: i for i, j in alignment.pairs.items()}
    alone: list[tuple[list[int], list[int]]] = []
    for i in alignment.lost:
        near = [
            n for n in _neighbours(i, alignment.pairs, len(before)) if _part_of(i, before, theirs[n], after, ours[n])
        ]
        if near:
            ours[near[0]] = sorted([*ours[near[0]], i])
        else:
            alone.append(([i], []))
    for j in alignment.added:
        homes = [by_after[n] for n in _neighbours(j, by_after, len(after))]
        near = [n for n in homes if _part_of(j, after, ours[n], before, theirs[n])]
        if near:
            theirs[near[0]] = sorted([*theirs[near[0]], j])
        else:
            alone.append(([], [j]))
    return [(ours[i], theirs[i]) for i in sorted(ours)] + alone


def _neighbours(place: int, paired: Mapping[int, int], length: int) -> list[int]:
    """The nearest passages before and after one that have a partner, not further than sentences are joined."""
    before = next((n for n in range(place - 1, max(place - REACH, -1), -1) if n in paired), None)
    after = next((n for n in range(place + 1, min(place + REACH, length)) if n in paired), None)
    return [n for n in (before, after) if n is not None]


def _part_of(
    place: int, own: Sequence[Passage], wholes: Sequence[int], others: Sequence[Passage], known: Sequence[int]
) -> bool:
    """Whether a sentence is what the other text has more than the sentences that are known to be of it."""
    part = own[place]
    if part.row or any(others[whole].row for whole in wholes):
        return False
    rest: Counter[str] = Counter()
    for whole in wholes:
        rest.update(others[whole].bigrams)
    for other in known:
        rest.subtract(own[other].bigrams)
    total = part.bigrams.total()
    return total > 0 and (part.bigrams & rest).total() >= PART_OF_ANOTHER * total
