"""What is text in a Word file, whatever Word, WPS or another program put around it."""

import io
import zipfile
from pathlib import Path

import pytest

from analysis.running.errors import RunError
from analysis.running.read_back.lines import CELL, Line
from analysis.running.verify import word_file
from analysis.running.verify.word_file import WordFile, open_word
from analysis.running.verify.word_text import WordText, read_text

from .word_edits import BY, NAMESPACES

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
RELATION = '<Relationship Id="r{}" Type="' + OFFICE + '/relationships/{}" Target="{}"/>'


def relations(*of: tuple[str, str]) -> str:
    told = "".join(RELATION.format(number, kind, target) for number, (kind, target) in enumerate(of))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'


def archive(document: str, **parts: str) -> io.BytesIO:
    """A Word file of hardly more than its text."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("_rels/.rels", relations(("officeDocument", "word/document.xml")))
        named = [(name, f"{name}.xml") for name in (*parts, *parts)] + [("header", "gone.xml")]
        package.writestr("word/_rels/document.xml.rels", relations(*named))
        package.writestr("word/document.xml", document)
        for name, part in parts.items():
            package.writestr(f"word/{name}.xml", part)
    written.seek(0)
    return written


def read(body: str, **parts: str) -> WordText:
    math = f'xmlns:m="{OFFICE}/math"'
    document = f"<w:document {NAMESPACES} {math}><w:body>{body}</w:body></w:document>"
    return read_text(WordFile(zipfile.ZipFile(archive(document, **parts)), "改.docx"))


def text(body: str) -> list[str]:
    return [line.text for line in read(body).lines]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>9月</w:t></w:r>", "1-9月"),
        ('<w:r><w:t>增长</w:t><w:sym w:font="Wingdings" w:char="F081"/></w:r>', "增长①"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>完成</w:t></w:r>', "□完成"),
        ('<w:r><w:sym w:font="宋体" w:char="4E2D"/><w:sym w:font="宋体" w:char="不是"/></w:r>', "中"),
        ("<m:oMath><m:r><m:t>5÷4</m:t></m:r></m:oMath>", "5÷4"),
        ("<!-- 注 --><?office x?><w:r><w:t>5处</w:t></w:r>", "5处"),
        ("<w:r><w:instrText>PAGE</w:instrText><w:t>5处</w:t><w:fldChar w:fldCharType='end'/></w:r>", "5处"),
        ("<w:r><w:t>5处</w:t><mc:AlternateContent/></w:r>", "5处"),
    ],
)
def test_what_a_paragraph_says(inside: str, said: str) -> None:
    assert text(f"<w:p>{inside}</w:p>") == [said]


def test_the_last_paragraph_counts_though_its_mark_was_deleted() -> None:
    mark = f"<w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>"
    assert text(f"<w:p>{mark}<w:r><w:t>完成</w:t></w:r></w:p><w:p>{mark}<w:r><w:t>5处</w:t></w:r></w:p>") == ["完成5处"]


def test_hidden_blanks_are_not_worth_a_note() -> None:
    hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>'
    assert read(f"<w:p>{hidden}<w:r><w:t>5处</w:t></w:r></w:p>").notes == []


def test_word_art_is_text_and_charts_of_word_are_told() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="投资5亿元"/></v:shape></w:pict></w:r>'
    chart = '<w:r><w:drawing><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></w:drawing></w:r>'
    found = read(f"<w:p>{art}{chart}</w:p>")
    assert found.lines == [Line("投资5亿元", place="艺术字")]
    assert [(note.kind, note.what) for note in found.notes] == [("unread", "Word 中插入的图表")]


def test_rows_and_cells_count_wherever_they_are_wrapped() -> None:
    def cell(inside: str, settings: str = "") -> str:
        return f"<w:tc>{settings}<w:p><w:r><w:t>{inside}</w:t></w:r></w:p></w:tc>"

    gone = cell("9", f"<w:tcPr><w:cellDel {BY}/></w:tcPr>")
    wrapped = f"<w:sdt><w:sdtContent><w:tr>{cell('改厕')}<!-- 注 -->{cell('5座')}{gone}</w:tr></w:sdtContent></w:sdt>"
    inner = f"<w:tc><w:tbl><w:tr>{cell('其中')}{cell('3座')}</w:tr></w:tbl></w:tc>"
    assert text(f"<w:tbl>{wrapped}<w:tr>{cell('')}</w:tr><w:tr>{inner}</w:tr></w:tbl>") == [
        f"改厕{CELL}5座",
        f"其中{CELL}3座",
    ]


def test_a_heading_is_known_by_the_name_of_its_style_too() -> None:
    styles = f'<w:styles {NAMESPACES}><w:style w:styleId="a1"><w:name w:val="标题 1"/></w:style></w:styles>'
    headed = '<w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr><w:r><w:t>一、总体情况</w:t></w:r></w:p>'
    lines = read(f"{headed}<w:p><w:r><w:t>5处</w:t></w:r></w:p>", styles=styles).lines
    assert [(line.heading, line.place) for line in lines] == [("一、总体情况", "标题"), ("一、总体情况", "正文")]


def test_a_part_that_is_named_twice_counts_once_and_one_that_is_not_there_not_at_all() -> None:
    header = f"<w:hdr {NAMESPACES}><w:p><w:r><w:t>第5期</w:t></w:r></w:p></w:hdr>"
    assert read("", header=header).lines == [Line("第5期", place="页眉")]


def test_another_document_of_office_is_refused() -> None:
    with pytest.raises(RunError, match="不是 Word 文档"):
        WordFile(zipfile.ZipFile(archive("<workbook/>")), "表.docx")


def test_what_is_larger_than_any_report_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.docx"
    path.write_bytes(archive(f"<w:document {NAMESPACES}/>").read())
    assert read_text(open_word(path)).lines == []
    for limit, told in (("MAX_PART_BYTES", "word/document.xml 有"), ("MAX_FILE_BYTES", "上限0MB")):
        with monkeypatch.context() as patch:
            patch.setattr(word_file, limit, 300)
            with pytest.raises(RunError, match=f"文件超出能读取的大小（.*{told}"):
                open_word(path)
