"""The final report (定稿): refused with the list of what stands in the way, else frozen under a number of its own."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.figures.model import from_frame
from analysis.figures.obstacles import Missing, Obstacle, obstacles, standing
from analysis.intake.frames import Finding, Value
from analysis.running.errors import RunError
from analysis.scheme import Facts, Scheme

PREFIX = "final-"
FROZEN = ("report*.html", "report*.pdf", "report*.docx", "figures*.csv", "figures*.parquet", "findings.csv", "run.json")
"""What a final consists of, in every edition, beside the notebooks as executed."""
FROZEN_FOLDERS = ("notebooks",)


def in_the_way(
    scheme: Scheme,
    facts: Facts,
    values: pd.DataFrame,
    findings: pd.DataFrame,
    submissions: pd.DataFrame,
    gaps: Sequence[Mapping[str, Any]],
) -> list[Obstacle]:
    """Everything that stands, or would stand but for a waiver, in the way of a final."""
    return obstacles(
        scheme,
        facts,
        from_frame(values, Value),
        from_frame(findings, Finding),
        {str(row["department"]): str(row["state"]) for row in submissions.to_dict("records")},
        [Missing(str(gap["department"]), str(gap["code"]), str(gap["text"])) for gap in gaps],
    )


def require_final(found: Sequence[Obstacle], places_hint: str) -> None:
    """See that nothing stands in the way of a final.

    Raises:
        RunError: with everything that does, and what to do.
    """
    left = standing(found)
    if left:
        listed = "\n".join(f"  {number}. {obstacle.text}" for number, obstacle in enumerate(left, 1))
        raise RunError(
            f"还不能出定稿，有{len(left)}项没有解决：\n{listed}",
            f"请部门在审核回执上改正或说明后报回，再运行一次；确实取不到、确实要写的，由负责人同意后在 {places_hint} 中写明豁免"
            "（四列：对象、理由、批准人、日期）。不加 --final 可以先出草稿。上一次的报告没有改动",
        )


def final_numbers(report: Path) -> list[int]:
    """The numbers of the finals in a report's folder, in their order."""
    numbers = (path.name.removeprefix(PREFIX) for path in report.glob(f"{PREFIX}*") if path.is_dir())
    return sorted(int(number) for number in numbers if number.isascii() and number.isdecimal())


def freeze(made: Path, report: Path) -> Path:
    """Copy what a run has made into `final-<n>` in the same folder, to be moved with it; nothing is ever overwritten.

    Args:
        made: the folder with what the run made.
        report: the report's folder, `reports/<town>/<period>`, whose next free number it takes; the caller holds its lock.

    Returns:
        The folder of the final.
    """
    number = max(final_numbers(report), default=0) + 1
    with tempfile.TemporaryDirectory(prefix=f".{PREFIX}", dir=made) as temporary:
        staged = Path(temporary) / "final"
        staged.mkdir()
        for pattern in FROZEN:
            for path in made.glob(pattern):
                shutil.copy2(path, staged / path.name)
        for name in FROZEN_FOLDERS:
            shutil.copytree(made / name, staged / name)
        for path in staged.rglob("*"):
            if path.is_file():
                path.chmod(0o444)
        return staged.rename(made / f"{PREFIX}{number}")
