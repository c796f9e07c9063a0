"""The checks by code. A check is one small function: from what it looks at to what it found, passed or could not look at.

Both stages register theirs in the same way: `rule` makes a code known, `check` a function. What a check looks at differs:
in stage 1 one return, in stage 2 the returns of a town over years and departments.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar

from analysis.intake.checks.context import Context
from analysis.intake.found import Found

C = TypeVar("C")
R = TypeVar("R")

GROUPS = {
    "complete": "是否齐全",
    "reading": "读表",
    "domain": "取值",
    "arithmetic": "勾稽关系",
    "target": "与目标任务书对照",
    "explanation": "说明",
    "projects": "项目和履职",
    "text": "文字",
    "years": "与上年和前期对照",
    "departments": "部门之间对照",
    "projects_book": "项目与目标任务书对照",
    "files": "文件夹",
}
"""The groups of both stages, in the order of the reference page, and how it calls them."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A check looked, and all was well."""

    check: str


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A check could not look: what it needs is not there, see `Rule.unless`."""

    check: str


Result: TypeAlias = Found | Passed | NotEvaluated

COMMON_MARKS = frozenset(
    ("department", "file", "sheet", "cell", "code", "name", "item", "heading", "unit", "found", "expected")
)
"""The {marks} that every wording may use; they are empty where they don't apply."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a check's bound may be; beyond that it would find all or nothing.

    Attributes:
        least, most: the smallest and the largest bound.
        whole: whether it counts something.
        unit: in which unit the office states it, in Chinese.
    """

    least: Decimal
    most: Decimal | None = None
    whole: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the code knows of a check; severity, bound and words are in `checks.csv`.

    Attributes:
        code: its code.
        group: one of `GROUPS`.
        marks: the {marks} that its wording may use.
        bound: what its bound may be; none where it has no bound.
        unless: when it can't be evaluated, in Chinese; empty where it always can.
        always: the one severity it may have, where a final report would have a hole otherwise.
    """

    code: str
    group: str
    marks: frozenset[str]
    bound: Bound | None = None
    unless: str = ""
    always: Literal["error"] | None = None


@dataclass
class Checks(Generic[C, R]):
    """The checks of a stage.

    Attributes:
        rules: by code, what is known of each check.
        functions: in the order of registration; each goes from what it looks at to results.
    """

    rules: dict[str, Rule] = field(default_factory=dict)
    functions: list[Callable[[C], Iterator[R]]] = field(default_factory=list)

    def rule(
        self,
        code: str,
        group: str,
        *marks: str,
        bound: Bound | None = None,
        unless: str = "",
        always: Literal["error"] | None = None,
    ) -> str:
        """Make a check's code known, with the marks of its own that its wording may use; gives the code back."""
        assert code not in self.rules and group in GROUPS, code
        self.rules[code] = Rule(code, group, frozenset(marks) | COMMON_MARKS, bound, unless, always)
        return code

    def check(self, function: Callable[[C], Iterator[R]]) -> Callable[[C], Iterator[R]]:
        """Register a check function; all run, in the order of registration."""
        self.functions.append(function)
        return function


RETURN_CHECKS: Checks[Context, Result] = Checks()
"""The checks of stage 1: each looks at one return."""
RULES, FUNCTIONS = RETURN_CHECKS.rules, RETURN_CHECKS.functions
rule, check = RETURN_CHECKS.rule, RETURN_CHECKS.check
