"""What goes to a worker and what comes back: plain values, small enough for tens of thousands of townships."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from analysis.running.console import harmless
from analysis.running.limits import MINUTES

Ending = Literal["done", "gaps", "failed"]
DONE: Final = "done"
GAPS: Final = "gaps"
FAILED: Final = "failed"
SAID: Mapping[Ending, str] = {DONE: "完成", GAPS: "草稿", FAILED: "失败"}
"""How a township ended, as the user reads it."""
LONGEST = 2000
"""Characters of a reason: a scheme or a workbook can have any number of mistakes."""


@dataclass(frozen=True)
class Task:
    """One township's run.

    Attributes:
        root: the root as an fsspec URL.
        town: the name of its folder below `raw`.
        period: as the command line writes it.
        scheme: where the scheme lies, an fsspec URL or a path; empty for the project's own.
        stamp: the digest of program, notebooks and scheme that the run must be made by.
        parameters: further parameters of the notebooks.
        force: whether to run every notebook again.
        minutes: how long a notebook may take.
        tries: which try this is.
    """

    root: str
    town: str
    period: str
    scheme: str = ""
    stamp: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    minutes: float = MINUTES
    tries: int = 1


@dataclass(frozen=True)
class Outcome:
    """How a township's run ended.

    Attributes:
        town: the name of its folder.
        ending: done; done with gaps, a draft; failed.
        reason: in Chinese, why it failed or what a draft lacks.
        remedy: in Chinese, what to do.
        unchanged: whether there was nothing to run.
        seconds: in its worker, fetching and bringing back included.
        tries: how often it was started.
        worker: where it ran last.
        peak_mb: the most memory that its worker had during it, with kernels and warm process; 0 where nobody measured.
        again: whether another try may help: the store could not be reached, not the township is to blame.
    """

    town: str
    ending: Ending
    reason: str = ""
    remedy: str = ""
    unchanged: bool = False
    seconds: float = 0.0
    tries: int = 1
    worker: str = ""
    peak_mb: float = 0.0
    again: bool = False


class BatchError(RuntimeError):
    """What ends a whole batch, or keeps it from starting: what is wrong, and what to do, in Chinese."""

    def __init__(self, found: str, remedy: str = "") -> None:
        self.found, self.remedy = found, remedy
        super().__init__(f"{found}\n{remedy}".strip())


def failed(task: Task, reason: str, remedy: str = "", again: bool = False) -> Outcome:
    """The outcome of a township that has no new report; its words may quote a return, and are shown in a terminal."""
    reason, remedy = (harmless(text[:LONGEST]) for text in (reason, remedy))
    return Outcome(task.town, FAILED, reason, remedy, tries=task.tries, again=again)
