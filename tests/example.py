"""The example township, told in this process without a notebook."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.figures.model import from_frame
from analysis.figures.stage import compute
from analysis.figures.tables import RECORDS, earlier_returns, save_computed
from analysis.intake.ingest import read_period
from analysis.scheme import Facts, Period, Scheme, read_facts, read_scheme
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Chart, Heading, Paragraph, Quotation, Report, Table, text_of
from analysis.telling.tell import Told, tell

TOWN = "qinghe"
_READ: dict[str, dict[int, pd.DataFrame]] = {}


def earlier_returns_once(raw: Path, processed: Path, scheme: Scheme, facts: Facts) -> dict[int, pd.DataFrame]:
    """What `earlier_returns` gives, read once for the same files: most tests change the period's own returns alone."""
    others = (path for path in raw.rglob("*") if path.relative_to(raw).parts[0] != str(facts.period))
    files = [path for path in sorted((*others, *processed.rglob("*"))) if path.is_file()]
    told = [(path.relative_to(raw if path.is_relative_to(raw) else processed), path.read_bytes()) for path in files]
    key = hashlib.sha256(repr((facts.period, scheme, told)).encode()).hexdigest()
    if key not in _READ:
        _READ[key] = earlier_returns(raw, processed, scheme, facts)
    return _READ[key]


def material_of(
    root: Path, period: str, processed: Path, town_folder: Path | None = None
) -> tuple[Material, pd.DataFrame]:
    """What the report of a period is told from, computed from the returns."""
    scheme = read_scheme(root / "scheme")
    town = town_folder or root / "data" / "raw" / TOWN
    facts = read_facts(town, Period.parse(period), scheme)
    read = read_period(town / period, scheme, facts).values()
    values = pd.concat([ingested.values for ingested in read], ignore_index=True)
    findings = pd.concat([ingested.findings for ingested in read], ignore_index=True)
    computed = compute(scheme, facts, values, findings, earlier_returns_once(town, processed, scheme, facts))
    records = [from_frame(computed.tables[name], record) for name, record in RECORDS.items()]
    return Material(scheme, facts, *records), computed.submissions


def told(root: Path, period: str, processed: Path, town_folder: Path | None = None) -> Told:
    """The report of a period as data."""
    material, submissions = material_of(root, period, processed, town_folder)
    return tell(material, submissions, read_narrative(material.scheme.narrative))


def make_project(root: Path, folder: Path, periods: Sequence[str]) -> None:
    """Make a project with scheme, returns and notebooks, and the tables of some periods as a run leaves them."""
    for name in ("scheme", "data/raw", "notebooks"):
        shutil.copytree(root / name, folder / name)
    scheme, town = read_scheme(folder / "scheme"), folder / "data" / "raw" / TOWN
    for period in periods:
        facts = read_facts(town, Period.parse(period), scheme)
        read = read_period(town / period, scheme, facts).values()
        values = pd.concat([ingested.values for ingested in read], ignore_index=True)
        findings = pd.concat([ingested.findings for ingested in read], ignore_index=True)
        earlier = earlier_returns_once(town, folder / "data" / "processed", scheme, facts)
        tables = folder / "data" / "processed" / TOWN / period
        save_computed(compute(scheme, facts, values, findings, earlier), tables)


def lines_of(report: Report) -> list[str]:
    """A report as lines of text to compare and to review: a line a paragraph, a heading, a table's row, a chart."""
    lines = [f"《{report.title}》{'（草稿）' if report.draft else ''}"]
    for chapter in report.chapters:
        for block in chapter.blocks:
            if isinstance(block, Table):
                lines += ["", f"〔表〕{block.caption}", " | ".join(block.heads)]
                lines += [" | ".join(text_of(cell) for cell in row) for row in block.rows]
            elif isinstance(block, Chart):
                lines += ["", f"〔图〕{text_of(block.title)}", block.alt]
            elif isinstance(block, Heading):
                lines += ["", f"{'#' * block.level} {text_of(block.spans)}"]
            else:
                lines += ["", " ".join(text_of(block.spans).split())]
    return lines


def prose_of(report: Report) -> list[str]:
    """The prose alone, a paragraph or heading each, in reading order; the annex left out."""
    return [
        text_of(block.spans)
        for chapter in report.chapters
        if not chapter.annex
        for block in chapter.blocks
        if isinstance(block, Heading | Paragraph)
    ]


def sentences_without_quotations(report: Report) -> list[str]:
    """The prose's paragraphs with the departments' own words cut out."""
    return [
        text_of(span for span in block.spans if not isinstance(span, Quotation))
        for chapter in report.chapters
        if not chapter.annex
        for block in chapter.blocks
        if isinstance(block, Paragraph)
    ]
