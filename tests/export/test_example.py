"""The example township's report in its three formats: one text, and what GB/T 9704 and accessibility ask for."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from itertools import pairwise, takewhile
from pathlib import Path

import docx
import lxml.html
import pdfplumber
import pikepdf
import pytest
from docx.oxml.ns import qn
from libreoffice import Save
from nbformat import NotebookNode

from analysis.export import GongwenHTMLExporter
from analysis.telling.spans import Chart, Heading, text_of
from analysis.telling.tell import Told

from .conftest import paragraph, pdf_exporter, prose, report_of
from .pdf_lines import MM, Sheet, sheets_of
from .pdf_structure import boxes, faults

ANNEX = "附件1：主要指标图表"
HEADS = ("编码指标单位", "编码项目", "编码事项", "村建成", "部门上报")
"""How the heads of the annex's tables begin."""


def _squeezed(text: str) -> str:
    """Without white space, and nothing else taken away."""
    return re.sub(r"\s+", "", text)


def _prose_of(sheets: list[Sheet]) -> str:
    return _squeezed("".join(text for sheet in sheets for text in sheet.texts)).split(ANNEX)[0]


def _prose_of_docx(content: bytes) -> str:
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    return _squeezed("".join(paragraph.text for paragraph in paragraphs)).split(ANNEX)[0]


def _prose_of_html(page: str) -> str:
    root = lxml.html.document_fromstring(page)
    for unprinted in root.xpath("//nav | //*[@role='tooltip'] | //*[contains(@class, 'source')] | //style | //script"):
        unprinted.drop_tree()
    main = root.xpath("//main")
    text = _squeezed((main[0] if main else root.body).text_content())
    return text.split(ANNEX)[0]


@pytest.fixture(scope="session")
def example_html(example_notebook: NotebookNode) -> str:
    return GongwenHTMLExporter().from_notebook_node(example_notebook)[0]


@pytest.fixture(scope="module")
def sheets(example_pdf: bytes) -> list[Sheet]:
    return sheets_of(example_pdf)


@pytest.fixture(scope="session")
def example(told_example: Callable[[str], Told]) -> Told:
    return told_example("2021")


def test_the_three_formats_tell_one_text(example_html: str, sheets: list[Sheet], example_docx: bytes) -> None:
    printed = _prose_of(sheets)
    assert len(printed) > 6000
    assert _prose_of_docx(example_docx) == printed
    assert printed in _prose_of_html(example_html)


def test_word_file_as_libreoffice_prints_it_tells_the_same(
    example_docx: bytes, sheets: list[Sheet], tmp_path: Path, save_by_libreoffice: Save
) -> None:
    (tmp_path / "report.docx").write_bytes(example_docx)
    save_by_libreoffice([tmp_path / "report.docx"], "pdf", tmp_path)
    with pdfplumber.open(tmp_path / "report.pdf") as document:
        pages = [
            page.crop((0, 0, page.width, page.height - (35 if page.width < page.height else 26) * MM)).extract_text()
            for page in document.pages
        ]
        turned = [_squeezed(pages[page.page_number - 1]) for page in document.pages if page.width > page.height]
    # LibreOffice hangs stops over the edge whatever the file says, and loses one now and then where print is set closer.
    told = re.sub("[。，、]", "", _squeezed("".join(pages)).split(ANNEX)[0])
    assert told == re.sub("[。，、]", "", _prose_of(sheets))
    lines = "\n".join(pages).split("特此报告")[0].splitlines()
    assert [(a, b) for a, b in pairwise(lines) if re.search(r"[\d.]$", a) and re.match(r"\d", b)] == []
    assert [text[:40] for text in turned if not any(head in text for head in HEADS)] == []


def test_nothing_unseen_stands_between_the_characters(sheets: list[Sheet], example_docx: bytes) -> None:
    """A search for “28460万元” finds it: no joiner, no soft hyphen, no space of no width."""
    for text in (_prose_of(sheets), _prose_of_docx(example_docx)):
        assert [character for character in set(text) if unicodedata.category(character) in ("Cf", "Cc", "Co")] == []
        assert "28460万元，同比增长10.2%，为年度目标28000万元" in text


def _prose(sheets: list[Sheet]) -> list[Sheet]:
    """The pages before the annexes."""
    return [*takewhile(lambda sheet: sheet.texts[0] != ANNEX, sheets)]


def _lines(sheets: list[Sheet]) -> list[str]:
    return [text for sheet in _prose(sheets) for text in sheet.texts]


def test_lines_begin_and_end_as_they_may(sheets: list[Sheet]) -> None:
    lines = _lines(sheets)
    assert len(lines) > 300
    assert [line for line in lines if line[0] in "。，、；：！？）》」』】〕”’％%…"] == []
    assert [line for line in lines if line[-1] in "（《「『【〔“‘"] == []


def test_figure_and_unit_are_never_parted(sheets: list[Sheet], example: Told) -> None:
    units = {re.sub(r".*[\d.]", "", text)[:1] for text in example.figures["text"]} - {""} | {*"年月日"}
    lines = _lines(sheets)
    starts = re.compile("[0-9.%" + "".join(map(re.escape, units)) + "]")
    parted = [(a, b) for a, b in pairwise(lines) if re.search(r"[0-9.]$", a) and starts.match(b)]
    assert {"万", "个", "%", "人"} <= units
    assert parted == []


def test_no_line_is_torn_into_single_characters(sheets: list[Sheet]) -> None:
    """A number that does not fit leaves a gap: never more than a fifth of a character between any two."""
    gaps = [
        right["x0"] - left["x0"]
        for sheet in _prose(sheets)
        for line, text in zip(sheet.lines, sheet.texts, strict=True)
        if "签发人" not in text  # stands at the right edge
        for left, right in pairwise(line)
        if all("一" <= c["text"] <= "\u9fff" and round(c["size"]) == 16 for c in (left, right))
    ]
    assert len(gaps) > 3000
    assert max(gaps) < 16 * 1.2


def test_headings_do_not_end_a_page(sheets: list[Sheet], example: Told) -> None:
    headings = {
        _squeezed(text_of(block.spans))
        for chapter in example.report.chapters
        for block in chapter.blocks
        if isinstance(block, Heading)
    }
    last = [_squeezed(sheet.texts[-1]) for sheet in _prose(sheets)]
    assert len(headings) > 20
    assert headings & set(last) == set()


def test_signature_stands_with_text_and_the_annex_begins_a_page(sheets: list[Sheet]) -> None:
    signed = _prose(sheets)[-1]
    assert [text[:4] for text in signed.texts][-4:] == ["特此报告", "附件：1", "云川县青", "2022"]
    assert sheets[len(_prose(sheets))].texts[0] == ANNEX


@pytest.mark.parametrize("lines", range(14, 22, 2))
def test_signature_never_stands_alone(lines: int) -> None:
    """Wherever the page ends, 特此报告 goes along with the signature, and the last paragraph of the text with it."""
    body = [paragraph("农业")[0] for _ in range(lines)]
    end = ["特此报告。", "附件：图表", "::: {.signature}\n青石镇人民政府\n\n2022年1月12日\n:::", "# 附件：图表"]
    notebook = report_of(prose("\n\n".join([*body, *end, "见表。"]), "<p>x</p>"))
    texts = [sheet.texts for sheet in sheets_of(pdf_exporter().from_notebook_node(notebook)[0])]
    (signed,) = [page for page in texts if "青石镇人民政府" in page]
    assert signed[-5:] == ["农业", "特此报告。", "附件：图表", "青石镇人民政府", "2022年1月12日"]
    assert texts[-1] == ["附件：图表", "见表。"]


def test_pdf_is_archivable_and_accessible_by_its_structure(example_pdf: bytes, example: Told) -> None:
    found, tags = faults(example_pdf)
    assert found == []
    assert boxes(example_pdf) == []
    blocks = [block for chapter in example.report.chapters for block in chapter.blocks]
    charts = [block.alt for block in blocks if isinstance(block, Chart)]
    assert tags["/Figure"] == len(charts) > 0
    with pikepdf.open(io.BytesIO(example_pdf)) as document:
        alternatives = [
            str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
        assert sorted(alternatives) == sorted(charts)
        with document.open_outline() as outline:
            first = [_squeezed(item.title) for item in outline.root]
    assert first == [_squeezed(text_of(b.spans)) for b in blocks if isinstance(b, Heading) and b.level == 1]


def test_annex_tables_repeat_their_heads_on_turned_pages(sheets: list[Sheet]) -> None:
    turned = [sheet for sheet in sheets if sheet.turned]
    assert len(turned) >= 5
    assert turned == sheets[-len(turned) :]
    texts = [_squeezed("".join(sheet.texts)) for sheet in turned]
    assert [text[:60] for text in texts if not any(head in text for head in HEADS)] == []


def test_word_holds_figure_and_unit_together(example_docx: bytes) -> None:
    settings = zipfile.ZipFile(io.BytesIO(example_docx)).read("word/settings.xml").decode()
    (rule,) = re.findall(r'noLineBreaksBefore w:lang="zh-CN" w:val="([^"]*)"', settings)
    assert set("万元个座户%，。）》") <= set(rule)
    assert not set("（《是的一") & set(rule)
    styles = docx.Document(io.BytesIO(example_docx)).styles.element
    # called Chinese, a number is broken by LibreOffice as Chinese is
    assert styles.xpath("string(w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val)") == "en-US"


def test_word_pictures_and_signature(example_docx: bytes, example: Told) -> None:
    document = docx.Document(io.BytesIO(example_docx))
    charts = [b.alt for chapter in example.report.chapters for b in chapter.blocks if isinstance(b, Chart)]
    outer = document.element.body.xpath(".//wp:docPr")
    inner = document.element.body.xpath(".//pic:cNvPr")
    assert [element.get("descr") for element in outer] == charts
    assert [element.get("descr") for element in inner] == charts
    assert [element.get("name") for element in outer] == [f"图片 {n}" for n in range(1, len(charts) + 1)]
    assert "png" not in "".join(element.get("name") + element.get("descr") for element in (*outer, *inner))
    named = [(p.style.name, p.text, p._p.pPr) for p in document.paragraphs]
    end = next(n for n, (_, text, _) in enumerate(named) if text == "特此报告。")
    assert [style for style, _, _ in named[end : end + 5]] == [
        "Body Text with Next", "Body Text with Next", "Signature Block", "Signature Block", "Heading 1"
    ]  # fmt: skip
    assert named[end + 3][2].find(qn("w:keepNext")).get(qn("w:val")) == "0"
    assert named[end + 4][2].find(qn("w:pageBreakBefore")) is not None
    assert named[0][:2] == ("Document Number and Issuer", "青政发〔2022〕3号\t签发人：周明远")
