"""A view: what it says, its tables and its chart, shown by a notebook as one piece."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd
from matplotlib.figure import Figure

from analysis.telling.charts import svg_of
from analysis.telling.pictures import figure_of
from analysis.telling.spans import Chart, text_of

TABLE_STYLE = "overflow-x:auto;margin:.4em 0"
STYLE = (
    "<style>.township-view th,.township-view td{text-align:left;vertical-align:top;padding:.25em .8em}"
    ".township-view th{white-space:nowrap}.township-view tbody tr{border-top:1px solid #ddd}"
    ".township-view table{border-collapse:collapse}</style>"
)


@dataclass(frozen=True, kw_only=True)
class View:
    """What a view gives.

    Attributes:
        title: what is looked at.
        sentences: what there is to say of it, as in the report.
        tables: by caption, its tables with Chinese heads; the first is the view's own.
        chart: the report's chart of it; none where there is nothing to draw.
        time_progress: share of the year that has passed, for the chart; none in a whole year.
    """

    title: str
    sentences: tuple[str, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    chart: Chart | None = None
    time_progress: float | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """The first table."""
        return next(iter(self.tables.values()))

    @property
    def figure(self) -> Figure | None:
        """The chart as a matplotlib figure; none where there is nothing to draw."""
        return None if self.chart is None else figure_of(self.chart, self.time_progress)

    def html(self) -> str:
        """The view as HTML. Everything that a department wrote is escaped; the chart is a picture with its alternative."""
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        tables = "".join(
            f'<div style="{TABLE_STYLE}"><p><strong>{escape(caption)}</strong></p>{_table(frame)}</div>'
            for caption, frame in self.tables.items()
        )
        title = f"<h3>{escape(self.title)}</h3>"
        return f'<div class="township-view">{STYLE}{title}{said}{self._picture()}{tables}</div>'

    def _picture(self) -> str:
        figure = self.figure
        if self.chart is None or figure is None:
            return ""
        picture = base64.b64encode(svg_of(figure).encode()).decode("ascii")
        alt, title = escape(self.chart.alt), escape(text_of(self.chart.title))
        return (
            f'<figure style="margin:.6em 0"><img style="max-width:100%;background:white" alt="{alt}"'
            f' src="data:image/svg+xml;base64,{picture}"><figcaption>{title}</figcaption></figure>'
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        said = "\n".join((self.title, *self.sentences))
        return {"text/html": self.html(), "text/plain": said}


def _table(frame: pd.DataFrame) -> str:
    if not len(frame):
        return "<p>没有。</p>"
    with pd.option_context("display.max_colwidth", None):  # pandas cuts long texts otherwise
        return str(frame.to_html(index=False, na_rep="—", border=0))
