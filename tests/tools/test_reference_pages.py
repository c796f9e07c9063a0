"""The reference pages are those of the code as it is."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["columns.md", "helpers.md", "python.md"])
def test_the_page_is_current(name: str) -> None:
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "tools" / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert tool.pages()[name] == written, "python tools/reference_pages.py"
