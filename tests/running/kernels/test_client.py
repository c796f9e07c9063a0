"""When a kernel counts as ready: its own answer, and its own word that it is idle again."""

import asyncio
from queue import Empty
from typing import Any

import pytest

from analysis.running.kernels import client as module
from analysis.running.kernels.client import PromptClient


class Channel:
    """Gives its messages one after another, then says that nothing comes."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)

    async def get_msg(self, timeout: float) -> dict[str, Any]:
        if not self.messages:
            raise Empty
        return self.messages.pop(0)


def message(kind: str, request: str, **content: str) -> dict[str, Any]:
    return {"msg_type": kind, "parent_header": {"msg_id": request} if request else {}, "content": content}


class Scripted(PromptClient):
    """A client whose questions are numbered and whose channels say what the test says."""

    shell, iopub = Channel(), Channel()
    alive = True
    asked = 0

    def kernel_info(self) -> str:
        self.asked += 1
        return f"q{self.asked}"

    shell_channel = property(lambda self: self.shell)
    iopub_channel = property(lambda self: self.iopub)

    async def is_alive(self) -> bool:
        return self.alive

    def _handle_kernel_info_reply(self, reply: dict[str, Any]) -> None:
        self.version = reply["content"]["protocol_version"]


def reply(request: str) -> dict[str, Any]:
    return message("kernel_info_reply", request, protocol_version="5.4")


def idle(request: str) -> dict[str, Any]:
    return message("status", request, execution_state="idle")


def test_nothing_of_the_start_is_left_for_the_first_cell() -> None:
    told = Scripted()
    told.shell = Channel(reply("q1"))
    starting, busy = (message("status", request, execution_state="busy") for request in ("", "q1"))
    told.iopub = Channel(message("iopub_welcome", ""), starting, busy, idle("q1"), idle("next"))
    asyncio.run(told.wait_for_ready(10))
    assert (told.asked, told.version) == (1, "5.4")
    assert told.iopub.messages == [idle("next")]


def in_turn(monkeypatch: pytest.MonkeyPatch, name: str, *channels: Channel) -> None:
    """Let a channel hold what it holds after the first question, the second, and so on."""
    monkeypatch.setattr(Scripted, f"{name}_channel", property(lambda self: channels[self.asked - 1]))


def test_a_kernel_whose_state_was_not_heard_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted()
    told.shell = Channel(reply("q1"), reply("q2"))
    in_turn(monkeypatch, "iopub", Channel(), Channel(idle("q2")))
    asyncio.run(told.wait_for_ready(10))
    assert told.asked == 2
    assert told.shell.messages == []


def test_answers_to_earlier_questions_are_not_the_last_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Scripted()
    told.iopub = Channel(idle("q1"), idle("q2"))
    late = Channel(reply("q1"), reply("q2"))
    in_turn(monkeypatch, "shell", Channel(), late)
    asyncio.run(told.wait_for_ready(10))
    assert told.asked == 2
    assert late.messages == told.iopub.messages == []


def test_a_dead_kernel_is_not_waited_for() -> None:
    told = Scripted()
    told.alive = False
    with pytest.raises(RuntimeError, match="died"):
        asyncio.run(told.wait_for_ready(10))


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    with pytest.raises(RuntimeError, match="5 seconds"):
        asyncio.run(Scripted().wait_for_ready(5))
