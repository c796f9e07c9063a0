"""The files of the receipts: marked copies and pages, made from the returns' bytes as they lie in the folder."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.figures.model import from_frame
from analysis.figures.receipts.collect import HandedIn, collect
from analysis.figures.receipts.model import Receipt
from analysis.figures.receipts.overview import Draw, overview
from analysis.figures.receipts.page import page
from analysis.figures.receipts.sheet import comments, list_sheet
from analysis.figures.tables import Computed
from analysis.intake.answers import with_answers
from analysis.intake.checks.registry import GROUPS
from analysis.intake.filled import filled_form
from analysis.intake.frames import Value
from analysis.intake.layout import RECEIPT_MARK
from analysis.intake.look import look_and_open
from analysis.intake.marking import AddedSheet, CellMark, ListCell, marked
from analysis.intake.read import read_return
from analysis.intake.receipt_mark import ReceiptMark, mark_rows, told_of
from analysis.intake.refusal import Refusal
from analysis.intake.sighting import Looked, Sighting
from analysis.intake.whole import beside
from analysis.scheme import Facts, Scheme

OVERVIEW, FOLDER = "submission.html", "receipts"
"""The office's table, and the folder of what the departments get back."""
MARKED_IN_PLACE = b"PK\x03\x04"
MOST_COMMENTS = 2_000
"""Cells that are marked one by one; the list tells of the others too."""


@dataclass(frozen=True)
class Receipts:
    """The receipts of a period as data, and the files that they become, by their path below the report's folder."""

    receipts: Sequence[Receipt]
    files: Mapping[str, bytes]


def make_receipts(
    folder: Path,
    scheme: Scheme,
    facts: Facts,
    values: pd.DataFrame,
    computed: Computed,
    draw: Draw | None = None,
) -> Receipts:
    """Make the receipts of all departments.

    Args:
        folder: the period's folder with the returns; they are read, never written to.
        scheme: what is measured.
        facts: town and period.
        values: what was read of all departments (`intake.frames.VALUES`).
        computed: findings, problems and submissions of the period.
        draw: draws the picture of the office's page.
    """
    looked = look_and_open(folder, scheme, facts.town, facts.period)
    handed_in = {d.name: _handed_in(looked, d.name, scheme, facts) for d in scheme.departments}
    receipts = collect(
        scheme,
        facts,
        values,
        computed.findings,
        computed.checks,
        computed.tables["problems"],
        computed.submissions,
        handed_in,
    )
    read: dict[str, list[Value]] = {}
    for value in from_frame(values, Value):
        read.setdefault(value.department, []).append(value)
    copy = partial(_copy_of, scheme=scheme, facts=facts, handed_in=handed_in, values=read)
    with ThreadPoolExecutor() as pool:
        copies = dict(zip((receipt.department for receipt in receipts), pool.map(copy, receipts), strict=True))
    files = {f"{FOLDER}/{name}.xlsx": content for name, content in copies.items() if content is not None}
    files |= {f"{FOLDER}/{receipt.department}.html": page(receipt).encode() for receipt in receipts}
    unknown = [f"《{s.file}》：{s.reason}。{s.remedy}" for s, _ in looked if s.department is None]
    groups = {check.code: kind for group, kind in GROUPS.items() for check in scheme.checks if check.group == group}
    files[OVERVIEW] = overview(receipts, unknown, groups, draw).encode()
    return Receipts(receipts, files)


def _handed_in(looked: Sequence[Looked], department: str, scheme: Scheme, facts: Facts) -> HandedIn:
    own = [(sighting, survey) for sighting, survey in looked if sighting.department == department]
    read = next(((s, survey) for s, survey in own if s.status == "return" and survey is not None), None)
    if read is None:
        return HandedIn(own[0][0] if own else None, None, tuple(s for s, _ in own[1:]))
    sighting, survey = read
    before: tuple[Value, ...] = ()
    for other, corrected in own:
        if sighting.corrects[:1] == (other.file,) and corrected is not None:
            before = with_answers(
                read_return(corrected, department, scheme, facts.period), corrected, department
            ).values
    others = tuple(other for other, _ in own if other is not sighting)
    return HandedIn(sighting, survey.workbook, others, before)


def _copy_of(
    receipt: Receipt,
    scheme: Scheme,
    facts: Facts,
    handed_in: Mapping[str, HandedIn],
    values: Mapping[str, Sequence[Value]],
) -> bytes | None:
    """The marked copy of a return that was read; None for what was refused or never came."""
    sighting = handed_in[receipt.department].sighting
    if not receipt.marked_copy or sighting is None or sighting.path is None:
        return None
    original = sighting.path.read_bytes()
    found = list(comments(receipt))[:MOST_COMMENTS]
    sheets = (list_sheet(receipt), _mark_sheet(receipt, facts, sighting, original))
    if original.startswith(MARKED_IN_PLACE) and not sighting.file.lower().endswith(".ods"):
        try:
            return marked(original, [CellMark(*each) for each in found], sheets)
        except Refusal:
            pass  # a package that can be read but not taken apart: its figures go into the blank form
    form, places = filled_form(scheme, facts, receipt.department, values.get(receipt.department, ()))
    moved = [
        CellMark(*places.get((sheet, cell), (sheet, cell)), text, severity) for sheet, cell, text, severity in found
    ]
    return marked(form, moved, sheets)


def _mark_sheet(receipt: Receipt, facts: Facts, sighting: Sighting, original: bytes) -> AddedSheet:
    earlier = sighting.mark.corrects if sighting.mark is not None else ()
    mark = ReceiptMark(
        receipt.department,
        str(facts.period),
        facts.town.name,
        sighting.file,
        (hashlib.sha256(original).hexdigest(), *earlier),
        told_of(receipt.findings),
    )
    return AddedSheet(RECEIPT_MARK, tuple(_cells(mark_rows(mark))), (12,) * 9, hidden=True)


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[list[ListCell]]:
    for row in rows:
        yield [ListCell(text) for text in row]


def save_receipts(receipts: Receipts, folder: Path) -> None:
    """Write the receipts into a period's folder of tables, and take away those of an earlier computation."""
    for name, content in receipts.files.items():
        with beside(folder / name) as new:
            new.write_bytes(content)
    for path in (folder / FOLDER).iterdir():
        if f"{FOLDER}/{path.name}" not in receipts.files:
            path.unlink()
