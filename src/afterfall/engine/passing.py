"""Passing: at the end of a month people of one cohort become people of another, in the state in which they are.

How many pass is the binomial quantile of one uniform, keyed by the cell that they leave. Where they pass to two
cohorts, how many go to the second is that of another uniform, with a chance of one half each. Passing is no move along
an edge: no counter counts it.
"""

from __future__ import annotations

import numpy as np

from afterfall.engine.hazards import leave_probability
from afterfall.engine.index import Cells, Passers
from afterfall.engine.jit import inlined, lean
from afterfall.engine.keyed_uniforms import stream, uniform_at
from afterfall.engine.program import Floats, Longs, RateFactors
from afterfall.engine.quantiles import binomial_quantile


@inlined
def pass_probability(cells: Cells, passing: Passers, tables: RateFactors, feedback: Floats, t: int, c: int) -> float:
    """Probability that someone of cohort c passes at the end of month t."""
    r = passing.rate
    return leave_probability(tables.base[r, c] * (tables.time[r, cells.stratum[c], t] * feedback[r]))


@lean
def pass_counts(
    cells: Cells, passing: Passers, tables: RateFactors, feedback: Floats, t: int, subkey: np.uint64, n: Longs
) -> None:
    """Let whole people ``n[C, S]`` pass at the end of month t, in place."""
    for i in range(passing.cohort.size):
        c, to, half = passing.cohort[i], passing.to[i], passing.half[i]
        p = pass_probability(cells, passing, tables, feedback, t, c)
        for s in passing.state:
            if n[c, s] > 0:
                start = stream(subkey, cells.key[c, s])
                u = uniform_at(start, 0, 0)
                if u > 1.0 - p * n[c, s]:  # (1 - p)^n >= 1 - p n: else nobody passes
                    passed = binomial_quantile(u, n[c, s], p)
                    n[c, s] -= passed
                    if half >= 0:
                        there = binomial_quantile(uniform_at(start, 0, 1), passed, 0.5)
                        n[half, s] += there
                        passed -= there
                    n[to, s] += passed


@lean
def pass_means(cells: Cells, passing: Passers, tables: RateFactors, feedback: Floats, t: int, n: Floats) -> None:
    """Let expected people ``n[C, S]`` pass at the end of month t, in place."""
    for i in range(passing.cohort.size):
        c, to, half = passing.cohort[i], passing.to[i], passing.half[i]
        p = pass_probability(cells, passing, tables, feedback, t, c)
        for s in passing.state:
            passed = p * n[c, s]
            n[c, s] -= passed
            if half >= 0:
                n[half, s] += 0.5 * passed
                passed *= 0.5
            n[to, s] += passed
