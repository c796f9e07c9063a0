"""A correction goes round: the department corrects its receipt copy, sends it back, and the next receipt says what came of it."""

import hashlib
import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from analysis.figures.receipts.files import save_receipts
from analysis.intake.layout import RECEIPT_MARK, RECEIPT_SHEET

FINANCE, ECONOMY = "财政所", "经济发展办公室"


def cell_of(sheet, code, heading):
    """The cell in the row of a code and the column of a heading, as a person finds it."""
    head = next(row for row in sheet.iter_rows() if any(cell.value == heading for cell in row))
    column = next(cell.column for cell in head if cell.value == heading)
    first = next(cell.column for cell in head if cell.value == "编码")
    return next(row[column - 1] for row in sheet.iter_rows() if row[first - 1].value == code)


def change(path, changes, sheet="指标", saved_as=None):
    workbook = openpyxl.load_workbook(path)
    for (code, heading), value in changes.items():
        cell_of(workbook[sheet], code, heading).value = value
    workbook.save(saved_as or path)


def answer(path, name, reason, measure):
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[RECEIPT_SHEET]
    row = next(row for row in sheet.iter_rows() if row[0].value == name)
    row[6].value, row[7].value = reason, measure
    workbook.save(path)


def sent_back(town, made, department, name, folder="receipts"):
    """Put a department's receipt copy into the returns' folder, as it sends it back."""
    path = town.returns / name
    path.write_bytes(made.files[f"{folder}/{department}.xlsx"])
    return path


def test_a_clean_return_gets_a_receipt_that_says_so_and_reads_clean_when_it_comes_back(town, of):
    before, computed = town.computed()
    made = town.receipts()
    receipt = of(made, FINANCE)
    assert (receipt.state, receipt.count("error"), receipt.marked_copy) == ("已上报", 0, "财政所.xlsx")
    sent_back(town, made, FINANCE, "改好了.xlsx")
    again, computed_again = town.computed()
    assert len(computed_again.findings) == len(computed.findings)
    columns = ["department", "table", "code", "item", "field", "number", "text", "noted"]
    assert again[columns].equals(before[columns])
    receipt = of(town.receipts(), FINANCE)
    assert receipt.file == "改好了.xlsx"
    assert receipt.correction is not None
    assert (receipt.correction.corrects, receipt.correction.settled, receipt.correction.new) == ("财政所.xlsx", (), ())
    assert receipt.correction.changed == ()


def test_a_receipt_tells_what_was_read_although_it_was_written_otherwise(town, of):
    change(town.returns / "财政所.xlsx", {("E03", "完成数"): "2,260"})
    forgiven = of(town.receipts(), FINANCE).forgiven
    assert ("2,260", "一般公共预算支出（E03）完成数") in [(each.typed, each.about) for each in forgiven]


def test_receipts_of_an_earlier_computation_are_taken_away(town, tmp_path):
    made = town.receipts()
    (tmp_path / "made" / "receipts").mkdir(parents=True)
    (tmp_path / "made" / "receipts" / "已撤销的办公室.html").write_text("旧")
    save_receipts(made, tmp_path / "made")
    kept = {f"receipts/{path.name}" for path in (tmp_path / "made" / "receipts").iterdir()}
    assert kept == {name for name in made.files if name.startswith("receipts/")}


def test_the_originals_stay_byte_for_byte(town):
    before = {path: path.read_bytes() for path in town.returns.iterdir() if path.is_file()}
    town.receipts()
    assert {path: path.read_bytes() for path in town.returns.iterdir() if path.is_file()} == before


def test_settled_staying_new_and_changed(town, of):
    original = town.returns / f"{FINANCE}.xlsx"
    change(original, {("E03", "完成数"): "约2200", ("E03", "说明"): None})
    made = town.receipts()
    told = {finding.check for finding in of(made, FINANCE).findings}
    assert "uncertain_number" in told
    path = sent_back(town, made, FINANCE, "最终版(2).xlsx")
    change(path, {("E03", "完成数"): 2200, ("E03", "上年同期数"): "三百"})
    receipt = of(town.receipts(), FINANCE)
    assert receipt.correction is not None
    assert any("约2200" in message for message in receipt.correction.settled)
    assert any("三百" in message for message in receipt.correction.new)
    changed = {(each.about.rpartition("）")[2], each.before, each.after) for each in receipt.correction.changed}
    assert ("完成数", "约2200", "2200") in changed
    assert len(changed) == 2


def test_a_second_correction_supersedes_the_first_and_does_not_pile_up(town, of):
    change(town.returns / f"{FINANCE}.xlsx", {("E03", "完成数"): "约2200"})
    first = town.receipts()
    path = sent_back(town, first, FINANCE, "第一次更正.xlsx")
    change(path, {("E03", "完成数"): "2200多"})
    second = town.receipts()
    path = sent_back(town, second, FINANCE, "第二次更正.xlsx")
    change(path, {("E03", "完成数"): 2200})
    third = town.receipts()
    receipt = of(third, FINANCE)
    assert (receipt.file, receipt.correction.corrects) == ("第二次更正.xlsx", "第一次更正.xlsx")
    assert len(receipt.others) == 2
    workbook = openpyxl.load_workbook(io.BytesIO(third.files[f"receipts/{FINANCE}.xlsx"]))
    assert workbook.sheetnames.count(RECEIPT_SHEET) == 1
    assert workbook.sheetnames.count(RECEIPT_MARK) == 1
    comments = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(comments) == len({(f.sheet, f.cell) for f in receipt.findings if f.cell})


def test_an_answer_comes_back_and_stays_with_its_problem(town, of):
    change(town.returns / f"{ECONOMY}.xlsx", {("E01", "完成数"): 20000, ("E01", "说明"): None})
    made = town.receipts()
    problem = next(p for p in of(made, ECONOMY).problems if p.name == "E01")
    assert (problem.reason, problem.measure) == ("", "")
    assert "20000" in problem.found.replace(",", "")
    path = sent_back(town, made, ECONOMY, "答复.xlsx")
    answer(path, "E01", "两个项目推迟到下年开工", "倒排工期，逐月调度")
    again = town.receipts()
    problem = next(p for p in of(again, ECONOMY).problems if p.name == "E01")
    assert (problem.reason, problem.measure) == ("两个项目推迟到下年开工", "倒排工期，逐月调度")
    checks = {finding.check for finding in of(again, ECONOMY).findings if finding.code == "E01"}
    assert "missed_unexplained" not in checks
    # A further round keeps the answers on the new receipt, where they can be edited.
    path = sent_back(town, again, ECONOMY, "再次.xlsx")
    sheet = openpyxl.load_workbook(path)[RECEIPT_SHEET]
    row = next(row for row in sheet.iter_rows() if row[0].value == "E01")
    assert (row[6].value, row[7].value) == ("两个项目推迟到下年开工", "倒排工期，逐月调度")


def test_what_the_row_explains_is_not_asked_again(town, of):
    made = town.receipts()
    receipt = of(made, "村镇建设办公室")
    assert [finding.check for finding in receipt.findings if finding.severity == "warning"] == ["base_restated"]
    assert receipt.unexplained == 0  # the base was corrected, and its row says why
    page = made.files["receipts/村镇建设办公室.html"].decode()
    assert "已说明" in page
    assert "不能出定稿" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(made.files["receipts/村镇建设办公室.xlsx"]))["指标"]
    assert "说明中已写明原因" in sheet["G6"].comment.text


def test_what_was_refused_or_never_came_gets_the_page_alone(town, of):
    (town.returns / f"{FINANCE}.xlsx").write_bytes(b"not a workbook")
    (town.returns / "水利站.xlsx").unlink()
    made = town.receipts()
    assert (of(made, FINANCE).state, of(made, "水利站").state) == ("退回", "未上报")
    for department in (FINANCE, "水利站"):
        assert f"receipts/{department}.html" in made.files
        assert f"receipts/{department}.xlsx" not in made.files
    assert "submission.html" in made.files


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_an_old_workbook_gets_a_copy_made_from_the_blank_form(town, of, ending, tmp_path, save_by_libreoffice):
    original = town.returns / f"{FINANCE}.xlsx"
    change(original, {("E03", "完成数"): "约2200"})
    save_by_libreoffice([original], ending, tmp_path)
    original.unlink()
    shutil.copy(tmp_path / f"{FINANCE}.{ending}", town.returns)
    made = town.receipts()
    path = sent_back(town, made, FINANCE, "改好.xlsx")
    sheet = openpyxl.load_workbook(path)["指标"]
    cell = cell_of(sheet, "E03", "完成数")
    assert cell.value == "约2200"
    assert "约2200" in cell.comment.text
    change(path, {("E03", "完成数"): 2200})
    receipt = of(town.receipts(), FINANCE)
    assert receipt.correction is not None
    assert (receipt.file, receipt.correction.corrects) == ("改好.xlsx", f"{FINANCE}.{ending}")
    assert any("约2200" in message for message in receipt.correction.settled)


def test_the_same_returns_give_the_same_bytes(town):
    digests = [
        {name: hashlib.sha256(content).hexdigest() for name, content in town.receipts().files.items()} for _ in range(2)
    ]
    assert digests[0] == digests[1]


def test_nothing_is_written_beside_the_returns(town):
    before = sorted(Path(town.folder).rglob("*"))
    town.receipts()
    assert sorted(Path(town.folder).rglob("*")) == before
