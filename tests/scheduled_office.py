"""A project of two towns without returns, and a run that only says what it was told to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.running.scheduled.child import Say
from analysis.running.scheduled.runs import Asked

SIX = datetime.fromisoformat("2021-10-05T06:00:00+08:00")


@dataclass
class Office:
    """The project, its clock, and how the next runs end."""

    root: Path
    codes: list[int] = field(default_factory=list)
    asked_for: list[Sequence[str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    clock: datetime = SIX

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def now(self) -> datetime:
        self.clock += timedelta(seconds=1)
        return self.clock

    def asked(self, *towns: str, keep: int = 12, today: str = "2021-10-05") -> Asked:
        given = towns or ("qinghe",)
        return Asked(self.root, given, None, self.logs, keep, today=date.fromisoformat(today), now=self.now)

    def run(self, arguments: Sequence[str], root: Path, say: Say) -> int:
        """A run that makes a report, unless it was told to end otherwise."""
        self.asked_for.append(arguments)
        code = self.codes.pop(0) if self.codes else 0
        say(f"退出码会是 {code}")
        if code in (0, 2):
            report = root / "reports" / arguments[2] / arguments[4]
            (report / "notebooks").mkdir(parents=True, exist_ok=True)
            findings = {"errors": 1, "warnings": 2, "notes": 0}
            manifest = {"finished": str(self.clock), "findings": findings, "gaps": [{}] * 3, "owed": ["水利站"]}
            (report / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
            (report / "changes.html").write_text('<a href="report.html#A01">查看</a>', encoding="utf-8")
            for name in ("figures.parquet", "notebooks/3_report.ipynb", "report.html"):
                (report / name).write_text(name, encoding="utf-8")
        return code

    def kept(self, town: str = "qinghe", period: str = "2021-09") -> list[Path]:
        return sorted(path for path in (self.logs / town / period).iterdir() if path.is_dir())
