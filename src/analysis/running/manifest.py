"""`run.json`: what a run was made from and what it made, so that anyone can tell later how a figure came about."""

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "township-report",
    "pandas",
    "matplotlib",
    "papermill",
    "nbconvert",
    "python-calamine",
    "openpyxl",
    "pyarrow",
    "jinja2",
    "pypandoc-binary",
    "typst",
)


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
    """The versions of Python and of what reads, computes and prints."""
    found = {"python": platform.python_version(), "platform": sys.platform}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "未安装"
    return found


def now() -> str:
    """The time of a run, for `run.json` alone: no report knows the clock."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def write_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    """Write `run.json`."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))  # a file's name may be no text
