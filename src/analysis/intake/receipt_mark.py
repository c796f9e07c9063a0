"""The hidden mark of a receipt copy: by it a corrected copy says, under any name, which return it corrects.

The mark carries the findings that the department was told, so that the next receipt can say which of them are settled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.intake.frames import Finding
from analysis.intake.hidden_sheet import CHECK, check_word
from analysis.intake.layout import RECEIPT_MARK
from analysis.intake.workbook import Workbook
from analysis.intake.writing import clean

WHOSE = ("department", "period", "town", "file", "corrects")
FINDING = "finding"
MOST_FINDINGS, LONGEST = 1_000, 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as the earlier receipt told it; `message` is its whole sentence."""

    check: str
    severity: str
    sheet: str
    cell: str
    code: str
    item: str
    heading: str
    message: str


@dataclass(frozen=True)
class ReceiptMark:
    """What a receipt copy says of itself.

    Attributes:
        department, period, town: whose return it is, of which period (`2021-09`).
        file: the name of the return that it was made from.
        corrects: the SHA-256 of that return, then of those that it corrected in its turn.
        told: the findings of the receipt.
    """

    department: str
    period: str
    town: str
    file: str
    corrects: tuple[str, ...]
    told: tuple[Told, ...] = ()


def mark_rows(mark: ReceiptMark) -> list[list[str]]:
    """The rows of the hidden sheet, the check word last: a mark that was edited by hand shows."""
    whose = [mark.department, mark.period, mark.town, mark.file, " ".join(mark.corrects)]
    rows = [[name, text] for name, text in zip(WHOSE, whose, strict=True)]
    rows += [
        [
            FINDING,
            *(_kept(text) for text in (t.check, t.severity, t.sheet, t.cell, t.code, t.item, t.heading, t.message)),
        ]
        for t in mark.told[:MOST_FINDINGS]
    ]
    return [*rows, [CHECK, _word(rows)]]


def told_of(findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Findings as a mark carries them."""
    return tuple(
        Told(f.check, f.severity, f.sheet, f.cell, f.code or "", f.item, f.heading, f.message) for f in findings
    )


def read_mark(workbook: Workbook) -> ReceiptMark | None:
    """Read the mark of a workbook; None where it has none, or one that somebody changed."""
    sheet = next((sheet for sheet in workbook.sheets if sheet.title == RECEIPT_MARK), None)
    if sheet is None:
        return None
    rows = [
        [sheet.cell(row, column).text for column in range(min(len(sheet.rows[row]), 9))]
        for row in range(min(len(sheet.rows), MOST_FINDINGS + 10))
    ]
    rows = [_without_idle_ends(row) for row in rows if any(row)]
    if len(rows) <= len(WHOSE) or rows[-1] != [CHECK, _word(rows[:-1])]:
        return None
    said = {row[0]: row[1] if len(row) > 1 else "" for row in rows if row[0] in WHOSE}
    told = tuple(Told(*(*row[1:], *[""] * 8)[:8]) for row in rows if row[0] == FINDING)
    return ReceiptMark(
        said.get("department", ""),
        said.get("period", ""),
        said.get("town", ""),
        said.get("file", ""),
        tuple(said.get("corrects", "").split()),
        told,
    )


def _kept(text: str) -> str:
    """A text that comes back from any program as it was written: on one line, within what a cell holds."""
    return " ".join(clean(text).split())[:LONGEST]


def _without_idle_ends(row: Sequence[str]) -> list[str]:
    kept = list(row)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _word(rows: Sequence[Sequence[str]]) -> str:
    lines = ["\t".join(_without_idle_ends(row)) for row in rows]
    return check_word({str(number): line for number, line in enumerate(lines)})
