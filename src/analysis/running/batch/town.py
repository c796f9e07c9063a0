"""A township's run as a batch needs it: nothing where nothing has changed, and how it ended in a few words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.running.batch.model import Task
from analysis.running.manifest import is_draft, read_manifest
from analysis.running.places import Places


@dataclass(frozen=True)
class Ended:
    """How a run ended that made a report, or found that its report still holds.

    Attributes:
        draft: whether it has gaps or errors.
        reason: what a draft lacks, in Chinese.
        unchanged: whether there was nothing to run.
    """

    draft: bool
    reason: str = ""
    unchanged: bool = False


def run_town(places: Places, task: Task) -> Ended:
    """Run the township of a task, its notebooks one after another: the workers of a batch are busy with others.

    Raises:
        SchemeError: the facts can't be used.
        RunError: a stage failed.
    """
    from analysis.running.unchanged import unchanged

    last = None if task.force else unchanged(places, task.parameters)
    if last is not None:
        return _ended(last, unchanged=True)
    from analysis.running.kernels.preload import without_address_grammar

    with without_address_grammar():
        from analysis.running.run import run

    run(places, 1, task.parameters, force=task.force, minutes=task.minutes)
    return _ended(read_manifest(places.report) or {}, unchanged=False)


def _ended(manifest: Mapping[str, Any], unchanged: bool) -> Ended:
    draft = is_draft(manifest)
    lacks = [
        _listed("欠报", manifest.get("owed", [])),
        _listed("缺数", [str(gap.get("code", "")) for gap in manifest.get("gaps", [])]),
        _counted("错误", manifest.get("findings", {}).get("errors", 0)),
    ]
    return Ended(draft, "；".join(filter(None, lacks)) if draft else "", unchanged)


def _listed(what: str, names: list[str], most: int = 5) -> str:
    more = f"等{len(names)}项" if len(names) > most else ""
    return f"{what} {'、'.join(names[:most])}{more}" if names else ""


def _counted(what: str, count: int) -> str:
    return f"{what} {count} 条" if count else ""
