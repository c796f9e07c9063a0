"""What a run has left in its folder for those who compare reports, or why there is nothing to compare with."""

from pathlib import Path
from typing import Any

from analysis.running.errors import RunError
from analysis.running.manifest import MANIFEST, read_manifest

FIGURE_LIST, NOTEBOOK = "figures{}.parquet", "notebooks/3_report{}.ipynb"
"""Of each edition; its suffix stands in the middle."""
COMPARED = (MANIFEST, FIGURE_LIST.format(""), NOTEBOOK.format(""))
"""What of a run's folder reports are compared by; more of it need not be kept."""
RUN_AGAIN = "请先运行 township-report run，出这一期的报告。"


def left_by_a_run(folder: Path) -> dict[str, Any]:
    """The manifest of the run that made a report's folder, where all is there that reports are compared by.

    Raises:
        RunError: something is missing, or the manifest can't be read; in Chinese.
    """
    called = f"{folder.parent.name}/{folder.name}"
    missing = [name for name in COMPARED if not (folder / name).is_file()]
    if missing:
        raise RunError(f"{called} 中没有可以对照的运行结果（缺 {'、'.join(missing)}）", RUN_AGAIN)
    manifest = read_manifest(folder)
    if manifest is None:
        raise RunError(f"{called}/{MANIFEST} 读不出来", RUN_AGAIN)
    return manifest
