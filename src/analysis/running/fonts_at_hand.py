"""Which faces of official documents this machine has, which the PDF is set in, and where better ones come from."""

from dataclasses import dataclass

from analysis.export.fonts import STACKS, available_fonts, choose_faces

_NAMES = {
    "title": "标题", "heading1": "一、", "heading2": "（一）", "heading3": "1.", "body": "正文", "page_number": "页码",
}  # fmt: skip

_WANTED = {
    "title": "小标宋体", "heading1": "黑体", "heading2": "楷体", "heading3": "仿宋", "body": "仿宋",
    "page_number": "宋体",
}  # fmt: skip

_PROPER_BY_ITSELF = {"heading1", "page_number"}
"""The wheel's faces are a 黑体 and a 宋体: good for these, a substitute for the others."""

_ADVICE = {
    "win32": "Windows 自带仿宋、楷体、黑体；方正小标宋简体随 WPS、公文软件安装，或把字体文件放进 C:\\Windows\\Fonts",
    "darwin": "把仿宋、楷体、方正小标宋简体的字体文件用“字体册”安装，或安装 WPS",
}
_DEBIAN = (
    "Debian、Ubuntu：apt install texlive-lang-chinese fonts-arphic-gkai00mp（有 Fandol 仿宋、楷体、宋体），"
    "或把单位电脑上的字体文件复制到 ~/.local/share/fonts；装了 WPS 的，WPS 的字体也能用"
)


@dataclass(frozen=True)
class Role:
    """A part of the document and its face.

    Attributes:
        role: its key in `analysis.export.fonts.STACKS`.
        name: what it is, in Chinese.
        wanted: the kind of face that GB/T 9704 asks for.
        face: the face that it is set in.
        found: the faces of its stack that are here, best first.
        proper: whether the face is of the kind that is wanted.
    """

    role: str
    name: str
    wanted: str
    face: str
    found: tuple[str, ...]
    proper: bool


def roles(*, system: bool = True) -> tuple[Role, ...]:
    """Look which faces are here.

    Args:
        system: whether fonts installed on the machine count, beside those that pip has installed.
    """
    families = available_fonts(system=system).families()
    known = {family.casefold() for family in families}
    chosen = choose_faces(families)
    return tuple(
        Role(
            role,
            _NAMES[role],
            _WANTED[role],
            chosen[role],
            tuple(face for face in stack if face.casefold() in known),
            chosen[role] != stack[-1] or role in _PROPER_BY_ITSELF,
        )
        for role, stack in STACKS.items()
    )


def advice(system: str) -> str:
    """Where better faces come from on a system, named as `sys.platform` does."""
    return _ADVICE.get(system, _DEBIAN)
