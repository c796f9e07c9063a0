"""What must not be reported, what is told beside the numbers, and the messages for files that can't be checked."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from libreoffice import Save

from analysis.running.errors import RunError
from analysis.running.read_back import passages
from analysis.running.verify import Verified, as_json, find_report, told, verify

from .hundred_places import moved_and_changed
from .word_edits import (
    BY,
    Document,
    Spot,
    W,
    deleted,
    field,
    inserted,
    paragraph,
    put,
    replace,
    run,
    runs_of,
    text_box,
    text_of,
    xml,
)

pytestmark = pytest.mark.slow
Check = Callable[[Document], Verified]


@pytest.fixture
def document(run_folder: Path) -> Document:
    return Document((run_folder / "report.docx").read_bytes())


@pytest.fixture
def check(run_folder: Path, tmp_path: Path) -> Check:
    def checked(document: Document) -> Verified:
        path = tmp_path / "report-edited.docx"
        path.write_bytes(document.content())
        return verify(path, run_folder)

    return checked


def spot_with(document: Document, text: str) -> Spot:
    return next(spot for spot in document.spots() if text in spot.sentence)


def retype(document: Document, old: str, new: str) -> None:
    """Type over words of a paragraph of the prose, wherever its runs are parted."""
    found = document.containing(old)
    start = text_of(found).index(old)
    runs = runs_of(found, start, start + len(old))
    runs[0].addprevious(run(new))
    for gone in runs:
        gone.getparent().remove(gone)


def told_pairs(verified: Verified) -> list[tuple[str, str, str]]:
    return [(change.kind, change.before, change.after) for change in verified.changes]


# ---- clean ----------------------------------------------------------------------------------------------------------


def test_the_report_as_made_is_clean(run_folder: Path) -> None:
    verified = verify(run_folder / "report.docx", run_folder)
    assert verified.clean
    assert (verified.reworded, verified.moved, verified.notes) == (0, 0, ())
    assert verified.numbers > 1000


@pytest.mark.slow
def test_the_report_saved_by_libreoffice_is_clean(run_folder: Path, tmp_path: Path, save_by_libreoffice: Save) -> None:
    save_by_libreoffice([run_folder / "report.docx"], "docx", tmp_path)
    verified = verify(tmp_path / "report.docx", run_folder)
    assert verified.clean
    assert (verified.reworded, verified.moved, verified.notes) == (0, 0, ())


def test_edits_that_leave_the_numbers_are_counted_not_listed(document: Document, check: Check) -> None:
    spots = list(document.spots())
    retype(document, "现将完成情况报告如下", "现将有关情况汇报如下")
    spot = spots[3]
    pieces = [piece for c in spot.number for piece in (run(c), xml('<w:proofErr w:type="gramStart"/>'))]
    put(spot, spot.number, pieces)
    spot = spots[6]
    put(spot, spot.number, [xml(f"<w:r><w:t>{spot.number[0]}</w:t><w:softHyphen/><w:t>{spot.number[1:]}</w:t></w:r>")])
    spot = spots[9]
    replace(spot, spot.number, "".join(chr(ord(c) + 0xFEE0) for c in spot.number))
    spot = spots[12]
    put(spot, spot.number, [xml(f"<w:sdt><w:sdtContent><w:r><w:t>{spot.number}</w:t></w:r></w:sdtContent></w:sdt>")])
    spot = spots[15]
    put(spot, spot.number, [inserted(run(spot.number))])
    put(spots[18], spots[18].number, field(" REF 99 ", spots[18].number))
    numbered = xml("<w:p/>")
    numbered.extend(field("PAGE", "17"))
    document.body.insert(0, numbered)
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        "<w:sdtContent><w:p><w:r><w:t>一、高质量发展综合指标完成情况 2</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.body.insert(0, xml(contents))
    verified = check(document)
    assert told_pairs(verified) == []
    assert verified.reworded == 1


def test_moved_joined_and_parted_sentences_keep_their_numbers(document: Document, check: Check) -> None:
    first = document.containing("完成全社会固定资产投资")
    document.containing("特此报告").addprevious(first)  # another section
    retype(document, "落实产业到户奖补资金", "、落实产业到户奖补资金")
    other = document.containing("发现环境隐患问题")
    text = text_of(other)
    document.containing("治理扬尘").addprevious(paragraph(text[text.index("；") + 1 :]))
    start = text.index("；")
    for gone in runs_of(other, start, len(text)):
        gone.getparent().remove(gone)
    other.append(run("。"))
    verified = check(document)
    assert told_pairs(verified) == []
    assert verified.moved >= 2
    assert verified.reworded >= 2


def test_a_paragraph_moved_with_tracking_is_read_where_it_is_now(document: Document, check: Check) -> None:
    spot = next(s for s in document.spots() if text_of(s.paragraph) == s.sentence)
    (expected,) = moved_and_changed(document, spot)
    verified = check(document)
    assert told_pairs(verified) == [("changed", expected.before, expected.after)]
    assert verified.changes[0].sentence_after == expected.sentence_after
    assert {note.what for note in verified.notes} == {"移出", "移出段落标记", "移入"}


def test_rows_sorted_anew_are_moved(document: Document, check: Check) -> None:
    table = next(document.body.iterchildren(f"{W}tbl"))
    _, *rows = table.iterchildren(f"{W}tr")
    for row in reversed(rows):
        table.append(row)
    verified = check(document)
    assert verified.clean
    assert verified.moved == len(rows) - 1


def test_numbering_made_by_word_is_no_number(document: Document, check: Check) -> None:
    heading = document.containing("（三）生态环境治理")
    for gone in runs_of(heading, 0, 3):
        gone.getparent().remove(gone)
    heading.find(f"{W}pPr").append(xml('<w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'))
    retype(document, "三是新增美丽庭院", "新增美丽庭院")
    assert check(document).clean


# ---- names and directions -------------------------------------------------------------------------------------------


def test_numbers_under_another_name_are_found(document: Document, check: Check) -> None:
    retype(document, "柳坪村14座、竹园村10座", "竹园村14座、柳坪村10座")
    found = {(c.before, c.after) for c in check(document).changes}
    assert found == {("14座", "10座"), ("10座", "14座")}


def test_names_swapped_between_sentences_are_found(document: Document, check: Check) -> None:
    retype(document, "一般公共预算支出2243.57万元", "全社会固定资产投资2243.57万元")
    retype(document, "完成全社会固定资产投资28460万元", "完成一般公共预算支出28460万元")
    verified = check(document)
    assert {("elsewhere", "28460万元"), ("elsewhere", "2243.57万元")} <= {(c.kind, c.before) for c in verified.changes}
    assert all("固定资产投资" in change.sentence_before + change.sentence_after for change in verified.changes)


def test_a_row_under_another_name_is_found(document: Document, check: Check) -> None:
    row = next(row for row in document.rows() if text_of(row).startswith("E01"))
    list(row.iter(f"{W}t"))[1].text = "争取项目资金"
    changes = check(document).changes
    assert {change.kind for change in changes} == {"elsewhere"}
    assert "28,460" in [change.before for change in changes]


def test_numbers_swapped_between_like_sentences_are_found(document: Document, check: Check) -> None:
    retype(document, "投资1260万元，计划12月完成，已于11月完成", "投资860万元，计划12月完成，已于11月完成")
    retype(document, "投资860万元，计划9月完成", "投资1260万元，计划9月完成")
    assert sorted(told_pairs(check(document))) == [
        ("changed", "1260万元", "860万元"),
        ("changed", "860万元", "1260万元"),
    ]


def test_zero_that_becomes_a_number(document: Document, check: Check) -> None:
    retype(document, "返贫致贫连续3年零发生", "返贫致贫发生2户")
    assert sorted(told_pairs(check(document))) == [("added", "", "2户"), ("lost", "3年", ""), ("lost", "零", "")]


# ---- sources, notes, text ---------------------------------------------------------------------------------------------


def test_a_change_names_figure_formula_and_cells(document: Document, check: Check) -> None:
    retype(document, "28000万元的101.6%", "28000万元的101.9%")
    (change,) = check(document).changes
    assert (change.before, change.after) == ("101.6%", "101.9%")
    assert change.heading == "一、高质量发展综合指标完成情况 › （一）社会经济发展"
    assert change.origin is not None
    assert (change.origin.code, change.origin.name, change.origin.role) == ("E01", "全社会固定资产投资", "rate")
    assert change.origin.formula == "28460 ÷ 28000 × 100%"
    assert change.origin.sources == ("[经济发展办公室.xlsx]指标!F4", "[targets/2021.csv]!C2")


def test_every_figure_of_the_list_has_its_place(run_folder: Path) -> None:
    from analysis.intake.store import load_frame
    from analysis.running.export import read_notebook
    from analysis.running.verify.origins import origins_of
    from analysis.running.verify.word_file import open_word
    from analysis.running.verify.word_text import read_text
    from analysis.telling.figure_list import FIGURES

    figures = load_frame(run_folder / "figures.parquet", FIGURES)
    lines = read_text(open_word(run_folder / "report.docx")).lines
    assert origins_of(read_notebook(run_folder / "notebooks" / "3_report.ipynb"), figures, lines).unplaced == 0


def test_open_changes_hidden_text_and_what_is_not_read_are_told(document: Document, check: Check) -> None:
    spots = list(document.spots())
    put(spots[4], spots[4].number, [deleted(run("999")), inserted(run(spots[4].number))])
    spots[6].paragraph.append(run("内部数9876", "<w:rPr><w:vanish/></w:rPr>"))
    spots[8].paragraph.append(xml('<w:r><w:object w:dxaOrig="10"/></w:r>'))
    spots[9].paragraph.find(f"{W}pPr").append(xml(f"<w:pPrChange {BY}/>"))
    verified = check(document)
    assert verified.clean
    assert [(n.kind, n.what, n.text, n.author) for n in verified.notes] == [
        ("tracked", "删除", "999", "王秘书"),
        ("tracked", "插入", spots[4].number, "王秘书"),
        ("hidden", "隐藏文字", "内部数9876", ""),
        ("unread", "嵌入的对象（如 Excel 表格）", "", ""),
        ("tracked", "格式", "", "王秘书"),
    ]
    text = "\n".join(told(verified))
    assert "还有没接受也没拒绝的修订：删除1处，插入1处，格式1处" in text
    assert "有隐藏文字1处" in text and "嵌入的对象" in text


def test_comments_are_told_and_are_no_text(document: Document, check: Check) -> None:
    spot = spot_with(document, "完成全社会固定资产投资")
    spot.paragraph.append(xml('<w:r><w:commentReference w:id="4"/></w:r>'))
    comments = document.parts["word/comments.xml"].decode()
    comment = '<w:comment w:id="4" w:author="王秘书"><w:p><w:r><w:t>这里是不是28465万元？</w:t></w:r></w:p></w:comment>'
    document.parts["word/comments.xml"] = f"{comments.rstrip().removesuffix('/>')}>{comment}</w:comments>".encode()
    verified = check(document)
    assert verified.clean and verified.reworded == 0
    assert told(verified)[-2:] == [
        "有批注1条，没有算作正文；上报前请在“审阅”中删去。",
        "   批注“这里是不是28465万元？”（王秘书），在“一、高质量发展综合指标完成情况 › （一）社会经济发展”下",
    ]


def test_text_hidden_by_a_style_is_no_text(document: Document, check: Check) -> None:
    styles = document.parts["word/styles.xml"].decode()
    hidden = (
        '<w:style w:type="character" w:styleId="H1"><w:name w:val="h1"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="H2"><w:name w:val="h2"/><w:basedOn w:val="H1"/></w:style>'
    )
    document.parts["word/styles.xml"] = styles.replace("</w:styles>", hidden + "</w:styles>").encode()
    spot = spot_with(document, "完成全社会固定资产投资")
    old = spot.text
    put(spot, spot.text, [run(spot.text, '<w:rPr><w:rStyle w:val="H2"/></w:rPr>')])
    spot.paragraph.append(run("（另见12处）", '<w:rPr><w:rStyle w:val="H2"/><w:vanish w:val="0"/></w:rPr>'))
    assert sorted(told_pairs(check(document))) == [("added", "", "12处"), ("lost", old, "")]


def test_a_text_box_counts_once(document: Document, check: Check) -> None:
    document.containing("特此报告").append(text_box("<w:p><w:r><w:t>印发</w:t></w:r><w:r><w:t>36份</w:t></w:r></w:p>"))
    (change,) = check(document).changes
    assert (change.kind, change.after, change.sentence_after, change.place) == ("added", "36份", "印发36份", "文本框")


def test_pictures_that_were_put_in_are_told(document: Document, check: Check) -> None:
    picture = '<w:r><w:drawing><a:graphicData uri="picture"><a:blip/></a:graphicData></w:drawing></w:r>'
    document.containing("特此报告").append(xml(picture))
    assert [(note.kind, note.what) for note in check(document).notes] == [("unread", "新插入的图片")]


def test_the_console_is_told_sentence_by_sentence(document: Document, check: Check) -> None:
    retype(document, "28000万元的101.6%", "28000万元的101.9%")
    retype(document, "超额460万元", "超额461万元\u202e\u0009")
    lines = told(check(document))
    assert lines[0].startswith(
        "核对 report-edited.docx：对照《云川县青禾镇人民政府关于2021年度目标任务完成情况的报告》（2022-01-13 10:00 运行）"
    )
    assert "不一致的有2处：改动2处" in lines[1]
    assert lines[3] == "1. 一、高质量发展综合指标完成情况 › （一）社会经济发展（正文）"
    assert lines[6] == (
        "   改动：101.6% → 101.9%；E01 全社会固定资产投资（完成率）；算式 28460 ÷ 28000 × 100%；"
        "来源 经济发展办公室.xlsx 指标 F4、targets/2021.csv C2"
    )
    assert all(character.isprintable() for line in lines for character in line)


def test_the_result_as_data(document: Document, check: Check) -> None:
    retype(document, "超额460万元", "超额461万元")
    data = json.loads(json.dumps(as_json(check(document)), ensure_ascii=False))
    assert data["clean"] is False
    assert data["counts"] == {"changed": 1, "added": 0, "lost": 0, "elsewhere": 0, "turned": 0}
    (change,) = data["changes"]
    assert change["origin"]["code"] == "E01"
    assert "超额461万元" in change["sentence_after"]


# ---- what to compare with ---------------------------------------------------------------------------------------------


def test_a_report_edited_in_its_place_is_compared_with_what_the_run_made(
    run_folder: Path, document: Document, tmp_path: Path
) -> None:
    folder = shutil.copytree(run_folder, tmp_path / "qinghe" / "2021")
    retype(document, "超额460万元", "超额461万元")
    (folder / "report.docx").write_bytes(document.content())
    assert find_report(folder / "report.docx", tmp_path) == folder
    assert told_pairs(verify(folder / "report.docx", folder)) == [("changed", "460万元", "461万元")]


def test_the_run_is_found_by_the_title(run_folder: Path, tmp_path: Path) -> None:
    edited = tmp_path / "改.docx"
    shutil.copy(run_folder / "report.docx", edited)
    reports = tmp_path / "reports"
    folder = shutil.copytree(run_folder, reports / "qinghe" / "2021")
    other = shutil.copytree(run_folder, reports / "shimen" / "2021")
    (other / "run.json").write_text('{"title": "石门镇报告", "finished": "2022-02-01"}', encoding="utf-8")
    (reports / "qinghe" / "2022").mkdir()
    (reports / "qinghe" / "2022" / "run.json").write_text((folder / "run.json").read_text())  # and nothing beside it
    assert find_report(edited, reports) == folder
    with pytest.raises(RunError, match="没有题名与它相同的报告"):
        find_report(edited, tmp_path)
    with pytest.raises(RunError, match="没有题名与它相同的报告"):
        find_report(folder / "report.docx", reports, "shimen")
    assert find_report(edited, reports, period="2021") == folder


# ---- files that can't be checked --------------------------------------------------------------------------------------


def refused(path: Path, report: Path) -> str:
    with pytest.raises(RunError) as caught:
        verify(path, report)
    return str(caught.value)


def test_what_is_no_word_file_is_refused(run_folder: Path, tmp_path: Path) -> None:
    assert "没有找到文件：无.docx" in refused(tmp_path / "无.docx", run_folder)
    assert "不是文件" in refused(tmp_path, run_folder)
    for name, content, words in (
        ("空.docx", b"", "不是 Word 文档"),
        ("字.docx", "甲".encode(), "不是 Word 文档"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式（.doc、.wps）的文件，或设有打开密码"),
        ("坏.docx", (run_folder / "report.docx").read_bytes()[:5000], "文件已损坏"),
    ):
        (tmp_path / name).write_bytes(content)
        assert words in refused(tmp_path / name, run_folder)
    with zipfile.ZipFile(tmp_path / "表.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert "不是 Word 文档" in refused(tmp_path / "表.docx", run_folder)


def test_bombs_and_entities_are_refused(run_folder: Path, tmp_path: Path) -> None:
    document = Document((run_folder / "report.docx").read_bytes())
    path = tmp_path / "大.docx"
    document.parts["word/media/x.bin"] = b"\0" * 120_000_000
    path.write_bytes(document.content())
    assert "文件超出能读取的大小" in refused(path, run_folder)
    document = Document((run_folder / "report.docx").read_bytes())
    head = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    document.parts["word/styles.xml"] = head + document.parts["word/styles.xml"].partition(b"?>")[2]
    path.write_bytes(document.content())
    assert "文件已损坏" in refused(path, run_folder)
    document.parts["word/styles.xml"] = b"<a>" * 100_000
    path.write_bytes(document.content())
    assert "文件已损坏" in refused(path, run_folder)


def test_another_report_is_refused(run_folder: Path, tmp_path: Path) -> None:
    document = Document((run_folder / "report.docx").read_bytes())
    for found in document.paragraphs():
        text = text_of(found)
        for number, element in enumerate(found.iter(f"{W}t")):
            other = text.replace("2021", "2020").replace("1", "7").replace("2", "4") if number == 0 else ""
            element.text = other
    for table in list(document.body.iterchildren(f"{W}tbl")):
        document.body.remove(table)
    path = tmp_path / "另一份.docx"
    path.write_bytes(document.content())
    assert "不像是《云川县青禾镇人民政府关于2021年度目标任务完成情况的报告》改成的" in refused(path, run_folder)


def test_a_folder_without_a_run_is_refused(run_folder: Path, tmp_path: Path) -> None:
    message = refused(run_folder / "report.docx", tmp_path)
    assert "没有可以对照的运行结果（缺 run.json" in message and "township-report run" in message
    folder = shutil.copytree(run_folder, tmp_path / "2021")
    (folder / "run.json").write_text("{", encoding="utf-8")
    assert "run.json 读不出来" in refused(run_folder / "report.docx", folder)


def test_an_edition_that_was_not_made_is_told(run_folder: Path) -> None:
    with pytest.raises(RunError, match="没有“shared”这个版本"):
        verify(run_folder / "report.docx", run_folder, "shared")


def test_a_text_longer_than_any_report_is_refused(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "MAX_PASSAGES", 100)
    assert "文件超出能读取的大小（句子超过100个）" in refused(run_folder / "report.docx", run_folder)
