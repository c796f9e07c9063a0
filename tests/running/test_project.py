"""The set-up: one list of dependencies, whatever installs them; notebooks as git should have them."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement


def dependencies(root: Path) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [text for extra in project["optional-dependencies"].values() for text in extra]
    listed = [Requirement(text) for text in (*project["dependencies"], *extras)]
    return [requirement for requirement in listed if requirement.name != project["name"]]


def locked(root: Path) -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for line in (root / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line)
            pins.setdefault(requirement.name.lower(), []).append(str(requirement.specifier).removeprefix("=="))
    return pins


def test_every_dependency_is_pinned_within_its_range(root: Path) -> None:
    pins = locked(root)
    for requirement in dependencies(root):
        assert requirement.name.lower() in pins, f"make lock: {requirement.name} is not in requirements.lock"
        for version in pins[requirement.name.lower()]:
            assert requirement.specifier.contains(version), f"make lock: {requirement} and {version}"


def test_the_lock_pins_exactly_and_names_no_place(root: Path) -> None:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    assert all(versions and all(re.fullmatch(r"[\w.!+]+", v) for v in versions) for versions in locked(root).values())


def test_conda_users_get_the_same(root: Path) -> None:
    text = (root / "environment.yml").read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"- python{project['requires-python']}" in text
    assert "- -c requirements.lock" in text and "- -e .[dev]" in text


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
