"""The command line: help and mistakes in Chinese, what a failure says, plain output where no terminal reads it."""

import errno
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main

from analysis import cli
from analysis.cli import base, exit_code
from analysis.running import doctor, status
from analysis.running.batch.model import Outcome
from analysis.running.batch.result import Result
from analysis.running.county import RolledUp
from analysis.running.interrupts import Stopped
from analysis.running.publish import Published
from analysis.running.templates import Template
from analysis.running.verify import Verified
from analysis.running.verify.verified import Change
from analysis.running.why import Reasons

GROUP: Any = typer.main.get_command(cli.app)
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Arguments|required|default|Show|Error|Install)\b")


@pytest.mark.parametrize("name", sorted(GROUP.commands))
def test_every_help_is_chinese_and_its_example_is_a_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([name, "--help"]) == cli.DONE
    told = capsys.readouterr().out
    assert told.startswith(f"用法：township-report {name}")
    assert not ENGLISH.search(told)
    example = re.search(rf"^例：\n  township-report ({name}.*)$", told, re.MULTILINE)
    assert example is not None
    arguments = shlex.split(example[1])
    GROUP.commands[name].make_context(name, arguments[1:])  # raises where an option or argument is none


def test_the_commands_are_listed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([]) == cli.DONE
    told = capsys.readouterr().out
    assert not ENGLISH.search(told)
    for name, command in GROUP.commands.items():
        first = command.help.partition("。")[0]
        assert re.search(rf"^  {name} +{re.escape(first)}$", told, re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rnu", "没有 rnu 这个命令"),
        ("run --twon x", "没有 --twon 这个选项，是否是 --town"),
        ("run --period 2021", "缺少 --town"),
        ("check", "缺少 文件"),
        ("run --town", "--town 后面要写它的值"),
        ("run --town x --period 2021 --workers 0", "--workers 的值不能用（不能小于 1）"),
        ("run --town x --period 2021 --workers 二", "--workers 的值不能用（应当是整数）"),
        ("status qinghe 2021", "多了 qinghe 2021"),
        ("run --town ../x --period 2021", "乡镇“../x”应当是文件夹名或文件名，不能是路径：不能有 / \\ : 和看不见的字符"),
        ("status --period 21", "报告期“21”看不懂"),
        ("run --town qinghe --period 2021 -p x", "参数“x”写法不对"),
        ("init x --period 2022 --deadline 1月7日", "--deadline 的“1月7日”不是日期"),
    ],
)
def test_a_mistake_is_told_in_chinese(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(shlex.split(line)) == cli.FAILED
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            PermissionError(errno.EACCES, "denied", "报告/report.docx"),
            "没有权限读写，或者文件正被打开：报告/report.docx",
        ),
        (OSError(errno.ENOSPC, "full"), "磁盘满了，写不进去\n"),
        (OSError(errno.EROFS, "read-only", "r"), "这个位置是只读的，不能写：r"),
        (FileNotFoundError(errno.ENOENT, "none", "x.xlsx"), "没有这个文件或文件夹：x.xlsx"),
        (FileNotFoundError("从这里找不到项目文件夹"), "从这里找不到项目文件夹"),
        (OSError(errno.EIO, "broken", "x"), "文件读写出错（broken）：x"),
        (MemoryError(), "内存不够"),
        (BrokenProcessPool("ended"), "一个工作进程被系统强行结束了，多半是内存不够"),
        (typer.BadParameter("in words not known yet"), "命令写法不对： 的值不能用（in words not known yet）"),
        (KeyboardInterrupt(), "已中断。上一次的报告没有改动。"),
        (KeyError("x"), "请把下面的内容交给维护人员"),
    ],
)
def test_a_failure_says_what_to_do(
    error: BaseException, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(status, "standings", fails)
    code = exit_code(["status"])
    assert code == (cli.INTERRUPTED if isinstance(error, KeyboardInterrupt) else cli.FAILED)
    said = capsys.readouterr().err
    assert told in said
    assert ("Traceback" in said) == isinstance(error, KeyError)


def test_nothing_is_broken_or_drawn_where_no_terminal_reads_it(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = tmp_path / ("很长的文件夹名" * 10)
    exit_code(
        ["templates", "--town", "qinghe", "--period", "2021", "--department", "财政所", "--reports", str(reports)]
    )
    told = capsys.readouterr().out
    assert f"已做好1份空白上报表：{reports / 'qinghe' / '2021' / '空白上报表'}\n" in told
    exit_code(["status", "--reports", str(reports)])
    told = capsys.readouterr().out
    assert not re.search("[─-╿\x1b]", told)
    assert len(told.splitlines()) == 5
    assert not re.search(r" $", told, re.MULTILINE)


def test_json_is_all_that_a_program_reads(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "_kernels", lambda: doctor.Check("笔记本内核", doctor.State.GOOD, ""))
    monkeypatch.setattr(doctor, "_typst", lambda: "")
    exit_code(["doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["checks"]
    assert exit_code(["status", "--json", "--town", "没有的"]) == cli.FAILED
    said = capsys.readouterr()
    assert said.out == ""
    assert "没有“没有的”这个乡镇" in said.err


CLEAN = Verified("改.docx", "报告", "", 1, (), 0, 0, ())
CHANGED = Verified("改.docx", "报告", "", 1, (Change("lost", "5处", "", "新建5处。", "", "", "正文"),), 0, 0, ())
ROLLED_UP = RolledUp(Path("r"), False, {"gaps": [], "missing_characters": []}, Published(), 1.0)
BESIDE = replace(ROLLED_UP, published=Published(beside=[("report.docx", Path("r/report-新.docx"))]))
REASONS = [Reasons("3_report", True, ("参数不同",), None)]


@pytest.mark.parametrize(
    ("line", "stubs", "code", "out"),
    [
        ("verify 改.docx --json", {"running.verify.verify": CLEAN, "running.verify.find_report": Path()}, 0, '"clean": true'),
        ("verify 改.docx", {"running.verify.verify": CHANGED, "running.verify.find_report": Path()}, 2, "删去1处"),
        ("batch --root x --period 2021", {"running.batch.command.batch": Result("2021", [Outcome("甲", "done")], 1.0)}, 0, ""),
        ("batch --root x --period 2021", {"running.batch.command.batch": Result("2021", [Outcome("甲", "gaps")], 1.0)}, 2, ""),
        ("status", {"running.status.standings": []}, 0, "里还没有上报表。新建乡镇：township-report init"),
        ("status --json", {"running.status.standings": []}, 0, "[]"),
        ("why 3_report --town a --period 2021", {"running.why.why": REASONS}, 0, "3_report：上次运行了，因为参数不同。"),
        ("why 3_report --town a --period 2021 --json", {"running.why.why": REASONS}, 0, '"name": "3_report"'),
        ("doctor", {"running.doctor.examine": doctor.Health((), (), {})}, 0, "一切正常，可以出报告。"),
        ("templates --town a --period 2021",
         {"running.templates.make_templates": [Template("财政所", Path("a（新）.xlsx"), "《a.xlsx》正被打开")],
          "running.init.left_open": []}, 0, "《a.xlsx》正被打开\n已做好1份空白上报表"),
        ("county --county 云川县 --period 2021",
         {"running.county.run_county": ROLLED_UP, "running.publish.unfinished": True, "running.lock.made_good": "接着换完了"},
         0, "接着换完了\n汇总报告在 r"),
        ("county --county 云川县 --period 2021", {"running.county.run_county": BESIDE}, 0,
         "report.docx 正打开着，新的放在它旁边：report-新.docx。"),
    ],
)  # fmt: skip
def test_what_is_found_is_told_and_is_the_exit_code(
    line: str,
    stubs: dict[str, object],
    code: int,
    out: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, result in stubs.items():
        monkeypatch.setattr(f"analysis.{name}", lambda *_, result=result, **__: result)
    assert exit_code(shlex.split(line)) == code
    assert out in capsys.readouterr().out


def test_hooks_are_tried_where_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "schedule.toml"
    settings.write_text("keep = 5\n", encoding="utf-8")
    assert exit_code(["scheduled", "--try-hooks", "--settings", str(settings)]) == cli.FAILED
    assert "设置里没有通知。请把 ops/schedule.toml 复制为 data/schedule.toml" in capsys.readouterr().err
    settings.write_text('[webhook]\nurl = "https://oa.example.gov.cn"\n', encoding="utf-8")
    for failed, code in (([], cli.DONE), (["通知没有发出"], cli.FAILED)):
        monkeypatch.setattr("analysis.running.scheduled.hooks.tell", lambda *_, failed=failed, **__: failed)
        assert exit_code(["scheduled", "--try-hooks", "--settings", str(settings)]) == code
        assert f"试发 1 处，收下 {1 - len(failed)} 处。" in capsys.readouterr().out


@pytest.mark.parametrize("scheduler", [None, "there"])
def test_lab_opens_explore_with_what_else_is_asked_for(scheduler: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[str] = []
    app = SimpleNamespace(launch_instance=launched.extend)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(LabApp=app))
    monkeypatch.setattr("analysis.cli.exploring.find_spec", lambda _: scheduler)
    monkeypatch.setattr("analysis.cli.exploring.jobs_within", lambda _: ["--jobs"])
    assert exit_code(["lab", "--no-browser"]) == cli.DONE
    assert launched[0] == "--LabApp.default_url=/lab/tree/notebooks/explore.ipynb"
    assert launched[2:] == [*(["--jobs"] if scheduler else []), "--no-browser"]


def test_towns_and_periods_are_completed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    context = typer.Context(GROUP.commands["run"], info_name="run")
    assert list(base.towns("qing")) == ["qinghe"]
    assert list(base.towns("x")) == []
    context.params["town"] = "qinghe"
    assert list(base.periods(context, "2021")) == ["2021", "2021-09"]


def test_the_shell_asks_and_is_answered_before_anything_heavy_is_imported(root: Path) -> None:
    asked = {
        "_TOWNSHIP_REPORT_COMPLETE": "complete_bash",
        "COMP_WORDS": "township-report st",
        "COMP_CWORD": "1",
        "PYTHONPATH": str(root / "src"),
    }
    program = (
        "import sys\nfrom analysis.cli import exit_code\ntry:\n    exit_code([])\n"
        "finally:\n    print([name for name in ('pandas', 'papermill') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=os.environ | asked, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["status", "[]"]


def test_whoever_asks_a_command_to_end_sees_that_it_was_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service's manager does: the process ends by the signal, once all is in order."""
    raised: list[int] = []
    monkeypatch.setattr("analysis.running.interrupts.end_in_order", lambda: None)
    monkeypatch.setattr(Stopped, "number", signal.SIGTERM)
    monkeypatch.setattr(cli, "app", lambda *_, **__: cli.INTERRUPTED)  # as typer gives it
    monkeypatch.setattr(sys, "argv", ["township-report", "status"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(signal, "raise_signal", raised.append)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert raised == [signal.SIGTERM] and ended.value.code == cli.INTERRUPTED


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names of files are Unicode")
def test_where_names_of_files_are_no_unicode_the_command_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setattr(sys, "argv", ["township-report", "status"])
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "gbk")
    monkeypatch.setattr(os, "execv", lambda _program, command: begun.append(command))
    cli._speak_unicode()
    assert begun == [[sys.executable, "-P", "-m", "analysis.cli", "status"]] and os.environ["PYTHONUTF8"] == "1"
