"""Formats are waited for, but not for ever."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from analysis.running.errors import RunError
from analysis.running.export import Exported, as_exported


def test_a_format_that_does_not_come_to_its_end_is_named() -> None:
    """As when a library of the typesetter's loops: the executor, left by the error, ends its process."""
    made: Future[Exported] = Future()
    made.set_result(Exported(Path("report.html")))
    never: Future[Exported] = Future()
    names = []
    with pytest.raises(RunError, match=r"^report\.pdf 排版了0\.0001分钟还没有做完") as error:
        names.extend(name for _, name in as_exported({made: "report.html", never: "report.pdf"}, 0.0001))
    assert "用 --timeout 放宽" in error.value.remedy and names == ["report.html"]


def test_a_time_limit_of_the_network_is_none_of_ours() -> None:
    failed: Future[Exported] = Future()
    failed.set_exception(TimeoutError("of a share"))
    with pytest.raises(TimeoutError, match="of a share"):
        for future, _ in as_exported({failed: "report.pdf"}, 1):
            future.result()
