"""The error that an export ends in."""

from __future__ import annotations


class ExportError(Exception):
    """A notebook cannot be exported: what is wrong, where, and what to do, told in Chinese.

    Parameters
    ----------
    problem
        What is wrong.
    where
        The place: a cell, a file, a line.
    remedy
        What the reader can do about it.
    """

    def __init__(self, problem: str, where: str, remedy: str) -> None:
        self.problem = problem
        self.where = where
        self.remedy = remedy
        parts = (problem, f"位置：{where}", f"处理办法：{remedy}")
        super().__init__("。".join(part.rstrip("。") for part in parts) + "。")
