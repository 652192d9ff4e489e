"""Reach of the ideology, month by month: what feeds the inspired. One at the height of the territory.

Where the run carries reach as a slow stock (one at the as-of date), that is taken from the as-of date on. Otherwise,
and before that date, it follows the share of territory held::

    reach[t] = reach[t - 1] + (1 - exp(-fade)) (held[t] - reach[t - 1])

with held the population still held over the most ever held by the as-of date: from the case's dated events before that
date, from the run's falls after it. Reach starts in step with the territory when the mobilisation begins.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.run import Run

#: The slow stock of a run that, where it is there, is taken instead.
STOCK = "reach"


def reach(run: Run, model: Model, fade: Floats, back: int) -> Floats:
    """Reach from `back` months before the as-of date to the horizon, ``(trajectory, back + 1 + horizon)``.

    `fade` is the hazard a month, one a trajectory.
    """
    before = max(back, model.scene.history_months)
    past = _past(model, before)
    held = np.concatenate([np.tile(past, (len(fade), 1)), past[-1] * _kept(run, model)], axis=1)
    step = 1.0 - np.exp(-fade)
    found = np.empty_like(held)
    found[:, 0] = held[:, 0]
    for t in range(1, held.shape[1]):
        found[:, t] = found[:, t - 1] + step * (held[:, t] - found[:, t - 1])
    found = found[:, before - back :]
    if "slow" in run.dataset and STOCK in run.dataset["slow_stock"].values:
        own = np.asarray(run.dataset["slow"].sel(slow_stock=STOCK).values, float)
        found[:, back:] = found[:, back : back + 1] * own
    return np.asarray(np.round(found, 9))


def _past(model: Model, months: int) -> Floats:
    """Share held from `months` before the as-of date to it, of the most held in that time; none where nothing was."""
    people: dict[str, float] = {}
    for spell in model.scene.spells:
        if "#" not in spell.name:  # a second spell of the same place
            place = spell.holding.split("/")[0]
            people[place] = people.get(place, 0.0) + spell.population
    held = np.array([_held(model, model.scene.date_of(m), people) for m in range(-months, 1)])
    return np.asarray(held / max(held.max(), 1e-9))


def _held(model: Model, day: dt.date, people: dict[str, float]) -> float:
    control = model.case.holdings_at(day)
    return sum(number for place, number in people.items() if control.get(place) == "held")


def _kept(run: Run, model: Model) -> Floats:
    """Share of what is held at the as-of date that is still held after each month, ``(trajectory, horizon)``."""
    population = {s.name: s.population for s in model.scene.spells}
    weights = np.array([population[str(name)] for name in run.dataset["holding"].values])
    lost = np.asarray(run.dataset["lost"].values)
    held = np.stack([((lost > m) * weights).sum(axis=1) for m in range(run.request.horizon + 1)], axis=1)
    return np.asarray(held[:, 1:] / np.maximum(held[:, :1], 1e-9))
