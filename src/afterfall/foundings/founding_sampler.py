"""The scalar loop that draws first foundings of one trajectory, month by month, country by country.

A presence is founded in the first month in which the hazard summed since the as-of date exceeds an exponential number
that depends on seed, trajectory and country alone, so the same trajectory under two policies differs only where the
hazard does. Growth and end are drawn in the same way. It gives the same bits whether one trajectory is drawn or many.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Keys

Shorts = npt.NDArray[np.int16]
#: Slots of the random numbers of a country.
FOUNDED, SIZE, GROWN, ENDED = 0, 1, 2, 3


@jit
def draw_foundings(
    subkey: np.uint64,
    keys: Keys,
    at_risk: npt.NDArray[np.bool_],
    start: Floats,
    borders: npt.NDArray[np.bool_],
    insurgency: npt.NDArray[np.bool_],
    level: Floats,
    spread: float,
    pace: Floats,
    arrivals: Floats,
    organisation: float,
    growth: Floats,
    growth_months: Floats,
    ends: Floats,
    ages: Floats,
    summed: npt.NDArray[np.float32],
    founded: Shorts,
    active: npt.NDArray[np.bool_],
    grown: Shorts,
    ended: Shorts,
) -> None:
    """Fill one trajectory.

    Parameters
    ----------
    subkey, keys
        Keys of the trajectory and of each country, ``[C]``.
    at_risk, start, insurgency
        Whether each country is at risk, its neighbours with the family, and whether it had an insurgency, ``[C]``.
    borders
        Common borders, ``[C, C]``.
    level, spread, pace, arrivals
        Hazard a month: ``level[c] * (1 + neighbours) ** spread * pace[t] * arrivals[t, c]``.
    organisation
        Share of foundings that are an organisation.
    growth, growth_months
        Hazard a month of growing into an armed conflict, ``[2, 2]``; months since the founding at which its early and
        its later time end, ``[2]``.
    ends, ages
        Hazard a month of ending by size and age, ``[2, A]``; months at which each interval of age ends, ``[A]``.
    summed
        Output: hazard summed from the as-of date to each month, ``[M, C]``. After a country's own founding its
        neighbours stay as they were, so it is the hazard of a country where nothing has been founded.
    founded, grown, ended
        Output: month of each, ``[C]``; one more than the number of months for never.
    active
        Output: whether what is founded is or becomes an active organisation, ``[C]``.
    """
    horizon, number = pace.size, keys.size
    never = horizon + 1
    neighbours, total, threshold = start.copy(), np.zeros(number), np.empty(number)
    for c in range(number):
        founded[c], grown[c], ended[c], active[c] = never, never, never, False
        threshold[c] = -math.log(uniform(subkey, keys[c], 0, FOUNDED)) if at_risk[c] else np.inf
    factor = np.exp(spread * np.log1p(neighbours))
    for t in range(horizon):
        moved = False
        for c in range(number):
            if not at_risk[c]:
                continue
            total[c] += level[c] * factor[c] * pace[t] * arrivals[t, c]
            summed[t, c] = total[c]
            if founded[c] == never and total[c] >= threshold[c]:
                founded[c] = t + 1
                moved = True
                war = t + 1 + _waits(uniform(subkey, keys[c], 0, GROWN), growth[int(insurgency[c])], growth_months)
                active[c] = war < np.inf or uniform(subkey, keys[c], 0, SIZE) < organisation
                grown[c] = int(min(war, never))
                begin = war if war < np.inf else t + 1.0
                over = begin + _waits(uniform(subkey, keys[c], 0, ENDED), ends[int(active[c])], ages)
                ended[c] = int(min(over, never))
            moved = moved or ended[c] == t + 1
        if moved:
            _count_neighbours(t + 1, start, borders, founded, ended, neighbours)
            for c in range(number):
                if founded[c] == never:
                    factor[c] = math.exp(spread * math.log1p(neighbours[c]))


@jit
def _count_neighbours(
    month: int, start: Floats, borders: npt.NDArray[np.bool_], founded: Shorts, ended: Shorts, neighbours: Floats
) -> None:
    """Neighbours of the as-of date, and those founded since that have not ended."""
    neighbours[:] = start
    for d in range(founded.size):
        if founded[d] <= month < ended[d]:
            for c in range(founded.size):
                if borders[d, c]:
                    neighbours[c] += 1.0


@jit
def _waits(u: float, hazard: Floats, until: Floats) -> float:
    """Months until an event with a hazard that is constant up to each of some ages, at least one; infinite for never.

    The last interval may be endless (``until`` infinite).
    """
    left, begin = -math.log(u), 0.0
    for i in range(hazard.size):
        length = until[i] - begin
        if left < hazard[i] * length:
            return float(max(math.ceil(begin + left / hazard[i]), 1))
        left -= hazard[i] * length
        begin = until[i]
    return np.inf
