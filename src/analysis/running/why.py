"""Why a step of the last run ran or did not, and whether it would run now (`township-report why`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.intake.look import first_look
from analysis.running.errors import RunError
from analysis.running.manifest import read_manifest
from analysis.running.places import Places
from analysis.running.steps import Step, Steps
from analysis.scheme import read_facts, read_scheme
from analysis.telling.edition import editions_of

STAGES = ("1_ingest", "2_indicators", "3_report", "export")


@dataclass(frozen=True)
class Reasons:
    """Why a step ran in the last run, and why it would now; empty where it did not, or would not.

    Attributes:
        name: the notebook's, or the exported file's.
        known: whether the last run tells of it.
        then: why it ran.
        now: why it would run now; none of an exported file, which follows its notebook.
    """

    name: str
    known: bool
    then: tuple[str, ...]
    now: tuple[str, ...] | None

    @property
    def text(self) -> str:
        """In a line."""
        then = (
            "没有记录" if not self.known else f"运行了，因为{'；'.join(self.then)}" if self.then else "没有变化，跳过"
        )
        if self.now is None:
            return f"{self.name}：上次{then}。"
        return f"{self.name}：上次{then}；现在{'要运行：' + '；'.join(self.now) if self.now else '不用运行'}。"


def why(places: Places, stage: str, parameters: Mapping[str, object] | None = None) -> list[Reasons]:
    """Say of the steps of a stage why they ran or did not, and whether they would run now.

    Stage 2 and 3 are judged by the tables as they lie there; when an earlier stage runs first, these may change.

    Args:
        places: where everything lies.
        stage: `1_ingest`, `2_indicators`, `3_report`, `export`, or one step (`1_ingest-财政所`, `report.pdf`).
        parameters: further parameters of the notebooks.

    Raises:
        SchemeError: the scheme or the facts can't be used.
        RunError: there is no such step.
    """
    last = read_manifest(places.report) or {}
    steps = last.get("steps", {})
    planned = {step.job.name: step for step in _planned(places, parameters or {})}
    names = [*planned, *(name for name in steps if name not in planned)]
    chosen = [name for name in names if name == stage or _stage_of(name) == stage]
    if not chosen:
        raise RunError(f"没有“{stage}”这一步", f"可以写 {'、'.join(STAGES)}，或者其中一步，如 {names[0]}、report.pdf")
    return [_reasons(name, steps.get(name), planned.get(name)) for name in chosen]


def _planned(places: Places, parameters: Mapping[str, object]) -> list[Step]:
    scheme = read_scheme(places.scheme)
    facts = read_facts(places.returns.parent, places.period, scheme)
    looked = first_look(places.returns, scheme, facts.town, places.period)
    steps = Steps(places, parameters, Path())  # nothing is executed
    return [
        *(steps.ingest(department.name, looked) for department in scheme.departments),
        steps.indicators(),
        *(steps.report(edition) for edition in editions_of(scheme, places.period.year)),
    ]


def _stage_of(name: str) -> str:
    if name.startswith("report"):
        return "export"
    return next((stage for stage in STAGES if name.startswith(stage)), "")


def _reasons(name: str, told: Mapping[str, Any] | None, step: Step | None) -> Reasons:
    then = tuple(str(reason) for reason in (told or {}).get("why", ()))
    return Reasons(name, told is not None, then, None if step is None else step.why)
