"""One notebook through papermill: its parameters checked, its outputs kept, its failure told in Chinese."""

import difflib
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from analysis.running.errors import RunError

KERNEL = "python3"
START_TIMEOUT = 120
"""Seconds that a kernel may take to start on a slow office machine."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A notebook executed: where it was kept, how long it took, and the error that stopped it, if one did."""

    name: str
    path: Path
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to execute: its name in the run, its file, its parameters, and where the executed one goes."""

    name: str
    notebook: Path
    parameters: Mapping[str, object]
    output: Path
    folder: Path


def known_parameters(notebook: Path) -> dict[str, str]:
    """The parameters that a notebook declares, with their help.

    Raises:
        RunError: the notebook is missing or can't be read.
    """
    import papermill

    try:
        found = papermill.inspect_notebook(str(notebook))
    except (OSError, ValueError) as error:
        raise RunError(f"笔记本 {notebook.name} 读不出来（{error}）", "请从备份中恢复 notebooks 文件夹") from error
    return {name: details["help"] for name, details in found.items()}


def check_parameters(given: Iterable[str], notebooks: Iterable[Path]) -> None:
    """See that every parameter is known to one of the notebooks; papermill itself only warns.

    Raises:
        RunError: naming the nearest known parameter.
    """
    known: dict[str, str] = {}
    for notebook in notebooks:
        known |= known_parameters(notebook)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"是否是“{near[0]}”？" if near else ""
            raise RunError(f"没有“{name}”这个参数。{hint}", f"可用的参数：{'、'.join(known)}")


def execute(job: Job) -> Execution:
    """Execute one notebook and keep it; a failing cell is an `error`, told by its exception, not an exception."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    started = time.perf_counter()
    error = None
    job.output.parent.mkdir(parents=True, exist_ok=True)
    # debugpy warns into every notebook that frozen modules are not debugged; nobody debugs here.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        with tempfile.TemporaryDirectory(prefix="k") as private:
            papermill.execute_notebook(
                str(job.notebook),
                str(job.output),
                dict(job.parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                log_output=False,
                cwd=str(job.folder),
                start_timeout=START_TIMEOUT,
                config=_transport(Path(private)),
                extra_arguments=["--log-level=CRITICAL"],  # its failures come back as outputs; the rest is noise
            )
    except PapermillExecutionError as failed:
        error = str(failed.evalue) or failed.ename
    except Exception as failed:  # a kernel that dies or never starts comes in many exceptions
        error = f"{type(failed).__name__}：{failed}"
    return Execution(job.name, job.output, time.perf_counter() - started, error)


def _transport(private: Path) -> Config:
    """Sockets in a folder that only this user can read, where the system has them; else loopback ports."""
    if os.name != "posix":
        return Config()
    # The path is absolute and short: a socket's name holds some hundred characters, and the kernel runs elsewhere.
    return Config({"KernelManager": {"transport": "ipc", "ip": str(private / "k")}})


def submit(executor: Executor, jobs: Iterable[Job]) -> list[Future[Execution]]:
    """Give notebooks to an executor, each to a process of its own working directory and figures."""
    return [executor.submit(execute, job) for job in jobs]
