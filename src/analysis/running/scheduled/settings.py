"""`data/schedule.toml`: who is told of scheduled runs and how, and how many are kept; an office edits it."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.running.scheduled.model import State
from analysis.scheme.problems import SchemeError, SchemeProblem

USUAL = "data/schedule.toml"
"""Where the settings lie below the project's root."""
REMEDY = '一行一项，写作 名称 = "文字"，数不用引号；引号用英文双引号。可以从 ops/schedule.toml 复制一份来改'
ALL = tuple(State)


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, dict | str) else given


def _variable(name: str) -> str:
    if name and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("这里写环境变量的名称，只有字母、数字和下划线；密码本身不写在文件里")
    return name


class Hook(BaseModel):
    """What every way to tell somebody has.

    Attributes:
        on: the endings that are told.
        timeout: seconds that one try may take.
        tries: how often it is tried.
        pause: seconds between two tries.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: Annotated[tuple[State, ...], BeforeValidator(_listed)] = ALL
    timeout: float = Field(default=10, gt=0, le=60)
    tries: int = Field(default=3, ge=1, le=5)
    pause: float = Field(default=5, ge=0, le=60)


class Webhook(Hook):
    """A web address that takes a JSON text.

    Attributes:
        url: where it is posted to; what follows the host may be a secret, and is never told.
        format: `json`, all that is known; else the text alone, as the group robot of that name takes it.
        token_env: the environment variable whose value is sent as a bearer token; empty for none.
    """

    url: str
    format: Literal["json", "wecom", "dingtalk", "feishu"] = "json"
    token_env: str = ""

    @field_validator("url")
    @classmethod
    def _is_of_the_web(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", url):
            raise ValueError("应当是 http:// 或 https:// 开头的完整网址")
        return url

    _token = field_validator("token_env")(_variable)

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"webhook {urlsplit(self.url).hostname}"


class Mail(Hook):
    """A mail server, and whom a mail goes to.

    Attributes:
        security: `starttls`, `tls` from the first byte on, or `none`.
        port: that of the security where it is not given.
        user: the account; empty for none.
        password_env: the environment variable that holds its password.
        sender: `from` in the file.
    """

    host: str = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_env: str = ""
    sender: str = Field(alias="from")
    to: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(min_length=1)

    _password = field_validator("password_env")(_variable)

    @field_validator("sender", "to")
    @classmethod
    def _are_addresses(cls, given: Any) -> Any:
        for address in [given] if isinstance(given, str) else given:
            if not re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+", address):
                raise ValueError(f"“{address}”不是邮箱地址")
        return given

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Self:
        if bool(self.user) != bool(self.password_env):
            raise ValueError("user 和 password_env 要么都写，要么都不写")
        if self.user and self.security == "none":
            raise ValueError('要登录的邮箱，security 写 "starttls" 或 "tls"，否则密码会明文发出')
        return self

    @property
    def name(self) -> str:
        """How messages name it."""
        return f"邮件 {self.host}"


class Settings(BaseModel):
    """The file as a whole; `[webhook]` is one, several are `[[webhook]]` each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: int = Field(default=12, ge=1, le=1000)
    webhook: Annotated[tuple[Webhook, ...], BeforeValidator(_listed)] = ()
    mail: Annotated[tuple[Mail, ...], BeforeValidator(_listed)] = ()

    @property
    def hooks(self) -> tuple[Webhook | Mail, ...]:
        """All of them."""
        return (*self.webhook, *self.mail)


def read_settings(root: Path, given: Path | None) -> Settings:
    """Read the settings; where none are given and `data/schedule.toml` is not there, nobody is told.

    Raises:
        SchemeError: the file can't be used; every mistake with its line and what to do.
        FileNotFoundError: the file that was given is not there.
    """
    path = root / (given or USUAL)
    if given is None and not path.exists():
        return Settings()
    name = path.name if given is None or path.is_absolute() else given.as_posix()
    name = USUAL if given is None else name
    try:
        text = path.read_text(encoding="utf-8-sig")
        return Settings(**tomllib.loads(text))
    except UnicodeDecodeError:
        raise SchemeError([SchemeProblem(name, 0, "", "文件读不出来", "请用 UTF-8 编码保存")]) from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+),", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise SchemeError([SchemeProblem(name, line, "", "这一行的写法有误", REMEDY)]) from None
    except ValidationError as error:
        raise SchemeError([_problem(name, text, dict(detail)) for detail in error.errors()]) from None


def _problem(name: str, text: str, detail: dict[str, Any]) -> SchemeProblem:
    """A mistake that pydantic found, in Chinese, at its line."""
    place = [part for part in detail["loc"] if part != "tuple[]"]
    names = [part for part in place if isinstance(part, str)]
    key, context = (names[-1] if names else ""), detail.get("ctx") or {}
    model: Any = {"webhook": Webhook, "mail": Mail}.get(names[0] if len(names) > 1 else "", Settings)
    limits = "、".join(f"{_LIMITS[limit]} {value}" for limit, value in context.items() if limit in _LIMITS)
    match detail["type"]:
        case "extra_forbidden":
            known = "、".join(field.alias or known for known, field in model.model_fields.items())
            found, remedy = f"没有“{key}”这一项", f"请改为以下之一或删去：{known}"
        case "missing":
            found, remedy = f"缺少“{key}”这一项", "请补上"
        case "value_error":
            found, remedy = f"“{key}”不能用：{context.get('error')}", "请更正"
        case "literal_error" | "enum":
            listed = str(context.get("expected")).replace("'", '"').replace(" or ", "、").replace(", ", "、")
            found, remedy = f"“{key}”不能写 {detail['input']!r}", f"请改为以下之一：{listed}"
        case _ if limits:
            found, remedy = f"“{key}”不能写 {detail['input']!r}", f"应当{limits}"
        case _:
            found, remedy = f"“{key}”的写法不对", REMEDY
    return SchemeProblem(name, _line(text.splitlines(), place), "", found, remedy)


_LIMITS = {"ge": "不小于", "gt": "大于", "le": "不大于"}


def _line(lines: list[str], place: Iterable[str | int]) -> int:
    """On which line a key stands, or the head of its table where it is missing; 0 where there is neither."""
    parts = list(place)
    at = 0
    if len(parts) > 1:
        table, number = str(parts[0]), next((part for part in parts if isinstance(part, int)), 0)
        heads = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[+\s*{re.escape(table)}\s*\]+", line)]
        at = heads[number] if number < len(heads) else 0
    keys = [part for part in parts if isinstance(part, str)]
    for number, line in enumerate(lines[at:], at + 1):
        if re.match(r"\s*\[", line) and len(parts) > 1:
            break
        if keys and re.match(rf"\s*[\[\"']*{re.escape(keys[-1])}\b", line):
            return number
    return at
