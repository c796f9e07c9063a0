"""JupyterLab as an analyst has it: `township-report lab` opens the notebook, it runs, and a choice changes the chart."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from browser import chromium

TOKEN = "of-this-test"
LAB = "from analysis.cli import main; main()"


@pytest.fixture
def lab(project: Path, tmp_path: Path) -> Iterator[str]:
    """JupyterLab's address, serving the project's folder with settings of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    options = ["--no-browser", f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--allow-root"]
    log = tmp_path / "log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-c", LAB, "lab", *options, "--ServerApp.port_retries=0"],
            cwd=project,
            env={**os.environ, **own, "IPYTHONDIR": str(tmp_path / "ipython")},
            stdout=errors,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert server.stderr is not None
        try:
            told = iter(server.stderr.readline, "")
            assert any("is running at" in line for line in told), log.read_text()
            yield f"http://127.0.0.1:{port}/?token={TOKEN}"
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.mark.slow
def test_jupyterlab_opens_runs_and_a_widget_changes_the_chart(lab: str) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 1200})
        page.goto(lab)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        assert page.url.endswith("/lab/tree/notebooks/explore.ipynb")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        charts = page.locator(".jp-OutputArea-output img")
        charts.first.wait_for()
        assert "全社会固定资产投资" in charts.first.get_attribute("alt")
        page.get_by_label("指标", exact=True).first.select_option("E06 建成设施农业大棚")
        page.locator('.jp-OutputArea-output img[alt*="建成设施农业大棚"]').first.wait_for()
        assert "建成设施农业大棚" in charts.first.get_attribute("alt")
