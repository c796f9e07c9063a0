"""Whether the scheme's checks and words are those that the code knows, told before any return is read."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from analysis.intake.checks.registry import GROUPS, RULES, Bound, Rule
from analysis.intake.checks.wording import marks_in
from analysis.intake.words import synonym_problems
from analysis.scheme import Check, Scheme, SchemeError, SchemeProblem

CHECKS = "scheme/checks.csv"


def scheme_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """What in `checks.csv` and `synonyms.csv` the code can't work with; rows of other stages' checks are theirs."""
    yield from check_problems(scheme, RULES)
    for check in scheme.checks:
        if check.group not in GROUPS:
            listed = "、".join(GROUPS)
            yield SchemeProblem(
                CHECKS, 0, "group", f"“{check.code}”的分组“{check.group}”没有这样的组", f"请改为以下之一：{listed}"
            )
    yield from synonym_problems(scheme)


def check_problems(scheme: Scheme, rules: Mapping[str, Rule]) -> Iterator[SchemeProblem]:
    """What in `checks.csv` does not fit the checks of a stage: a row without a check, a bound that finds all or nothing.

    A row is named by its code, of which there is but one.

    Args:
        scheme: with the rows.
        rules: the stage's checks by code; rows of groups that it has none in are left to the other stage.
    """
    groups = {rule.group for rule in rules.values()}
    for code, rule in rules.items():
        check = scheme.checks_by_code.get(code)
        if check is None:
            yield SchemeProblem(CHECKS, 0, "code", f"缺少审核规则“{code}”", "请从备份中恢复这一行")
            continue
        yield from _bound_problems(check, rule)
        if rule.always is not None and check.severity != rule.always:
            found = f"“{code}”是缺数，定稿必须停下，级别不能是“{check.severity}”"
            yield SchemeProblem(CHECKS, 0, "severity", found, f"请改回 {rule.always}；个别缺数用豁免处理")
    for check in scheme.checks:
        known = rules.get(check.code)
        if known is not None:
            yield from _wording_problems(check, known)
        elif check.group in groups:
            yield SchemeProblem(CHECKS, 0, "code", f"没有“{check.code}”这条审核规则", "请改正编码或删去这一行")


def _bound_problems(check: Check, rule: Rule) -> Iterator[SchemeProblem]:
    """A bound that is owed, that nothing uses, or that no figure or every figure would keep to."""
    if rule.bound is None:
        if check.value is not None:
            yield SchemeProblem(CHECKS, 0, "value", f"审核规则“{check.code}”不用界限，填了也不起作用", "请清空这一格")
    elif check.value is None:
        yield SchemeProblem(CHECKS, 0, "value", f"审核规则“{check.code}”没有界限", "请在 value 列填写数字")
    elif not _allowed(check.value, rule.bound):
        found = f"审核规则“{check.code}”的界限 {check.value} 不起作用：什么都查不出，或者样样都算问题"
        yield SchemeProblem(CHECKS, 0, "value", found, f"请填写{told_bound(rule.bound)}")


def _allowed(value: Decimal, bound: Bound) -> bool:
    above = bound.most is not None and value > bound.most
    return value >= bound.least and not above and not (bound.whole and value != value.to_integral_value())


def told_bound(bound: Bound) -> str:
    """What a bound may be, in Chinese: `0至1之间的数`, `不小于1的整数（字）`."""
    kind = "整数" if bound.whole else "数"
    told = f"不小于{bound.least}的{kind}" if bound.most is None else f"{bound.least}至{bound.most}之间的{kind}"
    return f"{told}（{bound.unit}）" if bound.unit else told


def _wording_problems(check: Check, rule: Rule) -> Iterator[SchemeProblem]:
    for column, text in (("wording", check.wording), ("remedy", check.remedy)):
        try:
            unknown = sorted(marks_in(text) - rule.marks)
        except ValueError:
            yield SchemeProblem(CHECKS, 0, column, f"“{check.code}”的花括号没有成对", "请补全 { 和 }")
            continue
        if unknown:
            listed = "、".join(f"{{{name}}}" for name in sorted(rule.marks))
            found = "、".join(f"{{{name}}}" for name in unknown)
            yield SchemeProblem(CHECKS, 0, column, f"“{check.code}”用了没有的标记{found}", f"可用的标记：{listed}")


def require_usable(scheme: Scheme) -> None:
    """See that returns can be read with a scheme.

    Raises:
        SchemeError: with every problem.
    """
    problems = list(scheme_problems(scheme))
    if problems:
        raise SchemeError(problems)
