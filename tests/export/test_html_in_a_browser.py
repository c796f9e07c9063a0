"""The example's report as a reader has it in a browser: contents, links, sources, tables, paper, phone, no script."""

import io
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from browser import chromium, violations
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect

from analysis.export import GongwenHTMLExporter
from analysis.scheme import Period, read_facts, read_scheme
from analysis.telling.show import FACTS_TYPE, bundles, facts_of
from analysis.telling.spans import Table, text_of
from analysis.telling.tell import Told

pytestmark = pytest.mark.slow
INDICATORS = "#annex-E01"
PROSE = "article > p .figure"
MOVED = re.compile(r"[+−]\d|(基本)?持平")


@pytest.fixture(scope="module")
def told(told_example: Callable[[str], Told]) -> Told:
    return told_example("2021")


@pytest.fixture(scope="module")
def address(told: Told, root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    facts = read_facts(root / "data" / "raw" / "qinghe", Period.parse("2021"), read_scheme(root / "scheme"))
    outputs = [new_output("display_data", {FACTS_TYPE: facts_of(told, facts)})]
    outputs += [new_output("display_data", data, metadata=mark) for data, mark in bundles(told.report, None)]
    page, _ = GongwenHTMLExporter().from_notebook_node(new_notebook(cells=[new_code_cell("", outputs=outputs)]))
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page, "utf-8")
    assert file.stat().st_size < 2_000_000
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the report; at the end the browser's own log holds no request, no refusal and no fault."""
    log: list[str] = []
    contexts: list[Any] = []

    def open_page(width: int = 1400, scheme: str = "light", script: bool = True, place: str = "") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: log.append(message.text))
        page.on("pageerror", lambda error: log.append(str(error)))
        page.on("request", lambda request: log.append(request.url) if not request.url.startswith("data:") else None)
        page.goto(address + place)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert {line.partition("#")[0] for line in log} == {address}


def codes(page: Any, table: str = INDICATORS) -> list[str]:
    return page.locator(f"{table} tbody tr:not([hidden]) th").all_inner_texts()


def column(page: Any, number: int) -> list[str]:
    script = """cells => cells.map(cell => [...cell.querySelectorAll('.source')]
        .reduce((text, source) => text.replace(source.textContent, ''), cell.textContent))"""
    return page.locator(f"{INDICATORS} tbody td:nth-child({number})").evaluate_all(script)


def sources_shown(page: Any) -> list[str]:
    return page.locator(".source:visible").all_inner_texts()


# ---- Contents and links


def test_contents_lead_and_follow(opened: Callable[..., Any]) -> None:
    page = opened()
    marked = page.locator(".standing [aria-current]")
    page.locator(".standing a", has_text="河湖长制").click()
    expect(marked).to_have_text("（四）河湖长制")
    page.locator("#annex").evaluate("heading => heading.scrollIntoView()")
    expect(marked).to_have_text(re.compile("^附件2"))
    assert marked.count() == 1
    assert marked.get_attribute("aria-current") == "location"
    frame, shown = page.locator(".standing").bounding_box(), marked.bounding_box()
    assert frame["y"] <= shown["y"] <= frame["y"] + frame["height"]


def test_on_a_phone_the_contents_fold_away_once_followed(opened: Callable[..., Any]) -> None:
    page = opened(360)
    page.locator("summary").click()
    page.locator(".folding a", has_text="存在的问题").click()
    assert page.locator(".folding").get_attribute("open") is None
    assert 0 <= page.locator("h2", has_text="存在的问题").bounding_box()["y"] < 900


def test_every_heading_and_indicator_has_a_link(opened: Callable[..., Any], told: Told) -> None:
    page = opened(place="#B02")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    headings = page.locator("article h2, article h3, article h4")
    assert headings.count() > 20
    assert page.locator("article :is(h2, h3, h4)[id] > a.anchor").count() == headings.count()
    assert not [i for i in ids if re.fullmatch(r"c\d+-\d+", i)]  # by words, not by place
    tables = [block for chapter in told.report.chapters for block in chapter.blocks if isinstance(block, Table)]
    named = [text_of(row[0]) for table in tables if table.heads[0] == "编码" for row in table.rows]
    assert len(named) > 100
    assert set(named) <= set(ids)
    assert 0 <= page.locator("#B02").bounding_box()["y"] < 900
    page.locator("#B02 a.anchor").click()
    expect(page.locator(".told")).to_have_text(re.compile("^链接已复制$|^链接在地址栏中，可以复制$"))


# ---- Sources


def test_sources_by_mouse(opened: Callable[..., Any]) -> None:
    page = opened()
    first, second = page.locator(PROSE).nth(10), page.locator(PROSE).nth(40)
    assert sources_shown(page) == []
    first.hover()
    (text,) = sources_shown(page)
    assert "来源：" in text
    assert ".xlsx" in text
    page.locator(".source:visible").hover()
    assert sources_shown(page) == [text]
    page.keyboard.press("Escape")
    assert sources_shown(page) == []
    second.click()
    assert len(sources_shown(page)) == 1
    assert sources_shown(page) != [text]
    page.locator("h1").click()
    assert sources_shown(page) == []


def test_a_link_to_a_source_opens_it(opened: Callable[..., Any]) -> None:
    page = opened()
    name = page.locator("p .figure > .source").nth(40).get_attribute("id")
    page.evaluate("name => { location.hash = name }", name)
    page.wait_for_function("name => document.getElementById(name).getClientRects().length > 0", arg=name)
    assert len(sources_shown(page)) == 1
    page.keyboard.press("Escape")
    assert sources_shown(page) == []


def test_sources_by_keyboard(opened: Callable[..., Any]) -> None:
    page = opened()
    paragraph = page.locator("article > p", has=page.locator(".figure")).nth(1)
    figures = paragraph.locator(".figure")
    assert paragraph.locator(".figure[tabindex='0']").count() == 1
    figures.first.focus()
    seen = sources_shown(page)
    assert len(seen) == 1
    for _ in range(figures.count() - 1):
        page.keyboard.press("ArrowRight")
        seen += sources_shown(page)
    assert len(seen) == figures.count()
    assert figures.last.evaluate("figure => figure === document.activeElement")
    page.keyboard.press("Escape")
    assert sources_shown(page) == []
    page.keyboard.press("Home")
    assert len(sources_shown(page)) == 1
    page.keyboard.press("Tab")
    assert not paragraph.evaluate("paragraph => paragraph.contains(document.activeElement)")

    page.locator("#E05 td:nth-child(5) .figure").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#E06 td:nth-child(5) .figure").evaluate("figure => figure === document.activeElement")
    assert len(sources_shown(page)) == 1


def test_every_figure_can_be_reached_in_few_stops(opened: Callable[..., Any]) -> None:
    page = opened()
    assert page.locator(".figure").count() > 900
    assert page.locator(".figure:not(:is(p, table, figcaption) *)").count() == 0
    groups = page.locator("article :is(p, table, figcaption)", has=page.locator(".figure, th a")).count()
    assert page.locator(":is(.figure, th a)[tabindex='0']").count() == groups < 100


def test_no_source_leaves_the_page(opened: Callable[..., Any]) -> None:
    for width, step in ((360, 1), (1400, 10)):
        page = opened(width)
        outside = page.evaluate(
            """step => [...document.querySelectorAll('.figure')].filter((_, i) => i % step === 0).filter((figure) => {
              figure.focus();
              const box = figure.querySelector('.source').getBoundingClientRect();
              return !box.width || box.left < 0 || box.right > document.documentElement.clientWidth
                || box.top < 0 || box.bottom > innerHeight;
            }).length""",
            step,
        )
        assert outside == 0
        assert page.evaluate("document.documentElement.scrollWidth") == width


# ---- Tables


def test_sorts_as_numbers_where_they_are_numbers(opened: Callable[..., Any]) -> None:
    page = opened()
    own = codes(page)
    head = page.locator(f"{INDICATORS} thead th", has_text="完成率")
    button = head.get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    rates = column(page, 6)
    told = [float(rate.rstrip("%")) for rate in rates if "%" in rate]
    assert told == sorted(told)
    assert max(told) > 100
    assert set(rates[len(told) :]) == {"—"}
    button.click()
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, 6)[: len(told)] == sorted(rates[: len(told)], key=lambda rate: -float(rate.rstrip("%")))
    assert set(column(page, 6)[len(told) :]) == {"—"}
    button.click()
    assert head.get_attribute("aria-sort") is None
    assert codes(page) == own

    page.get_by_role("button", name="同比").first.click()
    changes = column(page, 8)
    moved = [
        0 if "持平" in text else float(text.rstrip("%点").replace("−", "-")) for text in changes if MOVED.match(text)
    ]
    assert moved == sorted(moved)
    assert moved[0] < 0 < moved[-1]
    assert not [text for text in changes[len(moved) :] if MOVED.match(text)]
    assert {"无同期数", "—", "上年为零", "不可比", "见正文"} >= set(changes[-3:])
    page.get_by_role("button", name="编码").first.click()
    assert codes(page) == sorted(own)
    assert page.locator(f"{INDICATORS} [aria-sort]").count() == 1


def test_filters_and_says_how_many_are_left(opened: Callable[..., Any]) -> None:
    page = opened()
    form = page.get_by_role("search")
    count, state, department = form.get_by_role("status"), form.locator("select").nth(0), form.locator("select").nth(1)
    every = page.locator(".sortable tbody tr").count()
    assert count.inner_text() == f"共{every}行"
    state.select_option("未完成")
    left = page.locator(".sortable tbody tr:not([hidden])")
    assert 0 < left.count() < every
    assert count.inner_text() == f"共{every}行，显示{left.count()}行"
    assert set(page.locator(".sortable tbody tr:not([hidden]) .state").all_inner_texts()) == {"未完成"}
    department.select_option("村镇建设办公室")
    assert set(codes(page)) == {"B02", "B04", "I02", "I04"}
    form.get_by_role("button").click()
    assert count.inner_text() == f"共{every}行"
    form.get_by_role("searchbox").fill("农村改厕 村镇")
    assert codes(page) == ["B02"]
    assert page.locator("#annex-D01").is_hidden()
    assert page.locator(f"{INDICATORS} :is(.figure, a)[tabindex='0']").count() == 1
    page.evaluate("location.hash = '#E01'")
    expect(page.locator("#E01")).to_be_visible()
    assert form.get_by_role("searchbox").input_value() == ""


# ---- Paper, phone, no script


def test_paper_has_every_row_in_its_order_and_nothing_of_the_screen(opened: Callable[..., Any], told: Told) -> None:
    page = opened(scheme="dark")
    own = codes(page)
    page.locator(PROSE).first.focus()
    page.get_by_role("searchbox").fill("改厕")
    page.get_by_role("button", name="完成率").first.click()
    printed = page.pdf(prefer_css_page_size=True)
    assert codes(page) == ["B02"]  # and the screen is as it was
    with pdfplumber.open(io.BytesIO(printed)) as paper:
        first, *_, last = paper.pages
        assert (round(first.width / 72 * 25.4), round(first.height / 72 * 25.4)) == (210, 297)
        assert "来源：" not in first.extract_text()
        assert "目录" not in first.extract_text()
        assert {char["non_stroking_color"] for char in first.chars if char["text"] in "年度目标任务"} == {
            (0.0, 0.0, 0.0)
        }
        wide = [sheet for sheet in paper.pages if sheet.width > sheet.height]
        texts = [sheet.extract_text() for sheet in wide]
    assert last.width > last.height
    lines = [line for text in texts for line in text.splitlines()]
    found = [match[0] for line in lines if (match := re.match(r"[A-Z]\d\d(?= )", line)) and match[0] in own]
    assert found == own
    assert not [line for line in lines if "查找" in line or "⇅" in line]
    for before, after in pairwise(texts):
        if re.match(r"[A-Z]\d\d ", before.splitlines()[-1]):
            assert after.splitlines()[0].startswith("编码"), after.splitlines()[0]


@pytest.mark.parametrize("width", [360, 700])  # 700: 1400 at 200 %
def test_nothing_hangs_over(opened: Callable[..., Any], width: int) -> None:
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".folding").is_visible()
    assert page.locator(".standing").is_hidden()
    assert min(page.locator(".chart img").evaluate_all("charts => charts.map(chart => chart.clientWidth)")) >= 550


def test_reads_without_script(opened: Callable[..., Any], told: Told) -> None:
    page = opened(script=False)
    assert page.locator("form, button").count() == 0
    assert page.locator(".sortable tbody tr").count() > 150
    figure = page.locator(PROSE).nth(20)
    assert sources_shown(page) == []
    figure.focus()
    assert len(sources_shown(page)) == 1
    cell = page.locator("#E01 .figure").first
    cell.click()
    assert len(sources_shown(page)) == 1
    box = page.locator(".source:visible").bounding_box()
    assert box["x"] >= 0
    assert page.locator("table .figure[tabindex='0']").count() == 0


def test_no_script_but_its_own_runs(browser: Any, address: str) -> None:
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(address)
    page.evaluate(
        """const script = document.createElement("script"); script.textContent = "window.ran = true";
           const style = document.createElement("style"); style.textContent = "p { color: red }";
           document.body.append(script, style);"""
    )
    assert page.evaluate("window.ran") is None
    assert len(refused) == 2
    assert all("Content Security Policy" in text for text in refused)
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (360, "dark")])
def test_axe_finds_nothing(opened: Callable[..., Any], width: int, scheme: str) -> None:
    page = opened(width, scheme)
    page.get_by_role("button", name="完成率").first.click()
    page.locator(PROSE).nth(20).focus()
    assert len(sources_shown(page)) == 1
    # rows are alike: the first of each table stand for all
    page.evaluate("document.querySelectorAll('.sortable tr:nth-child(n + 9)').forEach(row => row.remove())")
    assert violations(page) == []


def test_ordinary_notebook_has_no_script(browser: Any, ordinary: NotebookNode, tmp_path: Path) -> None:
    file = tmp_path / "ordinary.html"
    styled = new_output("display_data", {"text/html": '<p style="color: #060">绿</p>'})
    notebook = new_notebook(
        cells=[*ordinary.cells, new_code_cell("", outputs=[styled])], metadata={**ordinary.metadata}
    )
    file.write_text(GongwenHTMLExporter().from_notebook_node(notebook)[0], "utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    assert page.locator("script").count() == 0
    assert page.locator("p", has_text="绿").evaluate("p => getComputedStyle(p).color") == "rgb(0, 102, 0)"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert told == []
    page.close()
