"""What authors of notebooks hide, by the usual tags and by folding, is hidden in print."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets.config import Config


def _spelled(*names: str) -> set[str]:
    """Jupyter Book writes hyphens, nbconvert's documentation underscores."""
    return {spelling for name in names for spelling in (name, name.replace("_", "-"))}


HIDING_TAGS = Config(
    {
        "TagRemovePreprocessor": {
            "enabled": True,
            "remove_cell_tags": _spelled("remove_cell", "hide_cell"),
            "remove_input_tags": _spelled("remove_input", "hide_input"),
            "remove_all_outputs_tags": _spelled("remove_output", "hide_output"),
        }
    }
)
"""nbconvert knows no tag unless it is told; these are the ones that its documentation and Jupyter Book use."""


class FoldedCells(Preprocessor):
    """Leave out what JupyterLab shows folded: papermill's report mode folds the code of every cell."""

    enabled = True

    def preprocess_cell(
        self,
        cell: NotebookNode,
        resources: dict[str, Any],
        index: int,  # noqa: ARG002  # nbconvert gives it
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Take away a cell's folded source or outputs."""
        folded = cell.metadata.get("jupyter", {})
        if cell.cell_type == "code" and folded.get("source_hidden"):
            cell.metadata["transient"] = {**cell.metadata.get("transient", {}), "remove_source": True}
        if cell.cell_type == "code" and folded.get("outputs_hidden"):
            cell.outputs = []
        return cell, resources
