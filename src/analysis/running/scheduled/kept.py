"""The folder of a scheduled run, `logs/<town>/<period>/<time>`: what is kept of it, and the last N of them."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from itertools import count
from pathlib import Path
from typing import Any

from analysis.intake.whole import beside
from analysis.running.read_back.left import COMPARED
from analysis.running.scheduled.model import PROGRAM, Outcome, State

LOG, OUTCOME = "log.txt", "outcome.json"
PAGE, REPORT_PAGE = "changes.html", "report.html"
WRITTEN = (LOG, PAGE, *COMPARED, OUTCOME)
"""The outcome last: by it a folder is known for a run's, also what a killed `prune` leaves of it."""
NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")
RUNNING = "running"
"""The outcome of a run that has not ended yet, or that was killed."""


class Kept:
    """The folder of one run, with its log open for writing."""

    def __init__(self, period: Path, begun: datetime, town: str, name: str) -> None:
        """Make the folder; it has a number at its end where two runs begin in the same second.

        Args:
            period: the folder of the town's period below the logs.
            begun: when the run began, local time.
            town, name: whose run it is, and of which period.

        Raises:
            OSError: nothing can be written there.
        """
        period.mkdir(parents=True, exist_ok=True)
        stamp = begun.strftime("%Y%m%d-%H%M%S")
        there = [number for name in period.glob(f"{stamp}*") for at, number in [_order(name)] if at == stamp]
        for number in count(max(there, default=0) + 1):
            self.folder = period / (stamp if number == 1 else f"{stamp}-{number}")
            try:
                self.folder.mkdir()
            except FileExistsError:
                continue
            break
        self.log: TextIOWrapper = (self.folder / LOG).open("w", encoding="utf-8", errors="replace", buffering=1)
        said = {"program": PROGRAM, "outcome": RUNNING, "town": town, "period": name}
        _write(self.folder, {**said, "begun": begun.isoformat(timespec="seconds")})

    def say(self, line: str) -> None:
        """Add a line to the log; where the disk is full, the run goes on and the console alone has it."""
        with suppress(OSError):
            self.log.write(f"{line}\n")

    def take(self, report: Path) -> None:
        """Copy what tells of the run from the report that it made; the page of changes still leads to that report."""
        for name in COMPARED:
            if (report / name).is_file():
                self._copy(name, (report / name).read_bytes())
        if (report / PAGE).is_file():
            to = (report / REPORT_PAGE).as_uri()
            page = (report / PAGE).read_text(encoding="utf-8")
            self._copy(PAGE, page.replace(f'href="{REPORT_PAGE}', f'href="{to}').encode())

    def close(self, outcome: Outcome) -> None:
        """Say how it ended."""
        self.log.close()
        _write(self.folder, outcome.as_json())

    def _copy(self, name: str, content: bytes) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(content)


def add(log: Path, line: str) -> None:
    """Add a line to the log of a run that has ended."""
    with log.open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"{line}\n")


def unfinished(period: Path, own: Path) -> list[str]:
    """When runs began that never ended, the power gone or the process killed; each is told once, then stands as failed.

    Only whoever holds the lock of the period may ask.

    Args:
        period: the folder of the period below the logs.
        own: the folder of the run that asks.
    """
    found = []
    for folder, said in _runs(period):
        if said["outcome"] == RUNNING and folder != own:
            found.append(str(said.get("begun", folder.name)))
            _write(folder, {**said, "outcome": str(State.FAILED), "exit_code": None, "reason": "中途停止"})
    return found


def prune(period: Path, keep: int, own: Path) -> None:
    """Leave the last `keep` runs of a period, and what was skipped since the first of them.

    The run that asks, in the folder `own`, stays even where a clock that was set back makes it the oldest.

    Only files that a scheduled run has written are deleted; a folder in which somebody put another file stays with it.

    Raises:
        OSError: something can't be deleted.
    """
    runs = _runs(period)
    ran = [folder for folder, said in runs if said["outcome"] != State.SKIPPED][-keep:]
    skipped = [folder for folder, said in runs if said["outcome"] == State.SKIPPED][-keep:]
    left = {own, *ran, *(folder for folder in skipped if not ran or folder.name > ran[0].name)}
    for folder, _ in runs:
        if folder in left:
            continue
        for name in WRITTEN:
            (folder / name).unlink(missing_ok=True)
        for emptied in (folder / "notebooks", folder):
            if emptied.is_dir() and not any(emptied.iterdir()):
                emptied.rmdir()


def _write(folder: Path, said: Mapping[str, Any]) -> None:
    """Write `outcome.json`, one line."""
    with beside(folder / OUTCOME) as new:
        new.write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")


def _runs(period: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The folders of scheduled runs, the oldest first, each with what it says of itself; nothing else that lies there."""
    found = []
    for folder in period.iterdir() if period.is_dir() else ():
        if NAME.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            try:
                said = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(said, dict) and said.get("program") == PROGRAM and isinstance(said.get("outcome"), str):
                found.append((folder, said))
    return sorted(found, key=lambda run: _order(run[0]))


def _order(folder: Path) -> tuple[str, int]:
    stamp, number = folder.name[:15], folder.name[16:]
    return stamp, int(number) if number.isdigit() else 1
