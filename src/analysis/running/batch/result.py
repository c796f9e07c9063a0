"""What came of a batch: a table of outcomes below the root, and a few lines for whoever waited."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from analysis.intake.store import FORMULA
from analysis.running.batch.model import DONE, FAILED, GAPS, SAID, Outcome
from analysis.running.console import print_table, say, table

HEADS = ("乡镇", "结果", "原因", "办法", "没有变化", "秒", "第几次", "内存MB", "工作进程")
MOST_TOLD = 20
CODES = {DONE: 0, FAILED: 1, GAPS: 2}


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0: every township has its report; 2: some lack something, or have failed; 1: none has a report."""
    endings = {outcome.ending for outcome in outcomes}
    return CODES[endings.pop()] if len(endings) == 1 else CODES[GAPS]


def as_csv(outcomes: Iterable[Outcome]) -> bytes:
    """The table of outcomes as Excel opens it; what begins like a formula stays text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADS)
    for each in outcomes:
        texts = [f"'{cell}" if FORMULA.match(cell) else cell for cell in (each.town, each.reason, each.remedy)]
        town, *why = texts
        unchanged = "是" if each.unchanged else ""
        measured = (unchanged, each.seconds, each.tries, each.peak_mb, each.worker)
        writer.writerow([town, SAID[each.ending], *why, *measured])
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


@dataclass(frozen=True)
class Result:
    """What came of a batch that was not broken off.

    Attributes:
        period: of all its townships.
        outcomes: one a township, by their names.
        seconds: how long it took.
    """

    period: str
    outcomes: Sequence[Outcome]
    seconds: float

    @property
    def code(self) -> int:
        """The exit code."""
        return exit_code(self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """For a program."""
        counts = Counter(outcome.ending for outcome in self.outcomes)
        unchanged = sum(outcome.unchanged for outcome in self.outcomes)
        return {
            "period": self.period,
            "seconds": round(self.seconds, 1),
            "counts": {ending: counts[ending] for ending in SAID} | {"unchanged": unchanged},
            "towns": [{key: value for key, value in asdict(o).items() if key != "again"} for o in self.outcomes],
        }


def print_result(console: Console, result: Result) -> None:
    """Tell how a batch ended."""
    outcomes = result.outcomes
    counts = Counter(outcome.ending for outcome in outcomes)
    unchanged = sum(outcome.unchanged for outcome in outcomes)
    told = "，".join(f"{SAID[ending]} {counts[ending]}" for ending in SAID)
    say(console, f"共 {len(outcomes)} 个乡镇：{told}；其中没有变化 {unchanged}。")
    for ending, title in ((FAILED, "没有做出报告的"), (GAPS, "草稿缺什么")):
        those = [outcome for outcome in outcomes if outcome.ending == ending]
        if not those:
            continue
        heads = ("乡镇", "原因", "办法") if ending == FAILED else ("乡镇", "缺什么")
        drawn = table(console, *heads, title=title)
        for each in those[:MOST_TOLD]:
            cells = (each.town, each.reason, each.remedy) if ending == FAILED else (each.town, each.reason)
            drawn.add_row(*map(Text, cells))
        print_table(console, drawn)
        if len(those) > MOST_TOLD:
            say(console, f"等 {len(those)} 个，全部见下面的表。")
    ran = [outcome for outcome in outcomes if not outcome.unchanged and outcome.ending != FAILED]
    speed = f"，每分钟 {len(ran) / result.seconds * 60:.1f} 个" if ran and result.seconds else ""
    peak = max((outcome.peak_mb for outcome in outcomes), default=0.0)
    memory = f"，单个工作进程最多用内存 {peak:.0f} MB" if peak else ""
    say(console, f"用时 {result.seconds:.0f} 秒{speed}{memory}")
