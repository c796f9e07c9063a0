"""Notebooks that are not ours, in the three formats."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import docx
import lxml.html
import nbformat
import papermill
import pytest
from lxml import etree
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.export import GongwenDOCXExporter, GongwenHTMLExporter

from .conftest import pdf_exporter, pictures
from .pdf_lines import opened, squeezed
from .pdf_structure import faults

KEPT = Path(__file__).parent / "notebooks"
PAPERMILL = Path(papermill.__file__).parent / "tests" / "notebooks"


def texts(notebook: NotebookNode) -> dict[str, str]:
    """The text of a notebook in each format, white space taken away; the PDF is sound."""
    pdf = pdf_exporter().from_notebook_node(notebook)[0]
    assert faults(pdf)[0] == []
    package = GongwenDOCXExporter().from_notebook_node(notebook)[0]
    word = docx.Document(io.BytesIO(package))
    notes = etree.fromstring(zipfile.ZipFile(io.BytesIO(package)).read("word/footnotes.xml"))
    html = lxml.html.document_fromstring(GongwenHTMLExporter().from_notebook_node(notebook)[0])
    found = {
        "pdf": squeezed(pdf),
        "docx": "".join(word.element.body.xpath(".//w:t/text() | .//m:t/text()")) + "".join(notes.itertext()),
        "html": html.text_content(),
    }
    return {name: re.sub(r"\s+", "", text) for name, text in found.items()}


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def of(*outputs: NotebookNode) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(f"cell{n}", outputs=[each]) for n, each in enumerate(outputs)])


def test_formulas_of_sympy_are_formulas() -> None:
    notebook = read(KEPT / "nbconvert_formulas.ipynb")
    assert all("AsimpleSymPyexample" in text for text in texts(notebook).values())
    assert faults(pdf_exporter().from_notebook_node(notebook)[0])[1]["/Formula"] == 3
    word = docx.Document(io.BytesIO(GongwenDOCXExporter().from_notebook_node(notebook)[0]))
    assert len(word.element.body.xpath(".//m:oMath")) == 3


def test_notebook_of_nbconvert_with_its_tags() -> None:
    for name, text in texts(read(KEPT / "nbconvert_numpy.ipynb")).items():
        assert "(100,100)" in text, name
        assert "hist(evs.real)" not in text, name  # tagged remove_input
        assert "ASCIIDocquirk" not in text, name  # tagged remove_cell
        assert "emptyLatexformulasblocks" in text, name


@pytest.mark.parametrize("name", ["report_mode_test", "simple_execute", "broken2", "complex_parameters"])
def test_notebooks_of_papermill(name: str) -> None:
    path = PAPERMILL / f"{name}.ipynb"
    if not path.is_file():
        pytest.skip("papermill is installed without its tests")
    assert all(text for text in texts(read(path)).values())


@pytest.mark.parametrize("name", ["1_ingest", "2_indicators"])
def test_our_own_notebooks_as_notebooks(root: Path, name: str) -> None:
    found = texts(read(root / "notebooks" / f"{name}.ipynb"))
    assert all(re.search("[一-龥]{4}", text) for text in found.values())


def test_what_is_hidden_stays_hidden() -> None:
    def cell(name: str, **metadata: object) -> NotebookNode:
        output = new_output("stream", name="stdout", text=f"输出{name}")
        return new_code_cell(f"code_{name}", outputs=[output], metadata=metadata)

    notebook = new_notebook(
        cells=[
            cell("a"),
            cell("b", tags=["remove_cell"]),
            cell("c", tags=["remove-input"]),
            cell("d", tags=["hide_output"]),
            cell("e", jupyter={"source_hidden": True}),
            cell("f", jupyter={"outputs_hidden": True}),
        ]
    )
    for name, text in texts(notebook).items():
        shown = {letter for letter in "abcdef" if f"code_{letter}" in text}, set(re.findall("输出([a-f])", text))
        assert shown == (set("adf"), set("ace")), name
    without = pdf_exporter()
    without.exclude_input = True
    assert "code_a" not in squeezed(without.from_notebook_node(notebook)[0])


def test_markdown_of_every_kind() -> None:
    picture = base64.b64decode(pictures()[1])
    attached = new_markdown_cell("![附图](attachment:p.png)\n\n![没有](nothing.png)")
    attached["attachments"] = {"p.png": {"image/png": base64.b64encode(picture).decode()}}
    words = (
        "# 标题\n\n**粗** *斜* ~~删~~ `代码` [链接](#标题)，[大小写](#A-Title)，[无处](#nowhere)，[空]()。\n\n"
        "## A Title\n\n- 一\n  - 二\n\n1. 甲\n\n> 引文\n\n"
        "| 表 | 头 |\n|---|---:|\n| 中文 | 1 |\n\n行内 $a^2$\n\n\\begin{align}x&=1\\\\y&=2\\end{align}\n\n脚注[^1]\n\n[^1]: 注文"
    )
    notebook = new_notebook(cells=[new_markdown_cell(words), attached])
    found = texts(notebook)
    for name, text in found.items():
        for word in ("粗", "斜", "代码", "链接", "大小写", "无处", "甲", "引文", "中文", "注文"):
            assert word in text, (name, word)
    for name in ("pdf", "docx"):
        assert "〔图片无法显示：没有〕" in found[name]
    assert faults(pdf_exporter().from_notebook_node(notebook)[0])[1]["/Figure"] == 1
    word = docx.Document(io.BytesIO(GongwenDOCXExporter().from_notebook_node(notebook)[0]))
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == ["附图"]


def test_outputs_of_every_kind() -> None:
    svg, png = pictures()
    traceback = ["\x1b[0;31m---\x1b[0m", "\x1b[1;32m中文.py\x1b[0m in \x1b[0;36m<module>\x1b[0m", "除数为零"]
    notebook = of(
        new_output("stream", name="stdout", text="\n\x1b[32m绿字\x1b[0m 50%\x08\x08\x08100%\x00"),  # a progress bar
        new_output("error", ename="ZeroDivisionError", evalue="除数为零", traceback=traceback),
        new_output("display_data", {"image/svg+xml": svg, "text/plain": "<Figure>"}),
        new_output("display_data", {"image/png": png, "text/plain": "<Figure>"}),
        new_output("display_data", {"image/png": '"><script>alert(1)</script>', "text/plain": "坏图"}),
        new_output("display_data", {"image/svg+xml": "<svg", "application/x-drawing": "x"}),
        new_output("display_data", {"text/latex": "$\\displaystyle \\int_0^1 x^2 dx$", "text/plain": "x"}),
        new_output("display_data", {"application/javascript": "alert(1)", "text/plain": "<JS>"}),
        new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}),
    )
    found = texts(notebook)
    for name, text in found.items():
        for word in ("绿字", "中文.pyin<module>", "除数为零", "IntSlider()", "<JS>"):
            assert word in text, (name, word)
        assert "[0;31m" not in text
    assert "坏图" in found["pdf"] and "坏图" in found["docx"]
    pdf, word = pdf_exporter().from_notebook_node(notebook)[0], GongwenDOCXExporter().from_notebook_node(notebook)[0]
    assert faults(pdf)[1]["/Figure"] == 2
    assert len(docx.Document(io.BytesIO(word)).inline_shapes) == 2


def test_undecodable_picture_does_not_stop_a_document() -> None:
    broken = base64.b64encode(b"\x89PNG\r\n\x1a\n not a picture").decode()
    good = pictures()[1]
    notebook = of(
        *(new_output("display_data", {"image/png": data, "text/plain": "f"}) for data in (broken, good)),
        new_output("stream", name="stdout", text="后文"),
    )
    pdf = pdf_exporter().from_notebook_node(notebook)[0]
    assert "〔图片无法显示：图1〕" in squeezed(pdf)
    assert "后文" in squeezed(pdf)
    assert faults(pdf)[1]["/Figure"] == 1


def test_wide_frames_and_long_lines_stay_on_the_page() -> None:
    import numpy as np
    import pandas as pd

    def frame(data: pd.DataFrame) -> NotebookNode:
        return new_output("execute_result", {"text/html": data.to_html(), "text/plain": "x"})

    values = np.random.default_rng(1).normal(size=(40, 20)).round(6)
    path = "/data/raw/some_very_long_file_name_without_any_place_to_break_it_at_all_and_on_and_on_and_on.xlsx"
    notebook = of(
        frame(pd.DataFrame(values[:5, :13], columns=[f"feature_{n}" for n in range(13)])),
        frame(pd.DataFrame(values, columns=[f"a_long_feature_name_{n}" for n in range(20)])),
        frame(pd.DataFrame({"路径": [path], "说明": ["很长的说明，在单元格里换行。" * 20]})),
        new_output("stream", name="stdout", text="A" * 300 + "\n" + "字" * 200),
    )
    notebook.cells.insert(0, new_markdown_cell(f"见 https://example.com{path}?x={path} 和 `{path}{path}`"))
    notebook.cells.append(new_code_cell(f"name = {path * 3!r}"))
    pdf = pdf_exporter().from_notebook_node(notebook)[0]
    with opened(pdf) as document:
        for page in document.pages:
            side = 26 if page.width < page.height else 37
            assert max(c["x1"] for c in page.chars) < page.width - side * 72 / 25.4 + 4
        upright = [page for page in document.pages if page.width < page.height]
        # a few rows are set small rather than given a page of their own
        assert any("feature_12" in page.extract_text() for page in upright)
        assert any(page.width > page.height and "39" in page.extract_text() for page in document.pages)
    assert path in squeezed(pdf)
    word = docx.Document(io.BytesIO(GongwenDOCXExporter().from_notebook_node(notebook)[0]))
    for table in word.tables:
        assert sum(int(width) for width in table._tbl.tblGrid.xpath("w:gridCol/@w:w")) <= 8844
    narrow, wide = word.tables[2]._tbl.tblGrid.xpath("w:gridCol/@w:w")[0::2]
    assert int(narrow) < int(wide) / 5


@pytest.mark.parametrize("character", ["\U00020bb7", "\u4dae", "\U0001f600", "\ue123", "\U00030000"])
def test_rare_character_is_printed_or_named(character: str) -> None:
    notebook = new_notebook(cells=[new_markdown_cell(f"村民{character}某")])
    pdf, resources = pdf_exporter().from_notebook_node(notebook)
    printed = squeezed(pdf)
    if resources["missing_characters"]:
        assert resources["missing_characters"] == [character]
        assert "村民〓某" in printed
    else:
        assert f"村民{character}某" in printed
