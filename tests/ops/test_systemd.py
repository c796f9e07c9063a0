"""The systemd units: systemd itself finds nothing wrong with them, and they run what the documents say."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = ("township-report@.service", "township-report@.timer")
USUAL = "/srv/township-report"
HARDENED = 3.0
"""systemd's own measure, 0 safe to 10 unsafe; a unit without hardening has 9.6."""


@pytest.fixture
def units(root: Path, tmp_path: Path) -> Path:
    """The units as they would be installed, the project in a folder that is there."""
    folder = tmp_path / "units"
    folder.mkdir()
    project = tmp_path / "乡镇 报告"
    program = project / ".venv" / "bin" / "township-report"
    program.parent.mkdir(parents=True)
    shutil.copy("/bin/true", program)
    for name in UNITS:
        text = (root / "ops" / "systemd" / name).read_text(encoding="utf-8")
        text = re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE).replace(USUAL, str(project))
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing: install systemd (Debian: apt-get install systemd)"
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_systemd_finds_nothing_wrong(units: Path) -> None:
    checked = analyze("verify", *(str(units / name) for name in UNITS))
    assert checked.returncode == 0 and not checked.stderr, checked.stderr


def test_a_mistake_would_be_found(units: Path) -> None:
    timer = units / UNITS[1]
    timer.write_text(timer.read_text(encoding="utf-8").replace("*-*-05", "*-*-55"), encoding="utf-8")
    checked = analyze("verify", str(timer))
    assert "Failed to parse calendar" in checked.stderr


def test_the_service_is_hardened(units: Path) -> None:
    checked = analyze("security", "--offline=true", f"--threshold={HARDENED * 10:.0f}", str(units / UNITS[0]))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_it_writes_where_a_run_writes_and_takes_drafts_for_no_failure(root: Path) -> None:
    text = (root / "ops" / "systemd" / UNITS[0]).read_text(encoding="utf-8")
    assert set(re.findall(rf'^ReadWritePaths="{USUAL}/(.+)"$', text, re.MULTILINE)) == {
        "data/processed",
        "reports",
        "logs",
    }
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text)
    service = unit["Service"]
    assert service["SuccessExitStatus"] == "2 3"
    # A notebook that runs out of memory does not end the run that is to tell of it; nor is it ended before it has told.
    assert (service["OOMPolicy"], service["KillMode"]) == ("continue", "mixed")
    command = shlex.split(service["ExecStart"])
    assert command == [f"{USUAL}/.venv/bin/township-report", "scheduled", "--town", "%I"]
