"""Blank returns for a town: made of what is known, and never over what somebody filled in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from libreoffice import Save
from openpyxl import load_workbook

from analysis.intake.form import HEADER_ROW
from analysis.intake.layout import SHEETS_BY_TABLE
from analysis.running import templates
from analysis.running.places import Places, places_of
from analysis.running.templates import FOLDER, make_templates
from analysis.scheme import Period, SchemeError

ROOT = Path(__file__).resolve().parents[2]
YEAR = Period(2021)
FEW = ("财政所", "经发办")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A town with the target book of the year, its facts, and last year's returns of two departments."""
    town, example = tmp_path / "data" / "raw" / "qinghe", ROOT / "data" / "raw" / "qinghe"
    for name in ("town.toml", "targets/2021.csv", "2021/period.toml", "2020/财政所.xlsx", "2020/经济发展办公室.xlsx"):
        (town / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(example / name, town / name)
    return places_of(tmp_path, "qinghe", YEAR, scheme=ROOT / "scheme")


def figure(path: Path, code: str, field: str) -> Any:
    """The cell of an indicator's figure in a workbook."""
    sheet = SHEETS_BY_TABLE["indicator"]
    names = [column.field for column in sheet.printed]
    rows = load_workbook(path)[sheet.title].iter_rows(min_row=HEADER_ROW + 1)
    return next(row[names.index(field)] for row in rows if row[names.index("code")].value == code)


def fill_in(path: Path, change: Callable[[Any], None]) -> bytes:
    """Change a workbook as a person would, and give its bytes."""
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path.read_bytes()


def test_all_departments_where_the_office_finds_them(places: Places) -> None:
    made = make_templates(places)
    assert len(made) == 15 and {template.path.parent for template in made} == {places.report / FOLDER}
    assert all(template.path.is_file() and not template.note for template in made)
    assert {path.stem for path in (places.report / FOLDER).iterdir()} == {template.department for template in made}


def test_targets_and_last_years_figures_are_filled_in(places: Places, tmp_path: Path) -> None:
    economy, finance = make_templates(places, tmp_path / "out", FEW)  # in the scheme's order
    assert (economy.department, finance.department) == ("经济发展办公室", "财政所")
    assert figure(finance.path, "E03", "target").value == 2260
    last = figure(places.raw / "qinghe" / "2020" / "财政所.xlsx", "E03", "actual").value
    assert figure(finance.path, "E03", "base").value == last is not None
    assert figure(finance.path, "E03", "actual").value is None


def test_a_return_of_last_year_that_cannot_be_read_leaves_its_bases_empty(places: Places, tmp_path: Path) -> None:
    (places.raw / "qinghe" / "2020" / "财政所.xlsx").write_bytes(b"PK\x03\x04 damaged")
    economy, finance = make_templates(places, tmp_path / "out", FEW)
    assert figure(finance.path, "E03", "base").value is None
    assert figure(economy.path, "E01", "base").value is not None


def test_without_last_year_target_book_and_deadline(places: Places, tmp_path: Path) -> None:
    town = places.raw / "qinghe"
    shutil.rmtree(town / "2020")
    shutil.rmtree(town / "targets")
    (town / "2021" / "period.toml").write_text("report_date = 2022-01-13\n", encoding="utf-8")
    (finance,) = make_templates(places, tmp_path / "out", ["财政所"])
    target = figure(finance.path, "E03", "target")
    assert target.value is None and not target.protection.locked
    assert figure(finance.path, "E03", "base").value is None


def test_made_before_the_periods_folder_it_says_what_to_create(places: Places) -> None:
    ahead = places_of(places.root, "qinghe", Period(2022), scheme=ROOT / "scheme")
    with pytest.raises(SchemeError) as raised:
        make_templates(ahead)
    message = str(raised.value)
    assert "2022/period.toml" in message and "新建文件夹 2022" in message
    assert "report_date = 2023-01-15" in message and "deadline = " in message
    assert not ahead.report.exists()
    folder = ahead.returns
    folder.mkdir()
    (folder / "period.toml").write_text("report_date = 2023-01-15\n", encoding="utf-8")
    assert len(make_templates(ahead)) == 15  # as it said


def test_part_of_a_year_is_told_of_a_date_after_it(places: Places) -> None:
    with pytest.raises(SchemeError, match="report_date = 2021-10-15"):
        make_templates(places_of(places.root, "qinghe", Period(2021, 9), scheme=ROOT / "scheme"))


def test_an_unknown_department_or_town_is_told(places: Places) -> None:
    with pytest.raises(SchemeError, match="没有“渔政站”这个部门"):
        make_templates(places, departments=["财政所", "渔政站"])
    with pytest.raises(SchemeError, match=r"town\.toml"):
        make_templates(places_of(places.root, "nowhere", YEAR, scheme=ROOT / "scheme"))


def test_made_again_it_is_the_same_file(places: Places, tmp_path: Path) -> None:
    (first,) = make_templates(places, tmp_path / "out", ["财政所"])
    content = first.path.read_bytes()
    assert make_templates(places, tmp_path / "out", ["财政所"]) == [first]
    assert first.path.read_bytes() == content and len(list((tmp_path / "out").iterdir())) == 1


def test_a_blank_one_is_replaced_though_it_was_saved_again(places: Places, tmp_path: Path) -> None:
    (first,) = make_templates(places, tmp_path / "out", ["财政所"])
    content = first.path.read_bytes()
    assert fill_in(first.path, lambda workbook: None) != content
    assert make_templates(places, tmp_path / "out", ["财政所"]) == [first]
    assert first.path.read_bytes() == content


def test_a_blank_one_with_an_older_target_is_replaced(places: Places, tmp_path: Path) -> None:
    (first,) = make_templates(places, tmp_path / "out", ["财政所"])
    book = places.raw / "qinghe" / "targets" / "2021.csv"
    book.write_text(book.read_text(encoding="utf-8-sig").replace("E03,,2260", "E03,,2300"), encoding="utf-8")
    assert make_templates(places, tmp_path / "out", ["财政所"]) == [first]
    assert figure(first.path, "E03", "target").value == 2300


def test_a_blank_one_whose_villages_went_to_another_department_is_replaced(places: Places, tmp_path: Path) -> None:
    """P01 is broken down by village: an old form's printed villages are nobody's work."""
    shutil.copytree(places.scheme, tmp_path / "scheme")
    rows = tmp_path / "scheme" / "indicators.csv"
    (first,) = make_templates(places, tmp_path / "out", ["乡村振兴办公室"])
    moved = [
        line.replace("乡村振兴办公室", "财政所") if line.startswith("P01,") else line
        for line in rows.read_text(encoding="utf-8").splitlines(keepends=True)
    ]
    rows.write_text("".join(moved), encoding="utf-8")
    elsewhere = replace(places, scheme=tmp_path / "scheme")
    content = first.path.read_bytes()
    assert make_templates(elsewhere, tmp_path / "out", ["乡村振兴办公室"]) == [first]
    assert first.path.read_bytes() != content


def set_cell(title: str, address: str, value: object) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        workbook[title][address] = value

    return change


def add_sheet(workbook: Any) -> None:
    workbook.create_sheet("我的底稿")["A1"] = "草稿"


@pytest.mark.parametrize(
    "change",
    [
        set_cell("指标", "F4", 28460),
        set_cell("指标", "G4", 1),
        set_cell("指标", "I4", "还在核对"),
        set_cell("分项", "C4", "农田建设"),
        set_cell("项目", "D4", "在建"),
        set_cell("项目", "B11", "新项目"),
        set_cell("文字材料", "C4", "一段话"),
        set_cell("填报说明", "B7", "张三"),
        add_sheet,
    ],
)
def test_one_that_somebody_filled_in_is_never_overwritten(
    places: Places, tmp_path: Path, change: Callable[[Any], None]
) -> None:
    (first,) = make_templates(places, tmp_path / "out", ["经济发展办公室"])
    blank = first.path.read_bytes()
    filled = fill_in(first.path, change)
    for _ in range(2):  # the one beside it is blank, and so replaced
        (again,) = make_templates(places, tmp_path / "out", ["经济发展办公室"])
        assert again.path.name == "经济发展办公室（新）.xlsx" and "没有覆盖" in again.note
        assert first.path.read_bytes() == filled and again.path.read_bytes() == blank
    fill_in(again.path, change)
    (third,) = make_templates(places, tmp_path / "out", ["经济发展办公室"])
    assert third.path.name == "经济发展办公室（新2）.xlsx"


def test_other_files_of_that_name_stay(places: Places, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    last_year = places.raw / "qinghe" / "2020" / "财政所.xlsx"
    for content in (b"", b"no workbook", last_year.read_bytes()):
        (out / "财政所.xlsx").write_bytes(content)
        (made,) = make_templates(places, out, ["财政所"])
        assert made.path.name == "财政所（新）.xlsx" and made.note
        assert (out / "财政所.xlsx").read_bytes() == content


def test_one_that_is_open_stays_and_the_new_one_goes_beside_it(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file that a person has open can't be replaced."""
    (first,) = make_templates(places, tmp_path / "out", ["财政所"])
    opened = fill_in(first.path, lambda workbook: None)

    @contextmanager
    def beside(path: Path) -> Iterator[Path]:
        if path == first.path or not path.parent.is_relative_to(tmp_path / "out"):
            raise PermissionError(13, "in use", str(path))
        yield path

    monkeypatch.setattr(templates, "beside", beside)
    (made,) = make_templates(places, tmp_path / "out", ["财政所"])
    assert made.note == "《财政所.xlsx》正被打开，没有覆盖，新表写在《财政所（新）.xlsx》"
    assert made.path.is_file() and first.path.read_bytes() == opened
    with pytest.raises(PermissionError):  # a folder that can't be written to is told, and no name is tried without end
        make_templates(places, tmp_path / "locked", ["财政所"])


@pytest.mark.slow
def test_a_blank_one_that_libreoffice_saved_is_known_as_blank(
    places: Places, tmp_path: Path, save_by_libreoffice: Save
) -> None:
    out = tmp_path / "out"
    (first,) = make_templates(places, out, ["经济发展办公室"])
    content = first.path.read_bytes()
    save_by_libreoffice([first.path], "xlsx", tmp_path / "saved")
    shutil.copy(tmp_path / "saved" / first.path.name, first.path)
    assert first.path.read_bytes() != content
    assert make_templates(places, out, ["经济发展办公室"]) == [first]
    assert first.path.read_bytes() == content
