"""What a reader or a check found, before the scheme puts it into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.intake.frames import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found; what is not of a single cell leaves the rest empty."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    code: str | None = None
    item: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: the check's code, the place, and what the check's wording needs.

    `marks` fill the {marks} of wording and remedy; `found` and `expected` among them are the finding's own columns.
    """

    check: str
    place: Place
    marks: Mapping[str, str] = field(default_factory=dict)


def place_of(value: Value, heading: str = "") -> Place:
    """The place of a value."""
    return Place(value.file, value.sheet, value.cell, value.code, _item(value), heading)


def _item(value: Value) -> str:
    return value.item if value.table in ("part", "project") else ""
