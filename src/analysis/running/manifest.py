"""`run.json`: what a run was made from and what it made, so that anyone can tell later how a figure came about."""

import hashlib
import json
import platform
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

MANIFEST = "run.json"
PROJECT = "township-report"
DONE, DRAFT = "done", "done with gaps"
"""The endings of a run that made a report."""


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashed(files: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of files, by the names that the manifest gives them."""
    listed = {}
    for name, path in sorted(files.items()):
        try:
            listed[name] = {"bytes": path.stat().st_size, "sha256": sha256(path)}
        except OSError as error:  # a file that can't be read was refused already; the manifest says so too
            listed[name] = {"error": str(error.strerror)}
    return listed


def versions() -> dict[str, str]:
    """The versions of Python and of every package that the project declares to need."""
    found = {"python": platform.python_version(), "platform": sys.platform}
    for package in (PROJECT, *_declared()):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "未安装"
    return found


def _declared() -> list[str]:
    """The packages that the project declares to need: what it reads, computes, sets and prints with, fonts included."""
    try:
        declared = requires(PROJECT) or []
    except PackageNotFoundError:
        return []
    names = [re.match(r"[\w.-]+", line) for line in declared if "extra ==" not in line]
    return sorted(name[0] for name in names if name)


def now() -> str:
    """The time of a run, for `run.json` alone: no report knows the clock."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def when(finished: str) -> str:
    """When a run ended, as the clock here shows it."""
    try:
        return datetime.fromisoformat(finished).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return finished


def ending_of(draft: bool) -> str:
    """How a manifest names the ending of a run that made a report."""
    return DRAFT if draft else DONE


def is_draft(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is a draft's; one that does not say how its run ended is taken for one."""
    return manifest.get("ending") != DONE


def outputs_of(staged: Path) -> dict[str, dict[str, Any]]:
    """What was made, as the manifest lists it: files with size and SHA-256, folders by name, the manifest itself."""
    made = hashed({path.name: path for path in staged.iterdir() if path.is_file()})
    return made | {path.name: {} for path in staged.iterdir() if path.is_dir()} | {MANIFEST: {}}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What the run that made a report's folder tells of itself; none where it tells nothing, or nothing of the right shape."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict):
        return None
    parts = [manifest.get(name, {}) for name in ("outputs", "steps", "inputs", "parameters")]
    if not all(isinstance(part, dict) for part in parts):
        return None
    entries = [entry for part in parts[:2] for entry in part.values()]
    return manifest if all(isinstance(entry, dict) for entry in entries) else None


def write_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))  # a file's name may be no text
