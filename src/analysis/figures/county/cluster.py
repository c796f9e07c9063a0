"""The same roll-up with `dask.dataframe`, for more townships than one machine should read."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.figures.county.partitions import WANTED, in_types
from analysis.figures.county.roll_up import RollUp, add_batch, fold
from analysis.scheme import Scheme

AT_ONCE = 16
"""Parts that are put together in one task."""


def roll_up_on_cluster(root: Path | str, county: str, years: tuple[int, ...], scheme: Scheme, year: int) -> RollUp:
    """Roll up a data set partitioned as `year=…/county=…` on whatever scheduler dask has at hand.

    Args:
        root: the data set's folder, or its fsspec URL.
        county: the county to read.
        years: the years to read.
        scheme: the indicators of the edition.
        year: the year that is reported on.

    Returns:
        What `roll_up` returns of the same data; only the order of townships can differ.

    Raises:
        RuntimeError: dask is not installed; in Chinese, with the remedy.
    """
    try:
        import dask.dataframe as dd
        from dask.base import compute
        from dask.delayed import delayed
    except ImportError as error:
        raise RuntimeError("没有安装 dask，不能在集群上汇总。请运行 pip install township-report[cluster]。") from error

    frame = dd.read_parquet(
        str(root),
        columns=[*WANTED, "town", "year", "county"],
        filters=[("county", "==", county), ("year", "in", list(years))],
        split_row_groups="adaptive",
    )
    parts = [delayed(_part)(part, county, years, scheme, year) for part in frame.to_delayed()]
    while len(parts) > 1:
        parts = [delayed(fold)(parts[i : i + AT_ONCE]) for i in range(0, len(parts), AT_ONCE)]
    result: RollUp = compute(*parts)[0] if parts else RollUp()  # type: ignore[no-untyped-call]
    return result


def _part(frame: Any, county: str, years: tuple[int, ...], scheme: Scheme, year: int) -> RollUp:
    """The roll-up of one of dask's partitions, a pandas frame."""
    frame = frame[(frame["county"].astype(str) == county) & frame["year"].astype(int).isin(years)]
    rolled = RollUp()
    if len(frame):
        columns = [*WANTED, "town", "year"]
        add_batch(rolled, in_types(pa.Table.from_pandas(frame[columns], preserve_index=False)), scheme, year)
    return rolled
