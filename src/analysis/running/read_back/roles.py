"""What a figure is of its indicator (its role), in words: 完成数, 完成率, 同比 …"""

ROLES = {
    "actual": "完成数", "target": "目标任务数", "base": "上年同期数", "rate": "完成率", "change": "同比",
    "points": "同比（百分点）", "difference": "与目标之差", "change_absolute": "同比增减数", "part": "其中项", "rest": "其余合计",
    "rest_count": "其余项数", "share": "比率", "base_share": "上年比率", "average": "平均数", "times": "倍数",
    "carried": "上年结转", "whole_total": "连同结转的总数", "base_carried": "更早结转", "zero_years": "连续年数",
    "investment": "投资", "jobs": "带动就业", "income": "预计年收入",
    "planned_month": "计划完成月份", "finished_month": "实际完成月份", "used_month": "投入使用月份",
    "progress": "形象进度", "done_count": "完成项数", "late_count": "未按期完成项数",
    "time_progress": "序时进度", "ahead": "快于序时进度（百分点）", "behind": "落后序时进度（百分点）",
}  # fmt: skip
SEVERITIES = {"errors": "审核错误条数", "warnings": "审核疑问条数", "notes": "审核提示条数"}
SHARES = {"rate": "share", "base_rate": "base_share"}
"""What the roles of a ratio's rates in a table are in the prose."""
PROSE, TABLE, PICTURE = "", "table", "chart"
"""The three forms in which a figure is printed; a role begins with the form: `table.actual`, `chart.rate`."""


def form_and_role(role: str, of_a_ratio: bool) -> tuple[str, str]:
    """The form in which a figure is printed, and its role without it: `table.actual` is an actual, in a table."""
    form, _, rest = role.partition(".")
    form, role = (form, rest) if form in (TABLE, PICTURE) and rest else (PROSE, role)
    return form, SHARES.get(role, role) if of_a_ratio else role


def label(role: str, formula: str) -> str:
    """What a figure is of its indicator: `完成率`; of a count what it counts, which its formula tells.

    Args:
        role: without its form.
        formula: the figure's.
    """
    if role in ROLES:
        return ROLES[role]
    kind, _, rest = role.partition(".")
    if kind == "submission":
        return SEVERITIES.get(rest, "审核发现的条数")
    if role.isdecimal():
        return f"{role}年完成数"
    return formula.partition("：")[0] or "数字"
