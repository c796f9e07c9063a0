"""docs/schedule.md says what there is: options, settings, endings, files, lines of the crontab."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from analysis import cli
from analysis.running.scheduled.kept import WRITTEN
from analysis.running.scheduled.model import State
from analysis.running.scheduled.runs import CODES
from analysis.running.scheduled.settings import Mail, Settings, Webhook, read_settings


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "docs" / "schedule.md").read_text(encoding="utf-8")


def test_its_options_are_the_commands(text: str) -> None:
    group: Any = typer.main.get_command(cli.app)
    for command, rest in re.findall(r"township-report ([a-z]+)((?: +(?:--?[a-z][\w-]*|[\w/.-]+))*)", text):
        options = {option for param in group.commands[command].params for option in param.opts}
        assert set(re.findall(r"(?<= )--[a-z-]+", rest)) <= options, command
    own = {option for param in group.commands["scheduled"].params for option in param.opts}
    assert set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE)) <= own


def test_its_settings_can_be_used_and_none_is_left_out(text: str, tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    (tmp_path / "a.toml").write_text(block[1], encoding="utf-8")
    assert len(read_settings(tmp_path, Path("a.toml")).hooks) == 2
    rows = {
        name
        for row in re.findall(r"^\| ((?:`\w+`、?)+) \|", text, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    models = (Settings, Webhook, Mail)
    known = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert known - {"webhook", "mail"} <= rows


def test_its_endings_and_files_are_those_of_a_run(text: str) -> None:
    told = dict(re.findall(r"^\| (\d) \| `(\w+)` \|", text, re.MULTILINE))
    assert told == {str(code): str(state) for code, state in CODES.items()} and len(told) == len(State)
    assert all(name in text for name in WRITTEN)


def test_what_it_shows_of_other_files_is_there(text: str, root: Path) -> None:
    entry = next(
        line for line in (root / "ops/crontab").read_text(encoding="utf-8").splitlines() if line.startswith("0 ")
    )
    assert entry in text
    named = set(re.findall(r"(?<![\w/])ops/[\w/@.-]+\w", text.replace("\\", "/")))
    assert named and all((root / name).exists() for name in named)
    there = {path.relative_to(root).as_posix() for path in (root / "ops").rglob("*") if path.is_file()}
    assert {name for name in there if "__pycache__" not in name} <= named | {"ops/airflow/constraints.txt"}
