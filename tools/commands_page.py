"""Write ``docs/commands.md``, the reference page of all commands, from the application itself.

Run it after a change of a command, and commit the result::

    python tools/commands_page.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from analysis.cli import DONE, FAILED, GAPS, INTERRUPTED, SKIPPED, app
from analysis.cli.help import context_of, sections, usage_line

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "commands.md"
PROGRAM = "township-report"
INTRODUCTION = f"""\
# 命令

这一页由 `python tools/commands_page.py` 按程序写成，不要直接改。`{PROGRAM} --help` 列出全部命令，\
`{PROGRAM} 命令 --help` 说明一个命令。命令在项目文件夹里运行。

## 退出码

| 退出码 | 意思 |
| --- | --- |
| {DONE} | 完成，没有要处理的 |
| {GAPS} | 完成，但有要处理的：出的是草稿，或者查到了问题、改动 |
| {FAILED} | 没有完成（命令写错也是）；原因和办法写在标准错误上，上一次的报告没有改动 |
| {SKIPPED} | 这次没有运行：同一乡镇、同一报告期正在另一处运行，或者没有到期的报告期；什么都没有改动 |
| {INTERRUPTED} | 按 Ctrl-C 中断；上一次的报告没有改动 |

各命令怎么用这几个退出码，写在它自己的一节里；没有写的，只有完成（{DONE}）和没有完成（{FAILED}）。

## 输出

- 在终端上，表格有框线，要紧的有颜色；写到文件或交给别的程序时，没有框线、颜色和进度条，一句话一行，路径不会被断开。
- 有 `--json` 的命令，标准输出上只有 JSON；出错时没有 JSON，原因写在标准错误上，看退出码就知道。

## 按 Tab 键补全

运行一次 `{PROGRAM} --install-completion`，重开终端，按 Tab 键就能补全命令、选项，以及 `--town`、`--period` 后面的乡镇和报告期。\
支持 bash、zsh、fish 和 PowerShell。装好时的两句提示是英文的，意思是补全脚本装在哪里、重开终端后起作用。\
不想让它改自己的设置文件的，用 `{PROGRAM} --show-completion` 看脚本，自己放。
"""


def main() -> None:
    """Write the page."""
    TARGET.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page as Markdown."""
    group: Any = typer.main.get_command(app)
    parts = [INTRODUCTION]
    parts += ["\n".join(_section(name, command)) for name, command in sorted(group.commands.items())]
    return "\n".join(parts)


def _section(name: str, command: Any) -> Iterator[str]:
    context = context_of(command, f"{PROGRAM} {name}")
    yield from (f"## {name}", "", command.help, "", "```text", usage_line(command, context), "```", "")
    for title, rows in sections(command, context):
        told = [row for row in rows if row[0] != "--help"]
        if told:
            yield from (f"| {title} | 说明 |", "| --- | --- |")
            yield from (f"| `{_cell(names)}` | {_cell(what).replace('<', '&lt;')} |" for names, what in told)
            yield ""
    example, _, codes = str(command.epilog or "").partition("\n退出码：")
    yield from ("```sh", *(line.strip() for line in example.splitlines()[1:]), "```", "")
    if codes:
        yield from (f"退出码：{codes}。", "")


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")


if __name__ == "__main__":
    main()
