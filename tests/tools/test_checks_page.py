"""The reference page of the checks is that of the code and the scheme as they are."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from analysis.figures.checks import ACROSS_CHECKS
from analysis.intake.checks.registry import RULES
from analysis.scheme import read_scheme

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("checks_page", ROOT / "tools" / "checks_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(tool: ModuleType) -> None:
    page = tool.page(read_scheme(ROOT / "scheme"))
    assert page == (ROOT / "docs" / "checks.md").read_text(encoding="utf-8"), "python tools/checks_page.py"


def test_every_check_of_both_stages_has_its_row(tool: ModuleType) -> None:
    lines = tool.page(read_scheme(ROOT / "scheme")).splitlines()
    for code in (*RULES, *ACROSS_CHECKS.rules):
        (row,) = (line for line in lines if line.startswith(f"| `{code}` |"))
        assert row.count(" | ") == len(tool.HEADS) - 1
        assert "|  |" not in row


def test_a_check_that_may_not_be_softened_and_one_with_a_bound_say_so(tool: ModuleType) -> None:
    page = tool.page(read_scheme(ROOT / "scheme"))
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert "错误（不能改）" in rows["figure_empty"]
    assert "0.75，可填0至1之间的数" in rows["near_name"]
    assert "跨表 | 没有上年数，或者不能同比" in rows["unit_suspected"]
