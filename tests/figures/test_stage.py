"""Stage 2 as a whole: tables from tables, kept in files, read back as they were."""

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.model import Assessment, Part, Past, Problem, Project, from_frame, schema_of, to_frame
from analysis.figures.stage import compute
from analysis.figures.tables import (
    RECORDS,
    Computed,
    earlier_in_year,
    earlier_returns,
    load_records,
    load_returns,
    save_computed,
)
from analysis.intake.frames import FINDINGS, VALUES, Finding, Value, findings_frame, typed_frame, values_frame
from analysis.intake.ingest import CHECKS
from analysis.intake.store import load_frame, save_frame
from analysis.scheme import Facts, Indicator, Period, Scheme

FINANCE, GOVERNANCE, ECONOMY = "财政所", "社会治理办公室", "经济发展办公室"
Make = Callable[..., Any]


@pytest.fixture
def computed(scheme: Scheme, make_facts: Callable[..., Facts], returns: Make) -> Computed:
    now = returns().row("submitter", filled_by="张三", filled_on="2022-01-05", phone="0900-9")
    now.figures("E01", actual="1386.5", base="1200", note="项目提前").figures("E03", actual="51")
    now.figures("E05", actual="900", base="200").figures("E05", ECONOMY, actual="901")
    now.row("part", "E05", item="柳坪村", amount="500").row("part", "E05", item="石门村", amount=None)
    now.project("冷库", stage="在建", planned_month="2021-05", reason="雨季")
    now.row("text", "Q01", category="存在的问题", paragraph="人手不足")
    last = returns("2020/").figures("E01", actual="1199").figures("S05", GOVERNANCE, actual="0")
    found = findings_frame(
        [
            Finding(FINANCE, "row_missing", "error", "缺行", "补上"),
            Finding(FINANCE, "words_missing", "note", "没有写", "补写"),
            Finding(GOVERNANCE, "refused", "error", "没有采用", "重报"),
        ]
    )
    return compute(
        scheme,
        make_facts(book={"E01": "1200", "E03": "50"}),
        values_frame(now.values),
        found,
        {2020: values_frame(last.values)},
        checks=typed_frame(
            [{"department": FINANCE, "check": "row_missing", "passed": 7, "found": 1, "not_evaluated": 0}], CHECKS
        ),
    )


def test_compute_tells_everything_that_the_report_needs(computed: Computed) -> None:
    assert set(computed.tables) == set(RECORDS)
    rows = {row.code: row for row in from_frame(computed.tables["indicators"], Assessment)}
    assert (rows["E01"].rate, rows["E01"].state) == (Fraction("1386.5") / 1200, "exceeded")
    assert (rows["E01"].change, rows["E01"].change_absolute) == (Fraction("186.5") / 1200, Decimal("186.5"))
    assert (rows["E01"].base, rows["E01"].returned_base) == (1200, 1199)
    assert rows["E01"].note == "项目提前"
    assert (rows["S08"].state, rows["S08"].actual, rows["S08"].rate) == ("not_reported", None, None)
    assert "X09" not in rows
    assert computed.tables["problems"]["name"].tolist() == ["E04-1", "E03"]
    assert computed.tables["parts"]["item"].tolist() == ["柳坪村", "石门村"]
    assert computed.tables["parts"]["amount"].isna().tolist() == [False, True]
    assert computed.tables["texts"]["text"].tolist() == ["人手不足"]
    assert computed.tables["duties"]["state"].tolist() == ["not_reported"]


def test_past_figures_are_those_that_are_known(computed: Computed) -> None:
    past = from_frame(computed.tables["past"], Past)
    assert [(p.code, p.year, p.actual) for p in past] == [
        ("E01", 2020, 1199),
        ("E01", 2021, Decimal("1386.5")),
        ("E03", 2021, 51),
        ("E05", 2021, 900),
        ("S05", 2020, 0),
    ]
    assert past[0].source == f"[2020/{FINANCE}.xlsx]指标!B1"


def test_findings_of_both_stages_stand_together(computed: Computed) -> None:
    found = list(zip(computed.findings["check"], computed.findings["code"].fillna(""), strict=True))
    assert found == [  # by severity, the whole file first, then assessed rows, as the scheme orders
        ("row_missing", ""),
        ("refused", ""),
        ("reporters_differ", "E05"),
        ("base_restated", "E01"),
        ("change_unexplained", "E05"),
        ("words_missing", ""),
    ]
    FINDINGS.validate(computed.findings)


def test_counts_of_both_stages_stand_together(computed: Computed) -> None:
    CHECKS.validate(computed.checks)
    counts = computed.checks.set_index(["department", "check"])
    assert tuple(counts.loc[(FINANCE, "row_missing")]) == (7, 1, 0)  # stage 1's
    assert tuple(counts.loc[(FINANCE, "change_unexplained")]) == (1, 1, 1)
    assert tuple(counts.loc[(ECONOMY, "reporters_differ")]) == (0, 1, 0)
    assert not counts.index.duplicated().any()
    assert GOVERNANCE not in computed.checks["department"].tolist()  # it has not returned


def test_submissions_say_who_has_returned_and_how_clean(computed: Computed) -> None:
    table = computed.submissions.set_index("department")
    assert table.index.tolist() == [FINANCE, GOVERNANCE, ECONOMY]
    assert table["state"].tolist() == ["已上报", "退回", "已上报"]
    assert table["filled_by"].fillna("").tolist() == ["张三", "", ""]
    assert table["filled_on"].fillna("").tolist() == ["2022-01-05", "", ""]
    assert table["phone"].tolist()[:2] == ["0900-9", "0900-2"]  # its own, the office's list
    assert table["phone"].isna().iloc[2]  # not the office's own: who owes would not be there
    assert table["file"].fillna("").tolist() == [f"{FINANCE}.xlsx", "", f"{ECONOMY}.xlsx"]
    assert table.loc[FINANCE, ["errors", "warnings", "notes"]].tolist() == [1, 2, 1]
    assert table.loc[GOVERNANCE, ["errors", "warnings", "notes"]].tolist() == [1, 0, 0]
    assert table.loc[ECONOMY, ["errors", "warnings", "notes"]].tolist() == [1, 0, 0]


def test_nothing_returned_computes_to_nothing_known(scheme: Scheme, make_facts: Callable[..., Facts]) -> None:
    done = compute(scheme, make_facts(), values_frame([]), findings_frame([]), {})
    rows = from_frame(done.tables["indicators"], Assessment)
    assert {row.state for row in rows} == {"not_reported"}
    assert done.tables["indicators"]["actual"].isna().all()
    assert done.tables["problems"].empty
    assert set(done.submissions["state"]) == {"未上报"}


def test_everything_is_kept_and_read_back(computed: Computed, tmp_path: Path) -> None:
    save_computed(computed, tmp_path)
    for name, record in RECORDS.items():
        assert load_records(tmp_path, name) == from_frame(computed.tables[name], record)
    assert len(load_frame(tmp_path / "findings.parquet", FINDINGS)) == len(computed.findings)
    assert load_frame(tmp_path / "checks.parquet", CHECKS).equals(computed.checks)
    assert load_frame(tmp_path / "problems.parquet", schema_of(Problem)).equals(computed.tables["problems"])


def test_what_was_not_computed_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="2_indicators"):
        load_records(tmp_path, "indicators")


# ---- records and frames ------------------------------------------------------------------------------------------

decimals = st.decimals(min_value=-(10**15), max_value=10**15, places=4)
assessments = st.builds(
    Assessment,
    code=st.just("E01"),
    department=st.just(FINANCE),
    state=st.sampled_from(["met", "missed", "not_reported"]),
    outcome=st.sampled_from([None, "完成"]),
    actual=st.none() | decimals,
    base=st.none() | decimals,
    target=st.none() | decimals,
    note=st.none() | st.sampled_from(["雨季", "=1+1", "<b>"]),
    rate=st.none() | st.fractions(),
    change=st.none() | st.fractions(),
    small_base=st.booleans(),
    zero_years=st.integers(0, 10),
    **{
        name: st.none()
        for name in ("whole", "whole_base", "carried", "base_carried", "returned_base", "base_share", "change_absolute")
    },
    **{field.name: st.none() for field in fields(Assessment) if field.name.endswith("_source")},
    change_state=st.just("up"),
)


@settings(max_examples=20)  # validating a wide frame takes its time
@given(st.lists(assessments, max_size=12))
def test_records_become_a_frame_and_are_read_back(records: list[Assessment]) -> None:
    assert from_frame(to_frame(records, Assessment), Assessment) == records


@pytest.mark.parametrize(
    "typed", ["0", "0.1", "-3.5", "123456789012345.6789", "0.000000000000000001", "99999999999999999999"]
)
def test_decimals_survive_a_file_exactly(typed: str, tmp_path: Path) -> None:
    records = [Part("E01", "甲", Decimal(typed), "s"), Part("E01", "乙", None, "s")]
    save_frame(to_frame(records, Part), tmp_path / "parts.parquet")
    assert from_frame(load_frame(tmp_path / "parts.parquet", schema_of(Part)), Part) == records


@pytest.mark.parametrize("record", RECORDS.values())
def test_an_empty_table_keeps_its_columns_in_a_file(record: type, tmp_path: Path) -> None:
    save_frame(to_frame([], record), tmp_path / "x.parquet")
    frame = load_frame(tmp_path / "x.parquet", schema_of(record))
    assert frame.columns.tolist() == [field.name for field in fields(record)]
    assert from_frame(frame, record) == []


def test_flags_and_fractions_survive_a_file(tmp_path: Path) -> None:
    row = Assessment("E01", FINANCE, "met", "完成", rate=Fraction(1, 3), change=Fraction(-2, 7), small_base=True)
    project = Project("E04", "冷库", 1, ECONOMY, "done", True, "f", "s", progress=Decimal(60))
    for records, record in (([row], Assessment), ([project], Project)):
        save_frame(to_frame(records, record), tmp_path / "x.parquet")
        assert from_frame(load_frame(tmp_path / "x.parquet", schema_of(record)), record) == records


def test_a_factor_of_many_decimals_does_not_stop_the_run(
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    make_facts: Callable[..., Facts],
    returns: Make,
) -> None:
    scheme = make_scheme(indicator(kind="count", comparable_since=2021, factor="0.0666666666666667"))
    made = returns().figures("E01", actual="100", base="1234.567")
    done = compute(scheme, make_facts(), values_frame(made.values), findings_frame([]), {})
    assert from_frame(done.tables["indicators"], Assessment)[0].change_state == "up"


# ---- returns of this and earlier years -------------------------------------------------------------------------


def _keep(folder: Path, scheme: Scheme, made: Any) -> None:
    for department in scheme.departments:
        values = [value for value in made.values if value.department == department.name]
        save_frame(values_frame(values), folder / f"{department.name}.parquet")
        save_frame(findings_frame([]), folder / f"{department.name}.findings.parquet")
        counted = {"department": department.name, "check": "negative", "passed": 1, "found": 0, "not_evaluated": 0}
        save_frame(typed_frame([counted], CHECKS), folder / f"{department.name}.checks.parquet")


def test_returns_are_loaded_in_the_schemes_order(scheme: Scheme, returns: Make, tmp_path: Path) -> None:
    made = returns().figures("S05", GOVERNANCE, actual="0").figures("E01", actual="1.5")
    _keep(tmp_path, scheme, made)
    values, findings, checks = load_returns(tmp_path, scheme)
    assert values["department"].tolist() == [FINANCE, GOVERNANCE]
    assert {repr(v) for v in from_frame(values, Value)} == {repr(v) for v in made.values}
    assert findings.empty
    assert checks["department"].tolist() == [department.name for department in scheme.departments]
    VALUES.validate(values)


@pytest.mark.parametrize("name", [ECONOMY, f"{ECONOMY}.findings", f"{ECONOMY}.checks"])
def test_a_department_that_was_not_read_is_named(name: str, scheme: Scheme, returns: Make, tmp_path: Path) -> None:
    _keep(tmp_path, scheme, returns().figures("E01", actual="1"))
    (tmp_path / f"{name}.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=ECONOMY):
        load_returns(tmp_path, scheme)


def test_earlier_years_are_those_of_the_same_months(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, tmp_path: Path
) -> None:
    raw, processed = tmp_path / "raw", tmp_path / "processed"
    for period, actual in (("2020", "99"), ("2020-09", "60"), ("2018-09", "50")):  # as kept: their returns are gone
        _keep(processed / period / "returns", scheme, returns().figures("E01", actual=actual))
    found = earlier_returns(raw, processed, scheme, make_facts("2021-09"))
    assert {year: frame["number"].tolist() for year, frame in found.items()} == {2020: [60], 2018: [50]}
    assert found[2020]["file"].tolist() == [f"2020-09/{FINANCE}.xlsx"]
    whole = earlier_returns(raw, processed, scheme, make_facts("2021"))
    assert {year: frame["number"].tolist() for year, frame in whole.items()} == {2020: [99]}


def test_earlier_periods_are_those_of_the_same_year(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, tmp_path: Path
) -> None:
    for period, actual in (("2021-03", "20"), ("2021-06", "50"), ("2021-09", "60"), ("2020-03", "1"), ("2021", "99")):
        _keep(tmp_path / period / "returns", scheme, returns().figures("E01", actual=actual))
    (tmp_path / "2021-07" / "returns").mkdir(parents=True)  # nothing was read of it
    found = earlier_in_year(tmp_path / "raw", tmp_path, scheme, make_facts("2021-09"))
    assert {str(period): frame["number"].tolist() for period, frame in found.items()} == {
        "2021-03": [20],
        "2021-06": [50],
    }
    assert found[Period(2021, 3)]["file"].tolist() == [f"2021-03/{FINANCE}.xlsx"]
    whole = earlier_in_year(tmp_path / "raw", tmp_path, scheme, make_facts("2021"))
    assert [str(period) for period in whole] == ["2021-03", "2021-06", "2021-09"]
    assert earlier_in_year(tmp_path / "raw", tmp_path, scheme, make_facts("2021-03")) == {}


def test_an_earlier_period_is_compared(scheme: Scheme, make_facts: Callable[..., Facts], returns: Make) -> None:
    values, before = (values_frame(returns().figures("E01", actual=number).values) for number in ("40", "50"))
    done = compute(scheme, make_facts("2021-09"), values, findings_frame([]), {}, within={Period(2021, 6): before})
    assert done.findings["check"].tolist() == ["below_earlier"]


def test_the_whole_year_before_is_no_base_of_a_part(
    scheme: Scheme, make_facts: Callable[..., Facts], returns: Make, tmp_path: Path
) -> None:
    _keep(tmp_path / "processed" / "2020" / "returns", scheme, returns().figures("E01", actual="99"))
    facts = make_facts("2021-09")
    earlier = earlier_returns(tmp_path / "raw", tmp_path / "processed", scheme, facts)
    values = values_frame(returns().figures("E01", actual="80").values)
    done = compute(scheme, facts, values, findings_frame([]), earlier)
    row = from_frame(done.tables["indicators"], Assessment)[0]
    assert (row.base, row.change_state) == (None, "no_base")


def test_frames_are_typed_even_where_empty() -> None:
    frame = typed_frame([], VALUES)
    assert isinstance(frame, pd.DataFrame)
    assert frame.columns.tolist() == list(VALUES.columns)
    assert list(fields(Value))[10].name == "number"
