"""Stage 3's way in: from stage 2's tables to the report as data, its list of figures, and what the editor should know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pandas as pd

from analysis.figures.submissions import RETURNED, SUBMISSIONS
from analysis.figures.tables import load_records
from analysis.intake.frames import typed_frame
from analysis.intake.store import load_frame
from analysis.scheme import Facts, Scheme, SchemeError
from analysis.telling.annex import annex
from analysis.telling.audit import audit
from analysis.telling.edition import internal_mentions
from analysis.telling.figure_list import FIGURES, figure_rows
from analysis.telling.material import Material
from analysis.telling.narrative import tell_chapters
from analysis.telling.spans import Chapter, Figure, Gap, Name, Paragraph, Report, say, spans_of
from analysis.telling.waived import waiver_of, waivers_table, with_waivers
from analysis.telling.wording.words import joined


@dataclass(frozen=True)
class Told:
    """A report as told.

    Attributes:
        report: chapters of blocks of spans, the annex last.
        figures: every figure of prose and annex, see `figure_list.FIGURES`.
        unanswered: names of problems that no measure answers, for the editor.
        mentions: of the edition to share, departments' words that name an internal row, for the editor.
    """

    report: Report
    figures: pd.DataFrame
    unanswered: tuple[str, ...]
    mentions: tuple[str, ...] = ()


def tell(material: Material, submissions: pd.DataFrame, templates: Mapping[str, str]) -> Told:
    """Tell a report.

    Args:
        material: the scheme, the facts and the tables of stage 2.
        submissions: who has returned (`figures.submissions.SUBMISSIONS`).
        templates: the chapter templates by file name, in order.

    Raises:
        SchemeError: a template is wrong, or the report holds a number that nothing accounts for; with file, line and
            remedy.
    """
    chapters, helpers = tell_chapters(material, templates)
    errors = int((submissions["errors"] - submissions["waived"]).sum())
    owing = set(submissions.loc[submissions["state"] != RETURNED, "department"])
    covered = [(gap, waiver_of(gap, material.facts, owing)) for gap in helpers.gaps]
    gaps = [gap for gap, waiver in covered if waiver is None]
    used = tuple(dict.fromkeys(waiver for _, waiver in covered if waiver is not None))  # one may cover many gaps
    draft = bool(gaps or errors)
    if draft:
        chapters.insert(0, _draft_note(gaps, errors, material.shared))
    told = [span for chapter in chapters for block in chapter.blocks for span in spans_of(block)]
    last = annex(material, submissions, told)
    reasons = waivers_table(material.scheme, material.facts, used)
    if reasons is not None:
        last = replace(last, blocks=(*last.blocks, reasons))
    report = Report(
        material.printed_title,
        tuple(with_waivers([*chapters, last], material.scheme, material.facts, owing)),
        draft,
        tuple(gaps),
        _names(material),
        used,
    )
    figures = typed_frame(figure_rows(report), FIGURES)
    if problems := audit(report, figures, material, submissions, templates):
        raise SchemeError(problems)
    mentions = internal_mentions(material.scheme, report.spans()) if material.shared else ()
    return Told(report, figures, tuple(helpers.unanswered), mentions)


def _names(material: Material) -> dict[str, str]:
    return {row.code: f"{material.scheme[row.code].name}（{row.department}）" for row in material.assessments}


def _draft_note(gaps: Sequence[Gap], errors: int, shared: bool) -> Chapter:
    """What makes the report a draft; to share without a count of errors, which internal rows may have."""
    owing = [say(Name(department)) for department in dict.fromkeys(gap.department for gap in gaps)]
    told = []
    if gaps:
        count = _count(len(gaps), "处", "gaps", "本稿中标出的缺数")
        told.append(say("有", count, "缺数（待", joined(owing, "、"), "补报）"))
    if errors and shared:
        told.append(say("有审核错误待部门更正"))
    elif errors:
        told.append(say("有", _count(errors, "条", "errors", "审核发现、还没有更正的错误"), "审核错误待部门更正"))
    note = Paragraph(say("草稿：本稿", joined(told), "，不得作为正式报告上报。"), "note")
    return Chapter("draft", (note,))


def _count(number: int, unit: str, role: str, formula: str) -> Figure:
    return Figure(str(number), unit, "", f"count.{role}", Fraction(number), (), formula)


def load_material(folder: Path, scheme: Scheme, facts: Facts) -> tuple[Material, pd.DataFrame]:
    """Load what stage 2 wrote into a period's folder: the material, and who has returned.

    Raises:
        FileNotFoundError: in Chinese, where stage 2 has not run.
    """
    names = ("indicators", "parts", "projects", "duties", "texts", "problems", "past")
    records = [load_records(folder, name) for name in names]
    material = Material(scheme, facts, *records)  # type: ignore[arg-type]  # each name has its record in stage.RECORDS
    return material, load_frame(folder / "submissions.parquet", SUBMISSIONS)
