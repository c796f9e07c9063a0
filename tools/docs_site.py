"""Make the documentation's site from `docs/` and `notebooks/tutorial.ipynb`: `make docs`.

A warning is an error, so that a dead link or a page that no contents list fails. The tutorial notebook runs on the example
of 2021, which has to have been run before (`make report`)::

    python tools/docs_site.py build/docs
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from functools import partial
from pathlib import Path

import nbformat
import papermill
from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\[(?P<text>[^\]\n]*)\]\((?P<file>\.\./[^)#\s]+)\)")
NOTEBOOK = ROOT / "notebooks" / "tutorial.ipynb"
TUTORIAL = "python-tutorial.ipynb"
"""The executed tutorial's name on the site."""


def main() -> int:
    """Make the site in the folder named on the command line."""
    parser = argparse.ArgumentParser(description="make the documentation's site")
    parser.add_argument("target", type=Path, nargs="?", default=ROOT / "build" / "docs")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="the folder of raw and processed")
    given = parser.parse_args()
    return make_site(given.target.resolve(), given.data.resolve())


def make_site(target: Path, data: Path) -> int:
    """Make the site.

    Args:
        target: the folder for the site; what an earlier one has left there goes.
        data: the folder of `raw` and `processed`, in which the example has been run for 2021.

    Returns:
        The exit code of Sphinx: 0, or another where anything was to be warned of.

    Raises:
        SystemExit: the target holds something else, or the example has not been run; nothing is touched.
    """
    if target.is_dir() and any(target.iterdir()) and not (target / ".buildinfo").is_file():
        raise SystemExit(
            f"{target} holds something else than a site of Sphinx's, and would be replaced: name another folder"
        )
    tables = data / "processed" / "qinghe" / "2021"
    if not (tables / "indicators.parquet").is_file():
        raise SystemExit(f"{tables} holds no run of the example, which the tutorial shows: make report, then make docs")
    sources = target.with_name(f"{target.name}-sources")
    for folder in (sources, target):
        shutil.rmtree(folder, ignore_errors=True)
    copy_pages(ROOT / "docs", sources)
    execute_tutorial(sources / TUTORIAL, {name: str(data / name) for name in ("raw", "processed")})
    options = [
        "--fail-on-warning",
        "--keep-going",
        "--quiet",
        "--jobs",
        "2",
        "--doctree-dir",
        str(sources / ".doctrees"),
    ]
    return build_main([*options, "-b", "html", str(sources), str(target)])


def copy_pages(pages: Path, sources: Path) -> None:
    """Copy the pages; a link that leads out of `docs/` leads to the project's file from the copy too.

    What the site has no page of (another README, a folder) keeps its words without the link.
    """
    shutil.copytree(pages, sources)
    for page in sources.rglob("*.md"):
        here, folder = (pages / page.relative_to(sources)).parent, page.parent
        text = page.read_text(encoding="utf-8")
        page.write_text(LINK.sub(partial(_bent, pages, sources, here, folder), text), encoding="utf-8")


def _bent(pages: Path, sources: Path, here: Path, folder: Path, match: re.Match[str]) -> str:
    file = (here / match["file"]).resolve()
    if pages in file.parents:
        return match[0]
    if file == NOTEBOOK:
        file = sources / TUTORIAL
    elif file.is_dir() or file.suffix == ".md":
        return match["text"]
    return f"[{match['text']}]({Path(os.path.relpath(file, folder)).as_posix()})"


def execute_tutorial(target: Path, parameters: dict[str, str]) -> None:
    """Execute the tutorial notebook into the site's sources; what papermill has put in goes, as readers need it not."""
    done = papermill.execute_notebook(
        str(NOTEBOOK), None, parameters=parameters, cwd=str(ROOT), progress_bar=False, log_output=False
    )
    done.cells = [cell for cell in done.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    nbformat.write(done, target)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    sys.exit(main())
