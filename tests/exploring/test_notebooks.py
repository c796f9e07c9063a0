"""Every notebook's parameters are shown by papermill in Chinese; `tests/documents/test_site.py` runs the tutorial."""

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
