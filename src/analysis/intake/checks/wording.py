"""A finding in words: what the scheme's `checks.csv` says of it, filled in with what was found."""

from collections import defaultdict
from string import Formatter

from analysis.intake.fields import unit_of
from analysis.intake.found import Found
from analysis.intake.frames import Finding
from analysis.scheme import Scheme

LONGEST_QUOTE = 60
"""Characters of a cell that a message quotes."""
LONGEST_MARK = 600
"""Characters of anything else that a wording is filled in with."""


def marks_in(text: str) -> set[str]:
    """The names of the {marks} in a wording.

    Raises:
        ValueError: the brackets are not closed.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def worded(found: Found, department: str, scheme: Scheme) -> Finding:
    """Put what was found into the words of the scheme: a sentence that says where it is and what it is."""
    check = scheme.checks_by_code[found.check]
    place = found.place
    indicator = scheme.by_code.get(place.code or "")
    marks: dict[str, str] = defaultdict(str)
    if indicator is not None:
        marks |= {"name": indicator.name, "unit": unit_of("actual", indicator)}
    marks |= {
        "department": department,
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "code": place.code or "",
        "item": place.item,
        "heading": place.heading,
    }
    marks |= {
        name: _quoted(text, LONGEST_QUOTE if name == "found" else LONGEST_MARK) for name, text in found.marks.items()
    }
    return Finding(
        department,
        check.code,
        check.severity,
        f"{_where(department, found, indicator.name if indicator else '')}{_sentence(check.wording.format_map(marks))}",
        _sentence(check.remedy.format_map(marks)),
        place.file,
        place.sheet,
        place.cell,
        place.code,
        place.item,
        marks["found"],
        marks["expected"],
        place.heading,
    )


def _where(department: str, found: Found, name: str) -> str:
    place = found.place
    where = f"{department}《{place.file}》" if place.file else department
    if place.sheet:
        where += f"“{place.sheet}”表"
    where += place.cell
    about = f"{name}（{place.code}）" if name else ""
    if place.item and not place.item.isdecimal():
        about += f"“{_quoted(place.item)}”"
    return f"{where}，{about}：" if about else f"{where}："


def _quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}……"


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "？", "！")) else f"{text}。"
