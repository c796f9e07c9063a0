"""Which number of a sentence is which of the same sentence edited: by the words around it, not by its amount."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from analysis.running.read_back.lines import CELL
from analysis.running.read_back.numbers import HOLE, Number, skeleton
from analysis.running.read_back.passages import Passage

BREAKS = ("[；;。！？]", "[，,；;。！？：:]", "[，,；;。！？：:、（）()]")
"""Where a sentence is taken apart, coarse to fine: a part that moved as a whole keeps its numbers."""
MAX_CHARACTERS = 6_000
WORDS_TO_MOVE = 2
PRIVATE = 0xF0000
"""Characters that no text holds begin here."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A number with the passage that it stands in, and its place among the joined texts."""

    number: Number
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A number and what it is now; None where it is added or lost. `same_words`: its whole part of the sentence stayed."""

    before: Placed | None
    after: Placed | None
    same_words: bool = False


class Joined:
    """Passages that stand for each other's counterpart, as one text: sentences made one, or one made two."""

    def __init__(self, passages: Sequence[Passage], indexes: Sequence[int]) -> None:
        self.text = ""
        self.numbers: list[Placed] = []
        self.row = bool(indexes) and all(passages[index].row for index in indexes)
        for index in indexes:
            shift = len(self.text)
            self.text += passages[index].text
            self.numbers += [Placed(n, index, n.start + shift, n.end + shift) for n in passages[index].numbers]

    @cached_property
    def skeleton(self) -> str:
        """Its words, a hole for each number."""
        return self.words(0, len(self.text))

    def words(self, start: int, end: int) -> str:
        """The words of a part, a hole for each number."""
        inside = [p for p in self.numbers if start <= p.start and p.end <= end]
        shifted = tuple(
            Number(p.number.shown, p.number.digits, p.number.unit, p.start - start, p.end - start) for p in inside
        )
        return skeleton(self.text[start:end], shifted)

    def parts(self, breaks: str) -> Iterator[tuple[int, int]]:
        """The parts between marks of punctuation; a mark within a number (1,200) is none."""
        within = {place for p in self.numbers for place in range(p.start, p.end)}
        start = 0
        for match in re.finditer(breaks, self.text):
            if match.start() in within:
                continue
            if match.start() > start:
                yield start, match.start()
            start = match.end()
        if start < len(self.text):
            yield start, len(self.text)


def pair_numbers(before: Joined, after: Joined) -> tuple[list[Pair], bool]:
    """Pair the numbers of two texts; one without a counterpart stands with None.

    Returns:
        The pairs, and whether the words around the numbers are the same.
    """
    if before.skeleton == after.skeleton and len(before.numbers) == len(after.numbers):
        return [Pair(one, other, True) for one, other in zip(before.numbers, after.numbers, strict=True)], True
    if before.row and after.row and before.text.count(CELL) == after.text.count(CELL):
        return _by_cell(before, after), False
    return _by_words(before, after), False


def _by_cell(before: Joined, after: Joined) -> list[Pair]:
    pairs: list[Pair] = []
    for (start, end), (other_start, other_end) in zip(_cells(before.text), _cells(after.text), strict=True):
        ours = [p for p in before.numbers if start <= p.start and p.end <= end]
        theirs = [p for p in after.numbers if other_start <= p.start and p.end <= other_end]
        if len(ours) == len(theirs):
            pairs += [Pair(one, other) for one, other in zip(ours, theirs, strict=True)]
        else:
            pairs += _left_over(ours, theirs)
    return pairs


def _cells(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cell in text.split(CELL):
        yield start, start + len(cell)
        start += len(cell) + 1


def _by_words(before: Joined, after: Joined) -> list[Pair]:
    pairs: list[Pair] = []
    ours, theirs = list(before.numbers), list(after.numbers)

    def take(first: Sequence[Placed], second: Sequence[Placed], same_words: bool = False) -> None:
        for one, other in zip(first, second, strict=True):
            pairs.append(Pair(one, other, same_words))
            ours.remove(one)
            theirs.remove(other)

    for breaks in BREAKS:
        for (start, end), (other_start, other_end) in _same_parts(before, after, breaks):
            first = [p for p in before.numbers if start <= p.start and p.end <= end]
            second = [p for p in after.numbers if other_start <= p.start and p.end <= other_end]
            if all(p in ours for p in first) and all(p in theirs for p in second):
                take(first, second, breaks is BREAKS[0])
    for same_amounts in (True, False):
        for first, second in _along(before, after, ours, theirs, same_amounts):
            take(first, second)
    return pairs + _left_over(ours, theirs)


def _same_parts(before: Joined, after: Joined, breaks: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Parts whose words stand once in either text."""
    ours = [(before.words(*part), part) for part in before.parts(breaks)]
    theirs = [(after.words(*part), part) for part in after.parts(breaks)]
    counts, others = Counter(words for words, _ in ours), Counter(words for words, _ in theirs)
    where = dict(theirs)
    return [
        (part, where[words])
        for words, part in ours
        if counts[words] == others[words] == 1 and HOLE in words and len(words.replace(HOLE, "")) >= WORDS_TO_MOVE
    ]


def _along(
    before: Joined, after: Joined, ours: Sequence[Placed], theirs: Sequence[Placed], same_amounts: bool
) -> list[tuple[list[Placed], list[Placed]]]:
    """Numbers that stand in the same words when the two texts are laid side by side, then those in rewritten words.

    With `same_amounts` a number lies beside its like only: what was added before it or after it can't take its place.
    """
    if len(before.text) + len(after.text) > MAX_CHARACTERS:
        return []
    marks: dict[tuple[str, str], str] = {}
    first, holes = _laid_out(before, ours, marks if same_amounts else None)
    second, other_holes = _laid_out(after, theirs, marks if same_amounts else None)
    same: list[tuple[list[Placed], list[Placed]]] = []
    rewritten: list[tuple[list[Placed], list[Placed]]] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            steps = [step for step in range(i_end - i) if i + step in holes and j + step in other_holes]
            same += [([holes[i + step]], [other_holes[j + step]]) for step in steps]
        elif kind == "replace" and not same_amounts:
            changed = [holes[place] for place in range(i, i_end) if place in holes]
            others = [other_holes[place] for place in range(j, j_end) if place in other_holes]
            if len(changed) == len(others):
                rewritten.append((changed, others))
    return same + rewritten


def _laid_out(
    joined: Joined, numbers: Sequence[Placed], marks: dict[tuple[str, str], str] | None
) -> tuple[str, dict[int, Placed]]:
    """A text with one mark for each of some numbers, and where they are: a hole, or a mark for each amount."""
    text, holes, last = "", {}, 0
    for placed in numbers:
        text += joined.text[last : placed.start]
        holes[len(text)] = placed
        text += HOLE if marks is None else marks.setdefault(placed.number.key, chr(PRIVATE + len(marks)))
        last = placed.end
    return text + joined.text[last:], holes


def _left_over(ours: Sequence[Placed], theirs: Sequence[Placed]) -> list[Pair]:
    """Numbers that stayed in words that didn't; then what is lost and what is added."""
    waiting = list(theirs)
    pairs: list[Pair] = []
    for one in ours:
        same = next((other for other in waiting if other.number.key == one.number.key), None)
        pairs.append(Pair(one, same))
        if same is not None:
            waiting.remove(same)
    return pairs + [Pair(None, other) for other in waiting]
