"""`township-report status`: which townships and periods there are, who has returned, and how the last run ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from analysis.intake.look import first_look
from analysis.intake.sighting import Sighting
from analysis.intake.towns import name_of, periods_of, towns_of
from analysis.running.final import PREFIX, final_numbers
from analysis.running.manifest import DONE, DRAFT, hashed, read_manifest, when
from analysis.running.places import Places
from analysis.running.publish import unfinished
from analysis.running.unchanged import of_program, unchanged
from analysis.scheme import Period, Scheme, Town
from analysis.scheme.toml_file import read_toml

ENDINGS = {DONE: "报告", DRAFT: "草稿"}
"""What a run has made, by its ending."""
NOT_RUN, BROKEN_OFF = "没有运行过", "没有换完"
OTHER_PROGRAM, OTHER_REPORT = "程序或软件版本", "报告或中间数据"
OTHERS = {"其他期或乡镇的文件": ("raw/", "个"), "方案": ("scheme/", "处"), "笔记本": ("notebooks/", "个")}
"""What else may have changed, by what its name begins with, and how it is counted."""
SHOWN = 3
GAPS_SHOWN = 5
"""So many changed files, or departments that owe, are named in the table, and so many gaps of a draft below it; `--json` has them all."""


@dataclass(frozen=True)
class Standing:
    """How a township's period stands.

    Attributes:
        town: the folder's name.
        name: the township's name; empty where `town.toml` can't be read.
        period: `2021` or `2021-09`.
        departments: how many there are to return.
        returned, refused, owed: those whose return can be read; those of which only files came that can't be used; those of
            which nothing came. A first look only.
        unknown: files of the folder that are no department's.
        problem: why returns could not be looked at; empty where they could.
        finished: when the last run ended, ISO 8601; empty where there was none.
        ending: how: `done` or `done with gaps`; empty where there was none.
        gaps: what the last run's draft lacks, a sentence each.
        finals: the finals that were made, the latest last.
        changed: what has changed since the last run; empty where a run now would make the same.
        broken_off: whether the last run died as it moved its files to their places.
    """

    town: str
    name: str
    period: str
    departments: int
    returned: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    problem: str = ""
    finished: str = ""
    ending: str = ""
    gaps: tuple[str, ...] = ()
    finals: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    broken_off: bool = False


def standings(places: Places, scheme: Scheme, town: str | None = None, period: Period | None = None) -> list[Standing]:
    """How all townships and periods stand, or those that are asked for; one that can't be read never stops the others.

    Args:
        places: the folders; which town and period they name does not matter.
        scheme: the scheme.
        town: a township's folder name; all where none is given.
        period: likewise.

    Raises:
        ValueError: in Chinese, where there is no such township.
    """
    towns = towns_of(places.raw)
    if town is not None and town not in towns:
        raise ValueError(f"没有“{town}”这个乡镇。{places.raw} 里有：{'、'.join(towns) or '（空）'}")
    found = []
    for name in [town] if town is not None else towns:
        periods = sorted({*periods_of(places.raw / name), *periods_of(places.reports / name)})
        found += [
            _standing(replace(places, town=name, period=each), scheme)
            for each in periods
            if period is None or each == period
        ]
    return found


def _standing(places: Places, scheme: Scheme) -> Standing:
    town, problems = read_toml(places.raw / places.town / "town.toml", Town, "town.toml")
    names = [department.name for department in scheme.departments]
    so_far = Standing(
        places.town,
        name_of(places.raw / places.town) or "",
        str(places.period),
        len(names),
        finals=_finals(places.report),
    )
    try:
        so_far = _with_last_run(so_far, places)
        if town is None:
            return replace(so_far, problem=" ".join(map(str, problems)))
        return _with_returns(so_far, first_look(places.returns, scheme, town, places.period), names)
    except OSError as error:
        return replace(so_far, problem=f"读不出来（{error.strerror}）：{error.filename}")


def _with_returns(standing: Standing, looked: Sequence[Sighting], names: Sequence[str]) -> Standing:
    returned = {sighting.department for sighting in looked if sighting.status == "return"}
    refused = {sighting.department for sighting in looked if sighting.status == "refused"} - returned
    return replace(
        standing,
        returned=tuple(name for name in names if name in returned),
        refused=tuple(name for name in names if name in refused),
        owed=tuple(name for name in names if name not in returned | refused),
        unknown=tuple(sighting.file for sighting in looked if sighting.department is None),
    )


def _with_last_run(standing: Standing, places: Places) -> Standing:
    last = read_manifest(places.report)
    standing = replace(standing, broken_off=unfinished(places.report))
    if last is None:
        return standing
    gaps = [f"欠报：{department}" for department in last.get("owed", [])]
    gaps += [f"缺数：{gap['code']} {gap['text']}" for gap in last.get("gaps", [])]
    return replace(
        standing,
        finished=str(last.get("finished", "")),
        ending=str(last.get("ending", "")),
        gaps=tuple(gaps),
        changed=tuple(_changed(places, last)),
    )


def _changed(places: Places, last: Mapping[str, Any]) -> list[str]:
    """What is not as it was when the last run was made, the returns first."""
    given = {name: value for name, value in dict(last.get("parameters", {})).items() if name not in ("town", "period")}
    if unchanged(places, given) is not None:
        return []
    then, now = last.get("inputs", {}), hashed(places.inputs())
    files = sorted({*then, *now}, key=lambda name: (not name.startswith("raw/"), name))
    changed = [name for name in files if then.get(name) != now.get(name)]
    if changed:
        return changed
    return [OTHER_PROGRAM if last.get("program") != of_program() else OTHER_REPORT]


def _finals(report: Path) -> tuple[str, ...]:
    return tuple(f"{PREFIX}{number}" for number in final_numbers(report))


HEADS = ("乡镇", "报告期", "上报", "没有上报或退回", "上次运行", "结果", "定稿", "之后的变化")


def rows(found: Sequence[Standing]) -> Iterator[tuple[str, ...]]:
    """The table's rows, under `HEADS`."""
    for each in found:
        called = f"{each.town}（{each.name}）" if each.name else each.town
        returned = "读不出来" if each.problem else f"{len(each.returned)}/{each.departments}"
        waited = [f"{name}（退回）" for name in each.refused] + list(each.owed)
        waited += [f"认不出部门的文件{len(each.unknown)}个"] if each.unknown else []
        lacking = f"，缺{len(each.gaps)}项" if each.gaps else ""
        ending = f"{ENDINGS.get(each.ending, each.ending)}{lacking}" if each.ending else "—"
        yield (
            called,
            each.period,
            returned,
            _shortened(waited, "个"),
            BROKEN_OFF if each.broken_off else when(each.finished) if each.finished else NOT_RUN,
            ending,
            each.finals[-1] if each.finals else "—",
            _since(each) if each.finished else "—",
        )


def remarks(found: Sequence[Standing]) -> Iterator[str]:
    """What does not go into the table: why a township could not be read, and what drafts lack."""
    for each in found:
        where = f"{each.name or each.town}{Period.parse(each.period).label}"
        if each.problem:
            yield f"{where}：{each.problem}"
        if each.broken_off:
            yield f"{where}：上次运行在更换报告时中断了，报告不完整，请不要使用；再运行一次就会换完"
        yield from (f"{where}草稿{gap}" for gap in each.gaps[:GAPS_SHOWN])
        if len(each.gaps) > GAPS_SHOWN:
            yield f"{where}草稿另缺{len(each.gaps) - GAPS_SHOWN}项，用 --json 全部列出"


def _shortened(names: Sequence[str], measure: str) -> str:
    if not names:
        return "无"
    more = f"等{len(names)}{measure}" if len(names) > SHOWN else ""
    return f"{'、'.join(names[:SHOWN])}{more}"


def _since(standing: Standing) -> str:
    """What has changed, in a few words: this period's files by name, the others counted."""
    own = f"raw/{standing.town}/{standing.period}/"
    named = [name.removeprefix(own) for name in standing.changed if name.startswith(own)]
    told = [_shortened(named, "个文件")] if named else []
    for kind, (start, measure) in OTHERS.items():
        count = sum(name.startswith(start) and not name.startswith(own) for name in standing.changed)
        told += [f"{kind}{count}{measure}"] if count else []
    told += [name for name in standing.changed if "/" not in name]
    return "；".join(told) or "无"


def as_json(found: Sequence[Standing]) -> list[dict[str, Any]]:
    """The standings, for programs."""
    return [asdict(each) for each in found]
