"""A small but complete report notebook, an ordinary one, and what the three exporters make of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.export import GongwenDOCXExporter, GongwenHTMLExporter, GongwenPDFExporter, chart_font_file
from analysis.export.markdown import escape_markdown
from analysis.scheme import Period, read_facts, read_scheme
from analysis.telling.show import FACTS_TYPE, bundles, facts_of
from analysis.telling.tell import Told

TITLE = "青石镇2021年度目标任务完成情况报告"
LONG = "全镇围绕年初确定的目标任务，压实责任、倒排工期，各项工作总体平稳（详见附件）。" * 4
NASTY = [
    '#import "x"', "$x$", "<script>alert(1)</script>", "{{ 7*7 }}", "\\input{x}", "*a* _b_ **c**", "@ref", "//comment",
    "/* c */", "[x](y)", ":::", "--", "---", "...", "-5", "~", "`c`", "'q'", '"q"', "a\\", "#let x = 1", "<!-- c -->",
    "= x", "+ x", "/ x: y", "1. x", "| a | b |", "![i](file)", "^a^", "&amp;", "$$", "]", "[", "#[x]", "x<y>",
]  # fmt: skip
COLUMNS = {"序号": 6, "指标": 32, "单位": 6, "目标": 10, "完成": 10, "完成率": 10, "来源": 26}


def facts(title: str = TITLE, date: str = "2022-01-12") -> NotebookNode:
    data = {"title": title, "lang": "zh-CN", "date": date, "author": "青石镇人民政府", "draft": False}
    return new_output("display_data", {"application/vnd.gongwen+json": data})


def prose(markdown: str, html: str) -> NotebookNode:
    return new_output(
        "display_data", {"text/html": html, "text/markdown": markdown}, metadata={"gongwen": {"role": "prose"}}
    )


def paragraph(*parts: str | tuple[str, str]) -> tuple[str, str]:
    """Write a paragraph in both forms, as the telling stage does; a part with a class is a span."""
    markdown, html = "", ""
    for number, part in enumerate(parts):
        if isinstance(part, str):
            markdown, html = markdown + escape_markdown(part), html + escape(part)
            continue
        kind, text = part
        markdown += f"[{escape_markdown(text)}]{{.{kind}}}"
        source = f'<span class="source" role="tooltip" id="s{number}">表1 C5</span>' if kind == "figure" else ""
        html += f'<span class="{kind}" tabindex="0">{escape(text)}{source}</span>'
    return markdown, f"<p>{html}</p>"


def report_of(*outputs: NotebookNode, title: str = TITLE) -> NotebookNode:
    return new_notebook(cells=[new_code_cell("facts()", outputs=[facts(title)]), *(
        new_code_cell("show()", outputs=[output]) for output in outputs)])  # fmt: skip


@lru_cache
def pictures() -> tuple[str, str]:
    from matplotlib import font_manager, rc_context
    from matplotlib.figure import Figure

    font_manager.fontManager.addfont(str(chart_font_file()))
    with rc_context({"font.family": "Noto Sans SC", "svg.hashsalt": "test"}):
        figure = Figure(figsize=(6, 3))
        axes = figure.subplots()
        axes.barh(["粮食产量", "旅游收入"], [103.2, 88.1])
        svg, png = io.StringIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        figure.savefig(png, format="png", dpi=100)
    return svg.getvalue(), base64.b64encode(png.getvalue()).decode()


def chart(title: str = "两项指标中一项超额完成", alt: str = "条形图：粮食产量 103.2%，旅游收入 88.1%") -> NotebookNode:
    svg, png = pictures()
    return new_output(
        "display_data",
        {"image/svg+xml": svg, "image/png": png, "text/plain": "<Figure size>"},
        metadata={"gongwen": {"role": "chart", "alt": alt, "title": title}},
    )


def annex(rows: int = 60) -> tuple[str, str]:
    values = [
        [str(row), f"农村居民人均可支配收入（第{row}项）", "元", "18,000", "18,642", "103.57%", f"农办/表1/C{row}"]
        for row in range(1, rows + 1)
    ]
    lines = [
        "|".join(["", *COLUMNS, ""]),
        "|".join(["", *("-" * width for width in COLUMNS.values()), ""]),
        *("|".join(["", *(escape_markdown(value) for value in row), ""]) for row in values),
    ]
    markdown = "\n\n".join(
        ["::: {.annex}", "# 附件 {#annex}", "## 1.指标完成情况表 {#t1}", "\n".join(lines), ": 全部指标完成情况", ":::"]
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    body = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in values)
    html = (
        '<section class="annex"><h2 id="annex">附件</h2><h3 id="t1">1.指标完成情况表</h3>'
        f"<table><caption>全部指标完成情况</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></section>"
    )
    return markdown, html


@pytest.fixture(scope="session")
def report() -> NotebookNode:
    blocks = [
        ("::: {.docnumber}\n青石镇发〔2022〕3号\n:::", '<p class="docnumber">青石镇发〔2022〕3号</p>'),
        ("::: {.draft-note}\n本稿尚有数据缺口。\n:::", '<p class="draft-note">本稿尚有数据缺口。</p>'),
        ("::: {.addressee}\n县人民政府：\n:::", '<p class="addressee">县人民政府：</p>'),
    ]
    for chapter, name in enumerate(("一、综合指标完成情况", "二、党建指标完成情况"), start=1):
        blocks.append((f"# {name} {{#c{chapter}}}", f'<h2 id="c{chapter}">{name}</h2>'))
        blocks.append((f"## （一）社会经济发展 {{#c{chapter}-1}}", f'<h3 id="c{chapter}-1">（一）社会经济发展</h3>'))
        blocks.append((f"### 1.农业生产 {{#c{chapter}-1-1}}", f'<h4 id="c{chapter}-1-1">1.农业生产</h4>'))
        for number in range(8):
            start = "全年" + "粮食" * number
            parts = (start, ("figure", "12,345.67吨"), "，完成目标任务的", ("figure", "103.20%"), "。" + LONG)
            blocks.append(paragraph(*parts))
    blocks.append(paragraph("旅游收入", ("gap", "旅游办未报"), "，", ("quotation", "“应报尽报”")))
    first = prose("\n\n".join(block[0] for block in blocks), "\n".join(block[1] for block in blocks))
    signature = '<div class="signature"><p>青石镇人民政府</p><p>2022年1月12日</p></div>'
    end = (
        "特此报告。\n\n::: {.signature}\n青石镇人民政府\n\n2022年1月12日\n:::\n\n",
        f"<p>特此报告。</p>{signature}",
    )
    table = annex()
    notebook = report_of(first, chart(), prose(end[0] + table[0], end[1] + table[1]))
    notebook.cells.insert(0, new_markdown_cell("# 给分析员的说明"))
    stream = new_output("stream", name="stdout", text="运行中的杂音")
    frame = new_output("execute_result", {"text/html": "<table><tr><td>中间表</td></tr></table>", "text/plain": "中间"})
    notebook.cells.append(new_code_cell("secret = 1", outputs=[stream, frame]))
    return notebook


@pytest.fixture(scope="session")
def ordinary() -> NotebookNode:
    import pandas as pd

    frame = pd.DataFrame({"村": ["甲村", "乙村"], "a_b": [1.5, 2.0]})
    svg, png = pictures()
    html = f"<div><style scoped>.dataframe{{}}</style>{frame.to_html()}</div>"
    cells = [
        new_markdown_cell("## 分析\n\n质能 $E=mc^2$。\n\n$$\\sum_{i=1}^n x_i$$\n\n#### 更深\n- 一\n- 二"),
        new_markdown_cell("![远处](https://example.com/x.png)"),
        new_code_cell("x = 1", outputs=[new_output("stream", name="stdout", text="\x1b[31m红\x1b[0m ``` <b>")]),
        new_code_cell("df", outputs=[new_output("execute_result", {"text/html": html, "text/plain": "甲"})]),
        new_code_cell("f", outputs=[new_output("display_data", {"image/svg+xml": svg, "image/png": png})]),
        new_code_cell("g", metadata={"tags": ["remove_cell"]}),
    ]
    return new_notebook(cells=cells, metadata={"title": "普通笔记"})


def pdf_exporter() -> GongwenPDFExporter:
    """Set with the wheel's faces only, so that a test does not depend on the machine's fonts."""
    return GongwenPDFExporter(system_fonts=False)


@pytest.fixture(scope="session")
def report_html(report: NotebookNode) -> str:
    return GongwenHTMLExporter().from_notebook_node(report)[0]


@pytest.fixture(scope="session")
def report_pdf(report: NotebookNode) -> bytes:
    return pdf_exporter().from_notebook_node(report)[0]


@pytest.fixture(scope="session")
def report_docx(report: NotebookNode) -> bytes:
    return GongwenDOCXExporter().from_notebook_node(report)[0]


@pytest.fixture(scope="session")
def example_notebook(root: Path, told_example: Callable[[str], Told]) -> NotebookNode:
    """The report notebook of the example township as executed, without the time that a kernel takes."""
    facts_of_period = read_facts(root / "data" / "raw" / "qinghe", Period.parse("2021"), read_scheme(root / "scheme"))
    told = told_example("2021")
    outputs = [new_output("display_data", {FACTS_TYPE: facts_of(told, facts_of_period)})]
    outputs += [new_output("display_data", data, metadata=metadata) for data, metadata in bundles(told.report, None)]
    return new_notebook(cells=[new_code_cell("show()", outputs=outputs)])


@pytest.fixture(scope="session")
def example_pdf(example_notebook: NotebookNode) -> bytes:
    return pdf_exporter().from_notebook_node(example_notebook)[0]


@pytest.fixture(scope="session")
def example_docx(example_notebook: NotebookNode) -> bytes:
    return GongwenDOCXExporter().from_notebook_node(example_notebook)[0]
