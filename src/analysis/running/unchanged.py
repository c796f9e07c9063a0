"""What has changed since the last run: of a notebook, told by what it keeps of itself, and of a whole run, before anything
heavy is imported.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from analysis.intake.whole import beside, is_whole
from analysis.running.manifest import hashed, is_draft, read_manifest, sha256, versions, when
from analysis.running.places import Places

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
UNANSWERED = "以下问题还没有对应的措施，请在报告中补写，或者请部门在审核回执上答复"
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
    with beside(notebook) as new:
        new.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


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


def unchanged(places: Places, parameters: Mapping[str, object]) -> dict[str, Any] | None:
    """The manifest of the last run where a run now would make the same of the same; else none.

    Everything is the same: every file that may go into the report, program, versions, fonts and parameters, what the stages
    wrote, and the report as it lies in its folder.
    """
    last = read_manifest(places.report)
    if last is None or last.get("program") != of_program() or last.get("inputs") != hashed(places.inputs()):
        return None
    if last.get("parameters") != {**parameters, "town": places.town, "period": str(places.period)}:
        return None
    outputs = last.get("outputs")
    if not isinstance(outputs, dict) or not all(_intact(places, name, entry) for name, entry in outputs.items()):
        return None
    names = [f"{name}.ipynb" for name in last.get("steps", {}) if not name.startswith("report")]
    made = [kept(places.report / "notebooks" / name) for name in names]
    if not made or any(one is None for one in made) or not is_whole(places.tables):
        return None
    # Of a period whose returns are gone the tables are an input.
    tables = digests({name: path for name, path in places.returned().items() if name.startswith("processed/")})
    if tables != {name: digest for one in made if one for name, digest in one.inputs.items() if _other(name)}:
        return None
    fonts = of_fonts()
    for one in made:
        if one is None or one.inputs.get(FONTS, fonts) != fonts:
            return None
        if digests({name: places.tables / name for name in one.outputs}) != dict(one.outputs):
            return None
    return last


def _other(name: str) -> bool:
    return name.startswith("processed/") and name.removeprefix("processed/")[:4].isdigit()


def _intact(places: Places, name: str, entry: Mapping[str, Any]) -> bool:
    path = places.report / name
    digest = entry.get("sha256")
    return path.exists() and (digest is None or sha256(path) == digest)


def told_unchanged(report: Path, last: Mapping[str, Any]) -> Iterator[str]:
    """Say that there is nothing to run, and what still stands, in Chinese, line by line."""
    yield f"没有变化：上报表、方案、程序和上次运行（{when(str(last.get('finished', '')))}）时一样，不用重新运行。"
    for department in last.get("owed", []):
        yield f"欠报：{department}"
    for gap in last.get("gaps", []):
        yield f"缺数：{gap['code']} {gap['text']}"
    if last.get("unanswered_problems"):
        yield f"{UNANSWERED}：{'、'.join(last['unanswered_problems'])}"
    counts = last.get("findings", {})
    listed = [f"{name}{counts[key]}条" for key, name in (("errors", "错误"), ("privacy", "隐私")) if counts.get(key)]
    if listed:
        yield f"还有{'、'.join(listed)}：{report / 'findings.csv'}"
    yield f"{'草稿' if is_draft(last) else '报告'}在 {report}。要全部重新运行，用 --force。"
