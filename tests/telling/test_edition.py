"""The edition to share: nothing of an internal row in it, everything else as in the office's edition."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import example
import pandas as pd
import pytest

from analysis.figures.model import Paragraph
from analysis.telling.edition import editions_of, in_edition
from analysis.telling.material import Material
from analysis.telling.narrative import read_narrative
from analysis.telling.spans import Chart
from analysis.telling.tell import Told, tell

INTERNAL = {"S03", "S04", "S07", "D03", "D04", "D05", "D06", "D07", "D08"}


@pytest.fixture(scope="module")
def shared(example_material: tuple[Material, pd.DataFrame]) -> Told:
    return told(*example_material)


def told(material: Material, submissions: pd.DataFrame) -> Told:
    material = in_edition(material, "shared")
    return tell(material, submissions, read_narrative(material.scheme.narrative))


def words_of(report: Told) -> Iterator[str]:
    """Every string that a reader can come upon: prose, tables, charts' texts, sources and formulas of the pop-ups."""
    yield from example.lines_of(report.report)
    yield from report.report.names
    yield from report.report.names.values()
    for chapter in report.report.chapters:
        for block in chapter.blocks:
            if isinstance(block, Chart):
                yield from block.rows.astype(str).to_numpy().ravel()
    for row in report.figures.to_dict("records"):
        yield from (str(row["code"]), str(row["formula"]), str(row["id"]))


def test_no_internal_row_is_named_counted_or_quoted(
    shared: Told, example_material: tuple[Material, pd.DataFrame]
) -> None:
    material, _ = example_material
    assert {i.code for i in material.scheme.indicators if i.internal} == INTERNAL
    said = "\n".join(words_of(shared))
    for code in INTERNAL:
        assert code not in said
        assert material.scheme[code].name not in said
    own = {row["sources"] for row in shared.figures.to_dict("records")}
    cells = {row.actual_source for row in material.assessments if row.code in INTERNAL and row.actual_source}
    assert cells  # they were returned
    assert not [source for source in own for cell in cells if cell in source.split("\n")]
    for paragraph in material.paragraphs:
        if paragraph.code in INTERNAL:
            assert paragraph.text[:20] not in said


def test_it_counts_the_remaining_rows_and_says_so(shared: Told) -> None:
    opening = next(line for line in example.prose_of(shared.report) if "承担考核指标" in line)
    assert "承担考核指标48项" in opening
    assert "零发生承诺7项" in opening
    assert "内部掌握的指标未列入本报告，也不计入以上项数" in opening


def test_every_other_sentence_is_the_offices_and_no_figure_differs_but_the_counts(
    shared: Told, told_example: Callable[[str], Told]
) -> None:
    office = told_example("2021")
    before = {sentence for line in example.prose_of(office.report) for sentence in line.split("。")}
    after = [sentence for line in example.prose_of(shared.report) for sentence in line.split("。")]
    new = [sentence for sentence in after if sentence not in before]
    assert [sentence[:11] for sentence in new] == [
        "2021年，青禾镇对照",
        "上述指标含零发生承诺7",
        "内部掌握的指标未列入本",
        "民转刑案件和群体性事件",
    ]
    figures = dict(zip(office.figures["id"], office.figures["text"], strict=True))
    counts = {"count.assessed", "count.完成", "count.超额完成", "count.zero"}
    changed = {
        row["id"] for row in shared.figures.to_dict("records") if figures.get(row["id"]) not in (row["text"], None)
    }
    assert changed <= counts


def test_the_clerks_and_what_nobody_placed_stay_with_the_office(
    example_material: tuple[Material, pd.DataFrame], shared: Told
) -> None:
    material, submissions = example_material
    said = "\n".join(example.lines_of(shared.report))
    for row in submissions.to_dict("records"):
        assert row["phone"] not in said
        assert row["filled_by"] not in said
    loose = Paragraph("纪委", "工作情况", "一段没有编码的话。", "[纪委.xlsx]文字材料!C9")
    more = told(replace(material, paragraphs=[*material.paragraphs, loose]), submissions)
    assert "一段没有编码的话" not in "\n".join(example.lines_of(more.report))


def test_a_departments_words_that_name_an_internal_row_are_told_to_the_editor(
    example_material: tuple[Material, pd.DataFrame], shared: Told
) -> None:
    material, submissions = example_material
    assert shared.mentions == ()
    loose = Paragraph("财政所", "存在的问题", "受理信访件增多，压力加大。", "[财政所.xlsx]文字材料!C9", code="Q01")
    more = told(replace(material, paragraphs=[*material.paragraphs, loose]), submissions)
    assert more.mentions == ("财政所 文字材料!C9：受理信访件",)


def test_a_measure_against_an_internal_problem_goes_with_it(example_material: tuple[Material, pd.DataFrame]) -> None:
    material, submissions = example_material
    measure = Paragraph(
        "纪委", "下一步措施", "尽快处置线索。", "[纪委.xlsx]文字材料!C9", code="A01", answers="Ｄ０４、E02"
    )
    more = told(replace(material, paragraphs=[*material.paragraphs, measure]), submissions)
    assert "尽快处置线索" not in "\n".join(example.lines_of(more.report))


def test_there_is_one_edition_where_nothing_is_internal(example_material: tuple[Material, pd.DataFrame]) -> None:
    material, _ = example_material
    assert editions_of(material.scheme, 2021) == ("office", "shared")
    opened = tuple(i.model_copy(update={"internal": False}) for i in material.scheme.indicators)
    assert editions_of(replace(material.scheme, indicators=opened), 2021) == ("office",)
    with pytest.raises(ValueError, match="没有“open”这个版本"):
        in_edition(material, "open")


def test_a_figures_id_is_its_code_and_role_not_its_place(shared: Told, told_example: Callable[[str], Told]) -> None:
    office = set(told_example("2021").figures["id"])
    assert set(shared.figures["id"]) <= office


def test_a_draft_to_share_tells_no_number_of_errors(example_material: tuple[Material, pd.DataFrame]) -> None:
    material, submissions = example_material
    wrong = submissions.assign(errors=[2, *[0] * (len(submissions) - 1)])
    note = example.prose_of(told(material, wrong).report)[0]
    assert note == "草稿：本稿有审核错误待部门更正，不得作为正式报告上报。"
    office = tell(material, wrong, read_narrative(material.scheme.narrative))
    assert "有2条审核错误待部门更正" in example.prose_of(office.report)[0]
