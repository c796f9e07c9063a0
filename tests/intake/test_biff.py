"""What an .xls says beside its values, record by record: streams as programs write them that nobody here has."""

import struct
from itertools import accumulate

import pytest

from analysis.intake import bounds
from analysis.intake.biff import biff_forms
from analysis.intake.refusal import Refusal

NEW, OLD = 0x600, 0x500
BOF, EOF, CONTINUE, BOUNDSHEET, FORMAT, FORMAT_5, XF, SST = 0x809, 0x0A, 0x3C, 0x85, 0x41E, 0x1E, 0xE0, 0xFC
NUMBER, SHARED, ERROR, FORMULA, STRING, CODEPAGE = 0x203, 0xFD, 0x205, 0x06, 0x207, 0x42


def record(kind: int, layout: str = "", *values: object) -> bytes:
    data = struct.pack(f"<{layout}", *values)
    return struct.pack("<HH", kind, len(data)) + data


def begin(version: int) -> bytes:
    return record(BOF, "HHHHII", version, 5, 0, 0, 0, 0)


def name_of(title: str, version: int, encoding: str = "gbk") -> bytes:
    if version == OLD:
        return bytes([len(title.encode(encoding))]) + title.encode(encoding)
    return bytes([len(title), 1]) + title.encode("utf-16-le")


def stream(cells: bytes, more: bytes = b"", version: int = NEW, title: str = "指标", encoding: str = "gbk") -> bytes:
    """A workbook of one sheet."""
    name = name_of(title, version, encoding)
    length = len(begin(version)) + len(more) + 4 + 6 + len(name) + 4
    sheet = record(BOUNDSHEET, f"IH{len(name)}s", length, 0, name)
    return begin(version) + more + sheet + record(EOF) + begin(version) + cells + record(EOF)


def number(row: int, column: int, style: int = 0) -> bytes:
    return record(NUMBER, "HHHd", row, column, style, 1.0)


def test_names_and_formats_of_the_older_format_are_read():
    styles = record(FORMAT_5, "HB4s", 200, 4, b"0.0%") + record(XF, "HH12x", 0, 0) + record(XF, "HH12x", 0, 200)
    forms = biff_forms(stream(number(0, 0) + number(1, 0, 1), styles, OLD))
    assert list(forms) == ["指标"]
    assert forms["指标"].percent == {(1, 0)}


@pytest.mark.parametrize(
    ("page", "encoding", "title"),
    [
        (936, "gbk", "指标"),
        (1252, "cp1252", "Données"),
        (1200, "utf-16-le", "指标"),
        (54936, "gb18030", "㐀"),
        (1, "gbk", "指标"),
    ],
)
def test_titles_of_the_older_format_are_in_the_encoding_that_it_states(page, encoding, title):
    forms = biff_forms(stream(number(0, 0), record(CODEPAGE, "H", page), OLD, title, encoding))
    assert list(forms) == [title]


def formula(row: int, column: int, result: bytes, style: int = 0, kind: int = FORMULA) -> bytes:
    return record(kind, "HHH8sHIH", row, column, style, result, 0, 0, 0)


ONE = struct.pack("<d", 1.0)
TEXT, WRONG, NOTHING = (bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF]) for kind, value in ((0, 0), (2, 0x2A), (3, 0)))


def test_formulas_that_give_a_text_or_an_error():
    said = record(STRING, "HB2s", 2, 0, b"ab")
    stored = biff_forms(stream(formula(0, 0, TEXT) + said + said + formula(1, 0, WRONG) + formula(2, 0, ONE)))["指标"]
    assert (stored.texts, stored.errors, stored.unset) == ({(0, 0): "ab"}, {(1, 0): "#N/A"}, frozenset())


def test_a_stray_text_does_not_take_the_place_of_a_formulas():
    said, other = (record(STRING, "HB2s", 2, 0, text) for text in (b"ab", b"cd"))
    assert biff_forms(stream(formula(0, 0, TEXT) + said + other))["指标"].texts == {(0, 0): "ab"}


@pytest.mark.parametrize("computed", [ONE, b"\x03" + ONE[1:], TEXT])
def test_empty_texts_were_not_computed_where_no_formula_was(computed):
    blank = formula(0, 0, NOTHING)
    assert biff_forms(stream(blank))["指标"].unset == {(0, 0)}
    stored = biff_forms(stream(blank + formula(1, 0, computed)))["指标"]
    assert (stored.unset, stored.texts) == (frozenset(), {(0, 0): ""})


@pytest.mark.parametrize("cells", [record(SHARED, "HHHI", 0, 0, 0, 9), record(NUMBER, "HH", 0, 0)])
def test_records_that_make_no_sense_are_refused(cells):
    """A shared text that is not there, a cell that ends too early."""
    with pytest.raises(Refusal, match="损坏"):
        biff_forms(stream(cells))


def test_a_workbook_without_sheets_is_refused():
    with pytest.raises(Refusal, match="损坏"):
        biff_forms(begin(NEW) + record(EOF))


def test_a_chart_within_a_sheet_has_no_cells_of_it():
    wrong = record(ERROR, "HHHBB", 5, 5, 0, 0x07, 1)
    chart = begin(NEW) + wrong + record(EOF)
    assert biff_forms(stream(chart + number(0, 0)))["指标"].errors == {}
    assert biff_forms(stream(wrong + number(0, 0)))["指标"].errors == {(5, 5): "#DIV/0!"}


def test_a_truth_value_is_no_error_and_a_stray_text_of_a_formula_no_cell():
    true = record(ERROR, "HHHBB", 0, 0, 0, 1, 0)
    computed = record(FORMULA, "HHHBxBxxxHHIH", 1, 0, 0, 1, 1, 0xFFFF, 0, 0, 0)
    stored = biff_forms(stream(true + computed + record(STRING, "HB2s", 2, 0, b"ab")))["指标"]
    assert (stored.errors, stored.texts, stored.unset) == ({}, {}, frozenset())


def test_a_sheet_that_ends_with_the_file_is_read_as_far_as_it_goes():
    cut = stream(record(ERROR, "HHHBB", 0, 0, 0, 0x2A, 1))[:-4]
    assert biff_forms(cut)["指标"].errors == {(0, 0): "#N/A"}


def shared(*parts: bytes) -> bytes:
    return b"".join(record(CONTINUE if at else SST, f"{len(part)}s", part) for at, part in enumerate(parts))


LENGTHS = [3, 2, 4, 1]
STRINGS = [
    struct.pack("<HB", 3, 0) + b"abc",
    struct.pack("<HBI", 2, 1 | 4, 6) + "甲乙".encode("utf-16-le") + b"phonet",
    struct.pack("<HBH", 4, 8, 1) + b"wxyz" + b"rich",
    struct.pack("<HB", 1, 0) + b"k",
]
WHOLE = struct.pack("<II", 4, 4) + b"".join(STRINGS)
STARTS = list(accumulate(map(len, STRINGS), initial=8))


@pytest.mark.parametrize(
    "parts",
    [
        (WHOLE,),
        (WHOLE[: STARTS[1]], WHOLE[STARTS[1] :]),  # a string begins with the record that continues
        (WHOLE[: STARTS[1]], WHOLE[STARTS[1] : STARTS[2]], WHOLE[STARTS[2] :]),
        (WHOLE[: STARTS[2] - 5], WHOLE[STARTS[2] - 5 : STARTS[2] - 2], WHOLE[STARTS[2] - 2 :]),
        (WHOLE[: STARTS[2] - 3], WHOLE[STARTS[2] - 3 :]),  # what follows a string's characters goes on in the next
        (WHOLE[: STARTS[0] + 4], b"\0" + WHOLE[STARTS[0] + 4 :]),  # its characters do, and say anew how wide they are
    ],
)
def test_shared_texts_are_measured_wherever_their_records_are_cut(parts, monkeypatch):
    cells = b"".join(record(SHARED, "HHHI", row, 0, 0, row) for row in range(len(LENGTHS)))
    stray = record(XF, "HH", 0, 0) + record(CONTINUE, "4s", b"else")  # it continues another record
    content = stream(cells, stray + shared(*parts))
    monkeypatch.setattr(bounds, "MAX_TEXT", sum(LENGTHS))
    assert list(biff_forms(content)) == ["指标"]
    monkeypatch.setattr(bounds, "MAX_TEXT", sum(LENGTHS) - 1)
    with pytest.raises(Refusal, match="文字超过"):
        biff_forms(content)


def test_a_text_that_goes_on_wider_than_it_began(monkeypatch):
    begun = struct.pack("<IIHB", 2, 2, 3, 0) + b"ab"
    parts = (begun, b"\1" + "丙".encode("utf-16-le") + struct.pack("<HB", 1, 0) + b"k")
    monkeypatch.setattr(bounds, "MAX_TEXT", 4)
    cells = record(SHARED, "HHHI", 0, 0, 0, 0) + record(SHARED, "HHHI", 1, 0, 0, 1)
    assert biff_forms(stream(cells, shared(*parts)))["指标"].errors == {}


SAID = record(STRING, "HB2s", 2, 0, b"ab")
RK, MULTIPLE_RK, LABEL, RICH, ROW, COLUMNS, MERGED, PASSWORD = 0x27E, 0xBD, 0x204, 0xD6, 0x208, 0x7D, 0xE5, 0x2F
THREE = record(MULTIPLE_RK, "HHHIHIHIH", 0, 1, 0, 2, 1, 2, 0, 2, 3)


@pytest.mark.parametrize(
    ("cells", "filled", "characters"),
    [
        (number(0, 0), 1, 1),
        (record(RK, "HHHI", 0, 0, 0, 2), 1, 1),
        (THREE, 3, 3),
        (record(LABEL, "HHHH5s", 0, 0, 0, 5, b"abcde"), 1, 5),
        (record(RICH, "HHHH5s", 0, 0, 0, 5, b"abcde"), 1, 5),
        (record(ERROR, "HHHBB", 0, 0, 0, 0x07, 1), 1, 1),
        (formula(0, 0, ONE), 1, 1),
        (formula(0, 0, ONE, kind=0x206), 1, 1),
        (formula(0, 0, ONE, kind=0x406), 1, 1),
        (formula(0, 0, NOTHING), 1, 1),
        (formula(0, 0, TEXT) + SAID, 2, 3),
    ],
)
def test_cells_of_every_kind_are_counted(cells, filled, characters, monkeypatch):
    for name, exactly, told in (("MAX_FILLED", filled, "单元格超过"), ("MAX_TEXT", characters, "文字超过")):
        with monkeypatch.context() as patch:
            patch.setattr(bounds, name, exactly)
            assert list(biff_forms(stream(cells))) == ["指标"]
            patch.setattr(bounds, name, exactly - 1)
            with pytest.raises(Refusal, match=told):
                biff_forms(stream(cells))


@pytest.mark.parametrize(
    ("name", "most", "told"),
    [
        ("MAX_TAGS", 9, "过多"),
        ("MAX_SHEETS", 0, "工作表超过"),
        ("MAX_STRINGS", 3, "条"),
        ("MAX_TEXT", 9, "文字超过9字"),
    ],
)
def test_bounds_are_kept_before_any_cell_is_read(name, most, told, monkeypatch):
    monkeypatch.setattr(bounds, name, most)
    with pytest.raises(Refusal, match=told):
        biff_forms(stream(b"", shared(WHOLE)))


def test_percent_formats_what_is_hidden_and_what_is_merged():
    styles = b"".join(record(XF, "HH", 0, code) for code in (0, 9, 0, 10))
    cells = THREE + record(RK, "HHHI", 1, 0, 1, 2) + formula(2, 0, ONE, 3) + number(3, 3, 99)
    layout = record(ROW, "H10xH", 2, 0x20) + record(ROW, "H10xH", 1, 0) + record(COLUMNS, "HHHHH", 1, 2, 0, 0, 1)
    stored = biff_forms(stream(cells + layout + record(MERGED, "HHHHH", 1, 0, 1, 0, 0), styles))["指标"]
    assert stored.percent == {(0, 2), (1, 0), (2, 0)}
    assert (stored.hidden_rows, stored.hidden_columns, stored.merged) == ({2}, {1, 2}, {(1, 0): (0, 0)})


def test_texts_of_the_older_format_have_no_mark_of_their_width():
    formats = record(FORMAT_5, "HB1s", 200, 1, b"%") + record(XF, "HH", 0, 200)
    cells = formula(0, 0, TEXT) + record(STRING, "H4s", 4, "甲乙".encode("gbk")) + number(1, 0)
    stored = biff_forms(stream(cells, formats, OLD))["指标"]
    assert (stored.texts, stored.percent) == ({(0, 0): "甲乙"}, {(1, 0)})


def test_a_password_is_told_where_it_is_asked_for():
    assert list(biff_forms(stream(record(PASSWORD)))) == ["指标"], "the first part of the stream ends before its sheets"
    with pytest.raises(Refusal, match="密码"):
        biff_forms(stream(b"", record(PASSWORD)))
