"""What a notebook was run on and what it wrote, kept in the executed notebook itself, so that it need not run again."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analysis.running.manifest import sha256, versions

KEY = "township_report"
"""The key of an executed notebook's metadata under which this lies; there is no other record that could go stale."""
CODE, VERSIONS, PARAMETERS, FONTS, LOOK = "code", "versions", "parameters", "fonts", "look"
"""Inputs that are no files."""
SAID = {
    CODE: "程序有改动",
    VERSIONS: "Python 或软件包换了版本",
    PARAMETERS: "参数不同",
    FONTS: "字体不同",
    LOOK: "文件的归属有变化",
}
MOST_NAMED = 3
NOT_RUN, FORCED, BROKEN_OFF = "还没有运行过", "用了 --force", "上次写到一半中断了"


@dataclass(frozen=True)
class Made:
    """What a notebook's last good run was made from and what it made.

    Attributes:
        inputs: digest by name, `raw/2021/财政所.xlsx`, `scheme/checks.csv`, `code`.
        outputs: digest by path below the period's folder of tables.
        exports: of a report notebook, digest by the name of the file in the report's folder.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    exports: Mapping[str, str] = field(default_factory=dict)


def kept(notebook: Path) -> Made | None:
    """What an executed notebook says of its run; none where there is no notebook, or none that ended well."""
    try:
        said = json.loads(notebook.read_bytes())["metadata"][KEY]
        return Made(*({str(k): str(v) for k, v in said[name].items()} for name in ("inputs", "outputs", "exports")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def keep(notebook: Path, made: Made) -> None:
    """Let an executed notebook say what it was made from and what it made."""
    content = json.loads(notebook.read_bytes())
    content["metadata"][KEY] = {"inputs": made.inputs, "outputs": made.outputs, "exports": made.exports}
    beside = notebook.with_name(f".{notebook.name}")
    beside.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    beside.replace(notebook)


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    """The SHA-256 of files by the names given; of a file that is not there or can't be read, nothing."""
    found = {}
    for name, path in files.items():
        try:
            found[name] = sha256(path)
        except OSError:
            found[name] = ""
    return found


def below(folder: Path, files: Iterable[Path]) -> dict[str, Path]:
    """Files by their path below a folder."""
    return {file.relative_to(folder).as_posix(): file for file in files}


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


@cache
def of_program() -> dict[str, str]:
    """The digests of the program itself, and of what it runs on."""
    package = Path(__file__).resolve().parents[1]
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    code = "".join(f"{path.relative_to(package)}:{sha256(path)}\n" for path in files)
    return {CODE: digest_of(code), VERSIONS: digest_of(json.dumps(versions(), sort_keys=True))}


def of_fonts() -> str:
    """The digest of the fonts that this machine's reports are set in."""
    from analysis.export import fonts_used

    return digest_of(json.dumps(dict(fonts_used()), sort_keys=True))


def reasons(last: Made | None, inputs: Mapping[str, str], tables: Path) -> tuple[str, ...]:
    """Why a notebook has to run, in Chinese; nothing where its last run still holds.

    Args:
        last: what its last good run says.
        inputs: what it would be made from now.
        tables: the folder below which its outputs lie.
    """
    if last is None:
        return (NOT_RUN,)
    told = [said for name, said in SAID.items() if last.inputs.get(name) != inputs.get(name)]
    told += files_told(last.inputs, inputs)
    now = digests({name: tables / name for name in last.outputs})
    told += [f"{name} 被改动或删除" for name, digest in list(last.outputs.items()) if now[name] != digest][:MOST_NAMED]
    return tuple(told)


def files_told(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What has become of files between two sets of digests, in Chinese, a sentence for each kind of change."""
    changed = sorted(name for name in before.keys() & now.keys() if before[name] != now[name] and name not in SAID)
    told = []
    for word, names in (
        ("改过", changed),
        ("新增", sorted(now.keys() - before.keys() - SAID.keys())),
        ("不在了", sorted(before.keys() - now.keys() - SAID.keys())),
    ):
        if names:
            told.append(f"{_listed(names)}{word}")
    return told


def _listed(names: Sequence[str]) -> str:
    more = f"等{len(names)}个文件" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more
