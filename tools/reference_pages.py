"""Write the reference pages that the code itself knows best: columns, the templates' helpers, the Python interface.

Run it after a change of a model, a helper or the public interface, and commit the result::

    python tools/reference_pages.py
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import analysis
from analysis.exploring.columns import COLUMNS
from analysis.exploring.data import SCHEMAS
from analysis.scheme import Check, Department, Indicator, Relation, Synonym, Theme
from analysis.scheme.facts import PeriodFacts, TargetRow, Town, Waiver
from analysis.scheme.models import KIND_NAMES, Measure, Row, Word
from analysis.scheme.report import ReportWords
from analysis.telling.county.helpers import CountyHelpers
from analysis.telling.helpers import HELPER_OF, Helpers
from analysis.telling.pictures import CHARTS
from analysis.telling.wording.count import CountWords
from analysis.telling.wording.ratio import RatioWords
from analysis.telling.wording.target import TargetWords

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
MADE = "这一页由 `python tools/reference_pages.py` 按程序写成，不要直接改。"
FILES: Mapping[str, tuple[type[BaseModel], str]] = {
    "scheme/indicators.csv": (Indicator, "indicatorscsv-指标"),
    "scheme/departments.csv": (Department, "departmentscsv-部门"),
    "scheme/relations.csv": (Relation, "relationscsv-数字之间的关系"),
    "scheme/checks.csv": (Check, "checkscsv-审核规则"),
    "scheme/synonyms.csv": (Synonym, "synonymscsv-同义词"),
    "scheme/themes.csv": (Theme, "themescsv-措施的主题"),
    "scheme/words.csv": (Word, "wordscsv-固定说法"),
    "scheme/measures.csv": (Measure, "measurescsv-量词"),
    "scheme/report.toml": (ReportWords, "reporttoml-名称和叫法"),
    "town.toml": (Town, "towntoml"),
    "period.toml": (PeriodFacts, "2021periodtoml"),
    "targets/2021.csv": (TargetRow, "targets2021csv-目标任务书"),
    "waivers.csv": (Waiver, "2021waiverscsv-豁免"),
}
"""The files that the office keeps, what a row or item of each is, and where `scheme.md` explains it."""
TYPES = {str: "文字", int: "整数", Decimal: "数字", bool: "是，或者空着", date: "日期"}
FRAMES = {
    "indicators": "指标",
    "parts": "分项",
    "projects": "项目",
    "duties": "履职事项",
    "texts": "部门的文字",
    "problems": "存在的问题",
    "past": "历年",
    "findings": "审核问题",
    "submissions": "上报情况",
    "figures": "报告中的数字",
}
WORDS = {"target": TargetWords, "count": CountWords, "fact": CountWords, "ratio": RatioWords}
"""By kind, the words that a template may say otherwise in `tell`."""


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The pages as Markdown, by their file names."""
    parts = {"columns.md": columns_page(), "helpers.md": helpers_page(), "python.md": python_page()}
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in parts.items()}


# ---- columns -------------------------------------------------------------------------------------------------------


def columns_page() -> Iterator[str]:
    """The columns of every file that the office keeps, and of every frame that a run leaves."""
    yield from ("# 各列一览", "", f"{MADE}方案各列的意思和例子，见[考核方案怎么改](scheme.md)。", "")
    yield from ("## 方案、乡镇和报告期的文件", "", "标 ● 的必填；其余的空着就按“空着是”一栏。", "")
    for file, (model, anchor) in FILES.items():
        head = "列" if issubclass(model, Row) else "项"
        yield from (f"### {file}", "", f"各{head}填什么、有什么用，见[说明](scheme.md#{anchor})。", "")
        yield from (f"| {head} | 必填 | 可以填 | 空着是 |", "| --- | --- | --- | --- |")
        yield from _fields(model)
        yield ""
    yield from ("## 运行留下的表", "")
    yield from (
        "`data/processed/<乡镇>/<报告期>/` 中的各表，`analysis.load` 读入。数是精确的小数；没有上报的为空，不是零。",
        "",
    )
    yield from ("比率写作分数（`231/200`），用 `Fraction` 接着算。来源写作 `[文件]工作表!单元格`。", "")
    for frame, chinese in FRAMES.items():
        yield from (f"### {frame} {chinese}", "", "| 列 | 类型 | 含义 |", "| --- | --- | --- |")
        types = {name: str(column.dtype) for name, column in SCHEMAS[frame].columns.items()}
        yield from (f"| `{name}` | {types[name]} | {_cell(what)} |" for name, what in COLUMNS[frame].items())
        yield ""


def _fields(model: type[BaseModel]) -> Iterator[str]:
    chinese = {field: heading for heading, field in getattr(model, "headings", {}).items()}
    for name, field in model.model_fields.items():
        required = "●" if field.is_required() else ""
        yield f"| `{chinese.get(name, name)}` | {required} | {_cell(_values(field))} | {_cell(_default(field))} |"


def _values(field: FieldInfo) -> str:
    """What may be filled in, in Chinese."""
    annotation: Any = field.annotation
    if get_origin(annotation) is not Literal:
        annotation = next(
            (part for part in get_args(annotation) if part is not NoneType and _optional(annotation)), annotation
        )
    metadata = list(field.metadata)
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        metadata += [item for info in more for item in getattr(info, "metadata", ())]
    if get_origin(annotation) is Literal:
        return "、".join(f"`{choice}`" for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return (
            "、".join(f"`{choice}`" for choice in get_args(inner)) + "，可以几项"
            if get_origin(inner) is Literal
            else "几项文字"
        )
    if get_origin(annotation) is not None and annotation not in TYPES:
        return "一行一个" if issubclass(get_origin(annotation), Mapping) else "文字"
    said = TYPES.get(annotation, "文字")
    if annotation is bool and field.default is True:
        said = "是、否"
    for item in metadata:
        if getattr(item, "pattern", None):
            said += f"，写作 `{item.pattern.strip('^$')}`"
        if getattr(item, "ge", None) is not None:
            said += f"，不小于 {item.ge}"
        if getattr(item, "le", None) is not None:
            said += f"，不大于 {item.le}"
    return said


def _optional(annotation: object) -> bool:
    return NoneType in get_args(annotation)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    match field.default:
        case True:
            return "是"
        case str(text) if text:
            return f"`{text}`"
        case tuple(items) if items:
            return "、".join(f"`{item}`" for item in items)
    return ""


def _cell(text: str) -> str:
    return text.replace("|", "&#124;").replace("<", "&lt;")


# ---- helpers -------------------------------------------------------------------------------------------------------


def helpers_page() -> Iterator[str]:
    """What chapter templates may call."""
    explained = re.findall(
        r"^### ((\w+)(?: 和 (\w+))?：(.*))$", (DOCS / "scheme.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    said = {name: (what, _anchor(heading)) for heading, *names, what in explained for name in names if name}
    yield from ("# 模板的帮手", "", f"{MADE}每个帮手的用法和印出来的句子，见[章节模板](scheme.md#章节模板)。", "")
    yield from ("## 乡镇报告的帮手", "", "| 写法 | 写出什么 |", "| --- | --- |")
    for name in _callables(Helpers):
        what, anchor = said[name]
        yield f"| `{_call(getattr(Helpers, name))}` | [{what}](scheme.md#{anchor}) |"
    yield from ("", "## 每种指标用哪个帮手", "", "| 种类 | 帮手 |", "| --- | --- |")
    yield from (f"| `{kind}` {chinese} | {HELPER_OF[kind]} |" for kind, chinese in KIND_NAMES.items())
    yield from ("", "## tell 里可以改的词", "", "| 种类 | 词 | 不写就是 |", "| --- | --- | --- |")
    for kind, words in WORDS.items():
        fields = [field for field in dataclasses.fields(words) if field.name != "lead"]
        yield from (f"| `{kind}` | `{field.name}` | {field.default} |" for field in fields)
    yield from ("", "## 图", "", f"`chart` 的第一个参数：{'、'.join(f'`{name}`' for name in CHARTS)}。", "")
    yield from (
        "## 县的汇总报告",
        "",
        "模板在 `scheme/narrative/county/`，可以用的帮手，说明见[县级汇总](county.md#句子schemenarrativecounty)：",
        "",
    )
    yield from (f"- `{_call(getattr(CountyHelpers, name))}`" for name in _callables(CountyHelpers))


def _callables(helpers: type[Helpers]) -> list[str]:
    """The names of the helpers, in the order in which `names` lists them."""
    listed = re.findall(r"self\.(\w+)[,\]]", inspect.getsource(helpers.names))
    if helpers is Helpers:
        return listed
    gone = set(re.findall(r'"(\w+)"', inspect.getsource(helpers.names).partition("del")[0]))
    return [name for name in _callables(Helpers) if name not in gone] + listed


def _call(function: Callable[..., str]) -> str:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    shown = [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]
    return f"{function.__name__}({', '.join(shown)})"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# ---- the Python interface ------------------------------------------------------------------------------------------


def python_page() -> Iterator[str]:
    """What `analysis` exports."""
    yield from (
        "# Python 接口",
        "",
        f"{MADE}怎样用、各视图给出什么，见[查看数据](explore.md)。The docstrings, as they stand in the code:",
        "",
    )
    named = [(name, getattr(analysis, name)) for name in analysis.__all__]
    for name, what in sorted(named, key=lambda pair: inspect.isclass(pair[1])):
        yield from (f"## {name}", "")
        if not inspect.isclass(what):
            yield from ("```python", _signature(f"analysis.{name}", what), "```", "")
        yield from _docstring(what)
        if inspect.isclass(what):
            yield from _members(what)


def _members(kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        found = (
            member.__func__
            if isinstance(member, staticmethod)
            else getattr(member, "fget", None) or getattr(member, "func", member)
        )
        if name.startswith("_") or not inspect.isfunction(found) or not found.__doc__:
            continue
        is_method = inspect.isfunction(member) or isinstance(member, staticmethod)
        yield from (f"### {kind.__name__}.{name}", "")
        if is_method:
            yield from ("```python", _signature(name, found), "```", "")
        yield from _docstring(found)


def _signature(name: str, function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    kept = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
    shown = re.sub(r"(?:\w+\.)+(?=[A-Za-z]\w*)", "", str(signature.replace(parameters=kept)))
    line = f"{name}{shown}"
    return (
        line
        if len(line) <= 100
        else line.replace("(", "(\n    ", 1).replace(", ", ",\n    ").replace(") ->", ",\n) ->")
    )


def _docstring(what: object) -> Iterator[str]:
    """A docstring of Google's style as Markdown: its sections become lists."""
    for paragraph in re.split(r"\n\n+", inspect.getdoc(what) or ""):
        title, _, body = paragraph.partition("\n")
        if title in ("Args:", "Attributes:", "Raises:", "Returns:"):
            items = re.sub(r"\n {8}\s*", " ", body).splitlines()
            yield f"**{title.removesuffix(':')}**"
            yield ""
            yield from (_item(item.strip()) for item in items)
        else:
            yield " ".join(paragraph.split("\n"))
        yield ""


def _item(text: str) -> str:
    names, found, rest = text.partition(": ")
    return (
        f"- {', '.join(f'`{name}`' for name in names.split(', '))}: {rest}"
        if found and " " not in names.replace(", ", "")
        else f"- {text}"
    )


if __name__ == "__main__":
    main()
