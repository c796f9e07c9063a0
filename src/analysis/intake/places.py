"""Where the project lies: paths given relative to its root work from the root and from `notebooks/` alike."""

from pathlib import Path

MARK = Path("scheme") / "indicators.csv"
"""The file that only the project's root holds."""
USUAL = {"raw": "data/raw", "processed": "data/processed", "reports": "reports", "scheme": "scheme"}
"""Where folders lie below the project's root."""
SYSTEM_FILES = ("thumbs.db", ".ds_store", "desktop.ini")
LOCK_PREFIXES = ("~$", ".~")


def left_by_a_program(name: str) -> bool:
    """Whether a file is one that programs put beside others: the mark of an open workbook, a file manager's notes."""
    return name.startswith(LOCK_PREFIXES) or name.lower() in SYSTEM_FILES


def project_root(start: Path | None = None) -> Path:
    """Give the nearest folder, from `start` (the working directory) upwards, that holds `scheme/indicators.csv`.

    Raises:
        FileNotFoundError: in Chinese, where there is none.
    """
    folder = (start or Path.cwd()).resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / MARK).is_file():
            return candidate
    raise FileNotFoundError(f"从 {folder} 往上找不到项目文件夹（应有 {MARK.as_posix()}）。请在项目文件夹内运行。")


def project_path(path: str | Path) -> Path:
    """Resolve a path against the project's root; an absolute path stays as it is."""
    given = Path(path)
    return given if given.is_absolute() else project_root() / given
