"""The period of a return: a whole year, or January to a month of it."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

YEARS_BACK = 10
"""Years back that bases and kept zero commitments are looked for."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A reporting period (报告期): `2021` is the whole year, `2021-09` is January to September."""

    year: int
    month: int = 12

    @classmethod
    def parse(cls, text: str | int) -> Self:
        """Read `2021` or `2021-09`.

        Raises:
            ValueError: in Chinese, where the text is neither.
        """
        match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", str(text).strip(), re.ASCII)
        month = int(match[2]) if match and match[2] else 12
        if match is None or not 1 <= month <= 12 or not 1990 <= int(match[1]) <= 2100:
            raise ValueError(f"报告期“{text}”看不懂：全年写作 2021，一至九月写作 2021-09")
        return cls(int(match[1]), month)

    def __str__(self) -> str:
        return str(self.year) if self.whole_year else f"{self.year}-{self.month:02d}"

    @property
    def whole_year(self) -> bool:
        """Whether the period is a whole year."""
        return self.month == 12

    @property
    def time_progress(self) -> Fraction:
        """The share of the year that has passed (序时进度): month / 12."""
        return Fraction(self.month, 12)

    @property
    def label(self) -> str:
        """The period as prose names it: `2021年`, `2021年1—9月`."""
        return f"{self.year}年{self.months}"

    @property
    def months(self) -> str:
        """The months of a part of a year as prose names them, `1—9月`, `1月`; nothing for a whole year."""
        if self.whole_year:
            return ""
        return "1月" if self.month == 1 else f"1—{self.month}月"

    @property
    def quarter(self) -> str:
        """The period as a quarterly report names it: `2021年一季度`, `2021年上半年`, `2021年前三季度`; else `label`."""
        name = {3: "一季度", 6: "上半年", 9: "前三季度"}.get(self.month)
        return f"{self.year}年{name}" if name else self.label

    @property
    def last_month(self) -> str:
        """The last month as the frames write months: `2021-12`."""
        return f"{self.year}-{self.month:02d}"

    @property
    def month_after(self) -> str:
        """The month after the last, in which the report is made: `2022-01`."""
        return f"{self.year + 1}-01" if self.whole_year else f"{self.year}-{self.month + 1:02d}"

    def looked_back_on(self) -> list["Period"]:
        """The periods that a report of this one looks back on: the same months of earlier years, earlier ones of the year."""
        within = [Period(self.year, month) for month in range(1, self.month)]
        return [*within, *(self.years_before(back) for back in range(1, YEARS_BACK + 1))]

    def years_before(self, years: int = 1) -> "Period":
        """Give the same months of an earlier year (上年同期)."""
        return Period(self.year - years, self.month)
