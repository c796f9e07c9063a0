"""`township-report doctor`: what it finds, and what it says of what is missing."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.running import doctor, fonts_at_hand
from analysis.running.doctor import Check, Health, State
from analysis.running.kernels import warm


def folders(root: Path, tmp_path: Path) -> dict[str, Path]:
    return {
        "raw": root / "data" / "raw",
        "processed": tmp_path / "processed",
        "reports": tmp_path / "reports",
        "scheme": root / "scheme",
    }


def test_a_good_machine(root: Path, tmp_path: Path) -> None:
    health = doctor.examine(folders(root, tmp_path))
    states = {check.name: check.state for check in health.checks}
    assert {name for name, state in states.items() if state is not State.GOOD} <= {"公文字体"}
    (scheme,) = [check for check in health.checks if check.name == "考核方案"]
    assert "15 个部门" in scheme.told
    assert [*tmp_path.iterdir()] == []  # nothing is left behind
    assert json.loads(json.dumps(doctor.as_json(health), ensure_ascii=False))["versions"]["typst"] != "未安装"


def test_what_is_missing_is_told_with_what_to_do(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "scheme"
    broken.mkdir()
    (broken / "indicators.csv").write_text("错", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    places = folders(root, tmp_path) | {
        "scheme": broken,
        "raw": tmp_path / "nowhere",
        "reports": tmp_path / "file" / "reports",
    }
    monkeypatch.setattr(doctor, "versions", lambda: {"python": "3.11", "pandas": "未安装"})
    monkeypatch.setattr(doctor, "_kernels", lambda: Check("笔记本内核", State.GOOD, ""))
    health = doctor.examine(places)
    bad = {check.name: check for check in health.checks if check.state is State.BAD}
    assert set(bad) == {"软件包", "报告文件夹", "上报表文件夹", "考核方案"}
    assert "indicators.csv" in bad["考核方案"].told
    assert all(check.remedy for check in bad.values())
    assert health.state is State.BAD


def test_what_does_not_work_here_is_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw").mkdir()
    places = folders(root, tmp_path) | {"raw": tmp_path / "raw"}
    monkeypatch.setattr(doctor, "roles", lambda: ())
    monkeypatch.setattr("typst.compile", lambda *_, **__: b"")
    monkeypatch.setattr(warm, "warm_up", lambda: None)
    checks = {check.name: check for check in doctor.examine(places).checks}
    assert (checks["排版程序 typst"].state, checks["排版程序 typst"].told) == (State.BAD, "不能生成 PDF")
    assert (checks["上报表文件夹"].state, checks["上报表文件夹"].remedy) == (
        State.LESS,
        "请建一个乡镇文件夹，放入 town.toml",
    )
    assert checks["公文字体"] == Check("公文字体", State.GOOD, "标题、正文的字体都有")
    assert checks["笔记本内核"].state is State.GOOD and "这个系统不能预热" in checks["笔记本内核"].told
    monkeypatch.setattr(warm, "warm_up", lambda: SimpleNamespace(alive=lambda: False, ready=lambda: False))
    checks = {check.name: check for check in doctor.examine(places).checks}
    assert checks["笔记本内核"].state is State.LESS and "内存是否够用" in checks["笔记本内核"].remedy


def test_faces_of_an_office_are_proper(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fonts:
        def families(self) -> list[str]:
            return ["方正小标宋简体", "SimHei", "KaiTi_GB2312", "FangSong", "仿宋_GB2312", "SimSun", "Noto Serif SC"]

    monkeypatch.setattr(fonts_at_hand, "available_fonts", lambda system: Fonts())
    roles = {role.role: role for role in fonts_at_hand.roles()}
    assert all(role.proper for role in roles.values())
    assert roles["body"].face == "仿宋_GB2312"
    assert roles["body"].found == ("仿宋_GB2312", "FangSong", "Noto Serif SC")


def test_without_them_the_substitutes_are_named() -> None:
    lacking = {role.wanted for role in fonts_at_hand.roles(system=False) if not role.proper}
    assert lacking == {"小标宋体", "楷体", "仿宋"}
    assert "WPS" in fonts_at_hand.advice("win32")
    assert "apt install" in fonts_at_hand.advice("linux")


@pytest.mark.parametrize(
    ("state", "last"), [(State.GOOD, "一切正常"), (State.LESS, "可以出报告；"), (State.BAD, "还不能出报告")]
)
def test_told_in_plain_words(state: State, last: str) -> None:
    health = Health((Check("甲", state, "乙", "丙"),), fonts_at_hand.roles(system=False), {})
    lines = [line for _, line in doctor.told(health)]
    assert lines[0].endswith("甲：乙")
    assert lines[1].strip() == "丙"
    assert "  正文：Noto Serif SC（代替仿宋）" in lines
    assert lines[-1].startswith(last)


def test_command_ends_as_it_found(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "township-report"
    done = subprocess.run(
        [program, "doctor", "--json", "--scheme", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["state"] == "bad"
