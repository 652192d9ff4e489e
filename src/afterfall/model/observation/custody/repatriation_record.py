"""How fast each origin takes its people back: its own record of repatriations, where custody events are recorded.

In the forecast an origin's hazard of repatriation is ``h exp(sd z - sd^2 / 2)``, with z a standard normal of its own.
Its record of the last three years says more: R people were repatriated while about H were held::

    R / b ~ Poisson(h exp(sd z - sd^2 / 2) 36 (H + R / 2) / b),     b = BATCH

People are taken back in groups, so that R people are worth R / b independent ones. For each draw of h and sd, z is
drawn from its distribution given the record, at the quantile that it was drawn at before: an origin without a record
keeps its z, and so does every draw in a case without custody events.

An origin has a record where people of it were counted as held and some repatriation of it, at any time, was counted.
H is the largest of its latest counts of people held. Assumptions: policy goes on as in those years; b is five.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from afterfall.case import PartialDate
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Draws
from afterfall.model.mechanisms.custody_events import has_events
from afterfall.model.observation.custody.held_after_events import repatriated_since
from afterfall.model.observation.held_figures import held_groups

HAZARD, SPREAD = "repatriation.hazard", "repatriation.origin_sd"
#: Months of the record, and people who come back together.
MONTHS, BATCH = 36, 5.0
GRID = np.linspace(-4.5, 4.5, 361)


def record_of(view: CaseView, origin: str) -> tuple[float, float] | None:
    """People repatriated in the last `MONTHS` months and person-months at risk; None without a record."""
    if not view.case.figures_of("repatriated", place=origin):
        return None
    latest = [max(group.figures, key=lambda f: f.refers_to.last_day) for group in held_groups(view, origin)]
    values = [f for f in latest if not f.bound and -view.month_of(f.refers_to.last_day) <= MONTHS]
    if not values:
        return None
    start = replace(values[0], refers_to=PartialDate(view.date_of(-MONTHS).isoformat()))
    back = repatriated_since(view, start)
    return back, MONTHS * (max(f.value for f in values) + back / 2.0)


def _records(view: CaseView) -> dict[str, tuple[float, float] | None]:
    """The record of every origin; read once for a view, since draws are made a few at a time."""
    if __name__ not in view.kept:
        view.kept[__name__] = {origin: record_of(view, origin) for origin in view.named}
    found: dict[str, tuple[float, float] | None] = view.kept[__name__]
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
                z[i] = given_record(float(z[i]), float(row[column[HAZARD]]), float(row[column[SPREAD]]), *found)
    return replace(draws, values=values)


def given_record(z: float, log_hazard: float, sd: float, back: float, exposed: float) -> float:
    """The effect at the quantile of `z`, given people repatriated and person-months at risk."""
    mean = np.exp(log_hazard + sd * GRID - 0.5 * sd**2) * exposed / BATCH
    log: Floats = back / BATCH * np.log(np.maximum(mean, 1e-300)) - mean - 0.5 * GRID**2
    weight = np.cumsum(np.exp(log - log.max()))
    u = 0.5 * math.erfc(-z / math.sqrt(2.0))
    return float(np.interp(u, weight / weight[-1], GRID))
