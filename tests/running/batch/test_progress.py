"""What whoever watches a batch is shown while it goes on."""

import io
import time

import pytest
from rich.console import Console
from rich.live import Live

from analysis.running.batch.model import Outcome, Task
from analysis.running.batch.progress import LiveTable


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> LiveTable:
    """A table of twelve townships, begun an hour ago."""
    monkeypatch.setattr(time, "monotonic", lambda: 10_000.0)
    return LiveTable(Live(console=Console(file=io.StringIO())), 12, "本机 2 个工作进程", begun=6_400.0)


def shown(watch: LiveTable) -> str:
    text = io.StringIO()
    Console(file=text, width=160).print(watch.live.get_renderable())
    return text.getvalue()


def test_the_table_counts_what_has_ended_and_names_what_runs_and_what_failed(watch: LiveTable) -> None:
    for town in ("甲", "乙", "丙", "丁", "戊", "[red]己"):
        watch.started(Task("", town, "2021"))
    watch.again(Task("", "甲", "2021"), "工作进程意外终止")
    watch.tick(2)
    assert "每分钟" not in shown(watch)
    watch.ended(Outcome("乙", "done"))
    watch.ended(Outcome("丙", "gaps", unchanged=True))
    watch.ended(Outcome("丁", "failed", "缺\n考核方案"))
    watch.ended(Outcome("戊", "done"))
    watch.tick(2)
    text = shown(watch)
    head = [word for word in text.split("\n")[0].split() if "━" not in word]
    assert " ".join(head) == "4/12 完成 2 草稿 1 失败 1 没有变化 1 重试 1"
    assert "本机 2 个工作进程，工作进程 2，已用 1:00:00，每分钟 0.1 个，约剩 2:00:00" in text
    assert "[red]己" in text and "甲" not in text
    assert "× 丁：缺 考核方案" in text


def test_of_many_that_run_some_are_named(watch: LiveTable) -> None:
    for number in range(11):
        watch.started(Task("", f"第{number}乡", "2021"))
    watch.tick(11)
    text = shown(watch)
    assert "第7乡" in text and "第8乡" not in text and "等 11 个" in text
