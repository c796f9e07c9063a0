"""Problems and measures as told: those that the rules found, with the departments' own, each once."""

import re
from collections.abc import Mapping, Sequence

from analysis.figures.model import Paragraph, Problem, Project
from analysis.scheme.load import EVERY_DEPARTMENT
from analysis.telling.material import Material
from analysis.telling.spans import Figure, Name, Quotation, Span, say
from analysis.telling.wording.change import change_clause
from analysis.telling.wording.ratio import RatioWords, share_clauses
from analysis.telling.wording.target import TargetWords, against_target, by_how_much
from analysis.telling.wording.words import joined, led, listed, quoted
from analysis.telling.wording.works import month_text

Spans = tuple[Span, ...]
PROBLEM, MEASURE = "存在的问题", "下一步措施"
DIGITS = "一二三四五六七八九"


def numeral(number: int) -> str:
    """A small ordinal in Chinese: 一, 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens - 1]}十"
    return head + (DIGITS[ones - 1] if ones else "")


def told_problems(material: Material, words: Mapping[str, TargetWords | RatioWords]) -> list[Spans]:
    """The sentences of the problems, heaviest first, then those that only the departments told; with full stops."""
    own = [paragraph for paragraph in material.paragraphs if paragraph.category == PROBLEM]
    answered = {id(p): names for p in own if (names := answered_by(p, material.problems))}
    sentences: list[Spans] = []
    for problem in material.problems:
        told = [say(_quotation(p), "。") for p in own if answered.get(id(p), ("",))[0] == problem.name]
        sentences.append(say(_found(material, problem, words), "。", *told))
    sentences += [say(_quotation(p), "。") for p in own if id(p) not in answered]
    return [say(f"{numeral(number)}是", sentence) for number, sentence in enumerate(sentences, 1)]


def measures_by_theme(material: Material) -> tuple[list[tuple[Spans, list[Spans]]], list[str]]:
    """The measures under the headings of their themes, and the names of problems that no measure answers."""
    own = [paragraph for paragraph in material.paragraphs if paragraph.category == MEASURE]
    order = {theme.section: (theme.order, theme.theme) for theme in material.scheme.themes}
    grouped: dict[tuple[int, str], list[Spans]] = {}
    answered = set()
    problems = {problem.name: problem for problem in material.problems}
    for paragraph in own:
        names = answered_by(paragraph, material.problems)
        section = _section(material, paragraph, problems[names[0]] if names else None)
        theme = order.get(section, (99, "其他工作"))
        told: Spans = say(_quotation(paragraph), "。")
        if names:
            answered.update(names)
            told = say("针对", listed([Name(short_name(material, problems[n])) for n in names]), "问题，", told)
        grouped.setdefault(theme, []).append(told)
    themes = [
        (say(f"（{numeral(number)}）", theme), sentences)
        for number, ((_, theme), sentences) in enumerate(sorted(grouped.items(), key=lambda item: item[0]), 1)
    ]
    return themes, [problem.name for problem in material.problems if problem.name not in answered]


def answered_by(paragraph: Paragraph, problems: Sequence[Problem]) -> tuple[str, ...]:
    """The names of the problems that a paragraph answers, by the codes that the department put beside it.

    A code that several projects share answers none of them: which one is meant is not guessed.
    """
    by_code: dict[str, list[str]] = {}
    for problem in problems:
        by_code.setdefault(problem.name, []).append(problem.name)
        if problem.name != problem.code:
            by_code.setdefault(problem.code, []).append(problem.name)
    codes = re.findall(r"[A-Z]\d{2}(?:-\d+)?", (paragraph.answers or "").upper())
    return tuple(dict.fromkeys(by_code[code][0] for code in codes if len(by_code.get(code, [])) == 1))


def short_name(material: Material, problem: Problem) -> str:
    """What a problem is about, in a few words."""
    name = problem.item or material.scheme[problem.code].name
    words = {
        "zero_broken": "",
        "target_missed": "未完成目标",
        "project_late": "未按期完成",
        "duty_late": "未按时完成",
        "share_under": "未达目标",
        "over_ceiling": "超出上限",
        "behind": "进度滞后",
        "change_beyond": "大幅变动",
    }
    return f"{name}{words[problem.rule]}"


def _quotation(paragraph: Paragraph) -> Quotation:
    return quoted(paragraph.text, paragraph.source, paragraph.department)


def _section(material: Material, paragraph: Paragraph, problem: Problem | None) -> str:
    if problem is not None:
        return material.scheme[problem.code].section
    codes = re.findall(r"[A-Z]\d{2}", (paragraph.answers or "").upper())
    for code in codes:
        if code in material.scheme.by_code:
            return material.scheme[code].section
    owned = [i for i in material.scheme.indicators if i.owner == paragraph.department and i.owner != EVERY_DEPARTMENT]
    return owned[0].section if owned else ""


def _found(material: Material, problem: Problem, words: Mapping[str, TargetWords | RatioWords]) -> Spans:
    """What a rule found, with its figures; the reason is told in its section, the department's words follow here."""
    indicator = material.scheme[problem.code]
    name = Name(problem.item or indicator.name)
    if problem.rule == "project_late":
        project = next(p for p in material.projects_of(problem.code) if p.item == problem.item)
        return say(name, _project(material, project))
    if problem.rule == "duty_late":
        return say(name, "逾期完成" if material.duties_by_code[problem.code].state == "late" else "未完成")
    numbers = material.numbers(problem.code)
    chosen = words.get(problem.code)
    if indicator.kind == "ratio":  # its name is told as the section told it: 整改率, 办结率
        clauses = share_clauses(numbers, chosen if isinstance(chosen, RatioWords) else RatioWords(), 0)[:2]
        return joined([say(name, numbers.actual), *clauses])
    match problem.rule:
        case "zero_broken":
            return say("发生", name, numbers.actual)
        case "change_beyond":
            return joined([say(name, numbers.actual), change_clause(numbers, 0, with_base=True)])
    target = chosen if isinstance(chosen, TargetWords) else TargetWords()
    return joined(
        [
            against_target(numbers, target, 0, led(target.lead or indicator.name, numbers.actual)),
            by_how_much(numbers, target, 1),
        ]
    )


def _project(material: Material, project: Project) -> Spans:
    period = material.facts.period
    planned: Spans = ()
    if project.planned_month and (source := project.source("planned_month")):
        shown = month_text(project.planned_month, period)
        planned = say(
            "原计划", Figure(shown, "", project.code, "planned_month", None, (source,), item=project.item), "完成，"
        )
    if project.state == "late" and project.finished_month and (source := project.source("finished_month")):
        shown = month_text(project.finished_month, period)
        done = Figure(shown, "", project.code, "finished_month", None, (source,), item=project.item)
        return say(planned, "实际于", done, "完成")
    return say(planned, "截至报告期末", "尚未开工" if project.stage == "未开工" else "仍未完成")
