"""The pandoc of the wheel ``pypandoc-binary``, run so that nothing but its input decides what comes out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pypandoc

from analysis.export.errors import ExportError

LONGEST = 300
"""Seconds that pandoc may take; a county's report takes some ten on a slow machine."""
TEMPLATES = Path(__file__).parent / "templates"

REPORT_MARKDOWN = "+".join(
    (
        # A report's text comes from returns: only what the telling stage writes is markup, nothing else can become it.
        "markdown_strict-raw_html",
        "all_symbols_escapable",
        "bracketed_spans",
        "escaped_line_breaks",
        "fenced_divs",
        "header_attributes",
        "implicit_figures",
        "intraword_underscores",
        "line_blocks",
        "link_attributes",
        "pipe_tables",
        "table_captions",
        "east_asian_line_breaks",
    )
)
"""The Markdown of a report's prose blocks."""

NOTEBOOK_MARKDOWN = (
    "markdown+lists_without_preceding_blankline-blank_before_header-blank_before_blockquote+autolink_bare_uris"
    "+tex_math_single_backslash+east_asian_line_breaks+raw_attribute-yaml_metadata_block-citations-smart"
)
"""The Markdown of an ordinary notebook, which is closer to what Jupyter shows."""


@lru_cache(maxsize=1)
def pandoc_program() -> Path:
    """Return the wheel's pandoc; one that the system has may be too old to write typst."""
    program = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if sys.platform == "win32" else "pandoc")
    if not program.is_file():
        raise ExportError("找不到 pandoc", "Python 包 pypandoc-binary", "请重新安装：pip install pypandoc-binary")
    return program


def run_pandoc(
    text: str,
    *,
    reader: str,
    writer: str,
    folder: Path,
    arguments: Sequence[str] = (),
    filters: Sequence[str] = (),
    epoch: int = 0,
) -> str:
    """Convert a text and return what pandoc writes to its standard output.

    Parameters
    ----------
    text
        The input.
    reader, writer
        pandoc's names of the formats, with extensions.
    folder
        The working folder: pictures are found here, and nothing of the user's own pandoc settings is.
    arguments
        Further arguments.
    filters
        Names of Lua filters in ``templates/pandoc``, in order.
    epoch
        The only time that the output may carry, in seconds.
    """
    command = [
        str(pandoc_program()),
        f"--from={reader}",
        f"--to={writer}",
        f"--data-dir={folder}",
        "--wrap=none",
        *(f"--lua-filter={TEMPLATES / 'pandoc' / name}" for name in filters),
        *arguments,
    ]
    try:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C.UTF-8"},
            check=False,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        raise ExportError(
            f"pandoc 转换超过 {LONGEST} 秒没有结束", f"目标格式 {writer}", "请检查 notebook 中最近修改的内容"
        ) from None
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip()
        raise ExportError(f"pandoc 转换失败：{message}", f"目标格式 {writer}", "请检查 notebook 中最近修改的内容")
    return done.stdout.decode()
