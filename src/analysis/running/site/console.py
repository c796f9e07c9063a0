"""What is said of a site in the terminal, and as JSON for a program."""

from collections.abc import Iterator
from typing import Any

from analysis.running.site.inspection import Inspected
from analysis.running.site.publish import INDEX, SHOWN, Outcome


def told(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Say what came of it: each line with its style."""
    asked = outcome.asked
    if asked.edition == "office":
        yield "red", "注意：这是办公室全本，含内部指标，不得对外提供。对外请去掉 --edition office。"
    if asked.receipts:
        yield "yellow", "注意：审核回执里有审核问题、内部指标和联系电话，只给本单位和部门看。"
    for left in outcome.left_out:
        yield "" if left.expected else "yellow", f"没有发布：{left.town} {left.period}，{left.why}"
    for chosen in outcome.reports:
        for notice in chosen.notices:
            yield "yellow", f"{chosen.town} {chosen.period}：{notice}"
    yield from _found(outcome.inspected, "")
    if outcome.standing is not None:
        yield from _found(outcome.standing, f"现有站点 {asked.out} ")
    if not asked.people:
        yield "yellow", "没有 scheme/people.csv，不知道怎样认出姓名，只查了号码。"
    count = len(outcome.reports)
    if asked.check:
        verdict = "没有发现问题" if outcome.clean else "请看上面列出的问题"
        yield "green" if outcome.clean else "yellow", f"检查了{count}份报告，{verdict}；没有发布。"
    else:
        yield "green", f"已发布{count}份报告：{asked.out / INDEX}"


def _found(inspected: Inspected, where: str) -> Iterator[tuple[str, str]]:
    kinds = (
        ("red", "个人信息", inspected.personal),
        ("yellow", "失效的链接", inspected.dead),
        ("yellow", "改动的文件", inspected.altered),
    )
    for style, kind, found in kinds:
        for place, what in found[:SHOWN]:
            yield style, f"{where}{kind}：{place}　{what}"
        if len(found) > SHOWN:
            yield style, f"{where}{kind}：另有{len(found) - SHOWN}处"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same for a program."""
    standing = outcome.standing
    return {
        "published": not outcome.asked.check,
        "site": str(outcome.asked.out),
        "edition": outcome.asked.edition,
        "clean": outcome.clean,
        "reports": [
            {
                "town": chosen.town,
                "period": str(chosen.period),
                "state": chosen.state,
                "place": chosen.place,
                "notices": list(chosen.notices),
            }
            for chosen in outcome.reports
        ],
        "left_out": [
            {"town": left.town, "period": left.period, "why": left.why, "expected": left.expected}
            for left in outcome.left_out
        ],
        **_json(outcome.inspected),
        "standing": None if standing is None else _json(standing),
    }


def _json(inspected: Inspected) -> dict[str, Any]:
    return {
        name: [{"place": place, "what": what} for place, what in getattr(inspected, name)]
        for name in ("dead", "personal", "altered")
    }
