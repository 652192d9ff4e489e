"""Which counts of people held condition the start of an origin, and their arrays.

Figures are stocks of the detained, or of people in camps, from one origin: of all custodians, or of those that the
definition names; of everyone, of women or of minors. Those born in the theatre count as minors. Values of one group
(the same custodians and role) compete, by report family, with weights by their errors; a stated bound competes with
nothing and holds for whatever is chosen. The history does not say how many were held in an earlier month, so a figure
is read for at most `HELD_RECENT` months.

A definition names custodians by the start of their names in the case: ``ne_syria`` the camps and prisons of
``ne-syria-camp`` and ``ne-syria-prison``; ``north_east_syria`` is another word for it. `camp_population` is of
custodians whose names end in ``camp``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Flags, Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, State
from afterfall.model.observation.figure_rules import FAMILY_ROLES
from afterfall.model.observation.measurement_error import latest_of_families, reading

#: Quantities that count people held.
HELD_QUANTITIES = ("detained", "camp_population")
#: A count of people held that is older than this, in months, is not read.
HELD_RECENT = 6
#: Other words for the start of custodians' names.
SAME_CUSTODIANS = {"north-east-syria": "ne-syria"}


class HeldArrays(NamedTuple):
    """Counts of people held as arrays; see the fields of the same names in `InitialStatePlan`."""

    first_held: Ints
    held_class: Ints
    held_cells: Flags
    first_held_figure: Ints
    held_log: Floats
    held_sd: Floats
    held_bound: Ints
    held_weight: Floats
    held_floor_log: Floats
    held_floor_sd: Floats


class HeldGroup(NamedTuple):
    """Counts of the same people held: by whom, in which role (-1: everyone).

    The weights of the values sum to one, and figures of one report family share its weight; a bound has the weight one.
    """

    custodians: tuple[str, ...]
    role: int
    figures: tuple[Figure, ...]
    weights: tuple[float, ...]


def custodians_of(view: CaseView, figure: Figure) -> tuple[str, ...]:
    """Custodians whom a count of people held is of; all of them where it names none, none where it names others."""
    named = view.custodians
    if figure.quantity == "camp_population":
        named = tuple(k for k in named if k.endswith("camp"))
    if figure.counts_people:
        return named
    start = figure.definition.replace("_", "-")
    return tuple(k for k in named if k.startswith(SAME_CUSTODIANS.get(start, start)))


def why_not_held(view: CaseView, figure: Figure) -> str:
    """Why a count of people held does not condition the start of its place, or nothing."""
    if figure.place not in view.named:
        return "not of one origin"
    if figure.basis != "stock":
        return "not a number held on a day"
    if figure.role and figure.role not in FAMILY_ROLES:
        return f"of a role that is not read ({figure.role})"
    if not custodians_of(view, figure):
        return f"of custodians that the case does not name ({figure.definition})"
    if -view.month_of(figure.refers_to.last_day) > HELD_RECENT:
        return f"more than {HELD_RECENT} months old: who is held changes fast"
    return ""


def held_groups(view: CaseView, origin: str) -> tuple[HeldGroup, ...]:
    """Counts of people held of an origin, those of more custodians first."""
    found: dict[tuple[tuple[str, ...], int], list[Figure]] = {}
    for quantity in HELD_QUANTITIES:
        for figure in view.case.figures_of(quantity, place=origin):
            if not why_not_held(view, figure):
                role = FAMILY_ROLES.get(figure.role, -1)
                found.setdefault((custodians_of(view, figure), role), []).append(figure)
    groups = []
    for (custodians, role), figures in sorted(found.items(), key=lambda one: (-len(one[0][0]), one[0])):
        latest = tuple(latest_of_families(view, figures))
        groups.append(HeldGroup(custodians, role, latest, _weights(latest)))
    return tuple(groups)


def _weights(figures: Sequence[Figure]) -> tuple[float, ...]:
    """Weights of the figures of a group (see `HeldGroup`)."""
    by_family: dict[str, list[float]] = {}
    for figure in figures:
        if not reading(figure).bound:
            by_family.setdefault(figure.report_family, []).append(1.0 / reading(figure).sd ** 2)
    whole = sum(max(worth) for worth in by_family.values())
    share = {family: max(worth) / len(worth) / whole for family, worth in by_family.items()}
    return tuple(1.0 if reading(f).bound else share[f.report_family] for f in figures)


def least_held(groups: Sequence[HeldGroup], cells: Sequence[Flags]) -> tuple[float, float]:
    """Log of the people held by all counts of an origin at least, and its relative error; -inf without counts.

    The largest groups that share nobody, each with the lowest of its figures. `cells` are those whom each group counts.
    """
    least = []
    for group, counted in zip(groups, cells, strict=True):
        lowest = min((r for r in map(reading, group.figures) if r.bound >= 0), key=lambda r: r.log, default=None)
        if lowest is not None:
            least.append((math.exp(lowest.log), lowest.sd, counted))
    people, variance = 0.0, 0.0
    taken = np.zeros_like(cells[0]) if len(cells) else np.zeros((0, 0), dtype=np.uint8)
    for count, sd, counted in sorted(least, key=lambda one: -one[0]):
        if not (taken & counted).any():
            people, variance, taken = people + count, variance + (count * sd) ** 2, taken | counted
    return (math.log(people), math.sqrt(variance) / people) if people > 0.0 else (-math.inf, 0.0)


def _members(view: CaseView, group: HeldGroup, states: Sequence[State]) -> list[bool]:
    """Which states are of the custodians of a group."""
    if group.custodians == view.custodians:
        return [s.stage == "detained" for s in states]
    return [s.name in {f"detained_{k}" for k in group.custodians} for s in states]


def _roles(group: HeldGroup) -> list[bool]:
    """Which roles a group counts: the born are minors."""
    return [group.role < 0 or group.role == min(r, FAMILY_ROLES["minor"]) for r in range(len(EVERY_ROLE))]


def _classes(members: Sequence[Sequence[bool]], n_states: int) -> tuple[list[int], list[tuple[bool, ...]]]:
    """Class of each state, and for each class whether each group is of it; class 0 is of no group."""
    by_state = [tuple(m[s] for m in members) for s in range(n_states)]
    classes = [tuple(False for _ in members), *sorted({one for one in by_state if any(one)})]
    return [classes.index(one) for one in by_state], classes


def held_arrays(view: CaseView, states: Sequence[State]) -> HeldArrays:
    """Counts of people held of all origins as arrays."""
    by_origin = [held_groups(view, o) for o in view.origins]
    every = [group for groups in by_origin for group in groups]
    read = [reading(f) for group in every for f in group.figures]
    found = [_classes([_members(view, g, states) for g in groups], len(states)) for groups in by_origin]
    most = max((len(classes) for _, classes in found), default=1)
    cells: list[list[Flags]] = []
    for groups, (_, classes) in zip(by_origin, found, strict=True):
        of = [[one[j] for one in classes] + [False] * (most - len(classes)) for j in range(len(groups))]
        cells.append([np.outer(_roles(g), row).astype(np.uint8) for g, row in zip(groups, of, strict=True)])
    least = [least_held(groups, counted) for groups, counted in zip(by_origin, cells, strict=True)]
    return HeldArrays(
        first_held=np.cumsum([0, *(len(groups) for groups in by_origin)]).astype(np.int32),
        held_class=np.array([classes for classes, _ in found], dtype=np.int32),
        held_cells=np.array([c for one in cells for c in one], dtype=np.uint8).reshape(-1, len(EVERY_ROLE), most),
        first_held_figure=np.cumsum([0, *(len(g.figures) for g in every)]).astype(np.int32),
        held_log=np.array([r.log for r in read], dtype=float),
        held_sd=np.array([r.sd for r in read], dtype=float),
        held_bound=np.array([r.bound for r in read], dtype=np.int32),
        held_weight=np.array([w for g in every for w in g.weights], dtype=float),
        held_floor_log=np.array([log for log, _ in least], dtype=float),
        held_floor_sd=np.array([sd for _, sd in least], dtype=float),
    )
