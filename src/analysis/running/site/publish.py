"""The site made whole beside its place, checked, and moved into it; the old one stays until then."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.intake.places import left_by_a_program
from analysis.running.errors import RunError
from analysis.running.manifest import sha256
from analysis.running.site.collect import collect
from analysis.running.site.inspection import Inspected, inspect
from analysis.running.site.model import Chosen, LeftOut
from analysis.running.site.page import GENERATOR, index
from analysis.running.site.reading import Told, parsed, told_by
from analysis.scheme.load import read_people
from analysis.scheme.models import PeopleWords
from analysis.telling.edition import EDITIONS, NAMES, Edition

INDEX, SUMS = "index.html", "SHA256SUMS"
"""The page to begin with, and what the site consists of; `sha256sum -c SHA256SUMS` says whether it is whole."""
SHOWN = 20
"""Findings of one kind that a message lists."""


@dataclass(frozen=True)
class Asked:
    """What the user asks for.

    Attributes:
        reports: the folder with the reports of all towns and periods.
        out: the site's folder.
        edition: `shared` or `office`.
        receipts, drafts: whether these go with it.
        check: only look, publish nothing.
        allow_personal: publish though persons are named or numbered.
        scheme: the folder of the scheme, whose words tell how names are known; none to look for numbers only.
    """

    reports: Path
    out: Path
    edition: str = "shared"
    receipts: bool = False
    drafts: bool = False
    check: bool = False
    allow_personal: bool = False
    scheme: Path | None = None

    @cached_property
    def people(self) -> tuple[PeopleWords, ...]:
        """The words by which names are known.

        Raises:
            SchemeError: they can't be used.
        """
        return read_people(self.scheme) if self.scheme else ()


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        asked: for.
        reports: what is published, or would be.
        left_out: what is not, and why.
        inspected: what the checks found in it.
        standing: what they found in the site that is there already; none where only publishing was asked for.
    """

    asked: Asked
    reports: list[Chosen] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    inspected: Inspected = field(default_factory=Inspected)
    standing: Inspected | None = None

    @property
    def clean(self) -> bool:
        """Whether nobody needs look into anything."""
        looks = [self.inspected, *([self.standing] if self.standing is not None else [])]
        return all(left.expected for left in self.left_out) and not any(
            look.dead or look.altered or (look.personal and not self.asked.allow_personal) for look in looks
        )


def publish_site(asked: Asked) -> Outcome:
    """Make the site of all reports, or only check it.

    Raises:
        RunError: there is nothing to publish, the folder is somebody else's, or persons are named or numbered in it; the
            site that was there stays as it was.
    """
    edition = _edition(asked.edition)
    if not asked.reports.is_dir():
        raise RunError(
            f"没有报告文件夹 {asked.reports}", "请先运行报告（township-report run），或用 --reports 写明在哪里"
        )
    if asked.check:
        with tempfile.TemporaryDirectory(prefix="township-site-") as folder:
            return _made(asked, edition, Path(folder) / "site")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with _alone(asked.out) as beside:
        _require_own(asked.out)
        outcome = _made(asked, edition, beside / "site")
        if outcome.inspected.personal and not asked.allow_personal:
            found = outcome.inspected.personal
            listed = "\n".join(f"  {place}：{what}" for place, what in found[:SHOWN])
            listed += f"\n  另有{len(found) - SHOWN}处" if len(found) > SHOWN else ""
            raise RunError(
                f"没有发布：要发布的文件里有个人信息（姓名、身份证号、电话或银行卡号）\n{listed}",
                "请在上报表中删去，重新运行报告后再发布（审核回执印有联系电话，不发布回执就没有）；"
                "不是姓名的，请加到 scheme/people.csv 的 not 一行；"
                "确认可以公开的，加 --allow-personal。原来的站点没有改动。",
            )
        _swap(beside / "site", asked.out, _old(asked.out))
    return outcome


def _made(asked: Asked, edition: Edition, site: Path) -> Outcome:
    """Make the whole site in a new folder, and look at it."""
    site.mkdir()
    collected = collect(asked.reports, edition, asked.receipts, asked.drafts)
    outcome = Outcome(asked, left_out=list(collected.left_out))
    told: list[tuple[Chosen, Told]] = []
    for chosen in collected.chosen:
        wrong = _copy(chosen, site / chosen.place)
        if wrong:
            shutil.rmtree(site / chosen.place)
            outcome.left_out.append(LeftOut(chosen.town, str(chosen.period), wrong))
            continue
        told.append((chosen, told_by(parsed((site / chosen.place / "report.html").read_bytes()))))
    outcome.reports = [chosen for chosen, _ in told]
    if not told:
        why = "\n".join(f"  {left.town} {left.period}：{left.why}" for left in outcome.left_out)
        raise RunError(f"没有可以发布的报告\n{why}".rstrip(), "原来的站点没有改动。")
    (site / INDEX).write_bytes(index(told, edition).encode())
    outcome.inspected = inspect(site, asked.people)
    sums = [f"{sha256(site / place)}  {place}\n" for place in files_of(site)]
    (site / SUMS).write_bytes("".join(sums).encode())
    if asked.check and asked.out.is_dir() and any(asked.out.iterdir()):
        outcome.standing = _standing(asked)
    return outcome


def _edition(name: str) -> Edition:
    for edition in EDITIONS:
        if edition == name:
            return edition
    known = "、".join(f"{edition}（{NAMES[edition]}）" for edition in EDITIONS)
    raise RunError(f"没有“{name}”这个版本", f"--edition 后面写 {known}")


def _copy(chosen: Chosen, place: Path) -> str:
    """Copy a report's files; what is wrong where one is not the one that its run made."""
    place.mkdir(parents=True)
    for name, (source, digest) in chosen.files.items():
        target = place / name
        target.parent.mkdir(exist_ok=True)
        try:
            content = (chosen.folder / source).read_bytes()
        except OSError:
            return f"缺《{source}》或者读不出，请重新运行"
        if hashlib.sha256(content).hexdigest() != digest:
            return f"《{source}》在运行之后改过，和报告的其他格式不再一致，请重新运行"
        target.write_bytes(content)
    return ""


def files_of(site: Path) -> list[str]:
    """The places of all files of a site, with `/`, in their order."""
    files = (path for path in site.rglob("*") if path.is_file() and not left_by_a_program(path.name))
    return sorted(path.relative_to(site).as_posix() for path in files)


def _listed(site: Path) -> dict[str, str]:
    """What a site consists of by its own list: place and SHA-256; nothing where it has no list."""
    try:
        lines = (site / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {place: digest for digest, _, place in (line.partition("  ") for line in lines)}


def _require_own(out: Path) -> None:
    """See that the folder is new, empty, or a site that this command made, with nothing of anybody else's in it."""
    if not out.exists():
        return
    if not out.is_dir():
        raise RunError(f"{out} 是一个文件", "请用 --out 另写一个文件夹")
    present, listed = files_of(out), _listed(out)
    if any(out.iterdir()) and not (listed and _is_index(out / INDEX)):
        raise RunError(f"{out} 里有别的东西，不是发布的站点，没有动它", "请用 --out 另写一个文件夹")
    foreign = [place for place in present if place not in listed and place != SUMS] if listed else []
    if foreign:
        some = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")
        raise RunError(
            f"{out} 里有{len(foreign)}个不是发布时放进去的文件：{some}", "请先移走，或用 --out 另写一个文件夹"
        )


def _is_index(page: Path) -> bool:
    """Whether a page is an index that this command made: other folders have lists of sums too."""
    try:
        return f'<meta name="generator" content="{GENERATOR}">'.encode() in page.read_bytes()
    except OSError:
        return False


def _standing(asked: Asked) -> Inspected:
    """Look at the site that is there: its links, its texts, and whether every file is the one that was published."""
    out, inspected = asked.out, inspect(asked.out, asked.people)
    listed, present = _listed(out), set(files_of(out))
    for place, digest in sorted(listed.items()):
        if place not in present:
            inspected.altered.append((place, "没有了"))
        elif sha256(out / place) != digest:
            inspected.altered.append((place, "发布之后改过"))
    inspected.altered += [(place, "不是发布时放进去的") for place in sorted(present - listed.keys() - {SUMS})]
    return inspected


@contextmanager
def _alone(out: Path) -> Iterator[Path]:
    """Hold the site's lock, with a folder beside it to stage in; a killed run's remains are taken away first."""
    lock = FileLock(out.with_name(f".{out.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RunError(f"{out} 正在另一处发布", "请等它结束后再发布。") from None
    try:
        old = _old(out)
        if old.exists() and not out.exists():
            old.rename(out)  # the last one was killed between its two moves
        shutil.rmtree(old, ignore_errors=True)
        for left in out.parent.glob(f".{out.name}.publishing-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.publishing-", dir=out.parent) as folder:
            yield Path(folder)
    finally:
        lock.release()


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _swap(site: Path, out: Path, old: Path) -> None:
    """Put the new site in the old one's place; where it can't be moved the old one is back."""
    if out.exists():
        out.replace(old)
    try:
        site.replace(out)
    except OSError:
        if old.exists():
            old.replace(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
