"""A kernel manager that remembers how its kernel ended."""

from typing import Any

from jupyter_client.manager import AsyncKernelManager

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
