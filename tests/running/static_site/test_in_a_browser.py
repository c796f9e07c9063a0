"""The site as a reader has it: from a disk and from a server, on a phone, in the dark, on paper, without a script."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, violations
from playwright.sync_api import expect

from analysis.running.site import Asked, publish_site

from .made import Make

pytestmark = pytest.mark.slow
ODD = "河口 镇#1?100%&'“<b>”"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def site(make: Make, tmp_path: Path) -> Path:
    receipt = '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>回执</title><h1>回执</h1>'.encode()
    make(receipts={"财政所.html": receipt, "财政所.xlsx": b"x"}, example=True)
    make(period="2021-09", draft=True)
    make(period="2020", final=1)
    make(ODD, name="河口<i>镇</i>&amp;", indicators={"B02": "农村改厕", "危 %41": "&lt;/script>&lt;b>危房%"})
    out = tmp_path / "站 点#1"
    publish_site(Asked(tmp_path / "reports", out, receipts=True, drafts=True))
    return out


@pytest.fixture
def addresses(site: Path) -> Iterator[list[str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield [site.as_uri(), f"http://127.0.0.1:{server.server_port}"]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(browser: Any, addresses: list[str]) -> Iterator[Callable[..., Any]]:
    """Open the index; at the end nothing outside the site was asked for, and the browser had nothing to complain of."""
    log: list[str] = []
    contexts: list[Any] = []

    def heard(message: Any) -> None:
        if not message.location["url"].endswith("/favicon.ico"):  # a browser's own, for a page that names no icon
            log.append(message.text)

    def open_page(address: str = "", width: int = 1200, scheme: str = "light", script: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: log.append(str(error)))
        page.on("request", lambda request: log.append(request.url) if not request.url.startswith("data:") else None)
        page.goto(f"{address or addresses[0]}/index.html")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in log if not line.startswith(tuple(addresses))] == []


def shown(page: Any) -> list[str]:
    return page.locator(".reports tbody tr:not([hidden]) .title > a").all_inner_texts()


def test_from_a_disk_and_from_a_server_every_link_opens(opened: Callable[..., Any], addresses: list[str]) -> None:
    for address in addresses:
        page = opened(address)
        hrefs = page.locator("a").evaluate_all("links => links.map(link => link.href)")
        assert len(hrefs) > 20
        assert all(href.startswith(f"{address}/") for href in hrefs)
        for href in sorted({href.partition("#")[0] for href in hrefs if ".html" in href}):
            page.goto(href)
            assert page.locator("h1").inner_text()
    page.goto(f"{addresses[1]}/index.html")
    with page.expect_download() as download:
        page.locator("tr", has_text="1—9月").get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename == "青禾镇关于2021年度目标任务完成情况的报告.pdf"


def test_newest_first(opened: Callable[..., Any]) -> None:
    page = opened()
    assert page.locator("h2").all_inner_texts() == ["2021年", "2020年", "按单位查", "审核回执"]
    cells = page.locator(".reports tbody tr").evaluate_all(
        "rows => rows.map(row => [1, 2, 3].map(i => row.cells[i].innerText.trim()).join(' '))"
    )
    assert cells == [
        "青禾镇 2021年 未定稿",
        "河口<i>镇</i>& 2021年 未定稿",
        "青禾镇 2021年1—9月 草稿",
        "青禾镇 2020年 定稿",
    ]
    assert page.locator("i, b").count() == 0


def test_finds_by_title_and_indicator(opened: Callable[..., Any], addresses: list[str]) -> None:
    for address in addresses:
        page = opened(address)
        box, status = page.get_by_role("searchbox"), page.get_by_role("status")
        assert status.inner_text() == "共4份"
        box.fill("固定 投资")
        assert len(shown(page)) == 3
        assert status.inner_text() == "共4份，找到3份"
        box.fill("河口 ｂ02")
        assert len(shown(page)) == 1
        assert page.locator(".hits a").all_inner_texts() == ["B02 农村改厕"]
        box.fill("危房%")
        (hit,) = page.locator(".hits a").all()
        assert hit.inner_text() == "危 %41 </script><b>危房%"
        hit.click()
        page.wait_for_url("**/report.html#*")
        assert page.evaluate("document.querySelector(':target').id") == "危 %41"
        page.goto(f"{address}/index.html")
        box.fill("没有这个")
        assert shown(page) == []
        assert status.inner_text() == "没有找到，换一个词或者清除条件再试"
        page.get_by_role("link", name="2020年", exact=True).first.click()
        expect(page.locator("#y2020")).to_be_visible()
        assert box.input_value() == ""
        page.get_by_label("状态").select_option("定稿")
        assert shown(page) == ["青禾镇关于2020年度目标任务完成情况的报告"]
        page.get_by_role("button", name="清除").click()
        expect(status).to_have_text("共4份")
        page.get_by_label("年份").select_option("2021年")
        page.get_by_label("单位", exact=True).select_option("青禾镇")
        assert len(shown(page)) == 2


def test_without_a_script_the_index_is_whole(opened: Callable[..., Any]) -> None:
    page = opened(script=False)
    assert len(shown(page)) == 4
    assert page.locator("form").count() == 0
    page.locator(".towns a").first.click()
    assert "目标任务完成情况的报告" in page.locator("h1").inner_text()


def test_no_script_but_its_own_runs(browser: Any, addresses: list[str]) -> None:
    page = browser.new_page()
    page.goto(f"{addresses[1]}/index.html")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = true'}))")
    assert page.evaluate("window.ran") is None
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark"), (360, "light")])
def test_nobody_is_shut_out(opened: Callable[..., Any], width: int, scheme: str) -> None:
    page = opened(width=width, scheme=scheme)
    page.get_by_role("searchbox").fill("b02")
    assert page.locator(".hits").count() == 4
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_paper_every_report_and_nothing_of_the_search(opened: Callable[..., Any]) -> None:
    page = opened(scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".find").is_hidden()
    assert page.locator(".reports tbody tr:visible").count() == 4
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
