"""Which figures differ between two reports, and which of them is the cause of which."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.figures.model import referred
from analysis.running.changes.model import Cause, FigureChange, FigureKind, Renamed
from analysis.running.changes.telling import Printed, Telling
from analysis.running.read_back.roles import PICTURE, PROSE, TABLE, form_and_role, label

Key = tuple[str, str, str, int]
"""Code, item, role, and which it is where two things bear one name (two projects called alike)."""
FORMS = (PROSE, TABLE, PICTURE)
FIRST = ("actual", "target", "base")
"""Of several operands that changed, the one that is told first."""


@dataclass
class _Known:
    """A figure of one report: what each form prints (all different texts), the first place of each, and its turn."""

    order: int
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    first: dict[str, Printed] = field(default_factory=dict)

    @property
    def main(self) -> Printed:
        return next(self.first[form] for form in FORMS if form in self.first)


def figure_changes(before: Telling, after: Telling) -> tuple[tuple[Cause, ...], tuple[Renamed, ...]]:
    """Compare the figures of two reports, by code, item and role, not by place."""
    ratios = {f.code for telling in (before, after) for f in telling.figures if f.role == "share"}
    old, new = _known(before.figures, ratios), _known(after.figures, ratios)
    names = {**before.names, **after.names}
    found: list[tuple[float, FigureChange]] = []
    last = -1
    for key, known in old.items():
        if key in new:
            last = new[key].order
            kind = _kind(known, new[key])
            if kind is not None:
                one, other = _counterparts(known, new[key])
                found.append((new[key].order, _change(kind, key, one, other, names)))
        else:
            found.append((last + 0.5, _change("gone", key, known.main, None, names)))
    found += [
        (known.order, _change("new", key, None, known.main, names)) for key, known in new.items() if key not in old
    ]
    changes = _without_years([change for _, change in sorted(found, key=lambda each: each[0])])
    moved = [change for change in changes if change.kind == "moved"]
    return _caused([change for change in changes if change.kind != "moved"]), _renamed(moved)


def _known(figures: Iterable[Printed], ratios: set[str]) -> dict[Key, _Known]:
    known: dict[Key, _Known] = {}
    apart: dict[tuple[str, str, str, str], list[tuple[str, ...]]] = defaultdict(list)
    for order, printed in enumerate(figures):
        form, role = form_and_role(printed.role, printed.code in ratios)
        # Things that bear one name stand in different cells; a figure told again stands in the same.
        cells = apart[form, printed.code, printed.item, role]
        if printed.sources not in cells:
            cells.append(printed.sources)
        one = known.setdefault((printed.code, printed.item, role, cells.index(printed.sources)), _Known(order))
        one.first.setdefault(form, printed)
        if printed.text not in one.texts.get(form, ()):
            one.texts[form] = (*one.texts.get(form, ()), printed.text)
    return known


def _counterparts(one: _Known, other: _Known) -> tuple[Printed, Printed]:
    """A figure before and after, in the same form if there is one."""
    for form in FORMS:
        if form in one.first and form in other.first:
            return one.first[form], other.first[form]
    return one.main, other.main


def _kind(one: _Known, other: _Known) -> FigureKind | None:
    before, after = _counterparts(one, other)
    common = [form for form in FORMS if form in one.texts and form in other.texts]
    printed = any(one.texts[form] != other.texts[form] for form in common)
    if before.value != after.value:
        return "changed" if printed or not common else "same"
    if printed:
        return "changed" if before.value is None else "reprinted"
    if before.formula != after.formula:
        return "same"
    return "moved" if before.sources != after.sources else None


def _change(
    kind: FigureKind,
    key: Key,
    before: Printed | None,
    after: Printed | None,
    names: Mapping[str, tuple[str, str]],
) -> FigureChange:
    code, item, role, _ = key
    name, department = names.get(code, ("", item if role.startswith("submission.") else ""))
    printed = after or before
    return FigureChange(
        kind, code, item, role, name, label(role, printed.formula if printed else ""), department, before, after
    )


def _without_years(changes: Sequence[FigureChange]) -> list[FigureChange]:
    """Leave out the points of a line over the years that are an actual or a base told beside."""
    told = {
        (c.code, c.item, c.before and c.before.sources, c.after and c.after.sources)
        for c in changes
        if not c.role.isdecimal()
    }
    return [
        c
        for c in changes
        if not c.role.isdecimal()
        or (c.code, c.item, c.before and c.before.sources, c.after and c.after.sources) not in told
    ]


# ---- causes -------------------------------------------------------------------------------------------------------


def _caused(changes: Sequence[FigureChange]) -> tuple[Cause, ...]:
    """Put the figures that were computed under the one that is their operand; what has no cause here stands for itself."""
    by_cell: dict[tuple[bool, str], list[FigureChange]] = defaultdict(list)
    for change in changes:
        if _is_cell(change):
            for later, printed in enumerate((change.before, change.after)):
                if printed is not None:
                    by_cell[bool(later), printed.sources[0]].append(change)
    under: dict[int, FigureChange] = {}
    for change in changes:
        if not _is_cell(change):
            causes = _candidates(change, by_cell)
            if causes and not (_counts(change) and len({cause.code for cause in causes}) > 1):
                under[id(change)] = min(causes, key=lambda cause: _distance(change, cause))
    homes = {change.code: under[id(change)] for change in reversed(changes) if id(change) in under and change.code}
    homes |= {change.code: change for change in reversed(changes) if _is_cell(change) and change.code}
    for change in changes:  # printed with other decimals because something of its indicator changed
        if change.kind == "reprinted" and id(change) not in under and change.code in homes:
            under[id(change)] = homes[change.code]
    dependents: dict[int, list[FigureChange]] = defaultdict(list)
    for change in changes:
        if id(change) in under:
            dependents[id(under[id(change)])].append(change)
    for root in changes:  # those of its own indicator first
        dependents[id(root)].sort(key=lambda change: change.code != root.code)
    return tuple(Cause(c, tuple(dependents[id(c)])) for c in changes if id(c) not in under)


def _is_cell(change: FigureChange) -> bool:
    """Whether a figure is a cell itself, and another than before: it can be a cause."""
    given = [printed for printed in (change.before, change.after) if printed is not None]
    return change.kind != "reprinted" and all(len(p.sources) == 1 and not p.formula for p in given)


def _candidates(change: FigureChange, by_cell: Mapping[tuple[bool, str], Sequence[FigureChange]]) -> list[FigureChange]:
    cells = [set(p.sources) if p is not None else set() for p in (change.before, change.after)]
    found: list[FigureChange] = []
    for later, own in enumerate(cells):
        for cell in own:
            for cause in by_cell.get((bool(later), cell), ()):
                if cause not in found and (not _counts(change) or _came_or_went(cause, cells)):
                    found.append(cause)
    return found


def _counts(change: FigureChange) -> bool:
    return change.role.startswith("count.")


def _came_or_went(cause: FigureChange, cells: Sequence[set[str]]) -> bool:
    """Whether a cell is among those counted before or after alone: a count changes by these, not by their amounts."""
    was, now = (
        printed is not None and printed.sources[0] in own
        for printed, own in zip((cause.before, cause.after), cells, strict=True)
    )
    return was != now


def _distance(change: FigureChange, cause: FigureChange) -> tuple[bool, bool, int]:
    place = FIRST.index(cause.role) if cause.role in FIRST else len(FIRST)
    return cause.code != change.code, cause.item != change.item, place


def _renamed(moved: Sequence[FigureChange]) -> tuple[Renamed, ...]:
    """Figures that only come from elsewhere now, by department and by file; a computed one follows its operands."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for change in moved:
        if change.before is None or change.after is None or not _is_cell(change):
            continue
        old, new = referred(change.before.sources[0]), referred(change.after.sources[0])
        if old[0] != new[0]:
            counts[change.department, old[0], new[0]] += 1
        else:
            counts[change.department, *(" ".join(filter(None, (new[0], new[1]))),) * 2] += 1
    return tuple(Renamed(*key, count) for key, count in counts.items())
