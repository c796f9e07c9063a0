"""The rows of the scheme's tables, typed; a cell is checked when its row is made."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from analysis.scheme.names import file_name

Kind = Literal["target", "count", "ratio", "zero", "fact", "project", "status", "text"]
Direction = Literal["up", "down", "neutral"]
Severity = Literal["error", "warning", "privacy", "note"]
"""错误, 疑问, 隐私, 提示; the weightiest first."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
PeopleGroup = Literal["surname", "before", "after", "follow", "lead", "never", "not"]
KIND_NAMES: dict[Kind, str] = {
    "target": "目标",
    "count": "数量",
    "ratio": "比率",
    "zero": "零发生",
    "fact": "情况数",
    "project": "项目",
    "status": "履职",
    "text": "文字",
}
"""Kinds as messages name them."""
DECIMALS_OF_UNITS = {"万元": 2, "万株": 2, "亿元": 2, "米": 1}
CODE = r"[A-Z]{1,2}[0-9]{2,3}"
"""An indicator's code: E01, ZF01, E101."""
EVERY_DEPARTMENT = "各部门"
"""The owner of rows that every department returns."""
NUMERIC_KINDS = ("target", "count", "ratio", "zero", "fact")
NUMERALS = "〇零一二两三四五六七八九十廿卅百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
"""Chinese numerals as prose writes them, and as receipts do."""


def _flag(value: object) -> object:
    if value in ("是", "yes", True):
        return True
    if value in ("否", "no", None, False):
        return False
    raise ValueError("只能填“是”或者空着")


def _decimal(value: object) -> object:
    if value is None or isinstance(value, Decimal):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("应当是数字") from None
    if not number.is_finite():
        raise ValueError("应当是数字")
    return number


def _listed(value: object) -> object:
    """Split a cell of several values at 、 or ;."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.replace("；", "、").replace(";", "、").split("、") if part.strip())
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Number = Annotated[Decimal | None, BeforeValidator(_decimal)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Row(BaseModel):
    """A row of a table that the office keeps: frozen, no column unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    headings: ClassVar[Mapping[str, str]] = {}
    """Chinese headings of the columns, for the tables that the office keeps; the fields' names serve as well."""


class Indicator(Row):
    """An indicator (指标): a row of `indicators.csv`. `docs/scheme.md` explains each column to the analyst."""

    code: Annotated[str, Field(pattern=rf"^{CODE}$")]
    chapter: str
    section: str = ""
    name: str
    unit: str | None = None
    kind: Kind
    direction: Direction | None = None
    owner: str
    second_owner: str | None = None
    whole: str | None = None
    strict: Flag = False
    carried_over: Flag = False
    ceiling: Flag = False
    rate_rule: Literal["distance", "inverse"] | None = None
    breakdown: str | None = None
    parts: Listed = ()
    parts_shown: Annotated[int, Field(ge=1)] | None = None
    told_with: str | None = None
    average: str | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    lower: Number = None
    upper: Number = None
    change_bound: Number = None
    show_unit: str | None = None
    show_decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    small_base: Number = None
    compare: Annotated[bool, BeforeValidator(lambda value: True if value is None else _flag(value))] = True
    since: int | None = None
    until: int | None = None
    comparable_since: int | None = None
    factor: Number = None
    internal: Flag = False

    @model_validator(mode="after")
    def _consistent(self) -> "Indicator":
        if self.kind in NUMERIC_KINDS and not self.unit:
            raise ValueError("这一类指标要有单位（unit）")
        if self.kind in ("target", "count", "ratio", "zero") and self.direction is None:
            raise ValueError("这一类指标要有方向（direction）：up、down 或 neutral")
        if (self.kind == "ratio") != (self.whole is not None):
            raise ValueError("比率指标（ratio）要填它的分母（whole），其他指标不填")
        if self.carried_over and self.kind != "ratio":
            raise ValueError("上年结转（carried_over）只用于比率指标")
        if self.show_unit and (self.kind == "ratio" or self.average):
            raise ValueError("比率和带平均数的指标按上报的单位列出，不填 show_unit")
        if self.average and self.told_with is None:
            raise ValueError("平均数（average）要有 told_with：除以哪个指标")
        if self.ceiling and not (self.kind == "target" and self.direction == "up"):
            raise ValueError("上限（ceiling）只用于方向为 up 的目标指标")
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(f"下限 lower（{self.lower}）大于上限 upper（{self.upper}）")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"启用年 since（{self.since}）晚于停用年 until（{self.until}）")
        return self

    @property
    def numeric(self) -> bool:
        """Whether the indicator has a figure (rather than projects, a duty or paragraphs)."""
        return self.kind in NUMERIC_KINDS

    @property
    def has_target(self) -> bool:
        """Whether the indicator may have a target: an amount, or for a share its target rate."""
        return self.kind in ("target", "ratio")

    @property
    def has_base(self) -> bool:
        """Whether a return is asked for the figure of the year before."""
        return self.numeric and self.compare and self.kind != "fact"

    @property
    def expected_decimals(self) -> int:
        """Decimals expected of a return: the row's own, else its unit's."""
        return self.decimals if self.decimals is not None else DECIMALS_OF_UNITS.get(self.unit or "", 0)

    @property
    def smallest_base(self) -> Decimal:
        """Below this base no percentage is told: the row's own, else 10 on whole-number units, else 0."""
        if self.small_base is not None:
            return self.small_base
        return Decimal(10) if self.expected_decimals == 0 else Decimal(0)

    def redefined_in(self, year: int) -> bool:
        """Whether unit or definition changed between a year and the one before."""
        return self.comparable_since == year

    def valid_in(self, year: int) -> bool:
        """Whether the scheme asks for this indicator in a year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


class Department(Row):
    """A department (部门) that returns figures, in the order of the report's tables; its tables are files of its name."""

    order: int
    name: Annotated[str, AfterValidator(lambda name: file_name(name, "部门", ".findings.parquet"))]
    aliases: Listed = ()


class Relation(Row):
    """A relation between figures: `left` is equal to, the sum of, or at most `right`.

    A term is a code (`E07`) or a code and a field of its projects (`E04.jobs`); `right` joins terms with +.
    """

    name: str
    relation: Literal["equal", "sum", "at_most"]
    left: str
    right: str
    explanation: str

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms of the right side."""
        return tuple(term.strip() for term in self.right.split("+"))

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that the relation names, left first."""
        return tuple(term.split(".")[0] for term in (self.left, *self.terms))


class Check(Row):
    """A check (审核规则): its severity, its parameters and its wording.

    `wording` and `remedy` may hold {name} marks that the check fills in; `value` is the check's bound, if it has one;
    `about` says in a few words what is looked at. `explained_by` has words of which a row's 说明 must say one to explain what
    was found; without any, each 说明 that says something does.
    """

    code: str
    group: str
    severity: Severity
    value: Number = None
    wording: str
    remedy: str
    about: str = ""
    explained_by: Listed = ()


class Synonym(Row):
    """Another way to write something: a header, a sheet, a mark, a unit, a stage, a status.

    `factor` is by what a figure in that unit is multiplied; `kinds` limits a mark to kinds of indicators.
    """

    group: Literal["sheet", "header", "mark", "unit", "stage", "status", "category", "use"]
    meaning: str
    written: str
    factor: Number = None
    kinds: Listed = ()


class Theme(Row):
    """The theme (主题) under which a section's measures are told in 下一步工作措施."""

    order: int
    section: str
    theme: str


class Word(Row):
    """Words with a number in them that template text may use (固定说法): 三会一课, 十九大; `reason` says why."""

    word: str
    reason: str

    @model_validator(mode="after")
    def _with_a_number(self) -> "Word":
        if not any(mark.isnumeric() or mark in NUMERALS for mark in self.word):
            raise ValueError(f"“{self.word}”里没有数字，不用列在这里")
        return self


class PeopleWords(Row):
    """Words by which the name of a person is known (姓名): surnames, what stands before and behind names, what is none."""

    group: PeopleGroup
    words: Listed
    about: str = ""


class Measure(Row):
    """A measure word (量词): a Chinese numeral before it is a number, 三个, 十几户."""

    word: str
    example: str = ""
