"""Edits of numbers, a kind each; every one says what must be found."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .word_edits import (
    BY,
    W_NS,
    Document,
    Spot,
    W,
    deleted,
    field,
    inserted,
    paragraph,
    put,
    replace,
    run,
    runs_of,
    text_box,
    text_of,
    xml,
)

CHINESE = "零一二三四五六七八九"


@dataclass(frozen=True)
class Expected:
    kind: str
    before: str
    after: str
    sentence_before: str
    sentence_after: str


Edit = Callable[[Document, Spot], list[Expected]]


def changed(spot: Spot, new: str, after: str | None = None) -> list[Expected]:
    """The number is `new` now, and its sentence has it in its place."""
    return [Expected("changed", spot.text, new, spot.sentence, spot.after(new) if after is None else after)]


def other(number: str) -> str:
    """A number with its last digit moved on by one."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def digit(document: Document, spot: Spot) -> list[Expected]:
    replace(spot, spot.number, other(spot.number))
    return changed(spot, other(spot.number) + spot.unit)


def first_digit(document: Document, spot: Spot) -> list[Expected]:
    new = str(int(spot.number[0]) % 9 + 1) + spot.number[1:]
    replace(spot, spot.number, new)
    return changed(spot, new + spot.unit)


def decimals(document: Document, spot: Spot) -> list[Expected]:
    new = spot.number + ("5" if "." in spot.number else ".5")
    replace(spot, spot.number, new)
    return changed(spot, new + spot.unit)


def unit(document: Document, spot: Spot) -> list[Expected]:
    new = {"万元": "亿元", "%": "个百分点", "个百分点": "%", "月": "日"}.get(spot.unit, "组")
    replace(spot, spot.unit, new)
    return changed(spot, spot.number + new)


def magnitude(document: Document, spot: Spot) -> list[Expected]:
    new = "万" + spot.unit.removeprefix("万") if spot.unit != "万元" else "元"
    replace(spot, spot.unit, new)
    return changed(spot, spot.number + new)


def per_cent(document: Document, spot: Spot) -> list[Expected]:
    new = "‰" if spot.unit == "%" else "%"
    replace(spot, spot.unit, new)
    return changed(spot, spot.number + new)


def full_width(document: Document, spot: Spot) -> list[Expected]:
    typed = "".join(chr(ord(c) + 0xFEE0) for c in other(spot.number))
    replace(spot, spot.number, typed)
    return changed(spot, other(spot.number) + spot.unit)


def chinese(document: Document, spot: Spot) -> list[Expected]:
    new = ("八" if spot.number[0] != "8" else "九") + "百" + spot.unit
    put(spot, spot.text, [run(new)])
    return changed(spot, new)


def chinese_percent(document: Document, spot: Spot) -> list[Expected]:
    put(spot, spot.text, [run("百分之七点七")])
    return changed(spot, "百分之七点七")


def tracked_insertion(document: Document, spot: Spot) -> list[Expected]:
    runs = runs_of(spot.paragraph, spot.start, spot.start + 1)
    runs[0].addnext(inserted(run("7")))
    return changed(spot, spot.number[0] + "7" + spot.number[1:] + spot.unit)


def tracked_deletion(document: Document, spot: Spot) -> list[Expected]:
    (gone,) = runs_of(spot.paragraph, spot.start, spot.start + 1)
    gone.getparent().replace(gone, deleted(gone))
    if len(spot.number) == 1:
        return [Expected("lost", spot.text, "", spot.sentence, spot.after(spot.unit))]
    return changed(spot, spot.text[1:])


def tracked_replacement(document: Document, spot: Spot) -> list[Expected]:
    (old,) = runs_of(spot.paragraph, spot.start, spot.start + len(spot.number))
    old.addnext(inserted(run("4321")))
    old.getparent().replace(old, deleted(old))
    return changed(spot, "4321" + spot.unit)


def inserted_then_deleted(document: Document, spot: Spot) -> list[Expected]:
    """Someone inserted it, another deleted a part of that."""
    around = inserted(deleted(run("99")))
    around.append(run("98"))
    put(spot, spot.number, [around])
    return changed(spot, "98" + spot.unit)


def split_runs(document: Document, spot: Spot) -> list[Expected]:
    new = other(spot.number) + "5"
    pieces: list = []
    for character in new:
        pieces += [
            xml('<w:proofErr w:type="spellStart"/>'),
            run(character),
            xml('<w:bookmarkStart w:id="7" w:name="x"/>'),
        ]
    put(spot, spot.number, pieces)
    return changed(spot, new + spot.unit)


def soft_hyphen(document: Document, spot: Spot) -> list[Expected]:
    new = f"6{spot.number}"
    put(spot, spot.number, [xml(f"<w:r><w:t>6</w:t><w:softHyphen/><w:t>\u200b{spot.number}\u00ad</w:t></w:r>")])
    return changed(spot, new + spot.unit)


def control(document: Document, spot: Spot) -> list[Expected]:
    new = other(spot.number)
    put(spot, spot.number, [xml(f'<w:sdt><w:sdtPr><w:alias w:val="12"/></w:sdtPr><w:sdtContent><w:r><w:t>{new}</w:t></w:r>'
                                "</w:sdtContent></w:sdt>")])  # fmt: skip
    return changed(spot, new + spot.unit)


def link(document: Document, spot: Spot) -> list[Expected]:
    new = other(spot.number)
    put(spot, spot.number, [xml(f'<w:hyperlink w:anchor="c"><w:smartTag w:element="x"><w:smartTagPr/><w:r><w:t>{new}</w:t>'
                                "</w:r></w:smartTag></w:hyperlink>")])  # fmt: skip
    return changed(spot, new + spot.unit)


def simple_field(document: Document, spot: Spot) -> list[Expected]:
    new = other(spot.number)
    put(spot, spot.number, [xml(f'<w:fldSimple w:instr=" QUOTE 77 "><w:r><w:t>{new}</w:t></w:r></w:fldSimple>')])
    return changed(spot, new + spot.unit)


def field_result(document: Document, spot: Spot) -> list[Expected]:
    put(spot, spot.number, field(" REF 1234 ", other(spot.number)))
    return changed(spot, other(spot.number) + spot.unit)


def symbol(document: Document, spot: Spot) -> list[Expected]:
    last = int(other(spot.number)[-1])
    new = xml(f'<w:r><w:t>{spot.number[:-1]}</w:t><w:sym w:font="Symbol" w:char="F03{last}"/></w:r>')
    put(spot, spot.number, [new])
    return changed(spot, other(spot.number) + spot.unit)


def hidden(document: Document, spot: Spot) -> list[Expected]:
    put(spot, spot.number, [run("3"), run("5", "<w:rPr><w:vanish/></w:rPr>")])
    return changed(spot, "3" + spot.unit) if spot.number != "3" else []


def blotted_out(document: Document, spot: Spot) -> list[Expected]:
    """The number goes, its unit stays."""
    replace(spot, spot.text, "若干")
    return [Expected("lost", spot.text, "", spot.sentence, spot.after("若干"))]


def added(document: Document, spot: Spot) -> list[Expected]:
    replace(spot, spot.unit, spot.unit + "，另有17处")
    return [Expected("added", "", "17处", spot.sentence, spot.after(spot.text + "，另有17处"))]


def added_chinese(document: Document, spot: Spot) -> list[Expected]:
    replace(spot, spot.unit, spot.unit + "（涉及三个村）")
    return [Expected("added", "", "三个", spot.sentence, spot.after(spot.text + "（涉及三个村）"))]


def sentence_deleted(document: Document, spot: Spot) -> list[Expected]:
    start = text_of(spot.paragraph).index(spot.sentence)
    for gone in runs_of(spot.paragraph, start, start + len(spot.sentence)):
        gone.getparent().remove(gone)
    return [Expected("lost", "*", "", spot.sentence, "")]


def sentence_deleted_tracked(document: Document, spot: Spot) -> list[Expected]:
    start = text_of(spot.paragraph).index(spot.sentence)
    for gone in runs_of(spot.paragraph, start, start + len(spot.sentence)):
        gone.getparent().replace(gone, deleted(gone))
    return [Expected("lost", "*", "", spot.sentence, "")]


def sentence_added(document: Document, spot: Spot) -> list[Expected]:
    start = text_of(spot.paragraph).index(spot.sentence) + len(spot.sentence)
    said = f"镇政府另行统筹安排机动经费{len(spot.sentence)}.5万元用于应急。"
    runs_of(spot.paragraph, start - 1, start)[-1].addnext(run(said))
    return [Expected("added", "", f"{len(spot.sentence)}.5万元", "", said)]


def paragraph_added(document: Document, spot: Spot) -> list[Expected]:
    said = f"据统计，本部分工作累计组织群众义务投工{len(spot.sentence)}人次。"
    added = paragraph(said)
    added.find(f"{W}pPr").append(xml(f"<w:rPr><w:ins {BY}/></w:rPr>"))
    for whole in list(added.iter(f"{W}r")):
        around = inserted(copy.deepcopy(whole))
        whole.getparent().replace(whole, around)
    spot.paragraph.addnext(added)
    return [Expected("added", "", f"{len(spot.sentence)}人次", "", said)]


def box(document: Document, spot: Spot) -> list[Expected]:
    said = f"专栏内补充：为民办实事{len(spot.sentence)}件。"
    spot.paragraph.append(text_box(f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>"))
    return [Expected("added", "", f"{len(spot.sentence)}件", "", said)]


def footnote(document: Document, spot: Spot) -> list[Expected]:
    notes = document.parts["word/footnotes.xml"].decode()
    number = 100 + len(notes) % 10_000
    said = f"此处口径含上年结转资金{number}万元。"
    note = (
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{said}</w:t></w:r></w:p></w:footnote>'
    )
    document.parts["word/footnotes.xml"] = notes.replace("</w:footnotes>", note + "</w:footnotes>").encode()
    assert note in document.parts["word/footnotes.xml"].decode()
    spot.paragraph.append(xml(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'))
    return [Expected("added", "", f"{number}万元", "", said)]


def moved_and_changed(document: Document, spot: Spot) -> list[Expected]:
    """The paragraph is cut and pasted to the end of the prose, tracked; a digit of it is other there."""
    pasted = copy.deepcopy(spot.paragraph)
    for whole in [r for r in spot.paragraph.iter(f"{W}r") if r.find(f"{W}t") is not None]:
        whole.getparent().replace(whole, deleted(whole, "moveFrom"))
    marks = spot.paragraph.find(f"{W}pPr")
    marks.append(xml(f"<w:rPr><w:moveFrom {BY}/></w:rPr>"))
    for whole in [r for r in pasted.iter(f"{W}r") if r.find(f"{W}t") is not None]:
        whole.getparent().replace(whole, inserted(copy.deepcopy(whole), "moveTo"))
    document.containing("特此报告").addprevious(pasted)
    replace(Spot(pasted, spot.sentence, spot.start, spot.number, spot.unit), spot.number, other(spot.number))
    return changed(spot, other(spot.number) + spot.unit)


def mark_deleted(document: Document, spot: Spot) -> list[Expected]:
    """The paragraph goes on in an added one, since its mark is deleted, tracked: one sentence across both."""
    rest = paragraph("其中，经复核调减6起。")
    text = text_of(spot.paragraph)
    end = text.index(spot.sentence) + len(spot.sentence)
    if end != len(text):
        return digit(document, spot)
    (stop,) = runs_of(spot.paragraph, end - 1, end)
    stop.getparent().remove(stop)
    spot.paragraph.find(f"{W}pPr").append(xml(f"<w:rPr><w:del {BY}/></w:rPr>"))
    spot.paragraph.addnext(rest)
    return [Expected("added", "", "6起", spot.sentence, spot.sentence[:-1] + "其中，经复核调减6起。")]


def swapped(document: Document, spot: Spot) -> list[Expected]:
    """Two numbers of one sentence change places."""
    numbers = [
        m
        for m in re.finditer(r"(?<![\d.A-Za-z—-])\d+(?:\.\d+)?(?=万元|%|户|人|次|米|座|件|条)", spot.sentence)
        if m[0] != spot.number
    ]
    begin = text_of(spot.paragraph).index(spot.sentence)
    here = spot.start - begin
    second = next((m for m in numbers if m.start() > here), None)
    if second is None:
        return digit(document, spot)
    unit_of_second = re.match(r"万元|%|户次|户|人次|人|次|米|座|件|条", spot.sentence[second.end() :])[0]
    later = Spot(spot.paragraph, spot.sentence, begin + second.start(), second[0], unit_of_second)
    replace(later, second[0], spot.number)
    replace(spot, spot.number, second[0])
    after = (
        spot.sentence[:here] + second[0] + spot.sentence[here + len(spot.number) : second.start()] + spot.number
        + spot.sentence[second.end() :]
    )  # fmt: skip
    return [
        Expected("changed", spot.text, second[0] + spot.unit, spot.sentence, after),
        Expected("changed", second[0] + unit_of_second, spot.number + unit_of_second, spot.sentence, after),
    ]


def turned(document: Document, spot: Spot) -> list[Expected]:
    """A rise becomes a fall of the same number."""
    match = re.search(r"(增长|下降)(\d+\.\d+%)", spot.sentence)
    if match is None:
        return digit(document, spot)
    new = {"增长": "下降", "下降": "增长"}[match[1]]
    start = text_of(spot.paragraph).index(spot.sentence) + match.start()
    first, *rest = runs_of(spot.paragraph, start, start + 2)
    first.find(f"{W}t").text = new
    for gone in rest:
        gone.getparent().remove(gone)
    after = spot.sentence[: match.start()] + new + spot.sentence[match.start() + 2 :]
    return [Expected("turned", match[2], match[2], spot.sentence, after)]


PROSE: tuple[Edit, ...] = (
    digit, first_digit, decimals, unit, magnitude, per_cent, full_width, chinese, chinese_percent, tracked_insertion,
    tracked_deletion, tracked_replacement, inserted_then_deleted, split_runs, soft_hyphen, control, link, simple_field,
    field_result, symbol, hidden, blotted_out, added, added_chinese, sentence_deleted, sentence_deleted_tracked, sentence_added,
    paragraph_added, box, footnote, mark_deleted, swapped, turned, swapped, moved_and_changed,
)  # fmt: skip


# ---- tables and headings ------------------------------------------------------------------------------------------


def cells_of(row: object) -> list[str]:
    return [text_of(cell) for cell in row.iterchildren(f"{W}tc")]


def _set(row: object, column: int, text: str) -> None:
    cell = list(row.iterchildren(f"{W}tc"))[column]
    texts = list(cell.iter(f"{W}t"))
    texts[0].text = text
    for gone in texts[1:]:
        gone.text = ""


def _row(kind: str, cells: list[str], column: int, new: str, after: str) -> list[Expected]:
    changed_cells = [*cells[:column], after, *cells[column + 1 :]]
    return [Expected(kind, cells[column], new, "｜".join(cells), "｜".join(changed_cells))]


def cell_digit(row: object, cells: list[str]) -> list[Expected]:
    _set(row, 4, other(cells[4]))
    return _row("changed", cells, 4, other(cells[4]), other(cells[4]))


def cell_emptied(row: object, cells: list[str]) -> list[Expected]:
    _set(row, 4, "—")
    return _row("lost", cells, 4, "", "—")


def cell_unit(row: object, cells: list[str]) -> list[Expected]:
    _set(row, 2, "亿元" if cells[2] != "亿元" else "万元")
    return _row("changed", cells, 2, "亿元", "亿元")


def cell_source(row: object, cells: list[str]) -> list[Expected]:
    _set(row, 9, re.sub(r"F(\d+)$", r"F9\1", cells[9]))
    old = re.search(r"F\d+$", cells[9])[0]
    new = "F9" + old[1:]
    return [Expected("changed", old, new, "｜".join(cells), "｜".join([*cells[:9], cells[9].replace(old, new)]))]


def cell_tracked(row: object, cells: list[str]) -> list[Expected]:
    cell = list(row.iterchildren(f"{W}tc"))[4]
    (whole, *_) = [r for r in cell.iter(f"{W}r") if text_of(r)]
    whole.addnext(inserted(run("777")))
    whole.getparent().replace(whole, deleted(whole))
    return _row("changed", cells, 4, "777", "777")


def row_deleted(row: object, cells: list[str]) -> list[Expected]:
    settings = row.find(f"{W}trPr")
    settings.append(xml(f"<w:del {BY}/>"))
    return [Expected("lost", "*", "", "｜".join(cells), "")]


ROWS = (cell_digit, cell_emptied, cell_unit, cell_source, cell_tracked, row_deleted)


def edit_rows(document: Document, count: int, offset: int) -> Iterator[Expected]:
    """Edit rows of the annex of indicators: those with a plain amount."""
    rows = [row for row in document.rows() if re.match(r"[A-Z]\d\d｜", "｜".join(cells_of(row)))]
    rows = [row for row in rows if len(cells_of(row)) == 10 and re.fullmatch(r"[\d,.]*\d", cells_of(row)[4])]
    for number, row in enumerate(rows[offset :: max(1, (len(rows) - offset) // count)][:count]):
        yield from ROWS[number % len(ROWS)](row, cells_of(row))


def edit_headings(document: Document) -> Iterator[Expected]:
    """A number typed into a heading."""
    for number, text in enumerate(("（四）河湖长制", "三、个性指标完成情况", "（二）推进乡村振兴")):
        heading = document.containing(text)
        heading.append(run(f"（{number + 2}类）"))
        said = f"{text}（{number + 2}类）"
        yield Expected("added", "", f"{number + 2}类", text, said)


def edit_footer(document: Document) -> Iterator[Expected]:
    """A number typed into a footer."""
    name = next(name for name in document.parts if name.startswith("word/footer"))
    part = document.parts[name].decode()
    added_text = "<w:p><w:r><w:t>本稿印发36份</w:t></w:r></w:p></w:ftr>"
    document.parts[name] = part.replace("</w:ftr>", added_text).encode()
    assert W_NS in part
    yield Expected("added", "", "36份", "", "本稿印发36份")


def edit_hundred_places(document: Document, rotation: int) -> list[Expected]:
    """Edit a hundred places, a sentence each; the rotation pairs kinds and sentences otherwise."""
    spots = [spot for spot in document.spots() if len(spot.sentence) > 12]
    by_paragraph: dict[object, list[Spot]] = {}
    for spot in spots:
        by_paragraph.setdefault(spot.paragraph, []).append(spot)
    expected: list[Expected] = []
    places = 0
    expected += [*edit_rows(document, 24, rotation % 5), *edit_headings(document), *edit_footer(document)]
    places += 24 + 3 + 1
    for number, found in enumerate(by_paragraph.values()):
        if places >= 100:
            break
        for turn, spot in enumerate(reversed(found)):  # from the end, so that places before stay
            if places >= 100:
                break
            kind = PROSE[(number * 3 + turn + rotation) % len(PROSE)]
            whole_paragraph = kind in (moved_and_changed, mark_deleted)
            if whole_paragraph and len(found) > 1:
                kind = digit
            if turn and kind in (box, footnote, paragraph_added):
                kind = first_digit
            expected += kind(document, spot)
            places += 1
    assert places == 100
    return expected
