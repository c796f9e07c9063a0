"""The example's report told again after something was done to a return: exactly what depends on it is listed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import openpyxl
import pytest
from browser import chromium
from policy import policy_of, strict_policy
from telling.test_one_cell import type_over

from analysis.running.changes import Changes, as_json, compare, told
from analysis.running.changes.page import page
from analysis.telling.tell import Told

from .retold import retold

Left = tuple[Told, dict[str, Any]]
After = Callable[[Callable[[Path], object]], Left]


def ids(changes: Changes, *kinds: str) -> set[str]:
    return {figure.id for figure in changes.figures if figure.kind in kinds}


def text(pieces: Any) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.fixture(scope="module")
def one_cell(as_sent: Left, one_cell_typed: Left) -> Changes:
    return compare(retold(*as_sent), retold(*one_cell_typed), "上一次运行")


def test_one_cell_lists_the_figures_that_depend_on_it_and_no_other(one_cell: Changes) -> None:
    (cause,) = one_cell.causes
    assert cause.root.id == "S01.actual"
    assert (cause.root.before.text, cause.root.after.text) == ("86起", "87起")
    assert cause.root.after.sources == ("[社会治理办公室.xlsx]指标!F4",)
    assert cause.root.department == "社会治理办公室"
    assert ids(one_cell, "changed") == {
        "S01.actual",
        "S01.change",
        "S02.share",
        "S02.whole_total",
        "S02.difference",
        "S02.points",
    }
    assert ids(one_cell, "reprinted") == {"S02.target", "S02.base_share"}
    assert ids(one_cell, "new", "gone", "moved", "same") == set()
    formulas = {figure.id: figure.after.formula for figure in cause.dependents}
    assert formulas["S02.share"] == "90 ÷ (87 + 5) × 100%"


def test_one_cell_lists_the_sentences_that_tell_those_figures_and_no_other(one_cell: Changes) -> None:
    assert [(s.kind, s.place) for s in one_cell.sentences] == [
        ("changed", "正文"),
        ("changed", "图的文字说明"),
        ("changed", "表“高质量发展综合指标完成情况”"),
        ("changed", "表“高质量发展综合指标完成情况”"),
    ]
    prose = one_cell.sentences[0]
    assert text(prose.after).startswith("受理矛盾纠纷87起，上年为112起，同比下降22.3%")
    assert [piece.text for piece in prose.after if piece.differs][:2] == ["87起", "22.3%"]
    assert prose.spot.headings == ("一、高质量发展综合指标完成情况", "（九）社会治理")
    assert [s.row for s in one_cell.sentences[2:]] == ["S01 受理矛盾纠纷", "S02 化解矛盾纠纷"]
    assert one_cell.points == () and one_cell.renamed == () and one_cell.renumbered == 0
    assert [f.text for f in one_cell.files] == ["上报资料 2021/社会治理办公室.xlsx"]


def test_every_link_leads_to_a_figure_or_heading_of_the_report(one_cell: Changes, as_sent: Left, late: Changes) -> None:
    from .retold import notebook_of

    (cell,) = notebook_of(as_sent[0]).cells
    there = set(re.findall(r' id="([^"]+)"', "".join(o.data.get("text/html", "") for o in cell.outputs)))
    for changes in (one_cell, late):
        links = lxml.html.fromstring(page(changes, "report.html")).xpath("//a/@href")
        assert len(links) > 5
        assert {link.partition("#")[0] for link in links} == {"report.html"}
        assert {unquote(link.partition("#")[2]) for link in links} <= there
    assert one_cell.causes[0].root.spot.anchor.startswith("s")


def test_a_target_that_falls_short_is_a_problem_more(as_sent: Left, told_after: After) -> None:
    other = told_after(lambda returns: type_over(returns / "自然资源和生态环境办公室.xlsx", "指标", "F4", "3.5"))
    changes = compare(retold(*as_sent), retold(*other), "上一次运行")
    assert [p.what for p in changes.points if p.kind == "bad"] == ["自然资源和生态环境办公室", "新的问题"]
    assert "目标3.6万株，完成3.5万株" in changes.points[1].text
    cause = next(c for c in changes.causes if c.root.id == "N01.actual")
    counts = {"count.完成", "count.未完成", "count.chart.done", "count.chart.short"}
    assert {d.id for d in cause.dependents} == {"N01.rate", "N01.difference", "N01.change"} | counts
    (new,) = (s for s in changes.sentences if s.kind == "new")
    assert text(new.after).startswith("五是义务植树未达到年度目标")
    assert changes.renumbered > 0  # the problems after it


def test_a_late_return(late: Changes) -> None:
    assert [(p.kind, p.what) for p in late.points] == [("good", "草稿"), ("good", "水利站"), ("good", "缺数补齐")]
    assert late.points[1].text.startswith("补报了上报表：未上报 → 已上报")
    assert late.points[2].text.startswith("水利站9处：R01 镇村两级河长巡河、")
    new = [figure for figure in late.figures if figure.kind == "new" and figure.name]
    assert {figure.department for figure in new} == {"水利站"}
    assert {"R01.actual", "R01.rate", "I05.actual"} <= {figure.id for figure in new}
    assert {f.id for f in late.figures if f.kind == "gone"} >= {"count.gaps", "count.errors", "count.无法评价"}
    gaps = [s for s in late.sentences if "〔数据待水利站补报〕" in text(s.before)]
    assert gaps and all(s.kind == "changed" and "补报" not in text(s.after) for s in gaps)


def test_nothing_changed_is_said_in_one_sentence(as_sent: Left) -> None:
    changes = compare(retold(*as_sent), retold(*as_sent), "上一次运行")
    assert changes.nothing and as_json(changes)["changed"] is False
    assert told(changes) == [
        "《云川县青禾镇人民政府关于2021年度目标任务完成情况的报告》：与上一次运行相比，报告的数字和句子没有变化。"
    ]
    root = lxml.html.fromstring(page(changes, "report.html"))
    assert root.xpath("//main//p[@class='summary']")[0].text == "与上一次运行相比，报告的数字和句子没有变化。"
    assert not root.xpath("//main//section")
    assert root.xpath("//p[@class='example']")[0].text.startswith("本页是示例：乡镇、人名、电话和数字全部虚构")


def test_the_same_return_under_another_name_changes_no_figure(as_sent: Left, told_after: After) -> None:
    other = told_after(lambda returns: (returns / "水利站.xlsx").rename(returns / "水利站更正.xlsx"))
    changes = compare(retold(*as_sent), retold(*other), "上一次运行")
    assert changes.figures == [] and changes.sentences == ()
    assert [(r.department, r.before, r.after) for r in changes.renamed] == [
        ("水利站", "水利站.xlsx", "水利站更正.xlsx")
    ]
    assert [p.text for p in changes.points] == ["换了上报表：《水利站.xlsx》→《水利站更正.xlsx》。"]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}“\u202e倒写"


@pytest.fixture(scope="module")
def hostile(as_sent: Left, told_after: After) -> Changes:
    """A department whose words are markup now."""

    def written(returns: Path) -> None:
        path = returns / "水利站.xlsx"
        workbook = openpyxl.load_workbook(path)
        cell = workbook["文字材料"]["C4"]
        cell.value = f"{cell.value.replace('，', f'{HOSTILE}，', 1)}{HOSTILE}。"
        workbook.save(path)

    return compare(retold(*as_sent), retold(*told_after(written)), "上一次运行")


def test_words_that_changed_are_a_sentence_and_nothing_of_them_is_markup(hostile: Changes) -> None:
    quoted = [s for s in hostile.sentences if s.quoted]
    assert {s.kind for s in quoted} == {"changed", "new"} and {s.quoted for s in quoted} == {
        ("水利站.xlsx 文字材料 C4",)
    }
    assert hostile.figures == []
    content = page(hostile, "report.html")
    root = lxml.html.fromstring(content)
    assert not root.xpath("//script | //img | //@onerror | //@src | //@style")
    assert "<script>alert(1)</script>" in root.text_content() and "{{ 7*7 }}" in root.text_content()
    assert "\u202e" not in content and "\u202e" not in "".join(told(hostile))
    assert policy_of(root) == strict_policy(root)


@pytest.mark.slow
def test_in_a_browser_nothing_is_asked_for_and_nothing_hangs_over(
    late: Changes, one_cell: Changes, hostile: Changes, tmp_path: Path
) -> None:
    pages = {"late": late, "one": one_cell, "hostile": hostile}
    for name, changes in pages.items():
        (tmp_path / f"{name}.html").write_text(page(changes, "report.html"), encoding="utf-8")
    heard: list[str] = []
    with chromium() as browser:
        for width in (360, 1280):
            tab = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=True)
            tab.on("console", lambda message: heard.append(message.text))
            tab.on("pageerror", lambda error: heard.append(str(error)))
            tab.on("request", lambda request: heard.append(request.url))
            for name in pages:
                tab.goto((tmp_path / f"{name}.html").as_uri())
                assert tab.evaluate("document.documentElement.scrollWidth") == width, (name, width)
            lines = tab.evaluate(
                "[...document.querySelectorAll('del, ins')].map(e => getComputedStyle(e).textDecorationLine)"
            )
            assert set(lines) <= {"line-through", "underline"}  # told apart without any colour
            tab.close()
    assert heard == [(tmp_path / f"{name}.html").as_uri() for _ in range(2) for name in pages]
