"""A report with gaps: what a draft says of itself, and what a waiver makes of it."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import example
import pandas as pd
import pytest

from analysis.scheme.facts import Waiver
from analysis.telling.edition import in_edition
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Gap, Report, Span, Table, spans_of, text_of
from analysis.telling.tell import Told, tell

OWING = "水利站"
Computed = tuple[Material, pd.DataFrame]


@pytest.fixture(scope="module")
def computed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The example's year without the return of one department, which owes figures, words and parts of others' shares."""
    town = tmp_path_factory.mktemp("raw") / example.TOWN
    shutil.copytree(root / "data" / "raw" / example.TOWN, town)
    (town / "2021" / f"{OWING}.xlsx").unlink()
    return example.material_of(root, "2021", tmp_path_factory.mktemp("nothing-kept"), town)


def told(computed: Computed, *waivers: Waiver) -> Told:
    material, submissions = computed
    material = replace(material, facts=replace(material.facts, waivers=waivers))
    if OWING in {waiver.subject for waiver in waivers}:  # the second stage counts what is waived of the errors
        submissions = submissions.assign(waived=submissions["errors"])
    return tell(material, submissions, read_narrative(material.scheme.narrative))


def waiver(subject: str) -> Waiver:
    return Waiver(subject=subject, reason="站所撤并，台账移交", by="周明远", on=date(2022, 1, 10))


def spans_in(report: Report) -> list[Span]:
    return [
        span for chapter in report.chapters if not chapter.annex for block in chapter.blocks for span in spans_of(block)
    ]


def test_a_draft_counts_its_gaps_and_names_who_owes_them(computed: Computed) -> None:
    report = told(computed).report
    assert report.draft and report.gaps
    assert {gap.department for gap in report.gaps} == {OWING}
    gaps = f"草稿：本稿有{len(report.gaps)}处缺数（待{OWING}补报）"
    assert example.prose_of(report)[0] == f"{gaps}，有1条审核错误待部门更正，不得作为正式报告上报。"
    assert len(report.gaps) == len([s for s in spans_in(report) if isinstance(s, Gap)])
    material, submissions = computed
    shared = in_edition(material, "shared")
    note = example.prose_of(tell(shared, submissions, read_narrative(shared.scheme.narrative)).report)[0]
    assert note == f"{gaps}，有审核错误待部门更正，不得作为正式报告上报。"


def test_one_waiver_covers_all_gaps_of_a_return_that_is_owed_and_is_told_once(computed: Computed) -> None:
    report = told(computed, waiver(OWING)).report
    assert (report.draft, report.gaps, report.waived) == (False, (), (waiver(OWING),))
    assert not any(isinstance(span, Gap) for span in report.spans())
    prose = example.prose_of(report)
    assert "河湖长制工作情况：数据暂缺。" in prose, "words that are a paragraph by themselves say whose they are"
    assert any("开展镇村两级河长巡河数据暂缺。" in text for text in prose)
    (reasons,) = [b for c in report.chapters for b in c.blocks if isinstance(b, Table) and b.anchor == "annex-waivers"]
    assert [[text_of(cell) for cell in row] for row in reasons.rows] == [
        [OWING, "站所撤并，台账移交", "周明远", "2022-01-10"]
    ]


def test_a_waiver_of_one_row_leaves_the_other_gaps(computed: Computed) -> None:
    report = told(computed, waiver("R01")).report
    assert report.draft and report.waived == (waiver("R01"),)
    assert "R01" not in {gap.code for gap in report.gaps} and "R04" in {gap.code for gap in report.gaps}
