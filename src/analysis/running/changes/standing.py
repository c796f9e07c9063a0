"""How things stand: draft or not, who has returned, gaps, problems, waivers; and from which files it was made."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from analysis.figures.model import Problem
from analysis.figures.submissions import RETURNED, SUBMISSIONS
from analysis.figures.tables import load_records
from analysis.intake.store import load_frame
from analysis.running.changes.model import Point, PointKind
from analysis.running.changes.telling import Telling
from analysis.running.manifest import DRAFT
from analysis.scheme import Facts, Scheme

Row = Mapping[str, Any]
Keyed = dict[tuple[str, ...], Row]
RULES = {
    "zero_broken": "零发生被打破",
    "target_missed": "目标没有完成",
    "project_late": "项目逾期或未开工",
    "duty_late": "履职事项逾期或未完成",
    "share_under": "比率未达目标",
    "over_ceiling": "超出上限",
    "behind": "进度滞后",
    "change_beyond": "大幅变动",
}


def kept(tables: Path, scheme: Scheme, facts: Facts) -> dict[str, Any]:
    """What `run.json` keeps of a run for the next to compare with: submissions and problems.

    Args:
        tables: the folder of stage 2's tables.
        scheme: what the indicators are called, and the township.
        facts: which year it is, and whether the township is made up.
    """
    submissions = load_frame(tables / "submissions.parquet", SUBMISSIONS)
    names = ("department", "state", "file", "filled_on", "errors", "warnings", "notes")
    rows = submissions[list(names)].astype(object).where(submissions[list(names)].notna(), None).to_dict("records")
    problems = cast(list[Problem], load_records(tables, "problems"))
    return {
        "example": facts.town.example,
        "body": scheme.report.body,
        "indicators": {indicator.code: indicator.name for indicator in scheme.in_year(facts.period.year)},
        "submissions": [{str(name): value for name, value in row.items()} for row in rows],
        "problems": [
            {
                "name": problem.name,
                "code": problem.code,
                "item": problem.item,
                "rule": problem.rule,
                "department": problem.department,
                "figures": problem.figures,
                "reason": bool(problem.reason),
                "measure": bool(problem.measure),
            }
            for problem in problems
        ],
    }


def points(before: Telling, after: Telling) -> tuple[Point, ...]:
    """What is new and what is gone, most important first."""
    old, new = before.manifest, after.manifest
    names = _names(before) | _names(after)
    return (
        *_status(old, new),
        *_departments(old, new),
        *_gaps(old, new, names),
        *_problems(old, new, names),
        *_waivers(old, new),
    )


def _names(telling: Telling) -> dict[str, str]:
    """What an indicator is called, by its code: as the run kept it, and as the report's sources say."""
    kept_names = telling.manifest.get("indicators")
    names = {str(k): str(v) for k, v in kept_names.items()} if isinstance(kept_names, Mapping) else {}
    return names | {code: name for code, (name, _) in telling.names.items()}


def _status(old: Row, new: Row) -> Iterator[Point]:
    was, now = (bool(_rows(m, "gaps")) or m.get("ending") == DRAFT for m in (old, new))
    if was and not now:
        yield Point("good", "草稿", "现在没有欠报、缺数和审核错误，不再是草稿。")
    elif now and not was:
        yield Point("bad", "草稿", "有欠报、缺数或审核错误，又成了草稿，不能作为正式报告上报。")
    if str(old.get("title", "")) != str(new.get("title", "")):
        yield Point("note", "题名", f"《{old.get('title', '')}》改为《{new.get('title', '')}》。")


def _departments(old: Row, new: Row) -> Iterator[Point]:
    earlier = {str(row.get("department")): row for row in _rows(old, "submissions")}
    for row in _rows(new, "submissions"):
        name = str(row.get("department"))
        was = earlier.get(name)
        if was is None:
            if earlier:
                yield Point("note", name, f"新列入的部门，{row.get('state')}。")
            continue
        told = list(_of_department(was, row))
        if told:
            yield Point(_tone(was, row), name, f"{'；'.join(told)}。")
    later = {str(row.get("department")) for row in _rows(new, "submissions")}
    for name in earlier:
        if later and name not in later:
            yield Point("note", name, "不再列入。")


def _of_department(was: Row, row: Row) -> Iterator[str]:
    if was.get("state") != row.get("state"):
        late = "补报了上报表" if row.get("state") == RETURNED else "上报情况变了"
        yield f"{late}：{was.get('state')} → {row.get('state')}"
    elif (was.get("file"), was.get("filled_on")) != (row.get("file"), row.get("filled_on")):
        if was.get("file") != row.get("file"):
            yield f"换了上报表：《{was.get('file')}》→《{row.get('file')}》"
        if was.get("filled_on") != row.get("filled_on"):
            yield f"填报日期：{was.get('filled_on') or '未填'} → {row.get('filled_on') or '未填'}"
    for name, what in (("errors", "审核错误"), ("warnings", "审核疑问"), ("notes", "审核提示")):
        if was.get(name, 0) != row.get(name, 0):
            yield f"{what}{was.get(name, 0)}条 → {row.get(name, 0)}条"


def _tone(was: Row, row: Row) -> PointKind:
    if was.get("state") != row.get("state"):
        return "good" if row.get("state") == RETURNED else "bad"
    one, other = (_count(each, "errors") * 1000 + _count(each, "warnings") for each in (was, row))
    return "good" if other < one else "bad" if other > one else "note"


def _count(row: Row, name: str) -> int:
    value = row.get(name, 0)
    return value if isinstance(value, int) else 0


def _gaps(old: Row, new: Row, names: Mapping[str, str]) -> Iterator[Point]:
    was, now = (_by(_rows(m, "gaps"), "code", "department") for m in (old, new))
    told: tuple[tuple[PointKind, str, Keyed, Keyed], ...] = (
        ("good", "缺数补齐", was, now),
        ("bad", "新的缺数", now, was),
    )
    for tone, what, some, others in told:
        by_department: dict[str, list[str]] = {}
        for code, department in some:
            if (code, department) not in others:
                by_department.setdefault(department, []).append(_named(code, names))
        for department, listed in by_department.items():
            yield Point(tone, what, f"{department}{len(listed)}处：{'、'.join(listed)}。")


def _problems(old: Row, new: Row, names: Mapping[str, str]) -> Iterator[Point]:
    if "problems" not in old or "problems" not in new:
        return
    was, now = ({str(row.get("name")): row for row in _rows(m, "problems")} for m in (old, new))
    for name, row in now.items():
        title = _title(row, names)
        if name not in was:
            yield Point("bad", "新的问题", f"{title}，{_rule(row)}：{row.get('figures')}。")
        elif was[name].get("rule") != row.get("rule"):
            yield Point("note", "问题变了", f"{title}：{_rule(was[name])} → {_rule(row)}（{row.get('figures')}）。")
        else:
            for field, what in (("reason", "原因"), ("measure", "措施")):
                if bool(was[name].get(field)) != bool(row.get(field)):
                    told = f"答复了{what}" if row.get(field) else f"不再有{what}"
                    yield Point("good" if row.get(field) else "bad", "问题的答复", f"{title}，{told}。")
    for name, row in was.items():
        if name not in now:
            yield Point("good", "问题不再存在", f"{_title(row, names)}，原为{_rule(row)}：{row.get('figures')}。")


def _rule(row: Row) -> str:
    return RULES.get(str(row.get("rule")), "问题")


def _title(row: Row, names: Mapping[str, str]) -> str:
    code = str(row.get("code", ""))
    named = str(row.get("item") or "") or names.get(code, "")
    department = str(row.get("department") or "")
    return f"{row.get('name')} {named}（{department}）" if department else f"{row.get('name')} {named}"


def _waivers(old: Row, new: Row) -> Iterator[Point]:
    was, now = (_by(_rows(m, "waived"), "subject", "what") for m in (old, new))
    for key, row in now.items():
        if key not in was:
            yield Point("note", "新的豁免", f"{row.get('what')}；理由：{row.get('reason')}（{row.get('by')}）。")
    for key, row in was.items():
        if key not in now:
            yield Point("note", "豁免不再需要", f"{row.get('what')}。")


def files(before: Telling, after: Telling) -> tuple[Point, ...]:
    """Which of the files that a run is made from differ, by their SHA-256, and the program's version."""
    was, now = (_inputs(telling.manifest) for telling in (before, after))
    found = [
        Point("note", "改动" if name in was else "新增", _file_named(name))
        for name in now
        if was.get(name) != now[name]
    ]
    found += [Point("note", "拿走", _file_named(name)) for name in was if name not in now]
    old, new = (telling.manifest.get("versions", {}) for telling in (before, after))
    versions = [m.get("township-report") if isinstance(m, Mapping) else None for m in (old, new)]
    if all(versions) and versions[0] != versions[1]:
        found.append(Point("note", "改动", f"程序 township-report {versions[0]} → {versions[1]}"))
    return tuple(found) if was and now else ()


def _inputs(manifest: Row) -> dict[str, str]:
    inputs = manifest.get("inputs")
    if not isinstance(inputs, Mapping):
        return {}
    return {str(name): str(e.get("sha256") if isinstance(e, Mapping) else e) for name, e in inputs.items()}


def _file_named(name: str) -> str:
    kind, _, rest = name.partition("/")
    if kind == "raw":
        rest = rest.partition("/")[2]
        return f"上报资料 {rest}"
    return {"scheme": "考核方案 ", "notebooks": "笔记本 "}.get(kind, f"{kind}/") + rest


def _rows(manifest: Row, name: str) -> Sequence[Row]:
    rows = manifest.get(name, ())
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _by(rows: Sequence[Row], *names: str) -> Keyed:
    return {tuple(str(row.get(name, "")) for name in names): row for row in rows}


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names[code]}" if code in names else code
