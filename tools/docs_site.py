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
from pathlib import Path

import papermill
from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"(?<=\]\()(?P<file>\.\./[^)#\s]+)")
TUTORIAL = "python-tutorial.ipynb"


def main() -> int:
    """Make the site in the folder named on the command line."""
    parser = argparse.ArgumentParser(description="make the documentation's site")
    parser.add_argument("target", type=Path, nargs="?", default=ROOT / "build" / "docs")
    return make_site(parser.parse_args().target.resolve())


def make_site(target: Path, processed: Path = ROOT / "data" / "processed", raw: Path = ROOT / "data" / "raw") -> int:
    """Make the site.

    Args:
        target: the folder for the site; what an earlier one has left there goes.
        processed: the tables of the example's run of 2021.
        raw: the returns of the example.

    Returns:
        The exit code of Sphinx: 0, or another where anything was to be warned of.
    """
    sources = target.with_name(f"{target.name}-sources")
    for folder in (sources, target):
        shutil.rmtree(folder, ignore_errors=True)
    copy_pages(ROOT / "docs", sources)
    execute_tutorial(sources / TUTORIAL, {"raw": str(raw), "processed": str(processed)})
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--jobs", "2", "--doctree-dir", str(sources / ".doctrees")]
    return build_main([*options, "-b", "html", str(sources), str(target)])


def copy_pages(pages: Path, sources: Path) -> None:
    """Copy the pages, with the links out of `docs/` bent so that they lead to the project's files from the copy too."""
    shutil.copytree(pages, sources)
    for page in sources.rglob("*.md"):
        here = (pages / page.relative_to(sources)).parent

        def bent(match: re.Match[str], here: Path = here, page: Path = page) -> str:
            file = (here / match["file"]).resolve()
            return match["file"] if pages in file.parents else Path(os.path.relpath(file, page.parent)).as_posix()

        text = page.read_text(encoding="utf-8")
        page.write_text(LINK.sub(bent, text), encoding="utf-8")


def execute_tutorial(target: Path, parameters: dict[str, str]) -> None:
    """Execute the tutorial notebook into the site's sources; what papermill has put in goes, as readers need it not."""
    notebook = ROOT / "notebooks" / "tutorial.ipynb"
    done = papermill.execute_notebook(
        str(notebook), None, parameters=parameters, cwd=str(ROOT), progress_bar=False, log_output=False
    )
    done.cells = [cell for cell in done.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    import nbformat

    nbformat.write(done, target)


if __name__ == "__main__":
    sys.exit(main())
