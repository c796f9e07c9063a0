"""The facts of a county that rolls up its townships: `<county>.toml` beside the townships' folders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from analysis.scheme.facts import Town
from analysis.scheme.names import wrong_with
from analysis.scheme.period import Period
from analysis.scheme.problems import SchemeError, SchemeProblem
from analysis.scheme.toml_file import read_toml


class CountyFacts(BaseModel):
    """A county (县): `data/raw/<county>.toml`.

    `report_dates` and `document_numbers` are by period as its folder is called (`2021`, `2021-09`). `townships` gives each
    township's folder its name, in the order of the report; without it they are the folders whose `town.toml` names the
    county.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    addressee: str
    signature: str
    report_dates: Mapping[str, date]
    document_numbers: Mapping[str, str] = Field(default_factory=dict)
    townships: Mapping[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Township:
    """A township of the county: its folder below `data/processed`, and its name."""

    folder: str
    name: str


@dataclass(frozen=True)
class County:
    """A county in a period: who it is, when it reports, and which townships have to be in its totals.

    Attributes:
        left_out: folders of townships that this report was told to leave out; without them it can't be but a draft.
    """

    facts: CountyFacts
    period: Period
    report_date: date
    townships: tuple[Township, ...]
    left_out: frozenset[str] = frozenset()

    @property
    def document_number(self) -> str | None:
        """The number of the report (发文字号), if it has one."""
        return self.facts.document_numbers.get(str(self.period))


def read_county(raw: Path, county: str, period: Period, towns: str = "") -> County:
    """Read the facts of a county.

    Args:
        raw: the folder that holds the townships' folders, and beside them `<county>.toml`.
        county: what its file is called; empty where there is one alone.
        period: the period to report on.
        towns: folders of the townships to roll up, with 、 between them; empty for all. The others stay the county's,
            and are `left_out`.

    Raises:
        SchemeError: with every mistake found.
    """
    path = raw / f"{_named(county or only_county(raw))}.toml"
    facts, problems = read_toml(path, CountyFacts, path.name)
    if facts is None:
        raise SchemeError(problems)
    report_date = facts.report_dates.get(str(period))
    if report_date is None:
        remedy = f'请在 [report_dates] 下加一行 "{period}" = {period.year + 1}-01-20（报告日期）'
        problems.append(SchemeProblem(path.name, 0, "report_dates", f"没有 {period} 的报告日期", remedy))
    townships = [Township(folder, name) for folder, name in facts.townships.items()] or _found(raw, facts, problems)
    if not townships and not problems:
        remedy = '请在 [townships] 下逐行写 "文件夹" = "乡镇名称"，或者检查各乡镇 town.toml 中的 county'
        problems.append(SchemeProblem(path.name, 0, "townships", f"没有属于{facts.name}的乡镇", remedy))
    problems += _problems(townships, path.name)
    left_out = _left_out(townships, towns, path.name, problems)
    if problems or report_date is None:
        raise SchemeError(problems)
    return County(facts, period, report_date, tuple(townships), left_out)


def only_county(raw: Path) -> str:
    """What the only county's file beside the townships is called, without `.toml`.

    Raises:
        SchemeError: there is none, or more than one.
    """
    there = sorted(path.stem for path in raw.glob("*.toml"))
    if len(there) == 1:
        return there[0]
    found = f"有几个县：{'、'.join(there)}" if there else f"{raw} 下没有县的情况文件（县名.toml）"
    remedy = "请写明是哪个县（--county）" if there else "请照 docs/county.md 新建，写上县名、主送、落款和报告日期"
    raise SchemeError([SchemeProblem("county", 0, "", found, remedy)])


def _named(county: str) -> str:
    """A county is the name of a file, never a path."""
    if wrong := wrong_with(county):
        raise SchemeError([SchemeProblem("county", 0, "", f"县“{county}”应当是文件名：{wrong}", "只写名称，不写路径")])
    return county


def _found(raw: Path, facts: CountyFacts, problems: list[SchemeProblem]) -> list[Township]:
    """The folders whose `town.toml` names the county, in the order of their names."""
    townships = []
    for path in sorted(raw.glob("*/town.toml")):
        town, found = read_toml(path, Town, f"{path.parent.name}/town.toml")
        problems += found
        if town is not None and town.county == facts.name:
            townships.append(Township(path.parent.name, town.name))
    return townships


def _problems(townships: list[Township], file: str) -> list[SchemeProblem]:
    problems = []
    names: dict[str, str] = {}
    for township in townships:
        if wrong := wrong_with(township.folder):
            found = f"“{township.folder}”不是文件夹的名称：{wrong}"
            problems.append(SchemeProblem(file, 0, "townships", found, "只写文件夹的名称，不写路径"))
        if township.name in names:
            found = f"{names[township.name]} 和 {township.folder} 都叫“{township.name}”"
            problems.append(SchemeProblem(file, 0, "townships", found, "请改正其中一个名称，或删去重复的一个"))
        names.setdefault(township.name, township.folder)
    return problems


def _left_out(townships: list[Township], towns: str, file: str, problems: list[SchemeProblem]) -> frozenset[str]:
    """The folders of the townships that `towns`, where it names any, does not name."""
    wanted = [part.strip() for part in towns.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    known = {key: township for township in townships for key in (township.folder, township.name)}
    for name in wanted:
        if name not in known:
            remedy = f"可以写：{'、'.join(t.folder for t in townships[:20])}"
            problems.append(SchemeProblem(file, 0, "townships", f"没有“{name}”这个乡镇", remedy))
    chosen = {known[name] for name in wanted if name in known}
    return frozenset(township.folder for township in townships if wanted and township not in chosen)
