"""Who runs the townships: processes of this machine, or a Dask cluster; to a batch both are `concurrent.futures`."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.running.batch.model import BatchError
from analysis.running.batch.pools import LocalWorkers
from analysis.running.batch.store import INSTALL

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 15
ASK_SECONDS = 2.0


@dataclass(frozen=True)
class Workers:
    """An executor, and what a batch has to know of it.

    Attributes:
        executor: takes the calls.
        count: how many calls it runs at a time, now; a cluster grows and shrinks.
        deaths: how many workers an error says have died of a call; 0 for any other error.
        dashboard: the address of Dask's dashboard; empty where there is none.
        where: for the user.
    """

    executor: Executor
    count: Callable[[], int]
    deaths: Callable[[BaseException], int]
    dashboard: str = ""
    where: str = ""


@contextmanager
def local_workers(workers: int) -> Iterator[Workers]:
    """Processes of this machine; an error or Ctrl-C ends them."""
    executor = LocalWorkers(workers)
    try:
        yield Workers(executor, lambda: workers, _deaths, where=f"本机 {workers} 个工作进程")
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of a Dask cluster; on an error or Ctrl-C what waits is taken back, and what runs there ends by itself.

    Args:
        address: the scheduler's, `tcp://host:8786`.

    Raises:
        BatchError: it can't be reached, or nobody works there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise BatchError("没有安装 Dask", f"请先安装：{INSTALL}") from error
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they have to say is told by errors, and in Chinese
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise BatchError(
            f"连不上调度器 {address}（{error}）",
            "请检查地址和防火墙；调度器用 dask scheduler 启动，工作进程用 dask worker 启动",
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise BatchError(
                f"调度器 {address} 上没有工作进程", f"请先启动：dask worker {address} --nthreads 1"
            ) from error
        # Not pure: Dask would answer a second call of the same arguments from memory.
        executor = client.get_executor(pure=False)
        where = f"Dask 集群 {address}"
        with _closing(executor):
            yield Workers(executor, _Counted(client), _cluster_deaths, client.dashboard_link, where)
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=CONNECT_SECONDS)


@contextmanager
def _closing(executor: Executor) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(Exception):  # the scheduler may be what has failed
            executor.shutdown(wait=False)


class _Counted:
    """How many calls a cluster runs at a time, asked every other second."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._asked, self._count = -ASK_SECONDS, 0

    def __call__(self) -> int:
        if time.monotonic() - self._asked >= ASK_SECONDS:
            try:
                self._count = sum(self._client.nthreads().values())
            except Exception as error:  # of several libraries
                raise BatchError("和调度器的连接断了", "请检查调度器，再运行同一条命令，已完成的不再运行") from error
            self._asked = time.monotonic()
        return self._count


def _deaths(error: BaseException) -> int:
    return int(isinstance(error, BrokenExecutor))


def _cluster_deaths(error: BaseException) -> int:
    """Dask itself tries again on other workers, and tells when it gives up."""
    from distributed import KilledWorker

    return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 0
