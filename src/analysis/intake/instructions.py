"""The first sheet of a blank return: whose it is, until when, who fills it in, what the colours mean, how to fill it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from analysis.intake.form import (
    BARE,
    HEADING,
    LINE_HEIGHT,
    OPEN,
    OPEN_CELL,
    ROW_PADDING,
    SAID,
    SHUT,
    SHUT_CELL,
    cell_at,
    dress,
    label,
    lines_of,
    set_page,
    write_text,
)
from analysis.intake.layout import INSTRUCTIONS, SUBMITTER
from analysis.intake.validations import anything, date_of
from analysis.scheme import Facts

WIDTHS = (14, 50, 14, 50)
LAST = len(WIDTHS)
COLOURS = ((OPEN, "浅黄色", "请填写；用不上的空着"), (SHUT, "灰色", "已经填好或不用填，不能改动"))
_LINK = Font(name="宋体", size=11, color="1565C0", underline="single")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of the form as the first sheet lists it: its title, what is asked there, how to fill it in."""

    title: str
    asked: str
    how: Sequence[str]


ALWAYS_FIRST = ("只填浅黄色的格；灰色的格不能改动，列宽和行高可以调整。",)
ALWAYS_LAST = ("填好后直接交回，文件可以改名；不要删除或改动工作表和表头。",)


def instructions(
    worksheet: Worksheet, facts: Facts, department: str, title: str, sheets: Sequence[Listed], body: str = "乡镇"
) -> dict[str, Cell]:
    """Write the first sheet.

    Args:
        worksheet: the empty sheet.
        facts: town, period and deadline.
        department: whose form it is.
        title: the form's.
        sheets: the sheets that follow.
        body: what kind of body reports.

    Returns:
        By field of `layout.SUBMITTER`, the cell to be filled in.
    """
    worksheet.title = INSTRUCTIONS
    for letter, width in zip("ABCD", WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    page = _Page(worksheet)
    page.across(title, heading=True)
    if facts.town.example:
        page.told("示例", f"本表是示例：{body}、人名、电话和数字全部虚构，不代表任何真实单位")
    page.across("一、填报信息")
    cells = _who(page, facts, department)
    page.across("二、颜色说明")
    for fill, colour, meaning in COLOURS:
        page.told(colour, meaning, swatch=fill)
    page.across("三、要填的工作表")
    for listed in sheets:
        page.told(listed.title, listed.asked, link=listed.title)
    page.across("四、填写方法")
    how = [*ALWAYS_FIRST, *(text for listed in sheets for text in listed.how), *ALWAYS_LAST]
    for number, text in enumerate(how, 1):
        page.told(str(number), text)
    set_page(worksheet)
    worksheet.page_setup.fitToHeight = 1
    return cells


def _who(page: "_Page", facts: Facts, department: str) -> dict[str, Cell]:
    """The grid of labels and what is filled in beside them, two to a row."""
    deadline = facts.period_facts.deadline
    known: Mapping[str, str] = {"department": department, "period": facts.period.label}
    pairs = [(text, known.get(name, ""), name) for name, text in SUBMITTER]
    told = []
    if deadline is not None:
        told.append(("报送期限", f"{deadline.year}年{deadline.month}月{deadline.day}日前", ""))
    if facts.town.phone:
        told.append(("咨询电话", facts.town.phone, ""))
    pairs[len(known) : len(known)] = told  # what the office says comes before what the department fills in
    if len(told) % 2:
        pairs.insert(len(known) + len(told), ("", "", ""))
    cells: dict[str, Cell] = {}
    for place, (text, value, name) in enumerate(pairs):
        if place % 2 == 0:
            page.next_row()
        cell = page.pair(1 + place % 2 * 2, text, value, open_=bool(name) and name not in known)
        if name:
            cells[name] = cell
    year = facts.period.year + 1 if facts.period.whole_year else facts.period.year
    for name, make in (("filled_on", date_of(year)), ("phone", anything("联系电话", "审核中有疑问时打这个电话。"))):
        page.worksheet.add_data_validation(make)
        make.add(cells[name])
    for name in ("filled_by", "checked_by", "phone"):
        cells[name].number_format = "@"
    cells["filled_on"].number_format = "yyyy-mm-dd"
    return cells


@dataclass
class _Page:
    """The sheet as it grows, row by row."""

    worksheet: Worksheet
    row: int = 0

    def next_row(self, height: float = 22) -> None:
        self.row += 1
        self.worksheet.row_dimensions[self.row].height = height

    def across(self, text: str, *, heading: bool = False) -> None:
        """Print the title or a section's heading over the whole width."""
        self.next_row(36 if heading else 24)
        cell = cell_at(self.worksheet, self.row, 1)
        label(cell, text, title=heading)
        self.worksheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=LAST)

    def pair(self, column: int, text: str, value: str, *, open_: bool) -> Cell:
        """Print a label with what is known, or is to be filled in, beside it."""
        self._label(column, text)
        cell = cell_at(self.worksheet, self.row, column + 1)
        write_text(cell, value)
        dress(cell, SAID if not text else OPEN_CELL if open_ else SHUT_CELL)
        return cell

    def told(self, text: str, told: str, *, swatch: PatternFill | None = None, link: str = "") -> None:
        """Print a row of a list: what it is about, in its colour or as a link to its sheet, and what is said of it."""
        lines = lines_of(told, sum(WIDTHS[1:]))
        self.next_row(max(lines * LINE_HEIGHT + ROW_PADDING, 21))
        first = self._label(1, text)
        if swatch is not None:
            first.fill = swatch
        if link:
            first.hyperlink = Hyperlink(ref=first.coordinate, location=f"'{link}'!A1", display=link)
            first.font = _LINK
        cell = cell_at(self.worksheet, self.row, 2)
        write_text(cell, told)
        dress(cell, SAID)
        self.worksheet.merge_cells(start_row=self.row, start_column=2, end_row=self.row, end_column=LAST)

    def _label(self, column: int, text: str) -> Cell:
        cell = cell_at(self.worksheet, self.row, column)
        write_text(cell, text)
        dress(cell, HEADING if text else BARE)
        return cell
