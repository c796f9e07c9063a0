"""Text that becomes part of a path: it is the name of one file or folder, and stays where it belongs.

What a user, a parameter of a notebook, a facts file or an object store names goes through here before it is joined to a
folder; nothing else in the project makes a path of such text.
"""

import unicodedata
from pathlib import Path

SEPARATORS = "/\\:"
"""What leads elsewhere on one system or another: folders, drives, streams."""
NOT_ON_WINDOWS = '<>"|?*'
DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"}
)
"""Names that Windows takes for devices, whatever ending they have."""
MOST_BYTES = 180
"""Of a file's name in UTF-8: file systems allow 255, and while it is written a prefix and an ending are put to it."""


def leads_elsewhere(name: str) -> bool:
    """Whether a name is none, leads out of its folder, or holds a control character, on one system or another."""
    controls = any(unicodedata.category(mark) == "Cc" for mark in name)
    return name.strip() in ("", ".", "..") or controls or any(mark in name for mark in SEPARATORS)


def wrong_with(name: str, ending: str = "") -> str:
    """Why a text can't be the name of a file or folder on every system, in Chinese; empty where it can.

    `ending` is the longest that will be put behind it.
    """
    if not name or name in (".", ".."):
        return "不是名称"
    if leads_elsewhere(name) or any(unicodedata.category(mark) in ("Cf", "Cs", "Zl", "Zp") for mark in name):
        return "不能有 / \\ : 和看不见的字符"
    if any(mark in name for mark in NOT_ON_WINDOWS):
        return f"不能有 {' '.join(NOT_ON_WINDOWS)}"
    if name != name.strip() or name.endswith("."):
        return "前后不能有空格，末尾不能是点"
    if name.partition(".")[0].rstrip(" ").upper() in DEVICES:
        return "是 Windows 的保留名称"
    most = MOST_BYTES - len(ending.encode())
    if len(name.encode("utf-8", "surrogatepass")) > most:
        return f"太长，汉字不要超过{most // 3}个"
    return ""


def file_name(text: str, what: str = "名称", ending: str = "") -> str:
    """The text, if it is the name of one file or folder on every system.

    Args:
        text: as given.
        what: how a message calls it.
        ending: the longest that will be put behind it.

    Raises:
        ValueError: it is a path or can't be a name; in Chinese.
    """
    if wrong := wrong_with(text, ending):
        shown = "".join(mark if mark.isprintable() else "□" for mark in text[:60])
        raise ValueError(f"{what}“{shown}”应当是文件夹名或文件名，不能是路径：{wrong}")
    return text


def below(folder: Path, *names: str) -> Path:
    """A path below a folder, by names each of one step; it can't leave the folder.

    A link that the folder itself holds is followed: whoever made it may read where it leads.

    Raises:
        ValueError: a name is a path or can't be a name; in Chinese.
    """
    return folder.joinpath(*(file_name(name) for name in names))
