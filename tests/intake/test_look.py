"""The first look: which file is whose, what is refused, what is passed over."""

import hashlib
import io
import shutil
import zipfile

import openpyxl
import pytest

from analysis.intake.hidden_sheet import check_word
from analysis.intake.identity import read_department_name
from analysis.intake.ingest import ingest
from analysis.intake.layout import INSTRUCTIONS, RECEIPT_MARK
from analysis.intake.look import first_look
from analysis.intake.periods import read_period_name
from analysis.intake.receipt_mark import ReceiptMark, mark_rows
from analysis.scheme import Period


@pytest.fixture
def look(tmp_path, scheme, town):
    def run(**files):
        for name, made in files.items():
            made.save(tmp_path / f"{name}.xlsx")
        return {sighting.file: sighting for sighting in first_look(tmp_path, scheme, town, Period(2021))}

    return run


def only(looked):
    assert len(looked) == 1
    return next(iter(looked.values()))


def test_a_renamed_file_is_known_by_its_hidden_sheet(look, a_return):
    sighting = only(look(**{"最终版(2) 水利站": a_return("财政所", stated={})}))
    assert (sighting.department, sighting.status, sighting.known_by) == ("财政所", "return", "隐藏标识页")
    assert sighting.notes == () or "考核方案" in sighting.notes[0]


def test_known_by_the_first_sheet(look, a_return):
    sighting = only(look(x=a_return("财政所", hidden=None)))
    assert (sighting.department, sighting.known_by) == ("财政所", "填报单位")


def test_known_by_a_label_that_is_merged_over_two_columns(look, a_return):
    def after(workbook):
        first = workbook[INSTRUCTIONS]
        label = next(cell for (cell,) in first.iter_rows(max_col=1) if cell.value and "填报单位" in cell.value)
        first.cell(label.row, 3, first.cell(label.row, 2).value)
        first.cell(label.row, 2).value = None
        first.merge_cells(start_row=label.row, end_row=label.row, start_column=1, end_column=2)

    sighting = only(look(x=a_return("财政所", hidden=None, after=after)))
    assert (sighting.department, sighting.known_by) == ("财政所", "填报单位")


@pytest.mark.parametrize("written", ["清河镇财政所", "云岭县清河镇财政所", " 财政所 ", "清河镇人民政府财政所"])
def test_known_by_the_name_with_its_town(look, a_return, written):
    made = a_return("财政所", hidden=None, stated={"department": written, "period": "2021年"})
    assert only(look(x=made)).department == "财政所"


def test_known_by_an_alias(look, a_return):
    made = a_return("经济发展办公室", hidden=None, stated={"department": "经发办", "period": "2021"})
    assert only(look(x=made)).department == "经济发展办公室"


def test_known_by_the_title_rows_of_a_sheet(look, a_return):
    made = a_return("财政所", hidden=None, stated={}, title="填报单位：财政所　　报告期：2021年")
    sighting = only(look(x=made))
    assert (sighting.department, sighting.known_by, sighting.notes) == ("财政所", "填报单位", ())


def test_known_by_codes(look, a_return):
    sighting = only(look(x=a_return("水利站", hidden=None, stated={})))
    assert (sighting.department, sighting.known_by) == ("水利站", "指标编码和名称")
    assert any("按指标认出" in note for note in sighting.notes)


def test_known_by_names_where_the_codes_are_gone(look, a_return):
    made = a_return("水利站", hidden=None, stated={}, headings={"编码": None})
    assert only(look(x=made)).department == "水利站"


def test_the_file_name_breaks_a_tie(look, a_return):
    made = a_return("财政所", hidden=None, stated={})
    made.tables["indicator"].append({"code": "R02", "actual": 3})
    assert look(x=made)["x.xlsx"].status == "refused"
    sighting = look(**{"经费 财政所": made})["经费 财政所.xlsx"]
    assert (sighting.department, sighting.known_by) == ("财政所", "文件名")
    assert any("文件名" in note for note in sighting.notes)


def test_a_department_that_the_list_does_not_have_is_told_beside_how_it_is_known(look, a_return):
    made = a_return("财政所", hidden=None, stated={"department": "财务室", "period": "2021"})
    sighting = only(look(x=made))
    assert (sighting.department, sighting.notes) == ("财政所", ("填报单位“财务室”不在部门名单中，按指标认出",))


def test_a_department_that_nobody_knows_and_nothing_of_it(look, a_return):
    made = a_return("财政所", hidden=None, stated={"department": "教育办", "period": "2021"})
    made.tables = {"indicator": [{"name": "入学率", "actual": 3}]}
    assert only(look(x=made)).reason == "部门名单里没有“教育办”这个填报单位"


def test_the_file_name_alone_is_not_believed(look, a_return):
    sighting = only(look(财政所=a_return("水利站", hidden=None, stated={})))
    assert sighting.department == "水利站"


def test_hidden_sheet_and_stated_department_contradict(look, a_return):
    made = a_return("财政所", stated={"department": "水利站", "period": "2021"})
    sighting = only(look(x=made))
    assert sighting.status == "refused"
    assert "财政所" in sighting.reason
    assert "水利站" in sighting.reason


def test_a_hidden_sheet_edited_by_hand_is_not_believed(look, a_return):
    rows = {"department": "财政所", "period": "2021", "town": "清河镇"}
    right = only(look(x=a_return("财政所", hidden={**rows, "check": check_word(rows)})))
    assert right.known_by == "隐藏标识页"
    edited = {**rows, "period": "2020", "check": check_word(rows)}
    sighting = only(look(x=a_return("财政所", hidden=edited)))
    assert (sighting.status, sighting.known_by) == ("return", "填报单位")
    assert any("改动" in note for note in sighting.notes)


@pytest.mark.parametrize("period", ["2020", "2021-09"])
def test_another_periods_return_is_refused(look, a_return, period):
    sighting = only(look(x=a_return("财政所", hidden={"department": "财政所", "period": period})))
    assert (sighting.status, sighting.department) == ("refused", "财政所")
    assert Period.parse(period).label in sighting.reason
    assert "2021年" in sighting.reason


def test_another_period_in_the_title_is_refused(look, a_return):
    made = a_return("财政所", hidden=None, stated={"department": "财政所"}, title="清河镇2020年度上报表")
    assert only(look(x=made)).status == "refused"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2021年1月至9月目标任务上报表", "2021年1—9月"),
        ("2021年度目标任务上报表（1—9月）", "2021年1—9月"),
        ("2021年上半年上报表", "2021年1—6月"),
        ("2021年9月上报表", "2021年1—9月"),
        ("2021年1—12月上报表", None),
        ("2021年度上报表（上半年）", "2021年1—6月"),
        ("2021年目标任务前三季度完成情况", "2021年1—9月"),
        ("2021年度上报表（截至9月30日）", "2021年1—9月"),
        ("截至2021年9月底完成情况", "2021年1—9月"),
        ("截至2021年12月31日完成情况", None),
        ("2021年1—4季度上报表", None),
        ("2020年、2021年完成情况对比", None),
        ("2021年与2020年同期对比", None),
        ("2021年目标任务数按任务书填写，上半年调整过的填调整后的数", None),
        ("2021年度上报表（2022年1—3月填）", None),
        ("2021年度上报表（2022年1月5日填）", None),
        ("二〇二一年上报表（2022年1月5日填）", None),
    ],
)
def test_the_months_in_a_title_are_its_period(look, a_return, title, period):
    """A part of the year must not be taken for the whole of it, nor the day on which somebody wrote for a period."""
    made = a_return("财政所", hidden=None, stated={"department": "财政所"}, title=title)
    sighting = only(look(x=made))
    assert sighting.reason == (f"表中写的报告期是“{period}”，本次收的是2021年" if period else "")


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["2021年度上报表", "2021年1—9月"], "2021年1—9月"),
        (["2021年度上报表", "（1—9月）"], "2021年1—9月"),
        (["2021年上报表", "填报时间：2021年11月"], None),
        (["2021年上报表", "填报单位：财政所　填报时间：２０２１年１１月"], None),
        (["2021年上报表", ["填报时间", "2021年11月"]], None),
        (["2021年度上报表", "（下半年）"], "2021年下半年"),
    ],
)
def test_what_stands_below_a_title_belongs_to_it_but_for_the_day_of_filling_in(look, a_return, lines, period):
    def after(workbook):
        for sheet in workbook.worksheets:
            sheet.insert_rows(2)
            cells = lines[1] if isinstance(lines[1], list) else lines[1:]
            for column, text in enumerate(cells, 1):
                sheet.cell(2, column, text)

    made = a_return("财政所", hidden=None, stated={"department": "财政所"}, title=lines[0], after=after)
    sighting = only(look(x=made))
    assert sighting.reason == (f"表中写的报告期是“{period}”，本次收的是2021年" if period else "")


@pytest.mark.parametrize("period", ["2021年下半年", "2021年第四季度", "2021年7—12月", "2021年2—3季度"])
def test_months_that_do_not_begin_with_january_are_refused(look, a_return, period):
    """Their figures are not cumulative."""
    for stated in ({"department": "财政所"}, {"department": "财政所", "period": period}):
        sighting = only(look(x=a_return("财政所", hidden=None, stated=stated, title=f"{period}上报表")))
        assert sighting.reason == f"表中写的报告期是“{period}”，本次收的是2021年"


def test_a_period_that_nobody_can_read_is_noted_as_it_stands(look, a_return):
    made = a_return("财政所", hidden=None, stated={"department": "财政所", "period": "年终"})
    assert only(look(x=made)).notes == ("表中写的报告期是“年终”，按2021年读取",)


def test_no_period_is_noted(look, a_return):
    made = a_return("财政所", hidden=None, stated={"department": "财政所"}, title="上报表")
    sighting = only(look(x=made))
    assert sighting.status == "return"
    assert any("没有写报告期" in note for note in sighting.notes)


@pytest.mark.parametrize("hidden", [None, {"department": "财政所", "period": "2021", "town": "柳林镇"}])
def test_another_towns_return_is_refused(look, a_return, hidden):
    made = a_return("财政所", hidden=hidden, stated={"department": "柳林镇财政所", "period": "2021"})
    sighting = only(look(x=made))
    assert sighting.status == "refused"
    assert "柳林镇" in sighting.reason


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("云川县柳林镇财政所2021年度上报表", "refused"),
        ("云川县清河镇财政所2021年度上报表", "return"),
        ("各乡镇财政所2021年度上报表", "return"),
        ("2021年度上报表", "return"),
    ],
)
def test_another_town_in_the_title_is_refused(look, a_return, title, status):
    made = a_return("财政所", hidden=None, stated={"department": "财政所", "period": "2021"}, title=title)
    sighting = only(look(x=made))
    assert sighting.status == status
    assert ("柳林镇" in sighting.reason) == (status == "refused")


def test_an_unknown_department_is_refused(look, a_return):
    sighting = only(look(x=a_return("财政所", hidden={"department": "教育办", "period": "2021"})))
    assert (sighting.status, sighting.department) == ("refused", None)
    assert "教育办" in sighting.reason
    assert "财政所" in sighting.remedy


def test_two_returns_of_one_department_are_both_refused_by_name(look, a_return):
    looked = look(a=a_return("财政所"), b=a_return("财政所").set("indicator", 0, actual=2300), c=a_return("水利站"))
    assert [sighting.status for sighting in looked.values()] == ["refused", "refused", "return"]
    for name in ("a.xlsx", "b.xlsx"):
        assert "a.xlsx" in looked[name].reason
        assert "b.xlsx" in looked[name].reason
        assert looked[name].department == "财政所"


def test_the_same_file_twice_is_read_once(look, a_return, tmp_path):
    a_return("财政所").save(tmp_path / "a.xlsx")
    shutil.copy(tmp_path / "a.xlsx", tmp_path / "副本.xlsx")
    looked = look()
    assert (looked["a.xlsx"].status, looked["副本.xlsx"].status) == ("return", "superseded")
    assert looked["副本.xlsx"].reason == "与《a.xlsx》内容完全相同"


@pytest.fixture
def corrected(a_return, tmp_path):
    """Save a correction of files in the folder, as their receipt copy, filled in anew."""

    def save(name, *corrects, edited=False, **changes):
        digests = tuple(hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() for file in corrects)
        rows = mark_rows(ReceiptMark("财政所", "2021", "清河镇", corrects[0], digests))
        if edited:
            rows[1][1] = "2020"

        def after(workbook):
            sheet = workbook.create_sheet(RECEIPT_MARK)
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = "hidden"

        made = a_return("财政所", after=after, **changes).set("indicator", 0, actual=2300 + len(name))
        return made.save(tmp_path / name)

    return save


def test_a_correction_supersedes_what_it_corrects_under_any_name(look, a_return, corrected, tmp_path):
    a_return("财政所").save(tmp_path / "财政所.xlsx")
    corrected("0 随便.xlsx", "财政所.xlsx")
    looked = look()
    assert (looked["0 随便.xlsx"].status, looked["财政所.xlsx"].status) == ("return", "superseded")
    assert looked["0 随便.xlsx"].corrects == ("财政所.xlsx",)
    assert looked["财政所.xlsx"].reason == "已由更正件《0 随便.xlsx》代替"


def test_a_correction_of_a_correction_supersedes_both_even_where_one_is_gone(look, a_return, corrected, tmp_path):
    a_return("财政所").save(tmp_path / "a.xlsx")
    corrected("bb.xlsx", "a.xlsx")
    corrected("ccc.xlsx", "bb.xlsx", "a.xlsx")
    looked = look()
    assert [looked[name].status for name in ("a.xlsx", "bb.xlsx", "ccc.xlsx")] == ["superseded", "superseded", "return"]
    assert looked["ccc.xlsx"].corrects == ("bb.xlsx", "a.xlsx")
    (tmp_path / "bb.xlsx").unlink()
    assert look()["ccc.xlsx"].corrects == ("a.xlsx",)


def test_two_corrections_of_one_return_are_for_the_department_to_settle(
    look, a_return, corrected, tmp_path, scheme, facts
):
    a_return("财政所").save(tmp_path / "a.xlsx")
    corrected("bb.xlsx", "a.xlsx")
    corrected("ccc.xlsx", "a.xlsx")
    looked = look()
    assert [looked[name].status for name in ("a.xlsx", "bb.xlsx", "ccc.xlsx")] == ["superseded", "refused", "refused"]
    assert "bb.xlsx、ccc.xlsx" in looked["bb.xlsx"].reason
    # The one that they both correct is nobody's error.
    assert ingest(tmp_path, "财政所", scheme, facts).findings["file"].tolist() == ["bb.xlsx", "ccc.xlsx"]


def test_a_mark_that_somebody_edited_corrects_nothing(look, a_return, corrected, tmp_path):
    a_return("财政所").save(tmp_path / "a.xlsx")
    corrected("bb.xlsx", "a.xlsx", edited=True)
    assert {sighting.status for sighting in look().values()} == {"refused"}


def test_a_return_that_never_saw_the_form_is_known_by_its_receipts_mark(look, a_return, corrected, tmp_path):
    a_return("财政所", hidden=None).save(tmp_path / "财政所.xlsx")
    corrected("x.xlsx", "财政所.xlsx", hidden=None, stated={}, title="表", headings={"编码": None})
    sighting = look()["x.xlsx"]
    assert (sighting.department, sighting.status, sighting.known_by) == ("财政所", "return", "审核回执")


def test_a_refused_return_leaves_the_right_one(look, a_return):
    looked = look(old=a_return("财政所", hidden={"department": "财政所", "period": "2020"}), new=a_return("财政所"))
    assert {name: sighting.status for name, sighting in looked.items()} == {"old.xlsx": "refused", "new.xlsx": "return"}


@pytest.mark.parametrize(
    "name",
    ["~$财政所.xlsx", ".~lock.财政所.xlsx#", "Thumbs.db", ".DS_Store", "desktop.ini", "period.toml", "waivers.csv"],
)
def test_passed_over_silently(look, tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "财政所.xlsx").mkdir()
    assert look() == {}


@pytest.mark.parametrize("name", ["报告.docx", "照片.jpg", "说明.txt", "没有扩展名"])
def test_anything_else_is_listed(look, tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    sighting = only(look())
    assert (sighting.status, sighting.department) == ("unknown", None)
    assert sighting.reason
    assert sighting.remedy


def test_a_workbook_under_another_ending_is_known(look, tmp_path, a_return):
    a_return("财政所").save(tmp_path / "x.xlsx").rename(tmp_path / "财政.bak")
    assert only(look()).status == "return"


@pytest.mark.parametrize("name", ["财政所.xlsx", "财政所.xls", "财政所 最终.et"])
def test_a_damaged_file_is_its_departments_by_name(look, tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 and nothing more")
    sighting = only(look())
    assert (sighting.status, sighting.department, sighting.known_by) == ("refused", "财政所", "文件名")


def test_an_empty_workbook_is_refused(look, tmp_path):
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    assert "没有任何内容" in only(look()).reason


def test_no_known_sheet_is_refused(look, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["姓名", "电话"], ["张三", "1"]):
        workbook.active.append(row)
    workbook.save(tmp_path / "通讯录.xlsx")
    sighting = only(look())
    assert sighting.status == "refused"
    assert "认得出" in sighting.reason


def test_an_empty_sheet_beside_is_no_matter(look, a_return):
    made = a_return("财政所", after=lambda workbook: workbook.create_sheet("Sheet9"))
    assert only(look(x=made)).status == "return"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(look, tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 150_000_000)
    (tmp_path / "财政所.xlsx").write_bytes(stream.getvalue())
    assert "超出能读取的大小" in only(look()).reason


def test_sightings_come_in_the_order_of_names(look, a_return):
    assert list(look(b=a_return("水利站"), a=a_return("财政所"))) == ["a.xlsx", "b.xlsx"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2021", "2021"),
        ("2021年", "2021"),
        ("2021年度", "2021"),
        ("２０２１年", "2021"),
        ("2021年1—9月", "2021-09"),
        ("2021年1-9月", "2021-09"),
        ("2021年1月至9月", "2021-09"),
        ("2021-09", "2021-09"),
        ("2021年1月", "2021-01"),
        ("2021-12", "2021"),
        ("2021年1月—9月份", "2021-09"),
        ("2021年上半年", "2021-06"),
        ("2021年第一季度", "2021-03"),
        ("2021年度前三季度", "2021-09"),
        ("2021年全年", "2021"),
        ("2021年1—3季度", "2021-09"),
        ("2021年一至四季度", "2021"),
        ("2021年前四季度", "2021"),
        ("2021年上半年度", "2021-06"),
        ("2021年度（1—9月）", "2021-09"),
        ("截至2021年9月底", "2021-09"),
    ],
)
def test_periods_as_written(text, period):
    assert str(read_period_name(text)) == period


@pytest.mark.parametrize("text", ["", "全年", "21年", "2021年13月", "第三季度"])
def test_what_is_no_period(text):
    assert read_period_name(text) is None


def test_departments_as_written(scheme, town):
    assert read_department_name("综治办", scheme, town)[0].name == "社会治理办公室"
    assert read_department_name("教育办", scheme, town) == (None, False)
    assert read_department_name("柳林镇财政所", scheme, town)[1]


def test_a_link_that_leads_out_of_the_folder_is_not_read(tmp_path, scheme, town, a_return):
    """An archive may hold one: it would make the report of another folder's file."""
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "2021"
    elsewhere.mkdir()
    folder.mkdir()
    a_return("财政所").save(elsewhere / "财政所.xlsx")
    a_return("水利站").save(folder / "水利站.xlsx")
    for name, target in (("链接.xlsx", elsewhere / "财政所.xlsx"), ("里面.xlsx", folder / "水利站.xlsx")):
        try:
            (folder / name).symlink_to(target)
        except OSError:
            pytest.skip("no links here")
    (folder / "自己.xlsx").symlink_to(folder / "自己.xlsx")
    looked = {sighting.file: sighting for sighting in first_look(folder, scheme, town, Period(2021))}
    assert looked["自己.xlsx"].status == "refused"
    assert (looked["链接.xlsx"].status, looked["链接.xlsx"].department) == ("refused", None)
    assert looked["链接.xlsx"].reason == "文件是一个链接，指向文件夹以外"
    assert {looked["水利站.xlsx"].department, looked["里面.xlsx"].department} == {"水利站"}
