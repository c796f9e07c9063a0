"""The checks by code. A check is one small function: from a return to what it found, passed or could not look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from analysis.intake.checks.context import Context
from analysis.intake.found import Found


@dataclass(frozen=True, slots=True)
class Passed:
    """A check looked, and all was well."""

    check: str


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A check could not look: what it needs is not there."""

    check: str
    reason: str = ""


Result: TypeAlias = Found | Passed | NotEvaluated
CheckFunction: TypeAlias = Callable[[Context], Iterator[Result]]

COMMON_MARKS = frozenset(
    ("department", "file", "sheet", "cell", "code", "name", "item", "heading", "unit", "found", "expected")
)
"""The {marks} that every wording may use; they are empty where they don't apply."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the code knows of a check; severity, bound and words are in `checks.csv`."""

    code: str
    group: str
    marks: frozenset[str]
    needs_value: bool = False


RULES: dict[str, Rule] = {}
FUNCTIONS: list[CheckFunction] = []


def rule(code: str, group: str, *marks: str, needs_value: bool = False) -> str:
    """Make a check's code known, with the marks of its own that its wording may use; gives the code back."""
    if code in RULES:
        raise ValueError(f"check {code} is declared twice")
    RULES[code] = Rule(code, group, frozenset(marks) | COMMON_MARKS, needs_value)
    return code


def check(function: CheckFunction) -> CheckFunction:
    """Register a check function; it runs on every return, in the order of registration."""
    FUNCTIONS.append(function)
    return function
