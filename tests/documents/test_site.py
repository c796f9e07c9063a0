"""The documentation's site: built without a warning, complete, searched in Chinese, nothing fetched from elsewhere."""

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import example
import lxml.html
import nbformat
import pytest
from browser import chromium

from analysis.telling.figure_list import save_figures

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("index", "tutorial", "scheme", "columns", "python-tutorial", "howto/add-indicator", "architecture")
OUTSIDE = re.compile(r"^(?:https?:)?//")
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "srcset", "link": "href", "object": "data"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, told_example: Callable[[str], Any]) -> Path:
    folder = tmp_path_factory.mktemp("site")
    example.make_project(ROOT, folder / "project", ["2021"])
    save_figures(told_example("2021").figures, folder / "project/data/processed/qinghe/2021")
    target = folder / "docs"
    command = [sys.executable, str(ROOT / "tools/docs_site.py"), str(target), "--data", str(folder / "project/data")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site on a web server."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_page_is_there_and_in_the_contents(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    pages = {page for page in pages if not page.startswith("tutorial/")} | {"python-tutorial"}
    contents = lxml.html.parse(str(site / "index.html")).xpath("//*[@class='sidebar-tree']//a/@href")
    assert {link.removesuffix(".html") for link in contents} == pages - {"index"}
    assert {page for page in pages if not (site / f"{page}.html").is_file()} == set()


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        for element in lxml.html.parse(str(page)).getroot().iter(*FETCHED):
            assert not OUTSIDE.match(element.get(FETCHED[element.tag]) or ""), (page.name, lxml.html.tostring(element))
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", sheet.read_text(encoding="utf-8")), sheet.name


def test_the_tutorial_notebook_has_run(site: Path) -> None:
    done = nbformat.read(site.with_name("docs-sources") / "python-tutorial.ipynb", as_version=4)
    outputs = {cell.id: cell.outputs for cell in done.cells if cell.cell_type == "code"}
    assert "青禾镇" in outputs["load"][0]["data"]["text/plain"]
    assert all(
        "data:image/svg+xml" in outputs[name][0]["data"]["text/html"] for name in ("years", "department", "village")
    )
    assert "Fraction(33, 40), 'missed', Fraction(-14, 1)" in outputs["what-if-exact"][0]["data"]["text/plain"]
    shown = lxml.html.parse(str(site / "python-tutorial.html")).getroot().text_content()
    assert "云川县青禾镇人民政府关于2021年度目标任务完成情况的报告" in shown
    assert str(site.parent) not in shown  # the folders that papermill was told


@pytest.mark.slow
def test_pages_in_a_browser(address: str, site: Path) -> None:
    said: list[str] = []
    with chromium() as browser:
        for width, height in ((1280, 900), (390, 844)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on(
                "request",
                lambda request: said.append(request.url) if not request.url.startswith((address, "data:")) else None,
            )
            for name in PAGES:
                page.goto(f"{address}/{name}.html")
                wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wider <= 0, (name, width)
        for query, found in (("审核回执", "returns"), ("更正件", "tutorial"), ("四舍五入", "how-figures-are-printed")):
            for start in (address, site.as_uri()):
                # No listener: from a disk the browser forbids the script to fetch a page for its summary, and says so.
                page = browser.new_page()
                page.goto(f"{start}/search.html?q={query}")
                page.locator(f"#search-results a[href*='{found}.html']").first.wait_for()
        page.goto(f"{address}/search.html?q=没有这样的话吗")
        page.locator("#search-results p").first.wait_for()
        assert page.locator("#search-results li").count() == 0
    assert said == []


def test_without_a_run_of_the_example_it_says_what_to_do(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from docs_site import make_site
    finally:
        sys.path.pop(0)
    target = tmp_path / "docs"
    with pytest.raises(SystemExit, match="make report"):
        make_site(target, tmp_path / "data")
    assert not target.exists()
