"""A wheelhouse has what the other machine needs, whatever machine it is made on."""

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wheelhouse", ROOT / "tools" / "wheelhouse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["wheelhouse"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def names(tool: ModuleType, platform: str, version: str = "3.12") -> set[str]:
    listed = list(tool.pins((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    lists = tool.needed(listed, tool.TARGETS[platform].markers, version)
    return {pin.name for wanted in lists.values() for pin in wanted}


def test_the_markers_are_those_of_the_target(tool: ModuleType) -> None:
    assert "pywinpty" in names(tool, "win_amd64") and "pexpect" not in names(tool, "win_amd64")
    assert "pexpect" in names(tool, "linux_aarch64") and "pywinpty" not in names(tool, "linux_aarch64")


def test_it_serves_every_patch_release_of_a_python(tool: ModuleType) -> None:
    listed = list(
        tool.pins(
            "a==1 ; python_full_version < '3.11.5' --hash=sha256:aa\n"
            "a==2 ; python_full_version >= '3.11.5' \\\n    --hash=sha256:bb\n"
            "b==1 ; python_version < '3.11' --hash=sha256:cc\n"
        )
    )
    lists = tool.needed(listed, tool.TARGETS["win_amd64"].markers, "3.11")
    assert {patch: [pin.version for pin in wanted] for patch, wanted in lists.items()} == {
        "3.11.0": ["1"],
        "3.11.99": ["2"],
    }


@pytest.mark.parametrize("line", ["a==1", "a>=1 --hash=sha256:aa", "a==1.* --hash=sha256:aa", "a --hash=sha256:aa"])
def test_what_is_not_pinned_is_refused(line: str, tool: ModuleType) -> None:
    with pytest.raises(ValueError, match="not pinned"):
        list(tool.pins(line))


def test_a_folder_that_holds_more_than_wheels_is_left_alone(tmp_path: Path, tool: ModuleType) -> None:
    (tmp_path / "Desktop").mkdir()
    assert "holds more than wheels" in tool.fill(tmp_path, {}, [])
    assert (tmp_path / "Desktop").is_dir()


def test_a_package_is_there_only_by_the_locks_hash(tmp_path: Path, tool: ModuleType) -> None:
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(b"as locked")
    (tmp_path / "b-1-py3-none-any.whl").write_bytes(b"something else")
    digest = hashlib.sha256(b"as locked").hexdigest()
    listed = list(tool.pins(f"a==1 --hash=sha256:{digest}\nb==1 --hash=sha256:{'0' * 64}\n"))
    assert tool.missing(tmp_path, listed) == ["b"]
