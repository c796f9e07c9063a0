"""Lines as passages to compare: a sentence, a heading, or a row of a table each, with its numbers."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analysis.running.read_back.lines import Line
from analysis.running.read_back.numbers import Number, Numbers, skeleton, squeeze

SENTENCE = re.compile(r".*?(?:[。！？!?]+[”’」』）)]*|$)", re.DOTALL)
MAX_PASSAGES = 50_000


@dataclass(frozen=True)
class Passage:
    """A sentence, heading or row.

    Attributes:
        text: squeezed, see `numbers.squeeze`; all places are places in it.
        printed: as written.
        origins: where in `printed` each character of `text` stands.
        line: which line it is of.
        start: where in the squeezed line it begins.
    """

    text: str
    printed: str
    origins: tuple[int, ...]
    numbers: tuple[Number, ...]
    line: int
    start: int
    heading: str
    place: str
    row: bool

    def as_printed(self, number: Number) -> str:
        """A number as written, with its unit."""
        start, last = self.origins[number.start], self.origins[number.end - 1]
        return "".join(self.printed[start : last + 1].split())

    @cached_property
    def skeleton(self) -> str:
        """Its words, a hole for each number."""
        return skeleton(self.text, self.numbers)

    @cached_property
    def bigrams(self) -> Counter[str]:
        """How often each two neighbouring characters of its words stand in it."""
        return Counter(first + second for first, second in pairwise(self.skeleton))


def passages_of(lines: Iterable[Line], numbers: Numbers) -> list[Passage]:
    """The passages of lines, in order.

    Raises:
        ValueError: there are more than any report has.
    """
    passages: list[Passage] = []
    for place, line in enumerate(lines):
        text, origins = squeeze(line.text)
        for match in [re.match(r".*", text, re.DOTALL)] if line.row else SENTENCE.finditer(text):
            if match is None or not any(map(str.isalnum, match[0])):
                continue  # a rule, dashes around a page number
            start, end = match.span()
            first, last = origins[start], origins[end - 1] + 1
            passages.append(
                Passage(
                    match[0],
                    line.text[first:last],
                    tuple(origin - first for origin in origins[start:end]),
                    numbers.of(match[0], line.row),
                    place,
                    start,
                    line.heading,
                    line.place,
                    line.row,
                )
            )
        if len(passages) > MAX_PASSAGES:
            raise ValueError(f"句子超过{MAX_PASSAGES}个")
    return passages
