"""The townships' tables of indicators as batches, one after another, so that memory holds a few of them at a time.

Two layouts are read: `processed/<town>/<period>/indicators.parquet`, as stage 2 writes it, and, for very many townships, a
data set partitioned as `year=…/county=…`, which `write_dataset` makes of the first.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from analysis.intake.whole import beside
from analysis.scheme import Period
from analysis.scheme.names import below

FIGURES = ("target", "actual", "base", "whole", "whole_base", "carried", "base_carried")
"""The figures of an indicator that are added up."""
WANTED = ("code", "state", "outcome", *FIGURES, "rate", "base_share", "zero_years", "planned_month")
"""The columns that a roll-up needs."""
CELLS = {**{name: f"{name}_source" for name in FIGURES}, "planned_month": "planned_source"}
"""The columns with the cells of the figures, and of the month in which a target is planned."""
AT_ONCE = 32
"""Townships in a batch: large enough to compute on, small enough to be nothing."""
ROWS_AT_ONCE = 8192
FILE = "indicators.parquet"
DECIMAL = pa.decimal128(38, 18)
KINDS = {**dict.fromkeys(FIGURES, DECIMAL), "zero_years": pa.int64(), "year": pa.int32()}


class Partitions(Protocol):
    """Where the townships' tables lie."""

    def batches(self, columns: Sequence[str], towns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """The rows in batches, with the columns and `town` and `year`; of some townships only, where `towns` says so."""


@dataclass(frozen=True)
class Folders:
    """`<processed>/<town>/<period>/indicators.parquet`; townships without it are passed over.

    Attributes:
        processed: the folder of the townships' folders.
        towns: the folders' names, in the order of the report.
        periods: the periods to read.
    """

    processed: Path
    towns: tuple[str, ...]
    periods: tuple[Period, ...]

    def file(self, town: str, period: Period) -> Path:
        """The table of a township."""
        return below(self.processed, town, str(period), FILE)

    def batches(self, columns: Sequence[str], towns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """See `Partitions`.

        Raises:
            ValueError: a table is damaged or of another version of the project; in Chinese, with its place.
        """
        some = None if towns is None else set(towns)
        for period in self.periods:
            files = [(town, self.file(town, period)) for town in self.towns if some is None or town in some]
            there = [(town, path) for town, path in files if path.is_file()]
            for start in range(0, len(there), AT_ONCE):
                few = there[start : start + AT_ONCE]
                yield pa.concat_tables([_read(path, town, period.year, columns) for town, path in few])


def _read(path: Path, town: str, year: int, columns: Sequence[str]) -> pa.Table:
    try:
        with pq.ParquetFile(path) as file:
            table = file.read(columns=list(columns), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise ValueError(f"{path} 读不出来（{error}）。请重新运行这个乡镇的报告，或者这次不汇总它。") from error
    if table.num_columns != len(columns):
        left_out = "、".join(sorted(set(columns) - set(table.column_names)))
        raise ValueError(f"{path} 是别的版本写的，没有 {left_out} 这几列。请重新运行这个乡镇的报告。")
    table = table.append_column("town", pa.repeat(pa.scalar(town), table.num_rows))
    return in_types(table.append_column("year", pa.repeat(pa.scalar(year, pa.int32()), table.num_rows)))


def in_types(table: pa.Table) -> pa.Table:
    """The table with its columns in the types that a roll-up computes with, whatever wrote it."""
    fields = [(name, KINDS.get(name, pa.string())) for name in table.column_names]
    return pa.table({name: table.column(name).cast(kind) for name, kind in fields})


@dataclass(frozen=True)
class Dataset:
    """A data set partitioned as `year=…/county=…`.

    Attributes:
        root: its folder.
        county: the county to read.
        years: the years to read.
    """

    root: Path
    county: str
    years: tuple[int, ...]

    def batches(self, columns: Sequence[str], towns: Iterable[str] | None = None) -> Iterator[pa.Table]:
        """See `Partitions`."""
        stored = ds.dataset(self.root, format="parquet", partitioning=_partitioning())
        wanted = (ds.field("county") == self.county) & ds.field("year").isin(list(self.years))
        if towns is not None:
            wanted &= ds.field("town").isin(list(towns))
        names = [*columns, "town", "year"]
        for batch in stored.to_batches(
            columns=names,
            filter=wanted,
            batch_size=ROWS_AT_ONCE,
            batch_readahead=1,
            fragment_readahead=1,
            use_threads=False,
        ):
            if batch.num_rows:
                yield in_types(pa.Table.from_batches([batch]))


def _partitioning() -> ds.Partitioning:
    return ds.partitioning(pa.schema([("year", pa.int32()), ("county", pa.string())]), flavor="hive")


def write_dataset(partitions: Partitions, root: Path, county: str) -> None:
    """Write townships' tables as a data set partitioned by year and county, batch after batch; what was there goes.

    Raises:
        ValueError: a year comes again after another: it would be written twice.
    """
    names = [*WANTED, *CELLS.values()]
    schema = pa.schema([(name, KINDS.get(name, pa.string())) for name in [*names, "town"]])
    written: list[int] = []
    with ExitStack() as open_files:
        for table in partitions.batches(names):
            for year in pc.unique(table["year"]).to_pylist():
                if year not in written:
                    open_files.close()
                    path = root / f"year={year}" / f"county={quote(county)}" / "part-0.parquet"
                    new = open_files.enter_context(beside(path))
                    writer = open_files.enter_context(pq.ParquetWriter(new, schema, compression="zstd"))
                    written.append(year)
                elif year != written[-1]:
                    raise ValueError(f"the year {year} comes again")
                rows = table.filter(pc.equal(table["year"], year)).select(schema.names)
                writer.write_table(rows.combine_chunks())
