"""One CSV table: from a file that Excel wrote to typed rows, or to a list of mistakes with their places."""

import csv
import io
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from analysis.scheme.models import Row
from analysis.scheme.problems import SchemeProblem

R = TypeVar("R", bound=Row)
BOUND_ON_BYTES = 4_000_000
COMMENT = "#"
"""What a row begins with that only says something to whoever fills the table in."""


def decoded(path: Path) -> str:
    """Read a text file that Excel or a text editor wrote: UTF-8 with or without BOM, else GB 18030.

    Raises:
        OSError: the file can't be read.
        UnicodeDecodeError: it is in neither encoding.
        ValueError: it is far too large for what it should be.
    """
    raw = path.read_bytes()
    if len(raw) > BOUND_ON_BYTES:
        raise ValueError("文件过大")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def read_table(path: Path, model: type[R], name: str = "") -> tuple[list[tuple[int, R]], list[SchemeProblem]]:
    """Read a CSV file into typed rows.

    Args:
        path: the file; its first line holds the columns' names, those of the model's fields. A row that begins with #
            is a comment.
        model: the row's model; fields with a default may be left out of the file.
        name: how messages name the file (its own name where empty).

    Returns:
        Rows with their row numbers as Excel counts them, and the mistakes.
    """
    name = name or path.name
    try:
        text = decoded(path)
    except FileNotFoundError:
        return [], [SchemeProblem(name, 0, "", "没有这个文件", "请从备份中恢复，或按 docs/scheme.md 新建")]
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        return [], [
            SchemeProblem(name, 0, "", f"文件读不出来（{error}）", "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”")
        ]
    lines, broken = _lines(text)
    if broken is not None:
        found, remedy = "从这一行起英文双引号没有成对", "请补上缺的一个，或删去多的一个"
        if text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[broken - 1].count('"') % 2 == 0:
            found, remedy = "英文双引号外面还有字", "请把整格的文字放在一对英文双引号里，其中的引号改用中文的“”"
        return [], [SchemeProblem(name, broken, "", found, remedy)]
    typed = [cell.strip() for cell in lines[0][1]] if lines else []
    header = [model.headings.get(cell, cell) for cell in typed]
    labels = dict(zip(header, typed, strict=True))
    problems = _header_problems(header, model, name)
    if problems:
        return [], problems
    rows: list[tuple[int, R]] = []
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith(COMMENT):
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            problems.append(SchemeProblem(name, number, "", "这一行的列比表头多", "含逗号的文字要用英文双引号括起来"))
            continue
        filled = {key: cell.strip() or None for key, cell in zip(header, cells, strict=False)}
        try:
            rows.append((number, model(**{key: value for key, value in filled.items() if value is not None})))
        except ValidationError as error:
            problems += [_told(name, number, labels, filled, dict(detail)) for detail in error.errors()]
    return rows, problems


def _lines(text: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """The rows of a CSV text, each with the line that it begins on; and on which one the quotation marks stop to pair.

    All that follows an open quotation mark would be taken for one cell, and its rows be lost.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        return lines, start
    return lines, None


def columns_of(path: Path, model: type[Row]) -> dict[str, str]:
    """In which column of a CSV file, named as Excel names it, each field of a model stands."""
    header = next(csv.reader(io.StringIO(decoded(path), newline="")), [])
    return {
        model.headings.get(cell.strip(), cell.strip()): chr(ord("A") + place) for place, cell in enumerate(header[:26])
    }


def _header_problems(header: list[str], model: type[Row], name: str) -> list[SchemeProblem]:
    known = model.model_fields
    required = [key for key, field in known.items() if field.is_required()]
    unknown = [key for key in header if key not in known]
    missing = [key for key in required if key not in header]
    twice = sorted({key for key in header if header.count(key) > 1})
    chinese = {key: heading for heading, key in model.headings.items()}
    listed = "、".join(chinese.get(key, key) for key in known)
    return [
        *(SchemeProblem(name, 1, key, "没有这样的列", f"请改为以下之一或删去：{listed}") for key in unknown),
        *(SchemeProblem(name, 1, chinese.get(key, key), "缺少这一列", "请在表头中补上") for key in missing),
        *(SchemeProblem(name, 1, chinese.get(key, key), "这一列出现了两次", "请删去一列") for key in twice),
    ]


def _told(
    file: str, row: int, labels: dict[str, str], filled: dict[str, str | None], detail: dict[str, object]
) -> SchemeProblem:
    """Tell a validation error in Chinese."""
    place = detail["loc"]
    column = str(place[0]) if isinstance(place, tuple) and place else ""
    value = filled.get(column)
    context = detail.get("ctx")
    context = context if isinstance(context, dict) else {}
    match detail["type"]:
        case "missing":
            found, remedy = "这一格空着", "请填写"
        case "literal_error":
            found, remedy = (
                f"“{value}”不在可选范围内",
                f"请改为以下之一：{context.get('expected')}".replace(" or ", ", "),
            )
        case "string_pattern_mismatch":
            found, remedy = f"“{value}”的写法不对", "编码是一个或两个大写字母加两位或三位数字，如 E01、ZF01"
        case "int_parsing" | "int_from_float" | "int_type":
            found, remedy = f"“{value}”不是整数", "请填写整数"
        case "greater_than_equal":
            found, remedy = f"“{value}”太小", f"请填写不小于 {context.get('ge')} 的数"
        case "less_than_equal":
            found, remedy = f"“{value}”太大", f"请填写不大于 {context.get('le')} 的数"
        case str(kind) if kind.startswith("date"):
            found, remedy = f"“{value}”不能用，应当是日期", "日期写作 2022-01-12"
        case "value_error":
            found, remedy = str(context.get("error", detail["msg"])), "请按 docs/scheme.md 的说明更正"
        case _:
            found, remedy = f"“{value}”不能用（{detail['msg']}）", "请按 docs/scheme.md 的说明更正"
    return SchemeProblem(file, row, labels.get(column, column), found, remedy)
