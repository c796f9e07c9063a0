"""Which townships have returned, and how clean: a row a township, from who has returned there and with what findings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pandera.errors import SchemaError, SchemaErrors

from analysis.figures.submissions import RETURNED, SUBMISSIONS
from analysis.intake.store import load_frame
from analysis.scheme import Period
from analysis.scheme.names import below

ROLLED_UP, NOT_RETURNED, LEFT_OUT = "已汇总", "未上报", "未汇总"


@dataclass(frozen=True, slots=True)
class TownReturns:
    """A township's returns.

    Attributes:
        town: its folder.
        departments: how many departments owe a return; 0 of a township that is missing or left out.
        owed: the names of those whose return has not come or was refused.
        left_out: whether the report was told to leave it out, whatever it has returned.
        errors, warnings: findings over all departments; `waived` of the errors are covered by a waiver.
    """

    town: str
    departments: int = 0
    owed: tuple[str, ...] = ()
    errors: int = 0
    warnings: int = 0
    waived: int = 0
    left_out: bool = False

    @property
    def state(self) -> str:
        """Whether its figures are in the totals, and if not, why."""
        if self.left_out:
            return LEFT_OUT
        return ROLLED_UP if self.departments else NOT_RETURNED

    @property
    def clean(self) -> bool:
        """Whether nothing of it stands in the way of the county's final report."""
        return bool(self.departments) and self.errors <= self.waived


def returned_of(
    processed: Path, towns: Iterable[str], period: Period, left_out: Collection[str] = ()
) -> list[TownReturns]:
    """Look at each township's `submissions.parquet`; one whose indicators are not there is missing.

    Raises:
        ValueError: a table is damaged or of another version of the project; in Chinese, with its place.
    """
    return [
        TownReturns(town, left_out=True) if town in left_out else _returned(below(processed, town, str(period)), town)
        for town in towns
    ]


def _returned(folder: Path, town: str) -> TownReturns:
    path = folder / "submissions.parquet"
    if not (folder / "indicators.parquet").is_file() or not path.is_file():
        return TownReturns(town)
    try:
        rows = load_frame(path, SUBMISSIONS)
    except (OSError, pa.ArrowException) as error:
        raise ValueError(f"{path} 读不出来（{error}）。请重新运行这个乡镇的报告，或者这次不汇总它。") from error
    except (SchemaError, SchemaErrors) as error:
        raise ValueError(f"{path} 是别的版本写的，列不一样。请重新运行这个乡镇的报告。") from error
    errors, warnings, waived = (int(rows[name].sum()) for name in ("errors", "warnings", "waived"))
    owed = tuple(rows.loc[rows["state"] != RETURNED, "department"])
    return TownReturns(town, len(rows), owed, errors, warnings, waived)
