"""Odd things that departments send, told from the example with one thing changed: nothing lost, nothing false."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import example
import openpyxl
import pytest

from analysis.telling.spans import Report, text_of
from analysis.telling.tell import Told


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> Callable[..., Told]:
    """Tell 2021 after `change` had its way with one department's workbook."""

    def told(
        department: str, change: Callable[[openpyxl.Workbook], None], files: Callable[[Path], None] = lambda _: None
    ) -> Told:
        town = tmp_path / "qinghe"
        earlier = shutil.ignore_patterns(
            "2019", "2020"
        )  # bases are in the return; three years take three times as long
        shutil.copytree(root / "data" / "raw" / "qinghe", town, ignore=earlier)
        path = town / "2021" / f"{department}.xlsx"
        workbook = openpyxl.load_workbook(path)
        change(workbook)
        workbook.save(path)
        files(town / "2021")
        return example.told(root, "2021", tmp_path / "nothing", town)

    return told


def row_of(workbook: openpyxl.Workbook, sheet: str, code: str) -> tuple[openpyxl.cell.Cell, ...]:
    return next(cells for cells in workbook[sheet].iter_rows() if code in [cell.value for cell in cells])


def put(workbook: openpyxl.Workbook, sheet: str, code: str, heading: str, value: object) -> None:
    header = next(cells for cells in workbook[sheet].iter_rows() if heading in [cell.value for cell in cells])
    column = [cell.value for cell in header].index(heading)
    row_of(workbook, sheet, code)[column].value = value


def everything(report: Report) -> str:
    return "".join(text_of([span]) for span in report.spans())


@pytest.mark.parametrize("says_nothing", ["无", "核实无误", "/", "—", "123", "情况属实。"])
def test_an_explanation_that_says_nothing_is_no_reason(says_nothing: str, changed: Callable[..., Told]) -> None:
    report = changed("村镇建设办公室", lambda w: put(w, "指标", "B02", "说明", says_nothing)).report
    (sentence,) = [text for text in example.prose_of(report) if "完成农村改厕" in text]
    assert "比目标少20座。" in sentence


def test_a_reason_begins_with_words(changed: Callable[..., Told]) -> None:
    report = changed("村镇建设办公室", lambda w: put(w, "指标", "B02", "说明", "，受疫情影响。")).report
    assert "比目标少20座，受疫情影响。" in everything(report)


def test_carried_over_cases_count_only_where_the_scheme_has_them(changed: Callable[..., Told]) -> None:
    report = changed("社会事务办公室", lambda w: put(w, "指标", "L05", "上年结转数", 3000)).report
    assert "实际参保18325人，参保率98.2%" in everything(report)


def test_a_paragraph_without_its_category_is_told_by_its_code(changed: Callable[..., Told]) -> None:
    told = changed("纪委", lambda w: put(w, "文字材料", "D08", "类别", None))
    assert not told.report.draft
    assert any("镇纪委把警示教育纳入机关干部集中学习" in text for text in example.prose_of(told.report))


def test_another_departments_paragraph_stands_in_the_annex_and_closes_no_gap(changed: Callable[..., Told]) -> None:
    def add(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["文字材料"]
        row = sheet.max_row + 1
        for column, value in enumerate(("D08", "工作情况", "财政所替纪委写的一段。"), 1):
            sheet.cell(row, column, value)

    told = changed("财政所", add, lambda folder: (folder / "纪委.xlsx").unlink())
    assert any(gap.code == "D08" for gap in told.report.gaps)
    assert not any("财政所替纪委写的" in text for text in example.prose_of(told.report))
    assert "财政所替纪委写的一段。" in everything(told.report)


def test_a_projects_name_with_other_spaces_and_brackets_is_the_same_project(changed: Callable[..., Told]) -> None:
    def rename(workbook: openpyxl.Workbook) -> None:
        for cells in workbook["项目"].iter_rows():
            for cell in cells:
                if cell.value == "冷水鱼养殖基地":
                    cell.value = "冷水鱼 养殖基地"

    told = changed("经济发展办公室", rename)
    assert not [gap for gap in told.report.gaps if gap.code == "E04"]
    prose = [text for text in example.prose_of(told.report) if "养殖基地" in text]
    assert len(prose) == 1 and "计划9月完成，已于8月完成" in prose[0]


def test_a_project_of_the_target_book_that_is_not_returned_is_owed(changed: Callable[..., Told]) -> None:
    def remove(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["项目"]
        for cells in sheet.iter_rows():
            if "冷水鱼养殖基地" in [cell.value for cell in cells]:
                for cell in cells:
                    cell.value = None

    told = changed("经济发展办公室", remove)
    assert any(gap.code == "E04" and "进展情况" in gap.text for gap in told.report.gaps)
    assert any("冷水鱼养殖基地" in text and "待经济发展办公室补报" in text for text in example.prose_of(told.report))


def test_file_names_that_are_no_text_stop_nothing(changed: Callable[..., Told]) -> None:
    def odd(folder: Path) -> None:
        for name in ("说明.txt".encode("gb18030"), "财政所\x01.xlsx".encode()):
            source = b"not a workbook" if name.endswith(b"txt") else (folder / "财政所.xlsx").read_bytes()
            Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(source)
        (folder / "财政所.xlsx").unlink()

    told = changed("水利站", lambda _: None, odd)
    assert "财政所〓.xlsx" in everything(told.report)
    everything(told.report).encode("utf-8")
