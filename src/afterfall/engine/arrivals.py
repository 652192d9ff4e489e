"""Arrivals of a month: people from outside, and those whom the people of a parent cohort bring.

Counts of each sweep are Poisson quantiles of one keyed uniform, keyed by inflow and cell; a cohort that no inflow is
open to costs nothing. The mean of an inflow for each person of a parent cohort follows from the people at the start of
the month, so the mean of the counts is that of the means.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.index import ONE, Cells, Counting, Inflows, Listing
from afterfall.engine.jit import inlined, jit
from afterfall.engine.keyed_uniforms import joined, stream, uniform_at
from afterfall.engine.program import Floats, Ints, Longs, RateFactors
from afterfall.engine.quantiles import poisson_quantile

SWEEPS = 2


class Arrivals(NamedTuple):
    """Arrivals of one month."""

    state: Ints  # [I]
    of_cohort: Listing  # for each cohort, the inflows open to it
    people: Longs  # [sweep, I, C]


class ExpectedArrivals(NamedTuple):
    """Expected arrivals of one month."""

    state: Ints  # [I]
    of_cohort: Listing
    people: Floats  # [I, C]


@inlined
def mean_arrivals(
    cells: Cells, inflows: Inflows, tables: RateFactors, feedback: Floats, t: int, n: Longs | Floats, i: int, c: int
) -> float:
    """Mean of inflow i to cohort c in month t, given the people ``n[C, S]`` at its start."""
    r = inflows.rate[i]
    mean: float = tables.base[r, c] * (tables.time[r, cells.stratum[c], t] * feedback[r])
    first, last = inflows.per.first[i], inflows.per.first[i + ONE]
    if first == last:
        return mean
    people = 0.0
    for j in range(first, last):
        people += n[inflows.parent[i, c], inflows.per.item[j]]
    return mean * people


@jit
def draw_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    subkey: np.uint64,
    n: Longs,
    people: Longs,
    counters: Longs,
) -> None:
    """Draw the arrivals of each sweep of month t into ``people[sweep, I, C]``, and count them."""
    for c in range(cells.origin.size):
        for k in range(inflows.of_cohort.first[c], inflows.of_cohort.first[c + 1]):
            i = inflows.of_cohort.item[k]
            mean = mean_arrivals(cells, inflows, tables, feedback, t, n, i, c) / SWEEPS
            begin = stream(subkey, joined(inflows.key[i], cells.key[c, inflows.state[i]]))
            for sweep in range(SWEEPS):
                people[sweep, i, c] = 0
                if mean > 0.0:
                    u = uniform_at(begin, sweep, 0)
                    people[sweep, i, c] = 0 if u <= 1.0 - mean else poisson_quantile(u, mean)  # exp(-x) >= 1 - x
                for j in range(counting.inflow.first[i], counting.inflow.first[i + ONE]):
                    if counting.covered[counting.inflow.item[j], c]:
                        counters[counting.inflow.item[j], cells.origin[c]] += people[sweep, i, c]


@jit
def expect_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    n: Floats,
    people: Floats,
    counters: Floats,
) -> None:
    """Write the expected arrivals of month t to ``people[I, C]``, and count them."""
    for c in range(cells.origin.size):
        for k in range(inflows.of_cohort.first[c], inflows.of_cohort.first[c + 1]):
            i = inflows.of_cohort.item[k]
            people[i, c] = mean_arrivals(cells, inflows, tables, feedback, t, n, i, c)
            for j in range(counting.inflow.first[i], counting.inflow.first[i + ONE]):
                if counting.covered[counting.inflow.item[j], c]:
                    counters[counting.inflow.item[j], cells.origin[c]] += people[i, c]


@inlined
def let_in(arrivals: Arrivals, sweep: int, c: int, entered: Longs) -> None:
    """Add a cohort's arrivals of a sweep to the states in which they begin."""
    for k in range(arrivals.of_cohort.first[c], arrivals.of_cohort.first[c + 1]):
        i = arrivals.of_cohort.item[k]
        entered[arrivals.state[i]] += arrivals.people[sweep, i, c]
