"""Which charts a report has: the rows that each is drawn from, its title, which states the answer, its alternative.

The grid of departments by findings (`submissions`) is none of them: it is for the office's own page of who has
returned, not for the county. A final report has no error left in it, and what a department was asked back is the
office's business.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from analysis.telling.charts import change_chart, chart_bundle, completion_chart, parts_chart, years_chart
from analysis.telling.material import Material
from analysis.telling.pictures.change import change_picture
from analysis.telling.pictures.completion import completion_picture
from analysis.telling.pictures.villages import villages_picture
from analysis.telling.pictures.years import years_picture
from analysis.telling.spans import Chart, text_of

Bundle = tuple[dict[str, str], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A chart that a template can ask for: how it is made, how much it shows, and whether a template names its rows."""

    picture: Callable[[Material, int, Sequence[str]], Chart | None]
    most: int
    by_code: bool = False


CHARTS: dict[str, Kind] = {
    "completion": Kind(completion_picture, 30),
    "changes": Kind(change_picture, 8),
    "years": Kind(years_picture, 9),
    "villages": Kind(villages_picture, 3, by_code=True),
}
"""The charts that a template can ask for, by name."""


def chart_of(kind: str, material: Material, most: int | None = None, codes: Sequence[str] = ()) -> Chart | None:
    """A chart by its name; None where there is nothing to draw.

    Args:
        kind: one of `CHARTS`.
        material: what it is drawn from.
        most: how much it shows at most; what that counts is the kind's.
        codes: the indicators, for a kind whose rows a template names; empty for those that the kind finds.
    """
    found = CHARTS[kind]
    return found.picture(material, found.most if most is None else most, codes)


def figure_of(chart: Chart, time_progress: float | None = None) -> Figure:
    """Draw a chart.

    Args:
        chart: as `chart_of` gives it.
        time_progress: share of the year that has passed; None for a whole year.
    """
    title = text_of(chart.title)
    match chart.kind:
        case "completion":
            return completion_chart(chart.rows, title, time_progress, chart.note)
        case "changes":
            return change_chart(chart.rows, title, chart.note)
        case "villages":
            return parts_chart(chart.rows, title)
        case "years":
            return years_chart(chart.rows, title)
        case _:
            raise ValueError(f"no chart of the kind {chart.kind!r}")


def draw(chart: Chart, time_progress: float | None) -> Bundle:
    """A chart as a notebook shows it: its data by MIME type, and its metadata."""
    return chart_bundle(figure_of(chart, time_progress), text_of(chart.title), chart.alt)
