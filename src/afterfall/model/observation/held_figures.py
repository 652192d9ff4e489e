"""Which counts of people held condition the start of an origin, and their arrays.

Figures are stocks of the detained, or of people in camps, from one origin: of all custodians, or of those that the
definition names; of everyone, or of the roles in `HELD_ROLES`. Those born in the theatre count as minors. Values of one
group (the same custodians and roles) compete, by report family, with weights by their errors; a stated bound competes
with nothing and holds for whatever is chosen.

The history does not say how many were held in an earlier month. The log of the number is therefore a random walk, whose
steps have the standard deviation `MONTHLY_DRIFT` a month, and a figure older than `HELD_RECENT` months is not read. The
size of the steps is an assumption, not an estimate: people of an origin are moved a few families or all at once.

A source often gives a total and its parts by role, and says once where these people are. Parts without custodians of
their own are then held by those of the total. A total that is the sum of such parts repeats them and is not read: it
says nothing of roles without a part, whom the source did not count.

Where a case records custody events, a count is read across later events, and sites are distinguished
(`custody.held_after_events`), people moved to a custodian are counted there (`custody.moved_in`), and stocks of those
in the theatre who are with rebels, or of one role, are read in the same way (`custody.others_in_theatre`). A count of
women and children is of families of all custodians; those counts also say how many families an origin has at least.

A definition names custodians by the start of their names in the case: ``ne_syria`` the camps and prisons of
``ne-syria-camp`` and ``ne-syria-prison``; ``north_east_syria`` is another word for it. `camp_population` is of
custodians whose names end in ``camp``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Flags, Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, FATHERS, ROLES, State
from afterfall.model.language.vocabulary import MOTHERS as MOTHERS_ROLE
from afterfall.model.mechanisms.custody_events import SITES, has_events
from afterfall.model.observation.custody.held_after_events import (
    OLDEST,
    UNTRIED,
    at_site,
    before_arrivals,
    before_captures,
    followed,
    roles_counted,
    states_of,
)
from afterfall.model.observation.custody.moved_in import moved_in, moved_lately
from afterfall.model.observation.custody.others_in_theatre import (
    REBELS,
    THEATRE,
    others_in_theatre,
    states_in_theatre,
    whom_of,
)
from afterfall.model.observation.custody.taken_home import FAMILY_DEFINITION, log_left
from afterfall.model.observation.figure_rules import interval
from afterfall.model.observation.measurement_error import Reading, latest_of_families, reading

#: Quantities that count people held.
HELD_QUANTITIES = ("detained", "camp_population")
#: Standard deviation of a month's change of the log of people held, and the months after which a count is not read. At
#: 24 months a count may be wrong by a factor of two.
MONTHLY_DRIFT, HELD_RECENT = 0.1, 24
#: Other words for the start of custodians' names.
SAME_CUSTODIANS = {"north-east-syria": "ne-syria"}
MOTHERS, BORN = EVERY_ROLE.index(MOTHERS_ROLE), EVERY_ROLE.index("born")
MEN = EVERY_ROLE.index(FATHERS)
#: All roles of those who travelled, and the roles that a figure of each role counts. Women who fought count as women.
EVERYONE = tuple(range(len(ROLES)))
HELD_ROLES = {"": EVERYONE, "man": (0,), "fighter": (0,), "adult": (0, 1), "woman": (1,), "minor": (2,)}
FAMILIES = (1, 2)


class HeldArrays(NamedTuple):
    """Counts of people held as arrays; see the fields of the same names in `InitialStatePlan`."""

    first_held: Ints
    held_class: Ints
    held_cells: Flags
    held_roles: Ints
    held_alike: Ints
    first_held_figure: Ints
    held_log: Floats
    held_sd: Floats
    held_bound: Ints
    held_weight: Floats
    held_floor_log: Floats
    held_floor_sd: Floats
    family_floor_log: Floats
    family_floor_sd: Floats


class HeldGroup(NamedTuple):
    """Counts of the same people held: by whom, and in which roles.

    The weights of the values sum to one, and figures of one report family share its weight; a bound has the weight one.
    """

    custodians: tuple[str, ...]
    roles: tuple[int, ...]
    figures: tuple[Figure, ...]
    weights: tuple[float, ...]


def custodians_of(view: CaseView, figure: Figure) -> tuple[str, ...]:
    """Custodians whom a count of people held is of; all of them where it names none, none where it names others.

    A count of a role that names none is of the custodians of the total of its source, if these are clear.
    """
    named = view.custodians
    if figure.quantity == "camp_population":
        named = tuple(k for k in named if k.endswith("camp"))
    if figure.counts_people:
        wholes = [f for f in _of_source(view, figure) if not f.role] if figure.role else []
        of = {custodians_of(view, f) for f in [f for f in wholes if _adds_up(view, f)] or wholes}
        return of.pop() if len(of) == 1 else followed(view, figure, named)
    if has_events(view) and figure.definition == FAMILY_DEFINITION:
        return followed(view, figure, named)
    if has_events(view) and figure.definition in SITES:
        return followed(view, figure, SITES[figure.definition][1:])
    start = figure.definition.replace("_", "-")
    return followed(view, figure, [k for k in named if k.startswith(SAME_CUSTODIANS.get(start, start))])


def _of_source(view: CaseView, figure: Figure) -> list[Figure]:
    """Counts of people held of one place by one source on one day."""
    return [
        f
        for f in view.case.figures_of(figure.quantity, place=figure.place)
        if (f.report_family, f.refers_to, f.basis) == (figure.report_family, figure.refers_to, figure.basis)
    ]


def _adds_up(view: CaseView, total: Figure) -> bool:
    """Whether a total is the sum of the counts of roles of its source: of two or more that share nobody."""
    parts = [f for f in _of_source(view, total) if f.role and (f.counts_people or f.definition == total.definition)]
    roles = [r for f in parts for r in HELD_ROLES[f.role]]
    low, high = interval(total)
    return len(parts) > 1 and len(roles) == len(set(roles)) and low <= sum(f.value for f in parts) <= high


def why_not_held(view: CaseView, figure: Figure) -> str:
    """Why a count of people held does not condition the start of its place, or nothing."""
    if figure.place not in view.named:
        return "not of one origin"
    if figure.basis != "stock":
        return "not a number held on a day"
    if not custodians_of(view, figure):
        return f"of custodians that the case does not name ({figure.definition})"
    oldest = OLDEST if has_events(view) else HELD_RECENT
    if -view.month_of(figure.refers_to.last_day) > oldest:
        return f"more than {oldest} months old: who is held changes"
    if not figure.role and _adds_up(view, figure):
        return "the sum of counts by role of its source, which are read"
    return ""


def held_groups(view: CaseView, origin: str) -> tuple[HeldGroup, ...]:
    """Counts of people held of an origin, those of more custodians first."""
    found: dict[tuple[tuple[str, ...], tuple[int, ...]], list[Figure]] = {}
    for quantity in HELD_QUANTITIES:
        for figure in (before_captures(view, at_site(view, f)) for f in view.case.figures_of(quantity, place=origin)):
            if not why_not_held(view, figure):
                of = custodians_of(view, figure)
                roles = roles_counted(figure, of, roles_of(view, figure))
                found.setdefault((of, roles), []).append(before_arrivals(view, figure, of))
    for figure in moved_in(view, origin):
        found.setdefault((custodians_of(view, figure), HELD_ROLES[figure.role]), []).append(figure)
    for custodian, figure in moved_lately(view, origin):
        found.setdefault(((custodian + UNTRIED,), HELD_ROLES[figure.role]), []).append(figure)
    for word, figure in others_in_theatre(view, origin):
        found.setdefault(((word,), roles_of(view, figure)), []).append(figure)
    groups = []
    for (custodians, roles), figures in sorted(found.items(), key=lambda one: (-len(one[0][0]), one[0])):
        latest = tuple(latest_of_families(view, figures))
        groups.append(HeldGroup(custodians, roles, latest, _weights(view, latest)))
    return tuple(groups)


def roles_of(view: CaseView, figure: Figure) -> tuple[int, ...]:
    """Roles that a count is of."""
    if has_events(view) and figure.definition == FAMILY_DEFINITION:
        return FAMILIES
    return HELD_ROLES[figure.role]


def held_reading(view: CaseView, figure: Figure) -> Reading:
    """A count of people held as of the as-of date: its error grows with its age, and what it says (as a median) stays.

    A lognormal with a larger error has its mean further above its median, so the log of the count is lowered by that.
    """
    one = reading(figure)
    left = 0.0 if whom_of_theatre(figure) == REBELS else log_left(view, figure)
    sd = math.hypot(one.sd, MONTHLY_DRIFT * math.sqrt(max(-view.month_of(figure.refers_to.last_day), 0)))
    if left != 0.0:
        one, sd = replace(one, log=one.log + left), math.hypot(sd, left / 2.0)
    return replace(one, log=one.log - (math.log1p(sd**2) - math.log1p(one.sd**2)) / 2.0, sd=sd)


def whom_of_theatre(figure: Figure) -> str:
    """The word for whom a stock in the theatre is of; nothing for counts of people held."""
    return whom_of(figure) if figure.quantity == "in_theatre" else ""


def _weights(view: CaseView, figures: Sequence[Figure]) -> tuple[float, ...]:
    """Weights of the figures of a group (see `HeldGroup`)."""
    by_family: dict[str, list[float]] = {}
    for figure in figures:
        if not reading(figure).bound:
            by_family.setdefault(figure.report_family, []).append(1.0 / held_reading(view, figure).sd ** 2)
    whole = sum(max(worth) for worth in by_family.values())
    share = {family: max(worth) / len(worth) / whole for family, worth in by_family.items()}
    return tuple(1.0 if reading(f).bound else share[f.report_family] for f in figures)


def least_held(view: CaseView, groups: Sequence[HeldGroup], cells: Sequence[Flags]) -> tuple[float, float]:
    """Log of the people held by all counts of an origin at least, and its relative error; -inf without counts.

    The largest groups that share nobody, each with the lowest of its figures. `cells` are those whom each group counts.
    """
    least = []
    for group, counted in zip(groups, cells, strict=True):
        read = [held_reading(view, f) for f in group.figures]
        lowest = min((r for r in read if r.bound >= 0), key=lambda r: r.log, default=None)
        if lowest is not None:
            least.append((math.exp(lowest.log), lowest.sd, counted))
    people, variance = 0.0, 0.0
    taken = np.zeros_like(cells[0]) if len(cells) else np.zeros((0, 0), dtype=np.uint8)
    for count, sd, counted in sorted(least, key=lambda one: -one[0]):
        if not (taken & counted).any():
            people, variance, taken = people + count, variance + (count * sd) ** 2, taken | counted
    return (math.log(people), math.sqrt(variance) / people) if people > 0.0 else (-math.inf, 0.0)


def least_families(view: CaseView, groups: Sequence[HeldGroup], cells: Sequence[Flags]) -> tuple[float, float]:
    """The same of women and minors, by counts without men, where custody events are recorded; -inf without counts."""
    which = [j for j, group in enumerate(groups) if MEN not in group.roles] if has_events(view) else []
    return least_held(view, [groups[j] for j in which], [cells[j] for j in which])


def _members(view: CaseView, group: HeldGroup, states: Sequence[State]) -> list[bool]:
    """Which states are of the custodians of a group."""
    if group.custodians[0] in (REBELS, THEATRE):
        return states_in_theatre(view, group.custodians[0], states)
    if has_events(view):
        return states_of(view, group.custodians, states)
    if group.custodians == view.custodians:
        return [s.stage == "detained" for s in states]
    return [s.name in {f"detained_{k}" for k in group.custodians} for s in states]


def _roles(group: HeldGroup) -> list[bool]:
    """Which roles a group counts: the born are minors."""
    return [min(r, BORN - 1) in group.roles for r in range(len(EVERY_ROLE))]


def _classes(members: Sequence[Sequence[bool]], n_states: int) -> tuple[list[int], list[tuple[bool, ...]]]:
    """Class of each state, and for each class whether each group is of it; class 0 is of no group."""
    by_state = [tuple(m[s] for m in members) for s in range(n_states)]
    classes = [tuple(False for _ in members), *sorted({one for one in by_state if any(one)})]
    return [classes.index(one) for one in by_state], classes


def told_apart(groups: Sequence[HeldGroup], cells: Sequence[Flags], most: int) -> tuple[list[int], list[list[int]]]:
    """Roles that have shares of their own, and the classes that values do not tell apart (see `InitialStatePlan`).

    Women are counted where the born are, who follow them. Where values count all roles alike, none tells the classes of
    one role apart.
    """
    if not groups:
        return [-1] * len(ROLES), [[0] * most] * (1 + len(ROLES))
    counted = np.array(cells)[:, : len(ROLES)]
    valued = np.array([any(not reading(f).bound for f in g.figures) for g in groups])
    of_all = np.array([g.roles == EVERYONE for g in groups])
    with_born = counted.copy()
    with_born[:, MOTHERS] |= np.array(cells)[:, BORN]
    first = [next(s for s in range(r + 1) if _same(with_born, r, s)) for r in range(len(ROLES))]
    own = [s if max(first) > 0 and with_born[:, r].any() else -1 for r, s in enumerate(first)]
    by_role = counted[valued & (counted[valued] != counted[valued][:, :1]).any()]
    rows = [counted[valued & of_all, 0], *(by_role[:, r] for r in range(len(ROLES)))]
    return own, [[next(j for j in range(k + 1) if _same(row, k, j)) for k in range(most)] for row in rows]


def _same(flags: Flags, one: int, other: int) -> bool:
    """Whether two positions of the second axis are the same in all groups."""
    return bool((flags[:, one] == flags[:, other]).all())


def held_arrays(view: CaseView, states: Sequence[State]) -> HeldArrays:
    """Counts of people held of all origins as arrays."""
    by_origin = [held_groups(view, o) for o in view.origins]
    every = [group for groups in by_origin for group in groups]
    read = [held_reading(view, f) for group in every for f in group.figures]
    found = [_classes([_members(view, g, states) for g in groups], len(states)) for groups in by_origin]
    most = max((len(classes) for _, classes in found), default=1)
    cells: list[list[Flags]] = []
    for groups, (_, classes) in zip(by_origin, found, strict=True):
        of = [[one[j] for one in classes] + [False] * (most - len(classes)) for j in range(len(groups))]
        cells.append([np.outer(_roles(g), row).astype(np.uint8) for g, row in zip(groups, of, strict=True)])
    apart = [told_apart(groups, counted, most) for groups, counted in zip(by_origin, cells, strict=True)]
    least = [least_held(view, groups, counted) for groups, counted in zip(by_origin, cells, strict=True)]
    families = [least_families(view, groups, counted) for groups, counted in zip(by_origin, cells, strict=True)]
    return HeldArrays(
        first_held=np.cumsum([0, *(len(groups) for groups in by_origin)]).astype(np.int32),
        held_class=np.array([classes for classes, _ in found], dtype=np.int32),
        held_cells=np.array([c for one in cells for c in one], dtype=np.uint8).reshape(-1, len(EVERY_ROLE), most),
        held_roles=np.array([roles for roles, _ in apart], dtype=np.int32),
        held_alike=np.array([alike for _, alike in apart], dtype=np.int32),
        first_held_figure=np.cumsum([0, *(len(g.figures) for g in every)]).astype(np.int32),
        held_log=np.array([r.log for r in read], dtype=float),
        held_sd=np.array([r.sd for r in read], dtype=float),
        held_bound=np.array([r.bound for r in read], dtype=np.int32),
        held_weight=np.array([w for g in every for w in g.weights], dtype=float),
        held_floor_log=np.array([log for log, _ in least], dtype=float),
        held_floor_sd=np.array([sd for _, sd in least], dtype=float),
        family_floor_log=np.array([log for log, _ in families], dtype=float),
        family_floor_sd=np.array([sd for _, sd in families], dtype=float),
    )
