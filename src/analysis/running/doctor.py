"""`township-report doctor`: whether everything that a run needs is at hand here, and what would make it better."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from analysis.running.fonts_at_hand import Role, advice, roles
from analysis.running.manifest import versions

_KERNEL_SECONDS = 30.0


class State(StrEnum):
    """How a thing stands: as it should be; a run goes on with less; no run is possible."""

    GOOD = "good"
    LESS = "less"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what it is.
        state: how it stands.
        told: what was found.
        remedy: what to do, where there is something to do.
    """

    name: str
    state: State
    told: str
    remedy: str = ""


@dataclass(frozen=True)
class Health:
    """What was found on this machine."""

    checks: tuple[Check, ...]
    roles: tuple[Role, ...]
    versions: Mapping[str, str]

    @property
    def state(self) -> State:
        """The worst of all states."""
        states = {check.state for check in self.checks}
        return next((state for state in (State.BAD, State.LESS) if state in states), State.GOOD)


def examine(folders: Mapping[str, Path]) -> Health:
    """Look at everything; nothing is left behind.

    Args:
        folders: `raw`, `processed`, `reports` and `scheme`, as a run would take them.
    """
    found = versions()
    fonts = roles()
    checks = [
        _python(),
        _packages(found),
        _told("pandoc", _pandoc, "请重新安装：pip install pypandoc-binary"),
        _told("排版程序 typst", _typst, "请重新安装：pip install typst pylopdf-fonts-zh-cn"),
        _fonts(fonts),
        _kernels(),
        _writable("数据文件夹", folders["processed"]),
        _writable("报告文件夹", folders["reports"]),
        _writable("临时文件夹", Path(tempfile.gettempdir())),
        _raw(folders["raw"]),
        _told("考核方案", lambda: _scheme(folders["scheme"]), "请按提示改正 scheme 下的文件"),
    ]
    return Health(tuple(checks), fonts, found)


def as_json(health: Health) -> dict[str, Any]:
    """What was found, for programs."""
    return {"state": health.state} | asdict(health)


def told(health: Health) -> Iterator[tuple[State | None, str]]:
    """What was found, line by line, with the state of what a line tells."""
    words = {State.GOOD: "正常", State.LESS: "可用", State.BAD: "不行"}
    for check in health.checks:
        yield check.state, f"〔{words[check.state]}〕{check.name}：{check.told}"
        if check.remedy:
            yield None, f"        {check.remedy}"
    yield None, ""
    yield None, "PDF 用的字体："
    for role in health.roles:
        others = f"；另找到 {'、'.join(role.found[1:])}" if len(role.found) > 1 else ""
        wanted = "" if role.proper else f"（代替{role.wanted}）"
        yield None, f"  {role.name}：{role.face}{wanted}{others}"
    yield None, ""
    yield {
        State.GOOD: (State.GOOD, "一切正常，可以出报告。"),
        State.LESS: (State.LESS, "可以出报告；标“可用”的几项按提示处理后会更好。"),
        State.BAD: (State.BAD, "还不能出报告，请先处理标“不行”的几项。"),
    }[health.state]


def _told(name: str, look: Callable[[], str], remedy: str) -> Check:
    """What a look finds; whatever it raises is told, since a doctor must not fall ill."""
    try:
        return Check(name, State.GOOD, look())
    except Exception as error:
        return Check(name, State.BAD, str(error).strip() or type(error).__name__, remedy)


def _python() -> Check:
    return Check("Python", State.GOOD, f"{platform.python_version()}（{sys.executable}）")


def _packages(found: Mapping[str, str]) -> Check:
    missing = [name for name, version in found.items() if version == "未安装"]
    told = "、".join(f"{name} {version}" for name, version in found.items() if name not in ("python", "platform"))
    if missing:
        return Check("软件包", State.BAD, told, f"缺 {'、'.join(missing)}，请在项目文件夹里运行：pip install -e .")
    return Check("软件包", State.GOOD, told)


def _pandoc() -> str:
    from analysis.export.pandoc import pandoc_program

    program = pandoc_program()
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True, timeout=60)
    return f"{done.stdout.split()[1]}（{program}）"


def _typst() -> str:
    from importlib.metadata import version

    import typst

    from analysis.export.fonts import available_fonts

    page = typst.compile("公文".encode(), font_paths=available_fonts())
    if not isinstance(page, bytes) or not page.startswith(b"%PDF"):
        raise RuntimeError("不能生成 PDF")
    return f"{version('typst')}，能生成 PDF"


def _fonts(found: tuple[Role, ...]) -> Check:
    lacking = [role for role in found if not role.proper]
    if not lacking:
        return Check("公文字体", State.GOOD, "标题、正文的字体都有")
    names = "、".join(dict.fromkeys(role.wanted for role in lacking))
    return Check("公文字体", State.LESS, f"没有{names}，PDF 用自带的思源字体代替", advice(sys.platform))


def _kernels() -> Check:
    from analysis.running.kernels.warm import close_warm, warm_up

    name = "笔记本内核"
    ordinary = "用普通内核，结果相同，只是每个笔记本要多等一两秒"
    process = warm_up()
    if process is None:
        return Check(name, State.GOOD, f"这个系统不能预热；{ordinary}")
    try:
        until = time.monotonic() + _KERNEL_SECONDS
        while process.alive() and not process.ready() and time.monotonic() < until:
            time.sleep(0.05)
        if process.ready():
            return Check(name, State.GOOD, "预热内核")
    finally:
        close_warm()
    return Check(name, State.LESS, f"预热内核没有启动；{ordinary}", "请检查内存是否够用、临时文件夹能否写入")


def _writable(name: str, folder: Path) -> Check:
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return Check(name, State.BAD, f"{folder} 不能写入（{error.strerror or error}）", "请检查文件夹权限和磁盘空间")
    return Check(name, State.GOOD, f"{folder} 可以写入")


def _raw(folder: Path) -> Check:
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return Check("上报表文件夹", State.BAD, f"{folder} 没有或不能读", "请建这个文件夹，每个乡镇一个子文件夹")
    towns = sorted(path.name for path in folder.iterdir() if (path / "town.toml").is_file())
    if not towns:
        remedy = "请建一个乡镇文件夹，放入 town.toml"
        return Check("上报表文件夹", State.LESS, f"{folder} 里还没有乡镇", remedy)
    return Check("上报表文件夹", State.GOOD, f"{folder}，乡镇：{'、'.join(towns)}")


def _scheme(folder: Path) -> str:
    from analysis.scheme import read_scheme

    scheme = read_scheme(folder)
    return f"{folder}，{len(scheme.indicators)} 项指标、{len(scheme.departments)} 个部门"
