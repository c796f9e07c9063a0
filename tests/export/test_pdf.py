from __future__ import annotations

import io
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from nbformat import NotebookNode

from .conftest import NASTY, annex, chart, facts, paragraph, pdf_exporter, prose, report_of
from .pdf_lines import MM, lines_of, opened, squeezed, text_of

CLOSING = "，。、；：！？）》」』】〕”’％%…"


@pytest.fixture(scope="session")
def chinese_only() -> bytes:
    text = paragraph("天地玄黄宇宙洪荒日月盈昃辰宿列张" * 120)
    return pdf_exporter().from_notebook_node(report_of(prose(*text)))[0]


def test_grid_of_28_by_22(chinese_only: bytes) -> None:
    with opened(chinese_only) as document:
        page = document.pages[1]
        lines = lines_of(page)
        assert len(lines) == 22
        assert {len(line) for line in lines} == {28}
        left, right = min(c["x0"] for c in page.chars), max(c["x1"] for line in lines for c in line)
        assert left == pytest.approx(28 * MM, abs=1)
        assert right == pytest.approx(page.width - 26 * MM, abs=1.5)
        assert lines[0][0]["top"] >= 37 * MM - 1 - 8  # a glyph's box reaches above its em
        pitches = {round(b[0]["bottom"] - a[0]["bottom"], 1) for a, b in pairwise(lines)}
        assert pitches == {29.0}


def test_first_line_is_indented_by_two_characters(chinese_only: bytes) -> None:
    with opened(chinese_only) as document:
        body = [line for line in lines_of(document.pages[0]) if line[0]["size"] == pytest.approx(16)]
    assert body[0][0]["x0"] - body[1][0]["x0"] == pytest.approx(32, abs=1)


def test_title_page(report_pdf: bytes) -> None:
    with opened(report_pdf) as document:
        page = document.pages[0]
        number, title = lines_of(page)[:2]
        assert text_of(number) == "青石镇发〔2022〕3号"
        assert text_of(title) == "青石镇2021年度目标任务完成情况报告"
        assert {round(c["size"]) for c in title} == {22}
        middle = (title[0]["x0"] + title[-1]["x1"]) / 2
        assert middle == pytest.approx((28 * MM + page.width - 26 * MM) / 2, abs=2)


def test_page_numbers_stand_on_the_outer_edge(report_pdf: bytes) -> None:
    with opened(report_pdf) as document:
        for index, page in enumerate(document.pages, start=1):
            margin = 35 * MM if page.width < page.height else 26 * MM
            foot = sorted((c for c in page.chars if c["top"] > page.height - margin), key=lambda c: c["x0"])
            assert text_of(foot).replace(" ", "") == f"—{index}—"
            assert {round(c["size"]) for c in foot} == {14}
            assert (foot[0]["x0"] > page.width / 2) == (index % 2 == 1)


def test_headings_have_their_faces_and_never_end_a_page(report_pdf: bytes) -> None:
    faces: dict[str, set[str]] = {}
    with opened(report_pdf) as document:
        for page in document.pages:
            lines = lines_of(page)
            for position, line in enumerate(lines):
                text = text_of(line)
                kind = next((k for k in ("一、", "二、", "（一）", "1.农") if text.startswith(k)), None)
                if kind and page.width < page.height:
                    faces.setdefault(kind, set()).update(c["fontname"].split("+")[1] for c in line)
                    assert position < len(lines) - 1
    assert faces["一、"] == faces["二、"] == {"NotoSansSC-Regular"}
    assert faces["（一）"] == faces["1.农"] == {"NotoSerifSC-Regular"}


def test_no_line_begins_with_closing_punctuation(report_pdf: bytes) -> None:
    with opened(report_pdf) as document:
        begins = [text_of(line) for page in document.pages for line in lines_of(page)]
    assert len(begins) > 60
    assert [line for line in begins if line[0] in CLOSING] == []


def test_figure_and_unit_are_never_parted(report_pdf: bytes) -> None:
    with opened(report_pdf) as document:
        lines = [text_of(line) for page in document.pages[:-1] for line in lines_of(page)]
    assert sum("12,345.67吨" in line for line in lines) == 16
    assert sum(line.count("103.20%") for line in lines) == 16


def test_figure_at_any_place_of_a_line() -> None:
    """Whatever comes before it, a figure keeps its unit, and the comma after it never begins a line."""
    blocks = [paragraph("农" * 10 + "业" * n, ("figure", "12,345.67万元"), "，" + "农" * 20) for n in range(30)]
    notebook = report_of(prose("\n\n".join(block[0] for block in blocks), "<p>x</p>"))
    with opened(pdf_exporter().from_notebook_node(notebook)[0]) as document:
        lines = [text_of(line) for page in document.pages for line in lines_of(page)]
    assert sum("12,345.67万元" in line for line in lines) == 30
    assert [line for line in lines if line[0] in CLOSING] == []


def test_mark_after_a_figure_is_as_wide_as_any() -> None:
    """It goes into the figure's box, and never begins a line; but it is not squeezed as if it ended one."""
    blocks = [paragraph("农" * n, ("figure", "12.67万元"), "；" + "业" * 30) for n in range(10, 26)]
    notebook = report_of(prose("\n\n".join(block[0] for block in blocks), "<p>x</p>"))
    with opened(pdf_exporter().from_notebook_node(notebook)[0]) as document:
        lines = [line for page in document.pages for line in lines_of(page)]
    within = [b["x0"] - a["x0"] for line in lines for a, b in pairwise(line) if a["text"] == "；"]
    assert len(within) > 8
    assert min(within) > 15
    assert [line for line in lines if line[0]["text"] == "；"] == []


@pytest.mark.parametrize("mark", ["；", "：", "……", "——"])
def test_a_gap_keeps_the_mark_behind_it(mark: str) -> None:
    blocks = [paragraph("农" * n, ("gap", "〔数据待水利站补报〕"), mark + "业" * 30) for n in range(10, 26)]
    notebook = report_of(prose("\n\n".join(block[0] for block in blocks), "<p>x</p>"))
    with opened(pdf_exporter().from_notebook_node(notebook)[0]) as document:
        lines = [text_of(line) for page in document.pages for line in lines_of(page)]
    assert sum(f"水利站补报〕{mark}" in line for line in lines) == 16


def test_annex_lies_on_turned_pages_with_repeated_head(report_pdf: bytes) -> None:
    with opened(report_pdf) as document:
        turned = [page for page in document.pages if page.width > page.height]
        assert len(turned) >= 2
        assert turned == document.pages[-len(turned) :]
        for page in turned:
            assert "序号指标单位目标完成完成率来源" in re.sub(r"\s", "", page.extract_text())
        assert "第60项" in turned[-1].extract_text()
        sizes = Counter(round(c["size"], 1) for c in turned[1].chars)
        assert sizes.most_common(1)[0][0] == 9


def test_leaves_out_what_is_for_analysts(report_pdf: bytes) -> None:
    text = squeezed(report_pdf)
    for hidden in ("给分析员", "secret", "杂音", "中间", "Figuresize", "表1C5"):
        assert hidden not in text
    for shown in ("本稿尚有数据缺口", "县人民政府：", "旅游办未报", "“应报尽报”", "两项指标中一项超额完成", "特此报告"):
        assert shown in text


def test_structure_of_an_archivable_accessible_file(report_pdf: bytes) -> None:
    from .pdf_structure import faults

    found, tags = faults(report_pdf)
    assert found == []
    assert tags["/H1"] == 3
    assert tags["/Figure"] == 1
    assert tags["/TH"] >= 7
    assert tags["/TR"] >= 61


def test_outline_and_properties(report_pdf: bytes) -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(report_pdf)) as document:
        assert str(document.docinfo["/Title"]) == "青石镇2021年度目标任务完成情况报告"
        assert str(document.Root.Lang).lower().startswith("zh")
        assert "20220112" in str(document.docinfo["/CreationDate"])
        with document.open_outline() as outline:
            assert [item.title for item in outline.root] == ["一、综合指标完成情况", "二、党建指标完成情况", "附件"]


def test_no_character_is_a_box(report_pdf: bytes) -> None:
    from .pdf_structure import boxes

    assert boxes(report_pdf) == []


def test_character_of_no_font_is_replaced_and_told() -> None:
    text = paragraph("村民代表\U0001f600发言，䶮\ue000\U00020000")
    exporter = pdf_exporter()
    pdf, _ = exporter.from_notebook_node(report_of(prose(*text), title="报\U0001f600告"))
    assert "村民代表〓发言，䶮〓〓" in squeezed(pdf)
    assert "报〓告" in squeezed(pdf)
    assert set(exporter.missing_characters) == {"\U0001f600", "\ue000", "\U00020000"}


@pytest.mark.parametrize("text", NASTY)
def test_text_is_text(text: str) -> None:
    inside = paragraph(f"前{text}后")
    alone = paragraph(text)
    spans = paragraph("甲", ("figure", text), ("quotation", text), "乙")
    table = f"| 甲 | 乙 |\n|---|---|\n| {escape_cell(text)} | 2 |"
    notebook = report_of(prose("\n\n".join([inside[0], alone[0], spans[0], table]), "<p>x</p>"), title=f"标题{text}题")
    printed = squeezed(pdf_exporter().from_notebook_node(notebook)[0])
    plain = re.sub(r"\s+", "", text)
    assert printed.count(plain) >= 6, printed


def escape_cell(text: str) -> str:
    from analysis.export.markdown import escape_markdown

    return escape_markdown(text)


def test_chart_texts_are_text() -> None:
    notebook = report_of(*(chart(title=f"题{text}题", alt=f"说明{text}明") for text in NASTY))
    pdf, _ = pdf_exporter().from_notebook_node(notebook)
    printed, alternatives = squeezed(pdf), _alts(pdf)
    for text in NASTY:
        assert re.sub(r"\s+", "", f"题{text}题") in printed
        assert f"说明{text}明" in alternatives


def _alts(pdf: bytes) -> list[str]:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(o.Alt) for o in document.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]


def test_same_bytes_twice(
    report: NotebookNode, report_pdf: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.setenv("LC_ALL", "C")
    assert pdf_exporter().from_notebook_node(report)[0] == report_pdf


def test_two_annexes_and_a_chart_between_make_no_empty_page() -> None:
    table = annex(3)
    notebook = report_of(prose("正文。", "<p>正文。</p>"), prose(*table), prose(*table), prose("尾。", "<p>尾。</p>"))
    with opened(pdf_exporter().from_notebook_node(notebook)[0]) as document:
        assert [page.width > page.height for page in document.pages] == [False, True, True, False]


def test_long_title_is_broken_evenly() -> None:
    title = "青石镇人民政府关于报送二〇二一年度高质量发展综合绩效考核目标任务完成情况的报告"
    notebook = report_of(prose("正文。", "<p>正文。</p>"), title=title)
    with opened(pdf_exporter().from_notebook_node(notebook)[0]) as document:
        lines = [line for line in lines_of(document.pages[0]) if round(line[0]["size"]) == 22]
    assert "".join(text_of(line) for line in lines) == title
    assert max(map(len, lines)) - min(map(len, lines)) <= 3


def test_ordinary_notebook(ordinary: NotebookNode) -> None:
    from .pdf_structure import faults

    pdf, resources = pdf_exporter().from_notebook_node(ordinary)
    assert resources["output_extension"] == ".pdf"
    assert "outputs" not in resources
    found, tags = faults(pdf)
    assert found == []
    assert tags["/Formula"] == 2
    assert tags["/Table"] == 1
    assert tags["/Figure"] == 1
    text = squeezed(pdf)
    assert "普通笔记" in text
    assert "红```<b>" in text
    assert "甲村" in text
    with opened(pdf) as document:
        assert "20000101" in document.metadata["CreationDate"]


def test_facts_alone_are_refused() -> None:
    from nbformat.v4 import new_code_cell, new_notebook

    from analysis.export import ExportError

    with pytest.raises(ExportError, match="没有正文"):
        pdf_exporter().from_notebook_node(new_notebook(cells=[new_code_cell("", outputs=[facts()])]))
