"""What a correction mended: findings that are settled, that stay, that are new; cells that changed from what to what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from analysis.figures.receipts.model import Changed
from analysis.intake.answers import REASON
from analysis.intake.fields import heading_of
from analysis.intake.frames import Finding, Value
from analysis.intake.layout import RECEIPT_SHEET
from analysis.intake.receipt_mark import Told
from analysis.intake.writing import plain
from analysis.scheme import Scheme
from analysis.scheme.report import PROBLEM


def compared(told: Sequence[Told], now: Sequence[Finding]) -> tuple[list[Told], int, list[Finding]]:
    """Hold the findings of an earlier receipt against those of the correction.

    A finding is the same where check, indicator, item and column are, wherever the row has moved; of several such, those
    at the same cell first. One that is of a whole sheet or file has none of them but its sheet.

    Returns:
        What is settled, how many stay, what is new.
    """
    open_now: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in now:
        open_now[_key(finding)].append(finding)
    settled = list(told)
    for at_its_cell in (True, False):
        left: list[Told] = []
        for each in settled:
            same = open_now[_key(each)]
            here = next((finding for finding in same if not at_its_cell or finding.cell == each.cell), None)
            if here is not None:
                same.remove(here)
            else:
                left.append(each)
        settled = left
    fresh = {id(finding) for findings in open_now.values() for finding in findings}
    return settled, len(told) - len(settled), [finding for finding in now if id(finding) in fresh]


def _key(finding: Finding | Told) -> tuple[str, ...]:
    about = (finding.code or "", finding.item, finding.heading)
    # What is told on one line in the mark is told as it stands in a finding.
    return (finding.check, *(" ".join(text.split()) for text in about), "" if any(about) else finding.sheet)


def changed_cells(scheme: Scheme, before: Sequence[Value], after: Sequence[Value]) -> list[Changed]:
    """Say which cells a correction changed, in the order of the corrected return; rows that are gone come last.

    Cells are matched by indicator, item and column, not by address: rows may have moved. Paragraphs are matched by their
    words.
    """
    old, new = _cells(before), _cells(after)
    words = [_paragraphs(values) for values in (before, after)]

    def told(value: Value, of: Mapping[int, str]) -> str:
        return of.get(value.line, "") if value.table == "text" else about(scheme, value)

    changed = [
        Changed(value.sheet, value.cell, told(value, words[1]), _typed(old.get(key)), _typed(value))
        for key, value in new.items()
        if _differs(old.get(key), value)
    ]
    gone = [
        Changed(value.sheet, value.cell, told(value, words[0]), _typed(value), "", gone=True)
        for key, value in old.items()
        if key not in new and _differs(value, None)
    ]
    return changed + gone


def _paragraphs(values: Iterable[Value]) -> Mapping[int, str]:
    """What each paragraph is, by its line: `E04-2的下一步措施`, `工作情况`; `内容` where the department said nothing of it.

    A reason that stands on the receipt's sheet was read as a paragraph of 存在的问题.
    """
    rows: dict[int, dict[str, Value]] = {}
    for value in values:
        if value.table == "text":
            rows.setdefault(value.line, {})[value.field] = value
    told = {}
    for line, row in rows.items():
        category, answers = (row[name].text or "" if name in row else "" for name in ("category", "answers"))
        if category == PROBLEM and any(value.sheet == RECEIPT_SHEET for value in row.values()):
            category = REASON
        category = category or heading_of("text", "paragraph")
        told[line] = f"{' '.join(answers.split())}的{category}" if answers else category
    return told


def _cells(values: Sequence[Value]) -> Mapping[tuple[str, ...], Value]:
    cells: dict[tuple[str, ...], Value] = {}
    for key, value in _keyed(values):
        cells.setdefault(key, value)
    return cells


def _keyed(values: Sequence[Value]) -> Iterator[tuple[tuple[str, ...], Value]]:
    words = {(v.table, v.line): plain(v.typed) for v in values if v.table == "text" and v.field == "paragraph"}
    for value in values:
        item = words.get((value.table, value.line), "") if value.table == "text" else plain(value.item)
        code = "" if value.table == "text" else value.code or ""
        if value.table != "text" or value.field == "paragraph":
            yield (value.table, code, item, value.field), value


def _differs(one: Value | None, other: Value | None) -> bool:
    """Whether two cells say different things; an empty one says the same as one that is not there."""
    left, right = (plain(value.typed) if value is not None else "" for value in (one, other))
    if one is not None and other is not None and one.number is not None and one.number == other.number:
        return False  # 1200 typed as a text and as a number
    return left != right


def _typed(value: Value | None) -> str:
    return value.typed.strip() if value is not None else ""


def about(scheme: Scheme, value: Value) -> str:
    """What a cell is about, for people: `新增就业岗位（E07）完成数`, `重点项目建设（E04）“冷链仓库”阶段`."""
    indicator = scheme.by_code.get(value.code or "")
    name = f"{indicator.name}（{indicator.code}）" if indicator else ""
    item = f"“{value.item}”" if value.table in ("part", "project") and value.item else ""
    return f"{name}{item}{heading_of(value.table, value.field)}"
