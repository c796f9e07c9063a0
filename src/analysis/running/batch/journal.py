"""Bringing a run's files back, so that a worker may die at any moment: all of them take their places, or none.

An object store knows no folder that is renamed in one go. So the new files are put aside first, then a note of all moves
is written, and only then are the moves made. Who finds a note makes its moves again; who finds files without a note throws
them away. What somebody has changed by hand is put aside and placed under another name in the same way: no move depends on
what is in a place, which on an object store, where sources stay, can't tell whether the move was made.
"""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from analysis.running.batch.store import Seen, Store, is_file_name

STATE = "reports/.batch"
"""The folder of what a batch notes for itself."""
NOTE = "moves.json"


@dataclass(frozen=True)
class Moves:
    """What has to be done to take a run's files to their places, in any order; names are below the root.

    Attributes:
        place: files put aside, and their places.
        remove: files that the run did away with.
        seen: how the files in these places and the ones to remove looked as the moves were noted.
    """

    place: Mapping[str, str]
    remove: Sequence[str]
    seen: Mapping[str, Seen]


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
    now = _now(store, town, period)
    changed = [name for name in (*new, *gone) if name in now and now[name] != fetched.get(name)]
    moves = _noted(store, aside, Moves(place, tuple(gone), {}), changed, now)
    there = store.files(aside)
    if any(_last(name) not in there for name in moves.place):
        store.remove([f"{aside}/{NOTE}"])  # somebody took it for the rest of a dead worker
        raise OSError("放到一旁的文件不见了")
    _make(store, aside, moves)


def _noted(store: Store, aside: str, moves: Moves, changed: Sequence[str], now: Mapping[str, Seen]) -> Moves:
    """The moves, and the keeping of what somebody has changed; from here on they will be made."""
    taken = {*now, *moves.place.values()}
    kept = {name: f"{aside}/{uuid.uuid4().hex}" for name in changed}
    store.copy(kept)
    place = {**{copy: _free(name, taken) for name, copy in kept.items()}, **moves.place}
    seen = {name: now[name] for name in (*place.values(), *moves.remove) if name in now}
    moves = Moves(place, moves.remove, seen)
    store.write(f"{aside}/{NOTE}", json.dumps(asdict(moves), ensure_ascii=False).encode())
    return moves


def _free(name: str, taken: Collection[str]) -> str:
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
    for name, files in asides.items():
        aside = f"{folder}/{name}"
        moves = _moves(store, aside, town, period) if NOTE in files else None
        if moves is None:
            store.discard(aside)
            continue
        now = _now(store, town, period)
        changed = _changed_since(store, moves, files, now)
        _make(store, aside, _noted(store, aside, moves, changed, now) if changed else moves)


def _changed_since(store: Store, moves: Moves, there: Mapping[str, Seen], now: Mapping[str, Seen]) -> list[str]:
    """What somebody has changed since moves were noted, and they would overwrite or remove.

    Where a move is a copy, a place may also have changed by the move itself: it holds then what was put aside.
    """
    left = {place: name for name, place in moves.place.items() if _last(name) in there}
    changed = [name for name in (*left, *moves.remove) if name in now and now[name] != moves.seen.get(name)]
    made = {
        place
        for place, name in left.items()
        if place in changed and now[place].size == there[_last(name)].size and store.read(place) == store.read(name)
    }
    return [name for name in changed if name not in made]


def _make(store: Store, aside: str, moves: Moves) -> None:
    """Make the moves, or what is left of them; without the note, what is aside is only rubbish."""
    there = store.files(aside)
    store.move({name: place for name, place in moves.place.items() if _last(name) in there})
    store.remove(moves.remove)
    store.remove([f"{aside}/{NOTE}"])
    store.discard(aside)


def _moves(store: Store, aside: str, town: str, period: str) -> Moves | None:
    """A note as it was left; none if it names a file that is none of the township's and period's."""
    try:
        noted = json.loads(store.read(f"{aside}/{NOTE}") or b"")
        seen = {name: Seen(**entry) for name, entry in dict(noted["seen"]).items()}
        moves = Moves(dict(noted["place"]), tuple(noted["remove"]), seen)
    except (ValueError, KeyError, TypeError):
        return None
    below = tuple(f"{folder}/" for folder in own(town, period))
    names = (*moves.place.values(), *moves.remove)
    fine = all(isinstance(name, str) and is_file_name(name) and name.startswith(below) for name in names)
    return moves if fine and all(name.rpartition("/")[0] == aside for name in moves.place) else None


def _now(store: Store, town: str, period: str) -> dict[str, Seen]:
    return {f"{kind}/{name}": seen for kind in own(town, period) for name, seen in store.files(kind).items()}


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def own(town: str, period: str) -> tuple[str, str]:
    """The folders below the root that a township's run writes: its report's and its tables'."""
    return f"reports/{town}/{period}", f"processed/{town}/{period}"


def _folder(town: str, period: str) -> str:
    return f"{STATE}/{period}/{town}"
