"""What a batch notes of a township in an object store, so that a second start need not fetch it to see that it is done."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from analysis.running.batch.journal import STATE, own
from analysis.running.batch.model import FAILED, Outcome, Task
from analysis.running.batch.store import Seen, Store, digest
from analysis.running.unchanged import of_fonts, of_program


def known(store: Store, task: Task, seen: Mapping[str, Seen]) -> Outcome | None:
    """The outcome noted for a township, if everything that it was made from and that it made is as it was; else none."""
    if task.force:
        return None
    try:
        noted = json.loads(store.read(_name(task)) or b"")
        outcome = Outcome(**noted["outcome"])
    except (ValueError, KeyError, TypeError):
        return None
    made_from = _made_from(task, seen)
    if not made_from or noted.get("from") != made_from or noted.get("made") != _made(task, seen):
        return None
    return replace(outcome, unchanged=True) if outcome.town == task.town and outcome.ending != FAILED else None


def note(store: Store, task: Task, before: Mapping[str, Seen], after: Mapping[str, Seen], outcome: Outcome) -> None:
    """Note an outcome.

    Args:
        store: where.
        task: the run.
        before: the listing that it was fetched by: what came in since then has not been read.
        after: the listing after it was brought back.
        outcome: how it ended.
    """
    noted = {"from": _made_from(task, before), "made": _made(task, after), "outcome": asdict(outcome)}
    if noted["from"] and noted["made"]:
        store.write(_name(task), json.dumps(noted, ensure_ascii=False, indent=1).encode())


def _made_from(task: Task, seen: Mapping[str, Seen]) -> str:
    """The digest of what a report is made from: the listing, and what its maker is; empty where that can't be told."""
    read = digest({name: entry for name, entry in seen.items() if not _own(task, name)})
    if not read:
        return ""
    said = [read, task.stamp, of_program(), of_fonts(), sorted(task.parameters.items())]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _made(task: Task, seen: Mapping[str, Seen]) -> str:
    return digest({name: entry for name, entry in seen.items() if _own(task, name)})


def _own(task: Task, name: str) -> bool:
    return name.startswith(tuple(f"{folder}/" for folder in own(task.town, task.period)))


def _name(task: Task) -> str:
    return f"{STATE}/{task.period}/{task.town}.json"
