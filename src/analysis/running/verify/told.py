"""The result of checking back, told in Chinese for the console, sentence by sentence."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from analysis.figures.model import referred
from analysis.running.read_back.lines import CELL, LONGEST, clipped, shown
from analysis.running.verify.verified import KINDS, Change, Note, Origin, Verified

NOTES_SHOWN = ROWS_SHOWN = 20
SOURCES_SHOWN = 6


def told(verified: Verified) -> list[str]:
    """The result as lines of text."""
    lines = [f"核对 {shown(verified.file)}：对照《{verified.title}》（{verified.finished or '时间不详'} 运行）的数字。"]
    if verified.clean:
        lines.append(f"{verified.numbers}个数字没有改动。")
    else:
        counts = verified.counts()
        kinds = "，".join(f"{KINDS[kind]}{counts[kind]}处" for kind in KINDS if counts[kind])
        lines.append(f"{verified.numbers}个数字中，与运行结果不一致的有{len(verified.changes)}处：{kinds}。")
    for number, (_, group) in enumerate(groupby(verified.changes, key=_together), 1):
        changes = list(group)
        lines += ["", *(_told_rows if _is_row_alone(changes[0]) else _told_sentence)(number, changes)]
    others = []
    if verified.reworded:
        others.append(f"只改文字、数字未动的句子{verified.reworded}句")
    if verified.moved:
        others.append(f"只挪了位置的句子{verified.moved}句")
    if others:
        lines += ["", f"另有{'，'.join(others)}，不逐一列出。"]
    return lines + list(_told_notes(verified.notes))


def _together(change: Change) -> tuple[str, ...]:
    """What is told together: the numbers of a sentence; all rows of a table that were deleted, or added, one by one."""
    where = change.heading, change.place
    return (*where, change.kind) if _is_row_alone(change) else (*where, change.sentence_before, change.sentence_after)


def _is_row_alone(change: Change) -> bool:
    """Whether a number stands in a row of a table that has no counterpart."""
    return (
        not (change.sentence_before and change.sentence_after)
        and CELL in change.sentence_before + change.sentence_after
    )


def _where(number: int, change: Change) -> str:
    return f"{number}. {shown(f'{change.heading}（{change.place}）' if change.heading else change.place)}"


def _told_rows(number: int, changes: list[Change]) -> Iterator[str]:
    rows = list(dict.fromkeys(change.sentence_before or change.sentence_after for change in changes))
    yield _where(number, changes[0])
    yield f"   {KINDS[changes[0].kind]}整行，共{len(rows)}行，其中的数{len(changes)}处："
    for row in rows[:ROWS_SHOWN]:
        yield f"   {_around(row, [])}"
    if len(rows) > ROWS_SHOWN:
        yield f"   …… 共{len(rows)}行"


def _told_sentence(number: int, changes: list[Change]) -> list[str]:
    first = changes[0]
    lines = [_where(number, first)]
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
    name = " ".join(filter(None, (origin.code, origin.name, origin.item)))
    return f"{name}（{origin.label}）" if name and origin.label else name


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
    comments = [note for note in notes if note.kind == "comment"]
    if comments:
        yield ""
        yield f"有批注{len(comments)}条，没有算作正文；上报前请在“审阅”中删去。"
        yield from _listed(comments)
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
