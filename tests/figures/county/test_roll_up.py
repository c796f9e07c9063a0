"""The roll-up against sums of its own, in fractions; sets of townships; layouts; bounded memory."""

import sys
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import county_example as made
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.figures.county.assessed import assessed, of_basis
from analysis.figures.county.contributions import details, save_contributions
from analysis.figures.county.partitions import FIGURES, Dataset, Folders, write_dataset
from analysis.figures.county.returned import returned_of
from analysis.figures.county.roll_up import RollUp, Total, fold, roll_up
from analysis.figures.model import Assessment, to_frame
from analysis.intake.store import save_frame
from analysis.scheme import Period, Scheme

TOWNS = tuple(made.FIVE)


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return made.base_material()[0].scheme


@pytest.fixture(scope="module")
def rolled(five_towns: Path, scheme: Scheme) -> RollUp:
    return roll_up(Folders(five_towns, TOWNS, (made.YEAR,)), scheme, 2021)


def rows_of(code: str) -> list[Assessment]:
    return [row for town in TOWNS for row in made.of_five(town) if row.code == code]


def added(rows: Sequence[Assessment], name: str) -> Fraction:
    return sum((Fraction(number) for row in rows if (number := getattr(row, name)) is not None), Fraction(0))


def test_totals_are_the_exact_sums_of_the_townships(rolled: RollUp, scheme: Scheme) -> None:
    for indicator in scheme.in_year(2021):
        if not indicator.numeric:
            continue
        total = rolled.total(2021, indicator.code)
        there = [row for row in rows_of(indicator.code) if row.actual is not None]
        if indicator.kind == "ratio":
            there = [row for row in there if row.whole is not None]
        assert total.reported.towns == len(there)
        aimed = [row for row in there if row.target is not None]
        assert (total.aimed.towns, Fraction(total.aimed.target)) == (len(aimed), added(aimed, "target"))
        assert Fraction(total.aimed.actual) == added(aimed, "actual")
        if indicator.kind != "ratio":
            compared = [row for row in there if row.base is not None]
            assert (total.compared.towns, Fraction(total.compared.base)) == (len(compared), added(compared, "base"))
        for name in FIGURES:
            assert Fraction(getattr(total.reported, name)) == added(there, name), (indicator.code, name)
        assert sum(total.states.values()) == total.asked == len(TOWNS)


def test_a_rate_is_of_the_totals_and_no_mean_of_rates(rolled: RollUp, scheme: Scheme) -> None:
    rows = rows_of("L02")  # one township with a rate of 740 % among small ones
    rates = [row.rate for row in rows if row.rate is not None]
    of_totals = added(rows, "actual") / added(rows, "target")
    row = next(row for row in assessed(scheme, made.YEAR, rolled) if row.code == "L02")
    assert row.rate == of_totals
    assert row.rate != sum(rates, Fraction(0)) / len(rates)


def test_shares_and_changes_are_of_totals_too(rolled: RollUp, scheme: Scheme) -> None:
    by_code = {row.code: row for row in assessed(scheme, made.YEAR, rolled)}
    rows = rows_of("S02")
    assert by_code["S02"].rate == added(rows, "actual") / (added(rows, "whole") + added(rows, "carried"))
    rows = rows_of("E01")
    assert by_code["E01"].change == added(rows, "actual") / added(rows, "base") - 1


def test_what_one_township_lacks_is_missing_and_no_zero(rolled: RollUp, scheme: Scheme) -> None:
    total = rolled.total(2021, "B03")
    assert total.reported.towns == 4 and rolled.missing["B03"] == ["nanshan"]
    without_target = rolled.total(2021, "E06")
    assert (without_target.reported.towns, without_target.aimed.towns) == (5, 4)
    by_code = {row.code: row for row in assessed(scheme, made.YEAR, rolled)}
    # No rate may be made of five townships' figures and four townships' targets.
    assert by_code["E06"].target is None and by_code["E06"].rate is None
    assert by_code["G09"].base is None and by_code["G09"].change is None


def test_facts_are_not_added(rolled: RollUp, scheme: Scheme) -> None:
    by_code = {row.code: row for row in assessed(scheme, made.YEAR, rolled)}
    assert by_code["H08"].actual is None
    assert rolled.total(2021, "H08").lowest == rolled.total(2021, "H08").highest == 50


def test_sums_keep_every_digit() -> None:
    total = Total()
    large, small = Decimal("99999999999999999999.123456789012345678"), Decimal("0.000000000000000001")
    total.reported.add(1, {"actual": large})
    total.reported.add(1, {"actual": small})
    assert Fraction(total.reported.actual) == Fraction(large) + Fraction(small)


def test_internal_rows_are_of_the_office_alone(five_towns: Path, scheme: Scheme) -> None:
    from analysis.telling.edition import scheme_in_edition

    shared = roll_up(Folders(five_towns, TOWNS, (made.YEAR,)), scheme_in_edition(scheme, "shared"), 2021)
    internal = {indicator.code for indicator in scheme.indicators if indicator.internal}
    assert internal and not internal & {code for _, code in shared.totals}
    assert not internal & ({*shared.rates, *shared.missing} | {code for code, _ in shared.found})


def test_parts_put_together_are_the_whole(five_towns: Path, scheme: Scheme, rolled: RollUp) -> None:
    parts = [roll_up(Folders(five_towns, (town,), (made.YEAR,)), scheme, 2021) for town in TOWNS]
    assert fold(parts) == rolled


def test_a_partitioned_data_set_gives_the_same_with_and_without_dask(
    five_towns: Path, scheme: Scheme, rolled: RollUp, tmp_path: Path
) -> None:
    folders = Folders(five_towns, TOWNS, (made.YEAR,))
    write_dataset(folders, tmp_path, "云川县")
    assert list(Dataset(tmp_path, "云川县", (2021,)).batches(("code",), ["nowhere"])) == []
    other = Folders(five_towns, TOWNS[:2], (made.YEAR,))
    write_dataset(other, tmp_path, "邻县")  # another county of the same data set is not added
    assert roll_up(Dataset(tmp_path, "云川县", (2021,)), scheme, 2021) == rolled
    pytest.importorskip("dask.dataframe")
    import dask

    from analysis.figures.county.cluster import roll_up_on_cluster

    with dask.config.set(scheduler="synchronous"):
        assert roll_up_on_cluster(tmp_path, "云川县", (2021,), scheme, 2021) == rolled


def test_years_that_lie_apart_are_put_together(scheme: Scheme, tmp_path: Path) -> None:
    pytest.importorskip("dask.dataframe")
    import dask

    from analysis.figures.county.cluster import roll_up_on_cluster

    for year in ("2021", "2020"):
        rows = [row for row in made.of_five("qinghe") if row.code in ("E01", "B04", "S02")]
        save_frame(to_frame(rows, Assessment), tmp_path / "qinghe" / year / "indicators.parquet")
    folders = Folders(tmp_path, ("qinghe",), (made.YEAR, Period(2020)))
    write_dataset(folders, tmp_path / "stored", "云川县")
    with dask.config.set(scheduler="synchronous"):
        rolled = roll_up_on_cluster(tmp_path / "stored", "云川县", (2021, 2020), scheme, 2021)
    assert rolled == roll_up(folders, scheme, 2021)
    assert {year for year, _ in rolled.totals} == {2020, 2021}
    again = Folders(tmp_path, ("qinghe",), (made.YEAR, Period(2020), made.YEAR))
    with pytest.raises(ValueError, match="2021 comes again"):  # its figures would be in the totals twice
        write_dataset(again, tmp_path / "twice", "云川县")


def test_rows_that_the_edition_does_not_know_are_nowhere(five_towns: Path, scheme: Scheme, tmp_path: Path) -> None:
    folders = Folders(five_towns, TOWNS, (made.YEAR,))
    nothing = replace(scheme, indicators=())
    assert roll_up(folders, nothing, 2021) == RollUp()
    save_contributions(folders, nothing, made.FIVE, tmp_path / "contributions.csv")
    assert len((tmp_path / "contributions.csv").read_text("utf-8-sig").splitlines()) == 1
    assert details(folders, [], 2021) == {}


def test_without_dask_the_cluster_says_what_to_install(monkeypatch: pytest.MonkeyPatch, scheme: Scheme) -> None:
    from analysis.figures.county.cluster import roll_up_on_cluster

    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(RuntimeError, match=r"没有安装 dask.*township-report\[cluster\]"):
        roll_up_on_cluster("nowhere", "云川县", (2021,), scheme, 2021)


def test_a_damaged_table_is_named_with_the_remedy(five_towns: Path, scheme: Scheme, tmp_path: Path) -> None:
    file = tmp_path / "qinghe" / "2021" / "indicators.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PAR1 not quite")
    with pytest.raises(ValueError, match=r"qinghe.*读不出来.*请重新运行"):
        roll_up(Folders(tmp_path, ("qinghe",), (made.YEAR,)), scheme, 2021)
    pq.write_table(pa.table({"code": ["E01"]}), file)
    with pytest.raises(ValueError, match=r"别的版本写的.*actual"):
        roll_up(Folders(tmp_path, ("qinghe",), (made.YEAR,)), scheme, 2021)


def test_a_list_of_returns_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path) -> None:
    made.write(tmp_path, "qinghe", [])
    file = tmp_path / "qinghe" / "2021" / "submissions.parquet"
    pq.write_table(pa.table({"department": ["财政所"]}), file)
    with pytest.raises(ValueError, match=r"qinghe.*submissions.*别的版本写的.*请重新运行"):
        returned_of(tmp_path, ["qinghe"], made.YEAR)
    file.write_bytes(b"PAR1 not quite")
    with pytest.raises(ValueError, match=r"qinghe.*submissions.*读不出来.*请重新运行"):
        returned_of(tmp_path, ["qinghe"], made.YEAR)


def test_memory_does_not_grow_with_the_rows(five_towns: Path, scheme: Scheme, tmp_path: Path) -> None:
    """Three times the years are three times the rows, and take no more memory but for their own totals."""
    table = pa.Table.from_pandas(to_frame(made.township(made.Change()), Assessment), preserve_index=False)
    towns = tuple(f"t{number}" for number in range(40))
    periods = (Period(2021), Period(2020), Period(2019))
    for town in towns:
        for period in periods:
            (tmp_path / town / str(period)).mkdir(parents=True)
            pq.write_table(table, tmp_path / town / str(period) / "indicators.parquet")

    def peak(years: int) -> int:
        before = pa.total_allocated_bytes()
        pool = pa.default_memory_pool()
        tracemalloc.start()
        rolled = roll_up(Folders(tmp_path, towns, periods[:years]), scheme, 2021)
        python = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert rolled.total(2021, "E01").reported.towns == len(towns)
        assert pa.total_allocated_bytes() - before < 2_000_000 and pool is not None
        return python

    peak(1)  # what is imported and compiled once
    assert peak(3) < 1.5 * peak(1) + 500_000


def test_contributions_list_every_township_with_its_cells(five_towns: Path, scheme: Scheme, tmp_path: Path) -> None:
    file = tmp_path / "contributions.csv"
    save_contributions(Folders(five_towns, TOWNS, (made.YEAR,)), scheme, made.FIVE, file)
    lines = [line.split(",") for line in file.read_text(encoding="utf-8-sig").splitlines()]
    heads, rows = lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:] if line[0] == "E01"]
    assert heads[:5] == ["编码", "指标", "单位", "乡镇", "年份"]
    assert [row["乡镇"] for row in rows] == list(made.FIVE.values())
    assert sum(Fraction(row["完成数"]) for row in rows) == added(rows_of("E01"), "actual")
    assert all(row["完成数的单元格"] == "[经济发展办公室.xlsx]指标!F4" for row in rows)


def test_contributions_list_earlier_years_as_the_totals_over_the_years_have_them(
    scheme: Scheme, tmp_path: Path
) -> None:
    made.write(tmp_path, "qinghe", made.township(made.Change()))
    made.write(tmp_path, "qinghe", made.township(made.Change(), "2020"), "2020")
    folders = Folders(tmp_path, TOWNS, (made.YEAR, Period(2020)))
    save_contributions(folders, scheme, made.FIVE, tmp_path / "contributions.csv")
    listed = pd.read_csv(tmp_path / "contributions.csv", dtype=str)
    rolled = roll_up(folders, scheme, 2021)
    for year in (2021, 2020):
        rows = listed[(listed["编码"] == "E01") & (listed["年份"] == str(year))]
        assert sum(map(Fraction, rows["完成数"])) == Fraction(rolled.total(year, "E01").reported.actual) > 0
        assert set(listed.loc[listed["年份"] == str(year), "编码"]) <= {i.code for i in scheme.in_year(year)}


def test_sets_of_as_many_townships_need_not_be_the_same(scheme: Scheme, tmp_path: Path) -> None:
    """One township has a target and no base, the other a base and no target: neither is the other's."""
    for town, lacking in (("a", "base"), ("b", "target")):
        made.write(tmp_path, town, made.township(made.Change(own={"E06": {lacking: None}})))
    total = roll_up(Folders(tmp_path, ("a", "b"), (made.YEAR,)), scheme, 2021).total(2021, "E06")
    assert (total.reported.towns, total.aimed.towns, total.compared.towns) == (2, 1, 1)
    compared = of_basis(scheme, scheme["E06"], made.YEAR, total, total.compared, "compared")
    aimed = of_basis(scheme, scheme["E06"], made.YEAR, total, total.aimed, "aimed")
    assert compared.target is None and compared.base is not None
    assert aimed.base is None and aimed.target is not None


def test_ratios_leave_out_a_township_whose_last_share_is_not_known(scheme: Scheme, tmp_path: Path) -> None:
    rows = made.township(made.Change())
    unknown = [replace(row, base_share=None) if row.code == "S02" else row for row in rows]
    made.write(tmp_path, "a", rows)
    made.write(tmp_path, "b", unknown)
    folders = Folders(tmp_path, ("a", "b"), (made.YEAR,))
    total = roll_up(folders, scheme, 2021).total(2021, "S02")
    assert (total.reported.towns, total.compared.towns) == (2, 1)
    found = details(folders, [("a", "S02"), ("b", "S02")], 2021)
    assert [town for (town, _), detail in found.items() if detail.is_in("compared", True)] == ["a"]
    assert all(detail.is_in("reported", True) for detail in found.values())


SEPTEMBER = Period(2021, 9)


def in_september(scheme: Scheme, folder: Path, towns: Sequence[tuple[int, str | None]]) -> RollUp:
    """Townships with a target of 4 for B04: what each has done by September, and the month in which it plans the rest."""
    usual = next(row for row in made.of_five("qinghe") if row.code == "B04")
    for number, (actual, planned) in enumerate(towns):
        row = replace(usual, target=Decimal(4), actual=Decimal(actual), planned_month=planned)
        made.write(folder, f"t{number}", [made.assessment(scheme, scheme["B04"], SEPTEMBER, row)], str(SEPTEMBER))
    names = tuple(f"t{number}" for number in range(len(towns)))
    return roll_up(Folders(folder, names, (SEPTEMBER,)), scheme, 2021)


@pytest.mark.parametrize(
    ("towns", "state", "planned"),
    [
        ([(0, "2021-12"), (1, "2021-12")], "not_due", "2021-12"),
        ([(0, "2021-12"), (4, "2021-06")], "not_due", "2021-12"),  # the other is done, whatever it planned
        ([(0, "2021-12"), (0, "2021-11")], "not_due", None),
        ([(0, "2021-12"), (1, None)], "not_due", None),  # the one that is behind is named, the total not blamed
        ([(3, "2021-12"), (4, "2021-12")], "on_track", None),
        ([(1, None), (1, "2021-06")], "behind", None),
    ],
)
def test_what_townships_plan_for_december_is_not_lacking_in_september(
    towns: Sequence[tuple[int, str | None]], state: str, planned: str | None, scheme: Scheme, tmp_path: Path
) -> None:
    rolled = in_september(scheme, tmp_path, towns)
    row = next(row for row in assessed(scheme, SEPTEMBER, rolled) if row.code == "B04")
    assert (row.state, row.planned_month) == (state, planned)
    assert row.outcome == {"not_due": "未到期"}.get(state, "进行中")
    judged = [n for n, (actual, month) in enumerate(towns) if actual == 4 or (month or "") <= "2021-09"]
    assert list(rolled.rates.get("B04", {})) == [f"t{n}" for n in judged]  # nobody is last for what is not due
