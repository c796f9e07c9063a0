"""The views with controls, for `notebooks/explore.ipynb`: what is shown follows from the controls alone."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from analysis.exploring.data import Data, load, periods
from analysis.exploring.supposing import target_codes, what_if
from analysis.exploring.view import View
from analysis.exploring.views import by_village, department_rows, indicator_over_years, numeric_codes, village_codes
from analysis.figures.exact import plain, rounded
from analysis.intake.places import USUAL, project_root
from analysis.intake.towns import towns_of

WIDE = widgets.Layout(width="min(100%, 42em)")
LABEL = {"description_width": "5em"}
LEAST, MOST = 50, 150
"""Per cent of the target between which the slider goes; any other target can be typed."""


def explore(
    town: str = "",
    period: str | int = "",
    *,
    root: str | Path | None = None,
    raw: str | Path = USUAL["raw"],
    processed: str | Path = USUAL["processed"],
    scheme: str | Path = USUAL["scheme"],
) -> widgets.VBox:
    """The controls and views of all towns and periods.

    Args:
        town, period: what is chosen at first; the first town and its latest period where there is no such.
        root, raw, processed, scheme: as for `load`.

    Raises:
        FileNotFoundError: in Chinese, where there is no project, or no town.
    """
    home = project_root() if root is None else Path(root).resolve()
    known = towns_of(home / raw)
    if not known:
        raise FileNotFoundError(f"{home / raw} 中没有乡镇（有 town.toml 的文件夹）")
    of_town = _dropdown("乡镇", [(name, name) for name in known], town)
    of_period = _dropdown("报告期", _same(periods(home / raw, of_town.value)), str(period))
    body = widgets.VBox()

    def choose_town(_: object) -> None:
        names, chosen = periods(home / raw, of_town.value), of_period.value
        of_period.unobserve(fill, "value")  # which tells nothing where the other town has a period of the same name
        of_period.options = _same(names)
        of_period.value = chosen if chosen in names else next(iter(names), None)
        of_period.observe(fill, "value")
        fill()

    def fill(_: object = None) -> None:
        try:
            if of_period.value is None:
                raise FileNotFoundError(f"{of_town.value} 还没有任何报告期的上报表")
            data = load(of_town.value, of_period.value, root=home, raw=raw, processed=processed, scheme=scheme)
        except (ValueError, OSError) as error:
            body.children = (widgets.HTML(message(error)),)
        else:
            body.children = (widgets.HTML(f"<h2>{escape(data.material.title)}</h2>"), tabs(data))

    of_town.observe(choose_town, "value")
    of_period.observe(fill, "value")
    fill()
    return widgets.VBox([widgets.HBox([of_town, of_period]), body])


def tabs(data: Data) -> widgets.Tab:
    """The four views of a town and period, a tab each."""
    scheme = data.material.scheme
    villages = village_codes(data)
    departments = _dropdown("部门", _same(each.name for each in scheme.departments))
    kinds = {
        "历年": panel([_indicators(data, numeric_codes(data))], lambda code: indicator_over_years(data, code)),
        "部门": panel([departments], lambda department: department_rows(data, department)),
        f"分{scheme.report.places}": panel([_indicators(data, villages)], lambda code: by_village(data, code)),
        "假设": _supposing(data),
    }
    return widgets.Tab(list(kinds.values()), titles=list(kinds))


def panel(controls: Sequence[Any], view: Callable[..., View]) -> widgets.VBox:
    """Controls above the view of their values, which follows each change."""
    shown = widgets.HTML()

    def update(_: object = None) -> None:
        shown.value = html_of(view, *(control.value for control in controls))

    for control in controls:
        control.observe(update, "value")
    update()
    return widgets.VBox([*controls, shown])


def html_of(view: Callable[..., View], *chosen: str | None) -> str:
    """A view of what is chosen, or why there is none."""
    try:
        if None in chosen:
            raise ValueError("这个报告期没有可选的")
        return view(*chosen).html()
    except ValueError as error:
        return message(error)


def _supposing(data: Data) -> widgets.VBox:
    """Another target, typed, or drawn as per cent of the present one."""
    code = _indicators(data, target_codes(data))
    per_cent = widgets.IntSlider(
        100, LEAST, MOST, description="现目标的%", continuous_update=False, layout=WIDE, style=LABEL
    )
    target = widgets.Text(description="假设目标", continuous_update=False, layout=WIDE, style=LABEL)

    def drawn(_: object = None) -> None:
        target.value = "" if code.value is None else _part_of(data, code.value, per_cent.value)

    def chosen(_: object) -> None:
        per_cent.value = 100
        drawn()

    drawn()
    code.observe(chosen, "value")  # before the panel's own: no view has one indicator and another's target
    shown = panel([code, target], lambda of, typed: what_if(data, of, typed))
    per_cent.observe(drawn, "value")
    return widgets.VBox([code, per_cent, *shown.children[1:]])


def _part_of(data: Data, code: str, per_cent: int) -> str:
    """Some per cent of a target, with the decimals that the indicator is returned with; empty where it has no target."""
    target, indicator = data.material.by_code[code].target, data.material.scheme[code]
    if target is None:
        return ""
    if per_cent == 100:
        return plain(target)
    decimals = 1 if indicator.kind == "ratio" else indicator.expected_decimals
    return plain(rounded(Fraction(target) * per_cent / 100, decimals))


def message(error: Exception) -> str:
    """What went wrong, as HTML; lines stay lines."""
    return f'<div role="alert" style="white-space:pre-wrap;border-left:4px solid #b45309;padding:.5em">{escape(str(error))}</div>'


def _indicators(data: Data, codes: Iterable[str]) -> Any:
    return _dropdown("指标", [(f"{code} {data.material.scheme[code].name}", code) for code in codes])


def _dropdown(label: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Any:
    values = [value for _, value in options]
    value = chosen if chosen in values else (values[0] if values else None)
    return widgets.Dropdown(options=options, value=value, description=label, layout=WIDE, style=LABEL)


def _same(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
