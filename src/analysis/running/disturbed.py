"""Files that someone changes while a run reads them: no report is made of them, since none could say which it shows."""

from collections.abc import Mapping
from typing import Any

from analysis.running.errors import RunError
from analysis.running.unchanged import files_told

OF_PROJECT = ("raw/", "scheme/", "notebooks/")
"""How the names of inputs begin that are files of the project, not tables that the stages write."""


def require_same(
    recorded: Mapping[str, Mapping[str, Any]], planned: Mapping[str, str], again: Mapping[str, str], town: str
) -> None:
    """See that what a step was made from is what `run.json` will say, and still is.

    Args:
        recorded: size and SHA-256 of the run's inputs as it began, by the manifest's names, `raw/qinghe/2021/财政所.xlsx`.
        planned: digests of a step's inputs as it began, by the step's names, `raw/2021/财政所.xlsx`.
        again: the same now.
        town: the township's folder, which the manifest's names have and the step's have not.

    Raises:
        RunError: naming the files.
    """
    began = {name: str(recorded.get(_in_manifest(name, town), {}).get("sha256", "")) for name in _files(planned)}
    told = files_told(began, _files(planned)) + files_told(planned, again)
    if planned != again and not told:  # the same files, which now are others' returns
        told = ["各部门的上报表"]
    if told:
        raise RunError(
            f"运行期间有文件被改动：{'；'.join(dict.fromkeys(told))}。读到的可能一半是改前的，一半是改后的，所以没有出报告",
            "请等文件改好、存好，再运行一次；上一次的报告没有改动。",
        )


def _files(digests: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in digests.items() if name.startswith(OF_PROJECT)}


def _in_manifest(name: str, town: str) -> str:
    return f"raw/{town}/{name.removeprefix('raw/')}" if name.startswith("raw/") else name
