"""The stage's way in: what it gives for every state that a department's return can be in."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.frames import FINDINGS, VALUES
from analysis.intake.ingest import CHECKS, ingest, read_period
from analysis.intake.store import as_text
from analysis.scheme import SchemeError

DEPARTMENTS = ("财政所", "经济发展办公室", "水利站", "社会治理办公室")


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_a_right_return_has_no_findings(department, a_return, read, found):
    ingested = read(a_return(department))
    assert ingested.sighting.status == "return"
    assert ingested.sighting.known_by == "隐藏标识页"
    assert found(ingested) == []
    assert (ingested.checks["passed"] > 0).any()
    assert not ((ingested.checks["found"] > 0) & (ingested.checks["check"] != "sight_note")).any()


def test_values_carry_their_cells(a_return, read):
    made = a_return("财政所")
    values = read(made).values
    row = values[values["field"] == "actual"].iloc[0]
    assert (row["file"], row["sheet"], row["cell"]) == ("财政所.xlsx", "指标", made.cell("indicator", 0, "actual"))
    assert row["number"] == Decimal("2200.5")
    assert (row["table"], row["code"], row["line"], row["typed"]) == ("indicator", "E03", 1, "2200.5")


def test_who_filled_it_in(a_return, read):
    values = read(a_return("财政所")).values
    told = values[values["table"] == "submitter"].set_index("field")["text"].to_dict()
    assert told["filled_by"] == "张三"
    assert told["department"] == "财政所"


def test_missing_return_is_a_finding_with_the_phone(tmp_path, scheme, facts):
    ingested = ingest(tmp_path / "nowhere", "财政所", scheme, facts)
    assert ingested.sighting is None
    assert ingested.values.empty
    row = ingested.findings.iloc[0]
    assert (row["check"], row["severity"]) == ("not_returned", "error")
    assert "0900-3" in row["remedy"]
    assert "2021年" in row["message"]


def test_the_offices_own_phone_is_not_the_one_to_ask_a_missing_return_at(tmp_path, scheme, facts):
    assert "未登记" in ingest(tmp_path, "水利站", scheme, facts).findings.iloc[0]["remedy"]


def test_refused_return_is_a_finding_with_reason_and_remedy(tmp_path, scheme, facts):
    (tmp_path / "财政所.xlsx").write_bytes(b"not a workbook")
    ingested = ingest(tmp_path, "财政所", scheme, facts)
    row = ingested.findings.iloc[0]
    assert list(ingested.findings["check"]) == ["refused"]
    assert row["file"] == "财政所.xlsx"
    assert "不是 Excel 工作簿" in row["message"]
    assert row["remedy"]
    assert ingested.values.empty


def test_frames_have_their_types_even_when_empty(tmp_path, scheme, facts):
    ingested = ingest(tmp_path, "财政所", scheme, facts)
    VALUES.validate(ingested.values)
    FINDINGS.validate(ingested.findings)
    CHECKS.validate(ingested.checks)


def test_one_bad_return_does_not_stop_the_others(tmp_path, scheme, facts, a_return, found):
    for department in DEPARTMENTS[1:]:
        a_return(department).save(tmp_path / f"{department}.xlsx")
    (tmp_path / "财政所.xlsx").write_bytes(b"PK\x03\x04 broken")
    everything = read_period(tmp_path, scheme, facts)
    assert list(everything) == list(DEPARTMENTS)
    assert [found(each) for each in everything.values()] == [[("refused", "")], [], [], []]
    assert all(set(each.values["department"]) <= {name} for name, each in everything.items())


def test_reading_all_gives_what_reading_one_gives(tmp_path, scheme, facts, a_return):
    for department in DEPARTMENTS:
        a_return(department).set("indicator", 0, actual=-1).save(tmp_path / f"{department}.xlsx")
    everything = read_period(tmp_path, scheme, facts)
    for department in DEPARTMENTS:
        alone = ingest(tmp_path, department, scheme, facts)
        for name in ("values", "findings", "checks"):
            assert getattr(alone, name).equals(getattr(everything[department], name))


def test_a_file_that_was_refused_beside_the_right_one_is_told(tmp_path, scheme, facts, a_return, found):
    a_return("财政所").save(tmp_path / "财政所.xlsx")
    a_return("财政所", hidden={"department": "财政所", "period": "2020"}).save(tmp_path / "去年.xlsx")
    ingested = ingest(tmp_path, "财政所", scheme, facts)
    assert found(ingested) == [("left_aside", "")]
    assert not ingested.values.empty
    assert "去年.xlsx" in set(ingested.findings["file"])


def test_an_empty_sheet_leaves_its_rows_missing(a_return, read, found):
    made = a_return("财政所", after=lambda workbook: workbook["指标"].delete_rows(1, 9))
    assert found(read(made)) == [("row_missing", "")]


def test_unknown_department_is_told(tmp_path, scheme, facts):
    with pytest.raises(SchemeError, match="没有“教育办”这个部门"):
        ingest(tmp_path, "教育办", scheme, facts)


def test_returns_are_not_written_to(a_return, tmp_path: Path, scheme, facts):
    path = a_return("财政所").save(tmp_path / "财政所.xlsx")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    ingest(tmp_path, "财政所", scheme, facts)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in tmp_path.iterdir()] == ["财政所.xlsx"]


def test_findings_are_ordered_by_severity_then_place(a_return, read):
    made = a_return("水利站").set("indicator", 1, actual=-5, base=None).set("indicator", 0, actual="约300", base=None)
    findings = read(made).findings
    order = ["error", "warning", "note"]
    severities = [order.index(severity) for severity in findings["severity"]]
    assert severities == sorted(severities)
    errors = findings[findings["severity"] == "error"]
    assert list(errors["cell"])[:2] == [made.cell("indicator", 0, "actual"), made.cell("indicator", 1, "actual")]


def test_a_finding_says_who_where_what_and_what_to_do(a_return, read):
    made = a_return("财政所").set("indicator", 0, actual=-5)
    row = read(made).findings.iloc[0]
    for part in ("财政所", "财政所.xlsx", "指标", made.cell("indicator", 0, "actual"), "一般公共预算支出", "E03", "-5"):
        assert part in row["message"]
    assert row["expected"] == "不小于0"
    assert row["found"] == "-5"
    assert row["remedy"].endswith("。")


def test_text_of_a_return_stays_text(a_return, read):
    formula = "{department} {0.__class__} =1+1 <b>"
    made = a_return("水利站").set("text", 0, paragraph=formula)
    values = read(made).values
    assert formula in set(values["text"].dropna())
    made = a_return("财政所").set("indicator", 0, actual=formula)
    assert formula in read(made).findings.iloc[0]["message"]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)", "＝1"])
def test_what_begins_like_a_formula_is_text_in_a_csv(text):
    assert list(as_text(pd.DataFrame({"a": [text, "平常", 1]}))["a"]) == [f"'{text}", "平常", 1]
