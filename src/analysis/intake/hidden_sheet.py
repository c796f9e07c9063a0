"""The hidden sheet of a return: by it a renamed workbook still says whose it is, and of which period."""

import hashlib
import json
from collections.abc import Mapping

from analysis.scheme import Facts, Scheme

CHECK = "check"
LENGTH = 12
SHAPING = {
    *("code", "chapter", "section", "name", "unit", "kind", "owner", "second_owner", "whole", "carried_over"),
    *("breakdown", "parts", "decimals", "since", "until"),
}
"""The columns of `indicators.csv` that shape a blank return."""


def identity(scheme: Scheme, facts: Facts, department: str) -> dict[str, str]:
    """Give the keys and values of the hidden sheet, in their order, the check word last.

    `period` is written as on the command line (`2021`, `2021-09`).
    """
    rows = {
        "department": department,
        "period": str(facts.period),
        "town": facts.town.name,
        "scheme": scheme_version(scheme),
    }
    return {**rows, CHECK: check_word(rows)}


def check_word(rows: Mapping[str, str]) -> str:
    """Compute the check word over the other rows of a hidden sheet: one that was edited by hand shows."""
    return _short([[key, value] for key, value in rows.items() if key != CHECK])


def scheme_version(scheme: Scheme) -> str:
    """Name the scheme that a form was made from, by what a department is asked for and in which form.

    How a figure is told or compared does not count: a change of that kind makes no form out of date.
    """
    rows = [row.model_dump(mode="json", include=SHAPING, exclude_defaults=True) for row in scheme.indicators]
    return _short([rows, [department.name for department in scheme.departments]])


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]
