"""The line of the crontab, run as cron runs it: by `sh -c`, with next to nothing in its environment."""

import re
import subprocess
from pathlib import Path

import pytest

USUAL = "/srv/township-report"


@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (2, "草稿\n"), (1, "没有完成\n")])
def test_cron_mails_what_there_is_to_do_and_nothing_else(code: int, mailed: str, root: Path, tmp_path: Path) -> None:
    lines = (root / "ops" / "crontab").read_text(encoding="utf-8").splitlines()
    (entry,) = [line for line in lines if re.match(r"[\d*]", line)]
    assert "CONTENT_TYPE=text/plain; charset=UTF-8" in lines  # cron itself speaks no Chinese
    *when, command = entry.split(maxsplit=5)
    assert when == ["0", "6", "5", "*", "*"] and "%" not in command  # cron ends a command at a per cent sign
    program = tmp_path / "乡镇 报告" / ".venv" / "bin" / "township-report"
    program.parent.mkdir(parents=True)
    said = {0: "报告已生成", 2: "草稿", 1: "没有完成"}[code]
    program.write_text(f'#!/bin/sh\ntest "$*" = scheduled && echo {said}\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    command = command.replace(USUAL, f"'{tmp_path / '乡镇 报告'}'")
    ran = subprocess.run(
        ["/bin/sh", "-c", command], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False, cwd="/"
    )
    assert (ran.returncode, ran.stdout.decode(), ran.stderr) == (code, mailed, b"")
