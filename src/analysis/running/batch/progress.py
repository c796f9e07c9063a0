"""How a batch goes, for whoever watches: a live table on a terminal, a line a township elsewhere."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from analysis.running.batch.model import DONE, FAILED, GAPS, SAID, Outcome, Task
from analysis.running.console import say

MOST_RUNNING, MOST_FAILED = 8, 5
COLOURS = {DONE: "green", GAPS: "yellow", FAILED: "red"}


@dataclass
class Plain:
    """A line for each township that has ended.

    Args:
        console: prints.
        towns: how many there are.
    """

    console: Console
    towns: int
    ended_so_far: int = 0

    def started(self, task: Task) -> None:
        """Nothing to say."""

    def ended(self, outcome: Outcome) -> None:
        """Say how it ended."""
        self.ended_so_far += 1
        why = f"：{' '.join(outcome.reason.split())}" if outcome.reason else ""
        spent = "没有变化" if outcome.unchanged else f"{outcome.seconds:.1f} 秒"
        line = f"[{self.ended_so_far}/{self.towns}] {outcome.town} {SAID[outcome.ending]}（{spent}）{why}"
        say(self.console, line, COLOURS[outcome.ending])

    def again(self, task: Task, why: str) -> None:
        """Say that it is tried again."""
        say(self.console, f"{task.town} 第 {task.tries} 次运行：{why}")

    def tick(self, workers: int) -> None:
        """Nothing to say."""


@dataclass
class LiveTable:
    """A table that shows itself anew: counts, speed, what runs, the last failures.

    Args:
        live: shows it.
        towns: how many there are.
        where: who runs them.
    """

    live: Live
    towns: int
    where: str
    begun: float = field(default_factory=time.monotonic)
    running: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    failures: deque[Outcome] = field(default_factory=lambda: deque(maxlen=MOST_FAILED))
    workers: int = 0

    def started(self, task: Task) -> None:
        """It is among those that run."""
        self.running[task.town] = time.monotonic()

    def ended(self, outcome: Outcome) -> None:
        """It is counted."""
        self.running.pop(outcome.town, None)
        self.counts[outcome.ending] += 1
        self.counts["unchanged"] += outcome.unchanged
        if outcome.ending == FAILED:
            self.failures.append(outcome)

    def again(self, task: Task, why: str) -> None:  # noqa: ARG002
        """It waits again."""
        self.running.pop(task.town, None)
        self.counts["again"] += 1

    def tick(self, workers: int) -> None:
        """Show how things stand."""
        self.workers = workers
        self.live.update(self.shown())

    def shown(self) -> RenderableType:
        """The table as it stands."""
        now = time.monotonic()
        ended = sum(self.counts[ending] for ending in SAID)
        head = Table.grid(padding=(0, 2))
        head.add_row(
            f"{ended}/{self.towns}",
            ProgressBar(total=max(self.towns, 1), completed=ended, width=40),
            *(Text(f"{SAID[ending]} {self.counts[ending]}", COLOURS[ending]) for ending in SAID),
            f"没有变化 {self.counts['unchanged']}",
            f"重试 {self.counts['again']}",
        )
        rate = (ended - self.counts["unchanged"]) / max(now - self.begun, 1e-9) * 60
        told = [self.where, f"工作进程 {self.workers}", f"已用 {_span(now - self.begun)}"]
        if ended >= max(2 * self.workers, 1) and ended < self.towns:
            left = (self.towns - ended) * (now - self.begun) / ended
            told += [f"每分钟 {rate:.1f} 个", f"约剩 {_span(left)}"]
        table = Table("正在运行", "已用", box=None, header_style="dim", padding=(0, 2))
        for town, since in list(self.running.items())[:MOST_RUNNING]:
            table.add_row(Text(town), _span(now - since))
        if len(self.running) > MOST_RUNNING:
            table.add_row(f"等 {len(self.running)} 个", "")
        failed = [Text(f"× {each.town}：{' '.join(each.reason.split())[:160]}", "red") for each in self.failures]
        return Group(head, Text("，".join(told), "dim"), table, *failed)


def _span(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
