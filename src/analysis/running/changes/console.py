"""What changed, as lines for the console and as plain data."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from analysis.running.changes.marking import elided
from analysis.running.changes.model import FIGURE_KINDS, SENTENCE_KINDS, SHOWN, Changes, FigureChange, SentenceChange
from analysis.running.read_back.lines import LONGEST, clipped, shown
from analysis.telling.render import where

POINTS_SHOWN, FILES_SHOWN = 40, 12
SAME_SHOWN = 30
"""Characters of the unchanged words around a change that are shown on either side."""
MISSING = "（无）"


def titled(change: FigureChange) -> str:
    """A figure in words: `E01 全社会固定资产投资：完成数`, `R01 镇村两级河长巡河：其中镇级`."""
    if change.role == "part":
        return f"{change.code} {change.name}：其中{change.item}"
    name = " ".join(filter(None, (change.code, change.name, change.item)))
    return f"{name}：{change.label}" if name else change.label


def counted(before: str, after: str) -> list[str]:
    """Which codes a count counts now and didn't, and the other way round: its formula lists them after a colon."""
    was, now = ([code for code in formula.partition("：")[2].split("、") if code] for formula in (before, after))
    told = [
        ("新计入", [code for code in now if code not in was]),
        ("不再计入", [code for code in was if code not in now]),
    ]
    return [f"{what}：{'、'.join(codes)}" for what, codes in told if codes]


def headline(changes: Changes) -> str:
    """What changed, in a sentence: `与上一次运行相比，数字改动12个、新增3个，句子改动8句。`"""
    if changes.nothing:
        return f"与{changes.against}相比，报告的数字和句子没有变化。"
    counts = changes.counts()
    figures = [f"{FIGURE_KINDS[kind]}{counts[kind]}个" for kind in SHOWN if counts[kind]]
    told = [f"数字{'、'.join(figures)}"] if figures else ["数字没有变化"]
    prose = [s for s in changes.sentences if not s.row]
    kinds = [
        f"{name}{count}句" for kind, name in SENTENCE_KINDS.items() if (count := sum(s.kind == kind for s in prose))
    ]
    told += [f"句子{'、'.join(kinds)}"] if kinds else ["句子没有变化"]
    rows = len(changes.sentences) - len(prose)
    told += [f"表格改动{rows}行"] if rows else []
    return f"与{changes.against}相比，{'；'.join(told)}。"


def beside(changes: Changes) -> list[str]:
    """What is counted, not listed."""
    counts = changes.counts()
    told = []
    if counts["same"]:
        told.append(f"另有{counts['same']}个数字重新计算过，印出来不变。")
    if changes.renumbered:
        told.append(f"另有{changes.renumbered}句只是序号或位置变了，不逐一列出。")
    for each in changes.renamed:
        moved = "改了单元格" if each.before == each.after else f"出处由《{each.before}》改为《{each.after}》"
        whose = f"{each.department}：" if each.department else ""
        within = f"（{each.after}）" if each.before == each.after else ""
        told.append(f"{whose}{each.figures}个数字没有变，只是{moved}{within}。")
    return told


def told(changes: Changes) -> list[str]:
    """What changed as lines of text."""
    lines = [f"《{changes.title}》：{headline(changes)}"]
    if changes.points:
        lines += ["", "先看这些"]
        lines += [f"  {shown(f'{p.what}：{p.text}')}" for p in changes.points[:POINTS_SHOWN]]
        lines += _left_out(len(changes.points), POINTS_SHOWN)
    if changes.files and not changes.nothing:
        lines += ["", "改过的文件"]
        lines += [f"  {shown(f'{p.what}：{p.text}')}" for p in changes.files[:FILES_SHOWN]]
        lines += _left_out(len(changes.files), FILES_SHOWN)
    if changes.shown:
        lines += ["", "数字", *_figures(changes)]
    if changes.sentences:
        lines += ["", "句子和表格", *_sentences(changes)]
    others = beside(changes)
    return lines + ([""] if others else []) + [shown(line) for line in others]


def _left_out(count: int, most: int) -> list[str]:
    return [f"  …… 共{count}条"] if count > most else []


def _figures(changes: Changes) -> Iterator[str]:
    for headings, group in groupby(changes.shown_causes, key=lambda cause: cause.root.spot.headings):
        yield f"  {shown(' › '.join(headings) or '全文')}"
        for cause in group:
            whose = f"；{cause.root.department}" if cause.root.department and cause.root.name else ""
            yield f"    {shown(figure_line(cause.root) + whose)}"
            for dependent in cause.dependents:
                yield f"      ↳ {shown(figure_line(dependent))}"


def figure_line(change: FigureChange) -> str:
    """A figure in a line: `E01 全社会固定资产投资：完成数 28460万元 → 28461万元；经济发展办公室.xlsx 指标 F4`."""
    was = change.before.text if change.before else MISSING
    now = change.after.text if change.after else MISSING
    printed = change.after or change.before
    told = [f"{titled(change)} {was} → {now}"]
    if change.role.startswith(("count.", "submission.")):
        told += counted(*(p.formula if p else "" for p in (change.before, change.after)))
    elif printed and printed.formula:
        told.append(f"算式 {clipped(printed.formula)}")
    elif printed and len(printed.sources) == 1:
        told.append(where(printed.sources[0]))
    return "；".join(told)


def _sentences(changes: Changes) -> Iterator[str]:
    for headings, group in groupby(changes.sentences, key=lambda s: s.spot.headings):
        yield f"  {shown(' › '.join(headings) or '全文')}"
        for sentence in group:
            if sentence.cells:
                cells = "，".join(f"{c.head} {c.before or MISSING} → {c.after or MISSING}" for c in sentence.cells)
                yield f"    {shown(clipped(f'{sentence.place} {sentence.row}：{cells}'))}"
                continue
            where_ = f"（{sentence.place}）" if sentence.place not in ("正文", "标题") else ""
            yield f"    {SENTENCE_KINDS[sentence.kind]}{where_}"
            for name, pieces in (("原句", sentence.before), ("现句", sentence.after)):
                text = "".join(
                    f"【{piece.text}】" if piece.differs and sentence.kind == "changed" else piece.text
                    for piece in elided(pieces, SAME_SHOWN, LONGEST)
                )
                if text:
                    yield f"      {name}：{shown(text)}"
            for source in sentence.quoted:
                yield f"      部门原话，见 {shown(source)}"


def as_json(changes: Changes) -> dict[str, Any]:
    """What changed as plain data: everything, and how many of each kind."""
    counts = changes.counts()
    return {
        "changed": not changes.nothing,
        "title": changes.title,
        "against": changes.against,
        "counts": {
            "figures": {kind: counts[kind] for kind in FIGURE_KINDS},
            "sentences": {kind: sum(s.kind == kind for s in changes.sentences) for kind in SENTENCE_KINDS},
            "renumbered": changes.renumbered,
        },
        "points": [asdict(point) for point in changes.points],
        "files": [asdict(point) for point in changes.files],
        "figures": [
            {**_figure(cause.root), "dependents": [_figure(figure) for figure in cause.dependents]}
            for cause in changes.causes
        ],
        "sentences": [_sentence(sentence) for sentence in changes.sentences],
        "renamed": [asdict(each) for each in changes.renamed],
    }


def _figure(change: FigureChange) -> dict[str, Any]:
    return {"id": change.id, **asdict(change)}


def _sentence(sentence: SentenceChange) -> dict[str, Any]:
    texts = {name: "".join(piece.text for piece in getattr(sentence, name)) for name in ("before", "after")}
    return {**asdict(sentence), **texts}
