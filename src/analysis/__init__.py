"""The shared module: from the departments' returns to the township's report, a folder a stage.

`analysis.load("qinghe", "2021")` and the views of `analysis.exploring` are its public interface for one's own notebooks,
see `docs/explore.md`. They are imported when first asked for, so that the command line starts without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.exploring import (
        Data,
        NotComputedError,
        View,
        WhatIf,
        by_village,
        department_rows,
        explore,
        indicator_over_years,
        load,
        what_if,
    )

__all__ = [
    "Data",
    "NotComputedError",
    "View",
    "WhatIf",
    "by_village",
    "department_rows",
    "explore",
    "indicator_over_years",
    "load",
    "what_if",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module("analysis.exploring"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
