"""From spans to HTML and Markdown: text stays text."""

import html

import lxml.html
import pandas as pd
import pypandoc
import pytest

from analysis.telling.render import chapter_html, chapter_markdown, escaped, source_lines
from analysis.telling.spans import Chapter, Chart, Figure, Gap, Heading, Name, Paragraph, Quotation, Table, Text

NASTY = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "$x$ 和 $$y$$",
    "#import \"x\"",
    "\\input{x}",
    "*a* _b_ `c` ~d~ ^e^",
    "[x](y) ![i](f) [@ref] [^1]",
    "| a | b |",
    "::: {.annex}",
    "&amp; &lt;",
    "=cmd|' /C calc'!A1",
    "1. 列表",
    "- 列表",
    "# 标题",
    "> 引用",
    "---",
    "'单' \"双\" -- ---  ...",
    "http://example.invalid/a_b_c",
    "a\\",
    "4. 项  目\t\n换行",
]  # fmt: skip
SOURCE = "[甲 [1].xlsx]文字材料!C4"


@pytest.mark.parametrize("text", NASTY)
def test_a_departments_words_come_out_of_html_as_typed(text: str) -> None:
    chapter = Chapter("c", (Paragraph((Quotation(text, SOURCE, "水利站"),)),))
    tree = lxml.html.fromstring(f"<div>{chapter_html(chapter)}</div>")
    assert tree.text_content() == text
    assert {element.tag for element in tree.iter()} == {"div", "p", "span"}


@pytest.mark.parametrize("text", NASTY)
def test_a_departments_words_come_out_of_markdown_as_typed(text: str) -> None:
    for block in (
        Paragraph((Quotation(text, SOURCE, "水利站"),)),
        Heading(2, (Name(text),), "h"),
        Table("表", ("列",), (10,), (((Name(text),),),)),
    ):
        plain = pypandoc.convert_text(chapter_markdown(Chapter("c", (block,))), "json", "markdown-smart")
        shown = _text(__import__("json").loads(plain))
        assert " ".join(text.split()) in " ".join(shown.split())


def _text(node: object) -> str:
    if isinstance(node, list):
        return "".join(_text(part) for part in node)
    if isinstance(node, dict):
        if node.get("t") == "Str":
            return str(node["c"])
        if node.get("t") in ("Space", "SoftBreak"):
            return " "
        assert node.get("t") not in ("RawInline", "RawBlock", "Math", "Code", "Link", "Image", "Cite", "Emph", "Strong")
        return "".join(_text(part) for part in node.values())
    return ""


def test_a_figure_shows_its_formula_and_cells() -> None:
    figure = Figure(
        "95.2", "%", "B02", "rate", None, ("[村建办.xlsx]指标!F5", "[targets/2021.csv]!C9"), "400 ÷ 420 × 100%"
    )
    assert source_lines(figure) == ["计算：400 ÷ 420 × 100%", "来源：村建办.xlsx 指标 F5", "来源：targets/2021.csv C9"]
    page = chapter_html(Chapter("00-开头.md-0", (Paragraph((Text("完成率"), figure)),)))
    tree = lxml.html.fromstring(f"<div>{page}</div>")
    (shown,) = tree.find_class("figure")
    assert shown.get("tabindex") == "0"
    assert tree.get_element_by_id(shown.get("aria-describedby")).get("role") == "tooltip"
    assert html.escape("400 ÷ 420 × 100%") in page


def test_a_chart_is_a_display_of_its_own_and_no_text() -> None:
    chart = Chart("years", (Text("图1"),), "折线图", pd.DataFrame())
    with_chart, without = (Chapter("c", (Paragraph((Text("甲"),)), *more)) for more in ((chart,), ()))
    assert chapter_html(with_chart) == chapter_html(without)
    assert chapter_markdown(with_chart) == chapter_markdown(without)


def test_ids_of_sources_differ_between_chapters() -> None:
    figure = Figure("1", "项", "", "count", None, ())
    pages = [
        chapter_html(Chapter(name, (Paragraph((figure,)),))) for name in ("10-甲.md-0", "10-甲.md-1", "20-乙.md-0")
    ]
    ids = [lxml.html.fromstring(f"<div>{page}</div>").find_class("source")[0].get("id") for page in pages]
    assert len(set(ids)) == 3


def test_a_gap_is_marked_by_more_than_its_words() -> None:
    chapter = Chapter("c", (Paragraph((Gap("〔数据待水利站补报〕", "R01", "水利站"),)),))
    assert '<strong class="gap">' in chapter_html(chapter)
    assert "{.gap}" in chapter_markdown(chapter)


def test_a_space_between_a_name_and_a_figure_stays() -> None:
    spans = (Text("S02"), Text(" "), Figure("5", "起", "S02", "carried", None, (SOURCE,)))
    assert "S02 [5起]{.figure}" in chapter_markdown(Chapter("c", (Paragraph(spans),)))


def test_escaping_leaves_chinese_alone() -> None:
    assert escaped("完成率95.0%，“四乱”") == "完成率95\\.0\\%，“四乱”"
