"""Two versions of a sentence laid side by side: what differs, in pieces that a person can read."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from analysis.running.changes.model import Piece
from analysis.running.read_back.passages import Passage

TOO_LONG = 4_000_000
"""Pairs of tokens beyond which two sentences are shown as wholly different."""
ALIKE = 0.3
"""Versions of which the shorter has less in common with the other are shown as wholly different: it is chance."""
ISLAND = 2
"""So few equal tokens between two differences are chance, too, unless a mark of punctuation is among them."""
ENDS = "，。；：、）”！？｜"
MARKS = set("，。；：、（）“”！？｜")

Pieces = tuple[Piece, ...]


def tokens_of(passages: Sequence[Passage]) -> list[str]:
    """The characters of passages as printed; a number with its unit is one, and so is white space."""
    tokens: list[str] = []
    for passage in passages:
        at = 0
        for number in passage.numbers:
            start, end = passage.origins[number.start], passage.origins[number.end - 1] + 1
            tokens += _characters(passage.printed[at:start])
            tokens.append(passage.printed[start:end])
            at = end
        tokens += _characters(passage.printed[at:])
    return tokens


def _characters(text: str) -> list[str]:
    return re.findall(r"\s+|\S", text)


def side_by_side(before: Sequence[str], after: Sequence[str]) -> tuple[Pieces, Pieces]:
    """The two versions in pieces, told apart where they differ.

    Examples
    --------
    >>> side_by_side(["完", "成", "12项", "。"], ["完", "成", "13项", "。"])[1]
    (Piece(text='完成', differs=False), Piece(text='13项', differs=True), Piece(text='。', differs=False))
    """
    if len(before) * len(after) > TOO_LONG:
        return whole(before), whole(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    if common < ALIKE * min(len(before), len(after)):
        return whole(before), whole(after)
    runs: list[tuple[bool, list[str], list[str]]] = []
    codes = matcher.get_opcodes()
    for place, (tag, i, i_end, j, j_end) in enumerate(codes):
        ours, theirs = list(before[i:i_end]), list(after[j:j_end])
        island = 0 < place < len(codes) - 1 and len(ours) < ISLAND and not MARKS.intersection(ours)
        differs = tag != "equal" or island
        if runs and runs[-1][0] == differs:
            runs[-1][1].extend(ours)
            runs[-1][2].extend(theirs)
        else:
            runs.append((differs, ours, theirs))
    return (
        tuple(Piece("".join(ours), differs) for differs, ours, _ in runs if ours),
        tuple(Piece("".join(theirs), differs) for differs, _, theirs in runs if theirs),
    )


def whole(tokens: Sequence[str]) -> Pieces:
    """A sentence that has no counterpart, as one piece."""
    return (Piece("".join(tokens), True),) if tokens else ()


def elided(pieces: Sequence[Piece], around: int, longest: int) -> list[Piece]:
    """The pieces for a reader: of long stretches that are the same only what is around the differences.

    Args:
        pieces: of a sentence.
        around: characters of the same words that are shown on either side of a difference.
        longest: characters of one difference that are shown.
    """
    told = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if not piece.differs and len(text) > 2 * around + 2:
            head = _to_a_mark(text[:around]) if place else ""
            tail = _to_a_mark(text[-around:][::-1])[::-1].lstrip(ENDS) if place < len(pieces) - 1 else ""
            text = f"{head}……{tail}"
        elif len(text) > longest:
            text = f"{text[:longest]}……"
        told.append(Piece(text, piece.differs))
    return told


def _to_a_mark(text: str) -> str:
    """A text cut after its last mark of punctuation: half a number is another number."""
    last = max((place for place, character in enumerate(text) if character in MARKS), default=-1)
    return text[: last + 1] if last >= 0 else text
