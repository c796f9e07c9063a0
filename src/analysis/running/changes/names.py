"""What a figure is of its indicator, in words."""

from analysis.running.changes.model import FigureChange
from analysis.running.verify.told import ROLES

SEVERITIES = {"errors": "审核错误条数", "warnings": "审核疑问条数", "notes": "审核提示条数"}
SHARE_ROLES = {"rate": "share", "base_rate": "base_share"}


def titled(change: FigureChange) -> str:
    """A figure in words: `E01 全社会固定资产投资：完成数`, `R01 镇村两级河长巡河：其中镇级`."""
    if change.role == "part":
        return f"{change.code} {change.name}：其中{change.item}"
    name = " ".join(filter(None, (change.code, change.name, change.item)))
    return f"{name}：{change.label}" if name else change.label


def label(role: str, formula: str) -> str:
    """The label of a role without its form: `完成率`; of a count what it counts, which its formula tells."""
    if role in ROLES:
        return "完成率" if role == "rate" else ROLES[role]
    kind, _, rest = role.partition(".")
    if kind == "submission":
        return SEVERITIES.get(rest, "审核发现的条数")
    if role.isdecimal():
        return f"{role}年完成数"
    return formula.partition("：")[0] or "数字"


def counted(before: str, after: str) -> list[str]:
    """Which codes a count counts now and didn't, and the other way round: its formula lists them after a colon."""
    was, now = ([code for code in formula.partition("：")[2].split("、") if code] for formula in (before, after))
    told = [
        ("新计入", [code for code in now if code not in was]),
        ("不再计入", [code for code in was if code not in now]),
    ]
    return [f"{what}：{'、'.join(codes)}" for what, codes in told if codes]
