"""Write ``docs/checks.md``, the reference page of all checks, from the code's registries and the scheme's words.

Run it after a change of a check or of ``scheme/checks.csv``, and commit the result::

    python tools/checks_page.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from analysis.figures.checks import ACROSS_CHECKS
from analysis.figures.receipts.model import SEVERITY_NAMES
from analysis.intake.checks.reading import READING
from analysis.intake.checks.registry import GROUPS, RULES, Rule
from analysis.intake.start import told_bound
from analysis.scheme import Check, Scheme, read_scheme

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "checks.md"
INTRODUCTION = """\
# 审核规则

上报表要过的审核，一条一行。这一页由 `python tools/checks_page.py` 按程序和 `scheme/checks.csv` 写成，不要直接改。

## 怎么看

- **级别**：“错误”不改正不能定稿；“疑问”要在说明里写明原因，只写“核实无误”“情况属实”的不算；\
“隐私”要删去，不删去不能定稿、不能发布，确实要写的由负责人豁免；“提示”供参考。
- **结果**有三种，都计在审核回执里：通过、查到问题、未能审核。未能审核是要用的数还没有\
（例如没有上年数就查不了变动幅度），不是通过；什么情况下未能审核，见各条最后一栏。读表时查的，整张上报表计一次。
- **什么时候查**：“单表”的只看一个部门的上报表、方案和目标任务书，在 `1_ingest` 中查；\
“跨表”的要用上年、今年前期或别的部门的数，在 `2_indicators` 中查。
- 查到的问题先按级别，再按在报告里的分量排列：整个文件的，考核的指标（目标、比率、零发生、项目、履职），\
其他指标；同样分量的按方案的次序。

## 怎么改

改 `scheme/checks.csv` 中同一编码的那一行（[各列的写法](scheme.md#checkscsv-审核规则)），存盘后重新运行；\
再运行 `python tools/checks_page.py`，把这一页写新。

- 轻重：改 `severity`。标有“不能改”的是报告缺了数，个别的用豁免处理。
- 界限：改 `value`。不起作用的界限（例如相似程度写成 2），运行前就会指出来。
- 说法：改 `wording`（查到时说）和 `remedy`（怎么办）。花括号里的由程序填写；写了没有的标记，会列出这一条可用的。
- 查什么：`about` 只是说明，印在审核回执和这一页上。

## 怎么增加一条

1. 在 `src/analysis/intake/checks/`（单表）或 `src/analysis/figures/checks/`（跨表）里，用 `rule("编码", "分组", …)` 登记编码，\
写一个加了 `@check` 的小函数：看过没有问题的给 `Passed`，查到的给 `Found`，没法看的给 `NotEvaluated`。\
新建的文件要在该文件夹的 `__init__.py` 里引入。
2. 在 `scheme/checks.csv` 里加同一编码的一行。
3. 在 `tests/intake/examples_of_checks.py` 或 `tests/figures/checks/` 的例子里给出查到、通过（和未能审核）的例子；\
少了哪一种，测试会指出来。
4. 运行 `python tools/checks_page.py`。
"""
HEADS = ("编码", "查什么", "级别", "界限", "查到时说", "怎么办", "什么时候查", "未能审核")


def main() -> None:
    """Write the page."""
    TARGET.write_text(page(read_scheme(ROOT / "scheme")), encoding="utf-8")


def page(scheme: Scheme) -> str:
    """The whole page as Markdown.

    Args:
        scheme: with a row for every check.
    """
    parts = [INTRODUCTION]
    for group, title in GROUPS.items():
        entries = [_row(_entry(check)) for check in scheme.checks if check.group == group]
        if entries:
            heads = [_row(HEADS), _row(["---"] * len(HEADS))]
            parts.append("\n".join([f"## {title}（`{group}`）", "", *heads, *entries, ""]))
    return "\n".join(parts)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _entry(check: Check) -> Iterator[str]:
    """The cells of a check's row."""
    rule = rules()[check.code]
    yield f"`{check.code}`"
    yield check.about
    yield f"{SEVERITY_NAMES[check.severity]}{'（不能改）' if rule.always else ''}"
    yield _bound(check.value, rule)
    yield check.wording
    yield check.remedy
    yield "读表" if check.code in READING else "单表" if check.code in RULES else "跨表"
    yield rule.unless or "—"


def rules() -> Mapping[str, Rule]:
    """The checks of both stages by their codes."""
    return {**RULES, **ACROSS_CHECKS.rules}


def _bound(value: Decimal | None, rule: Rule) -> str:
    if rule.bound is None or value is None:
        return "—"
    return f"{value}，可填{told_bound(rule.bound)}"


if __name__ == "__main__":
    main()
