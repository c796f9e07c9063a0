"""The reports of all towns and periods as they lie in their folders, each with its manifest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.running.final import PREFIX, final_numbers
from analysis.running.manifest import MANIFEST, read_manifest
from analysis.running.site.model import (
    DRAFT,
    Chosen,
    Collected,
    LeftOut,
    UnusableError,
    choose,
    newest_first,
)
from analysis.scheme import Period
from analysis.telling.edition import Edition


def collect(reports: Path, edition: Edition, receipts: bool, drafts: bool) -> Collected:
    """Find what is published: of each period its newest final, else its current report.

    Args:
        reports: the folder that holds a folder a town.
        edition: the edition to publish.
        receipts: whether the receipts go with the reports.
        drafts: whether drafts are published too.
    """
    found = Collected()
    for folder, period in _periods(reports):
        town = folder.parent.name
        if not _is_text(town):
            found.left_out.append(LeftOut(ascii(town), str(period), "文件夹名不是文字，请改名后重新运行"))
            continue
        try:
            chosen = _chosen(folder, town, period, edition, receipts)
        except UnusableError as error:
            found.left_out.append(LeftOut(town, str(period), str(error)))
            continue
        if chosen.state == DRAFT and not drafts:
            found.left_out.append(LeftOut(town, str(period), "还是草稿，加 --drafts 才发布", expected=True))
        else:
            found.chosen.append(chosen)
    found.chosen = newest_first(found.chosen)
    return found


def newest_final(folder: Path) -> str:
    """The name of a period's newest final; empty where there is none."""
    numbers = final_numbers(folder)
    return f"{PREFIX}{numbers[-1]}" if numbers else ""


def _is_text(name: str) -> bool:
    """Whether a name can be written in a page: one in another system's encoding can't."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _periods(reports: Path) -> Iterator[tuple[Path, Period]]:
    """The folders of the periods that hold a report."""
    for town in sorted(path for path in reports.iterdir() if path.is_dir() and not path.name.startswith(".")):
        for folder in sorted(path for path in town.iterdir() if path.is_dir()):
            try:
                period = Period.parse(folder.name)
            except ValueError:
                continue  # a folder of the office's own
            made = (folder / MANIFEST).is_file() or (folder / "report.html").is_file() or newest_final(folder)
            if made and folder.name == str(period):
                yield folder, period


def _chosen(folder: Path, town: str, period: Period, edition: Edition, receipts: bool) -> Chosen:
    final = newest_final(folder)
    place = folder / final if final else folder
    chosen = choose(town, period, place, _manifest(place), final, edition, receipts)
    if final and _went_on(folder):
        later = f"{final} 之后又运行过，发布的仍是这份定稿"
        return replace(chosen, notices=[*chosen.notices, later])
    return chosen


def _went_on(folder: Path) -> bool:
    """Whether the current report is of a run after the one that made the final."""
    try:
        return _manifest(folder).get("final") is False
    except UnusableError:
        return False


def _manifest(folder: Path) -> Mapping[str, Any]:
    content = read_manifest(folder)
    if content is None:
        raise UnusableError("没有 run.json，或者读不出、不完整，请重新运行")
    return content
