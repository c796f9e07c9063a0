"""Which paragraphs answer which problems: by the codes that a department put beside its words (对应问题)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from analysis.figures.model import Paragraph, Problem
from analysis.scheme.models import CODE
from analysis.scheme.report import MEASURE, PROBLEM

__all__ = ["MEASURE", "PROBLEM", "answered_by", "answers_to", "codes_of"]

_DASHES = re.compile(r"\s*[-—–−‐]\s*")
_NAME = re.compile(rf"(?<![A-Z0-9]){CODE}(?:-\d+)?(?![\d])")


def codes_of(paragraph: Paragraph) -> list[str]:
    """The codes that a department put beside a paragraph, however wide or spaced it typed them: `Ｅ０４－２`, `E04 - 2`."""
    typed = unicodedata.normalize("NFKC", paragraph.answers or "").upper()
    return _NAME.findall(_DASHES.sub("-", typed))


def answered_by(paragraph: Paragraph, problems: Sequence[Problem]) -> tuple[str, ...]:
    """The names of the problems that a paragraph answers, by the codes that the department put beside it.

    `E04-2` is one project; `E04` is the row, with every late project of it.
    """
    codes = codes_of(paragraph)
    return tuple(
        dict.fromkeys(problem.name for code in codes for problem in problems if code in (problem.name, problem.code))
    )


def answers_to(
    problems: Sequence[Problem], paragraphs: Sequence[Paragraph], category: str
) -> Mapping[str, list[Paragraph]]:
    """The paragraphs of a category that answer each problem, by its name, in the order of the returns."""
    answers: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        if paragraph.category == category:
            for name in answered_by(paragraph, problems):
                answers.setdefault(name, []).append(paragraph)
    return answers
