"""The loop over townships: a few at a time, those again whose worker died, until each has an outcome."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from typing import Protocol

from analysis.running.batch.model import BatchError, Outcome, Task, failed
from analysis.running.batch.workers import Workers

MOST_TRIES = 3
"""A township whose workers have died so often, the last time while it ran alone, is given up; so is one that the store
could not be reached for so often."""
TICK_SECONDS = 0.5
Work = Callable[[Task], Outcome]


class Watch(Protocol):
    """Is told how a batch goes."""

    def started(self, task: Task) -> None:
        """A township was given to a worker."""

    def ended(self, outcome: Outcome) -> None:
        """A township has its outcome."""

    def again(self, task: Task, why: str) -> None:
        """A township is tried again."""

    def tick(self, workers: int) -> None:
        """Time has passed."""


@dataclass
class Batch:
    """A batch on its way.

    A township whose worker has died is tried again at the end, alone: so it can't take others with it, has the machine's
    memory to itself, and no other is blamed for it.

    Args:
        workers: who runs the townships.
        work: runs one; picklable; it returns an outcome whatever the township is like.
        watch: is told.

    Attributes:
        outcomes: by township; what is there when the batch ends early is true.
    """

    workers: Workers
    work: Work
    watch: Watch
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _waiting: deque[Task] = field(default_factory=deque)
    _alone: deque[Task] = field(default_factory=deque)
    _running: dict[Future[Outcome], Task] = field(default_factory=dict)
    _deaths: Counter[str] = field(default_factory=Counter)
    _lone: bool = False

    def run(self, tasks: Sequence[Task]) -> dict[str, Outcome]:
        """Run townships until each has an outcome.

        Raises:
            BatchError: the workers are lost, or can't run the project at all.
        """
        self._waiting.extend(tasks)
        while self._waiting or self._alone or self._running:
            count = self.workers.count()
            self._submit(count)
            self.watch.tick(count)
            if not self._running:  # a cluster whose workers have all gone may get others
                time.sleep(TICK_SECONDS)
                continue
            done, _ = wait(self._running, TICK_SECONDS, FIRST_COMPLETED)
            for future in done:
                self._take(self._running.pop(future), future)
        return self.outcomes

    def _submit(self, count: int) -> None:
        """As many as there are workers: no township waits at a worker that may die of another."""
        while self._waiting and not self._lone and len(self._running) < count:
            self._start(self._waiting.popleft())
        if self._alone and not self._waiting and not self._running and count:
            self._lone = True
            self._start(self._alone.popleft())

    def _start(self, task: Task) -> None:
        try:
            future = self.workers.executor.submit(self.work, task)
        except (RuntimeError, OSError) as error:
            raise _lost(error) from error
        self._running[future] = task
        self.watch.started(task)

    def _take(self, task: Task, future: "Future[Outcome]") -> None:
        lone, self._lone = self._lone, False
        if future.cancelled():
            raise _lost(None)
        error = future.exception()
        if error is None:
            self._end(task, future.result())
            return
        deaths = self.workers.deaths(error)
        if deaths:
            self._died(task, deaths, lone)
        elif isinstance(error, ImportError | AttributeError):  # the call could not even be read there
            raise BatchError(
                f"工作进程上没有这个程序，或者版本不同（{error}）", "请在每台机器上装同一版本，再运行一次"
            ) from error
        elif isinstance(error, Exception):
            self._end(task, failed(task, f"工作进程出错（{type(error).__name__}：{error}）", "请把这一行发给维护者"))
        else:
            raise error

    def _died(self, task: Task, deaths: int, lone: bool) -> None:
        self._deaths[task.town] += deaths
        died = self._deaths[task.town]
        if lone and died >= MOST_TRIES:
            reason = f"运行它的工作进程 {died} 次意外终止"
            self._end(task, failed(task, reason, "多半是内存不够，或上报表里有特别大的文件；请单独运行这个乡镇看看"))
        else:
            again = replace(task, tries=task.tries + 1)
            self._alone.append(again)
            self.watch.again(again, "工作进程意外终止，最后单独再运行")

    def _end(self, task: Task, outcome: Outcome) -> None:
        if outcome.again and task.tries < MOST_TRIES:
            again = replace(task, tries=task.tries + 1)
            self._waiting.append(again)
            self.watch.again(again, outcome.reason)
            return
        self.outcomes[task.town] = outcome
        self.watch.ended(outcome)


def _lost(error: BaseException | None) -> BatchError:
    what = f"（{error}）" if error else ""
    return BatchError(f"和工作进程的连接断了{what}", "请检查调度器和网络，再运行同一条命令，已完成的不再运行")
