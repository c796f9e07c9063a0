"""What a notebook's run has of its kernel: by the kernel's own messages when it is ready, and how it ended."""

import time
from collections.abc import Callable
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

Message = dict[str, Any]
ASK_AGAIN = 1.0
"""Seconds without an answer after which a kernel is asked again."""
SUBSCRIBED = 0.02
"""Seconds after an answer in which its state must have come, else that channel was not connected when it was sent."""


class PromptClient(AsyncKernelClient):
    """Waits for a kernel's first answer as jupyter_client's does, less the pause after it.

    That one listens until nothing has come for 0.2 seconds, so that no message of the start is taken for a cell's. The last
    of these messages is known: the kernel says that it is idle again after our question. So this one reads up to there.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and both channels are connected.

        Args:
            timeout: seconds; none for as long as the kernel lives.

        Raises:
            RuntimeError: the kernel died, or did not answer in time.
        """
        last = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            asked = self.kernel_info()
            reply = await _first(self.shell_channel, min(time.monotonic() + ASK_AGAIN, last), _reply_to(asked))
            if reply is not None and await _first(
                self.iopub_channel, time.monotonic() + SUBSCRIBED, _idle_after(asked)
            ):
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() >= last:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")


async def _first(channel: Any, until: float, wanted: Callable[[Message], bool]) -> Message | None:
    """The first wanted message of a channel; none if it has not come by then. What comes before it is read away."""
    while (left := until - time.monotonic()) > 0:
        try:
            message: Message = await channel.get_msg(timeout=left)
        except Empty:
            return None
        if wanted(message):
            return message
    return None


def _reply_to(request: str) -> Callable[[Message], bool]:
    return lambda message: bool(message["parent_header"].get("msg_id") == request)


def _idle_after(request: str) -> Callable[[Message], bool]:
    ours = _reply_to(request)
    return lambda message: ours(message) and message["content"].get("execution_state") == "idle"


endings: list[int] = []
"""The exit codes of this process's kernels that ended by themselves, negative for a signal, the last one last."""


class RememberingManager(AsyncKernelManager):
    """The ordinary manager; whoever asks it whether the kernel lives has the answer's exit code remembered."""

    async def _async_is_alive(self) -> bool:
        if not self.has_kernel or self.provisioner is None:
            return False
        code: Any = await self.provisioner.poll()
        if code is not None:
            endings.append(int(code))
        return code is None

    is_alive = _async_is_alive
