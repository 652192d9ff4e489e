"""Arrivals of a month: people from outside, and those whom the people of a parent cohort bring.

Counts of each sweep are Poisson quantiles of one keyed uniform, keyed by inflow and cell. The mean of an inflow for
each person of a parent cohort follows from the people at the start of the month, so the mean of the counts is that of
the means.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.index import Cells, Counting, Inflows
from afterfall.engine.jit import inlined, lean
from afterfall.engine.keyed_uniforms import joined, stream, uniform_at
from afterfall.engine.program import Floats, Longs, RateFactors
from afterfall.engine.quantiles import poisson_quantile

SWEEPS = 2


class Arrivals(NamedTuple):
    """Arrivals of one month, and arrays for one inflow."""

    people: Longs | Floats  # [sweep, I, C]; expected ones [1, I, C], of the whole month
    mean: Floats  # [C] people a month
    parents: Floats  # [C] people for each of whom an inflow brings some
    uniform: Floats  # [sweep, C]


def blank_arrivals(inflows: Inflows, people: Longs | Floats) -> Arrivals:
    """Arrays for arrivals, given that for their ``people[sweep, I, C]``."""
    n_cohorts = inflows.open.shape[1]
    return Arrivals(people, np.empty(n_cohorts), np.empty(n_cohorts), np.empty((len(people), n_cohorts)))


@inlined
def mean_arrivals(
    cells: Cells,
    inflows: Inflows,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    n: Longs | Floats,
    i: int,
    arrivals: Arrivals,
) -> None:
    """Write the means of inflow i in month t to ``arrivals.mean``, given the people ``n[C, S]`` at its start."""
    mean, parents, r = arrivals.mean, arrivals.parents, inflows.rate[i]
    for c in range(mean.size):
        mean[c] = tables.base[r, c] * (tables.time[r, cells.stratum[c], t] * feedback[r]) if inflows.open[i, c] else 0.0
    first, last = inflows.per.first[i], inflows.per.first[i + 1]
    if first < last:
        parents[:] = 0.0
        for j in range(first, last):
            for c in range(parents.size):
                parents[c] += n[c, inflows.per.item[j]]
        for c in range(mean.size):
            if inflows.open[i, c]:
                mean[c] *= parents[inflows.parent[i, c]]


@lean
def draw_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    subkey: np.uint64,
    n: Longs,
    arrivals: Arrivals,
    counters: Longs,
) -> None:
    """Draw the arrivals of each sweep of month t, and count them."""
    people, uniform = arrivals.people, arrivals.uniform
    for i in range(inflows.state.size):
        mean_arrivals(cells, inflows, tables, feedback, t, n, i, arrivals)
        for c in range(n.shape[0]):
            begin = stream(subkey, joined(inflows.key[i], cells.key[c, inflows.state[i]]))
            for sweep in range(SWEEPS):
                uniform[sweep, c] = uniform_at(begin, sweep, 0)
        for sweep in range(SWEEPS):
            for c in range(n.shape[0]):
                mean = arrivals.mean[c] / SWEEPS
                people[sweep, i, c] = 0
                if uniform[sweep, c] > 1.0 - mean:  # exp(-x) >= 1 - x: else nobody comes
                    people[sweep, i, c] = poisson_quantile(uniform[sweep, c], mean)
                    count_arrivals(cells, counting, i, c, people[sweep, i, c], counters)


@lean
def expect_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    n: Floats,
    arrivals: Arrivals,
    counters: Floats,
) -> None:
    """Write the expected arrivals of month t to ``arrivals.people[0]``, and count them."""
    for i in range(inflows.state.size):
        mean_arrivals(cells, inflows, tables, feedback, t, n, i, arrivals)
        for c in range(n.shape[0]):
            arrivals.people[0, i, c] = arrivals.mean[c]
    for c in range(n.shape[0]):
        for i in range(inflows.state.size):
            count_arrivals(cells, counting, i, c, arrivals.people[0, i, c], counters)


@inlined
def count_arrivals(
    cells: Cells, counting: Counting, i: int, c: int, people: int | float, counters: Longs | Floats
) -> None:
    """Add people of cohort c whom inflow i brings to the counters that count them."""
    for j in range(counting.inflow.first[i], counting.inflow.first[i + 1]):
        if counting.covered[counting.inflow.item[j], c]:
            counters[counting.inflow.item[j], cells.origin[c]] += people
