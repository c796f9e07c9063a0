"""A first look at all files of a period's folder: which is whose, known by content rather than by name."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from analysis.intake.headers import Survey
from analysis.intake.hidden_sheet import scheme_version
from analysis.intake.identity import (
    Claim,
    departments_by_content,
    hidden_claim,
    labels,
    read_department_name,
    town_in_titles,
    visible_claim,
)
from analysis.intake.periods import is_part_alone, read_period_name
from analysis.intake.places import left_by_a_program
from analysis.intake.receipt_mark import read_mark
from analysis.intake.refusal import Refusal
from analysis.intake.sighting import Looked, Sighting, settle_doubles
from analysis.intake.words import Words, words_of
from analysis.intake.workbook import read_workbook
from analysis.intake.writing import plain, shown_name
from analysis.scheme import Period, Scheme, Town

FACTS_FILES = ("period.toml", "waivers.csv")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xltx", ".xlsb")
BY_HIDDEN_SHEET, BY_TITLE, BY_CONTENT, BY_FILE_NAME = "隐藏标识页", "填报单位", "指标编码和名称", "文件名"
BY_RECEIPT = "审核回执"


def first_look(folder: Path, scheme: Scheme, town: Town, period: Period) -> list[Sighting]:
    """Say of every file of a period's folder whose return it is, in the order of their names."""
    return [sighting for sighting, _ in look_and_open(folder, scheme, town, period)]


def look_and_open(folder: Path, scheme: Scheme, town: Town, period: Period) -> list[Looked]:
    """Say whose the files are, and give the workbooks that were opened for it."""
    looker = _Looker(scheme, town, period, words_of(scheme))
    looked = []
    for path in sorted(_files(folder), key=lambda path: path.name):
        sighting, survey = looker.look(path)
        looked.append((replace(sighting, path=path), survey))
    return settle_doubles(looked)


def look_at(path: Path, scheme: Scheme, town: Town, period: Period) -> Looked:
    """Say whose one file is, wherever it lies and whatever lies beside it, and give the workbook that was opened for it."""
    sighting, survey = _Looker(scheme, town, period, words_of(scheme)).look(path)
    return replace(sighting, path=path), survey


def require_tables(survey: Survey) -> None:
    """See that a workbook holds a table of a return.

    Raises:
        Refusal: it holds none, or nothing.
    """
    if not survey.sheets:
        raise Refusal("工作簿里没有任何内容", "请填写上报表，保存后再报")
    if not survey.has_tables:
        raise Refusal(
            "没有一张认得出的表（指标、分项、项目、履职、文字材料）", "请把数据填入空白上报表，保留表头，保存后再报"
        )


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if not path.is_dir() and not _passed_over(path.name)]


def _passed_over(name: str) -> bool:
    return left_by_a_program(name) or name in FACTS_FILES


@dataclass(frozen=True)
class _Looker:
    scheme: Scheme
    town: Town
    period: Period
    words: Words

    def look(self, path: Path) -> Looked:
        try:
            if path.is_symlink() and not _leads_within(path):
                raise Refusal("文件是一个链接，指向文件夹以外", "请把文件本身放进来")  # an archive may hold such links
            workbook = read_workbook(path)
        except Refusal as refusal:
            return self._unopened(shown_name(path), refusal), None
        survey = Survey(workbook, self.words)
        try:
            return self._opened(survey), survey
        except Refusal as refusal:
            return self._refused(shown_name(path), refusal), None

    def _unopened(self, name: str, refusal: Refusal) -> Sighting:
        """A file that is meant to be a workbook is refused; anything else was put there for another reason."""
        if not name.lower().endswith(WORKBOOK_ENDINGS):
            return Sighting(name, None, "unknown", "不是 Excel 上报表，未读取", "如果不需要，请移出本文件夹")
        return self._refused(name, refusal)

    def _refused(self, name: str, refusal: Refusal, department: str | None = None, known_by: str = "") -> Sighting:
        if department is None:
            department = self._named_by_file(name)
            known_by = BY_FILE_NAME if department else ""
        return Sighting(name, department, "refused", refusal.reason, refusal.remedy, known_by)

    def _opened(self, survey: Survey) -> Sighting:
        require_tables(survey)
        mark = read_mark(survey.workbook)
        hidden, visible = hidden_claim(survey.workbook), visible_claim(survey, labels(survey))
        known_by = BY_HIDDEN_SHEET
        if hidden.department is None and mark is not None:  # a return that never saw the blank form, as we gave it back
            hidden, known_by = Claim(mark.department, mark.period, mark.town), BY_RECEIPT
        sighting = self._whose(survey, hidden.department, visible.department, known_by)
        if sighting.status != "return":
            return sighting
        town = hidden.town or town_in_titles(survey, self.scheme, self.town)
        refused = self._other_town(town, visible.department) or self._other_period(hidden.period, visible.period)
        if refused is not None:
            return self._refused(survey.file, refused, sighting.department, sighting.known_by)
        return replace(sighting, notes=(*sighting.notes, *self._taken_for_granted(hidden, visible)), mark=mark)

    def _taken_for_granted(self, hidden: Claim, visible: Claim) -> Iterator[str]:
        if hidden.edited:
            yield "隐藏标识页被改动过，没有采用，按表中内容认出"
        if hidden.scheme is not None and hidden.scheme != self.version:
            yield "空白上报表是按另一版考核方案生成的，请核对指标是否齐全"
        if hidden.period is None and read_period_name(visible.period or "") is None:
            stated = f"表中写的报告期是“{visible.period[:30]}”" if visible.period else "表中没有写报告期"
            yield f"{stated}，按{self.period.label}读取"

    @cached_property
    def version(self) -> str:
        return scheme_version(self.scheme)

    def _whose(self, survey: Survey, hidden: str | None, visible: str | None, hidden_by: str) -> Sighting:
        file = survey.file
        known = {}
        for place, name in ((hidden_by, hidden), (BY_TITLE, visible)):
            if name is not None:
                department, _ = read_department_name(name, self.scheme, self.town)
                if department is not None:
                    known[place] = department.name
                elif place == hidden_by:
                    return self._unknown_department(file, name)
        if len(set(known.values())) > 1:
            refusal = Refusal(
                f"{hidden_by}说这是{known[hidden_by]}的表，填报单位写的却是{known[BY_TITLE]}",
                f"请{known[BY_TITLE]}用本部门的空白上报表填写后再报",
            )
            return self._refused(file, refusal, known[BY_TITLE], BY_TITLE)
        for place, name in known.items():
            return Sighting(file, name, "return", known_by=place)
        return self._by_content(survey, visible)

    def _by_content(self, survey: Survey, stated: str | None) -> Sighting:
        votes = departments_by_content(survey, self.scheme)
        stated_so = f"填报单位“{stated[:30]}”不在部门名单中" if stated else "没有写填报单位"
        if not votes and stated:
            return self._unknown_department(survey.file, stated)
        leaders = [name for name, count in votes.items() if count == max(votes.values())]
        if len(leaders) == 1 and votes[leaders[0]] * 2 > votes.total():
            return Sighting(survey.file, leaders[0], "return", known_by=BY_CONTENT, notes=(f"{stated_so}，按指标认出",))
        by_name = self._named_by_file(survey.file)
        if by_name is not None and (by_name in leaders or not votes):
            return Sighting(
                survey.file, by_name, "return", known_by=BY_FILE_NAME, notes=(f"{stated_so}，按文件名认出",)
            )
        refusal = Refusal("看不出是哪个部门的表", "请在表头写明填报单位，或改用本部门的空白上报表")
        return Sighting(survey.file, None, "refused", refusal.reason, refusal.remedy)

    def _unknown_department(self, file: str, name: str) -> Sighting:
        listed = "、".join(department.name for department in self.scheme.departments)
        return Sighting(file, None, "refused", f"部门名单里没有“{name[:30]}”这个填报单位", f"请改为以下之一：{listed}")

    def _other_town(self, hidden: str | None, visible: str | None) -> Refusal | None:
        elsewhere = hidden is not None and plain(hidden) != plain(self.town.name)
        if visible is not None:
            elsewhere |= read_department_name(visible, self.scheme, self.town)[1]
        if not elsewhere:
            return None
        return Refusal(
            f"这是别的{self.scheme.report.body}的表（{hidden or visible}），不是{self.town.name}的",
            f"请报{self.town.name}的上报表",
        )

    def _other_period(self, hidden: str | None, visible: str | None) -> Refusal | None:
        for place, text in (("隐藏标识页", hidden), ("表中", visible)):
            if text is None:
                continue
            stated = read_period_name(text)
            if stated is None and text == visible and not is_part_alone(text):
                continue  # 全年, 年终: says nothing against the folder's period
            if stated != self.period:
                label = stated.label if stated else text[:30]
                return Refusal(
                    f"{place}写的报告期是“{label}”，本次收的是{self.period.label}",
                    f"请用{self.period.label}的空白上报表填写后再报；若只是写错，请改正报告期",
                )
        return None

    def _named_by_file(self, file: str) -> str | None:
        written = plain(file)
        named = {
            department.name
            for department in self.scheme.departments
            if any(plain(name) in written for name in (department.name, *department.aliases))
        }
        return named.pop() if len(named) == 1 else None


def _leads_within(link: Path) -> bool:
    try:
        return link.parent.resolve() in link.resolve().parents
    except (OSError, RuntimeError):  # it leads to itself
        return False
