"""Which counts of people held condition the start of an origin, and their arrays.

Figures are stocks of the detained, or of people in camps, from one origin: of all custodians, or of those that the
definition names; of everyone, of women or of minors. Figures of one group (the same custodians and role) compete, with
weights by their errors. The history does not say how many were held in an earlier month, so a figure is read for at
most `HELD_RECENT` months.

A definition names custodians by the start of their names in the case: ``ne_syria`` the camps and prisons of
``ne-syria-camp`` and ``ne-syria-prison``; ``north_east_syria`` is another word for it. `camp_population` is of
custodians whose names end in ``camp``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure
from afterfall.engine.program import Flags, Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import State
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
    held_states: Flags
    held_role: Ints
    first_held_figure: Ints
    held_log: Floats
    held_sd: Floats
    held_bound: Ints
    held_weight: Floats


class HeldGroup(NamedTuple):
    """Counts that compete: whose custodians (none: of all), which role (-1: everyone), and weights that sum to one."""

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
        worth = [1.0 / reading(f).sd ** 2 for f in latest]
        groups.append(HeldGroup(custodians, role, latest, tuple(w / sum(worth) for w in worth)))
    return tuple(groups)


def held_arrays(view: CaseView, states: Sequence[State]) -> HeldArrays:
    """Counts of people held of all origins as arrays."""
    by_origin = [held_groups(view, o) for o in view.origins]
    every = [group for groups in by_origin for group in groups]
    read = [reading(f) for group in every for f in group.figures]
    everyone = [s.stage == "detained" for s in states]

    def held(group: HeldGroup) -> list[bool]:
        if group.custodians == view.custodians:
            return everyone
        return [s.name in {f"detained_{k}" for k in group.custodians} for s in states]

    return HeldArrays(
        first_held=np.cumsum([0, *(len(groups) for groups in by_origin)]).astype(np.int32),
        held_states=np.array([held(g) for g in every], dtype=np.uint8).reshape(len(every), len(states)),
        held_role=np.array([g.role for g in every], dtype=np.int32),
        first_held_figure=np.cumsum([0, *(len(g.figures) for g in every)]).astype(np.int32),
        held_log=np.array([r.log for r in read], dtype=float),
        held_sd=np.array([r.sd for r in read], dtype=float),
        held_bound=np.array([r.bound for r in read], dtype=np.int32),
        held_weight=np.array([w for g in every for w in g.weights], dtype=float),
    )
