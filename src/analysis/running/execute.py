"""One notebook through papermill: its parameters checked, its outputs kept, its time limited."""

import difflib
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from traitlets.config import Config

from analysis.running.broken_off import Clock, Failure, failure_of, of_cell
from analysis.running.errors import RunError
from analysis.running.kernels.preload import without_address_grammar
from analysis.running.kernels.warm import ADDRESS, LONGEST
from analysis.running.kernels.wire import answers
from analysis.running.limits import MINUTES

KERNEL = "python3"
CLIENT = "analysis.running.kernels.client.PromptClient"
START_TIMEOUT = 120
"""Seconds that a kernel may take to start on a slow office machine."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A notebook executed.

    Attributes:
        name: its name in the run.
        path: where it was kept.
        seconds: how long it took.
        error: what stopped it, if something did.
        provisioner: how its kernel was started: `warm`, forked, or `local`, the ordinary way.
        remedy: what to do about the error, where that is known.
        machine: whether the machine is to blame, as when its disk is full, and no other notebook would fare better.
    """

    name: str
    path: Path
    seconds: float
    error: str | None = None
    provisioner: str = "local"
    remedy: str = ""
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to execute: its name in the run, its file, its parameters, where the executed one goes, how long it may take."""

    name: str
    notebook: Path
    parameters: Mapping[str, object]
    output: Path
    folder: Path
    minutes: float = MINUTES


FAILED = "-出错.ipynb"
"""How the name of a failed notebook ends that is kept."""


def failed(executed: Execution, tables: Path) -> RunError:
    """The error that ends a run with a notebook that failed, which is kept where the user can look at it: the staged one
    goes with its folder.
    """
    place, kept = tables / f"{executed.name}{FAILED}", ""
    with suppress(OSError):  # on a full disk there may be no place for it
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(executed.path.read_bytes())
        kept = f"出错的笔记本在 {place}，"
    return RunError(
        f"{executed.name} 没有运行完：{executed.error}",
        f"{executed.remedy}上一次的报告没有改动。{kept}改正后重新运行即可。",
    )


def forget_failed(tables: Path) -> None:
    """Take away what earlier runs have kept of failed notebooks: it says nothing of this run."""
    for left in tables.glob(f"*{FAILED}"):
        with suppress(OSError):
            left.unlink()


def known_parameters(notebook: Path) -> dict[str, str]:
    """The parameters that a notebook declares, with their help.

    Raises:
        RunError: the notebook is missing or can't be read.
    """
    with without_address_grammar():
        import papermill

    try:
        found = papermill.inspect_notebook(_literal(notebook))
    except (OSError, ValueError) as error:
        raise RunError(f"笔记本 {notebook.name} 读不出来（{error}）", "请从备份中恢复 notebooks 文件夹") from error
    return {name: details["help"] for name, details in found.items()}


def _literal(path: Path) -> str:
    """A path as papermill has to be told it: it takes braces for places of parameters."""
    return str(path).replace("{", "{{").replace("}", "}}")


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
    """Execute one notebook and keep it; a failing cell, a kernel that dies or hangs is an `error`, not an exception.

    The kernel is forked where this process is told of a warm one (`kernels.warm.ADDRESS`), as a call of `WarmPool` is. When
    that one dies on the way, the notebook is executed again with an ordinary kernel.
    """
    address = os.environ.get(ADDRESS)
    if address is None:
        return _execute(job, warm=False)
    executed = _execute(job, warm=True)
    if executed.error is not None and executed.provisioner == "warm" and not answers(address):
        return _execute(job, warm=False)
    return executed


def _execute(job: Job, warm: bool) -> Execution:
    """Execute one notebook with a forked kernel, if one can be had, or an ordinary one."""
    with without_address_grammar():
        import papermill
        from papermill.exceptions import PapermillExecutionError

        from analysis.running.kernels.client import RememberingManager, endings

    started = time.perf_counter()
    failure = Failure()
    clock = Clock(job.minutes)
    endings.clear()
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # its failures are told here
    job.output.parent.mkdir(parents=True, exist_ok=True)
    # debugpy warns into every notebook that frozen modules are not debugged; nobody debugs here.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    with tempfile.TemporaryDirectory(prefix="k", ignore_cleanup_errors=True) as private, _provisioner(warm) as served:
        try:
            papermill.execute_notebook(
                _literal(job.notebook),
                _literal(job.output),
                dict(job.parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                log_output=False,
                cwd=str(job.folder),
                start_timeout=START_TIMEOUT,
                timeout_func=clock.left,
                kernel_manager_class=f"{RememberingManager.__module__}.{RememberingManager.__name__}",
                config=_connection(Path(private)),
                shutdown_kernel="immediate",  # all its outputs are here, all its files are closed
                extra_arguments=["--log-level=CRITICAL"],  # its failures come back as outputs; the rest is noise
            )
        except PapermillExecutionError as error:
            failure = of_cell(str(error.ename), str(error.evalue))
        except Exception as error:  # a kernel that dies or never starts comes in many exceptions
            failure = failure_of(error, clock, endings)
    seconds, how = time.perf_counter() - started, served[-1] if served else "local"
    return Execution(job.name, job.output, seconds, failure.error, how, failure.remedy, failure.machine)


@contextmanager
def _provisioner(warm: bool) -> Iterator[list[str]]:
    """Have kernels started by our provisioner, or by the ordinary one.

    Returns:
        How each kernel was started, as our provisioner notes it; empty when it was not asked.
    """
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    from analysis.running.kernels.provisioner import NAME, served

    served.clear()
    factory = KernelProvisionerFactory.instance()
    # The factory is one a process, and reads its environment variable only as it is made.
    before = factory.default_provisioner_name
    if warm and NAME in factory.provisioners:
        factory.default_provisioner_name = NAME
    try:
        yield served
    finally:
        factory.default_provisioner_name = before


def _connection(private: Path) -> Config:
    """Sockets in a folder that only this user can read, where the system has them; else loopback ports."""
    prompt = {"client_class": CLIENT}
    if os.name != "posix" or len(str(private)) > LONGEST:
        return Config({"KernelManager": prompt})
    # The path is absolute and short: a socket's name holds some hundred characters, and the kernel runs elsewhere.
    # The connection file lies with them: what a killed run leaves behind is in one place.
    files = {"transport": "ipc", "ip": str(private / "k"), "connection_file": str(private / "kernel.json")}
    return Config({"KernelManager": prompt | files})
