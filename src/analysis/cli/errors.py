"""Every failure that a user can meet, told in Chinese on the standard error."""

import re
import traceback
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor

import typer
from typer.exceptions import TyperException

from analysis.running.broken_off import MEMORY
from analysis.running.failures import of_error
from analysis.running.interrupts import ENDING, Stopped

STOPPED = {
    int(number): how for number, how in zip(ENDING, ("被系统或别的程序要求结束", "终端关闭，已结束"), strict=False)
}
UNTOUCHED = "上一次的报告没有改动。"


def told(error: BaseException) -> Iterator[tuple[str, str]]:
    """What is said of an error, line by line, each with its colour."""
    if isinstance(error, typer.Abort | KeyboardInterrupt):
        how = STOPPED.get(Stopped.number or 0, "已中断")
        yield f"{how}。{UNTOUCHED}再运行一次即可。", ""
    elif isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        yield f"命令写法不对：{usage(error)}", ""
        yield f"{context.command_path if context else 'township-report'} --help 列出全部选项。", ""
    elif isinstance(error, OSError) and (system := of_error(error)) is not None:
        yield "没有完成：", "red"
        yield system[0], ""
        yield f"{system[1]}{UNTOUCHED}", ""
    elif isinstance(error, BrokenExecutor):
        yield f"没有完成：一个工作进程被系统强行结束了，多半是内存不够。{MEMORY}{UNTOUCHED}", "red"
    elif isinstance(error, MemoryError):
        yield f"没有完成：内存不够。{MEMORY}{UNTOUCHED}", "red"
    elif isinstance(error, ValueError | RuntimeError | OSError):  # SchemeError, RunError, ExportError among them
        yield "没有完成：", "red"
        yield str(error), ""
    else:
        yield f"没有完成：程序出错，这不是操作的问题。{UNTOUCHED}请把下面的内容交给维护人员：", "red"
        yield "".join(traceback.format_exception(error)).rstrip(), ""


def usage(error: TyperException) -> str:
    """A mistake in the command line, in Chinese."""
    option = getattr(error, "option_name", None)
    if option is not None:
        near = getattr(error, "possibilities", None)
        hint = f"，是否是 {'、'.join(near)}？" if near else ""
        return f"没有 {option} 这个选项{hint}" if "requires" not in str(error) else f"{option} 后面要写它的值"
    if isinstance(error, typer.BadParameter):
        name = (error.param.metavar or error.param.opts[0]) if error.param else ""
        missing = type(error).__name__ == "MissingParameter"
        return f"缺少 {name}" if missing else f"{name} 的值不能用（{_value(error.message)}）"
    command = re.match(r"No such command '(.+?)'", str(error))
    if command:
        return f"没有 {command[1]} 这个命令"
    extra = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", str(error))
    return f"多了 {extra[1]}" if extra else str(error)


VALUES = {
    r".*greater than or equal to (\S+)": r"不能小于 \1",
    r".*less than or equal to (\S+)": r"不能大于 \1",
    r".*valid integer.*": "应当是整数",
}
"""What typer says of a value, and how it is told."""


def _value(message: str) -> str:
    for english, chinese in VALUES.items():
        if re.match(english, message, re.DOTALL):
            return re.sub(english, chinese, message, flags=re.DOTALL)
    return message
