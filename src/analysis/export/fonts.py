"""Which face each part of the document is set in.

A township's office has the faces that GB/T 9704 names; a server often has free ones, or none. So every role has
a stack, best first, which ends in a face of the wheel ``pylopdf-fonts-zh-cn`` that is always there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

_LAST_SERIF = "Noto Serif SC"
_LAST_SANS = "Noto Sans SC"

_FANGSONG = ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "FandolFang R", "FandolFang")

STACKS: dict[str, tuple[str, ...]] = {
    "title": (
        "方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "小标宋体",
        "STZhongsong", "华文中宋", "FandolSong", _LAST_SERIF,
    ),
    "heading1": ("黑体", "SimHei", "STHeiti", "FandolHei", _LAST_SANS),
    "heading2": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "FandolKai", "AR PL KaitiM GB", _LAST_SERIF),
    "heading3": (*_FANGSONG, _LAST_SERIF),
    "body": (*_FANGSONG, _LAST_SERIF),
    "page_number": ("宋体", "SimSun", "STSong", "FandolSong", _LAST_SERIF),
}  # fmt: skip
"""Role to faces, best first. The names are those that a font tells of itself, Chinese and Latin."""


def wheel_font_folder() -> Path:
    """Return the folder with the Noto faces that pip has installed."""
    return Path(pylopdf_fonts_zh_cn.__file__).parent


def chart_font_file() -> Path:
    """Return the file of Noto Sans SC, for matplotlib: Chinese in a chart must not depend on the machine."""
    return wheel_font_folder() / "NotoSansSC-Regular.otf"


@lru_cache(maxsize=8)
def available_fonts(folders: tuple[str, ...] = (), system: bool = True) -> typst.Fonts:
    """Return the fonts that typst may use: the given folders', the wheel's, and the system's if wanted."""
    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=True,  # for formulas and code
        font_paths=[*folders, str(wheel_font_folder())],
    )


def choose_faces(families: Iterable[str]) -> dict[str, str]:
    """Return the best face of each role among the given font families."""
    # typst compares family names without regard to case
    known = {family.casefold() for family in families}
    return {
        role: next((face for face in stack if face.casefold() in known), stack[-1]) for role, stack in STACKS.items()
    }


def fonts_used(folders: Sequence[str | os.PathLike[str]] = (), *, system: bool = True) -> dict[str, str]:
    """Return the face that each role is set in on this machine, for the manifest of a run.

    Parameters
    ----------
    folders
        Folders with further fonts, as in the option ``font_folders`` of the exporters.
    system
        Whether fonts installed on the machine count.

    Examples
    --------
    >>> fonts_used(system=False)["body"]
    'Noto Serif SC'
    """
    return choose_faces(available_fonts(tuple(os.fspath(folder) for folder in folders), system).families())


def face_lists(faces: dict[str, str]) -> dict[str, list[str]]:
    """Return for each role its face followed by the wheel's: a rare character must not become a box."""
    return {
        role: list(dict.fromkeys([face, _LAST_SANS if role == "heading1" else _LAST_SERIF, _LAST_SERIF, _LAST_SANS]))
        for role, face in faces.items()
    }
