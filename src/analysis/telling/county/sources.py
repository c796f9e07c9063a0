"""Where a total leads back to: the townships' own cells, or, of many townships, the list of their contributions."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from analysis.figures.county.assessed import TOTALS
from analysis.figures.county.contributions import COLUMNS, Detail
from analysis.figures.exact import plain
from analysis.figures.model import reference, referred
from analysis.telling.county.material import CELLS_SHOWN, CountyMaterial
from analysis.telling.spans import Block, Chapter, Chart, Figure, Spans, Table


def cell_of(material: CountyMaterial, town: str, source: str) -> str:
    """A township's cell as the county names it: `[青禾镇 财政所.xlsx]指标!F5`."""
    file, sheet, cell = referred(source)
    return reference(f"{material.names_of_towns[town]} {file}", sheet, cell)


def listed_in(material: CountyMaterial, code: str, column: str, year: int | None = None) -> str:
    """The place in the list of contributions where an indicator's figures stand, a line a township.

    Args:
        material: the county's.
        code: the indicator.
        column: the head of the column.
        year: the year of the lines, of an earlier one than the report's.
    """
    lines = code if year in (None, material.facts.period.year) else f"{code} {year}年"
    return reference(material.contributions, lines, column)


def traced(material: CountyMaterial, chapter: Chapter) -> Chapter:
    """A chapter whose totals lead back to the townships' figures."""
    return replace(chapter, blocks=tuple(_block(material, block) for block in chapter.blocks))


def _block(material: CountyMaterial, block: Block) -> Block:
    match block:
        case Table():
            rows = tuple(tuple(_spans(material, cell) for cell in row) for row in block.rows)
            return replace(block, rows=rows)
        case Chart():
            figures = tuple(_figure(material, figure) for figure in block.figures)
            return replace(block, title=_spans(material, block.title), figures=figures)
    return replace(block, spans=_spans(material, block.spans))


def _spans(material: CountyMaterial, spans: Spans) -> Spans:
    return tuple(_figure(material, span) if isinstance(span, Figure) else span for span in spans)


def _figure(material: CountyMaterial, figure: Figure) -> Figure:
    totals = [source for source in figure.sources if source.startswith(f"[{TOTALS}]")]
    if not totals:
        return figure
    found: dict[str, None] = {}
    for source in figure.sources:
        found |= dict.fromkeys(_cells(material, source) if source in totals else [source])
    formula = figure.formula or _sum(material, totals[0])
    return replace(figure, sources=tuple(found), formula=formula)


def _parsed(source: str) -> tuple[str, str, str]:
    """Code, set of townships and figure of a total's source."""
    _, place, name = referred(source)
    code, _, basis = place.partition(".")
    return code, basis, name


def _cells(material: CountyMaterial, source: str) -> Iterator[str]:
    code, basis, name = _parsed(source)
    if not _few(material):
        yield listed_in(material, code, COLUMNS[name])
        return
    for detail in _of(material, code, basis):
        if name in detail.cells and (name != "planned_month" or detail.state == "not_due"):
            yield cell_of(material, detail.town, detail.cells[name])


def _sum(material: CountyMaterial, source: str) -> str:
    """How a total comes about: `3个乡镇之和：1 + 2 + 3`; of townships without the figure nothing was added.

    Raises:
        ValueError: the townships' figures don't add up to the total; in Chinese.
    """
    code, basis, name = _parsed(source)
    if material.scheme[code].kind == "ratio" and name == "target":
        return "各乡镇的目标率相同"
    if name == "planned_month":
        return "还没有完成的乡镇都计划在这个月完成"
    if not _few(material):
        return f"{getattr(material.total(code), basis).towns}个乡镇之和，逐个列在 {material.contributions}"
    figures = [detail.figures[name] for detail in _of(material, code, basis) if name in detail.figures]
    total = getattr(getattr(material.total(code), basis), name)
    if sum(map(Fraction, figures)) != Fraction(total):
        raise ValueError(
            f"{code} 的{COLUMNS[name]}合计{plain(total)}，与各乡镇之和（{' + '.join(map(plain, figures))}）不符，不能写进报告"
        )
    return f"{len(figures)}个乡镇之和：{' + '.join(map(plain, figures))}"


def _few(material: CountyMaterial) -> bool:
    return len(material.returned) - len(material.missing) <= CELLS_SHOWN


def _of(material: CountyMaterial, code: str, basis: str) -> list[Detail]:
    """The townships' figures that went into a total over a set of them."""
    ratio = material.scheme[code].kind == "ratio"
    found = [material.details.get((town, code)) for town in material.names_of_towns]
    return [detail for detail in found if detail is not None and detail.is_in(basis, ratio)]
