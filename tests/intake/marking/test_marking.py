"""A marked copy: comments, colours and sheets are added, everything else is as it was; and all comes off again."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from intake.writers import by_libreoffice
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from python_calamine import CalamineWorkbook

from analysis.intake.marking import AddedSheet, CellMark, ListCell, marked, unmarked
from analysis.intake.marking.colours import SHEET_ORDER
from analysis.intake.marking.model import COLOUR_FORMULA, COMMENT_LINE
from analysis.intake.refusal import Refusal

EVIL = "=cmd|' /C calc'!A0 <script>x</script> ]]> _x0041_"
MARKS = [
    CellMark("指标", "B2", "不是数字", "warning"),
    CellMark("指标", "B2", EVIL + "\x07", "error"),
    CellMark("指标", "B3", "请核对", "warning"),
    CellMark("指标", "C9", "供参考", "note"),
    CellMark("没有这张表", "A1", "x", "error"),
    CellMark("指标", "XFE1", "x", "error"),
    CellMark("指标", "A1048577", "x", "error"),
]
SHEETS = [
    AddedSheet(
        "审核回执",
        [
            [ListCell("审核回执", "title"), ListCell("")],
            [ListCell("单元格", "head"), ListCell("请填写", "head")],
            [ListCell("B2", "error", ("指标", "B2")), ListCell("", "open")],
            [ListCell(EVIL), ListCell("x", link=("没有这张表", "A1"))],
        ],
        (12, 40),
        first=True,
        head_rows=2,
        merged=("A1:B1",),
    ),
    AddedSheet("_township_receipt", [[ListCell("department"), ListCell("财政所")]], (12, 12), hidden=True),
]
TOUCHED = re.compile(
    r"\[Content_Types\].xml|xl/workbook.xml|xl/_rels/workbook.xml.rels|xl/styles.xml|xl/worksheets/(_rels/)?sheet\d.*|"
    r"xl/comments.*|.*\.vml"
)


def by_openpyxl():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "指标"
    for row in range(1, 10):
        sheet.append([f"项{row}", row * 1.5, f"=B{row}*2"])
    sheet["B3"].comment = Comment("本办的批注\n第二行", "张三")
    sheet["A5"].comment = Comment("别处的批注", "李四")
    sheet.conditional_formatting.add(
        "B1:B9", CellIsRule(operator="lessThan", formula=["3"], fill=PatternFill("solid", bgColor="FF00FF00"))
    )
    sheet.merge_cells("B8:C9")
    sheet.print_title_rows = "1:1"
    other = workbook.create_sheet("其他")
    other.print_title_rows = "1:2"
    workbook.defined_names["总数"] = DefinedName("总数", attr_text="指标!$B$1")
    workbook.active = 1
    return saved(workbook)


def by_xlsxwriter():
    stream, picture = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    workbook = xlsxwriter.Workbook(stream)
    sheet, other = workbook.add_worksheet("指标"), workbook.add_worksheet("其他")
    bold = workbook.add_format({"bold": True, "num_format": "0.00"})
    sheet.write_rich_string("A1", "普通", bold, "加粗")
    sheet.write_formula("B2", "=1+2", bold, 3)
    sheet.write_comment("B3", "本办的批注", {"author": "张三"})
    sheet.insert_image("E2", "a.png", {"image_data": picture})
    sheet.insert_textbox("E9", "形状")
    sheet.data_validation("D1:D5", {"validate": "list", "source": "=其他!$A$1:$A$3"})
    sheet.conditional_format("B1:B9", {"type": "data_bar", "data_bar_2010": True})
    sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": picture})
    sheet.set_landscape()
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=指标!$B$1:$B$3"})
    other.insert_chart("C3", chart)
    other.add_table("A1:B4")
    bars = workbook.add_chart({"type": "bar"})
    bars.add_series({"values": "=指标!$B$1:$B$3"})
    workbook.add_chartsheet("图").set_chart(bars)
    workbook.define_name("总数", "=指标!$B$2")
    workbook.close()
    return stream.getvalue()


def saved(workbook):
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def loaded(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(named):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in named.items():
            archive.writestr(name, content)
    return stream.getvalue()


def canonical(element):
    return etree.tostring(element, method="c14n", with_tail=False)


def children(part, collection):
    return [canonical(child) for found in etree.fromstring(part).iterfind(f"{{*}}{collection}") for child in found]


def unmarked_children(part):
    """What a sheet says beside views and conditional formats, in its order; our own drawing of comments left out."""
    left_out = ("sheetViews", "conditionalFormatting", "legacyDrawing", "extLst")
    return [canonical(child) for child in etree.fromstring(part) if etree.QName(child).localname not in left_out]


def told(content):
    """Sheets, comments and conditional formats, as openpyxl reads them."""
    workbook = loaded(content)
    sheets = workbook.worksheets
    comments = {(s.title, c.coordinate): c.comment.text.strip() for s in sheets for r in s for c in r if c.comment}
    formats = [(s.title, str(f.sqref), r.type) for s in sheets for f in s.conditional_formatting for r in f.rules]
    return workbook.sheetnames, comments, formats


@pytest.fixture(params=[by_openpyxl, by_xlsxwriter])
def original(request):
    return request.param()


@pytest.fixture
def through_office(save_by_libreoffice, tmp_path):
    """Open a workbook in LibreOffice and save it."""

    def saved(content):
        return by_libreoffice(save_by_libreoffice, {"a": content}, "xlsx", tmp_path)["a"]

    return saved


def test_comments_colours_and_sheets_are_there(original):
    workbook = loaded(marked(original, MARKS, SHEETS))
    sheet = workbook["指标"]
    assert workbook.sheetnames[0] == "审核回执"
    assert workbook.active.title == "审核回执"
    assert [s.title for s in workbook if s.sheet_view.tabSelected] == ["审核回执"]
    assert workbook["_township_receipt"].sheet_state == "hidden"
    assert sheet["B2"].comment.text.startswith(f"{COMMENT_LINE}\n不是数字\n=cmd|")
    assert sheet["B2"].comment.author == "审核回执"
    assert sheet["B3"].comment.text.startswith("本办的批注")
    assert sheet["B3"].comment.text.endswith(f"\n{COMMENT_LINE}\n请核对")
    assert sheet["B3"].comment.author == "张三"
    ours = {str(f.sqref): r for f in sheet.conditional_formatting for r in f.rules if r.formula == [COLOUR_FORMULA]}
    assert sorted(rule.priority for rule in ours.values()) == [1, 2, 3]
    assert ours["B2"].dxf.fill.bgColor.rgb == "FFFFC7CE"
    listed = workbook["审核回执"]
    assert listed["A4"].data_type in ("s", "inlineStr")
    assert listed["A3"].hyperlink.location == "'指标'!B2"
    assert listed["B4"].hyperlink is None
    assert (listed["A3"].protection.locked, listed["B3"].protection.locked) == (True, False)
    assert listed.print_title_rows == "$1:$2"


def test_untrusted_text_is_shown_as_typed(original):
    book = CalamineWorkbook.from_filelike(io.BytesIO(marked(original, MARKS, SHEETS)))
    shown = book.get_sheet_by_name("审核回执").to_python()[3][0]
    assert shown.replace("_x005F_", "_") == EVIL
    assert b"_x005F_x0041_" in parts(marked(original, MARKS, SHEETS))["xl/worksheets/receipt1.xml"]


def test_everything_else_keeps_its_bytes(original):
    before, after = parts(original), parts(marked(original, MARKS, SHEETS))
    assert [name for name in after if name in before] == list(before)
    assert [n for n in before if not TOUCHED.fullmatch(n) and after[n] != before[n]] == []
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        assert unmarked_children(after[name]) == unmarked_children(before[name])
    for collection in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
        kept = children(before["xl/styles.xml"], collection)
        assert children(after["xl/styles.xml"], collection)[: len(kept)] == kept


def test_names_of_a_sheet_follow_it():
    workbook = loaded(marked(by_openpyxl(), MARKS, SHEETS))
    assert (workbook["指标"].print_title_rows, workbook["其他"].print_title_rows) == ("$1:$1", "$1:$2")


def test_twice_is_once_and_the_same_bytes(original):
    once = marked(original, MARKS, SHEETS)
    assert marked(original, MARKS, SHEETS) == once
    assert marked(once, MARKS, SHEETS) == once


def test_it_all_comes_off(original):
    bare = unmarked(marked(original, MARKS, SHEETS))
    assert told(bare) == told(original)
    assert list(parts(bare)) == list(parts(original))
    assert unmarked(original) == original


def test_it_comes_off_after_openpyxl_saved_it():
    content = saved(loaded(marked(by_openpyxl(), MARKS, SHEETS)))
    assert told(unmarked(content)) == told(by_openpyxl())


def test_it_comes_off_after_libreoffice_saved_it(original, through_office):
    bare = unmarked(through_office(marked(original, MARKS, SHEETS)))
    names, comments, _ = told(bare)
    assert (names, comments) == told(original)[:2]
    assert "审核回执" not in "".join(part.decode("utf-8", "replace") for n, part in parts(bare).items() if "sheet" in n)


def test_a_mark_within_a_merged_range_is_at_its_first_cell():
    sheet = loaded(marked(by_openpyxl(), [*MARKS, CellMark("指标", "A9", "旁边", "note")], SHEETS))["指标"]
    assert COMMENT_LINE in sheet["B8"].comment.text
    assert sheet["A9"].comment.text == f"{COMMENT_LINE}\n旁边"


def test_a_mark_is_told_once_and_colours_are_ranges():
    marks = [CellMark("指标", f"B{row}", "不是数字", "error") for row in (4, 5, 5)]
    sheet = loaded(marked(by_openpyxl(), marks, []))["指标"]
    assert sheet["B5"].comment.text == f"{COMMENT_LINE}\n不是数字"
    assert "B4:B5" in {str(found.sqref) for found in sheet.conditional_formatting}


def test_marks_alone_leave_the_sheet_that_is_seen():
    copy = marked(by_openpyxl(), MARKS[:3], [])
    assert loaded(copy).sheetnames == ["指标", "其他"]
    assert loaded(copy).active.title == "其他"
    assert told(unmarked(copy)) == told(by_openpyxl())


def test_a_mark_on_a_cell_with_a_remark_alone_comes_off_and_leaves_it():
    copy = marked(by_openpyxl(), [CellMark("指标", "B3", "请核对", "warning")], [])
    assert loaded(copy)["指标"]["B3"].comment.text.endswith("请核对")
    assert told(unmarked(copy)) == told(by_openpyxl())


def test_a_remark_that_cites_our_line_stays():
    workbook = loaded(by_openpyxl())
    workbook["指标"]["B3"].comment = Comment(f"见{COMMENT_LINE}一行", "张三")
    content = saved(workbook)
    copy = marked(content, MARKS, SHEETS)
    assert told(unmarked(copy))[1]["指标", "B3"] == f"见{COMMENT_LINE}一行"


def test_a_long_mark_is_cut_and_one_at_the_sheets_end_has_its_box():
    far = "XFD1048576"
    copy = marked(
        by_openpyxl(), [CellMark("指标", "B2", "长" * 40_000, "error"), CellMark("指标", far, "远", "error")], []
    )
    sheet = loaded(copy)["指标"]
    assert sheet["B2"].comment.text.endswith("长…") and len(sheet["B2"].comment.text) < 33_000
    drawing = next(part.decode() for name, part in parts(copy).items() if name.endswith(".vml") and b"16383" in part)
    anchors = [list(map(int, found.split(","))) for found in re.findall(r"Anchor>([\d, ]+)<", drawing)]
    assert max(anchor[4] for anchor in anchors) == 16383 and max(anchor[6] for anchor in anchors) == 1048575


def test_of_a_workbook_whose_own_sheets_are_gone_ours_stay():
    workbook = loaded(marked(by_openpyxl(), [], SHEETS[:1]))
    del workbook["指标"], workbook["其他"]
    assert loaded(unmarked(saved(workbook))).sheetnames == ["审核回执"]


def without_part(content, name):
    return packed({other: part for other, part in parts(content).items() if other != name})


def test_comments_and_drawings_that_lack_their_parts_get_them():
    named = parts(by_openpyxl())
    (comments,) = [name for name in named if "comment" in name and name.endswith(".xml")]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = '<commentList><comment ref="B3" authorId="0"/></commentList>'
    for inside in ("", listed):
        named[comments] = f'<comments xmlns="{main}">{inside}</comments>'.encode()
        copy = marked(packed(named), MARKS, [])
        root = etree.fromstring(parts(copy)[comments])
        assert [etree.QName(child).localname for child in root] == ["authors", "commentList"]
        texts = {c.get("ref"): "".join(c.itertext()) for c in root.iterfind(".//{*}comment")}
        assert texts["B3"] == f"{COMMENT_LINE}\n请核对" and texts["B8"] == f"{COMMENT_LINE}\n供参考"
    (drawing,) = [name for name in named if name.endswith(".vml")]
    copy = marked(without_part(by_openpyxl(), drawing), MARKS, [])
    assert len([name for name in parts(copy) if name.endswith(".vml")]) == 1
    told_of = told(unmarked(without_part(marked(by_openpyxl(), MARKS, []), drawing)))
    assert told_of == told(by_openpyxl())
    named = parts(by_openpyxl())
    named[drawing] = re.sub(rb"<(\w+):shapetype.*?</\1:shapetype>", b"", named[drawing], flags=re.DOTALL)
    assert b"shapetype" not in named[drawing]
    shapes = etree.fromstring(parts(marked(packed(named), MARKS, []))[drawing])
    assert [kind.get("id") for kind in shapes.iterfind("{*}shapetype")] == ["_x0000_t202"]


def test_a_choice_by_compatibility_keeps_its_place():
    named = parts(by_openpyxl())
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    choice = f'<!-- x --><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x14"><controls/></mc:Choice>'
    end = f"{choice}</mc:AlternateContent></worksheet>".encode()
    named["xl/worksheets/sheet2.xml"] = named["xl/worksheets/sheet2.xml"].replace(b"</worksheet>", end)
    copy = marked(packed(named), [CellMark("其他", "B2", "x", "error")], [])
    order = [etree.QName(c).localname for c in etree.fromstring(parts(copy)["xl/worksheets/sheet2.xml"]).iterfind("*")]
    assert order[-2:] == ["legacyDrawing", "AlternateContent"]


def test_a_link_to_elsewhere_is_no_part_of_the_workbook():
    workbook = loaded(by_openpyxl())
    workbook["指标"]["E1"].hyperlink = "https://example.invalid/"
    copy = marked(saved(workbook), MARKS, SHEETS)
    assert loaded(unmarked(copy))["指标"]["E1"].hyperlink.target == "https://example.invalid/"


def test_a_workbook_that_lists_no_sheets_is_refused():
    named = parts(by_openpyxl())
    named["xl/workbook.xml"] = re.sub(rb"<sheets>.*</sheets>", b"", named["xl/workbook.xml"], flags=re.DOTALL)
    with pytest.raises(Refusal):
        marked(packed(named), MARKS, SHEETS)


def test_a_sheet_of_somebody_else_with_our_title_stays():
    workbook = openpyxl.Workbook()
    workbook.active.title = "审核回执"
    twice = marked(marked(saved(workbook), [], SHEETS[:1]), [], SHEETS[:1])
    assert loaded(twice).sheetnames == ["审核回执2", "审核回执"]
    assert loaded(unmarked(twice)).sheetnames == ["审核回执"]


def test_strict_namespaces_are_understood():
    def strict(part):
        part = part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        return part.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    content = packed({name: strict(part) for name, part in parts(by_openpyxl()).items()})
    copy = marked(content, MARKS, SHEETS)
    assert marked(copy, MARKS, SHEETS) == copy
    assert b"openxmlformats.org/spreadsheetml" not in parts(copy)["xl/worksheets/receipt1.xml"]


def test_a_signature_that_no_longer_holds_is_left_out():
    named = parts(by_openpyxl())
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    named["_rels/.rels"] = named["_rels/.rels"].replace(b"</Relationships>", relation.encode())
    named["_xmlsignatures/origin.sigs"] = b""
    after = parts(marked(packed(named), MARKS, SHEETS))
    assert "_xmlsignatures/origin.sigs" not in after
    assert b"digital-signature" not in after["_rels/.rels"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 99, packed({"[Content_Types].xml": "<a/>"})])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Refusal):
        marked(content, MARKS, SHEETS)


def test_a_document_type_is_refused():
    named = parts(by_openpyxl())
    named["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'
    with pytest.raises(Refusal):
        marked(packed(named), MARKS, SHEETS)


def test_earlier_conditional_formats_come_after_ours_and_go_back():
    def priorities(content):
        rules = [r for f in loaded(content)["指标"].conditional_formatting for r in f.rules]
        return [rule.priority for rule in rules if rule.type == "cellIs"]

    copy = marked(by_openpyxl(), MARKS, SHEETS)
    assert (priorities(copy), priorities(unmarked(copy))) == ([4], [1])


def test_priorities_that_a_pivot_table_refers_to_stay():
    named = parts(by_openpyxl())
    sheet = named["xl/worksheets/sheet1.xml"]
    named["xl/worksheets/sheet1.xml"] = sheet.replace(b"<conditionalFormatting ", b'<conditionalFormatting pivot="1" ')
    copy = marked(packed(named), MARKS, SHEETS)
    rules = etree.fromstring(parts(copy)["xl/worksheets/sheet1.xml"]).iterfind(".//{*}cfRule")
    assert [rule.get("priority") for rule in rules] == ["1", "2", "3", "4"]


def test_a_return_made_by_libreoffice(through_office):
    made = through_office(by_openpyxl())
    copy = marked(made, MARKS, SHEETS)
    assert marked(copy, MARKS, SHEETS) == copy
    assert told(unmarked(copy)) == told(made)


def test_the_children_of_a_sheet_keep_their_order(original):
    for name, part in parts(marked(original, MARKS, SHEETS)).items():
        if re.fullmatch(r"xl/worksheets/\w+\.xml", name):
            order = [SHEET_ORDER.index(etree.QName(child).localname) for child in etree.fromstring(part)]
            assert order == sorted(order)


def test_parts_of_other_names_and_a_sheet_without_cells():
    named = parts(by_openpyxl())
    renamed = {
        name.replace("xl/workbook", "book/Mappe").replace("xl/_rels/workbook", "book/_rels/Mappe"): part.replace(
            b"/xl/workbook.xml", b"/book/Mappe.xml"
        )
        .replace(b"xl/workbook.xml", b"book/Mappe.xml")
        .replace(b'Target="styles.xml"', b'Target="../xl/styles.xml"')
        for name, part in named.items()
    }
    main = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    renamed["xl/worksheets/sheet2.xml"] = main
    copy = marked(packed(renamed), [*MARKS, CellMark("其他", "B2", "x", "error")], SHEETS)
    assert loaded(copy)["其他"]["B2"].comment.text == f"{COMMENT_LINE}\nx"
    assert renamed.keys() == parts(unmarked(copy)).keys()


def test_macros_stay():
    named = parts(by_openpyxl())
    named["[Content_Types].xml"] = named["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    named["xl/vbaProject.bin"] = b"macro"
    after = parts(marked(packed(named), MARKS, SHEETS))
    assert after["xl/vbaProject.bin"] == b"macro"
    assert b"macroEnabled.main" in after["[Content_Types].xml"]


def test_an_answer_typed_into_an_open_cell_by_formula_leaves_no_calculation_behind():
    copy = parts(marked(by_openpyxl(), MARKS, SHEETS))
    sheet = copy["xl/worksheets/receipt1.xml"]
    copy["xl/worksheets/receipt1.xml"] = sheet.replace(b'<c r="B3" ', b'<c r="B3" cm="0" ', 1).replace(
        b"</row>", b'<c r="Z1"><f>1+1</f><v>2</v></c></row>', 1
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    relation = f'<Relationship Id="rIdC" Type="{kind}" Target="/xl/calcChain.xml"/></Relationships>'
    book = "xl/_rels/workbook.xml.rels"
    copy[book] = copy[book].replace(b"</Relationships>", relation.encode())
    copy["xl/calcChain.xml"] = b"<calcChain/>"
    assert "xl/calcChain.xml" not in parts(unmarked(packed(copy)))


def test_a_mark_pasted_onto_the_departments_own_sheet_does_not_make_it_ours():
    workbook = loaded(marked(by_openpyxl(), MARKS, SHEETS))
    for found in workbook["审核回执"].conditional_formatting:
        for rule in found.rules:
            workbook["其他"].conditional_formatting.add("A1", rule)
    assert loaded(unmarked(saved(workbook))).sheetnames == ["指标", "其他"]


def test_sheets_whose_sign_was_dropped_are_known_by_the_hidden_one():
    workbook = loaded(marked(by_openpyxl(), MARKS, SHEETS))
    for sheet in workbook:
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
    assert loaded(unmarked(saved(workbook))).sheetnames == ["指标", "其他"]


def test_a_workbook_without_styles_gets_some():
    named = parts(by_openpyxl())
    del named["xl/styles.xml"]
    named["xl/_rels/workbook.xml.rels"] = re.sub(
        rb"<Relationship [^>]*styles.xml[^>]*>", b"", named["xl/_rels/workbook.xml.rels"]
    )
    copy = parts(marked(packed(named), MARKS, SHEETS))
    assert b"/xl/styles1.xml" in copy["xl/_rels/workbook.xml.rels"]
    assert b"/xl/styles1.xml" in copy["[Content_Types].xml"]
    assert [len(children(copy["xl/styles1.xml"], name)) > 1 for name in ("fonts", "fills", "cellXfs", "dxfs")] == [
        True
    ] * 4
    assert marked(packed(copy), MARKS, SHEETS) == marked(packed(named), MARKS, SHEETS)
