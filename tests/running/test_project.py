"""The set-up: one list of dependencies, whatever installs them; notebooks as git should have them."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock")  # each holds the one before


def locked(root: Path, lock: str) -> dict[str, list[str]]:
    """The versions that a lock allows of each package, by the markers of platforms and Pythons."""
    pins: dict[str, list[str]] = {}
    for line in (root / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        requirement = Requirement(line.partition("--hash=")[0])
        pins.setdefault(canonicalize_name(requirement.name), []).append(str(requirement.specifier).removeprefix("=="))
    return pins


def project_of(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def wanted(root: Path, lock: str) -> list[Requirement]:
    """What pyproject.toml wants of a lock: the build's requirements too, since a build takes what is installed."""
    project, build = project_of(root)["project"], project_of(root)["build-system"]["requires"]
    extras = project["optional-dependencies"]
    held = {"requirements.lock": [], "requirements-extras.lock": sorted(set(extras) - {"dev", "docs"})}.get(
        lock, sorted(extras)
    )
    texts = [*build, *project["dependencies"], *(text for extra in held for text in extras[extra])]
    listed = [Requirement(text) for text in texts]
    return [requirement for requirement in listed if requirement.name != project["name"]]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_within_its_range(lock: str, root: Path) -> None:
    pins = locked(root, lock)
    for requirement in wanted(root, lock):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"make lock: {requirement.name} is not in {lock}"
        for version in pins[name]:
            assert requirement.specifier.contains(version), f"make lock: {requirement} and {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_exactly_with_hashes_and_names_no_place(lock: str, root: Path) -> None:
    text = (root / lock).read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for line in text.replace("\\\n", " ").splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.!+]+( ; [^;#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", line), line[:80]


def test_all_locks_hold_the_same_versions(root: Path) -> None:
    report, extras, dev = (locked(root, lock) for lock in LOCKS)
    assert report.items() <= extras.items() <= dev.items()


def test_every_way_to_install_takes_the_hashes(root: Path) -> None:
    text = (root / "environment.yml").read_text(encoding="utf-8")
    assert f"- python{project_of(root)['project']['requires-python']}" in text
    assert "- -r requirements-dev.lock" in text  # pip wants a hash of everything where a file has one
    for name in (
        "Makefile",
        "README.md",
        "README.zh-CN.md",
        "docs/scale.md",
        "docs/schedule.md",
        "docs/install-offline.md",
        "tools/offline.sh",
    ):
        for line in re.findall(r"^.*pip.* install .*$", (root / name).read_text(encoding="utf-8"), re.MULTILINE):
            if "airflow" in line.lower():
                continue  # a scheduler's own environment beside ours, for a test: pinned by version
            assert "--require-hashes" in line or "--no-deps" in line, f"{name}: {line}"


@pytest.mark.parametrize("name", ["1_ingest", "2_indicators", "3_report", "4_county", "explore", "tutorial"])
def test_notebooks_are_stripped_and_say_what_their_parameters_are(name: str, root: Path) -> None:
    notebook = json.loads((root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)
    parameters = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(parameters) == 1
    for line in "".join(parameters[0]["source"]).splitlines():
        assert re.fullmatch(r'\w+: \w+ = ".*"  # .+', line), line
    for cell in code:  # thin: no function, loop or regular expression in a cell
        source = "".join(cell["source"])
        assert not re.search(r"^\s*(def|for|while|class|lambda)\b|\bre\.", source, re.M), source
