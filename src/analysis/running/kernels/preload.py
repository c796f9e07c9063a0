"""What the warm process imports, and what must hold before it forks."""

import builtins
import importlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

MODULES = (
    "ctypes",
    "encodings.cp437",
    "encodings.unicode_escape",
    "encodings.utf_8_sig",
    "sqlite3",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.style",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.locks",
    "tornado.queues",
    "pandas.io.formats.csvs",
    "papermill",
    "analysis.running.execute",
    "analysis.intake",
    "analysis.intake.places",
    "analysis.intake.start",
    "analysis.intake.store",
    "analysis.figures.receipts.files",
    "analysis.figures.stage",
    "analysis.figures.tables",
    "analysis.scheme.names",
    "analysis.telling.edition",
    "analysis.telling.figure_list",
    "analysis.telling.narrative",
    "analysis.telling.pictures.submissions",
    "analysis.telling.show",
    "analysis.telling.tell",
    "analysis.export.docx",
    "analysis.export.html",
    "analysis.export.pdf",
    "analysis.running.export",
)
"""What the notebooks, their execution and their export import."""
SINGLE = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # of an allocator that pyarrow brings along and does not use
}
"""Environment of the warm process: libraries that start threads as they are loaded must not."""
INLINE = "module://matplotlib_inline.backend_inline"
"""Matplotlib's backend in a kernel that names no other."""


class NotForkableError(RuntimeError):
    """The warm process has something that a child would not survive, or would do otherwise than an ordinary kernel."""


@contextmanager
def without_address_grammar() -> Iterator[None]:
    """Import without `rfc3987_syntax`, which takes 2.7 seconds to build a grammar of internationalised web addresses.

    jsonschema wants it, when it is installed, to check addresses in JSON; no notebook's schema has one. jsonschema does
    without, as where it is not installed.
    """
    name = "rfc3987_syntax"
    hidden = name not in sys.modules
    if hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's own way to say: not to be imported
    try:
        yield
    finally:
        if hidden:
            del sys.modules[name]


@contextmanager
def _as_if_in_kernel() -> Iterator[None]:
    """Import what looks whether it is in a notebook, and keeps what it has seen: pandas, for how wide it shows a frame."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def preload() -> dict[str, str]:
    """Import what notebooks import, and do once what takes long the first time.

    A module that can't be imported is left to the notebook that wants it: it fails there, and says so.

    Returns:
        What libraries have added to the environment as they were imported, as they would in a kernel.

    Raises:
        NotForkableError: see `require_forkable`.
    """
    before = set(os.environ)
    with _as_if_in_kernel():
        import pandas  # noqa: F401

    with without_address_grammar():
        for name in MODULES:
            try:
                importlib.import_module(name)
            except ImportError:
                continue
    _warm_up()
    require_forkable()
    return {name: value for name, value in os.environ.items() if name not in before}


def _warm_up() -> None:
    """Draw and show something: fonts are found, formatters imported. Without pyplot, which would choose its backend."""
    from io import BytesIO

    import pandas as pd
    import pandera.pandas as pa
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot([0, 1])
    axes.set_title("0")
    figure.savefig(BytesIO(), format="png", bbox_inches="tight")
    figure.savefig(BytesIO(), format="svg")
    frame = pd.DataFrame({"a": [1.5], "b": ["x"]})
    frame.to_html()
    frame.to_csv()
    frame.to_dict("records")
    repr(frame)
    pa.DataFrameSchema({"a": pa.Column(float)}).validate(frame)


def require_forkable() -> None:
    """See that a child can be forked.

    Raises:
        NotForkableError: there is a thread, a zmq context or an event loop; or matplotlib has chosen a backend, which it must
            do in the kernel (else its charts are drawn for nobody).
    """
    import asyncio

    import zmq

    if threading.active_count() != 1 or threads() not in (0, 1):
        raise NotForkableError("a thread is running")
    if zmq.Context._instance is not None:
        raise NotForkableError("there is a zmq context")
    if asyncio._get_running_loop() is not None or "matplotlib_inline.backend_inline" in sys.modules:
        raise NotForkableError("an event loop runs, or matplotlib has its backend")


def threads() -> int:
    """How many threads this process has, libraries' included; 0 where the system doesn't say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:")), 0)


def unlike(env: dict[str, str], cwd: str) -> str | None:
    """What an interpreter with this environment reads as it starts, and has been read otherwise here; none if all is same."""
    for name in sorted(env.keys() | os.environ.keys()):
        read_at_start = name.startswith(("PYTHON", "MPLCONFIG", "MATPLOTLIBRC", "LD_", "DYLD_")) or name == "HOME"
        if read_at_start and env.get(name) != os.environ.get(name):
            return f"{name} differs"
    if (Path(cwd) / "matplotlibrc").exists():
        return "the working directory has a matplotlibrc"
    return None
