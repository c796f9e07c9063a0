"""Which parts of a notebook belong to the document: a report's marked outputs; of another all that its author does not hide."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.export.errors import ExportError
from analysis.export.facts import FACTS_MIME, DocumentFacts

MARK = "gongwen"
"""The key of an output's metadata that makes it part of a report."""


class ReportOutputs(Preprocessor):
    """Reduce a report notebook to its prose blocks and charts, and collect the document's facts.

    A notebook that displays no facts is an ordinary one and stays as it is.
    """

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Keep what belongs to the document; put its facts into ``resources["gongwen"]``."""
        facts = _facts_displayed(nb)
        if facts is None:
            name = str(resources.get("metadata", {}).get("name", ""))
            resources[MARK] = DocumentFacts.of_ordinary_notebook(nb.metadata, name)
            return nb, resources
        resources[MARK] = facts
        # Analysts' code and notes stay in the notebook; the report is told by its marked outputs alone.
        nb.cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        for number, cell in enumerate(nb.cells, start=1):
            cell.outputs = [output for output in cell.outputs if _belongs(output, number)]
            cell.metadata["transient"] = {"remove_source": True}
        nb.cells = [cell for cell in nb.cells if cell.outputs]
        if not nb.cells:
            raise ExportError("报告没有正文", "notebook 的输出", "请重新运行报告 notebook，再导出")
        return nb, resources


def _facts_displayed(nb: NotebookNode) -> DocumentFacts | None:
    found = [
        output.data[FACTS_MIME]
        for cell in nb.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if FACTS_MIME in output.get("data", {})
    ]
    if not found:
        return None
    if any(other != found[0] for other in found[1:]):
        raise ExportError("报告的基本信息出现了互相矛盾的两份", f"notebook 输出 {FACTS_MIME}", "请只保留一份")
    return DocumentFacts.from_display(found[0])


def _belongs(output: NotebookNode, number: int) -> bool:
    if output.output_type == "error":
        raise ExportError(
            f"报告 notebook 运行出错：{output.get('ename', '')} {output.get('evalue', '')}".strip(),
            f"第 {number} 个代码单元格",
            "请排除错误，重新运行后再导出",
        )
    mark = output.get("metadata", {}).get(MARK)
    if not isinstance(mark, dict):
        return False
    role = mark.get("role", "chart" if "alt" in mark else "prose")
    needed = {"prose": ("text/html", "text/markdown"), "chart": ("image/svg+xml", "image/png")}.get(role)
    if needed is None:
        raise ExportError(f"不认识的输出类别 {role!r}", f"第 {number} 个代码单元格", "类别只能是 prose 或 chart")
    missing = [mime for mime in needed if mime not in output.get("data", {})]
    if missing:
        raise ExportError(
            f"输出缺少 {'、'.join(missing)}", f"第 {number} 个代码单元格", "同一段正文或图表须同时给出各种格式"
        )
    if role == "chart" and not str(mark.get("alt") or "").strip():
        raise ExportError("图表没有文字说明（alt）", f"第 {number} 个代码单元格", "请为图表写一句替代文字")
    mark["role"] = role
    return True


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
