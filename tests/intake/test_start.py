"""What of the scheme the reader can't work with is told before anything is read."""

from dataclasses import replace
from decimal import Decimal

import pytest

from analysis.intake.ingest import ingest
from analysis.intake.start import require_usable, scheme_problems
from analysis.scheme import Check, Scheme, SchemeError, Synonym, read_scheme


def told(scheme: Scheme) -> str:
    return "\n".join(str(problem) for problem in scheme_problems(scheme))


def changed(scheme: Scheme, code: str, **changes) -> Scheme:
    checks = tuple(c.model_copy(update=changes) if c.code == code else c for c in scheme.checks)
    return replace(scheme, checks=checks)


def test_the_projects_own_scheme_is_usable(request):
    require_usable(read_scheme(request.config.rootpath / "scheme"))


def test_a_check_that_is_missing(scheme):
    without = replace(scheme, checks=tuple(check for check in scheme.checks if check.code != "negative"))
    assert "checks.csv“code”：缺少审核规则“negative”" in told(without)


def test_a_check_that_nothing_makes(scheme):
    extra = Check(code="negativ", group="domain", severity="note", wording="x", remedy="y")
    assert "没有“negativ”这条审核规则" in told(replace(scheme, checks=(*scheme.checks, extra)))


def test_checks_of_later_stages_are_theirs(scheme):
    extra = Check(code="base_restated", group="years", severity="note", wording="{x}", remedy="y")
    assert told(replace(scheme, checks=(*scheme.checks, extra))) == ""


def test_a_group_that_nobody_has(scheme):
    extra = Check(code="base_restated", group="yaers", severity="note", wording="x", remedy="y")
    assert "“yaers”没有这样的组" in told(replace(scheme, checks=(*scheme.checks, extra)))


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("near_name", "1.01", "请填写0至1之间的数"),
        ("near_name", "-0.1", "请填写0至1之间的数"),
        ("near_name", "1", ""),
        ("near_name", "0", ""),
        ("too_long", "0", "请填写不小于1的整数（字）"),
        ("too_long", "1", ""),
        ("too_long", "100.5", "请填写不小于1的整数（字）"),
        ("too_many_decimals", "5", "请填写0至4之间的整数"),
        ("missed_unexplained", "101", "请填写0至100之间的数（个百分点）"),
        ("missed_unexplained", "100", ""),
        ("negative", "3", "不用界限"),
    ],
)
def test_a_bound_that_finds_all_or_nothing(scheme, code, value, problem):
    message = told(changed(scheme, code, value=Decimal(value)))
    assert (problem in message and f"“{code}”" in message) if problem else message == ""


@pytest.mark.parametrize("code", ["not_returned", "refused", "row_missing", "figure_empty", "project_empty"])
def test_a_gap_stops_a_final_whatever_the_scheme_says(scheme, code):
    assert "定稿必须停下" in told(changed(scheme, code, severity="warning"))
    assert told(changed(scheme, code, severity="error")) == ""


@pytest.mark.parametrize("wording", ["{nonsense}", "{found.__class__}", "{found[0]}", "{0}"])
def test_a_mark_that_nothing_fills(scheme, wording):
    assert "没有的标记" in told(changed(scheme, "negative", wording=wording))


def test_brackets_that_are_not_closed(scheme):
    assert "花括号没有成对" in told(changed(scheme, "negative", remedy="{found"))


def test_a_bound_that_is_missing(scheme):
    assert "“too_long”没有界限" in told(changed(scheme, "too_long", value=None))


def test_a_synonym_of_nothing(scheme):
    extra = Synonym(group="header", meaning="完成树", written="做了多少")
    problem = told(replace(scheme, synonyms=(*scheme.synonyms, extra)))
    assert "做了多少" in problem
    assert "完成数" in problem


def test_ingest_tells_it(scheme, facts, tmp_path):
    without = replace(scheme, checks=())
    with pytest.raises(SchemeError, match="缺少审核规则"):
        ingest(tmp_path, "财政所", without, facts)


def test_severity_and_words_are_the_schemes(scheme, a_return, facts, tmp_path):
    a_return("财政所").set("indicator", 0, base=-1).save(tmp_path / "x.xlsx")
    softer = changed(scheme, "negative", severity="note", wording="少于零：{found}")
    row = ingest(tmp_path, "财政所", softer, facts).findings.set_index("check").loc["negative"]
    assert row["severity"] == "note"
    assert row["message"].endswith("少于零：-1。")
