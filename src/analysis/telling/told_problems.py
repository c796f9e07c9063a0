"""Problems and measures as told: those that the rules found, with the departments' own, each once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from analysis.figures.answers import MEASURE, PROBLEM, answered_by, codes_of
from analysis.figures.model import Paragraph, Problem, Project
from analysis.scheme.models import EVERY_DEPARTMENT
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Quotation, Spans, say
from analysis.telling.wording.change import change_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.ratio import RatioWords, carried_clause, share_clauses
from analysis.telling.wording.target import TargetWords, against_limit, by_how_much, rate_of
from analysis.telling.wording.words import joined, led, listed, quoted, reason
from analysis.telling.wording.works import month_text

DIGITS = "零一二三四五六七八九"
Words = Mapping[str, TargetWords | RatioWords]
"""By target and ratio, what the section's template calls it."""
SHORT = {
    "target_missed": "未完成目标",
    "project_late": "未按期完成",
    "duty_late": "未按时完成",
    "share_under": "未达目标",
    "over_ceiling": "超出上限",
    "behind": "进度滞后",
    "change_beyond": "大幅变动",
}
"""What each rule found, in a few words behind the row's name."""


def numeral(number: int) -> str:
    """An ordinal below ten thousand in Chinese: 一, 十, 十二, 二十三, 一百零四."""
    told = ""
    for power, place in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            told += DIGITS[digit] + place
        elif told and number % power and not told.endswith("零"):
            told += "零"
    return told.removeprefix("一") if number < 20 and number > 9 else told


def told_problems(material: Material, words: Words) -> list[Spans]:
    """The sentences of the problems, heaviest first, then those that only the departments told; with full stops.

    A single one is not counted: 一是 asks for a 二是.

    The late projects of a row stand in one sentence; a department's own words follow what they answer.
    """
    own = [paragraph for paragraph in material.paragraphs if paragraph.category == PROBLEM]
    answered = {id(p): names for p in own if (names := answered_by(p, material.problems))}
    sentences: list[Spans] = []
    for _, group in groupby(material.problems, key=_together):
        problems = list(group)
        here = {problem.name for problem in problems}
        told = [say(_quotation(p), "。") for p in own if answered.get(id(p), ("",))[0] in here]
        sentences.append(say(_found(material, problems, words), "。", *told))
    sentences += [say(_quotation(p), "。") for p in own if id(p) not in answered]
    if len(sentences) == 1:
        return sentences
    return [say(f"{numeral(number)}是", sentence) for number, sentence in enumerate(sentences, 1)]


def _together(problem: Problem) -> tuple[str, str]:
    """Problems that are told in one sentence: the late projects of a row."""
    return (problem.rule, problem.code if problem.rule == "project_late" else problem.name)


def measures_by_theme(material: Material, words: Words) -> tuple[list[tuple[Spans, list[Spans]]], list[str]]:
    """The measures under the headings of their themes, and the names of problems that no measure answers."""
    own = [paragraph for paragraph in material.paragraphs if paragraph.category == MEASURE]
    order = {theme.section: (theme.order, theme.theme) for theme in material.scheme.themes}
    grouped: dict[tuple[int, str], list[Spans]] = {}
    answered: set[str] = set()
    problems = {problem.name: problem for problem in material.problems}
    for paragraph in own:
        names = answered_by(paragraph, material.problems)
        section = _section(material, paragraph, problems[names[0]] if names else None)
        theme = order.get(section, (99, material.scheme.report.other_theme))
        told: Spans = say(_quotation(paragraph), "。")
        if names:
            answered.update(names)
            told = say("针对", _abouts(material, [problems[n] for n in names], words), "，", told)
        grouped.setdefault(theme, []).append(told)
    themes = [
        (say(f"（{numeral(number)}）", theme), sentences)
        for number, ((_, theme), sentences) in enumerate(sorted(grouped.items(), key=lambda item: item[0]), 1)
    ]
    return themes, [
        f"{problem.name} {problem.item or material.scheme[problem.code].name}"
        for problem in material.problems
        if problem.name not in answered
    ]


def _abouts(material: Material, problems: Sequence[Problem], words: Words) -> Spans:
    """Several of one kind in one phrase: 甲和乙未按期完成的问题."""
    alike = {(problem.rule, _short(material, problem)) for problem in problems}
    rule, short = next(iter(alike))
    if len(problems) > 1 and len(alike) == 1 and short and rule != "share_under":
        named = [Name(problem.item or material.scheme[problem.code].name) for problem in problems]
        return say(listed(named), short, "的问题")
    return listed([about(material, problem, words) for problem in problems])


def _short(material: Material, problem: Problem) -> str:
    """What a rule found, in a few words; a target that is to be kept under is not one to be completed."""
    if problem.rule == "target_missed" and material.scheme[problem.code].direction == "down":
        return "超出控制数"
    return SHORT.get(problem.rule, "")


def about(material: Material, problem: Problem, words: Words) -> Spans:
    """What a measure is against: `农村改厕未完成目标的问题`."""
    name = problem.item or material.scheme[problem.code].name
    match problem.rule:
        case "zero_broken":
            return say("发生", Name(name), "的问题")
        case "share_under":
            chosen = words.get(problem.code)
            if isinstance(chosen, RatioWords):  # 整改安全问题 → 安全问题整改率
                return say(Name(name.removeprefix(chosen.part)), chosen.rate, "未达目标的问题")
    return say(Name(name), _short(material, problem), "的问题")


def _quotation(paragraph: Paragraph) -> Quotation:
    return quoted(paragraph.text, paragraph.source, paragraph.department)


def _section(material: Material, paragraph: Paragraph, problem: Problem | None) -> str:
    if problem is not None:
        return material.scheme[problem.code].section
    for code in codes_of(paragraph):
        row = code.partition("-")[0]
        if row in material.scheme.by_code:
            return material.scheme[row].section
    owned = [i for i in material.scheme.indicators if i.owner == paragraph.department and i.owner != EVERY_DEPARTMENT]
    return owned[0].section if owned else ""


def _found(material: Material, problems: Sequence[Problem], words: Words) -> Spans:
    """What a rule found, with its figures; the reason is told in its section, the department's words follow here."""
    problem = problems[0]
    indicator = material.scheme[problem.code]
    name = Name(indicator.name)
    if problem.rule == "project_late":
        return _late_projects(material, problems)
    if problem.rule == "duty_late":
        duty = material.duties_by_code[problem.code]
        how = "逾期完成" if duty.state == "late" else "未完成"
        return say(name, how, reason(duty.note, duty.note_source, duty.department))
    numbers = material.numbers(problem.code)
    chosen = words.get(problem.code)
    if indicator.kind == "ratio":
        return _share(material, numbers, chosen if isinstance(chosen, RatioWords) else RatioWords())
    match problem.rule:
        case "zero_broken":
            return say("发生", name, numbers.actual)
        case "change_beyond":
            return joined([say(name, numbers.actual), change_clause(numbers, 0, with_base=True)])
    target = chosen if isinstance(chosen, TargetWords) else TargetWords()
    if problem.rule == "target_missed" and indicator.direction == "down":
        return joined([say(name, numbers.actual), against_limit(numbers, target)])
    rate = rate_of(numbers)
    short = {"over_ceiling": f"超出{target.target}", "behind": SHORT["behind"]}  # its distance follows: told once
    told = [
        say(name, short.get(problem.rule, f"未达到{target.target}")),
        say(target.target, numbers.target),
        say("实际完成", numbers.actual),
        say(target.rate, rate) if rate else (),
        by_how_much(numbers, target, 1),
    ]
    return joined(told)


def _share(material: Material, numbers: Numbers, words: RatioWords) -> Spans:
    """The whole and the part beside the share, so that the sentence can be recomputed by itself."""
    whole = material.numbers(numbers.indicator.whole or "")
    part = led(words.part or numbers.indicator.name, numbers.actual)
    share, target, _ = share_clauses(numbers, words, 0)
    about_it = say(Name(numbers.indicator.name.removeprefix(words.part)), words.rate, "未达到年度目标")
    received = joined([about_it, led(words.whole or whole.indicator.name, whole.actual)])
    return joined([received, joined([carried_clause(numbers, whole), part, share, target])], "；")


def _late_projects(material: Material, problems: Sequence[Problem]) -> Spans:
    projects = {project.item: project for project in material.projects_of(problems[0].code)}
    late = [projects[problem.item] for problem in problems]
    found = tuple(source for project in late if (source := project.source("stage")))
    code = problems[0].code
    count = Figure(str(len(late)), "个", code, "late_count", Fraction(len(late)), found, "未按期完成的项目数")
    told = [say(Name(project.item), _project(material, project)) for project in late]
    if len(late) == 1:
        return told[0]
    return say(Name(material.scheme[code].name), "有", count, "项目未按期完成：", joined(told, "；"))


def _project(material: Material, project: Project) -> Spans:
    period = material.facts.period
    source = project.source("planned_month")
    assert project.planned_month and source  # nothing is late that was not planned
    shown = month_text(project.planned_month, period)
    month = Figure(shown, "", project.code, "planned_month", None, (source,), item=project.item)
    planned = say("原计划", month, "完成，")
    if project.state == "late" and project.finished_month and (source := project.source("finished_month")):
        shown = month_text(project.finished_month, period)
        done = Figure(shown, "", project.code, "finished_month", None, (source,), item=project.item)
        return say(planned, "实际于", done, "完成")
    return say(planned, "尚未开工" if project.stage == "未开工" else "目前仍未完成")
