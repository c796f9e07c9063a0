"""The annex as a chapter: how to read it, its tables, and the paragraphs that no chapter quotes."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.figures.model import Assessment
from analysis.telling.annex.indicators import figure_cell, indicator_table
from analysis.telling.annex.tables import duty_table, project_table, submission_table, village_table
from analysis.telling.material import Material
from analysis.telling.spans import Block, Chapter, Heading, Name, Paragraph, Quotation, Span, Spans, say
from analysis.telling.wording.words import joined


def annex(material: Material, submissions: pd.DataFrame, told: Iterable[Span] = ()) -> Chapter:
    """The annex as a chapter.

    Args:
        material: what is told.
        submissions: a row a department: `department`, `filled_by`, `filled_on`, `phone`, `errors`, `warnings`, `notes`,
            `state`.
        told: the spans of the chapters; a paragraph that none of them quotes stands here.
    """
    blocks: list[Block] = [Heading(1, say(material.scheme.report.annex), "annex")]
    blocks.append(_how_to_read(material))
    blocks += [indicator_table(material, chapter) for chapter in _chapters(material)]
    blocks += [
        table for table in (project_table(material), duty_table(material), village_table(material)) if table is not None
    ]
    blocks.append(submission_table(submissions, material.shared))
    if not material.shared:  # what no chapter has a place for was read by nobody with the public in mind
        blocks += _unplaced(material, {span.source for span in told if isinstance(span, Quotation)})
    return Chapter("annex", tuple(blocks), annex=True)


def _how_to_read(material: Material) -> Paragraph:
    """Of ratios the rate is the share; cases carried over belong to its whole, and stand here for the calculator."""
    carried = [
        say(
            _named(material, row),
            "为",
            figure_cell(row.carried, "carried", row, row.carried_source, material.scheme[row.code].unit or ""),
        )
        for row in material.assessments
        if row.carried
    ]
    before = [
        say(
            _named(material, row),
            "为",
            figure_cell(
                row.base_carried, "base_carried", row, row.base_carried_source, material.scheme[row.code].unit or ""
            ),
        )
        for row in material.assessments
        if row.base_carried
    ]
    told = [say("比率类指标的完成率一栏为比率，同比一栏为两年比率相差的百分点（点）")]
    told += [say("比率的分母含上年结转：", joined(carried, "、"))] if carried else []
    told += [say("上年比率的分母含更早结转：", joined(before, "、"))] if before else []
    told += [_restated(material, row) for row in material.assessments if row.returned_base is not None]
    return Paragraph(say("说明：", joined(told, "；"), "。"))


def _named(material: Material, row: Assessment) -> Name:
    return Name(f"{row.code}{material.scheme[row.code].name}")


def _restated(material: Material, row: Assessment) -> Spans:
    """A base that this year's return states otherwise than last year's did: both, for whoever holds last year's report."""
    unit = material.scheme[row.code].unit or ""
    assert row.base is not None and row.returned_base is not None
    return say(
        _named(material, row),
        "的上年同期数，上年报表为",
        figure_cell(row.returned_base, "returned_base", row, row.returned_base_source, unit),
        "，本年报表更正为",
        figure_cell(row.base, "restated_base", row, row.base_source, unit),
    )


def _chapters(material: Material) -> list[str]:
    return list(dict.fromkeys(i.chapter for i in material.scheme.in_year(material.facts.period.year) if i.numeric))


def _unplaced(material: Material, quoted: set[str]) -> Sequence[Block]:
    """Paragraphs that no chapter quotes, as the departments wrote them: nothing that was sent is lost."""
    own = [paragraph for paragraph in material.paragraphs if paragraph.source not in quoted]
    if not own:
        return []
    told = [Paragraph(say(Name(p.department), "：", Quotation(p.text, p.source, p.department))) for p in own]
    return [Heading(2, say("其他文字材料"), "annex-words"), *told]
