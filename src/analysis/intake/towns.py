"""Which townships and periods there are: the folders below `data/raw`."""

import tomllib
from pathlib import Path

from analysis.scheme.period import Period


def towns_of(raw: Path) -> list[str]:
    """The names of the townships' folders: those with `town.toml`, or with the folder of a period."""
    if not raw.is_dir():
        return []
    return sorted(
        folder.name
        for folder in raw.iterdir()
        if folder.is_dir()
        and not folder.name.startswith(".")
        and ((folder / "town.toml").is_file() or periods_of(folder))
    )


def periods_of(town_folder: Path) -> list[Period]:
    """The periods that a township has folders of, in their order."""
    if not town_folder.is_dir():
        return []
    found = []
    for folder in town_folder.iterdir():
        try:
            period = Period.parse(folder.name)
        except ValueError:
            continue
        if folder.is_dir() and str(period) == folder.name:
            found.append(period)
    return sorted(found)


def name_of(town_folder: Path) -> str | None:
    """The township's name as `town.toml` says it; none where it doesn't."""
    try:
        name = tomllib.loads((town_folder / "town.toml").read_text(encoding="utf-8-sig")).get("name")
    except (OSError, ValueError):  # a TOMLDecodeError and a UnicodeDecodeError are ValueErrors
        return None
    return name if isinstance(name, str) and name else None
