"""What a run tells of itself in `run.json`: what it was made from, what stands in the way of a final, what it made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.export.facts import FACTS_MIME
from analysis.figures.obstacles import Obstacle, standing
from analysis.figures.receipts.files import FOLDER as RECEIPTS
from analysis.figures.submissions import RETURNED
from analysis.running.errors import RunError
from analysis.running.export import read_notebook
from analysis.running.manifest import ending_of, hashed, now, outputs_of, versions
from analysis.running.places import Places
from analysis.running.unchanged import of_program
from analysis.scheme import Facts


@dataclass(frozen=True)
class Done:
    """A step of a run, as it went: whether it ran, why, for how long, and how its kernel was started."""

    name: str
    why: tuple[str, ...] = ()
    seconds: float = 0.0
    provisioner: str = ""

    def told(self) -> dict[str, Any]:
        """As `run.json` keeps it."""
        told: dict[str, Any] = {"ran": bool(self.why), "why": list(self.why)}
        if self.why:
            told["seconds"] = round(self.seconds, 2)
        return told | ({"kernel": self.provisioner} if self.provisioner else {})


def facts_of(notebook: Path) -> dict[str, Any]:
    """What an executed report notebook says of its report.

    Raises:
        RunError: it says nothing.
    """
    for cell in read_notebook(notebook).cells:
        for output in cell.get("outputs", []):
            if FACTS_MIME in output.get("data", {}):
                told = dict(output["data"][FACTS_MIME])
                return told | {"title": "".join(told["title"].splitlines())}  # which the report breaks where it is long
    raise RunError("3_report 没有给出报告", "请检查 notebooks/3_report.ipynb 是否被改动")


def obstacles_told(found: Sequence[Obstacle]) -> dict[str, Any]:
    """What stands in the way of a final, and what was waived by whom."""
    return {
        "in_the_way": [obstacle.text for obstacle in standing(found)],
        "waived": [
            {**obstacle.waiver.model_dump(mode="json"), "what": obstacle.text}
            for obstacle in found
            if obstacle.waiver is not None
        ],
    }


def manifest_of(
    places: Places,
    facts: Facts,
    told: Mapping[str, Any],
    submissions: pd.DataFrame,
    findings: pd.DataFrame,
    steps: Sequence[Done],
    seconds: Mapping[str, float],
    extra: Mapping[str, object],
    staged: Path,
) -> dict[str, Any]:
    """The manifest of a run, without its inputs and what stands in the way.

    Args:
        places: where everything lies.
        facts: of town and period.
        told: what the report notebook says of its report.
        submissions: who has returned.
        findings: of both stages.
        steps: as they went.
        seconds: by stage.
        extra: further parameters.
        staged: the folder of what was made.
    """
    from analysis.export import fonts_used

    receipts = hashed({f"{RECEIPTS}/{path.name}": path for path in (staged / RECEIPTS).iterdir()})
    counts = submissions[["errors", "warnings", "notes"]].sum()
    return {
        "town": places.town,
        "period": str(places.period),
        "title": told["title"],
        "ending": ending_of(told["draft"]),
        "finished": now(),
        "parameters": {**extra, "town": places.town, "period": str(places.period)},
        "target_book": facts.target_file if facts.has_target_book else None,
        "gaps": told["gaps"],
        "unanswered_problems": told["unanswered"],
        "internal_mentions": told["mentions"],
        "findings": {name: int(counts[name]) for name in ("errors", "warnings", "notes")}
        | {"privacy": int((findings["severity"] == "privacy").sum())},
        "owed": submissions.loc[submissions["state"] != RETURNED, "department"].tolist(),
        "fonts": dict(fonts_used()),
        "missing_characters": told["missing_characters"],
        "versions": versions(),
        "program": of_program(),
        "steps": {step.name: step.told() for step in steps},
        "seconds": {stage: round(spent, 2) for stage, spent in seconds.items()},
        "outputs": outputs_of(staged) | receipts,
    }
