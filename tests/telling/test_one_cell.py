"""One cell of one return changed: the figures that depend on it change, and nothing else in the report."""

import re
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import example
import openpyxl
import pandas as pd
import pytest

from analysis.telling.spans import Chart, Figure, Report, Table, spans_of, text_of
from analysis.telling.tell import Told

TOWN = Path("data") / "raw" / "qinghe"
ID = ["id", "place"]


def type_over(path: Path, sheet: str, cell: str, value: str) -> None:
    """Type over one cell of a workbook, and leave every other byte of its parts as it is (stored formula values too)."""
    place = openpyxl.load_workbook(path, read_only=True).sheetnames.index(sheet) + 1
    part = f"xl/worksheets/sheet{place}.xml"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts[part].decode()
    written = rf'(<c r="{cell}"[^>]*>(?:<v>|<is><t[^>]*>))([^<]+)'
    (old,) = (match[2] for match in re.finditer(written, text))
    assert old != value
    parts[part] = re.sub(written, lambda match: match[1] + value, text).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def type_over_line(path: Path, old: str, new: str) -> None:
    """Type over a row of a table of the office's own."""
    text = path.read_text(encoding="utf-8-sig")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8-sig")


@pytest.fixture(scope="module")
def with_cell(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, str, str], Told]:
    """The example's report of 2021, told after a cell was typed over: file, sheet, cell, value.

    Of the target book, which has no sheets: file, row as it is, row as it will be.
    """

    @cache
    def told(file: str, sheet: str, cell: str, value: str) -> Told:
        folder = tmp_path_factory.mktemp("town") / "qinghe"
        shutil.copytree(root / TOWN, folder)
        if file.endswith(".csv"):
            type_over_line(folder / file, cell, value)
        else:
            type_over(folder / "2021" / f"{file}.xlsx", sheet, cell, value)
        return example.told(root, "2021", folder.parent / "processed", folder)

    return told


def figures_of(told: Told) -> dict[tuple[str, str, int], tuple[str, str, str]]:
    """By id, place and how often it was told before: text, value and formula."""
    frame = told.figures.assign(turn=told.figures.groupby(ID).cumcount())
    assert not frame.duplicated([*ID, "turn"]).any()
    return {
        (str(row["id"]), str(row["place"]), int(row["turn"])): (
            str(row["text"]),
            "" if pd.isna(row["value"]) else str(row["value"]),
            str(row["formula"]),
        )
        for row in frame.to_dict("records")
    }


def changed_ids(before: Told, after: Told) -> set[str]:
    old, new = figures_of(before), figures_of(after)
    return {key[0] for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def texts_of(report: Report) -> list[str]:
    """The report piece by piece: paragraphs, headings, captions, each row of a table, each chart with its alternative."""
    pieces = [report.title]
    for chapter in report.chapters:
        for block in chapter.blocks:
            match block:
                case Table():
                    pieces += [block.caption, " | ".join(block.heads)]
                    pieces += [" | ".join(text_of(cell) for cell in row) for row in block.rows]
                case Chart():
                    pieces.append(text_of(block.title) + block.alt)
                case _:
                    pieces.append(text_of(block.spans))
    return pieces


def pieces_with(report: Report, ids: set[str]) -> set[int]:
    """The pieces in which one of the figures stands."""
    found: set[int] = set()
    place = 1
    for chapter in report.chapters:
        for block in chapter.blocks:
            if isinstance(block, Table):
                place += 2
                for row in block.rows:
                    if any(isinstance(span, Figure) and span.id in ids for cell in row for span in cell):
                        found.add(place)
                    place += 1
                continue
            if any(isinstance(span, Figure) and span.id in ids for span in spans_of(block)):
                found.add(place)
            place += 1
    return found


def of(code: str, *roles: str) -> set[str]:
    return {f"{code}.{role}" for role in roles}


ACTUAL = ("actual", "change", "table.actual", "table.change")
RATED = ("rate", "difference", "table.rate", "chart.rate")
SHARED = ("share", "difference", "points", "target", "base_share", "table.rate", "table.points")
"""A share, the target beside it and last year's are printed with as many decimals as their differences need."""

ONE_CELL: list[tuple[str, tuple[str, str, str, str], set[str]]] = [
    (
        "the actual of a target",
        ("经济发展办公室", "指标", "F4", "28461"),
        of("E01", *ACTUAL, *RATED, "chart.2021"),
    ),
    (
        "the actual of a missed target, told again among the problems",
        ("村镇建设办公室", "指标", "F5", "401"),
        of("B02", *ACTUAL, *RATED, "chart.2021", "chart.change"),
    ),
    ("the actual of a count", ("水利站", "指标", "F10", "2440"), of("I06", *ACTUAL)),
    ("a fact", ("应急管理办公室", "指标", "F6", "51"), of("H08", "actual", "table.actual")),
    (
        "a base, which then is not what last year's return said",
        ("水利站", "指标", "G10", "2261"),
        of("I06", "base", "change", "table.base", "table.change", "table.returned_base", "table.restated_base")
        | {"水利站.submission.warnings"},
    ),
    (
        "a target in the book, which then is not the return's",
        ("targets/2021.csv", "", "E01,,28000,", "E01,,28010,"),
        of("E01", "target", "table.target", *RATED) | {"count.errors", "经济发展办公室.submission.errors"},
    ),
    (
        "a part, which then does not add up",
        ("村镇建设办公室", "分项", "D4", "2"),
        {"B05.青禾—柳坪片区.part", "count.errors", "村镇建设办公室.submission.errors"},
    ),
    (
        "the whole of a ratio",
        ("社会治理办公室", "指标", "F4", "87"),
        of("S01", *ACTUAL, "chart.change") | of("S02", "whole_total", *SHARED),
    ),
    ("the part of a ratio", ("社会治理办公室", "指标", "F5", "89"), of("S02", "actual", "table.actual", *SHARED)),
    (
        "cases carried over",
        ("社会治理办公室", "指标", "H5", "6"),
        of("S02", "carried", "table.carried", "whole_total", *SHARED),
    ),
    (
        "what an average is of",
        ("乡村振兴办公室", "指标", "F6", "119"),
        of("P03", *ACTUAL, "chart.change") | {"P04.average"},
    ),
    ("a project's month of use", ("经济发展办公室", "项目", "H4", "2021-10"), {"E04.冷水鱼养殖基地.used_month"}),
    (
        "a late project's month, told again among the problems",
        ("经济发展办公室", "项目", "G6", "2021-10"),
        of("E04.食用菌产业园二期", "finished_month", "table.finished_month"),
    ),
    (
        "a project's investment",
        ("经济发展办公室", "项目", "I4", "861"),
        of("E04.冷水鱼养殖基地", "investment", "table.investment"),
    ),
    ("a project's progress", ("经济发展办公室", "项目", "E7", "86"), {"E04.集镇污水管网二期.progress"}),
    (
        "a target that was met falls short, and the counts of the opening follow",
        ("自然资源和生态环境办公室", "指标", "F4", "3.5"),
        of("N01", *ACTUAL, *RATED, "target", "chart.2021")
        | {"count.完成", "count.未完成", "count.chart.done", "count.chart.short"}
        | {"自然资源和生态环境办公室.submission.warnings"},
    ),
    (
        "a zero commitment is broken",
        ("社会治理办公室", "指标", "F9", "1"),
        of("S06", "actual", "change_absolute", "table.actual")
        | {"count.完成", "count.未完成", "count.zero_kept", "count.zero_broken", "社会治理办公室.submission.warnings"},
    ),
]


@pytest.mark.parametrize(("typed", "expected"), [c[1:] for c in ONE_CELL], ids=[c[0] for c in ONE_CELL])
def test_one_cell_changes_the_figures_that_depend_on_it_and_no_other(
    typed: tuple[str, str, str, str],
    expected: set[str],
    with_cell: Callable[[str, str, str, str], Told],
    told_example: Callable[[str], object],
) -> None:
    before, after = told_example("2021"), with_cell(*typed)
    assert changed_ids(before, after) == expected
    # A figure that changed knows the cell, unless it only is printed with other decimals, counts findings, or is what last
    # year's return said.
    file, sheet, cell, _ = typed
    if sheet:
        source = f"[{file}.xlsx]{sheet}!{cell}"
        fixed = {"base_share", "target", "table.target", "table.returned_base"}
        frame = after.figures[after.figures["id"].isin(expected) & ~after.figures["role"].isin(fixed)]
        frame = frame[~frame["role"].str.contains(r"submission\.|count\.", regex=True)]
        assert len(frame) and all(source in cells.split("\n") for cells in frame["sources"])


@pytest.mark.parametrize("typed", [c[1] for c in ONE_CELL], ids=[c[0] for c in ONE_CELL])
def test_one_cell_changes_the_texts_that_show_those_figures_and_no_other(
    typed: tuple[str, str, str, str],
    with_cell: Callable[[str, str, str, str], Told],
    told_example: Callable[[str], object],
) -> None:
    before, after = told_example("2021"), with_cell(*typed)
    old, new = texts_of(before.report), texts_of(after.report)
    shown = pieces_with(after.report, changed_ids(before, after))
    strange = [new[place] for place in range(len(new)) if new[place] not in old and place not in shown]
    # A problem more moves the ordinals of those after it, and nothing but the ordinals.
    unnumbered = {re.sub(r"^[一二三四五六七八九十]+是", "", text) for text in old}
    assert not [text for text in strange if re.sub(r"^[一二三四五六七八九十]+是", "", text) not in unnumbered]
    if len(old) == len(new):
        assert {place for place in range(len(new)) if new[place] != old[place]} <= shown


def test_nothing_typed_changes_nothing(root: Path, tmp_path: Path, told_example: Callable[[str], object]) -> None:
    shutil.copytree(root / TOWN, tmp_path / "qinghe")
    again = example.told(root, "2021", tmp_path / "processed", tmp_path / "qinghe")
    assert not changed_ids(told_example("2021"), again)
    assert texts_of(told_example("2021").report) == texts_of(again.report)


def test_a_figure_told_twice_changes_in_both_places(
    with_cell: Callable[[str, str, str, str], Told], told_example: Callable[[str], object]
) -> None:
    before, after = told_example("2021"), with_cell("党建工作办公室", "指标", g01_cell(told_example("2021")), "14")
    actual = [key for key in figures_of(before) if key[0] == "G01.actual"]
    assert len(actual) == 2
    assert all(figures_of(after)[key][0] == "14次" for key in actual)
    assert {"13次"} == {figures_of(before)[key][0] for key in actual}


def g01_cell(told: Told) -> str:
    (source,) = set(told.figures.loc[told.figures["id"] == "G01.actual", "sources"])
    return str(source).rpartition("!")[2]
