"""The audit finds what it is for, and what it could not look at is never told as good."""

import base64
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HASH = " --hash=sha256:" + "0" * 64


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "tools" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    path = sys.path.copy()
    sys.modules["audit"] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path


def package(folder: Path, name: str, version: str = "1.0", licence: str = "License-Expression: MIT") -> Path:
    """An installed package of one module, with its RECORD."""
    code = f"{name} = 1\n".encode()
    (folder / f"{name}.py").write_bytes(code)
    told = folder / f"{name}-{version}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{licence}\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(code).digest()).rstrip(b"=").decode()
    (told / "RECORD").write_text(f"{name}.py,sha256={digest},{len(code)}\n{told.name}/RECORD,,\n")
    return folder / f"{name}.py"


def test_what_is_installed_and_locked_otherwise_is_found(tmp_path: Path, tool: ModuleType) -> None:
    for name in ("fine", "stray", "old"):
        package(tmp_path, name)
    lock = f"fine==1.0{HASH}\nold==2.0{HASH}\nabsent==1.0{HASH}\nelsewhere==1.0 ; sys_platform == 'none'{HASH}\n"
    assert list(tool.unlocked(tool.installed([str(tmp_path)]), list(tool.pins(lock)))) == [
        "old 1.0 is installed, 2.0 is locked",
        "stray 1.0 is installed and not in the lock",
        "absent 1.0 is locked and not installed",
    ]


def test_a_file_that_is_not_its_wheels_is_found(tmp_path: Path, tool: ModuleType) -> None:
    package(tmp_path, "fine")
    package(tmp_path, "patched").write_text("patched = 2\n")
    package(tmp_path, "partly").unlink()
    (package(tmp_path, "bare").parent / "bare-1.0.dist-info/RECORD").unlink()
    assert list(tool.altered(tool.installed([str(tmp_path)]))) == [
        "bare has no RECORD: it was not installed from a wheel",
        "partly: partly.py is gone",
        "patched: patched.py is not the file that was installed",
    ]


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("License-Expression: MIT", True),
        ("License-Expression: Apache-2.0 OR GPL-2.0-only", True),
        ("License-Expression: BSD-3-Clause AND 0BSD AND Zlib", True),
        ("License-Expression: BSD-3-Clause AND GPL-3.0-or-later", False),
        ("License-Expression: (MIT OR Apache-2.0) AND BSD-2-Clause", True),
        ("License-Expression: (MIT OR Apache-2.0) AND GPL-3.0-only", False),
        ("License: Apache 2.0 and GPLv3", False),
        ("Classifier: License :: OSI Approved :: BSD License", True),
        ("Classifier: License :: OSI Approved :: GNU General Public License (GPL)", False),
        ("License: Apache License, Version 2.0", True),
        ("License: Proprietary", False),
        ("Summary: says nothing", False),
    ],
)
def test_a_licence_is_known_and_free_or_found(licence: str, free: bool, tmp_path: Path, tool: ModuleType) -> None:
    package(tmp_path, "a", licence=licence)
    assert (not list(tool.unfree(tool.installed([str(tmp_path)])))) is free


def test_a_yanked_version_is_found(tool: ModuleType) -> None:
    listed = [{"metadata": {"name": n, "version": "1"}, "is_yanked": n == "bad"} for n in ("good", "bad")]
    assert list(tool.yanked({"install": listed})) == ["bad 1 has been yanked"]


FLAW = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
SOUND = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("answers", "findings", "looked", "unseen"),
    [
        ([[FLAW, SOUND]], ["a 1: CVE-1, fixed in 2"], [], []),
        ([[SOUND]], [], ["no vulnerability of 1 packages is known to pypi"], []),
        ([[UNKNOWN], [SOUND]], [], ["no vulnerability of 1 packages is known to osv"], []),
        ([[UNKNOWN], None], [], [], ["vulnerabilities: pypi knows 0 of 1 packages; osv does not answer"]),
        ([[SOUND, UNKNOWN], None], [], [], ["vulnerabilities: pypi knows 1 of 2 packages; osv does not answer"]),
        (
            [[FLAW, UNKNOWN], None],
            ["a 1: CVE-1, fixed in 2"],
            [],
            ["vulnerabilities: pypi knows 1 of 2 packages; osv does not answer"],
        ),
    ],
)
def test_a_service_that_knows_nothing_has_found_nothing(
    answers: list[Any],
    findings: list[str],
    looked: list[str],
    unseen: list[str],
    tool: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = iter(answers)

    def run(*args: object, **more: object) -> subprocess.CompletedProcess[str]:
        answer = next(left)
        return subprocess.CompletedProcess([], 0, "" if answer is None else json.dumps({"dependencies": answer}), "")

    monkeypatch.setattr(tool.subprocess, "run", run)
    audit = tool.Audit()
    tool.audit_vulnerabilities(audit, Path("requirements.lock"))
    assert (audit.findings, audit.looked, audit.unseen) == (findings, looked, unseen)


def test_without_pip_audit_vulnerabilities_were_not_looked_at(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: None)
    audit = tool.Audit()
    tool.audit_vulnerabilities(audit, Path("requirements.lock"))
    assert (audit.findings, audit.looked) == ([], [])
    assert audit.unseen == ["vulnerabilities: pip-audit is not installed"]


@pytest.mark.parametrize(
    ("code", "error", "yanked", "findings", "looked", "unseen"),
    [
        (0, "", False, 0, 1, 0),
        (0, "", True, 1, 0, 0),
        (1, "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", False, 1, 0, 0),
        (1, "Could not find a version", False, 0, 0, 1),
    ],
)
def test_what_the_index_says_is_good_found_or_not_looked_at(
    code: int,
    error: str,
    yanked: bool,
    findings: int,
    looked: int,
    unseen: int,
    tool: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        report = {"install": [{"metadata": {"name": "a", "version": "1"}, "is_yanked": yanked}]}
        Path(command[command.index("--report") + 1]).write_text(json.dumps(report))
        return subprocess.CompletedProcess(command, code, "", error)

    monkeypatch.setattr(tool.subprocess, "run", run)
    monkeypatch.setattr(tool, "audit_vulnerabilities", lambda audit, lock: None)
    audit = tool.Audit()
    tool.look_out(audit, Path("requirements.lock"))
    assert (len(audit.findings), len(audit.looked), len(audit.unseen)) == (findings, looked, unseen)


@pytest.mark.parametrize("offline", [True, False])
def test_it_fails_on_a_finding_and_says_what_it_did_not_look_at(
    offline: bool,
    tmp_path: Path,
    tool: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "site").mkdir()
    package(tmp_path / "site", "fine")
    there = tool.installed([str(tmp_path / "site")])
    monkeypatch.setattr(tool, "installed", lambda: there)
    monkeypatch.setattr(tool, "look_out", lambda audit, lock: audit.looked.append("asked"))
    lock = tmp_path / "some.lock"
    lock.write_text(f"fine==1.0{HASH}\n")
    monkeypatch.setattr(sys, "argv", ["audit", "--lock", str(lock), *(["--offline"] if offline else [])])
    assert tool.main() == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "good       1 packages are installed as some.lock has them",
        "good       their files are those of their wheels",
        "good       their licences are known and free",
    ]
    assert said[3:] == (["NOT LOOKED yanked versions, vulnerabilities: --offline"] if offline else ["good       asked"])
    lock.write_text(f"fine==2.0{HASH}\n")
    assert tool.main() == 1
    assert "FOUND      fine 1.0 is installed, 2.0 is locked" in capsys.readouterr().out


def test_a_licence_that_the_metadata_lacks_is_looked_up(tmp_path: Path, tool: ModuleType) -> None:
    package(tmp_path, "axe_playwright_python", licence="Summary: says nothing")
    assert list(tool.unfree(tool.installed([str(tmp_path)]))) == []
