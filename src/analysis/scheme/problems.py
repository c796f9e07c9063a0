"""A mistake in a file that the office keeps, and the error that carries all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """One mistake: where it is, what is wrong and what to do, in Chinese.

    `row` counts as Excel does (the header is row 1), or lines of a text file; 0 means the file as a whole. `column` is a
    table's column, or the item of a TOML file.
    """

    file: str
    row: int
    column: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f" 第{self.row}行"
        if self.column:
            place += f"“{self.column}”列" if self.row and self.file.endswith(".csv") else f"“{self.column}”"
        return f"{place}：{self.found}。{self.remedy}。"


class SchemeError(ValueError):
    """The scheme or the facts can't be used; `problems` lists every mistake that was found, not only the first."""

    def __init__(self, problems: list[SchemeProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
