"""What a county's report is made from, copied once as it is now: townships run on and facts are edited while it is made."""

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.intake.whole import require_whole
from analysis.running.errors import RunError
from analysis.running.failures import of_error
from analysis.running.lock import alone, lock_file
from analysis.running.manifest import hashed
from analysis.running.places import Places
from analysis.running.unchanged import CODE, of_program
from analysis.scheme.county import County, read_county
from analysis.telling.county.material import folders_of

TABLES = ("indicators.parquet", "submissions.parquet")
"""What the county reads of a township's period; of the years before the first alone."""
PROGRAM = "program"


@dataclass(frozen=True)
class Copy:
    """The inputs of one run, which nobody changes: both editions, totals, cells and lists are made from the same bytes.

    Attributes:
        real: where everything lies.
        places: where the copies lie; the tables that the notebook writes go there as well.
        county: its facts, read from the copy.
        notebook: the copy of the notebook.
    """

    real: Places
    places: Places
    county: County
    notebook: Path

    @property
    def _folders(self) -> dict[Path, Path]:
        mine, real = self.places, self.real
        return {
            mine.raw: real.raw,
            mine.processed: real.processed,
            mine.scheme: real.scheme,
            self.notebook.parent: real.notebooks,
        }

    def inputs(self) -> dict[str, dict[str, Any]]:
        """Size and SHA-256 of all that was copied, as the manifest names it, and of the program."""
        files = {
            f"{mine.name}/{path.relative_to(mine).as_posix()}": path
            for mine in self._folders
            for path in mine.rglob("*")
            if path.is_file() and self.places.tables not in path.parents
        }
        return hashed(files) | {PROGRAM: {"sha256": of_program()[CODE]}}

    def as_named(self, text: str) -> str:
        """A text that names the files' own places instead of the copies', which are gone when someone reads it."""
        for mine, real in self._folders.items():
            for form in (str, _escaped):
                text = text.replace(form(mine), form(real))
        return text

    def name_in(self, notebook: Path) -> None:
        """Let an executed notebook name the files' own places, so that it can be run again."""
        if not notebook.is_file():
            return
        content = self._named(json.loads(notebook.read_bytes()))
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        notebook.write_text(text, encoding="utf-8")

    def _named(self, value: Any) -> Any:
        match value:
            case str():
                return self.as_named(value)
            case list():
                return [self._named(one) for one in value]
            case dict():
                return {key: self._named(one) for key, one in value.items()}
        return value


def _escaped(path: Path) -> str:
    """A path as papermill writes it into a cell."""
    return str(path).encode("unicode_escape").decode("ascii")


def copied(places: Places, towns: str, notebook: str, folder: Path) -> Copy:
    """Copy what a county's report is made from.

    Args:
        places: where everything lies; its town is the county.
        towns: folders of the townships to roll up, with 、 between them; empty for all.
        notebook: the name of its notebook.
        folder: where the copies go.

    Raises:
        SchemeError: the county's facts can't be used.
        RunError: a township's report is being made, or a file can't be read.
    """
    mine = replace(places, raw=folder / "raw", processed=folder / "processed", scheme=folder / "scheme")
    try:
        shutil.copytree(places.scheme, mine.scheme)
        facts = (places.raw / f"{places.town}.toml", *places.raw.glob("*/town.toml"))
        _copy(facts, places.raw, mine.raw)
        _copy([places.notebooks / notebook], places.notebooks, folder / "notebooks")
        county = read_county(mine.raw, places.town, places.period, towns)
        if county.facts.townships:  # they are listed: nobody's own facts are asked
            for path in mine.raw.glob("*/town.toml"):
                path.unlink()
        mine.processed.mkdir(parents=True, exist_ok=True)
        for period in folders_of(places.processed, county).periods:
            for township in county.townships:
                if township.folder not in county.left_out:
                    _copy_tables(replace(places, town=township.folder, period=period), period == county.period, mine)
    except OSError as error:
        found, todo = of_error(error) or (str(error), "请检查县和各乡镇的文件，再运行一次。")
        raise RunError(found, f"{todo}上一次的报告没有改动。") from error
    return Copy(places, mine, county, folder / "notebooks" / notebook)


def _copy_tables(township: Places, reported: bool, mine: Places) -> None:
    """A township's tables of a period, which belong together: not while its report is being made."""
    files = [township.tables / name for name in (TABLES if reported else TABLES[:1])]
    lock = lock_file(township)
    at_rest = reported and lock.is_file() and os.access(lock, os.W_OK)
    with alone(township) if at_rest else nullcontext():
        require_whole(township.tables)
        _copy(files, township.processed, mine.processed)
        require_whole(township.tables)  # where no lock can be had a run may have begun meanwhile


def _copy(files: Iterable[Path], of: Path, to: Path) -> None:
    """Copy the files that are there, each to its place below another folder."""
    for file in files:
        if file.is_file():
            place = to / file.relative_to(of)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
