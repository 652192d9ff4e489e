"""How fast each origin takes its people back: its own record of repatriations, where custody events are recorded.

In the forecast an origin's hazard of repatriation is ``h exp(sd z - sd^2 / 2)`` times what role and stated policy say
(`mechanisms.repatriation_policy`), with z a standard normal of its own. Its record of the last three years says more: R
people were repatriated while about H[r] of role r were held, under policies that changed the hazard of role r by a
factor f[r], on average over the months::

    R / b ~ Poisson(h exp(sd z - sd^2 / 2) 36 (sum of f[r] H[r] + R / 2) / b),     b = BATCH

People are taken back in groups, so that R people are worth R / b independent ones. For each draw of h, sd and the
factors, z is drawn from its distribution given the record, at the quantile that it was drawn at before: an origin
without a record keeps its z, and so does every draw in a case without custody events.

An origin has a record where people of it were counted as held and some repatriation of it, at any time, was counted.
H is the largest of its latest counts of men held, and of all others. Assumptions: what an origin did beyond what it
says goes on as in those years; b is five.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from afterfall.case import Figure, PartialDate
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Draws
from afterfall.model.language.vocabulary import EVERY_ROLE, FATHERS, MOTHERS, Role
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.mechanisms.repatriation_policy import MEN, STANCES, stance
from afterfall.model.observation.custody.taken_home import repatriated_since
from afterfall.model.observation.held_figures import held_groups

HAZARD, SPREAD = "repatriation.hazard", "repatriation.origin_sd"
#: Months of the record, and people who come back together.
MONTHS, BATCH = 36, 5.0
GRID = np.linspace(-4.5, 4.5, 361)
FIGHTER = (EVERY_ROLE.index(FATHERS),)


class Exposed(NamedTuple):
    """People of a role who were held, and the share of the months in which a policy of each kind was in force."""

    role: Role
    people: float
    in_force: tuple[tuple[str, float], ...]


class RepatriationRecord(NamedTuple):
    """People repatriated in the last `MONTHS` months, and those who were held: men, and all others."""

    back: float
    exposed: tuple[Exposed, ...]


def record_of(view: CaseView, origin: str) -> RepatriationRecord | None:
    """The record of an origin, or None without one."""
    if not view.case.figures_of("repatriated", place=origin):
        return None
    held: dict[Role, Figure] = {}
    for group in held_groups(view, origin):
        values = [f for f in group.figures if not f.bound and -view.month_of(f.refers_to.last_day) <= MONTHS]
        role: Role = FATHERS if group.roles == FIGHTER else MOTHERS
        for figure in sorted(values, key=lambda f: f.refers_to.last_day)[-1:]:
            if role not in held or figure.value > held[role].value:
                held[role] = figure
    if not held:
        return None
    start = replace(next(iter(held.values())), refers_to=PartialDate(view.date_of(-MONTHS).isoformat()))
    exposed = tuple(Exposed(role, one.value, _in_force(view, origin, role)) for role, one in sorted(held.items()))
    return RepatriationRecord(repatriated_since(view, start), exposed)


def _in_force(view: CaseView, origin: str, role: Role) -> tuple[tuple[str, float], ...]:
    months = [stance(view, origin, role, month) for month in range(1 - MONTHS, 1)]
    return tuple((STANCES[kind][0], months.count(kind) / MONTHS) for kind in STANCES)


def _records(view: CaseView) -> dict[str, RepatriationRecord | None]:
    """The record of every origin; read once for a view, since draws are made a few at a time."""
    if __name__ not in view.kept:
        view.kept[__name__] = {origin: record_of(view, origin) for origin in view.named}
    found: dict[str, RepatriationRecord | None] = view.kept[__name__]
    return found


def by_record(view: CaseView, draws: Draws) -> Draws:
    """Draws whose origin effects on repatriation follow each origin's record."""
    if not has_events(view) or HAZARD not in draws.names:
        return draws
    column, values = {name: i for i, name in enumerate(draws.names)}, draws.values.copy()
    for origin, found in _records(view).items():
        name = f"{SPREAD}[{origin}]"
        if found is not None and name in column:
            z = values[:, column[name]]
            for i, row in enumerate(values):
                factors = {one: float(row[column[one]]) for one in (MEN, *(p for p, _ in STANCES.values()))}
                exposed = MONTHS * (exposed_people(found, factors) + found.back / 2.0)
                spread = float(row[column[SPREAD]])
                z[i] = given_record(float(z[i]), float(row[column[HAZARD]]), spread, found.back, exposed)
    return replace(draws, values=values)


def exposed_people(record: RepatriationRecord, log_factors: dict[str, float]) -> float:
    """People held, each times what role and policy changed in the hazard on average; `log_factors` by parameter."""
    total = 0.0
    for role, people, in_force in record.exposed:
        factor = 1.0 + sum(share * math.expm1(log_factors[parameter]) for parameter, share in in_force)
        total += people * factor * (math.exp(log_factors[MEN]) if role == FATHERS else 1.0)
    return total


def given_record(z: float, log_hazard: float, sd: float, back: float, exposed: float) -> float:
    """The effect at the quantile of `z`, given people repatriated and person-months at risk."""
    mean = np.exp(log_hazard + sd * GRID - 0.5 * sd**2) * exposed / BATCH
    log: Floats = back / BATCH * np.log(np.maximum(mean, 1e-300)) - mean - 0.5 * GRID**2
    weight = np.cumsum(np.exp(log - log.max()))
    u = 0.5 * math.erfc(-z / math.sqrt(2.0))
    return float(np.interp(u, weight / weight[-1], GRID))
