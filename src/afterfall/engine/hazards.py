"""Hazards of one cell in one month, and probabilities of leaving: the arithmetic that both executors share.

Rates are factored (see `program`). `lay_out` gathers the part that differs between cohorts, once per trajectory;
`set_factors` gathers the part that differs between months, once per month. A hazard is then one product, and only the
edges of a choice need more work. ``1 - exp(-hazard)`` is written here and nowhere else.

Most cells lose nobody in most months. `bound_hazards` gives an upper bound on the hazards of all cohorts in a state at
the cost of a few products each: where even the bound moves nobody, no hazard is computed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.index import ONE, Cells, Edges
from afterfall.engine.jit import inlined, lean
from afterfall.engine.program import Floats, RateFactors

#: Below this hazard the probability that an entrant leaves is a power series: the closed form loses digits.
SMALL_HAZARD = 1e-3
#: Keeps rounding from bringing a bound below what it bounds.
LITTLE_MORE = 1.0 + 1e-12


class Layout(NamedTuple):
    """The part of every hazard that differs between cohorts, of one trajectory (columns as in `index.Edges`)."""

    edge: Floats  # [K, C] base of each column's rate, zero where its edges are closed to the cohort
    choice: Floats  # [G, C] base of each choice's rate
    reference: Floats  # [G, C] total weight of the choice's open edges at time column 0


class Factors(NamedTuple):
    """The part of every hazard that differs between months, of one month: time factor times feedback."""

    edge: Floats  # [U, K]
    choice: Floats  # [U, G]
    most_edge: Floats  # [K] the largest over strata
    most_choice: Floats  # [G] upper bound on ``choice`` times what any cohort of any stratum retains (see `retained`)


class Rates(NamedTuple):
    """Everything that determines the hazards of one month."""

    layout: Layout
    factors: Factors
    rho: Floats  # [G] as in `RateFactors`
    served: Floats  # [A, O] share of demand that each capacity serves (column 0 when shared); multiplies hazards


def blank_rates(cells: Cells, edges: Edges, tables: RateFactors) -> Rates:
    """Arrays for the rates of a month, with nothing limited."""
    n_columns, n_choices, n_strata = edges.column_rate.size, edges.choice_rate.size, tables.time.shape[1]
    of_choices = n_choices, cells.origin.size
    return Rates(
        Layout(np.empty((n_columns, cells.origin.size)), np.empty(of_choices), np.empty(of_choices)),
        Factors(
            np.empty((n_strata, n_columns)),
            np.empty((n_strata, n_choices)),
            np.empty(n_columns),
            np.empty(n_choices),
        ),
        tables.rho,
        np.ones(tables.capacity.shape[:2]),
    )


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


@lean
def lay_out(cells: Cells, edges: Edges, base: Floats, time: Floats, layout: Layout) -> None:
    """Gather the bases of hazards by cohort from ``base[R, C]`` and ``time[R, U, T + 1]``."""
    stratum = cells.stratum
    for k in range(edges.column_rate.size):
        r = edges.column_rate[k]
        for c in range(stratum.size):
            layout.edge[k, c] = base[r, c] if edges.column_open[k, c] else 0.0
    for g in range(edges.choice_rate.size):
        r = edges.choice_rate[g]
        for c in range(stratum.size):
            layout.choice[g, c] = base[r, c]
            layout.reference[g, c] = 0.0
    for e in range(edges.dest.size):
        g, k = edges.choice[e], edges.column[e]
        if g >= 0:
            r = edges.column_rate[k]
            for c in range(stratum.size):
                layout.reference[g, c] += layout.edge[k, c] * time[r, stratum[c], 0]


@inlined
def set_factors(edges: Edges, time: Floats, rho: Floats, feedback: Floats, t: int, factors: Factors) -> None:
    """Time factors ``time[R, U, t]`` times ``feedback[R]``, by column and by choice."""
    factors.most_edge[:] = 0.0
    factors.most_choice[:] = 0.0
    for u in range(time.shape[1]):
        for k in range(edges.column_rate.size):
            r = edges.column_rate[k]
            factors.edge[u, k] = time[r, u, t] * feedback[r]
            factors.most_edge[k] = max(factors.most_edge[k], factors.edge[u, k])
        for g in range(edges.choice_rate.size):
            r = edges.choice_rate[g]
            factors.choice[u, g] = time[r, u, t] * feedback[r]
            most = factors.choice[u, g] * _most_retained(edges, time, rho[g], factors.edge, u, g)
            factors.most_choice[g] = max(factors.most_choice[g], most)


@inlined
def _most_retained(edges: Edges, time: Floats, rho: float, factor: Floats, u: int, g: int) -> float:
    """Upper bound on ``(W / W_ref) ** rho`` over cohorts: a weighted mean is at most the largest of its terms."""
    most = 1.0
    if rho > 0.0:
        for j in range(edges.ways.first[g], edges.ways.first[g + 1]):
            k = edges.ways.item[j]
            begin = time[edges.column_rate[k], u, 0]
            if begin > 0.0:
                most = max(most, factor[u, k] / begin)
            elif factor[u, k] > 0.0:
                most = math.inf
    return math.pow(most, rho)


@inlined
def retained(weight: float, reference: float, rho: float) -> float:
    """``(W / W_ref) ** rho``: how a choice's hazard follows its open edges; 1 where nothing was open at the start."""
    if rho == 0.0 or reference <= 0.0:
        return 1.0
    return math.pow(weight / reference, rho)


@inlined
def state_hazards(edges: Edges, rates: Rates, c: int, u: int, s: int, hazard: Floats) -> None:
    """Write the monthly hazards of state s's edges, for cohort c of stratum u, to ``hazard[E]``, before capacities."""
    base, factor = rates.layout.edge, rates.factors.edge
    last = edges.first[s + 1]
    e = edges.first[s]
    while e < last:
        g = edges.choice[e]
        if g < 0:
            hazard[e] = base[edges.column[e], c] * factor[u, edges.column[e]]
            e += ONE
        else:
            start, total = e, 0.0
            while e < last and edges.choice[e] == g:
                hazard[e] = base[edges.column[e], c] * factor[u, edges.column[e]]
                total += hazard[e]
                e += ONE
            if total > 0.0:
                kept = retained(total, rates.layout.reference[g, c], rates.rho[g])
                scale = rates.layout.choice[g, c] * rates.factors.choice[u, g] * kept / total
                for j in range(start, e):
                    hazard[j] *= scale


@inlined
def limit_hazards(edges: Edges, rates: Rates, o: int, s: int, hazard: Floats) -> None:
    """Multiply the hazards of state s's edges by the share of demand that their capacities serve, for origin o."""
    for e in range(edges.first[s], edges.first[s + 1]):
        a = edges.capacity[e]
        if a >= 0:
            hazard[e] *= rates.served[a, o if edges.by_origin[a] else 0]


@inlined
def bound_hazards(edges: Edges, rates: Rates, s: int, most: Floats) -> None:
    """Write an upper bound on the total monthly hazard of state s's edges to ``most[C]``.

    Every column counts at its largest factor over strata, and a choice at its rate times `Factors.most_choice`.
    Capacities only lower hazards.
    """
    layout, factors = rates.layout, rates.factors
    most[:] = 0.0
    for j in range(edges.plain.first[s], edges.plain.first[s + 1]):
        k = edges.plain.item[j]
        largest = factors.most_edge[k] * LITTLE_MORE
        for c in range(most.size):
            most[c] += layout.edge[k, c] * largest
    for j in range(edges.choices.first[s], edges.choices.first[s + 1]):
        g = edges.choices.item[j]
        largest = factors.most_choice[g] * LITTLE_MORE
        for c in range(most.size):
            most[c] += layout.choice[g, c] * largest
