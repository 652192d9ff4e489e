"""Hazards of one cell in one month, and probabilities of leaving: the arithmetic that both executors share.

Rates are factored (see `program`). `lay_out` gathers the part that differs between cohorts, once per trajectory;
`month_factors` gathers the part that differs between months, once per month. A hazard is then one product, and only the
edges of a choice need more work. ``1 - exp(-hazard)`` is written here and nowhere else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.index import ONE, Cells, Edges
from afterfall.engine.jit import inlined, jit
from afterfall.engine.program import Floats

#: Below this hazard the probability that an entrant leaves is a power series: the closed form loses digits.
SMALL_HAZARD = 1e-3
#: Keeps rounding from bringing a bound below what it bounds.
LITTLE_MORE = 1.0 + 1e-12


class Layout(NamedTuple):
    """The part of every hazard that differs between cohorts, of one trajectory (columns as in `index.Edges`)."""

    edge: Floats  # [C, K] base of each column's rate, zero where its edges are closed to the cohort
    choice: Floats  # [C, G] base of each choice's rate
    reference: Floats  # [C, G] total weight of the choice's open edges at time column 0


class Factors(NamedTuple):
    """The part of every hazard that differs between months, of one month: time factor times feedback."""

    edge: Floats  # [U, K]
    choice: Floats  # [U, G]
    most: Floats  # [U, G] upper bound on ``choice`` times what any cohort retains (see `retained`)


class Rates(NamedTuple):
    """Everything that determines the hazards of one month."""

    layout: Layout
    factors: Factors
    rho: Floats  # [G] as in `RateFactors`
    served: Floats  # [A, O] as in `Multipliers`


@inlined
def leave_probability(hazard: float) -> float:
    """Probability that someone present for the whole of a sweep leaves: ``1 - exp(-hazard)``."""
    return -math.expm1(-hazard)


@inlined
def entrant_leave_probability(hazard: float, leave: float) -> float:
    """Probability that someone who enters at a uniform time in a sweep leaves in it: ``1 - (1 - exp(-H)) / H``."""
    if hazard < SMALL_HAZARD:
        return hazard * (1.0 / 2.0 - hazard * (1.0 / 6.0 - hazard * (1.0 / 24.0 - hazard / 120.0)))
    return 1.0 - leave / hazard


@jit
def lay_out(cells: Cells, edges: Edges, base: Floats, time: Floats) -> Layout:
    """Gather the bases of hazards by cohort from ``base[R, C]`` and ``time[R, U, T + 1]``."""
    n_cohorts, n_columns, n_choices = cells.origin.size, edges.column_rate.size, edges.choice_rate.size
    edge = np.zeros((n_cohorts, n_columns))
    choice = np.empty((n_cohorts, n_choices))
    reference = np.zeros((n_cohorts, n_choices))
    for c in range(n_cohorts):
        for k in range(n_columns):
            if edges.column_open[k, c]:
                edge[c, k] = base[edges.column_rate[k], c]
        for e in range(edges.dest.size):
            g, k = edges.choice[e], edges.column[e]
            if g >= 0:
                reference[c, g] += edge[c, k] * time[edges.column_rate[k], cells.stratum[c], 0]
        for g in range(n_choices):
            choice[c, g] = base[edges.choice_rate[g], c]
    return Layout(edge, choice, reference)


@jit
def month_factors(edges: Edges, time: Floats, rho: Floats, feedback: Floats, t: int) -> Factors:
    """Time factors ``time[R, U, t]`` times ``feedback[R]``, by column and by choice."""
    n_strata = time.shape[1]
    edge = np.empty((n_strata, edges.column_rate.size))
    choice = np.empty((n_strata, edges.choice_rate.size))
    most = np.empty((n_strata, edges.choice_rate.size))
    for u in range(n_strata):
        for k in range(edges.column_rate.size):
            edge[u, k] = time[edges.column_rate[k], u, t] * feedback[edges.column_rate[k]]
        for g in range(edges.choice_rate.size):
            choice[u, g] = time[edges.choice_rate[g], u, t] * feedback[edges.choice_rate[g]]
            most[u, g] = choice[u, g] * _most_retained(edges, time, rho[g], edge[u], u, g) * LITTLE_MORE
    return Factors(edge, choice, most)


@inlined
def _most_retained(edges: Edges, time: Floats, rho: float, factor: Floats, u: int, g: int) -> float:
    """Upper bound on ``(W / W_ref) ** rho`` over cohorts: a weighted mean is at most the largest of its terms."""
    most = 1.0
    if rho > 0.0:
        for j in range(edges.ways.first[g], edges.ways.first[g + 1]):
            k = edges.ways.item[j]
            begin = time[edges.column_rate[k], u, 0]
            if begin > 0.0:
                most = max(most, factor[k] / begin)
            elif factor[k] > 0.0:
                most = math.inf
    return math.pow(most, rho)


@inlined
def cohort_values(rates: Rates, c: int, u: int, value: Floats) -> None:
    """Write base times factor of every column to ``value[K]``, for cohort c of stratum u."""
    base, factor = rates.layout.edge, rates.factors.edge
    for k in range(value.size):
        value[k] = base[c, k] * factor[u, k]


@inlined
def retained(weight: float, reference: float, rho: float) -> float:
    """``(W / W_ref) ** rho``: how a choice's hazard follows its open edges; 1 where nothing was open at the start."""
    if rho == 0.0 or reference <= 0.0:
        return 1.0
    return math.pow(weight / reference, rho)


@inlined
def state_hazards(edges: Edges, rates: Rates, c: int, u: int, s: int, value: Floats, hazard: Floats) -> None:
    """Write the monthly hazards of state s's edges, for cohort c of stratum u, to ``hazard[E]``, before capacities.

    ``value[K]`` are the cohort's values (`cohort_values`).
    """
    layout = rates.layout
    last = edges.first[s + 1]
    e = edges.first[s]
    while e < last:
        g = edges.choice[e]
        if g < 0:
            hazard[e] = value[edges.column[e]]
            e += ONE
        else:
            start, total = e, 0.0
            while e < last and edges.choice[e] == g:
                hazard[e] = value[edges.column[e]]
                total += hazard[e]
                e += ONE
            if total > 0.0:
                kept = retained(total, layout.reference[c, g], rates.rho[g])
                scale = layout.choice[c, g] * rates.factors.choice[u, g] * kept / total
                for j in range(start, e):
                    hazard[j] *= scale


@inlined
def most_hazard(edges: Edges, rates: Rates, c: int, u: int, s: int, value: Floats) -> float:
    """An upper bound on the total monthly hazard of state s's edges, much cheaper than the hazards themselves.

    A choice adds at most its rate times `Factors.most`; capacities only lower hazards.
    """
    total = 0.0
    for j in range(edges.plain.first[s], edges.plain.first[s + 1]):
        total += value[edges.plain.item[j]]
    for j in range(edges.choices.first[s], edges.choices.first[s + 1]):
        g = edges.choices.item[j]
        total += rates.layout.choice[c, g] * rates.factors.most[u, g]
    return total * LITTLE_MORE


@inlined
def limit_hazards(edges: Edges, rates: Rates, o: int, s: int, hazard: Floats) -> None:
    """Multiply the hazards of state s's edges by the share of demand that their capacities serve, for origin o."""
    for e in range(edges.first[s], edges.first[s + 1]):
        a = edges.capacity[e]
        if a >= 0:
            hazard[e] *= rates.served[a, o if edges.by_origin[a] else 0]
