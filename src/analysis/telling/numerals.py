"""What in a text is a number: digits of any script, and Chinese numerals before a measure word; with what is allowed."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analysis.scheme.models import NUMERALS

LOOSE = "几数多余来半"
"""What may stand in a Chinese number beside its numerals: 十几个, 三十多户."""
MAGNITUDES = "十百千万亿"
SIGNS = "%％‰‱"
INSIDE = ".,，．:：/-—－"
"""What may stand between the digits of one number."""


def is_digit(mark: str) -> bool:
    """Whether a character is a digit or stands for one: 5, ５, ①, Ⅳ, 〇, ㋀, %; the Chinese numerals are not."""
    if "\u3400" <= mark <= "\u9fff":
        return False
    if mark.isnumeric() or mark in SIGNS:
        return True
    return mark > "\x7f" and any(part.isdigit() for part in unicodedata.normalize("NFKC", mark))


def has_number(text: str) -> bool:
    """Whether any digit or numeral stands in a text, a number or not."""
    return any(mark in NUMERALS or is_digit(mark) for mark in text)


def _by_first(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their first character, longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted({word for word in words if word}, key=lambda word: (-len(word), word)):
        found.setdefault(word[0], []).append(word)
    return {first: tuple(listed) for first, listed in found.items()}


def _at(words: dict[str, tuple[str, ...]], text: str, place: int) -> str:
    """The longest of the words that stands at a place; empty where none does."""
    return next((w for w in words.get(text[place : place + 1], ()) if text.startswith(w, place)), "")


@dataclass(frozen=True)
class Lexicon:
    """What is allowed, and the measure words.

    Attributes:
        allowed: words and names in which a number may stand.
        measures: words before which a Chinese numeral is a number.
    """

    allowed: frozenset[str]
    measures: frozenset[str]
    _allowed: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _measures: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_allowed", _by_first(word for word in self.allowed if has_number(word)))
        object.__setattr__(self, "_measures", _by_first(self.measures))

    def with_names(self, names: Iterable[str]) -> "Lexicon":
        """The same measures, with more that is allowed."""
        return Lexicon(self.allowed | frozenset(names), self.measures)

    def numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in a text a number stands that no allowed word covers: start and end of each, in order."""
        place = 0
        while place < len(text):
            end = self._word_end(text, place)
            if end is None:
                end = self._digits_end(text, place) or self._numeral_end(text, place)
                if end is not None:
                    yield place, end
            place = end or place + 1

    def begins(self, text: str) -> bool:
        """Whether a text begins with an allowed word that holds a number."""
        return bool(text) and self._word_end(text, 0) is not None

    def _word_end(self, text: str, place: int) -> int | None:
        """Where the longest allowed word ends; one that ends in a digit is none where the number goes on (附件1 in 附件12)."""
        for word in self._allowed.get(text[place], ()):
            if not text.startswith(word, place):
                continue
            end = place + len(word)
            if is_digit(word[-1]) and (_digit_at(text, end) or _at(self._measures, text, end)):
                continue
            return end
        return None

    def _digits_end(self, text: str, place: int) -> int | None:
        if not is_digit(text[place]):
            return None
        end = place + 1
        while _digit_at(text, end):
            end += 1 if is_digit(text[end]) else 2
        return end + len(_at(self._measures, text, end))

    def _numeral_end(self, text: str, place: int) -> int | None:
        """Where a Chinese number with its measure word ends: 三个, 十几户, 二 十 个; None where none begins here."""
        if text[place] not in NUMERALS:
            return None
        ends = [place + 1]
        while ends[-1] < len(text) and (text[ends[-1]] in NUMERALS + LOOSE or text[ends[-1]].isspace()):
            ends.append(ends[-1] + 1)
        for end in reversed(ends):  # a numeral may begin the measure itself: 两千瓦
            measure = _at(self._measures, text, end)
            if measure:
                return end + len(measure)
        return None


def _digit_at(text: str, place: int) -> bool:
    """Whether a number goes on at a place, with a digit or with a mark that a digit follows."""
    here, after = text[place : place + 1], text[place + 1 : place + 2]
    return bool(here) and (is_digit(here) or (here in INSIDE and bool(after) and is_digit(after)))
