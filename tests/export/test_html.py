from __future__ import annotations

import datetime
import re
from pathlib import Path

import lxml.html
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from policy import policy_of, strict_policy

from analysis.export import ExportError, GongwenHTMLExporter
from analysis.export.facts import DocumentFacts

from .conftest import NASTY, TITLE, chart, facts, paragraph, prose, report_of


def export(notebook: NotebookNode) -> str:
    return GongwenHTMLExporter().from_notebook_node(notebook)[0]


def parsed(page: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page)


def test_is_one_file_without_requests(report_html: str) -> None:
    root = parsed(report_html)
    assert not root.xpath("//link[@rel != 'icon'] | //iframe | //object | //script[@src] | //@style")
    assert not [value for value in root.xpath("//@src | //@srcset") if not value.startswith("data:")]
    assert not [value for value in root.xpath("//@href") if not value.startswith("#") and value != "data:,"]
    assert "url(" not in "".join(root.xpath("//style/text()"))
    assert "@import" not in "".join(root.xpath("//style/text()"))
    assert policy_of(root) == strict_policy(root)
    assert len(report_html.encode()) < 2_000_000


def test_says_what_it_is(report_html: str) -> None:
    root = parsed(report_html)
    assert root.get("lang") == "zh-CN"
    assert root.xpath("string(//title)") == TITLE
    assert root.xpath("//h1/text()") == [TITLE]


def test_contents_list_leads_to_the_headings(report_html: str) -> None:
    root = parsed(report_html)
    (standing,) = root.xpath("//nav//div[@class='standing']")
    assert standing.xpath("./ol/li/a/text()") == ["一、综合指标完成情况", "二、党建指标完成情况", "附件"]
    assert standing.xpath("./ol/li[1]/ol/li/a/text()") == ["（一）社会经济发展"]
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)) or {i for i in ids if ids.count(i) > 1} <= {"s1", "s3"}  # the fixture's own
    for target in standing.xpath(".//a/@href"):
        assert len(root.xpath("//*[@id=$i]", i=target[1:])) == 1
    assert root.xpath("count(//nav//details)") == 1


def test_document_number_stands_above_the_title(report_html: str) -> None:
    header = parsed(report_html).xpath("//article/header")[0]
    assert [child.tag for child in header] == ["p", "h1"]
    assert report_html.count("青石镇发〔2022〕3号") == 1


def test_chart_is_a_picture_with_both_texts(report_html: str) -> None:
    (figure,) = parsed(report_html).xpath("//figure")
    assert figure.xpath("string(.//img/@alt)") == "条形图：粮食产量 103.2%，旅游收入 88.1%"
    assert figure.xpath("string(.//img/@src)").startswith("data:image/svg+xml;base64,")
    assert figure.xpath("string(figcaption)") == "两项指标中一项超额完成"


def test_table_scrolls_in_its_own_frame(report_html: str) -> None:
    (table,) = parsed(report_html).xpath("//table")
    frame = table.getparent()
    assert frame.attrib == {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "全部指标完成情况"}
    assert len(table.xpath("./tbody/tr")) == 60


def test_leaves_out_what_is_for_analysts(report_html: str) -> None:
    for hidden in ("给分析员", "secret", "杂音", "中间", "facts()"):
        assert hidden not in report_html


def test_prose_is_taken_as_it_is() -> None:
    for text in NASTY:
        inside = paragraph("前", ("figure", text), f"{text}后")
        root = parsed(export(report_of(prose(*inside), chart(title=text, alt=text), title=f"标题{text}题")))
        assert root.xpath("string(//article/p)") == f"前{text}表1 C5{text}后"
        assert root.xpath("string(//h1)") == f"标题{text}题"
        assert root.xpath("string(//figcaption)") == text
        assert root.xpath("string(//figure//img/@alt)") == text


def test_heading_without_anchor_gets_one() -> None:
    page = export(report_of(prose("# 一", "<h2>一</h2><h3>（一）</h3>")))
    (standing,) = parsed(page).xpath("//nav//div[@class='standing']")
    assert standing.xpath(".//a/@href") == ["#section-1", "#section-2"]


def test_a_heading_is_listed_without_what_pops_up_in_it() -> None:
    heading = '<h2>一、<em>经济</em><span class="source">财政所.xlsx F5</span>指标</h2>'
    (standing,) = parsed(export(report_of(prose("# 一", heading)))).xpath("//nav//div[@class='standing']")
    assert "".join(standing.text_content().split()) == "目录一、经济指标"


def test_a_table_that_scrolls_already_gets_no_second_frame() -> None:
    table = "<table><tr><td>1</td></tr></table>"
    root = parsed(export(report_of(prose("文", f'<div class="scroll">{table}</div>'))))
    assert len(root.xpath("//table/ancestor::*[@class='scroll']")) == 1


def test_a_picture_beside_the_notebook_comes_into_the_page(tmp_path: Path) -> None:
    for name in ("a.png", "进度 图.png"):
        (tmp_path / name).write_bytes(b"picture")
    notebook = new_notebook(cells=[new_markdown_cell("![甲](a.png) ![乙](b.png) ![丙](<进度 图.png>)")])
    page = GongwenHTMLExporter().from_notebook_node(notebook, {"metadata": {"path": str(tmp_path)}})[0]
    assert parsed(page).xpath("//img/@src") == ["data:image/png;base64,cGljdHVyZQ=="] * 2
    assert "图片未嵌入：乙" in page


def test_same_text_twice(report: NotebookNode, report_html: str) -> None:
    assert export(report) == report_html


def test_ordinary_notebook(ordinary: NotebookNode) -> None:
    root = parsed(export(ordinary))
    assert root.xpath("string(//h1)") == "普通笔记"
    assert root.xpath("count(//*[local-name()='math'])") == 2
    assert not root.xpath("//script | //style[contains(., 'dataframe{}')]")
    assert root.xpath("string(//table//td[1])") == "甲村"
    assert [s[:22] for s in root.xpath("//img/@src")] == ["data:image/svg+xml;bas"]
    assert "x = 1" in root.xpath("//pre[@class='code']//text()")
    assert "红 ``` <b>" in root.xpath("string(//pre[@class='output'])")
    assert "图片未嵌入：远处" in root.text_content()


def test_options_of_nbconvert_hold(ordinary: NotebookNode) -> None:
    exporter = GongwenHTMLExporter(exclude_input=True)
    assert not parsed(exporter.from_notebook_node(ordinary)[0]).xpath("//pre[@class='code']")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (new_output("display_data", {"text/html": "x"}, metadata={"gongwen": {"role": "prose"}}), "缺少 text/markdown"),
        (new_output("error", ename="E", evalue="v", traceback=[]), "运行出错：E v"),
        (new_output("display_data", {"text/html": "x"}, metadata={"gongwen": {"role": "x"}}), "不认识的输出类别"),
        (chart(alt=" "), "没有文字说明"),
        (facts(title="另一个"), "互相矛盾"),
        (facts(date="昨天"), "互相矛盾"),
    ],
)
def test_faults_of_a_report_are_told(output: NotebookNode, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        export(report_of(prose("正", "<p>正</p>"), output))


def test_bad_date_is_told() -> None:
    notebook = new_notebook(cells=[new_code_cell("", outputs=[facts(date="昨天")])])
    with pytest.raises(ExportError, match="日期"):
        export(notebook)


@pytest.mark.parametrize(("data", "message"), [("x", "不是键值对"), ({"title": " ", "date": "2022-01-12"}, "没有标题")])
def test_facts_that_are_none_are_told(data: object, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        DocumentFacts.from_display(data)


def test_the_date_of_an_ordinary_notebook_is_never_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1641945600")
    assert DocumentFacts.of_ordinary_notebook({}, "甲").date == datetime.date(2022, 1, 12)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "昨天")
    with pytest.raises(ExportError, match="不是有效的秒数"):
        DocumentFacts.of_ordinary_notebook({}, "甲")


def test_entry_points_name_the_exporters() -> None:
    from nbconvert.exporters import get_exporter

    assert get_exporter("gongwen-html") is GongwenHTMLExporter
    assert re.fullmatch(r"GongwenPDFExporter", get_exporter("gongwen-pdf").__name__)
    assert get_exporter("gongwen-docx").__name__ == "GongwenDOCXExporter"
