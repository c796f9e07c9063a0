"""The example township: made anew byte for byte, and figures that hold together as those of a real township do."""

import importlib.util
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from analysis.figures.stage import compute
from analysis.figures.tables import earlier_in_year
from analysis.intake import read_period
from analysis.intake.layout import HIDDEN_SHEET, SHEETS, STAGES, STATUSES, SUM_ROW
from analysis.scheme import Period, Scheme, read_facts, read_scheme
from analysis.scheme.report import CATEGORIES, WORK

ROOT = Path(__file__).resolve().parents[2]
TOWN = ROOT / "data" / "raw" / "qinghe"
YEARS = ("2019", "2020", "2021")
PERIODS = (*YEARS, "2021-09")
RESTATED = {"B03"}
NOT_COUNTED = {("2020", "H05")}
UNITS = "次|件|人次|人|条|块|米|名|轮|年一遇"


@cache
def scheme() -> Scheme:
    return read_scheme(ROOT / "scheme")


@dataclass
class Returned:
    """What all returns of a period say, by table: rows as dictionaries by field."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        return {row["code"]: row for row in self.rows["indicator"] if scheme()[row["code"]].owner == row["department"]}

    def number(self, code: str, column: str = "actual") -> Decimal | None:
        """What is returned; nothing of a row that was not asked for yet."""
        return number(self.figures[code][column]) if code in self.figures else None


def number(value: object) -> Decimal | None:
    return None if value == "" else Decimal(f"{value:.15g}")


@cache
def returned(period: str) -> Returned:
    returned = Returned()
    for path in sorted((TOWN / period).glob("*.xlsx")):
        workbook = CalamineWorkbook.from_path(str(path))
        for sheet in SHEETS:
            if sheet.title not in workbook.sheet_names:
                continue
            header, *rows = workbook.get_sheet_by_name(sheet.title).to_python()[2:]
            assert header == [column.heading for column in sheet.printed], path
            for row in rows:
                names = [column.field for column in sheet.printed]
                if SUM_ROW in row:
                    continue
                returned.rows[sheet.table].append(dict(zip(names, row, strict=True)) | {"department": path.stem})
    return returned


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_data", ROOT / "tools" / "example_data.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["example_data"] = module
    spec.loader.exec_module(module)
    return module


def test_made_anew_it_has_the_same_bytes(tmp_path: Path) -> None:
    generator().write_town(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(TOWN): path.read_bytes() for path in TOWN.rglob("*") if path.is_file()}
    assert sorted(made) == sorted(kept), "run python tools/example_data.py"
    assert [name for name in made if made[name] != kept[name]] == [], "run python tools/example_data.py"


def test_every_authored_row_is_used() -> None:
    """A mistyped code or department in tools/example would otherwise be left out silently."""
    authored = generator().Authored()
    codes = set(scheme().by_code)
    for name in ("figures", "targets", "cells", "parts", "projects", "duties", "notes"):
        assert {row["code"] for row in authored.table(name)} <= codes, name
    assert {code: row["name"] for code, row in authored.figures.items()} == {
        indicator.code: indicator.name for indicator in scheme().indicators if indicator.numeric
    }
    for period in PERIODS:
        texts = [row for row in returned(period).rows["text"] if row["paragraph"]]
        assert len(texts) == len(authored.texts(Period.parse(period)))
        assert sum(1 for row in returned(period).rows["project"] if row["item"]) == len(
            list(authored.of("projects", Period.parse(period)))
        )
        assert sum(1 for row in returned(period).rows["indicator"] if row["note"]) >= len(
            list(authored.of("notes", Period.parse(period)))
        )


@pytest.mark.parametrize("period", PERIODS)
def test_every_department_returns(period: str) -> None:
    names = {path.stem for path in (TOWN / period).glob("*.xlsx")}
    assert names == {department.name for department in scheme().departments}
    facts = read_facts(TOWN, Period.parse(period), scheme())
    assert facts.town.example
    assert facts.has_target_book


@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_is_there_with_the_decimals_of_its_unit(period: str) -> None:
    for code, row in returned(period).figures.items():
        value = number(row["actual"])
        if (period, code) in NOT_COUNTED:
            assert value is None
            continue
        assert value is not None and value >= 0, code
        assert -int(value.normalize().as_tuple().exponent) <= scheme()[code].expected_decimals, code


@pytest.mark.parametrize("period", PERIODS)
def test_parts_add_up(period: str) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in returned(period).rows["part"]:
        if row["item"]:
            amount = number(row["amount"])
            assert amount is not None, row
            sums[row["code"]] += amount
    asked = {i.code for i in scheme().in_year(Period.parse(period).year) if i.breakdown}
    assert dict(sums) == {code: returned(period).number(code) for code in asked}


@pytest.mark.parametrize("period", PERIODS)
def test_figures_fit_each_other(period: str) -> None:
    got = returned(period)
    jobs = sum(int(row["jobs"]) for row in got.rows["project"] if row["code"] == "E04" and row["item"])
    assert got.number("E07") == jobs

    def of(code: str) -> Decimal:
        value = got.number(code)
        assert value is not None
        return value

    assert of("E05") <= of("E01")
    assert of("E07") <= of("L02")
    assert of("D05") <= of("D03")
    assert of("L07") == of("L06") * Period.parse(period).month * Decimal("0.005")
    assert of("P04") <= of("P03") * 5
    assert of("L04") < 21000
    for code, row in got.figures.items():
        indicator = scheme()[code]
        if indicator.whole:
            carried = number(row["carried"]) or 0
            assert of(code) <= of(indicator.whole) + carried, code
            assert carried == 0 or indicator.carried_over
    second = [row for row in got.rows["indicator"] if scheme()[row["code"]].owner != row["department"]]
    assert [row["code"] for row in second] == ["G01"]
    assert number(second[0]["actual"]) == of("G01")


@pytest.mark.parametrize("year", YEARS[1:])
def test_bases_are_what_was_returned_last_year(year: str) -> None:
    this, last = returned(year), returned(str(int(year) - 1))
    differing = {
        code
        for code in this.figures
        if scheme()[code].kind != "fact" and this.number(code, "base") != last.number(code)
    }
    assert differing == (RESTATED if year == "2021" else set())
    for code in ("S02", "S04", "D04"):  # what is carried over is what was left
        whole = scheme()[code].whole
        assert whole
        left = (last.number(whole) or 0) + (last.number(code, "carried") or 0) - (last.number(code) or 0)
        assert left == (this.number(code, "carried") or 0), code


@pytest.mark.parametrize("period", PERIODS)
def test_what_owes_an_explanation_has_one(period: str) -> None:
    owing = []
    facts = read_facts(TOWN, Period.parse(period), scheme())
    for code, row in returned(period).figures.items():
        indicator, actual, base = scheme()[code], number(row["actual"]), number(row["base"])
        if actual is None or indicator.kind == "fact":
            owing += [code] if actual is None else []
            continue
        target = facts.target(code)
        if indicator.kind == "target":
            assert target is not None and target.value == number(row["target"])
            due = target.month is None or target.month <= facts.period.last_month
            slack = Fraction(0) if facts.period.whole_year else Fraction(5, 100)
            expected = (facts.period.time_progress - slack) * Fraction(target.value)
            owing += [code] if due and actual < expected else []
        elif indicator.kind == "ratio" and indicator.whole:
            assert target is not None and target.value is not None
            whole = (returned(period).number(indicator.whole) or 0) + (number(row["carried"]) or 0)
            owing += [code] if whole and Fraction(actual) / Fraction(whole) < Fraction(target.value) / 100 else []
        elif indicator.kind == "zero" and actual:
            owing.append(code)
        if indicator.kind in ("target", "count") and base is not None:
            bound = base * (indicator.change_bound or 50) / 100
            owing += [code] if abs(actual - base) > bound else []
        owing += [code] if period == "2021" and code in RESTATED else []
    notes = {code: row["note"] for code, row in returned(period).figures.items()}
    assert [code for code in owing if not notes[code]] == []
    assert not [note for note in notes.values() if note.endswith(("。", "；")) or note.startswith(("因", "由于"))]


@pytest.mark.parametrize("period", PERIODS)
def test_projects_and_duties_are_told_in_full(period: str) -> None:
    for row in returned(period).rows["project"]:
        if not row["item"]:
            continue
        done = row["stage"] == STAGES[0]
        assert row["stage"] in STAGES and row["place"] and row["in_use"] in ("是", "否"), row
        assert bool(row["finished_month"]) == done == (row["progress"] == 100), row
        assert (row["progress"] == 0) == (row["stage"] == STAGES[2]), row
        assert (row["used_month"] or "") >= (row["finished_month"] if row["used_month"] else ""), row
        assert bool(row["used_month"]) == (row["in_use"] == "是"), row
        late = (row["finished_month"] or f"{Period.parse(period).last_month}-99") > row["planned_month"]
        assert bool(row["reason"]) == (late or row["stage"] == STAGES[2]), row
    duties = {row["code"]: row for row in returned(period).rows["duty"]}
    assert set(duties) == {i.code for i in scheme().in_year(Period.parse(period).year) if i.kind == "status"}
    for row in duties.values():
        assert row["status"] in STATUSES
        assert row["note"] or row["status"] in (STATUSES[0], STATUSES[3]), row


@pytest.mark.parametrize("period", PERIODS)
def test_texts_are_there_and_agree_with_the_figures(period: str) -> None:
    got = returned(period)
    rows = [row for row in got.rows["text"] if row["paragraph"]]
    assert {row["code"] for row in rows} == {
        i.code for i in scheme().in_year(Period.parse(period).year) if i.kind == "text"
    }
    known = {number(row["actual"]) for row in got.rows["indicator"]}
    known |= {number(row["amount"]) for row in got.rows["part"]}
    for row in rows:
        assert row["category"] in CATEGORIES
        if row["category"] == WORK:
            assert 75 <= len(row["paragraph"]) <= 220, row["paragraph"]
            stated = {Decimal(n) for n in re.findall(rf"(\d+(?:\.\d+)?)(?:{UNITS})", row["paragraph"])}
            rest = stated - known - ({Decimal(2)} if period == "2019" else set())
            assert not rest, (row["paragraph"], rest)
        if re.match("[A-Z]", row["answers"]):
            assert row["answers"].split("-")[0] in scheme().by_code


def test_every_workbook_says_that_it_is_made_up() -> None:
    for path in sorted(TOWN.rglob("*.xlsx")):
        workbook = CalamineWorkbook.from_path(str(path))
        assert any("虚构" in str(cell) for row in workbook.get_sheet_by_name("填报说明").to_python() for cell in row)
        assert HIDDEN_SHEET in workbook.sheet_names


def test_2021_holds_what_the_report_must_be_able_to_tell() -> None:
    got, facts = returned("2021"), read_facts(TOWN, Period(2021), scheme())

    def share(code: str, year: str = "2021") -> Fraction:
        whole = scheme()[code].whole
        assert whole
        of = returned(year)
        return Fraction(of.number(code) or 0) / Fraction((of.number(whole) or 0) + (of.number(code, "carried") or 0))

    rates = {}
    for code in got.figures:
        target, actual = facts.target(code), got.number(code)
        if scheme()[code].kind == "target" and target and target.value and actual is not None:
            rates[code] = Fraction(actual) / Fraction(target.value)
    assert {code for code, rate in rates.items() if rate < 1} == {"E03", "B02", "B04", "I02", "I04", "Y01"}
    assert Fraction(999, 1000) < rates["I02"] < 1
    assert rates["N01"] == rates["G09"] == 1
    assert sum(rate > 1 for rate in rates.values()) >= 5
    assert share("R03") == 1
    assert share("S12") < Fraction(98, 100)
    assert (got.number("S04") or 0) > (got.number("S03") or 0) and (got.number("S02") or 0) > (got.number("S01") or 0)
    assert returned("2019").number("D03") == 0
    assert [returned(year).number("S07") for year in YEARS] == [0, 1, 0]
    assert (got.number("G19", "base"), got.number("G19")) == (0, 1)
    assert got.number("H05", "base") is None
    assert (got.number("H01") or 0) > 10000
    assert Fraction(got.number("L04") or 0) / Fraction(got.number("L04", "base") or 1) - 1 < Fraction(1, 2000)
    awkward = [row["paragraph"] for row in got.rows["text"] if "<b>" in row["paragraph"]]
    assert len(awkward) == 1
    assert all(
        mark in awkward[0] for mark in ("*", "_", "#", "$5$", "|", "&", "{{", "}}", "\\", '"', "'", "“秦岭四宝”")
    )


def test_2021_09_holds_what_the_report_must_be_able_to_tell() -> None:
    got, facts = returned("2021-09"), read_facts(TOWN, Period(2021, 9), scheme())
    rates = {
        code: Fraction(actual) / Fraction(target.value)
        for code in got.figures
        if scheme()[code].kind == "target"
        and (target := facts.target(code)) is not None
        and target.value is not None
        and (actual := got.number(code)) is not None
    }
    annual = {code for code in rates if (target := facts.target(code)) and target.month == "2021-12"}
    behind = {code for code, rate in rates.items() if rate < Fraction(3, 4)} - annual
    assert annual == {"B04", "B05", "G19", "I04"}
    assert {code for code in behind if rates[code] < Fraction(70, 100)} == {"B02", "Y01"}
    assert behind == {"B02", "Y01", "I02", "E03"}
    assert Fraction(749, 1000) < rates["E03"] < Fraction(3, 4)
    assert rates["L02"] == Fraction(3, 4)
    assert rates["G20"] > 1 and rates["N01"] == 1


def test_a_part_of_the_year_is_at_most_the_year() -> None:
    year, part = returned("2021"), returned("2021-09")
    for code, row in part.figures.items():
        actual, whole = number(row["actual"]), year.number(code)
        assert actual is not None and whole is not None and actual <= whole, code
    items = {(row["code"], row["item"]): number(row["amount"]) for row in year.rows["part"] if row["item"]}
    for row in part.rows["part"]:
        if row["item"]:
            assert (number(row["amount"]) or 0) <= (items[row["code"], row["item"]] or 0), row
    progress = {row["item"]: row["progress"] for row in year.rows["project"]}
    assert all(row["progress"] <= progress[row["item"]] for row in part.rows["project"])


def test_the_year_finds_nothing_wrong_with_the_part_of_it(tmp_path: Path) -> None:
    facts = read_facts(TOWN, Period(2021), scheme())
    within = earlier_in_year(TOWN, tmp_path, scheme(), facts)
    read = read_period(TOWN / "2021", scheme(), facts).values()
    values, findings = (
        pd.concat([getattr(one, name) for one in read], ignore_index=True) for name in ("values", "findings")
    )
    computed = compute(scheme(), facts, values, findings, {}, within=within)
    assert list(within) == [Period(2021, 9)]
    assert "below_earlier" not in set(computed.findings["check"])
    below = computed.checks[computed.checks["check"] == "below_earlier"]
    assert below["passed"].sum() > 90 and below["not_evaluated"].sum() == 0


@pytest.mark.parametrize("period", PERIODS)
def test_reading_them_finds_no_error_that_is_not_waived(period: str) -> None:
    facts = read_facts(TOWN, Period.parse(period), scheme())
    waived = {waiver.subject for waiver in facts.waivers}
    errors = [
        finding.message
        for department in read_period(TOWN / period, scheme(), facts).values()
        for finding in department.findings.itertuples()
        if finding.severity == "error" and finding.code not in waived
    ]
    assert errors == []
