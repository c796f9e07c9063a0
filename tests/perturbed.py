"""A return as a grid of cells that knows, through every perturbation, which cell was which and which was touched."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

PAYLOADS = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "$x^2$ \\input{/etc/passwd}",
    '#import "@preview/x:1.0.0"',
    "../../../../x",
    "![x](javascript:alert(1))<img src=x onerror=alert(1)>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "\u202e倒\u200b写\x07",
    "_x0041_ & 'quoted\" `code` ***",
)
"""Texts that would be formula, markup, template, formula of TeX, code of typst or a path, if they were taken for it."""


@dataclass(eq=False)
class Spot:
    """A cell: what stands in it, and whether somebody changed it."""

    value: Any = None
    touched: bool = False


@dataclass
class Grid:
    """A workbook's sheets as rows of spots, with the ranges that were merged."""

    sheets: dict[str, list[list[Spot]]]
    hidden: set[str] = field(default_factory=set)
    merged: list[tuple[str, Spot, Spot]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, content: bytes) -> Grid:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        sheets = {
            sheet.title: [[Spot(cell.value) for cell in row] for row in sheet.iter_rows()]
            for sheet in workbook.worksheets
        }
        return cls(sheets, {sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"})

    def copy(self) -> Grid:
        sheets = {title: [[Spot(spot.value) for spot in row] for row in rows] for title, rows in self.sheets.items()}
        return Grid(sheets, set(self.hidden))

    def places(self) -> dict[tuple[str, str], Spot]:
        return {
            (title, f"{openpyxl.utils.get_column_letter(c)}{r}"): spot
            for title, rows in self.sheets.items()
            for r, row in enumerate(rows, 1)
            for c, spot in enumerate(row, 1)
        }

    def saved(self) -> bytes:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in self.sheets.items():
            sheet = workbook.create_sheet(title)
            at: dict[int, str] = {}
            for r, row in enumerate(rows, 1):
                for c, spot in enumerate(row, 1):
                    if spot.value is None:
                        continue
                    cell = sheet.cell(r, c)
                    value = spot.value
                    if isinstance(value, str) and not value.startswith("#"):
                        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                        if cell.value:
                            cell.data_type = "s"
                    else:
                        cell.value = value
                    at[id(spot)] = cell.coordinate
            for name, first, last in self.merged:
                if name == title and id(first) in at and id(last) in at:
                    sheet.merge_cells(f"{at[id(first)]}:{at[id(last)]}")
            if title in self.hidden:
                sheet.sheet_state = "hidden"
        if not workbook.worksheets:
            workbook.create_sheet("空")
        if all(sheet.sheet_state != "visible" for sheet in workbook.worksheets):
            workbook.worksheets[0].sheet_state = "visible"
        content = io.BytesIO()
        workbook.save(content)
        return content.getvalue()


def retypings(number: float) -> Iterator[Any]:
    """The ways in which people type a number that is not one, or not this one."""
    whole = f"{number:g}"
    yield from (whole, f" {whole} ", f"{whole}\n", f"'{whole}", f"{number:,}", f"{number:,}".replace(",", "，"))
    yield "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in whole)
    yield from (
        f"约{whole}",
        f"{whole}多",
        f"{whole}左右",
        f"近{whole}",
        f"{whole}以上",
        f"{whole}余",
        f"{whole}-{whole}",
    )
    yield from (
        f"{whole}万元",
        f"{whole}亿元",
        f"{whole}元",
        f"{whole}人",
        f"{whole}%",
        f"{whole}％",
        f"{whole}万",
        f"{whole}吨",
    )
    yield from (
        f"{whole}.5.3",
        f"{whole},5",
        f"{whole}e3",
        f"({whole})",
        f"-{whole}",
        f"+{whole}",
        f"{whole}?",
        f"O{whole}",
    )
    yield from ("三百", "十三", "—", "/", "无", "零", "", " ", "nan", "inf", "TRUE", "待填", "××", "#DIV/0!", "#REF!")
    yield from (True, -number, number * 10, number / 7, number + 0.123456, 1e300, 2**60, 0)


@st.composite
def perturbations(draw: st.DrawFn) -> Callable[[Grid], None]:
    """One way to spoil a return; what it does is noted in `grid.done`."""
    kind = draw(
        st.sampled_from(
            (
                *(
                    "retype",
                    "retype",
                    "retype",
                    "inject",
                    "garble",
                    "drop row",
                    "drop column",
                    "drop sheet",
                    "move row",
                ),
                *("move column", "blank row", "title row", "merge", "unit", "twice", "empty", "number", "rename sheet"),
            )
        )
    )
    at = st.floats(0, 1, exclude_max=True)
    where, which, how, other = draw(at), draw(at), draw(at), draw(at)
    text = draw(st.text(max_size=12)) if kind == "garble" else ""

    def pick(options: list[Any], share: float) -> Any:
        return options[int(share * len(options))]

    def apply(grid: Grid) -> None:
        titles = [title for title in grid.sheets if title not in grid.hidden and len(grid.sheets[title]) > 3]
        if not titles:
            return
        title = pick(titles, where)
        rows = grid.sheets[title]
        spots = [spot for row in rows for spot in row]
        numbers = [spot for spot in spots if isinstance(spot.value, int | float) and not isinstance(spot.value, bool)]
        row = pick(rows, which)
        width = max(len(each) for each in rows)
        grid.done.append(f"{kind} on {title}")
        match kind:
            case "retype" if numbers:
                spot = pick(numbers, which)
                spot.value, spot.touched = pick(list(retypings(spot.value)), how), True
            case "number" if numbers:
                spot = pick(numbers, which)
                spot.value, spot.touched = round(spot.value * (1 + how), 2), True
            case "inject" | "garble":
                spot = pick(spots, which)
                spot.value, spot.touched = (pick(list(PAYLOADS), how) if kind == "inject" else text), True
            case "empty":
                spot = pick(spots, which)
                spot.value, spot.touched = None, True
            case "drop row":
                rows.remove(row)
            case "drop column":
                column = int(which * width)
                for each in rows:
                    del each[column : column + 1]
            case "drop sheet":
                del grid.sheets[title]
            case "move row":
                rows.remove(row)
                rows.insert(int(how * (len(rows) + 1)), row)
            case "move column":
                column, to = int(which * width), int(how * width)
                for each in rows:
                    each.extend(Spot() for _ in range(width - len(each)))
                    each.insert(to, each.pop(column))
            case "blank row":
                rows.insert(int(which * len(rows)), [Spot() for _ in range(width)])
            case "title row":
                rows.insert(0, [Spot("青禾镇上报表", True)])
            case "merge":
                row_number, column = int(which * (len(rows) - 1)), int(how * width)
                upper, lower = rows[row_number], rows[row_number + 1]
                if column < min(len(upper), len(lower)):
                    lower[column].value, lower[column].touched = None, True
                    if upper[column].value is not None:
                        lower[column].value = ""
                        grid.merged.append((title, upper[column], lower[column]))
            case "unit":
                units = [spot for spot in spots if spot.value in ("万元", "户", "人", "件", "个", "次", "亩", "米")]
                if units:
                    spot = pick(units, which)
                    spot.value, spot.touched = (
                        pick(["元", "亿元", "万元", "千人", "？", "公里", "万人", "", "%"], how),
                        True,
                    )
            case "twice":
                rows.append([Spot(spot.value, True) for spot in row])
            case "rename sheet":
                grid.sheets = {
                    (
                        pick(["附件1", "指标", "Sheet1", "数据", "a<b>&", "'x'!A1"], other) if name == title else name
                    ): sheet
                    for name, sheet in grid.sheets.items()
                }

    return apply
