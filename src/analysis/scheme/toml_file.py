"""One TOML file: from what a text editor wrote to a typed model, or to a list of mistakes with their lines."""

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from analysis.scheme.problems import SchemeProblem
from analysis.scheme.table import decoded

M = TypeVar("M", bound=BaseModel)
REMEDY = '一行一项，写作 名称 = "文字"；几个词写作 ["甲", "乙"]；引号用英文双引号'


def read_toml(path: Path, model: type[M], name: str) -> tuple[M | None, list[SchemeProblem]]:
    """Read a TOML file into a model.

    Args:
        path: the file.
        model: what it holds; a validator's message is shown as it is.
        name: how messages name the file.

    Returns:
        The model, or None and the mistakes, each with its line.
    """
    try:
        text = decoded(path)
    except (OSError, ValueError) as error:  # UnicodeDecodeError is a ValueError
        return None, [SchemeProblem(name, 0, "", f"文件读不出来（{error}）", "请用 UTF-8 编码保存")]
    try:
        return model(**tomllib.loads(text)), []
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(at[1]) if at else len(text.splitlines())  # a file that ends too early has no place
        return None, [SchemeProblem(name, line, "", "这一行的写法有误", REMEDY)]
    except ValidationError as error:
        return None, [_told(name, text, model, dict(detail)) for detail in error.errors()]


def _told(name: str, text: str, model: type[BaseModel], detail: dict[str, object]) -> SchemeProblem:
    """Tell a validation error in Chinese, at the line of its key."""
    place = detail["loc"]
    key = str(place[0]) if isinstance(place, tuple) and place else ""
    context = detail.get("ctx")
    match detail["type"]:
        case "extra_forbidden":
            found = f"没有“{key}”这一项"
            remedy = f"请改为以下之一或删去：{'、'.join(model.model_fields)}"
        case "missing":
            found, remedy = f"缺少“{key}”这一项", "请补上"
        case "value_error":
            said = context.get("error") if isinstance(context, dict) else detail["msg"]
            found, remedy = f"“{key}”不能用：{said}", "请按 docs/scheme.md 的说明更正"
        case _:
            found, remedy = f"“{key}”的写法不对", REMEDY
    return SchemeProblem(name, line_of(text, key), "", found, remedy)


def line_of(text: str, key: str) -> int:
    """On which line of a TOML text a key of the first level stands, counted from 1; 0 where it stands on none."""
    lines = text.splitlines()
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]|\s*\[\s*[\"']?{re.escape(key)}\b")
    return next((number for number, line in enumerate(lines, 1) if key and pattern.match(line)), 0)
