"""The clerk's page tells of messages that there are, and of all that the system can cause."""

import re
from pathlib import Path

import pytest

from analysis.running import failures
from analysis.running.publish import NOTE

PAGE = "docs/when-it-fails.md"
NOT_SAID = "屏幕上什么也没有"
ROOT = Path(__file__).resolve().parents[3]


def quoted(root: Path) -> list[str]:
    """The messages that the page explains: its headings in code."""
    page = (root / PAGE).read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert all(heading.startswith(("`", NOT_SAID)) for heading in headings)
    return [heading.strip("`") for heading in headings if heading.startswith("`")]


def said(root: Path) -> str:
    """All that the program may say: literals put together as the compiler does, what is filled in as …"""
    texts = []
    for path in sorted((root / "src" / "analysis").rglob("*.py")):
        source = path.read_text(encoding="utf-8").replace("{UNTOUCHED}", "上一次的报告没有改动。")
        source = re.sub(r'"\s*\n\s*f?"', "", source)
        texts.append(re.sub(r"\{[^{}\"\n]*\}", "…", source))
    return "\n".join(texts)


@pytest.fixture(scope="module")
def sources() -> str:
    return said(ROOT)


def test_every_message_is_one_of_the_program(sources: str) -> None:
    messages = quoted(ROOT)
    assert len(messages) == len(set(messages)) > 25
    for message in messages:
        for part in message.split("…"):
            told = part.strip("：。（）， ")
            assert told in sources or told in STARTED, message


STARTED = "已中断。上一次的报告没有改动。"
"""Put together of two."""


def test_what_the_system_may_refuse_is_all_explained() -> None:
    patterns = [".*".join(map(re.escape, message.split("…"))) for message in quoted(ROOT)]
    for number in (*failures.FULL, *range(1, 40)):
        found, _ = failures.of_system(number, "x", "words")
        assert any(re.match(pattern, found) for pattern in patterns), found
    assert NOTE in (ROOT / PAGE).read_text(encoding="utf-8")
