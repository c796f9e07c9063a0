"""Every figure of a report as a table: what it says, its exact value, how it follows and from which cells."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.intake.frames import TEXT
from analysis.intake.store import as_text, save_frame, save_text
from analysis.telling.spans import Block, Chart, Figure, Report, Span, Table, spans_of

FIGURES = pa.DataFrameSchema(
    {
        "id": pa.Column(TEXT),
        "chapter": pa.Column(TEXT),
        "place": pa.Column(TEXT),
        "text": pa.Column(TEXT),
        "code": pa.Column(TEXT),
        "role": pa.Column(TEXT),
        "item": pa.Column(TEXT),
        "value": pa.Column(TEXT, nullable=True),
        "formula": pa.Column(TEXT),
        "sources": pa.Column(TEXT),
    },
    strict=True,
)
"""`value` is exact (`231/200`), none for a month; `sources` are cells as Excel writes them, a line each.

`place` is `prose` (a chart's title is prose), `table`, or `chart` for the numbers inside a picture.
"""


def figure_rows(report: Report) -> list[dict[str, object]]:
    """A row a figure, in reading order."""
    return [
        {
            "id": span.id,
            "chapter": chapter.name,
            "place": place,
            "text": span.text,
            "code": span.code,
            "role": span.role,
            "item": span.item,
            "value": None if span.value is None else str(span.value),
            "formula": span.formula,
            "sources": "\n".join(span.sources),
        }
        for chapter in report.chapters
        for block in chapter.blocks
        for place, spans in _places(block)
        for span in spans
        if isinstance(span, Figure)
    ]


def _places(block: Block) -> Iterator[tuple[str, Iterable[Span]]]:
    """The spans of a block with the place in which they stand."""
    match block:
        case Table():
            yield "table", spans_of(block)
        case Chart():
            yield "prose", block.title
            yield "chart", block.figures
        case _:
            yield "prose", block.spans


def save_figures(figures: pd.DataFrame, folder: Path, suffix: str = "") -> None:
    """Write the list of figures as parquet for programs, and as CSV that Excel opens as it is.

    `suffix` ends the files' names for another edition than the office's.
    """
    save_frame(figures, folder / f"figures{suffix}.parquet")
    save_text(as_text(figures).to_csv(index=False, lineterminator="\n"), folder / f"figures{suffix}.csv")
