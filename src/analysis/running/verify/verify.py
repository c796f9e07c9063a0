"""An edited Word report checked back against the run that made it."""

import glob
import tempfile
from pathlib import Path
from typing import Any

from lxml import etree

from analysis.intake.store import load_frame
from analysis.running.errors import RunError
from analysis.running.export import export, read_notebook
from analysis.running.manifest import MANIFEST, sha256
from analysis.running.read_back.left import FIGURE_LIST, NOTEBOOK, left_by_a_run
from analysis.running.read_back.lines import Line
from analysis.running.read_back.numbers import Numbers, squeeze, units_of
from analysis.running.read_back.passages import Passage, passages_of
from analysis.running.verify.compare import Difference, compare
from analysis.running.verify.origins import Origins, origins_of
from analysis.running.verify.verified import Change, Note, Verified
from analysis.running.verify.word_file import open_word
from analysis.running.verify.word_text import WordText, read_text
from analysis.telling.edition import EDITIONS, suffix
from analysis.telling.figure_list import FIGURES

WORD_REPORT = "report{}.docx"
OF_ANOTHER, OF_NOTHING = 0.5, 0.15
"""A file without the report's title, so few of whose sentences with numbers are the report's, is another report; with the
title it may have been rewritten, but hardly to less than the second."""


def verify(edited: Path, report: Path, edition: str | None = None) -> Verified:
    """Check the numbers of an edited Word report against the figures of a run.

    Args:
        edited: the Word file, as the office edited it.
        report: the folder of the run (`reports/<town>/<period>`), with `run.json`, `figures.parquet`, the executed notebook
            and `report.docx` as the run made it; where that was edited in its place, it is made anew from the notebook.
        edition: `office` or `shared`; none for the one that has more of the edited file's sentences.

    Raises:
        RunError: the file can't be read, is another report's, or the folder holds no run; in Chinese.
    """
    manifest = left_by_a_run(report)
    title = str(manifest.get("title", ""))
    theirs = _text_of(edited)
    made = _made_editions(report, manifest, edition)
    end, ours = max(made.items(), key=lambda kept: _shared_lines(kept[1], theirs))  # of equals the office's
    figures = load_frame(report / FIGURE_LIST.format(end), FIGURES)
    numbers = Numbers(units_of(figures["text"]))
    try:
        before, after = passages_of(ours.lines, numbers), passages_of(theirs.lines, numbers)
    except ValueError as error:
        raise RunError(f"{edited.name}：文件超出能读取的大小（{error}）", "请检查是否选错了文件。") from error
    _refuse_another(edited.name, title, theirs.lines, before, after)
    origins = origins_of(read_notebook(report / NOTEBOOK.format(end)), figures, ours.lines)
    names = {*origins.names.values(), *figures["item"]}
    compared = compare(before, after, names)
    notes = list(theirs.notes)
    if theirs.pictures > ours.pictures:
        notes += [Note("unread", "新插入的图片")] * (theirs.pictures - ours.pictures)
    return Verified(
        edited.name,
        title,
        str(manifest.get("finished", ""))[:16].replace("T", " "),
        sum(len(passage.numbers) for passage in before),
        tuple(_change(difference, before, after, origins) for difference in compared.differences),
        compared.reworded,
        compared.moved,
        tuple(notes),
    )


def find_report(edited: Path, reports: Path, town: str | None = None, period: str | None = None) -> Path:
    """The folder of the run that an edited file belongs to: the one that it lies in, else the last whose title it bears.

    Args:
        edited: the Word file.
        reports: the folder that holds a folder a town, with a folder a period in each.
        town, period: to look at this town's or this period's reports alone, wherever the file lies.

    Raises:
        RunError: the file can't be read, or no run has its title.
    """
    text = squeeze("".join(line.text for line in _text_of(edited).lines))[0]
    if town is None and period is None and (edited.resolve().parent / MANIFEST).is_file():
        return edited.resolve().parent
    found: list[tuple[str, Path]] = []
    asked = "/".join("*" if name is None else glob.escape(name) for name in (town, period))
    for path in sorted(reports.glob(f"{asked}/{MANIFEST}")):
        try:
            manifest = left_by_a_run(path.parent)
        except RunError:
            continue  # a run that left no manifest is no run to compare with
        title = squeeze(str(manifest.get("title", "")))[0]
        if title and title in text:
            found.append((str(manifest.get("finished", "")), path.parent))
    if not found:
        raise RunError(
            f"{edited.name}：{reports.name} 下没有题名与它相同的报告",
            "请用 --town 和 --period 写明是哪个乡镇、哪一期的报告。",
        )
    return max(found)[1]


def _made_editions(report: Path, manifest: dict[str, Any], edition: str | None) -> dict[str, WordText]:
    """The text of each edition that the run made, or of the one that is asked for, by its suffix."""
    asked = EDITIONS if edition is None else tuple(e for e in EDITIONS if e == edition)
    kept = [suffix(e) for e in asked if (report / NOTEBOOK.format(suffix(e))).is_file()]
    if not kept:
        raise RunError(
            f"这一期没有“{edition}”这个版本", f"可用的是 {'、'.join(EDITIONS)}；没有内部指标的方案只有 office。"
        )
    return {end: _made(report, manifest, end) for end in kept}


def _shared_lines(ours: WordText, theirs: WordText) -> int:
    """How many lines two texts have in common."""
    return len({line.text for line in ours.lines} & {line.text for line in theirs.lines})


def _made(report: Path, manifest: dict[str, Any], end: str) -> WordText:
    """The text of an edition as the run made it."""
    path = report / WORD_REPORT.format(end)
    outputs = manifest.get("outputs")
    made = outputs.get(path.name, {}).get("sha256") if isinstance(outputs, dict) else None
    if path.is_file() and sha256(path) == made:
        return read_text(open_word(path))
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        exported = export(WORD_REPORT.format(""), report / NOTEBOOK.format(end), Path(folder))
        return read_text(open_word(exported.path))


def _text_of(edited: Path) -> WordText:
    try:
        return read_text(open_word(edited))
    except (etree.LxmlError, RecursionError) as error:
        raise RunError(f"{edited.name}：文件已损坏，读不出来", "请在 Word 或 WPS 中重新打开，另存后再核对。") from error


def _refuse_another(name: str, title: str, lines: list[Line], before: list[Passage], after: list[Passage]) -> None:
    theirs = {passage.text for passage in after}
    counted = {passage.text for passage in before if passage.numbers}
    same = len(counted & theirs) / len(counted) if counted else 1.0
    titled = squeeze(title)[0] in squeeze("".join(line.text for line in lines))[0]
    if same < (OF_NOTHING if titled else OF_ANOTHER):
        raise RunError(
            f"{name} 不像是《{title}》改成的：其中带数字的句子只有{same:.0%}与这一期报告相同",
            "请检查文件，以及乡镇和报告期是否选对；报告重新生成过的，请在新的 report.docx 上修改。",
        )


def _change(difference: Difference, before: list[Passage], after: list[Passage], origins: Origins) -> Change:
    ours = None if difference.passage_before is None else before[difference.passage_before]
    theirs = None if difference.passage_after is None else after[difference.passage_after]
    where = ours or theirs
    one, other = difference.before, difference.after
    origin = None
    if one is not None:
        at = before[one.passage]
        origin = origins.of(at.line, at.start + one.number.start, at.start + one.number.end)
    return Change(
        difference.kind,
        before[one.passage].as_printed(one.number) if one else "",
        after[other.passage].as_printed(other.number) if other else "",
        ours.printed.strip() if ours else "",
        theirs.printed.strip() if theirs else "",
        where.heading if where else "",
        where.place if where else "",
        origin,
    )
