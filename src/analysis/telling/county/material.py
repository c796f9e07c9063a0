"""What the county's report is told from: totals as assessments, the townships' own figures where they are told by name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.figures.county.assessed import assessed
from analysis.figures.county.contributions import Detail, details
from analysis.figures.county.partitions import Folders, Partitions
from analysis.figures.county.returned import ROLLED_UP, TownReturns, returned_of
from analysis.figures.county.roll_up import RollUp, Total, roll_up
from analysis.figures.county.spread import extremes, outliers
from analysis.figures.model import Assessment, Past, reference
from analysis.scheme import Facts, Period, PeriodFacts, Scheme, Town
from analysis.scheme.county import County
from analysis.telling.edition import scheme_in_edition
from analysis.telling.material import Material
from analysis.telling.wording.numbers import Numbers

YEARS = 3
"""This year and those before it whose totals are told."""
CELLS_SHOWN = 5
"""Of more townships a total leads to the list of contributions instead of to each one's cell."""
MOST_EXTREME = 3
"""Of more townships with the same highest or lowest rate none is told with its figures."""


@dataclass(frozen=True)
class CountyMaterial(Material):
    """The totals of a county, told as a township's figures are; its townships stand where a township has its villages.

    Attributes:
        county: who reports, and which townships have to be in the totals.
        rolled: the totals.
        returned: who has returned, in the order of the county's townships.
        details: townships' own figures by folder and code, of those that are told by name.
        contributions: how sources name the list of what each township contributed.
        partitions: where the townships' tables lie.
    """

    county: County = field(kw_only=True)
    rolled: RollUp = field(kw_only=True)
    returned: Sequence[TownReturns] = field(kw_only=True)
    details: Mapping[tuple[str, str], Detail] = field(kw_only=True)
    contributions: str = field(kw_only=True)
    partitions: Partitions = field(kw_only=True)

    @property
    def printed_title(self) -> str:
        """The report's title, with a line break where print breaks it."""
        period = self.facts.period
        when = f"{period.year}年度" if period.whole_year else period.label
        return f"{self.county.facts.signature}\n关于{when}乡镇目标任务完成情况的报告"

    @cached_property
    def names_of_towns(self) -> dict[str, str]:
        """The townships' names by folder, in the order of the report."""
        return {township.folder: township.name for township in self.county.townships}

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The folders of the townships that are in no total: they have not returned, or were left out."""
        return tuple(row.town for row in self.returned if row.state != ROLLED_UP)

    @cached_property
    def missing_by_state(self) -> dict[str, tuple[str, ...]]:
        """The same by why: 未上报, 未汇总; those of which there are any."""
        states = dict.fromkeys(row.state for row in self.returned if row.state != ROLLED_UP)
        return {state: tuple(row.town for row in self.returned if row.state == state) for state in states}

    def total(self, code: str, year: int | None = None) -> Total:
        """The total of an indicator, this year's where no other is named."""
        return self.rolled.total(year or self.facts.period.year, code)

    def without(self, code: str) -> tuple[str, ...]:
        """The folders of the townships that are not in an indicator's total, in the order of the report."""
        absent = {*self.missing, *self.rolled.missing.get(code, ())}
        return tuple(town for town in self.names_of_towns if town in absent)

    def numbers_of(self, row: Assessment) -> Numbers:
        """The figures of an assessment, to put into a sentence."""
        return Numbers(self.scheme[row.code], row, self.facts.period)

    @cached_property
    def submissions(self) -> pd.DataFrame:
        """The names that the audit has to know: townships and whether they returned."""
        names = self.names_of_towns
        rows = [{"department": names[row.town], "state": row.state} for row in self.returned]
        return pd.DataFrame(rows, columns=["department", "state", "filled_by", "filled_on", "phone"])


def county_facts(county: County) -> Facts:
    """The county as the facts that wording, audit and exporters know."""
    facts = county.facts
    town = Town(
        name=facts.name,
        county=facts.name,
        addressee=facts.addressee,
        signature=facts.signature,
        villages=tuple(township.name for township in county.townships),
    )
    period_facts = PeriodFacts(report_date=county.report_date, document_number=county.document_number)
    return Facts(town, county.period, period_facts, {}, False)


def folders_of(processed: Path, county: County) -> Folders:
    """Where the townships' tables of this year and of the years before lie."""
    periods: tuple[Period, ...] = tuple(county.period.years_before(back) for back in range(YEARS))
    return Folders(processed, tuple(township.folder for township in county.townships), periods)


def load_county(processed: Path, scheme: Scheme, county: County, edition: str = "office") -> CountyMaterial:
    """Roll up what the townships' second stages wrote, one batch of townships in memory at a time.

    Raises:
        ValueError: there is no such edition, or a table can't be read; in Chinese.
        FileNotFoundError: no township has returned; in Chinese.
    """
    known = scheme_in_edition(scheme, edition)
    folders = folders_of(processed, county)
    returned = returned_of(processed, folders.towns, county.period, county.left_out)
    if not any(row.departments for row in returned):
        raise FileNotFoundError(
            f"{processed} 中没有任何乡镇 {county.period} 的数据。请先运行各乡镇的报告（township-report run），再汇总。"
        )
    there = replace(folders, towns=tuple(row.town for row in returned if row.departments))
    return material_of(there, known, county, returned, shared=known is not scheme)


def material_of(
    partitions: Partitions,
    scheme: Scheme,
    county: County,
    returned: Sequence[TownReturns],
    shared: bool = False,
    rolled: RollUp | None = None,
) -> CountyMaterial:
    """Roll up townships, from wherever their tables lie.

    Args:
        partitions: where they lie.
        scheme: as the edition knows it.
        county: who reports.
        returned: who has returned.
        shared: whether the edition is the one to share.
        rolled: the totals, where a cluster has added them up already (`figures.county.cluster`).
    """
    rolled = rolled or roll_up(partitions, scheme, county.period.year)
    contributions = f"contributions{'-shared' if shared else ''}.csv"
    wanted = _told_by_name(rolled, scheme, [row.town for row in returned if row.departments])
    return CountyMaterial(
        scheme=scheme,
        facts=county_facts(county),
        assessments=assessed(scheme, county.period, rolled),
        parts=(),
        projects=(),
        duties=(),
        paragraphs=(),
        problems=(),
        past=_past(rolled, contributions),
        shared=shared,
        county=county,
        rolled=rolled,
        returned=returned,
        details=details(partitions, wanted, county.period.year),
        partitions=partitions,
        contributions=contributions,
    )


def _past(rolled: RollUp, contributions: str) -> list[Past]:
    """The totals of this year and of those before it, each of whichever townships returned it then."""
    return [
        Past(code, year, total.reported.actual, reference(contributions, f"{code} {year}年", "完成数"))
        for (year, code), total in rolled.totals.items()
        if total.reported.towns
    ]


def _told_by_name(rolled: RollUp, scheme: Scheme, towns: Collection[str]) -> Iterable[tuple[str, str]]:
    """The figures of which the report needs the townships' own cells."""
    if len(towns) <= CELLS_SHOWN:
        yield from ((town, indicator.code) for town in towns for indicator in scheme.indicators)
    for code, rates in rolled.rates.items():
        ends = extremes(rates)
        for end in (ends.highest, ends.lowest):
            yield from ((town, code) for town in end[:MOST_EXTREME])
        yield from ((town, code) for town in outliers(rates))
    for (code, state), found in rolled.found.items():
        if state == "broken":
            yield from ((town, code) for town in found)
