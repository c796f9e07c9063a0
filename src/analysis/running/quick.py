"""Whether anything has changed since the last run at all, seen from hashes alone, before anything heavy is imported."""

from collections.abc import Mapping
from typing import Any

from analysis.intake.whole import is_whole
from analysis.running.manifest import hashed, read_manifest, sha256
from analysis.running.places import Places
from analysis.running.unchanged import FONTS, digests, kept, of_fonts, of_program


def unchanged(places: Places, parameters: Mapping[str, object]) -> dict[str, Any] | None:
    """The manifest of the last run where a run now would make the same of the same; else none.

    Everything is the same: every file that may go into the report, program, versions, fonts and parameters, what the stages
    wrote, and the report as it lies in its folder.
    """
    last = read_manifest(places.report)
    if last is None or last.get("program") != of_program() or last.get("inputs") != hashed(places.inputs()):
        return None
    if last.get("parameters") != {**parameters, "town": places.town, "period": str(places.period)}:
        return None
    outputs = last.get("outputs")
    if not isinstance(outputs, dict) or not all(_intact(places, name, entry) for name, entry in outputs.items()):
        return None
    names = [f"{name}.ipynb" for name in last.get("steps", {}) if not name.startswith("report")]
    made = [kept(places.report / "notebooks" / name) for name in names]
    if not made or any(one is None for one in made) or not is_whole(places.tables):
        return None
    # Of a period whose returns are gone the tables are an input.
    tables = digests({name: path for name, path in places.returned().items() if name.startswith("processed/")})
    if tables != {name: digest for one in made if one for name, digest in one.inputs.items() if _other(name)}:
        return None
    fonts = of_fonts()
    for one in made:
        if one is None or one.inputs.get(FONTS, fonts) != fonts:
            return None
        if digests({name: places.tables / name for name in one.outputs}) != dict(one.outputs):
            return None
    return last


def _other(name: str) -> bool:
    return name.startswith("processed/") and name.removeprefix("processed/")[:4].isdigit()


def _intact(places: Places, name: str, entry: Mapping[str, Any]) -> bool:
    path = places.report / name
    digest = entry.get("sha256")
    return path.exists() and (digest is None or sha256(path) == digest)
