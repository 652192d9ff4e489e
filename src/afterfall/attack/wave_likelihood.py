"""What counts and the list say together of each region and year: of the wave G, and of how attacks split over years.

In a *cell*, a region and calendar year, attempts have the wave ``G ~ Gamma(a, a)``, a = ``attack.waves``. Given G, a
yearly count with expected attempts L is ``c ~ Poisson(G L)``. Of the listed attacks only the split over the years of a
region is used: which countries they were in already informs their milieus, from the same attacks (`milieu`), and how
many were listed for each attempt is not known. Given the total of a region, attacks split over its years in proportion
to a mean for each, with m the expected attempts of its listed countries:

- ``G m`` in a year without a count;
- ``c m / L`` in a year with one. The listed attacks are then some of those counted: given c they say how many of the
  counted are listed, and nothing of G.

With a scale s for the region this is a Poisson count with that mean times s, and the prior ``ds / s``, since

    multinomial(n | mean)  is in proportion to  the integral over s of the product over years of  Poisson(n | s mean)/s.

G then integrates out. Without a count and with one, a cell gives

    Gamma(a + n) / Gamma(a)  a^a  (s m)^n  (a + s m)^-(a + n),
    Gamma(a + c) / Gamma(a)  a^a  L^c  (a + L)^-(a + c)  (s c m / L)^n  exp(-s c m / L),

and, given s, ``G ~ Gamma(a + n, a + s m)`` or ``Gamma(a + c, a + L)``, from which the waves of past years, and of the
rest of the year of the as-of date, are drawn. With equal m and no counts it is the Dirichlet-multinomial distribution
with parameters a. The integral over log s is a sum over `POINTS` points about n over the mean. Listed attacks are
multiplied by their weight. Those of a year whose count is zero are left out.

These are scalar loops, which give the same bits on every thread.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Ints

#: Points of the integral over log s, and their distance.
POINTS, STEP = 21, 0.3


@jit
def log_waves(
    size: float, counted: Floats, attempts: Floats, listed: Floats, number: Floats, group: Ints, logs: Floats
) -> float:
    """Log likelihood of counts and of the split of listed attacks, all waves and scales integrated out.

    Parameters
    ----------
    size
        a.
    counted, attempts
        Expected attempts behind the counts of each cell, and the counts, ``[cells]``; zero where there is none.
    listed, number
        Expected attempts behind the listed attacks of each cell, and their weighted number, ``[cells]``.
    group
        Position of the region of each cell among those of the list; -1 where it has no list, ``[cells]``.
    logs
        Room for the integral, ``[POINTS]``.
    """
    total, groups = 0.0, 0
    for j in range(group.size):
        groups = max(groups, group[j] + 1)
        k = attempts[j] if counted[j] > 0.0 else number[j]
        total += math.lgamma(size + k) - math.lgamma(size) + size * math.log(size)
        if attempts[j] > 0.0:
            total += attempts[j] * math.log(max(counted[j], 1e-12)) - math.lgamma(attempts[j] + 1.0)
        if counted[j] > 0.0:
            total -= (size + k) * math.log(size + counted[j])
        elif group[j] < 0:
            total -= size * math.log(size)
    for g in range(groups):
        total += _log_over_scales(g, size, counted, attempts, listed, number, group, logs)
    return total


@jit
def centre(g: int, counted: Floats, attempts: Floats, listed: Floats, number: Floats, group: Ints) -> float:
    """Listed attacks of a region for each expected, or counted, attempt: the middle of its scales; zero for none."""
    some, expected = 0.0, 0.0
    for j in range(group.size):
        if group[j] == g and (counted[j] <= 0.0 or attempts[j] > 0.0):
            some += number[j]
            expected += listed[j] * (attempts[j] / counted[j] if counted[j] > 0.0 else 1.0)
    return some / expected if some > 0.0 and expected > 0.0 else 0.0


@jit
def _log_over_scales(
    g: int, size: float, counted: Floats, attempts: Floats, listed: Floats, number: Floats, group: Ints, logs: Floats
) -> float:
    """Log of the integral over the scale of one region; `logs` keeps the terms, the largest as zero."""
    middle = centre(g, counted, attempts, listed, number, group)
    best = -math.inf
    for q in range(POINTS):
        s = middle * math.exp(STEP * (q - POINTS // 2))
        value = 0.0
        for j in range(group.size):
            if group[j] == g and (counted[j] <= 0.0 or attempts[j] > 0.0):
                mean = s * listed[j]
                if counted[j] > 0.0:
                    mean *= attempts[j] / counted[j]
                    value -= mean
                else:
                    value -= (size + number[j]) * math.log(size + mean)
                if number[j] > 0.0:
                    value += number[j] * math.log(max(mean, 1e-12))
        logs[q] = value
        best = max(best, value)
    summed = 0.0
    for q in range(POINTS):
        logs[q] -= best
        summed += math.exp(logs[q])
    return best + math.log(summed * STEP)


@jit
def draw_waves(
    subkey: np.uint64,
    key: np.uint64,
    size: float,
    counted: Floats,
    attempts: Floats,
    listed: Floats,
    number: Floats,
    group: Ints,
    logs: Floats,
    waves: Floats,
) -> None:
    """Draw the scale of each region; write shape and rate of the wave of each cell to `waves`, ``[cells, 2]``."""
    groups = 0
    for j in range(group.size):
        groups = max(groups, group[j] + 1)
        waves[j, 0] = size + (attempts[j] if counted[j] > 0.0 else number[j])
        waves[j, 1] = size + counted[j]
    for g in range(groups):
        _log_over_scales(g, size, counted, attempts, listed, number, group, logs)
        summed = 0.0
        for q in range(POINTS):
            summed += math.exp(logs[q])
        left, q = uniform(subkey, key, 0, 2 * g) * summed, 0
        while q < POINTS - 1 and left > math.exp(logs[q]):
            left -= math.exp(logs[q])
            q += 1
        within = uniform(subkey, key, 0, 2 * g + 1) - 0.5
        s = centre(g, counted, attempts, listed, number, group) * math.exp(STEP * (q - POINTS // 2 + within))
        for j in range(group.size):
            if group[j] == g and counted[j] <= 0.0:
                waves[j, 1] += s * listed[j]
