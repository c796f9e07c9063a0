"""Starting, finding again and ending the warm process; its kernelspec; what it imports."""

import ast
import json
import os
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from analysis.running.kernels import preload, warm
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.provisioner import NAME
from analysis.running.kernels.spec import install
from analysis.running.kernels.warm import WarmProcess, address_at_hand, private_folder


@pytest.mark.slow
def test_one_a_process_until_the_source_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "_shared", None)
    monkeypatch.setattr(warm, "_retired", [])
    first = warm.warm_up()
    assert first is not None and warm.warm_up() is first
    with WarmPool(1, first) as pool:
        assert pool.submit(os.getppid).result() == first.process.pid
        monkeypatch.setattr(warm, "source_stamp", lambda: (0, 0))
        second = warm.warm_up()
        assert second is not None and second is not first
        assert pool.submit(os.getppid).result() != first.process.pid  # the first serves nobody new
    assert first.process.wait(30) == 0 and not first.folder.exists()
    assert first.failure() is None
    warm.close_warm()
    assert not second.alive() and not second.folder.exists()


@pytest.mark.slow
def test_a_kernel_is_not_kept_waiting_while_the_warm_process_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "_shared", None)
    monkeypatch.setattr(warm, "_retired", [])
    assert address_at_hand() is None  # just started
    shared = warm.warm_up()
    assert shared is not None
    with WarmPool(1, shared) as pool:
        pool.submit(os.getpid).result()
    assert address_at_hand() == shared.address
    warm.close_warm()


def test_closed_while_it_imports_it_goes_at_once() -> None:
    started = WarmProcess()
    started.close()
    assert not started.alive() and not started.folder.exists()


def test_a_long_folder_for_temporary_files_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = private_folder("warm-")
    assert len(str(folder)) <= warm.LONGEST and not list(long.iterdir())
    folder.rmdir()


def test_the_kernelspec_is_found_by_jupyter(tmp_path: Path) -> None:
    folder = install(tmp_path)
    assert json.loads((folder / "kernel.json").read_text(encoding="utf-8"))["argv"][0] == "python"
    found = KernelSpecManager(kernel_dirs=[str(tmp_path / "kernels")]).get_kernel_spec(NAME)
    assert found.metadata["kernel_provisioner"]["provisioner_name"] == NAME


@pytest.mark.parametrize("name", preload.MODULES)
def test_every_module_to_be_imported_is_there(name: str) -> None:
    assert find_spec(name) is not None


def test_what_the_notebooks_import_is_imported_beforehand(root: Path) -> None:
    for path in sorted((root / "notebooks").glob("[123]_*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        wanted = {node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
        assert {name for name in wanted if name.startswith("analysis")} <= {*preload.MODULES, "analysis.scheme"}


def test_the_grammar_of_addresses_is_hidden_only_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rfc3987_syntax", raising=False)
    with preload.without_address_grammar(), pytest.raises(ImportError):
        import rfc3987_syntax  # noqa: F401
    assert "rfc3987_syntax" not in sys.modules


def test_what_forbids_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preload.threading, "active_count", lambda: 1)
    monkeypatch.setattr(preload, "threads", lambda: 1)
    monkeypatch.setattr("zmq.Context._instance", None)
    monkeypatch.delitem(sys.modules, "matplotlib_inline.backend_inline", raising=False)
    preload.require_forkable()
    for what, value, why in (
        (f"{preload.__name__}.threads", lambda: 2, "thread"),
        ("zmq.Context._instance", object(), "zmq"),
        ("asyncio._get_running_loop", object, "event loop"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(what, value)
            with pytest.raises(preload.NotForkableError, match=why):
                preload.require_forkable()


def test_the_kernelspec_is_installed_by_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["spec", str(tmp_path)])
    monkeypatch.delitem(sys.modules, install.__module__)
    runpy.run_module(install.__module__, run_name="__main__")
    assert Path(capsys.readouterr().out.strip(), "kernel.json").is_file()
