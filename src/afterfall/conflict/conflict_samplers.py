"""Scalar loops that draw monthly deaths by place. They give the same bits on every thread, for one country or many.

Inputs that depend on numpy's vector units (the regression) are rounded before they get here.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Ints
from afterfall.engine.quantiles import BELOW_ONE, normal_quantile

Shorts = npt.NDArray[np.int16]


@jit
def deaths_at(u: float, chance: float, level: float, spread: float, shape: Floats, ceiling: float) -> float:
    """The u-quantile of deaths in a month: zero up to ``1 - chance``, else a rounded ``exp(level + spread e)``."""
    if u <= 1.0 - chance:
        return 0.0
    place = min((u - (1.0 - chance)) / chance, 1.0) * (shape.size - 1)
    lower = min(int(place), shape.size - 2)
    e = shape[lower] + (place - lower) * (shape[lower + 1] - shape[lower])
    return max(1.0, math.floor(math.exp(min(level + spread * e, ceiling)) + 0.5))


@jit
def quantiles(
    u: Floats, chance: Floats, level: Floats, spread: Floats, group: Ints, shape: Floats, ceiling: float
) -> Floats:
    """Quantiles at ``u[n]`` for every country and lead, ``(country, lead, n)``."""
    found = np.empty((*chance.shape, u.size))
    for c in range(chance.shape[0]):
        for h in range(chance.shape[1]):
            for i in range(u.size):
                found[c, h, i] = deaths_at(u[i], chance[c, h], level[c, h], spread[c, h], shape[group[c, h]], ceiling)
    return found


@jit
def randomised_pit(
    deaths: Floats, uniforms: Floats, chance: Floats, level: Floats, spread: Floats, group: Ints, shape: Floats
) -> Floats:
    """Randomised PIT of outcomes, ``(country, lead)``: `uniforms` place it between P(X < y) and P(X <= y)."""
    found = np.empty(deaths.shape)
    for c in range(deaths.shape[0]):
        for h in range(deaths.shape[1]):
            none, row = 1.0 - chance[c, h], shape[group[c, h]]
            if deaths[c, h] <= 0.0:
                found[c, h] = none * uniforms[c, h]
                continue
            low = 0.0
            if deaths[c, h] > 1.0:
                low = _share_below((math.log(deaths[c, h] - 0.5) - level[c, h]) / spread[c, h], row)
            high = _share_below((math.log(deaths[c, h] + 0.5) - level[c, h]) / spread[c, h], row)
            found[c, h] = none + chance[c, h] * (low + (high - low) * uniforms[c, h])
    return found


@jit
def _share_below(e: float, shape: Floats) -> float:
    """Share of residuals below a value, by linear interpolation of their quantiles."""
    if e <= shape[0]:
        return 0.0
    for i in range(1, shape.size):
        if e <= shape[i]:
            step = shape[i] - shape[i - 1]
            return (i - 1 + ((e - shape[i - 1]) / step if step > 0.0 else 0.0)) / (shape.size - 1)
    return 1.0


@jit
def draw_months(
    key: np.uint64,
    subkey: np.uint64,
    month: Ints,
    weight: Floats,
    own: Floats,
    predicted: tuple[Floats, Floats, Floats, Ints],
    shape: Floats,
    ceiling: float,
    shift: Floats,
    correlation: tuple[float, float],
    counting: Floats,
    deaths: Ints,
    events: Ints,
) -> None:
    """Fill the deaths and events of one country in one trajectory, month by month.

    Parameters
    ----------
    key, subkey
        The country's key, and the trajectory's key for what is drawn after a run.
    month
        Numbers of the months, ``[H]``; random numbers are keyed by them.
    weight
        Weight of the country's last months against the regression, ``[H]``.
    own
        Its last months in rising order.
    predicted
        Chance, level, spread and group of the regression, each ``[H]``.
    shape, ceiling
        As in `hurdle.Hurdle`.
    shift
        What organisations and veterans add to the log odds of a death and to the log of deaths, ``[H]``.
    correlation
        Share and memory of the correlation between months.
    counting
        Constant, slope and standard deviation of the log of events given the log of deaths.
    deaths, events
        Output, ``[H]``.
    """
    chance, level, spread, group = predicted
    share, memory = correlation
    which = uniform(subkey, key, 0, 0)
    slow = 0.0
    for h in range(month.size):
        fresh = normal_quantile(uniform(subkey, key, month[h], 0))
        slow = fresh if h == 0 else memory * slow + math.sqrt(1.0 - memory * memory) * fresh
        quick = normal_quantile(uniform(subkey, key, month[h], 1))
        z = math.sqrt(share) * slow + math.sqrt(1.0 - share) * quick
        u = min(max(0.5 * math.erfc(-z / math.sqrt(2.0)), 1e-12), BELOW_ONE)
        if which < weight[h]:
            value = own[min(int(u * own.size), own.size - 1)]
            value = math.floor(min(value * math.exp(shift[h]), math.exp(ceiling)) + 0.5)
        else:
            odds = chance[h] * math.exp(shift[h])
            likely = odds / (1.0 - chance[h] + odds)
            value = deaths_at(u, likely, level[h] + shift[h], spread[h], shape[group[h]], ceiling)
        deaths[h] = int(value)
        events[h] = _events(value, counting, uniform(subkey, key, month[h], 2))


@jit
def _events(deaths: float, counting: Floats, u: float) -> int:
    """Number of events given deaths: at least one if anyone died, at most one per death."""
    if deaths < 1.0:
        return 0
    log_events = counting[0] + counting[1] * math.log(deaths) + counting[2] * normal_quantile(u)
    return int(min(deaths, max(1.0, math.floor(math.exp(min(log_events, 20.0)) + 0.5))))
