"""Do the figures of one return fit together: parts and total, part and whole, the scheme's relations."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analysis.intake.checks.context import Cells, Context
from analysis.intake.checks.registry import NotEvaluated, Passed, Result, check, rule
from analysis.intake.exact import plain_number
from analysis.intake.fields import heading_of
from analysis.intake.found import Found, Place, place_of
from analysis.intake.frames import Value
from analysis.scheme import Scheme

NO_SHARE, NOT_ALL = "部分或总数没有完成数", "关系中的数字不全"
PARTS_SUM = rule("parts_sum", "arithmetic", "sum", "difference", "hint", unless="合计或分项没有数字")
PART_ABOVE_WHOLE = rule("part_above_whole", "arithmetic", "whole", "limit", unless=NO_SHARE)
PART_ABOVE_WHOLE_STRICT = rule("part_above_whole_strict", "arithmetic", "whole", "limit", unless=NO_SHARE)
RELATION_EQUAL = rule("relation_equal", "arithmetic", "left", "right", "explanation", unless=NOT_ALL)
RELATION_SUM = rule("relation_sum", "arithmetic", "left", "right", "explanation", unless=NOT_ALL)
RELATION_AT_MOST = rule("relation_at_most", "arithmetic", "left", "right", "explanation", unless=NOT_ALL)


@check
def parts_add_up(context: Context) -> Iterator[Result]:
    """The parts of a figure add up to it; where mending one part would do, that part is named."""
    for indicator in context.asked:
        parts = context.rows("part", indicator.code)
        row = context.row("indicator", indicator.code)
        if indicator.breakdown is None or not parts:
            continue
        total = row.get("actual") if row else None
        amounts = [part["amount"] for part in parts if "amount" in part]
        known = [amount for amount in amounts if amount.number is not None]
        if total is None or total.number is None or not known:
            yield NotEvaluated(PARTS_SUM)
            continue
        summed = sum((amount.number for amount in known if amount.number is not None), Decimal(0))
        if summed == total.number:
            yield Passed(PARTS_SUM)
            continue
        yield Found(
            PARTS_SUM,
            place_of(total, heading_of("indicator", "actual")),
            {
                "found": plain_number(total.number),
                "expected": plain_number(summed),
                "sum": plain_number(summed),
                "difference": plain_number(abs(summed - total.number)),
                "hint": mending_part(amounts, total.number),
            },
        )


def mending_part(amounts: Sequence[Value], total: Decimal) -> str:
    """Name the one part that would make the sum right, and how; nothing where none or several would."""
    excess = sum((amount.number for amount in amounts if amount.number is not None), Decimal(0)) - total
    empty = [amount for amount in amounts if amount.number is None]
    if len(empty) == 1 and excess < 0:
        return f"“{empty[0].item}”空着，填{plain_number(-excess)}即可对上"
    hints = [hint for amount in amounts if amount.number is not None for hint in _mends(amount, amount.number, excess)]
    return hints[0] if len(hints) == 1 else ""


def _mends(amount: Value, number: Decimal, excess: Decimal) -> Iterator[str]:
    wanted = number - excess
    if number == 0 or wanted < 0:
        return
    place = f"“{amount.item}”（{amount.cell}）"
    if wanted == 0:
        yield f"去掉{place}的{plain_number(number)}即可对上，请看是否重复填报"
    elif any(wanted == number.scaleb(power) for power in (-4, -3, -2, -1, 1, 2, 3, 4)):
        yield f"{place}若为{plain_number(wanted)}即可对上，请看是否小数点或单位有误"
    elif _swapped(plain_number(number), plain_number(wanted)):
        yield f"{place}若为{plain_number(wanted)}即可对上，请看是否两位数字写反"


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbouring digits changed places."""
    if len(one) != len(other):
        return False
    differing = [n for n in range(len(one)) if one[n] != other[n]]
    return (
        len(differing) == 2
        and differing[1] == differing[0] + 1
        and one[differing[0]] == other[differing[1]]
        and one[differing[1]] == other[differing[0]]
    )


@check
def shares_are_at_most_one(context: Context) -> Iterator[Result]:
    """A part is no larger than its whole; cases carried over from last year may explain that it is.

    Where the scheme asks for the cases carried over, their number explains it and nothing else does.
    """
    for indicator in context.asked:
        row = context.row("indicator", indicator.code)
        if indicator.whole is None or row is None:
            continue
        code = PART_ABOVE_WHOLE_STRICT if indicator.strict or indicator.carried_over else PART_ABOVE_WHOLE
        part, whole = context.figure(indicator.code, "actual"), context.figure(indicator.whole, "actual")
        if part is None or whole is None:
            yield NotEvaluated(code)
            continue
        carried = context.figure(indicator.code, "carried") if indicator.carried_over else None
        limit = whole + (carried or 0)
        if part <= limit:
            yield Passed(code)
            continue
        other = context.scheme[indicator.whole]
        expected = f"不超过{plain_number(limit)}{indicator.unit or ''}"
        if carried:
            expected += f"（{plain_number(whole)}加上年结转{plain_number(carried)}）"
        elif indicator.carried_over and carried is None:
            expected += "（有上年结转的，请填写上年结转数）"
        yield Found(
            code,
            place_of(row["actual"], heading_of("indicator", "actual")),
            {
                "found": plain_number(part),
                "expected": expected,
                "whole": f"{other.name}（{other.code}）",
                "limit": plain_number(limit),
            },
        )


@check
def relations_hold(context: Context) -> Iterator[Result]:
    """The relations whose figures all are this department's hold; the others are looked at when all returns are read."""
    asked = {indicator.code for indicator in context.asked}
    for relation in context.scheme.relations:
        if not set(relation.codes) <= asked:
            continue
        code = {"equal": RELATION_EQUAL, "sum": RELATION_SUM, "at_most": RELATION_AT_MOST}[relation.relation]
        left = _term(context, relation.left)
        terms = [_term(context, term) for term in relation.terms]
        known = [term for term in terms if term is not None]
        if left is None or len(known) < len(terms):
            yield NotEvaluated(code)
            continue
        right = sum(known, Decimal(0))
        if left <= right if relation.relation == "at_most" else left == right:
            yield Passed(code)
            continue
        yield Found(
            code,
            _place_of_term(context, relation.left),
            {
                "found": plain_number(left),
                "expected": f"不超过{plain_number(right)}" if relation.relation == "at_most" else plain_number(right),
                "left": told_term(context.scheme, relation.left),
                "right": "加".join(told_term(context.scheme, term) for term in relation.terms),
                "explanation": relation.explanation,
            },
        )


def _term(context: Context, term: str) -> Decimal | None:
    """The figure that a term of a relation names; a field of projects is their sum, unknown where one is empty."""
    code, _, name = term.partition(".")
    if not name:
        return context.figure(code, "actual")
    numbers = [row[name].number if name in row else None for row in context.rows("project", code)]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if numbers and len(known) == len(numbers) else None


def _place_of_term(context: Context, term: str) -> Place:
    code, _, name = term.partition(".")
    row: Cells | None = context.row("project" if name else "indicator", code)
    value = (row or {}).get(name or "actual")
    return place_of(value, heading_of(value.table, value.field)) if value else Place(context.file, code=code)


def told_term(scheme: Scheme, term: str) -> str:
    """A term of a relation in words: 新增就业岗位（E07）, 重点项目建设（E04）的带动就业之和."""
    code, _, name = term.partition(".")
    told = f"{scheme[code].name}（{code}）"
    return f"{told}各项目“{heading_of('project', name)}”之和" if name else told
