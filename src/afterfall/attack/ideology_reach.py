"""Reach of the ideology by month, which drives inspired attempts. It is one when the territory was largest.

Before the as-of date it follows the share of territory held::

    reach[t] = reach[t - 1] + (1 - exp(-fade)) (held[t] - reach[t - 1])

where held is the population under control, by the dated events of the case, over the largest population controlled by
the as-of date. It starts at the level of the territory when mobilisation begins. From the as-of date on it is that
value times the run's slow stock (`afterfall.model.mechanisms.slow_stocks`), which starts at one.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.model.mechanisms.slow_stocks import REACH
from afterfall.run import Run


def reach(run: Run, held: Floats, fade: Floats, back: int) -> Floats:
    """Reach from `back` months before the as-of date to the horizon, ``(trajectory, back + 1 + horizon)``.

    `held` is the population held before (`population_shares`), `back` months or more; `fade` is the monthly hazard of
    each trajectory, ``(trajectory,)``.
    """
    before = len(held) - 1
    step = 1.0 - np.exp(-fade)
    past = np.empty((len(fade), len(held)))
    past[:, 0] = held[0]
    for t in range(1, len(held)):
        past[:, t] = past[:, t - 1] + step * (held[t] - past[:, t - 1])
    own = np.asarray(run.dataset["slow"].sel(slow_stock=REACH).values, float)
    return np.asarray(np.round(np.concatenate([past[:, before - back :], past[:, -1:] * own[:, 1:]], axis=1), 9))


def population_shares(model: Model, back: int) -> Floats:
    """Population held since mobilisation, or the last `back` months if they are more, relative to its maximum.

    One value a month to that of the as-of date; zero if none was held.
    """
    months = max(back, model.view.history_months)
    people: dict[str, float] = {}
    for spell in model.view.spells:
        if "#" not in spell.name:  # a second spell of the same place
            place = spell.holding.split("/")[0]
            people[place] = people.get(place, 0.0) + spell.population
    held = np.array([_held(model, model.view.date_of(m), people) for m in range(-months, 1)])
    return np.asarray(held / max(held.max(), 1e-9))


def _held(model: Model, day: dt.date, people: dict[str, float]) -> float:
    control = model.case.holdings_at(day)
    return sum(number for place, number in people.items() if control.get(place) == "held")
