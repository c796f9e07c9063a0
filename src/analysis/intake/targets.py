"""Which target counts: the target book's where it has one that can be read, else the return's."""

from dataclasses import dataclass
from decimal import Decimal

from analysis.scheme import Facts
from analysis.scheme.facts import name_key

UNREADABLE, NOT_SET = "unreadable", "not_set"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of an indicator.

    Attributes:
        number: the target, for a ratio in per cent; None where neither book nor return has one.
        from_book: whether the book set it.
        gap: why the book did not, where the town has one: `unreadable` or `not_set`.
        place: how sources name the place in the book: `targets/2021.csv第5行`.
    """

    number: Decimal | None
    from_book: bool
    gap: str | None = None
    place: str = ""


def target_of(facts: Facts, code: str, returned: Decimal | None) -> Target:
    """Say which target counts for an indicator.

    Args:
        facts: with the target book.
        code: the indicator's code.
        returned: the target in the department's return.
    """
    if not facts.has_target_book:
        return Target(returned, False)
    row = facts.target(code)
    if row is None or not row.target:
        gap = NOT_SET
    elif row.value is None:
        gap = UNREADABLE
    else:
        return Target(row.value, True, None, book_place(facts, code))
    return Target(returned, False, gap, book_place(facts, code))


def book_place(facts: Facts, code: str, project: str = "") -> str:
    """How a message names a row of the target book."""
    number = facts.target_rows.get((code, name_key(project)))
    return f"{facts.target_file}第{number}行" if number else facts.target_file
