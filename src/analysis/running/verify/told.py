"""The result of checking back, told in Chinese for the console, sentence by sentence."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from analysis.figures.model import referred
from analysis.running.verify.lines import Note
from analysis.running.verify.verified import KINDS, Change, Origin, Verified

LONGEST = 160
"""Characters of a sentence that are shown around its numbers."""
NOTES_SHOWN = 20
SOURCES_SHOWN = 6
ROLES = {
    "actual": "完成数", "target": "目标任务数", "base": "上年同期数", "rate": "完成率（比率）", "change": "同比",
    "points": "同比（百分点）", "difference": "与目标之差", "change_absolute": "同比增减数", "part": "其中项", "rest": "其余合计",
    "rest_count": "其余项数", "share": "比率", "base_share": "上年比率", "average": "平均数", "times": "倍数",
    "carried": "上年结转", "base_carried": "更早结转", "zero_years": "连续年数", "investment": "投资", "jobs": "带动就业",
    "income": "预计年收入", "planned_month": "计划完成月份", "finished_month": "实际完成月份", "used_month": "投入使用月份",
    "progress": "形象进度", "done_count": "完成项数", "late_count": "未按期完成项数",
    "time_progress": "序时进度", "ahead": "快于序时进度（百分点）", "behind": "落后序时进度（百分点）",
}  # fmt: skip


def told(verified: Verified) -> list[str]:
    """The result as lines of text."""
    lines = [f"核对 {shown(verified.file)}：对照《{verified.title}》（{verified.finished or '时间不详'} 运行）的数字。"]
    if verified.clean:
        lines.append(f"{verified.numbers}个数字没有改动。")
    else:
        counts = verified.counts()
        kinds = "，".join(f"{KINDS[kind]}{counts[kind]}处" for kind in KINDS if counts[kind])
        lines.append(f"{verified.numbers}个数字中，与运行结果不一致的有{len(verified.changes)}处：{kinds}。")
    for number, (_, group) in enumerate(groupby(verified.changes, key=_sentence), 1):
        lines += ["", *_told_sentence(number, list(group))]
    others = []
    if verified.reworded:
        others.append(f"只改文字、数字未动的句子{verified.reworded}句")
    if verified.moved:
        others.append(f"只挪了位置的句子{verified.moved}句")
    if others:
        lines += ["", f"另有{'，'.join(others)}，不逐一列出。"]
    return lines + list(_told_notes(verified.notes))


def _sentence(change: Change) -> tuple[str, ...]:
    return change.heading, change.place, change.sentence_before, change.sentence_after


def _told_sentence(number: int, changes: list[Change]) -> list[str]:
    first = changes[0]
    where = f"{first.heading}（{first.place}）" if first.heading else first.place
    lines = [f"{number}. {shown(where)}"]
    before = _around(first.sentence_before, [change.before for change in changes])
    after = _around(first.sentence_after, [change.after for change in changes])
    lines.append(f"   原句：{before or '（没有这一句）'}")
    lines.append(f"   现句：{after or '（已删去）'}")
    for change in changes:
        said = f"{shown(change.before) or '（无）'} → {shown(change.after) or '（无）'}"
        if change.kind in ("elsewhere", "turned"):
            said = shown(change.before)
        lines.append(f"   {KINDS[change.kind]}：{said}{_told_origin(change)}")
    return lines


def _told_origin(change: Change) -> str:
    if change.kind == "added":
        return "；报告的数字清单中没有来源"
    origin = change.origin
    if origin is None:
        return "；不是算出的数字（年份、名称或模板中的字）"
    if origin.kind == "quotation":
        return f"；部门原话，见 {shown(origin.sources[0])}" if origin.sources else "；部门原话"
    told = [f"{shown(name)}"] if (name := _name(origin)) else []
    if origin.formula:
        told.append(f"算式 {shown(clipped(origin.formula))}")
    if origin.sources:
        cells = "、".join(" ".join(filter(None, referred(source))) for source in origin.sources[:SOURCES_SHOWN])
        more = f"等{len(origin.sources)}处" if len(origin.sources) > SOURCES_SHOWN else ""
        told.append(f"来源 {shown(cells)}{more}")
    return "".join(f"；{part}" for part in told)


def _name(origin: Origin) -> str:
    role = ROLES.get(origin.role.removeprefix("table."), "")
    name = " ".join(filter(None, (origin.code, origin.name, origin.item)))
    return f"{name}（{role}）" if name and role else name


def _told_notes(notes: tuple[Note, ...]) -> Iterator[str]:
    tracked = [note for note in notes if note.kind == "tracked"]
    if tracked:
        counts = Counter(note.what for note in tracked)
        kinds = "，".join(f"{what}{count}处" for what, count in counts.items())
        yield ""
        yield f"还有没接受也没拒绝的修订：{kinds}。以上按全部接受后的文字核对；上报前请在“审阅”中逐条接受或拒绝。"
        yield from _listed([note for note in tracked if note.text.strip()])
    hidden = [note for note in notes if note.kind == "hidden"]
    if hidden:
        yield ""
        yield f"有隐藏文字{len(hidden)}处，读者看不到，没有算作正文。"
        yield from _listed(hidden)
    unread = Counter(note.what for note in notes if note.kind == "unread")
    if unread:
        yield ""
        yield f"没有核对的内容：{'，'.join(f'{what}{count}处' for what, count in unread.items())}，请人工核对其中的数字。"


def _listed(notes: list[Note]) -> Iterator[str]:
    for note in notes[:NOTES_SHOWN]:
        by = f"（{shown(note.author)}）" if note.author else ""
        under = f"，在“{shown(note.heading)}”下" if note.heading else ""
        yield f"   {note.what}“{shown(clipped(note.text))}”{by}{under}"
    if len(notes) > NOTES_SHOWN:
        yield f"   …… 共{len(notes)}处"


def _around(sentence: str, numbers: list[str]) -> str:
    """A long sentence from a little before its first number that matters."""
    if len(sentence) <= LONGEST:
        return shown(sentence)
    starts = [place for number in numbers if number and (place := sentence.find(number)) >= 0]
    start = max(0, min(min(starts, default=0) - LONGEST // 4, len(sentence) - LONGEST))
    end = start + LONGEST
    return f"{'……' if start else ''}{shown(sentence[start:end])}{'……' if end < len(sentence) else ''}"


def clipped(text: str) -> str:
    """A text cut where it is longer than a console should show."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"


def shown(text: str) -> str:
    """Text of a file as a line of a console: nothing in it steers the console."""
    return "".join(character if character.isprintable() else " " for character in text)
