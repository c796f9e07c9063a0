"""How a scheduled run ended, as its log, a program and a hook tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

PROGRAM = "township-report"
"""What files written here say of their origin; nothing that does not say so is ever deleted."""


class State(StrEnum):
    """The endings of a scheduled run; their values are the words of `outcome.json`, of the hooks and their settings."""

    DONE = "done"
    GAPS = "gaps"
    FAILED = "failed"
    SKIPPED = "skipped"


TOLD = {
    State.DONE: "报告已生成",
    State.GAPS: "草稿已生成（有缺项或错误）",
    State.FAILED: "没有完成",
    State.SKIPPED: "这次没有运行",
}
COUNTS = {
    "errors": "错误{}条",
    "warnings": "疑问{}条",
    "notes": "提示{}条",
    "gaps": "缺数{}处",
    "owed": "欠报{}个部门",
}


@dataclass(frozen=True)
class Outcome:
    """One town's scheduled run.

    Attributes:
        town: its folder's name.
        period: as in `2021-09`; empty where none was due.
        state: how it ended.
        code: the exit code that says so.
        reason: why it failed or did not run; empty elsewhere.
        unchanged: whether nothing had changed since the last run, so that the report stayed as it is.
        counts: of findings by severity, gaps, departments that have not returned; no figure of a return.
        begun, finished: local times with their offset, ISO 8601.
        report: the report's folder; empty where the run made none.
        log: the log, where one could be written.
    """

    town: str
    period: str
    state: State
    code: int
    begun: str
    finished: str
    reason: str = ""
    unchanged: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    report: str = ""
    log: Path | None = None

    def as_json(self) -> dict[str, Any]:
        """As `outcome.json`, `--json` and the webhook have it."""
        return {
            "program": PROGRAM,
            "outcome": str(self.state),
            "exit_code": self.code,
            "town": self.town,
            "period": self.period,
            "begun": self.begun,
            "finished": self.finished,
            "reason": self.reason,
            "unchanged": self.unchanged,
            "counts": dict(self.counts),
            "report": self.report,
            "log": str(self.log or ""),
        }

    def told(self) -> str:
        """In a line of Chinese: how it ended, what is to be done, where report and log are."""
        subject = f"{self.town} {self.period}".strip()
        parts = [f"{TOLD[self.state]}{'，和上次一样，没有变化' if self.unchanged else ''}"]
        if self.reason:
            parts[0] += f"（{self.reason}）"
        parts += [told.format(self.counts[name]) for name, told in COUNTS.items() if self.counts.get(name)]
        places = [f"报告在 {self.report}"] if self.report else []
        places += [f"日志在 {self.log}"] if self.log else []
        return f"{subject}：{'，'.join(parts)}。" + (f"{'，'.join(places)}。" if places else "")


class StoppedError(KeyboardInterrupt):
    """Ctrl-C or a request to end: the outcomes until then, with that of the run which was stopped."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = tuple(outcomes)
        super().__init__()


def worst(outcomes: Sequence[Outcome]) -> State:
    """How several runs ended as one: failed if any did, else with gaps if any has, skipped only if all were."""
    states = {outcome.state for outcome in outcomes}
    order = (State.FAILED, State.GAPS, State.DONE)
    return next((state for state in order if state in states), State.SKIPPED)
