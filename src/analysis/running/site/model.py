"""Which report of a period is published, and with which files: decided by manifests alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.running.manifest import ending_of, is_draft
from analysis.scheme import Period
from analysis.telling.edition import Edition, suffix

FORMATS = ("html", "pdf", "docx")
FINAL, COMPLETE, DRAFT = "定稿", "未定稿", "草稿"
"""How a report stands: frozen as a final; complete, though no final; a draft that has gaps."""
RECEIPTS = "receipts"
RECEIPT_ENDS = (".html", ".xlsx")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is published of a period.

    Attributes:
        town: the town's (or county's) folder.
        state: `FINAL`, `COMPLETE` or `DRAFT`.
        folder: where its files lie.
        files: SHA-256 of every file that is published, by its place below the report's place in the site; with the
            name that it has in `folder`.
        notices: what the publisher should know of it.
    """

    town: str
    period: Period
    state: str
    folder: Path
    files: Mapping[str, tuple[str, str]]
    notices: Sequence[str] = ()
    example: bool = False

    @property
    def place(self) -> str:
        """Where the report lies in the site: `reports/<town>/<period>`."""
        return f"reports/{self.town}/{self.period}"

    @property
    def receipts(self) -> list[str]:
        """The names of the receipts' pages, with their folder."""
        return [name for name in self.files if name.startswith(f"{RECEIPTS}/") and name.endswith(".html")]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A period that is not published, and why; `expected` where nobody need look into it: a draft."""

    town: str
    period: str
    why: str
    expected: bool = False


@dataclass(slots=True)
class Collected:
    """All that is published, newest first, and what is not."""

    chosen: list[Chosen] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


class UnusableError(Exception):
    """A report can't be published; says why, in Chinese."""


def choose(
    town: str,
    period: Period,
    folder: Path,
    manifest: Mapping[str, Any],
    final: str,
    edition: Edition,
    receipts: bool,
) -> Chosen:
    """Decide by a manifest (`run.json`) what is published of a report.

    Args:
        town: the name of the town's folder.
        period: of the report's folder.
        folder: where the report's files lie: the report's folder or that of a final.
        manifest: of the run that made it.
        final: the final's name; empty for the current report.
        edition: the edition to publish; that to share is the only one where no row is internal.
        receipts: whether the receipts go with it; a final has none.

    Raises:
        UnusableError: the manifest is of another report, or the edition is not there.
    """
    outputs = manifest.get("outputs")
    if not isinstance(outputs, Mapping) or manifest.get("ending") not in (ending_of(False), ending_of(True)):
        raise UnusableError("run.json 不完整，请重新运行")
    if (manifest.get("town", manifest.get("county")), manifest.get("period")) != (town, str(period)):
        raise UnusableError("run.json 写的是另一个乡镇或报告期，文件夹可能被复制或改名，请重新运行")
    stem = f"report{_ending(outputs, manifest, edition)}"
    files = {f"report.{end}": _output(outputs, f"{stem}.{end}") for end in FORMATS}
    if receipts and not final:
        names = sorted(name for name in outputs if _is_receipt(name))
        files |= {name: _output(outputs, name) for name in names}
    state = FINAL if final else DRAFT if is_draft(manifest) else COMPLETE
    notices = [f"定稿 {final} 没有审核回执"] if receipts and final else []
    if edition == "shared":
        mentions = manifest.get("internal_mentions") or ()
        notices += [f"共享稿引用的部门原话提到内部指标，请看一看：{mention}" for mention in mentions]
    return Chosen(town, period, state, folder, files, notices, bool(manifest.get("example")))


def newest_first(chosen: Sequence[Chosen]) -> list[Chosen]:
    """By period, the newest first; of one period by town."""
    return sorted(sorted(chosen, key=lambda each: each.town), key=lambda each: each.period, reverse=True)


def _ending(outputs: Mapping[str, Any], manifest: Mapping[str, Any], edition: Edition) -> str:
    """What the names of the edition's files end in. An office's report never stands in for one that is to be shared."""
    if edition == "office":
        return suffix("office")
    if any(name.startswith("report-shared") for name in outputs):
        return suffix("shared")
    if "internal_mentions" not in manifest and "county" not in manifest:
        raise UnusableError("是旧版本程序出的，看不出有没有内部指标，请重新运行")
    return suffix("office")


def _output(outputs: Mapping[str, Any], name: str) -> tuple[str, str]:
    """A file's name and SHA-256, as the manifest has them."""
    stem, dot, end = name.rpartition(".")
    if any(other.startswith(f"{stem}（新") and other.endswith(dot + end) for other in outputs):
        raise UnusableError(f"运行时《{name}》正打开着，新的另存在旁边，请合上文件重新运行")
    entry = outputs.get(name)
    digest = entry.get("sha256") if isinstance(entry, Mapping) else None
    if not isinstance(digest, str) or not digest:
        raise UnusableError(f"run.json 里没有《{name}》，请重新运行")
    return name, digest


def _is_receipt(name: str) -> bool:
    folder, slash, file = name.partition("/")
    return (
        folder == RECEIPTS
        and slash == "/"
        and file.endswith(RECEIPT_ENDS)
        and "/" not in file
        and "\\" not in file
        and not file.startswith(".")
    )
