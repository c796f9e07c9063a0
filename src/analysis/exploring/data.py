"""What a run has written of a town and period, as typed frames, and the records that the report was told from."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from analysis.exploring.columns import COLUMNS
from analysis.figures.model import from_frame, schema_of
from analysis.figures.submissions import SUBMISSIONS
from analysis.figures.tables import RECORDS
from analysis.intake.frames import FINDINGS
from analysis.intake.places import USUAL, project_root
from analysis.intake.store import load_frame
from analysis.intake.towns import periods_of, towns_of
from analysis.intake.whole import is_whole
from analysis.scheme import Indicator, Period, read_facts, read_scheme
from analysis.scheme.names import below
from analysis.telling.figure_list import FIGURES
from analysis.telling.material import Material

SCHEMAS: Mapping[str, pa.DataFrameSchema] = {
    **{name: schema_of(record) for name, record in RECORDS.items()},
    "findings": FINDINGS,
    "submissions": SUBMISSIONS,
    "figures": FIGURES,
}
"""The frames of `Data`, and the columns and types of each."""


class NotComputedError(FileNotFoundError):
    """There is no data yet, or not of one run, or of another version; the message is Chinese and names the command to run."""


@dataclass(frozen=True)
class Data:
    """The data of a town and period.

    Every frame is the caller's own: views are made from `material`, whatever is done to a frame. `COLUMNS` and
    `columns` say what each column means. Figures are exact decimals, rates fractions as text (`Fraction("231/200")`).

    Attributes:
        material: the same as records, with scheme and facts, as the report is told from.
        folder: the folder that it was read from.
        again: the command that makes the data anew.
        indicators: a row an indicator, assessed (指标).
        parts: a row a part of a total (分项): villages, projects, categories.
        projects: a row a project (项目).
        duties: a row a duty (履职事项).
        texts: a row a paragraph of a department's words (文字).
        problems: a row a problem found by rule (存在的问题).
        past: a row an indicator and year (历年).
        findings: a row a finding (审核问题).
        submissions: a row a department (上报情况).
    """

    material: Material
    folder: Path
    again: str
    indicators: pd.DataFrame
    parts: pd.DataFrame
    projects: pd.DataFrame
    duties: pd.DataFrame
    texts: pd.DataFrame
    problems: pd.DataFrame
    past: pd.DataFrame
    findings: pd.DataFrame
    submissions: pd.DataFrame

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure of the report (数字) with its value, formula and cells.

        Raises:
            NotComputedError: the report has not been written yet.
        """
        return _frame("figures", self.folder, self.again)

    @property
    def names(self) -> pd.Series:
        """The names of the period's indicators by code."""
        asked = self.material.scheme.in_year(self.material.facts.period.year)
        return pd.Series({indicator.code: indicator.name for indicator in asked}, name="name", dtype="string")

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A copy of a frame that has a `code`, with the indicator's `name` and `unit` right behind it."""
        by_code, copy = self.material.scheme.by_code, frame.copy()
        place = list(copy.columns).index("code")
        for offset, column in enumerate(("name", "unit"), 1):
            said = [getattr(by_code.get(code), column, None) for code in copy["code"].astype(object)]
            copy.insert(place + offset, column, pd.Series(said, index=copy.index, dtype="string"))
        return copy

    @staticmethod
    def columns(frame: str) -> pd.DataFrame:
        """What the columns of a frame mean: a row a column with its type, in Chinese.

        Raises:
            ValueError: in Chinese, where there is no frame of that name.
        """
        if frame not in COLUMNS:
            raise ValueError(f"没有“{frame}”这张表，有：{'、'.join(COLUMNS)}")
        types = {name: str(column.dtype) for name, column in SCHEMAS[frame].columns.items()}
        return pd.DataFrame([{"列": name, "类型": types[name], "含义": text} for name, text in COLUMNS[frame].items()])

    def indicator(self, code: str) -> Indicator:
        """An indicator of the period by its code.

        Raises:
            ValueError: in Chinese, where the period has none of that code.
        """
        if code not in self.material.by_code:
            year = self.material.facts.period.year
            raise ValueError(f"{year}年没有编码为“{code}”的指标，全部编码见 data.names")
        return self.material.scheme[code]


def load(
    town: str,
    period: str | int,
    *,
    root: str | Path | None = None,
    raw: str | Path = USUAL["raw"],
    processed: str | Path = USUAL["processed"],
    scheme: str | Path = USUAL["scheme"],
) -> Data:
    """Load what the last run has written of a town and period.

    Args:
        town: the town's folder below `raw`.
        period: `2021`, or `2021-09` for January to September.
        root: the project's folder; the one that the working directory lies in where not given.
        raw, processed, scheme: the folders of returns, tables and scheme, relative to `root` or absolute.

    Raises:
        NotComputedError: no run has written them yet, one has broken off, or one of another version has.
        ValueError: in Chinese, where there is no such town, or the period cannot be read.
        SchemeError: the scheme or the town's facts hold mistakes.
    """
    when = Period.parse(period)
    home = project_root() if root is None else Path(root).resolve()
    known = towns_of(home / raw)
    if town not in known:  # a town is one of these names, never a path
        raise ValueError(f"{home / raw} 中没有乡镇“{town}”，有：{'、'.join(known) or '（没有）'}")
    again = command(town, when, raw=raw, processed=processed, scheme=scheme)
    folder = below(home / processed, town, str(when))
    frames = {name: _frame(name, folder, again) for name in SCHEMAS if name != "figures"}
    assessed = read_scheme(home / scheme)
    facts = read_facts(below(home / raw, town), when, assessed)
    records: list[list[Any]] = [from_frame(frames[name], record) for name, record in RECORDS.items()]
    material = Material(assessed, facts, *records)  # type: ignore[arg-type]  # each has its record in RECORDS
    return Data(material, folder, again, **frames)


def periods(raw: Path, town: str) -> list[str]:
    """The periods of which a town has returns, the latest first."""
    return [str(period) for period in reversed(periods_of(below(raw, town)))]


def command(town: str, period: Period, **folders: str | Path) -> str:
    """The command that makes the data of a town and period."""
    others = [f"--{name} {shlex.quote(str(path))}" for name, path in folders.items() if str(path) != USUAL[name]]
    return " ".join(["township-report run", f"--town {shlex.quote(town)}", f"--period {period}", *others])


def _frame(name: str, folder: Path, again: str) -> pd.DataFrame:
    if not is_whole(folder):
        why = "有一次运行正在进行，或者中断了"
        raise NotComputedError(f"{folder.name} 的数据只写了一半（{why}）。请等它结束，或者重新运行：\n{again}")
    try:
        return load_frame(folder / f"{name}.parquet", SCHEMAS[name])
    except FileNotFoundError as error:
        raise NotComputedError(
            f"还没有这个乡镇、这个报告期的数据（{folder.name} 的 {name}）。请先运行：\n{again}"
        ) from error
    except (SchemaError, SchemaErrors) as error:
        raise NotComputedError(
            f"{folder.name} 的 {name} 是别的版本写的，列不一样。请重新运行：\n{again} --force"
        ) from error
