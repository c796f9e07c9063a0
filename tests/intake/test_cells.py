"""One cell: exact numbers, marks by kind, units, percent; and what is never guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.cells import read_choice, read_number, read_text
from analysis.intake.exact import exact, plain_number
from analysis.intake.months import read_date, read_month
from analysis.intake.words import words_of
from analysis.intake.workbook import Cell
from analysis.scheme import Period

DECIMALS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)


@pytest.fixture(scope="module")
def words(scheme):
    return words_of(scheme)


@pytest.fixture(scope="module")
def number(words):
    def read(raw, unit="万元", heading="完成数", kind="count", **cell):
        return read_number(Cell("F5", raw, **cell), words, unit, heading, kind)

    return read


@given(DECIMALS)
def test_any_decimal_typed_as_a_number_is_read_exactly(decimal):
    assert exact(float(decimal)) == decimal


@given(st.integers(-(10**14), 10**14))
def test_any_whole_number_is_read_exactly(whole):
    assert exact(whole) == exact(float(whole)) == whole


@given(DECIMALS)
def test_any_decimal_typed_as_text_is_read_exactly(words, decimal):
    reading = read_number(Cell("F5", f" {decimal:f} "), words, "万元", "完成数", "count")
    assert reading.number == decimal
    assert reading.trouble is None


@given(DECIMALS.filter(lambda d: d >= 0))
def test_thousands_commas_and_full_width_change_nothing(words, decimal):
    typed = f"{decimal:,f}".translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert read_number(Cell("F5", typed), words, "万元", "完成数", "count").number == decimal


@given(st.text(max_size=40))
def test_no_text_raises(words, text):
    for unit in ("万元", "%", "人"):
        reading = read_number(Cell("F5", text), words, unit, "完成数", "zero")
        assert reading.number is None or reading.trouble is None
    read_month(Cell("F5", text), words, "计划完成月份", Period(2021))
    read_date(Cell("F5", text))
    read_choice(Cell("F5", text), words, "stage")
    read_text(Cell("F5", text))


@given(st.floats())
def test_no_float_raises(words, value):
    reading = read_number(Cell("F5", value), words, "万元", "完成数", "count")
    assert reading.number is None or abs(reading.number) < 10**15


@pytest.mark.parametrize(
    ("stored", "typed"), [(1.0049999999999999, "1.005"), (0.30000000000000004, "0.3"), (1234567.89, "1234567.89")]
)
def test_a_stored_float_is_what_excel_shows(stored, typed):
    assert plain_number(exact(stored)) == typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,200", "1200"),
        ("１，２００．５", "1200.5"),
        ("1 200", "1200"),
        ("　1200\n", "1200"),
        ("1200万元", "1200"),
        ("1200 万元", "1200"),
        ("1.2亿元", "12000"),
        ("1200（万元）", "1200"),
        ("5000元", "0.5"),
        ("1.2亿", "12000"),
        ("+3", "3"),
        ("－3", "-3"),
        ("零", "0"),
    ],
)
def test_what_is_forgiven_is_noted(number, typed, value):
    reading = number(typed)
    assert (reading.number, reading.trouble) == (Decimal(value), None)
    assert reading.noted


def test_units_of_counts(number):
    assert number("1.2万人", unit="人").number == 12000
    assert number("3公里", unit="米").number == 3000
    assert number("3.6万株", unit="万株").number == Decimal("3.6")
    assert number("36000株", unit="万株").number == Decimal("3.6")
    assert number("1200人", unit="户").trouble == "unit_in_cell"


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("约300", "uncertain_number"),
        ("300多", "uncertain_number"),
        ("300多户", "uncertain_number"),
        ("近300", "uncertain_number"),
        ("三百", "not_number"),
        ("十三", "not_number"),
        ("三百多", "uncertain_number"),
        ("300左右", "uncertain_number"),
        ("1.2.3", "not_number"),
        ("1,20", "not_number"),
        ("12 34", "not_number"),
        ("10²", "not_number"),
        ("待填", "not_number"),
        ("1e5", "not_number"),
        ("300户", "unit_in_cell"),
        ("abc", "not_number"),
        ("98%", "percent_unexpected"),
        ("同上", "mark_unclear"),
    ],
)
def test_what_is_never_guessed(number, typed, trouble):
    reading = number(typed)
    assert reading.number is None
    assert reading.trouble == trouble


@pytest.mark.parametrize(
    ("typed", "heading", "kind", "number_read", "trouble"),
    [
        ("无", "完成数", "zero", 0, None),
        ("无", "完成数", "neutral", 0, None),
        ("无", "完成数", "target", None, "mark_unclear"),
        ("无", "完成数", "count", None, "mark_unclear"),
        ("无", "目标任务数", "count", None, None),
        ("零", "完成数", "target", 0, None),
        ("—", "上年同期数", "count", None, None),
        ("/", "目标任务数", "count", None, None),
        ("", "完成数", "count", None, None),
        ("  \n", "完成数", "count", None, None),
    ],
)
def test_marks_mean_what_the_scheme_says_by_kind(number, typed, heading, kind, number_read, trouble):
    reading = number(typed, heading=heading, kind=kind)
    assert (reading.number, reading.trouble) == (number_read, trouble)


@pytest.mark.parametrize(
    ("raw", "percent", "value", "trouble"),
    [
        (98.5, False, "98.5", None),
        ("98.5%", False, "98.5", None),
        ("９８．５％", False, "98.5", None),
        (0.985, True, "98.5", None),
        (0.985, False, None, "percent_unclear"),
        (0.985, None, None, "percent_unclear"),
        ("0.985", False, None, "percent_unclear"),
        (1, False, None, "percent_unclear"),
        (1, True, "100", None),
        (0, False, "0", None),
    ],
)
def test_rates(number, raw, percent, value, trouble):
    reading = number(raw, unit="%", heading="目标任务数", kind="ratio", percent=percent)
    assert reading.number == (Decimal(value) if value else None)
    assert reading.trouble == trouble


def test_a_count_in_percent_format_is_asked_about(number):
    assert number(0.95, percent=True).trouble == "percent_unexpected"


@pytest.mark.parametrize("raw", [True, date(2021, 9, 1), datetime(2021, 9, 1, 12), 1e300, float("nan"), float("inf")])
def test_what_is_no_number(number, raw):
    assert number(raw).trouble == "not_number"


def test_cells_that_are_wrong_themselves(number):
    assert number("", error="#DIV/0!").trouble == "error_cell"
    assert number("", unset=True).trouble == "formula_without_value"
    assert number("", merged_under="F4").trouble == "merged_cell"


def test_the_residue_of_a_formula_fits_the_tables(number):
    assert number(5.55111512312578e-17).number == Decimal("5.6e-17")


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        (2021.9, "2021-09"),
        (2021.12, "2021-12"),
        ("2021.10", "2021-10"),
        ("2021年9月", "2021-09"),
        ("2021年 9月份", "2021-09"),
        ("9月", "2021-09"),
        ("2021-09", "2021-09"),
        ("2021/9", "2021-09"),
        ("２０２１．９", "2021-09"),
        (202109, "2021-09"),
        ("2021年9月15日", "2021-09"),
        ("2021.9.15", "2021-09"),
        (date(2021, 9, 1), "2021-09"),
        (datetime(2021, 9, 1, 12), "2021-09"),
    ],
)
def test_months(words, raw, month):
    assert read_month(Cell("F5", raw), words, "实际完成月份", Period(2021)).text == month


@pytest.mark.parametrize(
    "raw", [2021.1, "2021", "13月", "九月", "年底", 9, "2021.13", 44440.0, "待定", date(1900, 1, 9)]
)
def test_months_never_guessed(words, raw):
    reading = read_month(Cell("F5", raw), words, "实际完成月份", Period(2021))
    assert (reading.text, reading.trouble) == (None, "month_unclear")


def test_no_month(words):
    broken = read_month(Cell("F5", "#N/A", error="#N/A"), words, "投用月份", Period(2021))
    assert (broken.text, broken.trouble) == (None, "error_cell")
    reading = read_month(Cell("F5", "—"), words, "投用月份", Period(2021))
    assert (reading.text, reading.trouble) == (None, None)


@pytest.mark.parametrize(
    "raw", ["2022年1月5日", "2022-1-5", "2022.1.5", "20220105", date(2022, 1, 5), datetime(2022, 1, 5, 12)]
)
def test_dates(raw):
    assert read_date(Cell("F5", raw)).text == "2022-01-05"


def test_a_date_that_is_none():
    assert read_date(Cell("F5", "2022年2月30日")).trouble == "date_unclear"


def test_choices(words):
    assert read_choice(Cell("F5", " 已完成 "), words, "stage").text == "已完成"
    reading = read_choice(Cell("F5", "竣工"), words, "stage")
    assert reading.text == "已完成"
    assert reading.noted
    assert read_choice(Cell("F5", "完成"), words, "status").trouble == "choice_unknown"
    assert read_choice(Cell("F5", "#REF!", error="#REF!"), words, "stage").trouble == "error_cell"


def test_texts_lose_what_nobody_sees():
    assert read_text(Cell("F5", "\u200b 一段\r\n 话\u202e ")).text == "一段\n话"


@pytest.mark.parametrize("said", ["核实无误", "核实无误。", "（无）", "情况属实", "", " ", "—", "待填", None])
def test_explanations_that_say_nothing(words, said):
    assert not words.explains(said)


def test_explanations_that_say_something(words):
    assert words.explains("资金下年支付")
    assert words.explains("无资金支付条件")
