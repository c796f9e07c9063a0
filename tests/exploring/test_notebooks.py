"""The notebooks for the analyst: the tutorial runs, and every notebook's parameters are shown by papermill in Chinese."""

import re
from pathlib import Path

import papermill
import pytest
from click.testing import CliRunner
from papermill.cli import papermill as command

NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_papermill_shows_the_parameters_typed_and_in_chinese(name: str, root: Path) -> None:
    path = str(root / "notebooks" / f"{name}.ipynb")
    told = CliRunner().invoke(command, ["--help-notebook", path])
    assert told.exit_code == 0
    parameters = papermill.inspect_notebook(path)
    assert parameters
    for parameter in parameters.values():
        assert parameter["inferred_type_name"] == "str"
        assert re.search("[一-鿿]", parameter["help"]), parameter
        assert f"{parameter['name']}: str (default {parameter['default']})" in told.output
        assert parameter["help"][:10] in told.output


@pytest.mark.slow
def test_the_tutorial_runs(project: Path, tmp_path: Path) -> None:
    done = papermill.execute_notebook(
        str(project / "notebooks" / "tutorial.ipynb"),
        str(tmp_path / "tutorial.ipynb"),
        {"town": "qinghe", "period": "2021"},
        cwd=str(project / "notebooks"),
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    outputs = {cell.id: cell.outputs for cell in done.cells if cell.cell_type == "code"}
    assert "青禾镇" in outputs["load"][0]["data"]["text/plain"]
    assert all(
        "data:image/svg+xml" in outputs[name][0]["data"]["text/html"] for name in ("years", "department", "village")
    )
    assert "Fraction(33, 40), 'missed', Fraction(-14, 1)" in outputs["what-if-exact"][0]["data"]["text/plain"]
