"""The scheduled run: each town's due period under a lock, with a log, kept outcomes, and a word to those who want it."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.intake.towns import periods_of
from analysis.running.errors import RunError
from analysis.running.failures import of_error
from analysis.running.lock import taken
from analysis.running.manifest import read_manifest, when
from analysis.running.places import Places, folder_of, places_of
from analysis.running.scheduled.child import Runner, Say, TimeLimitError
from analysis.running.scheduled.kept import LOG, Kept, add, prune, unfinished
from analysis.running.scheduled.model import Outcome, State, StoppedError
from analysis.scheme.names import below
from analysis.scheme.period import Period

CODES = {0: State.DONE, 1: State.FAILED, 2: State.GAPS, 3: State.SKIPPED}
"""The exit codes of `township-report run` and of a scheduled run."""
CODE_OF = {state: code for code, state in CODES.items()}
NOT_DUE = "not-due"
"""Instead of a period, below the logs of a town for which none was due."""
LATEST = 6
"""A period is due for so many months after its end: late returns of a year come until summer; an old report stays as it is."""
BUSY = "同一乡镇、同一报告期正在另一处运行"


def due(periods: Sequence[Period], today: date) -> Period | None:
    """The last period that is over and for whose returns there is a folder; none where its time has passed as well.

    Args:
        periods: those that the township has folders of.
        today: the day of the run, as the clock of the machine has it.
    """
    month = today.year * 12 + today.month - 1
    over = [period for period in periods if 1 <= month - (period.year * 12 + period.month - 1) <= LATEST]
    return max(over, default=None)


@dataclass(frozen=True)
class Asked:
    """What a scheduled run is asked for.

    Attributes:
        root: the project's folder.
        towns: whose reports.
        period: of all of them; none lets each town have the one that is due.
        logs: the folder of logs.
        keep: how many runs of each town and period are kept there.
        folders: as `places_of` takes them.
        options: further options of `township-report run`.
        today: which day it is.
        now: the clock of the logs.
    """

    root: Path
    towns: Sequence[str]
    period: Period | None
    logs: Path
    keep: int
    folders: Mapping[str, Path | None] = field(default_factory=dict)
    options: Sequence[str] = ()
    today: date = field(default_factory=date.today)
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()

    def places(self, town: str, period: Period) -> Places:
        """Where everything of a town and period lies."""
        return places_of(self.root, town, period, **self.folders)

    def due(self, town: str) -> Period | None:
        """The period of a town that is to be run."""
        return self.period or due(self.periods(town), self.today)

    def periods(self, town: str) -> list[Period]:
        """The periods that a town has folders of."""
        return periods_of(below(folder_of(self.root, "raw", self.folders.get("raw")), town))

    def not_due(self, town: str) -> str:
        """Why a town is not to be run, and what to do."""
        periods = self.periods(town)
        there = f"现有 {'、'.join(str(period) for period in periods)}" if periods else "还没有报告期的文件夹"
        return f"最近 {LATEST} 个月内结束的报告期都没有建文件夹，{there}；要运行更早的，用 --period 指定"


def scheduled(asked: Asked, run: Runner, say: Say) -> list[Outcome]:
    """Run every town that was asked for; what goes wrong in one stops no other.

    Args:
        asked: what to do.
        run: runs `township-report run`.
        say: takes each line for the console.

    Returns:
        An outcome a town, in their order.

    Raises:
        StoppedError: Ctrl-C, or a request to end; with the outcomes until then.
    """
    outcomes: list[Outcome] = []
    for town in asked.towns:
        begun, period = asked.now(), asked.period
        try:
            period = asked.due(town)
            outcome = _one(asked, town, period, begun, run, say)
        except StoppedError as stopped:
            raise StoppedError([*outcomes, *stopped.outcomes]) from None
        except (OSError, ValueError) as error:  # a full disk, a folder that can't be read or whose name no system takes
            outcome = _outcome(asked, town, str(period or ""), begun, State.FAILED, _why_no_log(error, asked.logs))
        say(outcome.told())
        outcomes.append(outcome)
    return outcomes


def _one(asked: Asked, town: str, period: Period | None, begun: datetime, run: Runner, say: Say) -> Outcome:
    """One town, with a log; the lock is that of its scheduled runs, and the run in it takes that of the report."""
    name = str(period or "")
    folder = below(asked.logs, town, name or NOT_DUE)
    kept = Kept(folder, begun, town, name)

    def both(line: str) -> None:
        kept.say(line)
        say(line)

    def end(state: State, reason: str = "", **more: Any) -> Outcome:
        outcome = _outcome(asked, town, name, begun, state, reason, log=kept.folder / LOG, **more)
        kept.say(outcome.told())
        try:
            kept.close(outcome)
        except OSError as error:  # the disk has filled up: the report is as it is
            say(_why_no_log(error, asked.logs))
        return outcome

    both(f"—— {town} {name}，{begun:%Y-%m-%d %H:%M:%S} ——".replace(" ，", "，"))
    try:
        lock = taken(folder.parent / f".{folder.name}.lock")
    except RunError as error:
        return end(State.FAILED, error.found)
    if lock is None:
        return end(State.SKIPPED, BUSY)
    try:
        for stopped in unfinished(folder, kept.folder):
            both(f"{when(stopped)} 开始的那一次没有结束（停电、重启或者被中止），报告还是它之前的；这一次重新运行。")
        if period is None:
            outcome = end(State.SKIPPED, asked.not_due(town))
        else:
            outcome = _run(asked, asked.places(town, period), kept, run, both, end)
        try:
            prune(folder, asked.keep, kept.folder)
        except OSError as error:
            told = f"旧日志删不掉：{error.filename or folder}（{error.strerror or error}）"
            add(kept.folder / LOG, told)
            say(told)
        return outcome
    finally:
        lock.release()


def _run(asked: Asked, places: Places, kept: Kept, run: Runner, both: Say, end: Callable[..., Outcome]) -> Outcome:
    """Run the command, and keep what it made."""
    before = read_manifest(places.report) or {}
    try:
        code = run(["run", "--town", places.town, "--period", str(places.period), *asked.options], asked.root, both)
    except TimeLimitError as error:
        return end(State.FAILED, str(error))
    except OSError as error:  # no memory, no processes left
        return end(State.FAILED, f"运行没有启动：{error.strerror or error}")
    except KeyboardInterrupt:
        raise StoppedError([end(State.FAILED, "被中断")]) from None
    state = CODES.get(code, State.FAILED)
    if state not in (State.DONE, State.GAPS):
        return end(state, BUSY if state is State.SKIPPED else _why(code))
    after = read_manifest(places.report) or {}
    unchanged = before.get("finished") == after.get("finished")
    if not unchanged:
        try:
            kept.take(places.report)
        except OSError as error:
            both(_why_no_log(error, asked.logs))
    return end(state, unchanged=unchanged, counts=counts_of(after), report=str(places.report))


def _why_no_log(error: OSError | ValueError, logs: Path) -> str:
    """Why a run could not even be begun, or not be told of in its log."""
    if not isinstance(error, OSError) or (told := of_error(error)) is None:
        return str(error)
    found, remedy = told
    of_logs = Path(str(error.filename or logs)).is_relative_to(logs)
    return f"日志写不进 {logs}：{found}" if of_logs else f"{found}。{remedy.rstrip('。')}"


def _why(code: int) -> str:
    if code == CODE_OF[State.FAILED]:
        return "原因和办法见日志"
    if code < 0:
        name = next((one.name for one in signal.Signals if one == -code), str(-code))
        return f"运行被系统中止（{name}）{'，可能是内存不够' if name == 'SIGKILL' else ''}"
    return f"退出码 {code}"


def counts_of(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How much there is to do, from `run.json`: findings, gaps, departments that have not returned."""
    findings = manifest.get("findings")
    counts = (
        {name: findings.get(name, 0) for name in ("errors", "warnings", "notes")} if isinstance(findings, dict) else {}
    )
    lists = {"gaps": manifest.get("gaps"), "owed": manifest.get("owed")}
    return counts | {name: len(listed) for name, listed in lists.items() if isinstance(listed, list)}


def _outcome(asked: Asked, town: str, name: str, begun: datetime, state: State, reason: str, **more: Any) -> Outcome:
    times = begun.isoformat(timespec="seconds"), asked.now().isoformat(timespec="seconds")
    return Outcome(town, name, state, CODE_OF[state], *times, reason, **more)
