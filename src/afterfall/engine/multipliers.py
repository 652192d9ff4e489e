"""What is constant within a month: the feedback of totals on rates, and the share of demand that capacities serve.

A capacity serves C people a month, or has C places less those taken at the start of the month. The demand on it is the
sum over cells of people times the hazard of its edges. Every such hazard is multiplied by
``min(1, (C + carry) / demand)``. The unused part of a flow is carried to the next month, up to one month's capacity.
Demand that is not served is the overflow, an output. Nothing is drawn: both executors call these functions, one with
whole people, the other with expected numbers.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.hazards import Layout, Rates, cohort_values, month_factors, state_hazards
from afterfall.engine.index import Cells, Edges, Totals
from afterfall.engine.jit import jit
from afterfall.engine.program import Flags, Floats, Longs, Multipliers, RateFactors


@jit
def weighted(totals: Totals, n: Floats | Longs) -> Floats:
    """The totals that feed back ``[Y]``: sums of people ``n[C, S]``, weighted by cohort and state."""
    weight = totals.cohort_weight
    by_state = np.zeros((weight.shape[0], n.shape[1]))
    for p in range(weight.shape[0]):
        for c in range(n.shape[0]):
            for s in range(n.shape[1]):
                by_state[p, s] += weight[p, c] * n[c, s]
    out = np.zeros(totals.scale.size)
    for y in range(out.size):
        for j in range(totals.states.first[y], totals.states.first[y + 1]):
            s = totals.states.item[j]
            out[y] += totals.state_weight[y, s] * by_state[totals.pattern[y], s]
    return out


@jit
def feedbacks(totals: Totals, coefficient: Floats, outside: Floats, n: Floats | Longs) -> Floats:
    """Feedback factor of every rate ``[R]`` for people ``n[C, S]`` at the start of the month.

    ``outside[R]`` is the log of the factor by which bands act on each rate (see `bands`).
    """
    total, out = weighted(totals, n), outside.copy()
    for i in range(totals.feedback.shape[0]):
        y = totals.feedback[i, 1]
        out[totals.feedback[i, 0]] += coefficient[i] * math.log1p(total[y] / totals.scale[y])
    for r in range(out.size):
        out[r] = math.exp(out[r])
    return out


@jit
def demands(cells: Cells, edges: Edges, rates: Rates, n: Floats | Longs) -> Floats:
    """People a month who would use each capacity if it could serve all: ``[A, O]``, column 0 when shared."""
    out = np.zeros(rates.served.shape)
    hazard, value = np.empty(edges.dest.size), np.empty(edges.column_rate.size)
    for c in range(n.shape[0] if edges.limited_state.size > 0 else 0):
        u, o, ready = cells.stratum[c], cells.origin[c], False
        for s in edges.limited_state:
            if n[c, s] > 0:
                if not ready:
                    cohort_values(rates, c, u, value)
                    ready = True
                state_hazards(edges, rates, c, u, s, value, hazard)
                for e in range(edges.first[s], edges.first[s + 1]):
                    a = edges.capacity[e]
                    if a >= 0:
                        out[a, o if edges.by_origin[a] else 0] += n[c, s] * hazard[e]
    return out


@jit
def offered(cells: Cells, edges: Edges, capacity: Floats, n: Floats | Longs, t: int) -> Floats:
    """What each capacity offers in month t, ``[A, O, 1]``: its flow, or its free places."""
    n_groups, n_origins = capacity.shape[:2]
    out = np.empty((n_groups, n_origins, 1))
    for a in range(n_groups):
        for o in range(n_origins):
            out[a, o, 0] = capacity[a, o, t]
        for s in range(n.shape[1]):
            if edges.place[a, s]:
                for c in range(n.shape[0]):
                    out[a, cells.origin[c] if edges.by_origin[a] else 0, 0] -= n[c, s]
        for o in range(n_origins):
            out[a, o, 0] = max(out[a, o, 0], 0.0)
    return out


@jit
def keep_no_place(edges: Edges, left: Floats) -> None:
    """Carry nothing for capacities of places ``[A, O]``: a free place is counted again next month."""
    for a in range(edges.place.shape[0]):
        if edges.place[a].any():
            left[a, :] = 0.0


@jit
def shares_served(
    by_origin: Flags, capacity: Floats, demand: Floats, carry: Floats, t: int
) -> tuple[Floats, Floats, Floats]:
    """Share of demand served in month t ``[A, O]``, what is carried to the next ``[A, O]``, and overflow ``[A]``."""
    n_groups, n_origins = carry.shape
    served, left, overflow = np.ones((n_groups, n_origins)), np.zeros((n_groups, n_origins)), np.zeros(n_groups)
    for a in range(n_groups):
        for o in range(n_origins if by_origin[a] else 1):
            offered = capacity[a, o, t] + carry[a, o]
            if demand[a, o] > offered:
                served[a, o] = offered / demand[a, o]
            used = served[a, o] * demand[a, o]
            left[a, o] = min(max(offered - used, 0.0), capacity[a, o, t])
            overflow[a] += demand[a, o] - used
    return served, left, overflow


@jit
def multipliers(
    cells: Cells,
    edges: Edges,
    totals: Totals,
    layout: Layout,
    tables: RateFactors,
    outside: Floats,
    n: Floats | Longs,
    carry: Floats,
    t: int,
) -> tuple[Multipliers, Rates, Floats, Floats]:
    """All that is constant in month t, given people ``n[C, S]`` (whole or expected) at its start and ``outside[R]``.

    Returns
    -------
    tuple
        The multipliers; everything that determines the month's hazards; what capacities carry to the next month
        ``[A, O]``, people; the overflow ``[A]``, people.
    """
    feedback = feedbacks(totals, tables.feedback, outside, n)
    factors = month_factors(edges, tables.time, tables.rho, feedback, t)
    free = Rates(layout, factors, tables.rho, np.ones(carry.shape))
    capacity = offered(cells, edges, tables.capacity, n, t)
    served, left, overflow = shares_served(edges.by_origin, capacity, demands(cells, edges, free, n), carry, 0)
    keep_no_place(edges, left)
    return Multipliers(feedback, served), Rates(layout, factors, tables.rho, served), left, overflow
