"""How Sphinx makes the site of these pages; `make docs` runs it through `tools/docs_site.py`.

The pages are plain Markdown that reads well on a Git host too. Nothing of the site is fetched from elsewhere, so that it
works from a folder on an office's machine.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

PARTS = {
    "教程": ("tutorial", "python-tutorial"),
    "怎么做": (
        "howto/change-sentence",
        "howto/add-indicator",
        "howto/add-department",
        "howto/late-returns",
        "howto/final-report",
        "howto/new-year",
        "returns",
        "schedule",
        "publish",
        "county",
        "explore",
        "notebooks",
        "install-offline",
        "when-it-fails",
    ),
    "查阅": ("scheme", "columns", "checks", "helpers", "commands", "python"),
    "原理（英文）": ("architecture", "how-figures-are-printed", "scale", "security"),
}
"""The parts of the site, and their pages in order; a page that is not there is left out."""

project = "乡镇年度报告"
author = "township-report"
language = "zh_CN"
locale_dirs = ["locale"]
extensions = ["myst_nb"]
exclude_patterns = ["locale", "tutorial/project", "pictures"]
myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]
nb_execution_mode = "off"  # tools/docs_site.py has executed it, through papermill, as every notebook of the project
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # widgets would come from elsewhere
nb_merge_streams = True
nitpicky = True

html_theme = "furo"
html_title = "乡镇年度报告"
html_theme_options = {"footer_icons": []}
html_static_path = ["_static"]
html_css_files = ["chinese.css"]
html_favicon = "_static/icon.svg"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_permalinks_icon = "¶"

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9_]+")


class ChineseSearch(SearchLanguage):
    """Chinese without a dictionary: text and query are cut into pairs of neighbouring characters, 审核回执 into 审核, 核回, 回执.

    So every phrase is found as written, whatever a dictionary would take for a word.
    """

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = f"""
function splitQuery(query) {{
  return (query.toLowerCase().match(/[{HAN}]+|[a-z0-9_]+/g) || []).flatMap((run) =>
    /[a-z0-9_]/.test(run) || run.length < 3 ? [run] : Array.from({{length: run.length - 1}}, (_, i) => run.slice(i, i + 2)));
}}
"""

    def split(self, text: str) -> list[str]:
        """Cut a text into its terms: words of letters and digits, and pairs of Chinese characters."""
        return [term for run in RUNS.findall(text.lower()) for term in _terms(run)]

    def word_filter(self, word: str) -> bool:
        """Every term counts: a single character stands alone for a reason."""
        return bool(word)

    def stem(self, word: str) -> str:
        """Terms stay as they are."""
        return word


def _terms(run: str) -> list[str]:
    if re.match(r"[a-z0-9_]", run) or len(run) < 3:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    """Add the site's contents to its first page, where a Git host shows nothing of them."""
    if name != "index":
        return
    there = [
        (
            part,
            [
                page
                for page in pages
                if any(Path(app.srcdir, page).with_suffix(end).is_file() for end in (".md", ".ipynb"))
            ],
        )
        for part, pages in PARTS.items()
    ]
    for part, pages in there:
        source[0] += "\n\n```{toctree}\n:hidden:\n:caption: " + part + "\n\n" + "\n".join(pages) + "\n```\n"


def setup(app: Sphinx) -> None:
    """Register what is ours."""
    app.add_search_language(ChineseSearch)
    app.connect("source-read", add_contents)
