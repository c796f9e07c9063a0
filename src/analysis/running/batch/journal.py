"""Bringing a run's files back, so that a worker may die at any moment: all of them take their places, or none.

An object store knows no folder that is renamed in one go. So the new files are put aside first, then a note of all moves
is written, and only then are the moves made. Who finds a note makes its moves again; who finds files without a note throws
them away.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath

from analysis.running.batch.store import Seen, Store, is_file_name

STATE = "reports/.batch"
"""The folder of what a batch notes for itself."""
NOTE = "moves.json"


@dataclass(frozen=True)
class Moves:
    """What has to be done to take a run's files to their places, in this order; names are below the root.

    Attributes:
        keep: files that somebody changed while the run went on, and the names that they are kept under.
        place: files put aside, and their places.
        remove: files that the run did away with.
    """

    keep: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)
    remove: Sequence[str] = ()


def bring_back(
    store: Store, town: str, period: str, new: Mapping[str, Path], gone: Sequence[str], fetched: Mapping[str, Seen]
) -> None:
    """Bring new and changed files to their places, and do away with others.

    What somebody has changed in the store since it was fetched is kept under another name.

    Args:
        store: where to.
        town: the township.
        period: its period.
        new: files on this machine's disk, by their names below the root.
        gone: names below the root.
        fetched: how the files looked as they were fetched.

    Raises:
        OSError: the store could not be written; nothing has moved, or the next start moves it.
    """
    aside = f"{_folder(town, period)}/{uuid.uuid4().hex}"
    place = {f"{aside}/{number}": name for number, name in enumerate(new)}
    store.put({f"{aside}/{number}": path for number, path in enumerate(new.values())})
    now = {f"{kind}/{name}": seen for kind in own(town, period) for name, seen in store.files(kind).items()}
    changed = [name for name in (*new, *gone) if name in now and now[name] != fetched.get(name)]
    moves = Moves({name: _free(name, now) for name in changed}, place, tuple(gone))
    store.write(f"{aside}/{NOTE}", json.dumps(asdict(moves), ensure_ascii=False).encode())
    there = store.files(aside)
    if any(name.rpartition("/")[2] not in there for name in place):
        store.remove([f"{aside}/{NOTE}"])  # somebody took it for the rest of a dead worker
        raise OSError("放到一旁的文件不见了")
    _make(store, aside, moves)


def _free(name: str, taken: Mapping[str, Seen]) -> str:
    """A free name beside a file that somebody has changed."""
    path = PurePosixPath(name)
    names = (str(path.with_name(f"{path.stem}-手工修改{number}{path.suffix}")) for number in count(1))
    return next(free for free in names if free not in taken)


def recover(store: Store, town: str, period: str) -> None:
    """Finish what a worker that died had begun, before anything is read."""
    folder = _folder(town, period)
    asides: dict[str, dict[str, Seen]] = {}
    for name, seen in store.files(folder).items():
        aside, _, file = name.partition("/")
        asides.setdefault(aside, {})[file] = seen
    for aside, files in asides.items():
        moves = _moves(store, f"{folder}/{aside}", town, period) if NOTE in files else None
        if moves is not None:
            _make(store, f"{folder}/{aside}", moves)
        else:
            store.remove([f"{folder}/{aside}/{name}" for name in files])


def _make(store: Store, aside: str, moves: Moves) -> None:
    """Make the moves, or what is left of them; the note goes last."""
    there = store.files(aside)
    left = {name: place for name, place in moves.place.items() if name.rpartition("/")[2] in there}
    if len(left) == len(moves.place):  # else the moves have begun: the files were kept before that
        store.copy(moves.keep)
    store.move(left)
    store.remove(moves.remove)
    store.remove(left)
    store.remove([f"{aside}/{NOTE}"])


def _moves(store: Store, aside: str, town: str, period: str) -> Moves | None:
    """A note as it was left; none if it names a file that is none of the township's and period's."""
    try:
        noted = json.loads(store.read(f"{aside}/{NOTE}") or b"")
        moves = Moves(dict(noted["keep"]), dict(noted["place"]), tuple(noted["remove"]))
    except (ValueError, KeyError, TypeError):
        return None
    below = tuple(f"{folder}/" for folder in own(town, period))
    names = (*moves.keep, *moves.keep.values(), *moves.place.values(), *moves.remove)
    fine = all(isinstance(name, str) and is_file_name(name) and name.startswith(below) for name in names)
    return moves if fine and all(name.rpartition("/")[0] == aside for name in moves.place) else None


def own(town: str, period: str) -> tuple[str, str]:
    """The folders below the root that a township's run writes: its report's and its tables'."""
    return f"reports/{town}/{period}", f"processed/{town}/{period}"


def _folder(town: str, period: str) -> str:
    return f"{STATE}/{period}/{town}"
