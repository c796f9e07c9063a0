"""What notebooks show is the same from a forked kernel as from an ordinary one."""

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from second_scheme import bureau

from analysis.running.execute import Execution, Job, execute
from analysis.running.kernels import provisioner
from analysis.running.kernels.pool import WarmPool
from analysis.running.kernels.warm import ADDRESS, WarmProcess
from analysis.scheme import read_scheme

pytestmark = pytest.mark.slow
Both = Callable[[Path, dict[str, object]], tuple[list[Any], list[Any]]]
CHARTS = [
    "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd\nimport warnings",
    "fig, ax = plt.subplots()\nax.plot([1, 3, 2])\nax.set_title('line')",
    "plt.bar(['a', 'b'], [1, 2])\nplt.show()\nplt.figure(figsize=(2, 1))\nplt.plot(np.arange(9.0) ** 2);",
    "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = '1'\nplt.hist([1, 2, 2]);",
    "print(plt.isinteractive(), plt.get_backend(), plt.get_fignums(), plt.rcParams['figure.dpi'])\nplt.gcf().get_size_inches()",
    "frame = pd.DataFrame({f'column {n}': np.arange(80.0) * n for n in range(30)})\nprint(frame)\nframe",
    "frame.style.format('{:.1f}').set_uuid('fixed').to_html()[:500]",
    "warnings.warn('once', UserWarning, stacklevel=1)\nimport logging\nlogging.warning('said')\nlogging.getLogger('papermill').info('not')",
    "import os, sys, subprocess\nos.write(1, b'below\\n')\nprint('error', file=sys.stderr)\n_ = subprocess.run(['echo', 'child'])",
    "%pwd",
    "!echo shell",
    "get_ipython().run_line_magic('who', '')",
    "import asyncio\nawait asyncio.sleep(0)\nfrom IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))",
    "1 / 0",
]


@pytest.fixture
def both(warm: WarmProcess, tmp_path: Path, root: Path) -> Both:
    """A notebook's cells as executed from a forked and from an ordinary kernel, without times."""

    def both(notebook: Path, parameters: dict[str, object]) -> tuple[list[Any], list[Any]]:
        done: list[Execution] = []
        with WarmPool(1, warm) as pool:
            for how in ("warm", "local"):
                job = Job(how, notebook, parameters, tmp_path / f"{how}.ipynb", root)
                done.append(pool.submit(execute, job).result() if how == "warm" else execute(job))
        assert [each.provisioner for each in done] == ["warm", "local"]
        assert done[0].error == done[1].error
        return told(done[0].path), told(done[1].path)

    return both


def told(path: Path) -> list[Any]:
    """What an executed notebook shows and says of itself, but for its times, file names and memory addresses."""
    notebook = nbformat.read(path, as_version=4)
    cells = [(c.source, c.get("execution_count"), c.get("outputs"), c.metadata.get("tags")) for c in notebook.cells]
    about = {name: value for name, value in notebook.metadata.items() if name != "papermill"}
    text = json.dumps([cells, about], sort_keys=True, default=str)
    return json.loads(text)  # type: ignore[no-any-return]


def test_a_notebook_with_inline_charts(both: Both, tmp_path: Path) -> None:
    path = tmp_path / "charts.ipynb"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in CHARTS], metadata=kernel), path)
    warm, local = both(path, {})
    for forked, stock in zip(warm[0], local[0], strict=True):
        assert without_noise(forked) == without_noise(stock)
    assert warm[1] == local[1]
    kinds = [kind for cell in warm[0] for output in cell[2] or [] for kind in output.get("data", {})]
    assert kinds.count("image/png") == 3 and kinds.count("image/svg+xml") == 1


STREAM = r'"name": "(\w+)", "output_type": "stream", "text": "'


def without_noise(cell: Any) -> str:
    """A cell without what differs from one ordinary kernel to the next: number of the process, date within an SVG, and
    where a stream is cut in two, which the clock decides.
    """
    text, cut = json.dumps(cell, sort_keys=True), 1
    while cut:
        text, cut = re.subn(
            rf'({STREAM}(?:[^"\\]|\\.)*)"\}}, \{{"name": "\2", "output_type": "stream", "text": "', r"\1", text
        )
    temporary = re.escape(tempfile.gettempdir())
    return re.sub(rf'ipykernel_\d+|<dc:date>[^<]*|0x[0-9a-f]+|{temporary}/[^" ]*', "", text)


def test_the_notebooks_of_a_run(both: Both, warm: WarmProcess, root: Path, tmp_path: Path) -> None:
    """Of a bureau with three departments; the township's are the same notebooks."""
    bureau.make_bureau(tmp_path)
    places: dict[str, object] = {
        "town": bureau.TOWN,
        "period": bureau.PERIODS[-1],
        "raw": str(tmp_path / "raw"),
        "processed": str(tmp_path / "processed"),
        "scheme": str(tmp_path / "scheme"),
    }
    first, *others = (department.name for department in read_scheme(tmp_path / "scheme").departments)
    ingest = root / "notebooks" / "1_ingest.ipynb"
    with WarmPool(1, warm) as pool:
        for name in others:
            job = Job("", ingest, places | {"department": name}, tmp_path / "x.ipynb", root)
            assert pool.submit(execute, job).result().error is None
    for name, more in (("1_ingest", {"department": first}), ("2_indicators", {}), ("3_report", {})):
        forked, stock = both(root / "notebooks" / f"{name}.ipynb", places | more)
        assert forked == stock
        assert not any(output["output_type"] == "error" for cell in forked[0] for output in cell[2] or [])
    pictures = [
        kind for cell in forked[0] for output in cell[2] or [] for kind in output.get("data", {}) if "image" in kind
    ]
    assert pictures


def test_without_the_entry_point_the_ordinary_provisioner_serves(
    warm: WarmProcess, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "any.ipynb"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=[new_code_cell("1")], metadata=kernel), path)
    monkeypatch.setenv(ADDRESS, warm.address)
    monkeypatch.setattr(provisioner, "NAME", "not-installed")
    done = execute(Job("any", path, {}, tmp_path / "done.ipynb", root))
    assert done.provisioner == "local" and done.error is None
