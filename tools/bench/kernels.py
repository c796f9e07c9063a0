"""A kernel from its start to its first result: the ordinary one, and one forked from a warm process."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from clock import Measured

CODE = "import pandas, matplotlib.pyplot\nprint(pandas.DataFrame({'a': [1, 2]})['a'].sum())"
STOCK = "jupyter_client.asynchronous.AsyncKernelClient"
PATIENCE = 60


def kernels(times: int) -> dict[str, Measured]:
    """Measure both ways to start a kernel; the warm process is there already, as it is in a run."""
    from analysis.running.execute import CLIENT
    from analysis.running.kernels.spec import install
    from analysis.running.kernels.warm import ADDRESS, WarmProcess

    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        data = Path(name)
        own = install(data).name
        warm = WarmProcess()
        os.environ[ADDRESS] = warm.address
        os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        try:
            first_result(own, data, CLIENT)  # what it imports on its way up is not a kernel's start
            measured = {"stock": Measured(), "warm": Measured()}
            for _ in range(times):
                measured["stock"].seconds.append(first_result("python3", data))
                measured["warm"].seconds.append(first_result(own, data, CLIENT))
            return measured
        finally:
            del os.environ[ADDRESS]
            warm.close()


def first_result(kernel: str, data: Path, client: str = STOCK) -> float:
    """Start a kernel, have it import pandas and matplotlib and print a result, and end it.

    Args:
        kernel: a kernelspec, of this machine or below `data`.
        data: a Jupyter data folder.
        client: the class that talks to it.

    Returns:
        The seconds up to the result.
    """
    with tempfile.TemporaryDirectory(prefix="k") as sockets:
        return asyncio.run(_first_result(kernel, data, client, sockets))


async def _first_result(kernel: str, data: Path, client: str, sockets: str) -> float:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(
        kernel_name=kernel,
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(data / "kernels"), *KernelSpecManager().kernel_dirs]),
        client_class=client,
        transport="ipc",
        ip=f"{sockets}/k",
        connection_file=f"{sockets}/kernel.json",
    )
    started = time.perf_counter()
    await manager.start_kernel()
    talk = manager.client()
    talk.start_channels()
    try:
        await talk.wait_for_ready(timeout=PATIENCE)
        await talk.execute_interactive(CODE, timeout=PATIENCE, output_hook=lambda _message: None)
        return time.perf_counter() - started
    finally:
        talk.stop_channels()
        await manager.shutdown_kernel(now=True)
