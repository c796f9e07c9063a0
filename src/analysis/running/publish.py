"""The new files in their places: all together, at the end; the run before stays in `previous/`.

A run may die at any moment. So the new files are moved into the report's folder as one hidden folder first, with a plan
beside them; from that moment on the next start finishes what is planned. Until then nothing of the old report is touched.
All that is moved has been written to the disk before, so that a power cut is no worse than any other death.
"""

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analysis.intake.whole import onto_disk
from analysis.running.errors import RunError
from analysis.running.failures import of_error
from analysis.running.interrupts import uninterrupted
from analysis.running.manifest import MANIFEST, read_manifest, sha256, write_manifest

PREVIOUS = "previous"
ASIDE, UNPLANNED = ".publishing", ".publishing-0"
"""The folder of what is being moved, and what it is called before the plan is in it and after all is moved."""
PLAN, NEW, OLD, OLDER = "plan.json", "new", "old", "older"
NOTE = "报告没有换完，请再运行一次.txt"
NOTE_TEXT = (
    "这个文件夹里的报告正在更换，或者更换到一半中断了，暂时不完整，请不要使用。把同一条命令再运行一次，就会换完。\n"
)


@dataclass
class Published:
    """What was put where.

    Attributes:
        placed: the entries that are in their places.
        beside: entries that had to go beside an open file, with the name that they have now.
        kept: files that someone had changed by hand since the last run, with the name that they are kept under.
    """

    placed: list[Path] = field(default_factory=list)
    beside: list[tuple[str, Path]] = field(default_factory=list)
    kept: list[tuple[str, Path]] = field(default_factory=list)


def publish(staged: Path, folder: Path) -> Published:
    """Move everything from `staged` into `folder`, and what the last run made into `folder/previous`.

    Only what a run made is moved; other files in the folder are the office's and stay. A report that was changed by hand
    under its own name is kept under another. A file that is open in WPS or Excel on Windows can't be moved: the new one
    is put beside it under a clear name.

    Args:
        staged: a folder on the same disk; it is gone afterwards.
        folder: the report's.

    Raises:
        OSError: nothing was touched.
        RunError: some files could not be moved; the next start moves them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    finish(folder)
    unplanned, made = folder / UNPLANNED, _made(folder)
    unplanned.mkdir()
    plan = {"made": made, "new": sorted(new.name for new in staged.iterdir()), "beside": {}}
    (unplanned / PLAN).write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    for new in (staged, unplanned):
        onto_disk(new)
    with uninterrupted():
        staged.rename(unplanned / NEW)
        unplanned.rename(folder / ASIDE)  # from here on it will be done
        return _finished(folder)


def unfinished(folder: Path) -> bool:
    """Whether a run died while it moved its files into a report's folder."""
    return (folder / ASIDE).is_dir()


def finish(folder: Path) -> Published | None:
    """Finish what a run that died had begun to move; None where there is nothing.

    Raises:
        RunError: some files still can't be moved.
    """
    shutil.rmtree(folder / UNPLANNED, ignore_errors=True)
    if not unfinished(folder):
        return None
    with uninterrupted():
        return _finished(folder)


def _finished(folder: Path) -> Published:
    try:
        return _Moves(folder).made()
    except OSError as error:
        found, todo = of_error(error) or (str(error), "")
        raise RunError(
            f"新的报告已经做好，但没有换完：{found}",
            f"{todo}再运行一次会先接着换完；在那以前，{folder} 中的报告不完整，请不要使用。",
        ) from error


class _Moves:
    """The moves of a plan, each of which is made once however often this begins anew."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.aside = folder, folder / ASIDE
        self.new, self.old = self.aside / NEW, self.aside / OLD
        self.published = Published()
        for part in (self.new, self.old):
            part.mkdir(exist_ok=True)
        try:
            plan = json.loads((self.aside / PLAN).read_text(encoding="utf-8"))
            self.from_last: dict[str, str] = dict(plan["made"])
            self.names: list[str] = list(plan["new"])
            self.beside: dict[str, str] = dict(plan["beside"])
        except (OSError, ValueError, KeyError, TypeError):  # only the disk can have done that: then every file is kept
            self.from_last, self.names, self.beside = {}, [new.name for new in self.new.iterdir()], {}

    def made(self) -> Published:
        """Make them: the report's folder holds files of one run at any moment, and `run.json` only when it holds all."""
        note = self.folder / NOTE
        note.write_text(NOTE_TEXT, encoding="utf-8")
        entries = {name for name in self.from_last if "/" not in name}
        for name in [MANIFEST, *sorted({*self.names, *entries} - {MANIFEST})]:
            if name not in self.names or (self.new / name).exists():
                self._take_away(name)
        for new in sorted(self.new.iterdir()):
            if new.name != MANIFEST:
                self._put_in(new)
        self._put_back_corrected()
        if (self.new / MANIFEST).exists():
            self._note_beside()
            self._put_in(self.new / MANIFEST)
        note.unlink(missing_ok=True)
        self._make_previous()
        self.aside.rename(self.folder / UNPLANNED)
        shutil.rmtree(self.folder / UNPLANNED, ignore_errors=True)
        placed = (self.folder / name for name in sorted(self.names) if name not in self.beside)
        self.published.placed = [place for place in placed if place.exists()]
        self.published.beside = [(name, self.folder / place) for name, place in sorted(self.beside.items())]
        return self.published

    def _take_away(self, name: str) -> None:
        """What the last run made, out of the way; what somebody has changed since, under another name."""
        there = self.folder / name
        if not there.exists():
            return
        if name == MANIFEST:  # the first to go; while it can't, no other does: nothing else tells whose they are
            there.rename(self.old / name)
            return
        with suppress(OSError):  # open elsewhere: it stays, and its successor goes beside it
            if there.is_file() and sha256(there) != self.from_last.get(name):
                kept = _free(self.folder, there, "手工修改")
                there.rename(kept)
                self.published.kept.append((name, kept))
            else:
                there.rename(self.old / name)

    def _put_in(self, new: Path) -> None:
        place = self.folder / new.name
        if place.exists():
            place = _free(self.folder, new, "新")
            self.beside[new.name] = place.name
        else:
            self.beside.pop(new.name, None)
        self._note()
        new.rename(place)

    def _note(self) -> None:
        """Write down what goes beside an open file, before it goes there."""
        plan = {"made": self.from_last, "new": self.names, "beside": self.beside}
        text = json.dumps(plan, ensure_ascii=False)
        if text != (self.aside / PLAN).read_text(encoding="utf-8"):
            (self.aside / f"{PLAN}.new").write_text(text, encoding="utf-8")
            (self.aside / f"{PLAN}.new").replace(self.aside / PLAN)

    def _note_beside(self) -> None:
        """Let the manifest say what lies where, so that the next run takes neither file for one changed by hand."""
        content = read_manifest(self.new)
        if not self.beside or content is None:
            return
        outputs = content["outputs"]
        for name, place in self.beside.items():
            if name in outputs and place not in outputs:
                outputs[place] = outputs[name]
                outputs[name] = {"sha256": self.from_last.get(name, "")}
        write_manifest(self.aside / MANIFEST, content)
        (self.aside / MANIFEST).replace(self.new / MANIFEST)

    def _put_back_corrected(self) -> None:
        """Files of a folder that somebody put there or changed: a receipt that was corrected where it lay."""
        for name in sorted(path.name for path in self.old.iterdir() if path.is_dir()):
            folder = self.folder / name
            for file in _not_made(self.old / name, self.from_last):
                folder.mkdir(exist_ok=True)
                place = folder / file.name
                if place.exists() and not _same(place, file):
                    place = _free(folder, file, "手工修改", of=file)
                    self.published.kept.append((f"{name}/{file.name}", place))
                if not place.exists():
                    shutil.copy2(file, self.aside / "copy")  # beside its place first: a copy is not made in one go
                    (self.aside / "copy").rename(place)

    def _make_previous(self) -> None:
        if not any(self.old.iterdir()):
            return
        previous = self.folder / PREVIOUS
        try:
            if previous.exists():
                previous.rename(self.aside / OLDER)
            self.old.rename(previous)
        except OSError:  # a file in it is open: what can be replaced is
            previous.mkdir(exist_ok=True)
            for path in sorted(self.old.iterdir()):
                with suppress(OSError):
                    path.replace(previous / path.name)


def _made(folder: Path) -> dict[str, str]:
    """What the last run made here: name and SHA-256 (empty for a folder), as its manifest says.

    A file of a folder is named with it: `receipts/财政所.xlsx`.
    """
    outputs = (read_manifest(folder) or {}).get("outputs", {})
    made = {name: str(entry.get("sha256", "")) for name, entry in outputs.items()}
    # A manifest is a file like any other: a name in it that leads elsewhere is none of ours.
    return {name: digest for name, digest in made.items() if _within(name)}


def _not_made(folder: Path, made: dict[str, str]) -> list[Path]:
    """The files of a folder that the last run has not made, or not so."""
    own = {name.partition("/")[2]: digest for name, digest in made.items() if name.startswith(f"{folder.name}/")}
    if not own:
        return []
    return [file for file in sorted(folder.iterdir()) if file.is_file() and sha256(file) != own.get(file.name)]


def _within(name: str) -> bool:
    parts = name.split("/")
    return len(parts) <= 2 and all(part not in ("", ".", "..") and Path(part).name == part for part in parts)


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and sha256(one) == sha256(other)


def _free(folder: Path, file: Path, why: str, of: Path | None = None) -> Path:
    """A free name for a file in a folder; one that holds the same as `of` does as well."""
    number = 1
    while True:
        place = folder / f"{file.stem}（{why}{number if number > 1 else ''}）{file.suffix}"
        if not place.exists() or (of is not None and _same(place, of)):
            return place
        number += 1
