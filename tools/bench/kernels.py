"""A kernel from its start to its first result: the ordinary one, and one forked from a warm process."""

import os
import tempfile
import time
from pathlib import Path

from clock import Measured

CODE = "import pandas, matplotlib.pyplot\nprint(pandas.DataFrame({'a': [1, 2]})['a'].sum())"
PATIENCE = 60


def kernels(times: int) -> dict[str, Measured]:
    """Measure both ways to start a kernel; the warm process is there already, as it is in a run."""
    from analysis.running.kernels.spec import install
    from analysis.running.kernels.warm import ADDRESS, WarmProcess

    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        data = Path(name)
        own = install(data).name
        warm = WarmProcess()
        os.environ[ADDRESS] = warm.address
        os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        try:
            first_result(own, data)  # what it imports on its way up is not a kernel's start
            measured = {"stock": Measured(), "warm": Measured()}
            for _ in range(times):
                measured["stock"].seconds.append(first_result("python3", data))
                measured["warm"].seconds.append(first_result(own, data))
            return measured
        finally:
            del os.environ[ADDRESS]
            warm.close()


def first_result(kernel: str, data: Path) -> float:
    """Start a kernel, have it import pandas and matplotlib and print a result, and end it.

    Returns:
        The seconds up to the result.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    with tempfile.TemporaryDirectory(prefix="k") as sockets:
        specs = KernelSpecManager(kernel_dirs=[str(data / "kernels"), *KernelSpecManager().kernel_dirs])
        manager = KernelManager(
            kernel_name=kernel,
            kernel_spec_manager=specs,
            transport="ipc",
            ip=f"{sockets}/k",
            connection_file=f"{sockets}/kernel.json",
        )
        started = time.perf_counter()
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            client.execute_interactive(CODE, timeout=PATIENCE, output_hook=lambda _message: None)
            return time.perf_counter() - started
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
            manager.cleanup_resources()
