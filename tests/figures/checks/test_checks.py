"""The checks across years, periods and departments, on all sides of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from analysis.figures.assess import assess
from analysis.figures.checks import ACROSS_CHECKS, Across, Reviewed, require_checks, review
from analysis.figures.checks.expected import NOBODY
from analysis.figures.gather import gather
from analysis.figures.works import projects_of
from analysis.intake.frames import Finding
from analysis.intake.sighting import Sighting
from analysis.scheme import Facts, Indicator, Period, Relation, Scheme, SchemeError

FINANCE, GOVERNANCE, ECONOMY = "财政所", "社会治理办公室", "经济发展办公室"
Make = Callable[..., Any]
Check = Callable[..., list[Finding]]
STRAY = Sighting("说明.docx", None, "unknown", "不是表格文件", "请转成表格")


@dataclass(frozen=True)
class Case:
    """What was returned, in other periods too, by which scheme."""

    now: Any
    last: Any = None
    within: Mapping[str, Any] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    book: Mapping[tuple[str, str], str] = field(default_factory=dict)
    strays: tuple[Sighting, ...] = ()


@pytest.fixture
def reviewed(make_facts: Callable[..., Facts]) -> Callable[[Scheme, Case], Reviewed]:
    def run(scheme: Scheme, case: Case) -> Reviewed:
        scheme = replace(scheme, relations=case.relations)
        facts = make_facts(months=case.book)
        returned = gather(scheme, case.now.values)
        before = {} if case.last is None else {2020: gather(scheme, case.last.values)}
        within = {Period.parse(name): gather(scheme, made.values) for name, made in case.within.items()}
        projects = list(projects_of(scheme, facts, returned))
        rows = assess(scheme, facts, returned, before, projects)
        return review(Across(scheme, facts, returned, before, within, rows, projects, case.strays))

    return run


@pytest.fixture
def check(reviewed: Callable[[Scheme, Case], Reviewed]) -> Check:
    def run(scheme: Scheme, now: Any, last: Any = None, *, but: str = "unit_suspected", **more: Any) -> list[Finding]:
        """The findings; a figure of another magnitude is asked about by a check of its own."""
        return [each for each in reviewed(scheme, Case(now, last, **more)).findings if each.check != but]

    return run


# ---- an example of each side of each check ---------------------------------------------------------------------

BOOK = {("E04", "冷库"): "2021-05"}
AT_MOST = (Relation(name="r", relation="at_most", left="S08", right="E05", explanation="x"),)


def _filled(returns: Make, folder: str, *numbers: int) -> Any:
    made = returns(folder)
    for code, number in zip(("E01", "E03", "E05"), numbers, strict=True):
        made.figures(code, actual=number)
    return made


def cases(returns: Make) -> dict[str, tuple[Case, Case, Case | None]]:
    """By check, what it finds something in, what passes, and what leaves it without what it needs."""
    stated = returns().figures("E01", actual=95, base=90)
    last = returns("2020/").figures("E01", actual=90)
    alone = returns().figures("E01", actual=95)
    earlier = {"2021-03": returns("2021-03/").figures("E01", actual=96)}
    both = returns().figures("E05", actual=10).figures("S08", GOVERNANCE, actual=11)
    fitting = returns().figures("E05", actual=10).figures("S08", GOVERNANCE, actual=10)
    return {
        "base_restated": (Case(stated, returns("2020/").figures("E01", actual=91)), Case(stated, last), Case(stated)),
        "change_unexplained": (Case(returns().figures("E01", actual=150, base=90)), Case(stated), Case(alone)),
        "unit_suspected": (Case(returns().figures("E01", actual=950, base=90)), Case(stated), Case(alone)),
        "all_as_last_year": (
            Case(_filled(returns, "", 1, 2, 3), _filled(returns, "2020/", 1, 2, 3)),
            Case(_filled(returns, "", 1, 2, 4), _filled(returns, "2020/", 1, 2, 3)),
            Case(stated, last),
        ),
        "below_earlier": (
            Case(alone, within=earlier),
            Case(returns().figures("E01", actual=96), within=earlier),
            Case(alone),
        ),
        "reporters_differ": (
            Case(returns().figures("E05", actual=10).figures("E05", ECONOMY, actual=11)),
            Case(returns().figures("E05", actual=10).figures("E05", ECONOMY, actual=10)),
            Case(returns().figures("E05", ECONOMY, actual=10)),
        ),
        "relation_across": (
            Case(both, relations=AT_MOST),
            Case(fitting, relations=AT_MOST),
            Case(returns().figures("S08", GOVERNANCE, actual=10), relations=AT_MOST),
        ),
        "project_missing": (
            Case(returns().project("冷藏库", stage="在建"), book=BOOK),
            Case(returns().project("冷库", stage="在建"), book=BOOK),
            None,
        ),
        "file_unknown": (Case(alone, strays=(STRAY,)), Case(alone), None),
    }


def _count(reviewed: Reviewed, code: str) -> tuple[int, int, int]:
    tallies = [own[code] for own in reviewed.tallies.values() if code in own]
    return (
        sum(tally.passed for tally in tallies),
        sum(tally.found for tally in tallies),
        sum(tally.not_evaluated for tally in tallies),
    )


def test_every_check_has_examples(returns: Make) -> None:
    examples = cases(returns)
    assert set(examples) == set(ACROSS_CHECKS.rules)
    owed = {code for code, rule in ACROSS_CHECKS.rules.items() if rule.unless}
    assert {code for code, (_, _, unless) in examples.items() if unless is not None} == owed


@pytest.mark.parametrize("code", sorted(ACROSS_CHECKS.rules))
def test_each_side_of_each_check(
    code: str, scheme: Scheme, returns: Make, reviewed: Callable[[Scheme, Case], Reviewed]
) -> None:
    found, passed, unless = cases(returns)[code]
    done = reviewed(scheme, found)
    assert _count(done, code)[1] == sum(finding.check == code for finding in done.findings) >= 1
    done = reviewed(scheme, passed)
    assert (_count(done, code)[0] >= 1, _count(done, code)[1]) == (True, 0)
    if unless is not None:
        done = reviewed(scheme, unless)
        assert (_count(done, code)[1], _count(done, code)[2] >= 1) == (0, True)


def test_the_scheme_needs_a_row_for_each_check(scheme: Scheme) -> None:
    require_checks(scheme)
    for code in ACROSS_CHECKS.rules:
        rows = tuple(row for row in scheme.checks if row.code != code)
        with pytest.raises(SchemeError, match=f"缺少审核规则“{code}”"):
            require_checks(replace(scheme, checks=rows))
    boundless = tuple(row.model_copy(update={"value": None}) for row in scheme.checks)
    with pytest.raises(SchemeError, match="没有界限"):
        require_checks(replace(scheme, checks=boundless))


@pytest.mark.parametrize(("stated", "found"), [("90", False), ("90.00", False), ("90.01", True), (None, False)])
def test_a_restated_base(stated: str | None, found: bool, scheme: Scheme, returns: Make, check: Check) -> None:
    now = returns().figures("E01", actual="95", base=stated)
    findings = check(scheme, now, returns("2020/").figures("E01", actual="90"))
    assert [(f.check, f.code, f.cell, f.severity) for f in findings] == (
        [("base_restated", "E01", "C1", "warning")] if found else []
    )
    if found:
        assert (findings[0].found, findings[0].expected) == ("90.01", "90")
        assert "2020/财政所.xlsx 指标 B1" in findings[0].message
        assert findings[0].department == "财政所"


def test_a_base_without_last_years_return_is_not_restated(scheme: Scheme, returns: Make, check: Check) -> None:
    assert check(scheme, returns().figures("E01", actual="95", base="90")) == []
    assert check(scheme, returns().figures("E01", actual="95", base="90"), returns("2020/").figures("E01")) == []


@pytest.mark.parametrize(
    ("code", "base", "actual", "note", "found"),
    [
        ("E05", "200", "300", None, False),  # just fifty per cent
        ("E05", "200", "300.01", None, True),
        ("E05", "200", "100", None, False),
        ("E05", "200", "99.99", None, True),
        ("E05", "200", "900", "新增两个批次", False),
        ("E05", "200", "900", "核实无误", True),  # says nothing
        ("E05", "0", "900", None, False),
        ("S01", "10", "16", None, True),  # a neutral row is asked as well
        ("S01", "9", "20", None, False),  # a small base
        ("S05", "1", "9", None, False),
        ("H07", "1", "9", None, False),
    ],
)
def test_a_change_without_an_explanation(
    code: str,
    base: str,
    actual: str,
    note: str | None,
    found: bool,
    scheme: Scheme,
    returns: Make,
    check: Check,
) -> None:
    findings = check(scheme, returns().figures(code, scheme[code].owner, actual=actual, base=base, note=note))
    assert [(f.check, f.cell) for f in findings] == ([("change_unexplained", "B1")] if found else [])
    if found:
        assert (findings[0].found, findings[0].expected) == (actual, "50%")


@pytest.mark.parametrize(("actual", "found"), [("219.99", False), ("220", False), ("220.01", True)])
def test_the_rows_own_bound(
    actual: str,
    found: bool,
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    returns: Make,
    check: Check,
) -> None:
    scheme = make_scheme(indicator(kind="count", change_bound="10"))
    findings = check(scheme, returns().figures("E01", actual=actual, base="200"))
    assert [f.check for f in findings] == (["change_unexplained"] if found else [])


def test_a_ratio_is_asked_by_its_whole_alone(scheme: Scheme, returns: Make, check: Check) -> None:
    made = returns().figures("S01", GOVERNANCE, actual="100", base="100")
    made.figures("S02", GOVERNANCE, actual="100", base="10")
    assert check(scheme, made) == []


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [("10", "10.0", False), ("10", "10.01", True), ("10", None, False), (None, "10", False), ("0", "1", True)],
)
def test_two_departments_that_report_one_row(
    own: str | None, other: str | None, found: bool, scheme: Scheme, returns: Make, check: Check
) -> None:
    findings = check(scheme, returns().figures("E05", actual=own).figures("E05", ECONOMY, actual=other))
    assert [(f.check, f.department, f.file, f.cell, f.severity) for f in findings] == (
        [("reporters_differ", ECONOMY, f"{ECONOMY}.xlsx", "B1", "error")] if found else []
    )
    if found:
        assert "财政所" in findings[0].message
        assert (findings[0].found, findings[0].expected) == (other, own)


# ---- wrong units, last year's return, earlier periods ------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "actual", "times"),
    [
        ("100", "1000", "10倍"),
        ("100", "1200", "10倍"),  # just within a fifth
        ("100", "1201", None),
        ("120", "1000", "10倍"),
        ("121", "1000", None),
        ("2.6", "28000", "10000倍"),
        ("28000", "2.8", "万分之一"),
        ("100", "10", "十分之一"),
        ("100", "1", "百分之一"),
        ("100", "0.1", "千分之一"),
        ("100", "100", None),
        ("100", "500", None),
        ("100", "0", None),
        ("0", "100", None),
        ("-10", "100", None),
    ],
)
def test_a_figure_of_another_magnitude(
    base: str, actual: str, times: str | None, scheme: Scheme, returns: Make, check: Check
) -> None:
    findings = check(scheme, returns().figures("E01", actual=actual, base=base), but="change_unexplained")
    assert [(f.check, f.expected, f.cell, f.heading) for f in findings] == (
        [("unit_suspected", times, "B1", "完成数")] if times else []
    )


def test_a_new_magnitude_of_few_is_no_wrong_unit(scheme: Scheme, returns: Make, check: Check) -> None:
    few = returns().figures("S01", GOVERNANCE, actual="90", base="9").figures("H07", GOVERNANCE, actual="90", base="9")
    assert check(scheme, few, but="") == []
    assert check(scheme, returns().figures("S05", GOVERNANCE, actual="0", base="10"), but="") == []


@pytest.mark.parametrize(("factor", "found"), [(None, False), ("10", False), ("1", True)])
def test_a_new_definition_is_no_wrong_unit(
    factor: str | None,
    found: bool,
    make_scheme: Callable[..., Scheme],
    indicator: Callable[..., Indicator],
    returns: Make,
    check: Check,
) -> None:
    scheme = make_scheme(indicator(kind="count", comparable_since=2021, factor=factor))
    findings = check(scheme, returns().figures("E01", actual="1000", base="100"), but="change_unexplained")
    assert [finding.check for finding in findings] == (["unit_suspected"] if found else [])


def test_a_return_that_is_last_years_is_told_once(scheme: Scheme, returns: Make, check: Check) -> None:
    findings = check(scheme, _filled(returns, "", 1, 2, 3), _filled(returns, "2020/", 1, 2, 3))
    assert [(f.check, f.department, f.file, f.cell, f.code, f.found) for f in findings] == [
        ("all_as_last_year", FINANCE, f"{FINANCE}.xlsx", "", None, "3")
    ]


def test_bases_serve_where_last_years_return_is_gone_and_zeros_say_nothing(
    scheme: Scheme, returns: Make, check: Check
) -> None:
    made = returns()
    for code in ("E01", "E03", "E05"):
        made.figures(code, actual="7", base="7")
    assert [finding.check for finding in check(scheme, made)] == ["all_as_last_year"]
    zeros = returns()
    for code in ("E01", "E03", "E05"):
        zeros.figures(code, actual="0", base="0")
    assert check(scheme, zeros) == []


def test_a_figure_below_that_of_an_earlier_period(scheme: Scheme, returns: Make, check: Check) -> None:
    within = {
        "2021-03": returns("2021-03/").figures("E01", actual="50").figures("S05", GOVERNANCE, actual="1"),
        "2021-06": returns("2021-06/").figures("E01", actual="99"),
        "2021-09": returns("2021-09/").figures("E01", actual="98"),
    }
    made = returns().figures("E01", actual="98.5").figures("S05", GOVERNANCE, actual="0")
    findings = check(scheme, made, within=within)
    assert [(f.check, f.code, f.cell, f.found, f.expected) for f in findings] == [
        ("below_earlier", "E01", "B1", "98.5", "99"),
        ("below_earlier", "S05", "B1", "0", "1"),
    ]
    assert "2021年1—6月" in findings[0].message
    assert f"2021-06/{FINANCE}.xlsx 指标 B1" in findings[0].message


@pytest.mark.parametrize(
    ("code", "actual", "note", "found"),
    [
        ("E01", "50", None, False),
        ("E01", "49.99", None, True),
        ("E01", "49.99", "上半年重复统计，已核减", True),  # told, and settled by what it says: see `obstacles`
        ("E01", "49.99", "核实无误", True),
        ("E01", None, None, False),
        ("H07", "1", None, False),  # a fact may fall
    ],
)
def test_both_sides_of_an_earlier_period(
    code: str, actual: str | None, note: str | None, found: bool, scheme: Scheme, returns: Make, check: Check
) -> None:
    owner = scheme[code].owner
    within = {"2021-06": returns("2021-06/").figures(code, owner, actual="50")}
    findings = check(scheme, returns().figures(code, owner, actual=actual, note=note), within=within)
    assert [finding.check for finding in findings] == (["below_earlier"] if found else [])


# ---- relations of several departments ----------------------------------------------------------------------------


def _relation(kind: str, left: str, right: str) -> tuple[Relation, ...]:
    return (Relation(name="r", relation=kind, left=left, right=right, explanation="包含在内"),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "left", "right", "found"),
    [
        ("at_most", "10", "10", None),
        ("at_most", "10.01", "10", "不超过10"),
        ("equal", "10", "10.0", None),
        ("equal", "9", "10", "等于10"),
    ],
)
def test_a_relation_of_two_departments_is_told_to_both(
    kind: str, left: str, right: str, found: str | None, scheme: Scheme, returns: Make, check: Check
) -> None:
    made = returns().figures("S08", GOVERNANCE, actual=left).figures("E01", actual=right)
    findings = check(scheme, made, relations=_relation(kind, "S08", "E01"))
    told = [(f.check, f.department, f.code, f.cell, f.found, f.expected) for f in findings]
    assert told == (
        [
            ("relation_across", GOVERNANCE, "S08", "B1", left, found),
            ("relation_across", FINANCE, "E01", "B1", left, found),
        ]
        if found
        else []
    )
    if findings:
        assert FINANCE in findings[0].message.partition("：")[2]
        assert GOVERNANCE in findings[1].message.partition("：")[2]


@pytest.mark.parametrize(
    ("jobs", "found"),
    [(("4", "6"), []), (("4", "7"), [GOVERNANCE, ECONOMY]), (("4", None), [])],
)
def test_a_sum_of_another_departments_projects(
    jobs: tuple[str, str | None], found: list[str], scheme: Scheme, returns: Make, check: Check
) -> None:
    made = returns().figures("S08", GOVERNANCE, actual="10")
    for name, number in zip("甲乙", jobs, strict=True):
        made.project(name, stage="在建", jobs=number)
    findings = check(scheme, made, relations=_relation("sum", "S08", "E04.jobs"))
    assert [finding.department for finding in findings] == found
    if findings:
        assert (findings[1].code, findings[1].sheet, findings[1].heading) == ("E04", "项目", "带动就业（个）")


def test_relations_of_one_department_and_of_other_years_are_not_looked_at(
    scheme: Scheme, returns: Make, reviewed: Callable[[Scheme, Case], Reviewed]
) -> None:
    made = returns().figures("E01", actual="10").figures("E03", actual="9")
    for relations in (_relation("at_most", "E01", "E03"), _relation("at_most", "E01", "X09")):
        assert _count(reviewed(scheme, Case(made, relations=relations)), "relation_across") == (0, 0, 0)


# ---- who is told ----------------------------------------------------------------------------------------------------


def test_who_has_not_returned_is_told_nothing(
    scheme: Scheme, returns: Make, reviewed: Callable[[Scheme, Case], Reviewed]
) -> None:
    done = reviewed(scheme, Case(returns().figures("E01", actual="10")))
    assert set(done.tallies) == {FINANCE, NOBODY}


def test_a_project_of_the_book_is_offered_its_near_name(scheme: Scheme, returns: Make, check: Check) -> None:
    near = check(scheme, returns().project("冷藏库", stage="在建"), book=BOOK)
    assert [(f.check, f.department, f.found) for f in near] == [("project_missing", ECONOMY, "冷库")]
    assert "是否是“冷藏库”？请统一名称" in near[0].message
    far = check(scheme, returns().project("水厂", stage="在建"), book=BOOK)
    assert "请在“项目”表中补上" in far[0].message


def test_a_file_of_nobody_is_told_with_its_reason(scheme: Scheme, returns: Make, check: Check) -> None:
    (finding,) = check(scheme, returns().figures("E01", actual="1"), strays=(STRAY,))
    assert (finding.check, finding.department, finding.file) == ("file_unknown", NOBODY, "说明.docx")
    assert "不是表格文件" in finding.message
