"""The report on a part of a year: what it may say of the months that have passed, and of what is not due yet."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import example
import pytest

from analysis.figures.model import Past
from analysis.figures.submissions import SUBMISSIONS
from analysis.intake.frames import typed_frame
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Chart, Quotation, text_of
from analysis.telling.tell import Told, tell

PERIOD = "2021-09"


@pytest.fixture(scope="module")
def report(told_example: Callable[[str], Told]) -> list[str]:
    return example.sentences_without_quotations(told_example(PERIOD).report)


@pytest.fixture(scope="module")
def material(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return example.material_of(root, PERIOD, tmp_path_factory.mktemp("processed"))[0]


def test_it_says_of_which_months_it_is(told_example: Callable[[str], Told], report: list[str]) -> None:
    assert told_example(PERIOD).report.title == "云川县青禾镇人民政府\n关于2021年1—9月目标任务完成情况的报告"
    assert any(line.startswith("2021年1—9月，青禾镇对照年度目标任务书，") for line in report)
    assert report[-1].endswith("2021年10月15日") or "2021年10月15日" in report


def test_last_year_is_its_same_months(report: list[str]) -> None:
    """A figure of nine months is never set against one of twelve."""
    text = "\n".join(report)
    assert not re.findall(r"上年(?!同期|结转|各)\w{0,6}", text)
    assert "全年" not in text and text.count("上年同期") > 40


def test_what_is_not_due_is_no_failure(material: Material, report: list[str]) -> None:
    waiting = {row.code for row in material.assessments if row.state == "not_due"}
    assert {"B04", "B05", "I04", "G19", "M02", "L10"} <= waiting
    assert not waiting & {problem.code for problem in material.problems}
    text = "\n".join(report)
    assert "创建市级美丽党建示范村年度目标1个，计划12月完成，目前完成0个，" in text
    assert "集镇污水管网二期，位于青禾村，总投资786.6万元，计划10月完成，目前在建，" in text
    assert "社会治安防控体系、群众满意度宣传、督查、信访、社会稳定和保密均未到规定完成时限。" in text


def test_only_what_lags_beyond_the_bound_is_a_problem(material: Material, report: list[str]) -> None:
    behind = [row.code for row in material.assessments if row.state == "behind"]
    assert behind == ["E03", "B02", "I02", "Y01"]
    assert [problem.code for problem in material.problems if problem.rule == "behind"] == ["Y01", "B02"]
    (told,) = (line for line in report if "农村改厕进度滞后" in line and "是农村改厕" in line)
    assert told.count("落后") == 1
    assert "，年度目标420座，实际完成268座，完成率63.8%，落后序时进度（75.0%）11.2个百分点。" in told


def test_the_opening_adds_up(report: list[str]) -> None:
    (opening,) = (line for line in report if "承担考核指标" in line)
    total, done, going, waiting, missed = (
        int(re.search(rf"{word}(\d+)项", opening)[1])  # type: ignore[index]
        for word in ("承担考核指标", "其中完成", "进行中", "未到期", "，未完成")
    )
    assert total == done + going + waiting + missed
    states = [int(n) for n in re.findall(r"(?:达到序时进度|落后序时进度|未达目标率)(\d+)项", opening)]
    assert len(states) == 3 and sum(states) <= going


def test_two_years_make_no_lines_and_three_do(material: Material, told_example: Callable[[str], Told]) -> None:
    def charts(report: object) -> dict[str, Chart]:
        blocks = [block for chapter in report.chapters for block in chapter.blocks]  # type: ignore[attr-defined]
        return {block.kind: block for block in blocks if isinstance(block, Chart)}

    assert "years" not in charts(told_example(PERIOD).report)
    earlier = [
        Past(row.code, year, row.base, f"[{year}-09/甲办.xlsx]指标!F4")
        for row in material.assessments
        if row.base is not None
        for year in (2019, 2020)
    ]
    years = charts(_told(replace(material, past=[*earlier, *material.past])).report)["years"]
    assert text_of(years.title).startswith("图3　2019—2021年，图中9项目标任务的同期完成数")


def _told(material: Material) -> Told:
    return tell(material, typed_frame([], SUBMISSIONS), read_narrative(material.scheme.narrative))


def test_the_words_of_departments_are_of_the_months(told_example: Callable[[str], Told]) -> None:
    """The example's own words tell of September, not of the year's end."""
    spans = [
        span
        for chapter in told_example(PERIOD).report.chapters
        for block in chapter.blocks
        for span in getattr(block, "spans", ())
        if isinstance(span, Quotation)
    ]
    assert not [span.text for span in spans if re.search(r"全年(?!收益)|年内|2022年", span.text)]
