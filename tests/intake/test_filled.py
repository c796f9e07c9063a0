"""A return put into the blank form: it reads as the return did, everything has its place, and findings find their cells."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from libreoffice import Save
from openpyxl import load_workbook

from analysis.intake import read_period
from analysis.intake.filled import filled_form
from analysis.intake.form import HEADER_ROW
from analysis.intake.frames import Value, values_frame
from analysis.intake.headers import Survey
from analysis.intake.ingest import Ingested
from analysis.intake.layout import SUM_ROW
from analysis.intake.read import read_return
from analysis.intake.words import words_of
from analysis.intake.workbook import open_workbook
from analysis.scheme import Facts, Period, Scheme, TargetRow, read_facts, read_scheme

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "data" / "raw" / "qinghe"
PRINTED = ("unit", "department", "period")
Returned = tuple[list[Value], bytes, dict[tuple[str, str], tuple[str, str]]]


def values_of(frame: pd.DataFrame) -> list[Value]:
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [Value(**{str(key): value for key, value in record.items()}) for record in records]


def said(values: Sequence[Value]) -> set[tuple[Any, ...]]:
    """What a return says, wherever it stands: numbers and texts by what they are about; paragraphs have no name."""
    return {
        (
            v.table,
            v.code,
            "" if v.table == "text" else v.item,
            v.field,
            v.number,
            v.text if v.field != "category" else v.text or "",
        )
        for v in values
        if (v.number is not None or v.text is not None) and v.field not in PRINTED
    }


def read_bytes(content: bytes, department: str, scheme: Scheme, facts: Facts) -> list[Value]:
    survey = Survey(open_workbook("a.xlsx", content), words_of(scheme))
    return list(read_return(survey, department, scheme, facts.period).values)


@pytest.fixture
def round_trip(read: Callable[..., Ingested], scheme: Scheme, facts: Facts) -> Callable[..., Returned]:
    """Read a return, put it into the form, and give its values, the form and where its cells went."""

    def run(made: Any) -> Returned:
        values = values_of(read(made).values)
        content, places = filled_form(scheme, facts, made.department, values)
        return values, content, dict(places)

    return run


def cell(content: bytes, place: tuple[str, str]) -> Any:
    return load_workbook(io.BytesIO(content))[place[0]][place[1]]


def test_all_returns_of_the_example_read_as_they_did(tmp_path: Path) -> None:
    scheme = read_scheme(ROOT / "scheme")
    facts = read_facts(TOWN, Period(2021), scheme)
    before = read_period(TOWN / "2021", scheme, facts)
    assert len(before) == 15
    for department, ingested in before.items():
        content, places = filled_form(scheme, facts, department, values_of(ingested.values))
        (tmp_path / f"{department}.xlsx").write_bytes(content)
        assert set(zip(ingested.values["sheet"], ingested.values["cell"], strict=True)) <= set(places)
        assert all(here == there for here, there in places.items() if here[1][0] not in "AB")
    after = read_period(tmp_path, scheme, facts)
    for department, ingested in before.items():
        again = after[department]
        assert said(values_of(again.values)) == said(values_of(ingested.values)), department
        assert list(again.findings["check"]) == list(ingested.findings["check"]), department


@pytest.mark.parametrize("department", ["经济发展办公室", "水利站", "社会治理办公室", "财政所"])
def test_it_reads_as_the_return_did(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts, department: str
) -> None:
    values, content, places = round_trip(a_return(department))
    assert said(read_bytes(content, department, scheme, facts)) == said(values)
    assert {(v.sheet, v.cell) for v in values} <= set(places)
    for value in values:
        if value.number is not None and value.field != "target":
            assert cell(content, places[value.sheet, value.cell]).value == pytest.approx(float(value.number))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1200万元", "1200"),
        ("1.2亿元", "12000"),
        ("１２，０００．５", "12000.5"),
        ("约300", None),
        ("三百", None),
        ("#DIV/0!", None),
        ('=cmd|"/c calc"!A1', None),
        ("<script>{{ }}", None),
        ("12.3.4", None),
        (28460.123456, "28460.123456"),
        ("1234567890123.4567", "1234567890123.4567"),
    ],
)
def test_what_was_typed_is_a_number_where_it_was_read_and_text_where_not(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts, typed: Any, number: str | None
) -> None:
    made = a_return("经济发展办公室")
    made.after = lambda workbook: _type(workbook["指标"][made.cell("indicator", 0, "actual")], typed)
    _, content, places = round_trip(made)
    there = cell(content, places["指标", made.cell("indicator", 0, "actual")])
    if number is None:
        assert (there.value, there.data_type) == (typed, "s")
    elif len(number.replace(".", "")) > 15:
        assert there.value == number  # a workbook would round the number
    else:
        assert there.value == pytest.approx(float(number)) and there.data_type == "n"
    again = {(v.code, v.field): v for v in read_bytes(content, made.department, scheme, facts)}["E01", "actual"]
    assert again.number == (Decimal(number) if number else None)
    if number is None:
        assert again.typed == typed


def _type(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def test_rows_that_the_form_does_not_have_are_added(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts
) -> None:
    made = a_return("水利站")
    made.tables["indicator"].append({"code": "E03", "target": 2260, "actual": 5})  # another department's
    made.tables["part"] += [{"code": "R01", "item": f"第{n}段", "amount": n} for n in range(1, 13)]
    made.tables["part"].append({"code": "E02", "item": "=1+1", "amount": 3})
    made.tables["text"] += [{"category": "工作情况", "paragraph": f"第{n}段话"} for n in range(9)]
    made.tables["text"].append({"code": "R06", "paragraph": "没有类别"})
    made.tables["project"] = [{"code": "E04", "item": "桥梁", "stage": "在建", "progress": 60}]
    values, content, _ = round_trip(made)
    assert said(read_bytes(content, made.department, scheme, facts)) == said(values)
    parts = load_workbook(io.BytesIO(content))["分项"]
    amounts = [(row[2].value, row[3].value) for row in parts.iter_rows(min_row=HEADER_ROW + 1) if row[0].value == "R01"]
    assert amounts[-1] == (SUM_ROW, f"=SUM(D{HEADER_ROW + 1}:D{HEADER_ROW + 14})")  # added parts are summed up too
    assert len(amounts) == 15


def test_more_projects_than_the_book_has(a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme) -> None:
    made = a_return("经济发展办公室")
    made.tables["project"] += [
        {"code": "E04", "item": f"项目{n}", "stage": "未开工", "progress": 0, "reason": "=没有资金"} for n in range(9)
    ]
    made.tables["project"].append({"code": "E04", "stage": "在建"})  # without a name
    values = values_of(read_values(made, scheme))
    book = {("E04", "冷链仓库"): TargetRow(code="E04", project="冷链仓库", planned_month="2021-08")}
    facts = replace(made_facts(), targets=book, has_target_book=True)
    content, places = filled_form(scheme, facts, made.department, values)
    assert said(read_bytes(content, made.department, scheme, facts)) == said(values)
    differing = cell(content, places["项目", made.cell("project", 0, "planned_month")])
    assert differing.value == "2021-09" and not differing.protection.locked  # not the book's: to be put right


def read_values(made: Any, scheme: Scheme) -> pd.DataFrame:
    content = io.BytesIO()
    made.workbook().save(content)
    return values_frame(read_bytes(content.getvalue(), made.department, scheme, made_facts()))


def made_facts() -> Facts:
    return replace(read_facts(TOWN, Period(2021), read_scheme(ROOT / "scheme")), targets={}, has_target_book=False)


def test_a_small_percentage_is_not_asked_about(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts
) -> None:
    made = a_return("经济发展办公室").set("project", 1, progress="0.5%", stage="在建")
    made.set("project", 0, progress="1%")
    values, content, _ = round_trip(made)
    assert said(read_bytes(content, made.department, scheme, facts)) == said(values)
    assert {v.number for v in values if v.field == "progress"} == {Decimal("0.5"), Decimal(1)}


def test_a_stated_rate_has_a_column(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts
) -> None:
    made = a_return("财政所")

    def state(workbook: Any) -> None:
        sheet = workbook["指标"]
        header = next(row for row in sheet.iter_rows() if any(c.value == "完成数" for c in row))
        column = len(header) + 1
        sheet.cell(header[0].row, column, "完成率")
        sheet.cell(header[0].row + 1, column, "97.4%")

    made.after = state
    values, content, _ = round_trip(made)
    assert ("indicator", "E03", "", "rate", Decimal("97.4"), None) in said(values)
    assert said(read_bytes(content, made.department, scheme, facts)) == said(values)


def test_a_column_that_is_empty_and_not_printed_is_left_out(a_return: Any, round_trip: Callable[..., Returned]) -> None:
    made = a_return("财政所")

    def head(workbook: Any) -> None:
        sheet = workbook["指标"]
        header = next(row for row in sheet.iter_rows() if any(c.value == "完成数" for c in row))
        sheet.cell(header[0].row, len(header) + 1, "完成率")

    made.after = head
    values, content, places = round_trip(made)
    empty = next(v for v in values if v.field == "rate")
    assert "完成率" not in [c.value for c in load_workbook(io.BytesIO(content))["指标"][HEADER_ROW]]
    assert places[empty.sheet, empty.cell] == places["指标", made.cell("indicator", 0, "name")]


def test_a_target_that_is_not_the_books_can_be_put_right(a_return: Any, round_trip: Callable[..., Returned]) -> None:
    made = a_return("财政所").set("indicator", 0, target=2000)
    _, content, places = round_trip(made)
    there = cell(content, places["指标", made.cell("indicator", 0, "target")])
    assert there.value == 2000 and not there.protection.locked
    _, content, places = round_trip(a_return("财政所"))
    assert cell(content, places["指标", made.cell("indicator", 0, "target")]).protection.locked


def test_a_unit_that_nothing_is_known_of_stays_to_be_asked_about(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts
) -> None:
    made = a_return("财政所").set("indicator", 0, unit="亿元")
    values, content, places = round_trip(made)
    assert said(read_bytes(content, made.department, scheme, facts)) == said(values)
    assert cell(content, places["指标", made.cell("indicator", 0, "unit")]).value == "万元"
    made = a_return("财政所").set("indicator", 0, unit="公斤")
    _, content, places = round_trip(made)
    there = cell(content, places["指标", made.cell("indicator", 0, "unit")])
    assert there.value == "公斤" and not there.protection.locked


def test_a_finding_about_a_whole_row_finds_its_row(a_return: Any, round_trip: Callable[..., Returned]) -> None:
    made = a_return("水利站")
    _, content, places = round_trip(made)
    for field, shown in (("code", "镇级"), ("item", "镇级")):
        there = places["分项", made.cell("part", 0, field)]
        assert cell(content, (there[0], f"C{there[1][1:]}")).value == shown


def test_the_submitter_is_taken_over(a_return: Any, round_trip: Callable[..., Returned]) -> None:
    values, content, places = round_trip(a_return("财政所"))
    filled_by = next(v for v in values if v.field == "filled_by")
    assert cell(content, places[filled_by.sheet, filled_by.cell]).value == "张三"


def test_what_excel_would_take_for_an_escape_stays_as_typed(
    a_return: Any, round_trip: Callable[..., Returned], scheme: Scheme, facts: Facts
) -> None:
    typed = "见_x0041_表"
    values, _, _ = round_trip(a_return("财政所"))
    values = [replace(value, typed=typed, text=typed) if value.field == "note" else value for value in values]
    content, _ = filled_form(scheme, facts, "财政所", values)
    again = read_bytes(content, "财政所", scheme, facts)
    assert next(value.text for value in again if value.field == "note") == typed


def test_the_same_return_has_the_same_bytes(a_return: Any, round_trip: Callable[..., Returned]) -> None:
    assert round_trip(a_return("水利站"))[1] == round_trip(a_return("水利站"))[1]


@pytest.mark.slow
def test_it_is_the_same_after_libreoffice_saved_it(
    tmp_path: Path,
    a_return: Any,
    round_trip: Callable[..., Returned],
    scheme: Scheme,
    facts: Facts,
    save_by_libreoffice: Save,
) -> None:
    _, content, _ = round_trip(a_return("经济发展办公室"))
    (tmp_path / "form.xlsx").write_bytes(content)
    save_by_libreoffice([tmp_path / "form.xlsx"], "xlsx", tmp_path / "out")
    again = (tmp_path / "out" / "form.xlsx").read_bytes()
    before, after = (read_bytes(each, "经济发展办公室", scheme, facts) for each in (content, again))
    assert said(before) == said(after)
    shown = load_workbook(io.BytesIO(again), data_only=True)["分项"]
    sums = next(row for row in shown.iter_rows() if row[2].value == SUM_ROW)
    assert (sums[3].value, sums[1].value) == (4200.5, "与“指标”表一致")
