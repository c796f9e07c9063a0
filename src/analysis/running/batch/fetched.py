"""A township's files on a worker's own disk: what its run needs is fetched, and what came of it is brought back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.running.batch.journal import bring_back, own
from analysis.running.batch.store import Seen, Store, is_file_name
from analysis.running.errors import RunError
from analysis.running.execute import FAILED
from analysis.running.final import PREFIX
from analysis.running.manifest import sha256
from analysis.running.publish import PREVIOUS

MOST_FILES, MOST_BYTES = 20_000, 4 * 1024**3
"""Of a township's returns and last report: a worker's disk is not to be filled by one township."""


@dataclass(frozen=True)
class Fetched:
    """What was fetched of a township.

    Attributes:
        folder: on this machine's disk, laid out as the root is.
        seen: how the files looked in the store, by their names below the root; also those that were not fetched.
        digests: of the fetched files that a run may change.
    """

    folder: Path
    seen: dict[str, Seen]
    digests: dict[str, str]


def listed(store: Store, town: str, period: str) -> dict[str, Seen]:
    """Everything of a township that its run may read or write, by names below the root.

    Other periods' tables count where a run may read them: the tables of their returns.

    Raises:
        RunError: more than a worker takes, or a name that leads elsewhere.
    """
    folders = [f"raw/{town}", f"reports/{town}/{period}"]
    folders += [f"processed/{town}/{other}" for other in store.folders(f"processed/{town}")]
    seen = {f"{folder}/{name}": entry for folder in folders for name, entry in store.files(folder).items()}
    tables = f"processed/{town}/"
    seen = {name: entry for name, entry in seen.items() if _needed(name, tables, f"{tables}{period}/")}
    for name in seen:
        if not is_file_name(name):
            raise RunError(f"{name!r} 不能作文件名", "请在存储中改名或删除")
    if len(seen) > MOST_FILES or sum(entry.size for entry in seen.values()) > MOST_BYTES:
        raise RunError(f"{town} 的文件太多（{len(seen)} 个）或太大", "raw 下只放上报表，其他文件请移走")
    return seen


def fetch(store: Store, town: str, period: str, seen: dict[str, Seen], folder: Path) -> Fetched:
    """Fetch what a run needs; the run before's own predecessor and the finals stay where they are."""
    report, tables = (f"{own_folder}/" for own_folder in own(town, period))
    left = (f"{report}{PREVIOUS}/", f"{report}{PREFIX}")
    names = {name: folder / name for name in seen if not name.startswith(left)}
    for path in {path.parent for path in names.values()}:
        path.mkdir(parents=True, exist_ok=True)
    store.fetch(names)
    digests = {name: sha256(path) for name, path in names.items() if name.startswith((report, tables))}
    return Fetched(folder, seen, digests)


def bring(store: Store, town: str, period: str, fetched: Fetched) -> None:
    """Bring back what a run has made, changed and done away with."""
    made = dict(_files(fetched.folder, town, period))
    new = {name: path for name, path in made.items() if fetched.digests.get(name) != sha256(path)}
    before = [name for name in fetched.seen if name in fetched.digests or name.startswith(_previous(town, period))]
    bring_back(store, town, period, new, [name for name in before if name not in made], fetched.seen)


def bring_failed(store: Store, town: str, period: str, fetched: Fetched) -> None:
    """Bring back only the notebooks that show where a run failed."""
    _, tables = own(town, period)
    failed = {f"{tables}/{path.name}": path for path in (fetched.folder / tables).glob(f"*{FAILED}")}
    new = {name: path for name, path in failed.items() if fetched.digests.get(name) != sha256(path)}
    if new:
        bring_back(store, town, period, new, [], fetched.seen)


def _previous(town: str, period: str) -> str:
    return f"{own(town, period)[0]}/{PREVIOUS}/"


def _needed(name: str, tables: str, period: str) -> bool:
    return not name.startswith(tables) or name.startswith(period) or "/returns/" in name.removeprefix(tables)


def _files(folder: Path, town: str, period: str) -> Iterator[tuple[str, Path]]:
    for kind in own(town, period):
        for path in sorted((folder / kind).rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
                yield name, path
