"""What is constant within a month: the feedback of totals on rates, and the share of demand that capacities serve.

A capacity serves C people a month, or has C places less those taken at the start of the month. The demand on it is the
sum over cells of people times the hazard of its edges. Every such hazard is multiplied by
``min(1, (C + carry) / demand)``. The unused part of a flow is carried to the next month, up to one month's capacity.
Demand that is not served is the overflow, an output. Nothing is drawn: both executors call these functions, one with
whole people, the other with expected numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.hazards import Rates, blank_rates, set_factors, state_hazards
from afterfall.engine.index import Cells, Edges, Index, Totals
from afterfall.engine.jit import inlined, lean
from afterfall.engine.program import Flags, Floats, Longs, RateFactors


class Month(NamedTuple):
    """What is constant within a month, and what capacities carry to the next; set by `set_month`."""

    rates: Rates
    feedback: Floats  # [R] multiplies rates
    capacity: Floats  # [A, O] offered, before what was carried
    demand: Floats  # [A, O] people who would use a capacity if it could serve all; column 0 when shared
    carry: Floats  # [A, O] people
    overflow: Floats  # [A] people
    total: Floats  # [Y] the totals that feed back
    hazard: Floats  # [E] of one cell


def blank_month(index: Index, tables: RateFactors) -> Month:
    """Arrays for a month; nothing is carried yet."""
    shape = tables.capacity.shape[:2]
    return Month(
        rates=blank_rates(index.cells, index.edges, tables),
        feedback=np.empty(tables.base.shape[0]),
        capacity=np.empty(shape),
        demand=np.empty(shape),
        carry=np.zeros(shape),
        overflow=np.empty(shape[0]),
        total=np.empty(index.totals.scale.size),
        hazard=np.empty(index.edges.dest.size),
    )


@lean
def set_month(
    cells: Cells,
    edges: Edges,
    totals: Totals,
    tables: RateFactors,
    outside: Floats,
    n: Floats | Longs,
    t: int,
    month: Month,
) -> None:
    """Set all that is constant in month t, given people ``n[C, S]`` (whole or expected) at its start.

    ``outside[R]`` is the log of the factor by which bands act on each rate (see `bands`). ``month.rates.layout`` is
    that of the trajectory already.
    """
    set_feedback(totals, tables.feedback, outside, n, month.total, month.feedback)
    set_factors(edges, tables.time, tables.rho, month.feedback, t, month.rates.factors)
    offer(cells, edges, tables.capacity, n, t, month.capacity)
    demands(cells, edges, month.rates, n, month.hazard, month.demand)
    serve(edges.by_origin, month.capacity, month.demand, month.carry, month.rates.served, month.overflow)
    keep_no_place(edges, month.carry)


@inlined
def set_feedback(
    totals: Totals, coefficient: Floats, outside: Floats, n: Floats | Longs, total: Floats, feedback: Floats
) -> None:
    """Write the totals to ``total[Y]`` and the factor of every rate to ``feedback[R]``."""
    for y in range(total.size):
        total[y] = weighted(totals, n, y)
    for r in range(feedback.size):
        feedback[r] = outside[r]
    for i in range(totals.feedback.shape[0]):
        y = totals.feedback[i, 1]
        feedback[totals.feedback[i, 0]] += coefficient[i] * math.log1p(total[y] / totals.scale[y])
    for r in range(feedback.size):
        feedback[r] = math.exp(feedback[r])


@inlined
def weighted(totals: Totals, n: Floats | Longs, y: int) -> float:
    """One total that feeds back: a sum of people ``n[C, S]``, weighted by cohort and state."""
    weight, out = totals.cohort_weight[totals.pattern[y]], 0.0
    for j in range(totals.states.first[y], totals.states.first[y + 1]):
        s, people = totals.states.item[j], 0.0
        for c in range(weight.size):
            if n[c, s] > 0:
                people += weight[c] * n[c, s]
        out += totals.state_weight[y, s] * people
    return out


@inlined
def demands(cells: Cells, edges: Edges, rates: Rates, n: Floats | Longs, hazard: Floats, demand: Floats) -> None:
    """Write the people a month who would use each capacity if it could serve all to ``demand[A, O]``."""
    demand[:] = 0.0
    for c in range(n.shape[0] if edges.limited_state.size > 0 else 0):
        for s in edges.limited_state:
            if n[c, s] > 0:
                state_hazards(edges, rates, c, cells.stratum[c], s, hazard)
                for e in range(edges.first[s], edges.first[s + 1]):
                    a = edges.capacity[e]
                    if a >= 0:
                        demand[a, cells.origin[c] if edges.by_origin[a] else 0] += n[c, s] * hazard[e]


@inlined
def offer(cells: Cells, edges: Edges, capacity: Floats, n: Floats | Longs, t: int, out: Floats) -> None:
    """Write what each capacity offers in month t to ``out[A, O]``: its flow, or its free places."""
    for a in range(out.shape[0]):
        for o in range(out.shape[1]):
            out[a, o] = capacity[a, o, t]
        for j in range(edges.places.first[a], edges.places.first[a + 1]):
            for c in range(n.shape[0]):
                out[a, cells.origin[c] if edges.by_origin[a] else 0] -= n[c, edges.places.item[j]]
        for o in range(out.shape[1]):
            out[a, o] = max(out[a, o], 0.0)


@inlined
def serve(by_origin: Flags, capacity: Floats, demand: Floats, carry: Floats, served: Floats, overflow: Floats) -> None:
    """Write the share of demand served to ``served[A, O]`` and what is not served to ``overflow[A]``.

    ``carry[A, O]``, what was carried to this month, becomes what is carried to the next.
    """
    served[:] = 1.0
    overflow[:] = 0.0
    for a in range(served.shape[0]):
        for o in range(served.shape[1] if by_origin[a] else 1):
            offered = capacity[a, o] + carry[a, o]
            if demand[a, o] > offered:
                served[a, o] = offered / demand[a, o]
            used = served[a, o] * demand[a, o]
            carry[a, o] = min(max(offered - used, 0.0), capacity[a, o])
            overflow[a] += demand[a, o] - used


@inlined
def keep_no_place(edges: Edges, carry: Floats) -> None:
    """Carry nothing for capacities of places ``[A, O]``: a free place is counted again next month."""
    for a in range(carry.shape[0]):
        if edges.places.first[a] < edges.places.first[a + 1]:
            carry[a, :] = 0.0
