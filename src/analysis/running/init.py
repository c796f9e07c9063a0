"""`township-report init`: a new township or a further period, so far that only its own facts are left to be filled in."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from analysis.intake.places import MARK
from analysis.intake.whole import beside
from analysis.running.places import Places
from analysis.running.templates import FOLDER, Template, make_templates
from analysis.scheme import Indicator, Period, Scheme, Town, read_scheme
from analysis.scheme.facts import PeriodFacts, TargetRow
from analysis.scheme.table import read_table
from analysis.scheme.toml_file import read_toml


@dataclass(frozen=True)
class Known:
    """What is known of a township already; what isn't is left for whoever fills in the files."""

    name: str = ""
    county: str = ""
    addressee: str = ""
    signature: str = ""
    phone: str = ""
    villages: tuple[str, ...] = ()

    @property
    def given(self) -> list[str]:
        """The names of what is known."""
        return [field.name for field in fields(self) if getattr(self, field.name)]

    def completed(self) -> "Known":
        """With the addressee and the signature that follow from the names."""
        whole = bool(self.name and self.county)
        return Known(
            self.name,
            self.county,
            self.addressee or (f"{self.county}人民政府" if self.county else ""),
            self.signature or (f"{self.county}{self.name}人民政府" if whole else ""),
            self.phone,
            self.villages,
        )


@dataclass(frozen=True)
class Begun:
    """What was made.

    Attributes:
        made: the files and folders that are new, in the order in which they were made.
        kept: those that were there and were left as they are.
        blanks: the blank returns; none where the township's name is not known yet.
        left: what is still to be filled in, a sentence each.
    """

    made: tuple[Path, ...]
    kept: tuple[Path, ...]
    blanks: tuple[Template, ...]
    left: tuple[str, ...]


def begin(
    places: Places, known: Known | None = None, report_date: date | None = None, deadline: date | None = None
) -> Begun:
    """Make the folders and files of a township's period, and its blank returns; nothing that is there is changed.

    Args:
        places: where everything lies.
        known: what goes into `town.toml`.
        report_date: the date of the report.
        deadline: until when departments return.

    Raises:
        ValueError: in Chinese, where the period has been begun already, or `town.toml` is there and facts for it are given.
        SchemeError: the scheme can't be used, or a file that is there.
    """
    known = known or Known()
    folder, period = places.raw / places.town, places.period
    facts = places.returns / "period.toml"
    if facts.exists():
        raise ValueError(
            f"{places.town} 的 {period} 已经建好，没有改动任何文件。要改什么，请直接改 {facts} 和 {folder / 'town.toml'}；"
            f"要空白上报表，用 township-report templates --town {places.town} --period {period}"
        )
    town = folder / "town.toml"
    if town.exists() and known.given:
        raise ValueError(
            f"{town} 已经有了，没有改动；{'、'.join(f'--{name}' for name in known.given)} 请直接写进这个文件"
        )
    has_scheme = (places.scheme / MARK.name).is_file()
    scheme = read_scheme(places.scheme if has_scheme else places.root / MARK.parent)
    made, kept = [], []
    if has_scheme:
        kept.append(places.scheme)
    else:
        _copy_scheme(places.root / MARK.parent, places.scheme)
        made.append(places.scheme)
    book = folder / "targets" / f"{period.year}.csv"
    new: dict[Path, Callable[[], bytes]] = {
        town: lambda: town_text(known.completed(), scheme).encode(),
        book: lambda: target_book(scheme, period.year),
        facts: lambda: period_text(period, report_date, deadline).encode(),  # last: what stopped halfway is begun again
    }
    for path, content in new.items():
        if path.exists():
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside(path) as unfinished:
            unfinished.write_bytes(content())
        made.append(path)
    blanks = _blanks(places)
    if blanks:
        made.append(places.report / FOLDER)
    return Begun(tuple(made), tuple(kept), tuple(blanks), tuple(left_open(places, scheme)))


def _copy_scheme(source: Path, target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f"{target} 里没有考核方案（{MARK.name}），但有别的文件，没有改动。请换一个文件夹，或先清空它")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".scheme-", dir=target.parent) as temporary:
        copied = Path(temporary) / "scheme"
        shutil.copytree(source, copied)
        if target.exists():
            target.rmdir()
        copied.rename(target)


def _blanks(places: Places) -> list[Template]:
    """The blank returns; none where the township's facts don't suffice yet, which `left_open` tells."""
    town, _ = read_toml(places.raw / places.town / "town.toml", Town, "town.toml")
    return [] if town is None else make_templates(places)


def left_open(places: Places, scheme: Scheme) -> Iterator[str]:
    """What is still to be filled in in the files of a township's period, a sentence each; nothing is raised."""
    folder, period = places.raw / places.town, places.period
    town, problems = read_toml(folder / "town.toml", Town, f"{places.town}/town.toml")
    yield from (str(problem) for problem in problems)
    if town is None:
        yield f"补好 {places.town}/town.toml 以后，用 township-report templates --town {places.town} --period {period} 做空白上报表。"
    else:
        if not town.villages and any(each.breakdown == scheme.report.places for each in scheme.indicators):
            yield f"{places.town}/town.toml“villages”：{scheme.report.places}的名单还空着，空白上报表里就没有各{scheme.report.places}的行。"
        if not town.phone:
            yield f"{places.town}/town.toml“phone”：办公室的电话还空着，填了才印在空白上报表和审核回执上。"
    yield from _targets_left(places, scheme)
    file, name = places.returns / "period.toml", f"{places.town}/{period}/period.toml"
    _, problems = read_toml(file, PeriodFacts, name)
    for problem in problems:
        undated = problem.column == "report_date"
        yield f"{name}“report_date”：报告日期还没有填，出报告之前补上。" if undated else str(problem)
    facts, _ = read_toml(file, PeriodFacts, name, {"report_date": date.min})
    if facts is not None and facts.deadline is None:
        yield f"{name}“deadline”：报送期限还空着，不填就不印在空白上报表上。"


def _targets_left(places: Places, scheme: Scheme) -> Iterator[str]:
    file = places.raw / places.town / "targets" / f"{places.period.year}.csv"
    if not file.is_file():
        return  # a township without a target book takes the targets of its returns
    rows, _ = read_table(file, TargetRow)
    filled = {row.code for _, row in rows if row.value is not None}
    codes = [each.code for each in assessed(scheme, places.period.year)]
    empty = [code for code in codes if code not in filled]
    if empty:
        yield (
            f"{places.town}/targets/{file.name}：{len(codes)}项目标中{len(empty)}项还没有填（{_shortened(empty)}）。填好以后再做一次"
            f"空白上报表（township-report templates --town {places.town} --period {places.period}），然后发给各部门。"
        )


def _shortened(codes: Sequence[str]) -> str:
    return f"{'、'.join(codes[:5])}等" if len(codes) > 5 else "、".join(codes)


def assessed(scheme: Scheme, year: int) -> list[Indicator]:
    """The indicators that have a target in a year."""
    return [each for each in scheme.indicators if each.has_target and each.valid_in(year)]


def target_book(scheme: Scheme, year: int) -> bytes:
    """A target book to be filled in: every assessed indicator with an empty target, its name in a comment above it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TargetRow.headings)
    about = [
        f"# {year}年目标任务书。按县上下达的目标，在“目标”一列填数；以 # 开头的行是说明，不读取，可以删去。",
        "# 县上没有下达目标的，把这一行删去；“依据”填下达目标的文件文号。",
        f"# 项目类指标有计划完成月份的，加一行：编码、项目名称、（目标空着）、计划月份（写作 {year}-09）、依据。",
        "# 在 Excel 中保存时选“CSV UTF-8（逗号分隔）”。",
    ]
    writer.writerows([line, "", "", "", ""] for line in about)
    for each in assessed(scheme, year):
        unit = "目标比率，%，填 95 不填 0.95" if each.kind == "ratio" else each.unit
        writer.writerow([f"# {each.code} {each.name}（{unit}），{each.owner}", "", "", "", ""])
        writer.writerow([each.code, "", "", "", ""])
    return text.getvalue().encode("utf-8-sig")


def town_text(known: Known, scheme: Scheme) -> str:
    """`town.toml` with what is known, and a line on each item that says what to fill in."""
    body, places = scheme.report.body, scheme.report.places
    villages = "".join(f"\n    {_quoted(village)}," for village in known.villages)
    phones = "\n".join(f'# {_quoted(department.name)} = ""' for department in scheme.departments)
    return f"""\
# {body}的基本情况。在等号右边的英文双引号里填写；以 # 开头的行是说明，不起作用。改完用 UTF-8 编码保存。

# {body}名称，写全称，如“青禾镇”
name = {_quoted(known.name)}

# 所属的县（市、区），如“云川县”
county = {_quoted(known.county)}

# 报告报给谁（主送），如“云川县人民政府”
addressee = {_quoted(known.addressee)}

# 报告落款，如“云川县青禾镇人民政府”
signature = {_quoted(known.signature)}

# {places}的名单，按报表中的顺序，写作 villages = ["青禾村", "柳坪村"]
villages = [{villages}{chr(10) if villages else ""}]

# 办公室的电话，印在空白上报表和审核回执上，部门有问题时打
phone = {_quoted(known.phone)}

# 各部门的电话，催报时用。填上号码，再去掉行首的 # 和空格
[phones]
{phones}
"""


def period_text(period: Period, report_date: date | None = None, deadline: date | None = None) -> str:
    """`period.toml` with what is known; the rest stands as a comment with an example, since no date is guessed."""
    after = period.month_after

    def line(name: str, value: str | None, example: str) -> str:
        return f"{name} = {value}" if value is not None else f"# {name} = {example}"

    return f"""\
# {period.label}这一期的基本情况。要填的行，去掉行首的 # 和空格，再把等号右边改对；日期不加引号。

# 报告日期（成文日期）。出报告必须有，做空白上报表时可以没有
{line("report_date", report_date.isoformat() if report_date else None, f"{after}-15")}

# 部门报送的期限，印在空白上报表上
{line("deadline", deadline.isoformat() if deadline else None, f"{after}-07")}

# 发文字号；没有就不填
# document_number = "青政发〔{after[:4]}〕3号"

# 签发人；没有就不填
# issuer = "周明远"
"""


def _quoted(text: str) -> str:
    """A TOML basic string; what JSON escapes, TOML reads."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def told(begun: Begun) -> Iterator[tuple[str, str]]:
    """What was made and what is left, line by line, each with `good`, `warning` or nothing for its colour."""
    for path in begun.made:
        yield "good", f"新建：{path}"
    for path in begun.kept:
        yield "", f"已有，没有改动：{path}"
    for template in begun.blanks:
        if template.note:
            yield "warning", template.note
    if begun.blanks:
        yield "", f"空白上报表{len(begun.blanks)}份。"
    yield "", ""
    if not begun.left:
        yield "good", "没有要补填的了。"
        return
    yield "warning", f"还要填的（{len(begun.left)}项）："
    for number, line in enumerate(begun.left, 1):
        yield "", f"  {number}. {line}"
