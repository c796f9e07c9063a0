"""The new files in their places: all together, at the end; the run before stays in `previous/`."""

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analysis.running.manifest import MANIFEST, read_manifest, sha256, write_manifest

PREVIOUS = "previous"


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
    """
    folder.mkdir(parents=True, exist_ok=True)
    published = Published()
    made = _made(folder)
    previous, older = folder / PREVIOUS, folder / f".{PREVIOUS}"
    shutil.rmtree(older, ignore_errors=True)
    if previous.exists():
        previous.rename(older)  # deleted last: a crash in between leaves every report that there was
    previous.mkdir()
    foreign: dict[str, list[Path]] = {}
    entries = {name for name in made if "/" not in name}
    for name in sorted({new.name for new in staged.iterdir()} | entries):
        old = folder / name
        if not old.exists():
            continue
        try:
            if old.is_file() and name != MANIFEST and sha256(old) != made.get(name):
                kept = _free(folder, old, "手工修改")
                old.rename(kept)
                published.kept.append((name, kept))
            else:
                old.rename(previous / name)
        except OSError:  # open elsewhere: it stays, and its successor goes beside it
            continue
        foreign[name] = _not_made(previous / name, made)
    for new in sorted(staged.iterdir()):
        place = folder / new.name
        if place.exists():
            place = _free(folder, new, "新")
            published.beside.append((new.name, place))
        else:
            published.placed.append(place)
        new.rename(place)
    for name, files in foreign.items():
        for file in files:
            (folder / name).mkdir(exist_ok=True)
            place = folder / name / file.name
            kept = _free(folder / name, file, "手工修改") if place.exists() else place
            shutil.copy2(file, kept)
            if kept != place:
                published.kept.append((f"{name}/{file.name}", kept))
    with suppress(OSError):
        previous.rmdir()  # empty where nothing was here before
    _note_beside(folder, published, made)
    shutil.rmtree(older, ignore_errors=True)
    return published


def _note_beside(folder: Path, published: Published, made: dict[str, str]) -> None:
    """Let the manifest say what lies where, so that the next run takes neither file for one changed by hand."""
    content = read_manifest(folder)
    if not published.beside or content is None:
        return
    for name, place in published.beside:
        content["outputs"][place.name] = content["outputs"].get(name, {})
        content["outputs"][name] = {"sha256": made.get(name, "")}
    write_manifest(folder / MANIFEST, content)


def _made(folder: Path) -> dict[str, str]:
    """What the last run made here: name and SHA-256 (empty for a folder), as its manifest says.

    A file of a folder is named with it: `receipts/财政所.xlsx`.
    """
    outputs = (read_manifest(folder) or {}).get("outputs", {})
    made = {name: str(entry.get("sha256", "")) for name, entry in outputs.items()}
    # A manifest is a file like any other: a name in it that leads elsewhere is none of ours.
    return {name: digest for name, digest in made.items() if _within(name)}


def _not_made(folder: Path, made: dict[str, str]) -> list[Path]:
    """The files of a folder that somebody put there or changed: a receipt that was corrected where it lay."""
    own = {name.partition("/")[2]: digest for name, digest in made.items() if name.startswith(f"{folder.name}/")}
    if not folder.is_dir() or not own:
        return []
    return [file for file in sorted(folder.iterdir()) if file.is_file() and sha256(file) != own.get(file.name)]


def _within(name: str) -> bool:
    parts = name.split("/")
    return len(parts) <= 2 and all(part not in ("", ".", "..") and Path(part).name == part for part in parts)


def _free(folder: Path, file: Path, why: str) -> Path:
    number = 1
    while True:
        place = folder / f"{file.stem}（{why}{number if number > 1 else ''}）{file.suffix}"
        if not place.exists():
            return place
        number += 1
