"""One TOML file: from what a text editor wrote to a typed model, or to a list of mistakes with their lines."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from analysis.scheme.problems import SchemeProblem
from analysis.scheme.table import decoded

M = TypeVar("M", bound=BaseModel)
DATES = "日期写作 2022-01-12，不加引号"
REMEDY = '一行一项，写作 名称 = "文字"；几个词写作 ["甲", "乙"]；引号用英文双引号'


def read_toml(
    path: Path, model: type[M], name: str, usual: Mapping[str, object] | None = None
) -> tuple[M | None, list[SchemeProblem]]:
    """Read a TOML file into a model.

    Args:
        path: the file.
        model: what it holds; a validator's message is shown as it is.
        name: how messages name the file.
        usual: what stands in for items that the file leaves out.

    Returns:
        The model, or None and the mistakes, each with its line and the item as its column.
    """
    try:
        text = decoded(path)
    except FileNotFoundError:
        remedy = "请用 township-report init 新建，或者照别的乡镇、别的报告期的同名文件写一个"
        return None, [SchemeProblem(name, 0, "", "没有这个文件", remedy)]
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        return None, [SchemeProblem(name, 0, "", f"文件读不出来（{error}）", "请用 UTF-8 编码保存")]
    try:
        return model(**{**(usual or {}), **tomllib.loads(text)}), []
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(at[1]) if at else len(text.splitlines())  # a file that ends too early has no place
        return None, [SchemeProblem(name, line, "", "这一行的写法有误", f"{REMEDY}；{DATES}")]
    except ValidationError as error:
        return None, [_told(name, text, model, dict(detail)) for detail in error.errors()]


def _told(name: str, text: str, model: type[BaseModel], detail: dict[str, object]) -> SchemeProblem:
    """Tell a validation error in Chinese, at the line of its item."""
    place = detail["loc"]
    keys = [part for part in place if isinstance(part, str)] if isinstance(place, tuple) else []
    context = detail.get("ctx")
    match detail["type"]:
        case "extra_forbidden":
            found, remedy = "没有这样的项", f"请改为以下之一或删去：{'、'.join(model.model_fields)}"
        case "missing":
            found, remedy = "缺少这一项", "请补上"
        case "string_too_short":
            found, remedy = "还没有填写", "请填写后保存"
        case "value_error":
            said = context.get("error") if isinstance(context, dict) else detail["msg"]
            found, remedy = f"不能用，{said}", "请按 docs/scheme.md 的说明更正"
        case str(kind) if kind.startswith("date"):
            found, remedy = "不能用，应当是日期", DATES
        case _:
            found, remedy = "写法不对", REMEDY
    line = next((line for key in reversed(keys) if (line := line_of(text, key))), 0)
    return SchemeProblem(name, line, ".".join(keys), found, remedy)


def line_of(text: str, key: str) -> int:
    """On which line of a TOML text a key stands first, counted from 1; 0 where it stands on none."""
    lines = text.splitlines()
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]|\s*\[\s*[\"']?{re.escape(key)}\b")
    return next((number for number, line in enumerate(lines, 1) if key and pattern.match(line)), 0)
