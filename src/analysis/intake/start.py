"""Whether the scheme's checks and words are those that the code knows, told before any return is read."""

from collections.abc import Iterator

from analysis.intake.checks.registry import RULES
from analysis.intake.checks.wording import marks_in
from analysis.intake.words import synonym_problems
from analysis.scheme import Scheme, SchemeError, SchemeProblem

CHECKS = "scheme/checks.csv"


def scheme_problems(scheme: Scheme) -> Iterator[SchemeProblem]:
    """What in `checks.csv` and `synonyms.csv` the code can't work with; rows of other stages' checks are theirs."""
    groups = {rule.group for rule in RULES.values()}
    for code, rule in RULES.items():
        check = scheme.checks_by_code.get(code)
        if check is None:
            yield SchemeProblem(CHECKS, 0, "code", f"缺少审核规则“{code}”", "请从备份中恢复这一行")
        elif rule.needs_value and check.value is None:
            yield SchemeProblem(CHECKS, 0, "value", f"审核规则“{code}”没有界限", "请在 value 列填写数字")
    for check in scheme.checks:
        known = RULES.get(check.code)
        if known is None:
            if check.group in groups:
                yield SchemeProblem(CHECKS, 0, "code", f"没有“{check.code}”这条审核规则", "请改正编码或删去这一行")
            continue
        for column, text in (("wording", check.wording), ("remedy", check.remedy)):
            try:
                unknown = sorted(marks_in(text) - known.marks)
            except ValueError:
                yield SchemeProblem(CHECKS, 0, column, f"“{check.code}”的花括号没有成对", "请补全 { 和 }")
                continue
            if unknown:
                listed = "、".join(f"{{{name}}}" for name in sorted(known.marks))
                found = "、".join(f"{{{name}}}" for name in unknown)
                yield SchemeProblem(CHECKS, 0, column, f"“{check.code}”用了没有的标记{found}", f"可用的标记：{listed}")
    yield from synonym_problems(scheme)


def require_usable(scheme: Scheme) -> None:
    """See that returns can be read with a scheme.

    Raises:
        SchemeError: with every problem.
    """
    problems = list(scheme_problems(scheme))
    if problems:
        raise SchemeError(problems)
