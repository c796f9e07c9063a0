"""What is new and what is gone: departments, gaps, problems, waivers, files."""

from typing import Any

from analysis.running.changes.standing import files, points
from analysis.running.changes.telling import Telling


def run(**manifest: Any) -> Telling:
    return Telling((), (), {"E01": ("税收收入", "财政所")}, manifest)


def told(before: Telling, after: Telling) -> list[tuple[str, str, str]]:
    return [(point.kind, point.what, point.text) for point in points(before, after)]


def department(state: str = "已上报", file: str | None = "财政所.xlsx", **counts: int) -> dict[str, Any]:
    return {"department": "财政所", "state": state, "file": file, "filled_on": "2022-01-05", **counts}


def problem(**fields: Any) -> dict[str, Any]:
    common = {"name": "E01", "code": "E01", "item": "", "rule": "target_missed", "department": "财政所"}
    return common | {"figures": "目标200万元，完成180万元", "reason": False, "measure": False} | fields


def test_nothing_new() -> None:
    same = run(title="报告", submissions=[department()], problems=[problem()], gaps=[], waived=[])
    assert told(same, same) == []


def test_a_draft_that_is_none_any_more() -> None:
    gap = {"code": "E01", "department": "财政所", "text": "数据待财政所补报"}
    before = run(title="报告", ending="done with gaps", gaps=[gap], submissions=[department("未上报", None, errors=1)])
    after = run(title="报告", ending="done", gaps=[], submissions=[department(errors=0)])
    assert told(before, after) == [
        ("good", "草稿", "现在没有欠报、缺数和审核错误，不再是草稿。"),
        ("good", "财政所", "补报了上报表：未上报 → 已上报；审核错误1条 → 0条。"),
        ("good", "缺数补齐", "财政所1处：E01 税收收入。"),
    ]
    assert [each[:2] for each in told(after, before)] == [
        ("bad", "草稿"),
        ("bad", "财政所"),
        ("bad", "新的缺数"),
    ]


def test_a_correction_says_which_file_it_replaces() -> None:
    before, after = run(submissions=[department(errors=2)]), run(submissions=[department(file="更正.xlsx", errors=0)])
    assert told(before, after) == [("good", "财政所", "换了上报表：《财政所.xlsx》→《更正.xlsx》；审核错误2条 → 0条。")]


def test_a_return_filled_in_anew_under_the_same_name() -> None:
    before, after = run(submissions=[department()]), run(submissions=[department() | {"filled_on": None}])
    assert told(before, after) == [("note", "财政所", "填报日期：2022-01-05 → 未填。")]


def test_a_department_that_the_scheme_lists_no_more() -> None:
    other = department() | {"department": "水利站"}
    both, one = run(submissions=[department(), other]), run(submissions=[department()])
    assert told(both, one) == [("note", "水利站", "不再列入。")]
    assert told(one, both) == [("note", "水利站", "新列入的部门，已上报。")]


def test_another_title() -> None:
    assert told(run(title="9月报告"), run(title="年度报告")) == [("note", "题名", "《9月报告》改为《年度报告》。")]


def test_problems_found_solved_answered_and_turned_into_others() -> None:
    none, missed = run(problems=[]), run(problems=[problem()])
    title = "E01 税收收入（财政所）"
    assert told(none, missed) == [("bad", "新的问题", f"{title}，目标没有完成：目标200万元，完成180万元。")]
    assert told(missed, none) == [("good", "问题不再存在", f"{title}，原为目标没有完成：目标200万元，完成180万元。")]
    assert told(missed, run(problems=[problem(reason=True, measure=True)])) == [
        ("good", "问题的答复", f"{title}，答复了原因。"),
        ("good", "问题的答复", f"{title}，答复了措施。"),
    ]
    ((kind, what, _),) = told(missed, run(problems=[problem(rule="change_beyond")]))
    assert (kind, what) == ("note", "问题变了")


def test_an_earlier_run_that_kept_no_problems_tells_none() -> None:
    assert told(run(), run(problems=[problem()], submissions=[department()])) == []


def test_waivers() -> None:
    waiver = {"subject": "E01", "what": "缺数：E01", "reason": "台账遗失", "by": "周明远"}
    assert told(run(waived=[]), run(waived=[waiver])) == [("note", "新的豁免", "缺数：E01；理由：台账遗失（周明远）。")]
    other = waiver | {"subject": "E02", "what": "缺数：E02"}
    assert told(run(waived=[waiver, other]), run(waived=[other])) == [("note", "豁免不再需要", "缺数：E01。")]
    assert told(run(waived=[other]), run(waived=[waiver, other]))[0][2].startswith("缺数：E01；")


def test_files_that_differ() -> None:
    def made_from(**hashes: str) -> Telling:
        return run(inputs={name.replace("__", "/") + ".csv": {"sha256": value} for name, value in hashes.items()})

    before = made_from(raw__qinghe__2021__a="1", raw__qinghe__2021__b="1", scheme__c="1")
    after = made_from(raw__qinghe__2021__a="2", raw__qinghe__2021__d="1", scheme__c="1")
    assert [(f.what, f.text) for f in files(before, after)] == [
        ("改动", "上报资料 2021/a.csv"),
        ("新增", "上报资料 2021/d.csv"),
        ("拿走", "上报资料 2021/b.csv"),
    ]


def test_another_version_of_the_program() -> None:
    one, other = (run(inputs={"scheme/c": "1"}, versions={"township-report": version}) for version in ("1.0", "1.1"))
    assert [(f.what, f.text) for f in files(one, other)] == [("改动", "程序 township-report 1.0 → 1.1")]


def test_a_manifest_that_was_tampered_with_does_no_harm() -> None:
    odd = run(submissions="x", problems=[1, None], gaps={"a": 1}, waived=None, inputs=[1], versions=3)
    assert told(odd, odd) == [] and files(odd, odd) == ()
