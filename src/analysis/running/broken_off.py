"""Why a notebook broke off, in Chinese: a cell that failed, one that took too long, a kernel that was killed."""

import builtins
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.running.failures import of_error, of_text

SHOWN = 40
"""Characters of a cell that tell which it is."""
MEMORY = "请关掉别的程序，或用 --workers 1 少开几个，再运行一次。"
OF_SYSTEM = {kind.__name__ for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, OSError)}
OF_SYSTEM.add(shutil.Error.__name__)
"""The exceptions that tell of the system. Any other may quote a return, which may say whatever it likes."""
STOPPED_BY_SYSTEM = -signal.SIGKILL if hasattr(signal, "SIGKILL") else -9


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped a notebook, if something did.

    Attributes:
        error: what is wrong.
        remedy: what to do, where that is known.
        machine: whether the machine is to blame, and no other notebook would fare better.
    """

    error: str | None = None
    remedy: str = ""
    machine: bool = False


class Clock:
    """The time that is left to a notebook, and the cell that it is spent on.

    Args:
        minutes: all that it may take.
    """

    def __init__(self, minutes: float) -> None:
        self.minutes = minutes
        self._last = time.monotonic() + minutes * 60
        self._cell: Any = None
        self._number = 0

    def left(self, cell: Any) -> int:
        """The whole seconds that a cell may take; the client asks as it begins with it."""
        if cell is not self._cell:
            self._cell, self._number = cell, self._number + 1
        return max(1, round(self._last - time.monotonic()))

    @property
    def begun(self) -> bool:
        """Whether a cell was given to the kernel."""
        return self._cell is not None

    @property
    def cell(self) -> str:
        """Which cell the notebook was at, as a user finds it."""
        if self._cell is None:
            return "还没有开始"
        first = next((line.strip() for line in str(self._cell.source).splitlines() if line.strip()), "")
        shown = f"{first[:SHOWN]}…" if len(first) > SHOWN else first
        return f"停在第{self._number}个代码单元（{shown}）"


def of_cell(name: str, value: str) -> Failure:
    """Of a cell's exception, by its name and its words."""
    told = of_text(value) if name in OF_SYSTEM else None
    if told is not None:
        return Failure(*told, machine=True)
    if name.endswith("MemoryError"):
        return Failure(f"内存不够（{value or name}）。", MEMORY)
    return Failure(value or name)


def failure_of(error: Exception, clock: Clock, endings: Sequence[int]) -> Failure:
    """Of whatever else stopped it.

    Args:
        error: as papermill or the kernel's client raised it.
        clock: of the notebook.
        endings: how its kernel ended, if it ended by itself.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    if isinstance(error, CellTimeoutError):
        return Failure(
            f"运行了{clock.minutes:g}分钟还没有结束，已经停止；{clock.cell}。",
            "再运行一次；确实需要更久的，用 --timeout 放宽。",
        )
    if isinstance(error, DeadKernelError):
        return _ended(endings[-1] if endings else None, clock)
    if isinstance(error, RuntimeError) and not clock.begun:  # as jupyter_client says it, in English
        return Failure("内核没有启动，多半是电脑太忙，或者内存不够。", MEMORY, machine=True)
    if isinstance(error, OSError):
        told = of_error(error)
        if told is not None:
            return Failure(*told, machine=True)
    if isinstance(error, MemoryError):
        return Failure("内存不够。", MEMORY)
    return Failure(f"{type(error).__name__}：{error}")


def _ended(code: int | None, clock: Clock) -> Failure:
    if code is None or code == STOPPED_BY_SYSTEM:
        return Failure(f"内核被系统强行结束了，多半是内存不够；{clock.cell}。", MEMORY)
    how = f"信号 {signal.Signals(-code).name}" if -code in {*signal.Signals} else f"退出码 {code}"
    return Failure(
        f"内核自己退出了（{how}），多半是程序库崩溃；{clock.cell}。",
        "再运行一次；还是这样的，运行 township-report doctor，把结果和出错的笔记本交给维护人员。",
    )
