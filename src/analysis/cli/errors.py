"""Every failure that a user can meet, told in Chinese on the standard error."""

import errno
import re
import traceback
from collections.abc import Iterator

import typer
from typer.exceptions import TyperException

UNTOUCHED = "上一次的报告没有改动。"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def told(error: BaseException) -> Iterator[tuple[str, str]]:
    """What is said of an error, line by line, each with its colour."""
    if isinstance(error, typer.Abort | KeyboardInterrupt):
        yield f"已中断。{UNTOUCHED}", ""
    elif isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        yield f"命令写法不对：{usage(error)}", ""
        yield f"{context.command_path if context else 'township-report'} --help 列出全部选项。", ""
    elif isinstance(error, OSError) and error.errno is not None:
        yield "没有完成：", "red"
        yield from ((line, "") for line in _of_system(error))
    elif isinstance(error, MemoryError):
        yield f"没有完成：内存不够。请关掉别的程序，或用 --workers 1 少开几个。{UNTOUCHED}", "red"
    elif isinstance(error, ValueError | RuntimeError | OSError):  # SchemeError, RunError, ExportError among them
        yield "没有完成：", "red"
        yield str(error), ""
    else:
        yield f"没有完成：程序出错，这不是操作的问题。{UNTOUCHED}请把下面的内容交给维护人员：", "red"
        yield "".join(traceback.format_exception(error)).rstrip(), ""


def _of_system(error: OSError) -> Iterator[str]:
    """What the system would not do, and what to do about it."""
    place = error.filename or ""
    if isinstance(error, FileNotFoundError):
        yield f"没有这个文件或文件夹：{place}"
        yield "请核对写法；路径里有空格的，两头加引号。"
    elif error.errno in FULL:
        yield f"磁盘满了，写不进去：{place}".rstrip("：")
        yield f"请清理出空间再运行一次。{UNTOUCHED}"
    elif error.errno == errno.EROFS:
        yield f"这个位置是只读的，不能写：{place}".rstrip("：")
        yield f"请换一个文件夹，例如用 --reports、--processed 指定。{UNTOUCHED}"
    elif isinstance(error, PermissionError):
        yield f"没有权限读写，或者文件正被打开：{place}".rstrip("：")
        yield f"请关闭打开的文件，检查文件夹权限，再运行一次。{UNTOUCHED}"
    elif isinstance(error, NotADirectoryError | IsADirectoryError | FileExistsError):
        yield f"这里要的是{'文件夹' if isinstance(error, NotADirectoryError) else '文件'}，或者名称已被占用：{place}"
        yield f"请核对写法。{UNTOUCHED}"
    else:
        yield f"文件读写出错（{error.strerror or error}）：{place}".rstrip("：")
        yield f"请检查磁盘空间、文件夹权限，以及文件是否正打开着。{UNTOUCHED}"


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
