"""Opening workbooks within bounds: what is refused, and what is known of a cell."""

import contextlib
import importlib.util
import io
import re
import struct
import subprocess
import sys
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from analysis.intake import bounds
from analysis.intake.ods import ods_forms
from analysis.intake.ole import Compound, rewritten
from analysis.intake.package import Package
from analysis.intake.refusal import Refusal
from analysis.intake.spots import address
from analysis.intake.workbook import open_workbook, read_workbook

spec = importlib.util.spec_from_file_location("bombs", Path(__file__).parents[2] / "tools" / "bombs.py")
bombs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bombs)
bomb = cache(bombs.bomb)
MEASURING = """
import contextlib, os, sys
from pathlib import Path
from analysis.intake.refusal import Refusal
from analysis.intake.workbook import read_workbook
for line in sys.stdin:
    if not (child := os.fork()):
        with contextlib.suppress(Refusal):
            read_workbook(Path(line.rstrip()))
        print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("failed", flush=True)
"""
"""Reads each file that it is told in a process of its own, and tells the most memory that this took, in kB."""


@pytest.fixture(scope="module")
def memory_taken():
    """Give how much memory the reading of a file takes, in kB; the files are read one after the other."""
    command = [sys.executable, "-c", MEASURING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:

        def taken(path):
            print(path, file=reader.stdin, flush=True)
            return int(reader.stdout.readline())

        yield taken
        reader.stdin.close()


def saved(workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def written(fill) -> bytes:
    """A workbook of XlsxWriter."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        fill(workbook)
    return stream.getvalue()


def changed(content: bytes, change) -> bytes:
    """A workbook with its parts changed: `change` takes and gives name and bytes, None to leave a part out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        open_workbook("x.xlsx", content)
    assert caught.value.reason
    assert caught.value.remedy
    return caught.value


@pytest.fixture(scope="module")
def small() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = 1
    return saved(workbook)


def test_addresses():
    assert [address(0, 0), address(4, 5), address(9, 26)] == ["A1", "F5", "AA10"]


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n", "编码,完成数".encode(), b"%PDF-1.7"])
def test_no_workbook(content):
    assert "不是 Excel 工作簿" in refused(content).reason


def test_nothing_at_all():
    assert "空的" in refused(b"").reason


def test_another_zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "不是 Excel 工作簿" in refused(stream.getvalue()).reason


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off(small, part):
    assert "损坏" in refused(small[: int(len(small) * part)]).reason


def test_a_flipped_byte(small):
    at = len(small) // 3
    content = small[:at] + bytes([small[at] ^ 0xFF]) + small[at + 1 :]
    with contextlib.suppress(Refusal):  # anything but a refusal or a workbook would be an error of the program
        open_workbook("x.xlsx", content)


@pytest.mark.parametrize("name", ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("part", [b"", b"<broken", b"<a/>", None])
def test_parts_that_make_no_sense(small, name, part):
    assert refused(changed(small, lambda n, p: part if n == name else p))


def test_broken_sheet(small):
    assert "损坏" in refused(changed(small, lambda n, p: b"<worksheet><sheetD" if "sheet1" in n else p)).reason


def test_password_protected():
    assert "密码" in refused(rewritten("EncryptedPackage", b"\0" * 9000).getvalue()).reason


def test_password_protected_xls():
    """A workbook stream that begins, says that it is encrypted, and goes on unreadably."""
    begin = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
    assert "密码" in refused(rewritten("Workbook", begin + struct.pack("<HH54x", 0x2F, 54)).getvalue()).reason


def test_password_protected_ods():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/>")
        archive.writestr("content.xml", b"\x8d\x01\xff")
    assert "密码" in refused(stream.getvalue()).reason


def test_a_document_of_word_in_the_old_format():
    assert "不是 Excel 工作簿" in refused(rewritten("WordDocument", b"\0" * 9000).getvalue()).reason


def test_damaged_ole():
    assert "损坏" in refused(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 2000).reason


SECTOR = 4096


def compound(change=lambda content: content, name="Notes"):
    """An old workbook's file of sectors, changed."""
    content = bytearray(rewritten(name, b"x" * 9000).getvalue())
    return bytes(change(content) or content)


def test_the_table_of_sectors_of_a_large_file_goes_on_elsewhere():
    def further(content):
        (table,) = struct.unpack_from("<I", content, 76)
        content[76:80] = struct.pack("<I", 0xFFFFFFFF)
        content[68:72] = struct.pack("<I", len(content) // SECTOR - 1)
        return content + struct.pack("<I1022II", table, *[0xFFFFFFFF] * 1022, 0xFFFFFFFE)

    assert Compound(compound(further)).read("Notes")[:9000] == b"x" * 9000


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (76, 9999),  # a sector behind the file's end
        (80, 6),  # a part of the table that is there twice
        (68, 6),  # a table that goes on in itself, in a circle
    ],
)
def test_a_table_of_sectors_that_makes_no_sense_is_refused(at, written):
    def spoilt(content):
        (table,) = struct.unpack_from("<I", content, 76)
        written_there = table if written == 6 else written
        content[at : at + 4] = struct.pack("<I", written_there)
        if at == 68:
            begin = (table + 1) * SECTOR
            content[begin : begin + SECTOR] = b"\xff" * (SECTOR - 4) + struct.pack("<I", table)

    with pytest.raises(Refusal, match="损坏"):
        Compound(compound(spoilt))


def test_a_stream_shorter_than_the_directory_says_is_refused():
    def longer(content):
        at = content.index("Notes".encode("utf-16-le")) + 120
        content[at : at + 4] = struct.pack("<I", 10**6)

    with pytest.raises(Refusal, match="损坏"):
        Compound(compound(longer)).read("Notes")


def test_a_binary_workbook_is_told_apart(small):
    content = packed_with(small, {"xl/workbook.bin": b"\x83\x01"})
    assert "xlsb" in refused(content).reason


def packed_with(content, more):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, part in more.items():
            archive.writestr(name, part)
    return stream.getvalue()


def test_parts_with_a_password_are_told_as_such(small):
    content = bytearray(small)
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "密码" in refused(bytes(content)).reason


def test_a_part_that_is_not_what_was_packed_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"figures")
    with pytest.raises(Refusal, match="损坏"):
        bounds.check_zip(io.BytesIO(stream.getvalue().replace(b"figures", b"forgery")))
    assert bounds.check_zip(stream).namelist() == ["a.txt"]


def test_too_many_merged_ranges(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_MERGED", 1)
    workbook = openpyxl.Workbook()
    workbook.active["E9"] = 1
    workbook.active.merge_cells("A1:A2")
    assert open_workbook("x.xlsx", saved(workbook))
    workbook.active.merge_cells("B1:B2")
    assert "合并单元格超过" in refused(saved(workbook)).reason


def test_a_merged_range_with_nothing_in_it_shares_nothing_out():
    workbook = openpyxl.Workbook()
    workbook.active["C3"] = "甲"
    workbook.active.merge_cells("A1:A2")
    workbook.active["B1"] = 5
    workbook.active.merge_cells("B1:B2")
    sheet = open_workbook("x.xlsx", saved(workbook)).sheets[0]
    assert [sheet.cell(1, column).merged_under for column in (0, 1)] == [None, "B1"]


def test_a_sheet_that_is_a_chart_is_none():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = 1
    workbook.create_chartsheet("图")
    assert [sheet.title for sheet in open_workbook("x.xlsx", saved(workbook)).sheets] == ["Sheet"]


def test_too_many_unpacked_bytes(small, monkeypatch):
    monkeypatch.setattr(bounds, "MAX_UNPACKED_BYTES", 1000)
    assert "解压后" in refused(small).reason


def test_a_directory_that_lies_about_sizes():
    """A part that unpacks to more than its entry says fails its checksum instead of filling the memory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 5_000_000)
    content = bytearray(stream.getvalue())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    workbook = bytes(content)
    assert refused(workbook)


@pytest.mark.parametrize("kind", [kind for kind in bombs.KINDS if kind != "nested"])
def test_a_bomb_is_refused(kind):
    assert refused(bomb(kind))


def test_zips_within_a_workbook_are_let_be():
    assert all(sheet.empty() for sheet in open_workbook("x.xlsx", bomb("nested")).sheets)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells the memory on Linux only")
@pytest.mark.parametrize("kind", bombs.KINDS)
def test_a_bomb_takes_little_memory(kind, tmp_path, memory_taken):
    (tmp_path / "x.xlsx").write_bytes(bomb(kind))
    assert memory_taken(tmp_path / "x.xlsx") < 300_000


def test_too_many_parts(small, monkeypatch):
    monkeypatch.setattr(bounds, "MAX_PARTS", 3)
    assert "内部文件" in refused(small).reason


def test_a_cell_far_away_is_named():
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["B1048576"] = 1, 2
    refusal = refused(saved(workbook))
    assert "B1048576" in refusal.reason
    assert "删除" in refusal.remedy


def test_a_shared_string_used_without_end(monkeypatch):
    workbook = openpyxl.Workbook()
    for row in range(1, 50):
        workbook.active.cell(row, 1, "长" * 1000)
    monkeypatch.setattr("analysis.intake.bounds.MAX_TEXT", 20_000)
    assert "文字超过" in refused(saved(workbook)).reason


def test_too_many_cells(monkeypatch):
    workbook = openpyxl.Workbook()
    for row in range(1, 50):
        workbook.active.cell(row, 1, row)
    monkeypatch.setattr("analysis.intake.bounds.MAX_FILLED", 20)
    assert "单元格超过" in refused(saved(workbook)).reason


def test_too_large_a_file(tmp_path, small, monkeypatch):
    path = tmp_path / "x.xlsx"
    path.write_bytes(small)
    monkeypatch.setattr("analysis.intake.workbook.MAX_FILE_BYTES", 100)
    with pytest.raises(Refusal, match="超出能读取的大小"):
        read_workbook(path)


def ods(rows):
    sheet = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="指标">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", sheet)
    return stream.getvalue()


def test_repeated_cells_of_ods():
    row = (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
        "</table:table-row>"
    )
    assert "超出能读取的大小" in refused(ods(row)).reason
    nought = row.replace("1000000", "0").replace("16000", "1")
    assert "损坏" in refused(ods(nought)).reason


def test_formulas_without_a_value_count_wherever_an_ods_repeats_them():
    formulas = '<table:table-cell table:formula="of:=A1" table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1000">{formulas}</table:table-row>'
    assert "超出能读取的大小" in refused(ods(row)).reason


def test_what_is_hidden_is_kept_as_far_as_a_sheet_is_filled():
    column = '<table:table-column table:number-columns-repeated="16384" table:visibility="collapse"/>'
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    hidden = '<table:table-row table:number-rows-repeated="1000000" table:visibility="collapse"><table:table-cell/>'
    row = f'<table:table-row table:visibility="collapse">{cell}</table:table-row>'
    stored = ods_forms(Package(ods(f"{column * 3}{row}{hidden}</table:table-row>")))["指标"]
    assert (stored.hidden_rows, stored.hidden_columns) == ({0}, {0})


def test_columns_that_are_hidden_over_and_over_are_refused():
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 100 + "</cols>"

    def with_cell(address):
        cell = f'{columns}<sheetData><row><c r="{address}"><v>1</v></c></row></sheetData>'
        content = written(lambda workbook: workbook.add_worksheet().write(0, 0, 1))
        return changed(
            content, lambda n, p: re.sub(rb"<sheetData>.*</sheetData>", cell.encode(), p) if "sheet1" in n else p
        )

    assert open_workbook("x.xlsx", with_cell("A1")).sheets[0].stored.hidden_columns == {0}
    assert "损坏" in refused(with_cell("XFD1")).reason


def test_a_remark_on_a_cell_of_an_ods_is_not_its_text():
    remark = "<office:annotation><text:p>#DIV/0!</text:p></office:annotation>"
    cell = '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1">{}</table:table-cell>'
    cells = "".join(cell.format(inside) for inside in (remark, "<text:p>#DIV/0!</text:p>"))
    forms = ods_forms(Package(ods(f"<table:table-row>{cells}</table:table-row>")))
    assert forms["指标"].errors == {(0, 1): "#DIV/0!"}


def test_entities_are_not_resolved(tmp_path, small):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b "bbbbbbbbbb">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&a;&b;</t></is></c></row></sheetData></worksheet>'
    ).encode()
    content = changed(small, lambda n, p: bomb if "sheet1" in n else p)
    try:
        workbook = open_workbook("x.xlsx", content)
    except Refusal:
        return
    assert "hunter2" not in str(workbook)


def test_stored_forms_of_xlsxwriter():
    def fill(workbook):
        sheet = workbook.add_worksheet("指标")
        sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet.write_formula("A2", "=0.1+0.2", None, 0.30000000000000004)
        sheet.write_formula("A3", "=X", None, "文字")
        sheet.write("A4", 0.985, workbook.add_format({"num_format": "0.0%"}))
        sheet.write("A5", 0.985, workbook.add_format({"num_format": '0.0"%"'}))
        sheet.write_datetime("A6", date(2021, 9, 1), workbook.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.merge_range("B1:B3", "合并")

    sheet = open_workbook("x.xlsx", written(fill)).sheets[0]
    assert sheet.cell(0, 0).error == "#DIV/0!"
    assert sheet.cell(1, 0).text == "0.3"
    assert sheet.cell(2, 0).text == "文字"
    assert [sheet.cell(row, 0).percent for row in (3, 4)] == [True, False]
    assert sheet.cell(5, 0).raw == date(2021, 9, 1)
    assert [sheet.cell(row, 1).merged_under for row in range(3)] == [None, "B1", "B1"]
    assert sheet.heading(2, 1) == "合并"


def test_a_formula_without_a_value_and_1904_dates():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    sheet["A1"], sheet["A2"] = "=1+1", date(2021, 9, 1)
    workbook.create_sheet("隐藏").sheet_state = "veryHidden"
    first, hidden = open_workbook("x.xlsx", saved(workbook)).sheets
    assert first.cell(0, 0).unset
    assert first.cell(1, 0).raw == date(2021, 9, 1)
    assert (first.visible, hidden.visible) == (True, False)
    assert hidden.empty()


def test_cells_outside_the_grid_are_empty(small):
    sheet = open_workbook("x.xlsx", small).sheets[0]
    assert sheet.cell(99, 99).blank
    assert sheet.heading(99, 99) == ""


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_files_of_libreoffice(tmp_path, ending, save_by_libreoffice):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "指标"
    sheet["B2"], sheet["B3"], sheet["B4"], sheet["B5"] = 1.005, "=1+1", date(2021, 9, 1), "文字"
    (tmp_path / "from").mkdir()
    workbook.save(tmp_path / "from" / "a.xlsx")
    save_by_libreoffice([tmp_path / "from" / "a.xlsx"], ending, tmp_path)
    sheet = read_workbook(tmp_path / f"a.{ending}").sheets[0]
    assert sheet.title == "指标"
    assert [sheet.cell(row, 1).text for row in range(1, 5)] == ["1.005", "2", "2021-09-01", "文字"]
