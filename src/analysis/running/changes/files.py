"""Earlier runs and finals as they lie in their folders, read, compared and told in a page."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandera.errors

from analysis.intake.store import load_frame
from analysis.intake.whole import beside
from analysis.running.changes.figures import figure_changes
from analysis.running.changes.model import Changes
from analysis.running.changes.page import page
from analysis.running.changes.sentences import sentence_changes
from analysis.running.changes.standing import files, points
from analysis.running.changes.telling import Telling, telling_of
from analysis.running.errors import RunError
from analysis.running.export import read_notebook
from analysis.running.final import PREFIX, final_numbers
from analysis.running.manifest import MANIFEST, hashed, write_manifest
from analysis.running.publish import PREVIOUS
from analysis.running.read_back.left import FIGURE_LIST, NOTEBOOK, left_by_a_run
from analysis.running.read_back.numbers import units_of
from analysis.telling.figure_list import FIGURES

PAGE, REPORT = "changes.html", "report.html"
LAST = "上一次运行"
FINAL = re.compile(rf"{PREFIX}[1-9]\d*")


@dataclass(frozen=True)
class Since:
    """What a run says of the run before it.

    Attributes:
        changes: what changed; none where there is nothing to compare with.
        note: why there is nothing to compare with; empty where there is.
    """

    changes: Changes | None
    note: str = ""


def changes_since(staged: Path, report: Path) -> Since:
    """Compare what a run has made with what lies in its place, and put the page beside it; called before publishing.

    A run is not stopped by an earlier one that can't be read.

    Args:
        staged: the folder of what the run made, `run.json` in it; the page is added, and named there among the outputs.
        report: the folder of the report as the last run left it.
    """
    if not (report / MANIFEST).is_file():
        return Since(None, "这是第一次运行，没有可以对照的上一次。")
    try:
        after = read_telling(staged)
        changes = _compared(read_telling(report), after, LAST)
    except RunError as error:
        return Since(None, f"没有和上一次运行对照：{error}")
    (staged / PAGE).write_bytes(page(changes, REPORT).encode())
    outputs = after.manifest["outputs"] | hashed({PAGE: staged / PAGE})
    write_manifest(staged / MANIFEST, {**after.manifest, "outputs": outputs})
    return Since(changes)


def changes_against(report: Path, against: str) -> Changes:
    """Compare the report as it lies in its folder with an earlier one.

    Args:
        report: the report's folder, `reports/<town>/<period>`.
        against: `previous`, a final (`final-1`), or the path of a folder of a run.

    Raises:
        RunError: there is no report, no earlier one, or the two are of different towns or periods; in Chinese.
    """
    after = read_telling(report)
    if against == PREVIOUS:
        folder, name = report / PREVIOUS, LAST
        if not (folder / MANIFEST).is_file():
            raise RunError("这一期只运行过一次，没有可以对照的上一次", _finals_told(report))
    elif FINAL.fullmatch(against):
        folder, name = report / against, f"定稿 {against}"
        if not folder.is_dir():
            raise RunError(f"没有 {against} 这份定稿", _finals_told(report))
    else:
        folder = Path(against).resolve()
        name = f"“{folder.name}”中的报告"
        if not folder.is_dir():
            raise RunError(
                f"没有 {against} 这个文件夹", "--against 后面写 previous、final-1 这样的定稿，或者一次运行的文件夹"
            )
    return _compared(read_telling(folder), after, name)


def finals(report: Path) -> list[str]:
    """The finals of a report, in their order."""
    return [f"{PREFIX}{number}" for number in final_numbers(report)]


def _finals_told(report: Path) -> str:
    names = finals(report)
    return f"可以对照的定稿：{'、'.join(names)}（--against {names[-1]}）" if names else "这一期还没有定稿"


def write_page(changes: Changes, path: Path, report: Path) -> None:
    """Write the page to a file; its links lead to the report in `report` from there."""
    try:
        to = Path(os.path.relpath(report / REPORT, path.parent)).as_posix()
    except ValueError:  # another drive of Windows
        to = ""
    with beside(path) as new:
        new.write_bytes(page(changes, to).encode())


def read_telling(folder: Path) -> Telling:
    """Read what a run left in a folder.

    Raises:
        RunError: something is missing or can't be read; in Chinese.
    """
    manifest = left_by_a_run(folder)
    try:
        figures = load_frame(folder / FIGURE_LIST.format(""), FIGURES)
        return telling_of(read_notebook(folder / NOTEBOOK.format("")), figures, manifest)
    except (OSError, ValueError, KeyError, pandera.errors.SchemaError, pandera.errors.SchemaErrors) as error:
        raise RunError(
            f"{folder.name} 中的运行结果读不出来（{type(error).__name__}）", "文件已损坏，或者是另一版本的程序做的"
        ) from error


def compare(before: Telling, after: Telling, against: str) -> Changes:
    """Say what changed.

    Args:
        before: the earlier report.
        after: the later one.
        against: what the earlier one is called: `上一次运行`, `定稿 final-1`.

    Raises:
        ValueError: a report has more sentences than any has.
    """
    units = units_of(figure.text for telling in (before, after) for figure in telling.figures)
    causes, renamed = figure_changes(before, after)
    sentences, renumbered = sentence_changes(before, after, units)
    return Changes(
        str(after.manifest.get("title", "")),
        against,
        points(before, after),
        files(before, after),
        causes,
        sentences,
        renamed,
        renumbered,
        str(after.manifest.get("body", "乡镇")) if after.manifest.get("example") else "",
    )


def _compared(before: Telling, after: Telling, name: str) -> Changes:
    ours, theirs = (_whose(telling.manifest) for telling in (after, before))
    if ours != theirs:
        raise RunError(
            f"{name}是 {' '.join(theirs)} 的报告，不是 {' '.join(ours)} 的", "只能对照同一乡镇、同一报告期的报告"
        )
    try:
        return compare(before, after, name)
    except ValueError as error:
        raise RunError(f"报告太大，没有对照（{error}）", "请检查上报表中的文字材料是否过长") from error


def _whose(manifest: Mapping[str, Any]) -> tuple[str, str]:
    return str(manifest.get("town", "")), str(manifest.get("period", ""))
