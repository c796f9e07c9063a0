"""What the first look makes of a file, and which one counts where a department returned several."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from analysis.intake.headers import Survey
from analysis.intake.receipt_mark import ReceiptMark

Status = Literal["return", "superseded", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the first look makes of a file.

    Attributes:
        file: its name.
        department: whose it is, as far as that is known.
        status: a return to be read; superseded by a correction; refused; or not understood.
        reason: why it is not read, in Chinese; empty for a return.
        remedy: what to do about it.
        known_by: how the department is known.
        notes: what was taken for granted, in Chinese.
        path: where it lies.
        mark: what a receipt copy says of the return that it corrects; none for any other file.
        corrects: the names of the files here that it supersedes, the latest first.
    """

    file: str
    department: str | None
    status: Status
    reason: str = ""
    remedy: str = ""
    known_by: str = ""
    notes: tuple[str, ...] = ()
    path: Path | None = field(default=None, repr=False, compare=False)
    mark: ReceiptMark | None = field(default=None, repr=False)
    corrects: tuple[str, ...] = ()


Looked = tuple[Sighting, Survey | None]
"""A file as it was looked at, with the workbook where one could be opened."""


def settle_doubles(looked: Sequence[Looked]) -> list[Looked]:
    """Of several returns of a department take the one that corrects the others; else refuse them all.

    Which one counts is for the department to say: by sending back its receipt copy, which carries the mark of what it
    corrects. The newest is never taken because it is the newest.
    """
    returns: Mapping[str, list[Sighting]] = defaultdict(list)
    for sighting, _ in looked:
        if sighting.status == "return" and sighting.department is not None:
            returns[sighting.department].append(sighting)
    settled = {sighting.path: sighting for own in returns.values() if len(own) > 1 for sighting in _settled(own)}
    return [
        (now := settled.get(sighting.path, sighting), None if now.status == "refused" else survey)
        for sighting, survey in looked
    ]


def _settled(own: Sequence[Sighting]) -> Iterator[Sighting]:
    by_content: dict[str, Sighting] = {}
    for sighting in own:
        first = by_content.setdefault(_digest(sighting), sighting)
        if first is not sighting:
            yield _superseded(sighting, f"与《{first.file}》内容完全相同")
    corrected = {digest for sighting in by_content.values() if sighting.mark for digest in sighting.mark.corrects}
    latest = [sighting for digest, sighting in by_content.items() if digest not in corrected]
    for digest, sighting in by_content.items():
        if digest in corrected and len(latest) == 1:
            yield _superseded(sighting, f"已由更正件《{latest[0].file}》代替")
        elif digest in corrected:
            yield _superseded(sighting, "已由更正件代替")
    if len(latest) == 1:
        yield replace(latest[0], corrects=_lineage(latest[0], by_content))
        return
    files = "、".join(sighting.file for sighting in latest)
    for sighting in latest:
        yield replace(
            sighting,
            status="refused",
            reason=f"{sighting.department}报了{len(latest)}份表：{files}，没有一份说明更正哪一份",
            remedy="请只留下准确的一份，把其余的移出文件夹；要更正的，请在审核回执（标注的上报表）上改好报回",
        )


def _superseded(sighting: Sighting, reason: str) -> Sighting:
    return replace(sighting, status="superseded", reason=reason, remedy="不用处理")


def _lineage(sighting: Sighting, by_content: Mapping[str, Sighting]) -> tuple[str, ...]:
    corrects = sighting.mark.corrects if sighting.mark else ()
    return tuple(by_content[digest].file for digest in corrects if digest in by_content)


def _digest(sighting: Sighting) -> str:
    assert sighting.path is not None  # given to every file that was looked at
    return hashlib.sha256(sighting.path.read_bytes()).hexdigest()
