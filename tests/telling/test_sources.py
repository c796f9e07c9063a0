"""Every figure leads back to a cell: the workbooks are opened again, by another library, and the cell looked up."""

import csv
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from analysis.figures.model import referred
from analysis.telling.spans import Figure, Table, spans_of


@pytest.fixture(scope="module")
def figures(told_example: Callable[[str], object]) -> list[Figure]:
    report = told_example("2021").report
    return [span for span in report.spans() if isinstance(span, Figure)]


@pytest.fixture(scope="module")
def cell_of(root: Path) -> Callable[[str], object]:
    town = root / "data" / "raw" / "qinghe"

    @cache
    def opened(file: str) -> object:
        if file.endswith(".csv"):
            with (town / file).open(encoding="utf-8-sig", newline="") as opened_file:
                return list(csv.reader(opened_file))
        return openpyxl.load_workbook(town / file if "/" in file else town / "2021" / file)

    def value(source: str) -> object:
        file, sheet, cell = referred(source)
        book = opened(file)
        if not sheet:
            column, row = re.fullmatch(r"([A-Z])(\d+)", cell).groups()
            return book[int(row) - 1][ord(column) - ord("A")]
        return book[sheet][cell].value

    return value


def test_a_figure_that_is_a_cell_is_what_stands_in_the_cell(
    figures: list[Figure], cell_of: Callable[[str], object]
) -> None:
    looked_up = 0
    for figure in figures:
        if figure.formula or len(figure.sources) != 1:
            continue
        typed = cell_of(figure.sources[0])
        if figure.value is None:  # a month, as 9月 or 2022年6月
            year, month = str(typed).split("-")
            assert figure.number in (f"{int(month)}月", f"{year}年{int(month)}月"), figure
        else:
            rate = figure.role == "target" and figure.number.endswith("%")  # a target rate is typed in per cent
            assert Fraction(str(typed)) == figure.value * (100 if rate else 1), figure
        looked_up += 1
    assert looked_up > 500


def test_every_figure_of_the_prose_has_a_source_and_a_derived_one_its_formula(
    told_example: Callable[[str], object],
) -> None:
    report = told_example("2021").report
    prose = [
        span
        for chapter in report.chapters
        for block in chapter.blocks
        if not isinstance(block, Table)
        for span in spans_of(block)
        if isinstance(span, Figure)
    ]
    assert len(prose) > 350
    for figure in prose:
        assert figure.sources, figure
        assert figure.formula or len(figure.sources) == 1, figure


def test_every_source_is_a_cell_that_is_filled_in(figures: list[Figure], cell_of: Callable[[str], object]) -> None:
    for source in {source for figure in figures for source in figure.sources}:
        assert cell_of(source) not in (None, ""), source
