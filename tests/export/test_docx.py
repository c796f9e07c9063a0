from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree
from nbformat import NotebookNode

from analysis.export import GongwenDOCXExporter
from analysis.export.docx import REFERENCE

from .conftest import NASTY, TITLE, annex, paragraph, prose, report_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def export(notebook: NotebookNode) -> bytes:
    return GongwenDOCXExporter().from_notebook_node(notebook)[0]


def all_text(content: bytes) -> str:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    return re.sub(r"\s+", "", "".join(text.text or "" for text in root.iter(f"{W}t")))


def test_paragraphs_have_their_styles(report_docx: bytes) -> None:
    styles = [(p.style.name, p.text) for p in opened(report_docx).paragraphs if p.text]
    assert styles[:4] == [
        ("Document Number", "青石镇发〔2022〕3号"),
        ("Title", TITLE),
        ("Draft Note", "本稿尚有数据缺口。"),
        ("Addressee", "县人民政府："),
    ]
    assert ("Heading 1", "一、综合指标完成情况") in styles
    assert ("Heading 2", "（一）社会经济发展") in styles
    assert ("Heading 3", "1.农业生产") in styles
    assert ("Signature Block", "2022年1月12日") in styles
    assert ("Image Caption", "两项指标中一项超额完成") in styles
    assert ("Table Caption", "全部指标完成情况") in styles


def test_style_faces_are_set_for_both_scripts() -> None:
    document = docx.Document(str(REFERENCE))
    expected = {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Heading 3": ("仿宋_GB2312", 16),
        "Body Text": ("仿宋_GB2312", 16),
    }
    for name, (face, size) in expected.items():
        style = document.styles[name]
        fonts = style.element.rPr.rFonts
        assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia")} == {face}
        assert style.font.size.pt == size
    assert document.styles["Body Text"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_page_and_grid(report_docx: bytes) -> None:
    document = opened(report_docx)
    section = document.sections[0]
    millimetres = [round(length.mm) for length in (
        section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin,
        section.bottom_margin)]  # fmt: skip
    assert millimetres == [210, 297, 37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert int(grid.get(qn("w:linePitch"))) * 22 <= 225 / 25.4 * 1440 < int(grid.get(qn("w:linePitch"))) * 23
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        properties = footer.paragraphs[0]._p.pPr
        assert properties.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in footer._element.xpath("string(.//w:instrText)")
        assert footer.paragraphs[0].text.replace(" ", "") == "—1—"


def test_annex_is_a_turned_section_and_the_last(report_docx: bytes) -> None:
    document = opened(report_docx)
    assert [s.orientation == WD_ORIENT.LANDSCAPE for s in document.sections] == [False, True]
    turned = document.sections[1]
    assert turned.page_width > turned.page_height
    assert not [p for p in document.paragraphs if p.style.name.startswith("Annex")]
    assert document.element.body[-1].tag == qn("w:sectPr")
    blocks = [child.tag for child in document.element.body if child.tag in (qn("w:p"), qn("w:tbl"))]
    assert blocks[-2:] == [qn("w:tbl"), qn("w:p")]  # Word wants a paragraph after a table


def test_two_annexes_then_text() -> None:
    table = annex(3)
    document = opened(
        export(report_of(prose("正文。", "<p>正</p>"), prose(*table), prose(*table), prose("尾。", "<p>尾</p>")))
    )
    assert [s.orientation == WD_ORIENT.LANDSCAPE for s in document.sections] == [False, True, True, False]


def test_table_is_real(report_docx: bytes) -> None:
    (table,) = opened(report_docx).tables
    assert len(table.rows) == 61
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert {p.style.name for cell in table.rows[0].cells for p in cell.paragraphs} == {"Table Heading"}
    assert {p.style.name for cell in table.rows[5].cells for p in cell.paragraphs} == {"Table Text"}
    assert table.rows[60].cells[1].text == "农村居民人均可支配收入（第60项）"
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert widths[1] == pytest.approx(widths[0] * 32 / 6, rel=0.02)
    assert sum(widths) == pytest.approx(225 / 25.4 * 1440, rel=0.01)


def test_picture_has_alternative_text(report_docx: bytes) -> None:
    document = opened(report_docx)
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "条形图：粮食产量 103.2%，旅游收入 88.1%"
    assert shape.width.mm == pytest.approx(156, abs=3)
    names = zipfile.ZipFile(io.BytesIO(report_docx)).namelist()
    assert [name.rsplit(".")[-1] for name in names if "media/" in name] == ["png"]


def test_gap_is_marked(report_docx: bytes) -> None:
    runs = [run for p in opened(report_docx).paragraphs for run in p.runs if run.text == "旅游办未报"]
    assert [run.style.name for run in runs] == ["Gap"]


def test_leaves_out_what_is_for_analysts(report_docx: bytes) -> None:
    text = all_text(report_docx)
    for hidden in ("给分析员", "secret", "杂音", "中间"):
        assert hidden not in text


def test_properties(report_docx: bytes) -> None:
    properties = opened(report_docx).core_properties
    assert (properties.title, properties.author) == (TITLE, "青石镇人民政府")
    assert properties.created.isoformat().startswith("2022-01-12T00:00:00")


def test_text_is_text() -> None:
    blocks = []
    for number, text in enumerate(NASTY):
        inside, alone = paragraph(f"前{number}{text}后"), paragraph(text)
        spans = paragraph(f"甲{number}", ("figure", text), ("gap", text), "乙")
        blocks += [inside[0], alone[0], spans[0]]
    title = "标题" + "".join(NASTY)
    printed = all_text(export(report_of(prose("\n\n".join(blocks), "<p>x</p>"), title=title)))
    assert re.sub(r"\s+", "", title) in printed
    for number, text in enumerate(NASTY):
        plain = re.sub(r"\s+", "", text)
        assert f"前{number}{plain}后{plain}甲{number}{plain}{plain}乙" in printed


def test_same_bytes_twice(
    report: NotebookNode, report_docx: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert export(report) == report_docx


def test_ordinary_notebook(ordinary: NotebookNode) -> None:
    content = export(ordinary)
    document = opened(content)
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["普通笔记"]
    assert document.tables[0].rows[1].cells[1].text == "甲村"
    assert len(document.inline_shapes) == 1
    assert document.element.body.xpath("count(.//*[local-name()='oMath'])") == 2
    assert "红```<b>" in all_text(content)


def test_reference_document_is_what_the_tool_builds(tmp_path: Path) -> None:
    tool = Path(__file__).parents[2] / "tools" / "reference_document.py"
    program = (
        f"import runpy, pathlib; names = runpy.run_path({str(tool)!r}); "
        f"main = names['main']; main.__globals__['TARGET'] = pathlib.Path({str(tmp_path / 'r.docx')!r}); main()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert (tmp_path / "r.docx").read_bytes() == REFERENCE.read_bytes()
