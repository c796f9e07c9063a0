"""Every indicator of a period assessed: its figures and their cells, completion, share, change, years kept."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.figures.change import change, share_change
from analysis.figures.completion import OUTCOMES, Completion, Outcome, completion, share, share_completion
from analysis.figures.gather import Returned, text_of
from analysis.figures.model import Assessment, Duty, Past, Project, reference
from analysis.figures.works import worst
from analysis.intake import targets
from analysis.scheme import Facts, Indicator, Scheme
from analysis.scheme.models import EVERY_DEPARTMENT

Sourced = tuple[Decimal | None, str | None]


def assess(
    scheme: Scheme,
    facts: Facts,
    returned: Returned,
    earlier: Mapping[int, Returned],
    projects: Sequence[Project] = (),
    duties: Sequence[Duty] = (),
) -> list[Assessment]:
    """Assess every indicator that the scheme asks for in the period, in the scheme's order.

    Args:
        scheme: what is measured.
        facts: the period, and the target book, which prevails over the returns' targets.
        returned: this period's returns.
        earlier: those of the same months of earlier years, by year.
        projects: this period's projects with their states.
        duties: this period's duties with their states.
    """
    by_code = {duty.code: duty for duty in duties}
    assessed = []
    for indicator in scheme.in_year(facts.period.year):
        match indicator.kind:
            case "project":
                assessed.append(_of_projects(indicator, [p for p in projects if p.code == indicator.code]))
            case "status":
                assessed.append(_of_duty(indicator, by_code.get(indicator.code)))
            case "text":
                told = any(
                    paragraph.code == indicator.code and indicator.owner in (paragraph.department, EVERY_DEPARTMENT)
                    for paragraph in returned.paragraphs
                )
                assessed.append(Assessment(indicator.code, indicator.owner, "reported" if told else "not_reported"))
            case _:
                assessed.append(_of_figures(scheme, indicator, facts, returned, earlier))
    return assessed


def _of_projects(indicator: Indicator, projects: Sequence[Project]) -> Assessment:
    if not projects:
        return Assessment(indicator.code, indicator.owner, "not_reported", OUTCOMES["not_reported"])
    counted = worst(project.state for project in projects if project.assessed)
    if counted is None:
        return Assessment(indicator.code, indicator.owner, "reported")
    source = next(p.source("stage") for p in projects if p.assessed and p.state == counted)
    return Assessment(indicator.code, indicator.owner, counted, OUTCOMES[counted], actual_source=source)


def _of_duty(indicator: Indicator, duty: Duty | None) -> Assessment:
    state = duty.state if duty else "not_reported"
    source = duty.status_source if duty else None
    return Assessment(indicator.code, indicator.owner, state, OUTCOMES[state], actual_source=source)


def _of_figures(
    scheme: Scheme, indicator: Indicator, facts: Facts, returned: Returned, earlier: Mapping[int, Returned]
) -> Assessment:
    code, period = indicator.code, facts.period
    before = earlier.get(period.year - 1, Returned())
    actual, actual_source = returned.number(code, "actual"), returned.source(code, "actual")
    target, target_source = target_of(indicator, facts, returned)
    planned, planned_source = _planned(indicator, facts)
    base, base_source = base_of(code, returned, before)
    last, last_source = before.number(code, "actual"), before.source(code, "actual")
    restated = base is not None and last is not None and base != last
    if indicator.whole is not None:
        whole, whole_source = returned.number(indicator.whole, "actual"), returned.source(indicator.whole, "actual")
        whole_base, whole_base_source = base_of(indicator.whole, returned, before)
        carried = returned.number(code, "carried") if indicator.carried_over else None
        base_carried = before.number(code, "carried") if indicator.carried_over else None
        rate = None if target is None else Fraction(target) / 100
        done = share_completion(indicator, period, actual, whole, carried, rate)
        base_share = share(base, whole_base, base_carried)
        if carried and code not in before.rows:  # last year's carried-over cases are not known: another whole
            base_share = None
        changed = share_change(indicator, scheme[indicator.whole], period, base_share, done.rate)
    else:
        whole = whole_base = carried = base_carried = whole_source = whole_base_source = base_share = None
        done = completion(indicator, period, target, actual, planned)
        changed = change(indicator, period, base, actual)
    row = returned.rows.get(code, {})
    return Assessment(
        code=code,
        department=indicator.owner,
        state=done.state,
        outcome=_outcome(indicator, done, target),
        target=target,
        target_source=target_source,
        actual=actual,
        actual_source=actual_source,
        base=base,
        base_source=base_source,
        whole=whole,
        whole_source=whole_source,
        whole_base=whole_base,
        whole_base_source=whole_base_source,
        carried=carried,
        carried_source=returned.source(code, "carried") if carried is not None else None,
        base_carried=base_carried,
        base_carried_source=before.source(code, "carried") if base_carried is not None else None,
        returned_base=last if restated else None,
        returned_base_source=last_source if restated else None,
        note=text_of(row, "note"),
        note_source=returned.source(code, "note"),
        rate=done.rate,
        base_share=base_share,
        change_state=changed.state,
        change=changed.change,
        change_absolute=changed.absolute,
        small_base=changed.small_base,
        zero_years=zero_years(code, period.year, actual, base, earlier) if indicator.kind == "zero" else 0,
        planned_month=planned,
        planned_source=planned_source,
    )


def _outcome(indicator: Indicator, done: Completion, target: Decimal | None) -> Outcome | None:
    """Counts, facts and ratios without a target rate are told, not assessed."""
    if indicator.kind in ("target", "zero") or (indicator.kind == "ratio" and target is not None):
        return done.outcome
    return None


def target_of(indicator: Indicator, facts: Facts, returned: Returned) -> Sourced:
    """The target that counts, by the rule that the checks of the returns know, and its cell."""
    code = indicator.code
    stated = returned.number(code, "target") if indicator.has_target else None
    target = targets.target_of(facts, code, stated)
    if target.from_book:
        return target.number, reference(facts.target_file, "", facts.target_cell(code, "target"))
    return target.number, None if target.number is None else returned.source(code, "target")


def _planned(indicator: Indicator, facts: Facts) -> tuple[str | None, str | None]:
    """The month in which the target book plans a target that does not grow with the year."""
    book = facts.target(indicator.code)
    if book is None or book.month is None:
        return None, None
    return book.month, reference(facts.target_file, "", facts.target_cell(indicator.code, "planned_month"))


def base_of(code: str, returned: Returned, before: Returned) -> Sourced:
    """The base: as this year's return states it, else as last year's return did."""
    base = returned.number(code, "base")
    if base is not None:
        return base, returned.source(code, "base")
    base = before.number(code, "actual")
    return base, None if base is None else before.source(code, "actual")


def zero_years(
    code: str, year: int, actual: Decimal | None, base: Decimal | None, earlier: Mapping[int, Returned]
) -> int:
    """For how many years running a zero commitment is known to be kept, this one included; 0 where it is broken."""
    if actual != 0:
        return 0
    years = 1
    while True:
        before = earlier.get(year - years, Returned()).number(code, "actual")
        if years == 1 and base is not None:  # what this year's return says of last year prevails, as everywhere
            before = base
        if before != 0:
            return years
        years += 1


def past_of(scheme: Scheme, years: Mapping[int, Returned]) -> list[Past]:
    """The figures of this and earlier years, for lines over the years."""
    return [
        Past(indicator.code, year, actual, source)
        for indicator in scheme.indicators
        for year, returned in sorted(years.items())
        if indicator.numeric
        and (actual := returned.number(indicator.code, "actual")) is not None
        and (source := returned.source(indicator.code, "actual")) is not None
    ]
