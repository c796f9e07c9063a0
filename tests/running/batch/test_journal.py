"""What a worker that dies at any write leaves, where somebody has changed files by hand meanwhile; on a disk and not."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from analysis.running.batch.journal import STATE, bring_back, recover
from analysis.running.batch.store import Store

TOWN, PERIOD = "青禾 镇[1]", "2021"
REPORT, TABLES = f"reports/{TOWN}/{PERIOD}", f"processed/{TOWN}/{PERIOD}"
HTML, PDF, DOCX, TABLE = f"{REPORT}/report.html", f"{REPORT}/report.pdf", f"{REPORT}/a.docx", f"{TABLES}/t.parquet"
OLD = {HTML: b"OLD", DOCX: b"OLD", TABLE: b"OLD"}
NEW = {HTML: b"NEW HTML", PDF: b"NEW PDF", TABLE: b"NEW TABLE"}
DURING = {HTML: b"EDITED DURING THE RUN", DOCX: b"WORD EDITED DURING THE RUN"}
"""By hand, after the files were fetched; the run does away with the Word document."""
AFTER = {
    HTML: b"EDITED AFTER THE DEATH, ONCE MORE",
    PDF: b"A PDF MADE BY HAND",
    DOCX: b"A WORD DOCUMENT MADE ANEW BY HAND",
}
"""By hand, between the death and the next start."""


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


def killed(at: int, action: Callable[[], None]) -> bool:
    """Whether an action died, if its nth write to the store kills it; on a disk, half of the file is written then."""
    numbers = count(1)
    with pytest.MonkeyPatch.context() as patch:
        for system in (LocalFileSystem, MemoryFileSystem):
            for name in (
                "cp_file",
                "mv",
                "rm_file",
                "pipe_file",
                *(("put_file",) if system is MemoryFileSystem else ()),
            ):
                original = getattr(system, name)

                def write(fs: Any, *args: Any, name: str = name, original: Any = original, **keywords: Any) -> Any:
                    if next(numbers) != at:
                        return original(fs, *args, **keywords)
                    if isinstance(fs, LocalFileSystem) and name in ("cp_file", "pipe_file"):
                        Path(args[0] if name == "pipe_file" else args[1]).write_bytes(b"HALF")
                    raise Killed

                patch.setattr(system, name, write)
        try:
            action()
        except Killed:
            return True
    return False


def contents(store: Store) -> dict[str, bytes]:
    names = [f"{folder}/{name}" for folder in (REPORT, TABLES) for name in store.files(folder)]
    return {name: store.read(name) or b"" for name in names}


def aside(store: Store) -> list[str]:
    """Every file that the moves have left, hidden ones as well."""
    return [*store.fs.find(store.at(f"{STATE}/{PERIOD}/{TOWN}"))]


@pytest.fixture(params=["memory", "disk"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Makes roots, on each kind of store: where a move is a copy, and where it is a move."""
    base = f"{tmp_path if request.param == 'disk' else 'memory:/'}/{uuid.uuid4().hex}"

    def make() -> Store:
        clear()
        return Store(f"{base}/{uuid.uuid4().hex}/各 乡镇")

    def clear() -> None:
        store = Store(base)
        if store.fs.exists(store.path):
            store.fs.rm(store.path, recursive=True)

    yield make
    clear()


def written(store: Store, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        store.write(name, content)


def bringing(store: Store, made: Path, new: Mapping[str, bytes], gone: list[str]) -> Callable[[], None]:
    """The bringing back of a run during which somebody changed files."""
    written(store, OLD)
    fetched = {f"{folder}/{name}": seen for folder in (REPORT, TABLES) for name, seen in store.files(folder).items()}
    written(store, DURING)
    paths = {name: made / str(number) for number, name in enumerate(new)}
    for name, path in paths.items():
        path.write_bytes(new[name])
    return lambda: bring_back(store, TOWN, PERIOD, paths, gone, fetched)


@pytest.mark.parametrize("after", [{}, AFTER], ids=["untouched", "edited-after"])
def test_no_death_loses_what_somebody_changed(
    fresh: Callable[[], Store], tmp_path: Path, after: Mapping[str, bytes]
) -> None:
    """A worker dies at any write, so does the one that finishes its work: all the new files are there, or none; and
    whatever was written by hand is there whole."""
    ends = set()
    for first in count(1):
        for second in count(1):
            store = fresh()
            died = killed(first, bringing(store, tmp_path, NEW, [DOCX]))
            left = contents(store)
            by_hand = dict(after) if died else {}
            written(store, by_hand)
            again = died and killed(second, lambda store=store: recover(store, TOWN, PERIOD))
            recover(store, TOWN, PERIOD)
            found, moment = contents(store), (first, second)
            renewed = found[TABLE] == NEW[TABLE]
            if renewed:  # what was written by hand over the new files stays where it is, or is kept as well
                for name in (HTML, PDF, DOCX):
                    stays = left.get(name) == NEW.get(name) and found.get(name) == by_hand.get(name, NEW.get(name))
                    assert stays or found.get(name) == NEW.get(name), (moment, name)
                assert {*DURING.values()} <= {*found.values()}, moment
            else:
                assert found == {**OLD, **DURING, **by_hand}, moment
            assert {*by_hand.values()} <= {*found.values()}, moment
            assert b"HALF" not in found.values(), moment
            assert aside(store) == [], moment
            ends.add(renewed)
            if not again:
                break
        if not died:
            break
    assert first > 10, "the kills came nowhere"
    assert ends == {True, False}


def test_a_note_without_new_files_is_finished_too(fresh: Callable[[], Store], tmp_path: Path) -> None:
    for at in count(1):
        store = fresh()
        died = killed(at, bringing(store, tmp_path, {}, [DOCX]))
        recover(store, TOWN, PERIOD)
        assert DURING[DOCX] in contents(store).values(), at
        assert aside(store) == [], at
        if not died:
            break
    assert DOCX not in contents(store)


def test_an_undisturbed_recovery_keeps_no_copies(fresh: Callable[[], Store], tmp_path: Path) -> None:
    """What the moves themselves have changed is nobody's edit."""
    for at in count(1):
        store = fresh()
        died = killed(at, bringing(store, tmp_path, NEW, [DOCX]))
        recover(store, TOWN, PERIOD)
        found = contents(store)
        if found.get(PDF) == NEW[PDF]:
            kept = {f"{REPORT}/report-手工修改1.html": DURING[HTML], f"{REPORT}/a-手工修改1.docx": DURING[DOCX]}
            assert found == {**NEW, **kept}, at
        if not died:
            break
    assert found.get(PDF) == NEW[PDF]


@pytest.mark.parametrize("deaths", range(4), ids=["moves-made", "old-removed", "note-removed", "undisturbed"])
def test_a_death_at_the_clean_up(root_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int) -> None:
    """As above, also on an S3 server: the moves are made, and what was kept by hand stays as it is."""
    store, numbers, remove = Store(root_url), count(), Store.remove

    def dying(self: Store, names: Iterable[str]) -> None:
        if next(numbers) == deaths:
            raise Killed
        remove(self, names)

    bring = bringing(store, tmp_path, NEW, [DOCX])
    with monkeypatch.context() as patch:
        patch.setattr(Store, "remove", dying)
        with suppress(Killed):
            bring()
    recover(store, TOWN, PERIOD)
    kept = {f"{REPORT}/report-手工修改1.html": DURING[HTML], f"{REPORT}/a-手工修改1.docx": DURING[DOCX]}
    assert contents(store) == {**NEW, **kept}
    assert aside(store) == []
    if store.local is not None and deaths == 3:
        assert store.folders(f"{STATE}/{PERIOD}/{TOWN}") == []
