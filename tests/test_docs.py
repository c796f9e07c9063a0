"""The documents say what is there: commands, options, columns, helpers, files; their example sentences are the report's."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import example
import pytest
import typer.main
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from analysis import cli
from analysis.scheme import Check, Department, Indicator, Relation, Synonym, Theme
from analysis.scheme.facts import PeriodFacts, TargetRow, Town, Waiver
from analysis.scheme.models import Measure, PeopleWords, Row, Word
from analysis.scheme.report import ReportWords
from analysis.telling.helpers import Helpers
from analysis.telling.markers import STYLES, Marks, blocks_of
from analysis.telling.material import Material
from analysis.telling.pictures import CHARTS
from analysis.telling.spans import Chart, Heading, text_of
from analysis.telling.wording.ratio import RatioWords
from analysis.telling.wording.target import TargetWords

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
TOLD = re.compile(r"```jinja\n(?P<template>.*?)```\n\n(?P<told>(?:>[^\n]*\n)+)", re.DOTALL)
# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = tuple(
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("files.python", "hosted"),
        ("pythonhosted", ".org"),
        ("/ro", "ot/"),
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("/Us", "ers/"),
        ("/t", "mp/"),
        ("C:", "\\Users"),
    )
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    return [*(ROOT / name for name in (*READMES, "CHANGELOG.md")), *sorted((ROOT / "docs").glob("**/*.md"))]


def code_blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks: language, and lines without the indent of a list."""
    return [
        (match[2], "\n".join(line.removeprefix(match[1]) for line in match[3].splitlines()))
        for match in FENCE.finditer(text)
    ]


def without_code(text: str) -> str:
    return FENCE.sub("", text)


def headings(text: str) -> list[str]:
    return [match[0] for match in re.finditer(r"^#{1,6} (?=\S).*$", without_code(text), re.MULTILINE)]


def levels(text: str) -> list[int]:
    return [len(heading) - len(heading.lstrip("#")) for heading in headings(text)]


def named_in(text: str) -> set[str]:
    """What a text names as code."""
    return set(re.findall(r"`([^`\n]+)`", text))


def section(text: str, heading: str) -> str:
    """A section with what is below it, up to the next heading of its level."""
    level = len(heading) - len(heading.lstrip("#"))
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"no heading {heading}"
    return re.split(rf"^#{{1,{level}}} (?=\S)", rest, maxsplit=1, flags=re.MULTILINE)[0]


# ---- the two READMEs ---------------------------------------------------------------------------------------------


def test_the_readmes_are_alike() -> None:
    english, chinese = (read(name) for name in READMES)
    assert levels(english) == levels(chinese)
    assert code_blocks(english) == code_blocks(chinese)


def test_the_readmes_point_at_each_other() -> None:
    assert "](README.zh-CN.md)" in read("README.md")
    assert "](README.md)" in read("README.zh-CN.md")


def test_the_readmes_have_the_same_tables_and_lists() -> None:
    english, chinese = (without_code(read(name)) for name in READMES)
    for start in (r"\|", r"- ", r"\d+\. "):
        assert len(re.findall(rf"^{start}", english, re.MULTILINE)) == len(
            re.findall(rf"^{start}", chinese, re.MULTILINE)
        )


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(name: str) -> None:
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    options = {
        command: {"--help", *(opt for param in found.params for opt in (*param.opts, *param.secondary_opts))}
        for command, found in commands.items()
    }
    text = read(name)
    lines = re.findall(r"township-report +([a-z][a-z-]*)([^`\n]*)", text)
    assert lines
    for command, rest in lines:
        assert command in options, f"township-report {command}"
        for option in re.findall(r"(?<!\S)--?[a-z][\w-]*", rest):
            assert option in options[command], f"township-report {command} {option}"
    every = set().union(*options.values())
    for option in re.findall(r"`(--[a-z][\w-]*)`", text):
        assert option in every, option


@pytest.mark.parametrize("name", READMES)
def test_the_exit_codes_are_those_of_the_command(name: str) -> None:
    told = [int(code) for code in re.findall(r"^\| (\d) \|", read(name), re.MULTILINE)]
    assert told == [cli.DONE, cli.GAPS, cli.FAILED, cli.SKIPPED]


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_exists(name: str) -> None:
    text = read(name)
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)$", text, re.MULTILINE)) | set(re.findall(r"`make ([a-z-]+)`", text))
    assert named <= targets


def test_every_exporter_is_documented() -> None:
    exporters = tomllib.loads(read("pyproject.toml"))["project"]["entry-points"]["nbconvert.exporters"]
    assert set(re.findall(r"--to ([\w-]+)", read("docs/notebooks.md"))) == set(exporters)


def test_what_the_readmes_show_can_be_read() -> None:
    for language, code in code_blocks(read("README.md")):
        if language == "python":
            ast.parse(code)
        if language == "toml":
            (Town if "county" in code else PeriodFacts)(**tomllib.loads(code))


def test_the_notebooks_and_packages_that_the_pages_name_exist() -> None:
    for path in documents():
        for name in re.findall(r"(notebooks/\w+\.ipynb)", path.read_text(encoding="utf-8")):
            assert (ROOT / name).is_file(), (path.name, name)
    listed = re.findall(r"`analysis\.(\w+)`", section(read("docs/architecture.md"), "## Layers"))
    packages = [path.parent.name for path in (ROOT / "src/analysis").glob("*/__init__.py")]
    assert sorted(listed) == sorted(packages)


# ---- docs/scheme.md ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## indicators.csv 指标", Indicator),
        ("## departments.csv 部门", Department),
        ("## relations.csv 数字之间的关系", Relation),
        ("## checks.csv 审核规则", Check),
        ("## synonyms.csv 同义词", Synonym),
        ("## themes.csv 措施的主题", Theme),
        ("## words.csv 固定说法", Word),
        ("## measures.csv 量词", Measure),
        ("## people.csv 姓名", PeopleWords),
        ("### targets/2021.csv 目标任务书", TargetRow),
        ("### 2021/waivers.csv 豁免", Waiver),
    ],
)
def test_every_column_is_documented(heading: str, model: type[Row]) -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", section(read("docs/scheme.md"), heading), re.MULTILINE)
    chinese = {field: heading for heading, field in model.headings.items()}
    assert {chinese.get(field, field) for field in model.model_fields} <= set(rows)


@pytest.mark.parametrize(
    ("heading", "model"),
    [("### town.toml", Town), ("### 2021/period.toml", PeriodFacts), ("## report.toml 名称和叫法", ReportWords)],
)
def test_every_item_of_the_facts_is_documented(heading: str, model: type[Town | PeriodFacts | ReportWords]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section(read("docs/scheme.md"), heading), re.MULTILINE)
    assert rows == list(model.model_fields)


@pytest.mark.parametrize("field", ["kind", "direction", "severity", "group", "relation", "rate_rule"])
def test_every_choice_is_documented(field: str) -> None:
    model = next(m for m in (Indicator, Check, Synonym, Relation) if field in m.model_fields and choices(m, field))
    assert set(choices(model, field)) <= named_in(read("docs/scheme.md"))


def choices(model: type[Row], field: str) -> list[str]:
    schema = model.model_json_schema()["properties"][field]
    return [choice for part in (schema, *schema.get("anyOf", [])) for choice in part.get("enum", [])]


def test_every_helper_and_name_is_documented(material: Material) -> None:
    text = section(read("docs/scheme.md"), "## 章节模板")
    for name, what in Helpers(material).names().items():
        assert (f"{name}(" in text) if callable(what) else (f"| `{name}` |" in text), name
    for word in (*TargetWords.__dataclass_fields__, *RatioWords.__dataclass_fields__):
        assert word == "lead" or f"`{word}`" in text, word
    for chart in CHARTS:
        assert f"| `{chart}` |" in text, chart
    for style in STYLES:
        assert f"| `::: {style}` |" in text, style


EXAMPLES = [(match["template"], match["told"]) for match in TOLD.finditer(read("docs/scheme.md"))]


@pytest.mark.parametrize(("template", "printed"), EXAMPLES, ids=[told[2:22] for _, told in EXAMPLES])
def test_the_example_sentences_are_the_reports(template: str, printed: str, material: Material) -> None:
    expected = [line.removeprefix(">").strip() for line in printed.splitlines()]
    expected = [line for line in expected if line]
    assert list(rendered(template, material))[: len(expected)] == expected


def rendered(template: str, material: Material) -> Iterator[str]:
    """A piece of a template as the report would print it at its beginning."""
    helpers = Helpers(material)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.globals.update(helpers.names())
    helpers.place, helpers.marks = "docs/scheme.md", Marks()
    for block in blocks_of(environment.from_string(template).render(), helpers.marks, "c"):
        if isinstance(block, Chart):
            yield text_of(block.title)
        else:
            yield ("#" * block.level + " " if isinstance(block, Heading) else "") + text_of(block.spans)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return example.material_of(ROOT, "2021", tmp_path_factory.mktemp("processed"))[0]


# ---- docs/security.md --------------------------------------------------------------------------------------------


def test_every_defence_names_a_test_that_is_there() -> None:
    text = read("docs/security.md")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    rows = re.findall(r"^\| .*$", section(text, "## Threats"), re.MULTILINE)[2:]
    assert rows and all("`tests/" in row or "see below" in row for row in rows)
    for file, name in named:
        assert f"def {name}(" in read(file), f"{file}::{name}"


# ---- everywhere --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = without_code(path.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        assert ROOT in target.resolve().parents, link
        if anchor:
            assert anchor in [anchor_of(heading) for heading in headings(target.read_text(encoding="utf-8"))], link


def anchor_of(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    words = heading.lstrip("#").strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{name}:{number}: {mark}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        for mark in FORBIDDEN
        if mark in line
    ]
    assert not found, "\n".join(found)


def tracked_texts() -> Iterator[tuple[str, str]]:
    """The text files that git keeps, or would keep if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git working copy")
    for name in listed.split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        raw = path.read_bytes()
        if b"\0" not in raw:
            yield name, raw.decode("utf-8", "replace")
