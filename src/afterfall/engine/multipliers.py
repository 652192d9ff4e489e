"""What is frozen within a month: feedback of totals on rates, and rations of what can be served.

A ration group a has a capacity C people a month. The demand on it is the sum over cells of people times the hazard of its
edges, and every such hazard is multiplied by ``min(1, (C + carry) / demand)``. What was not used is carried to the next
month, up to one month's capacity; what could not be served is the overflow, an output. Nothing is drawn: both executors
call these functions, one with whole people, one with expected numbers.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.hazards import Factors, Layout, month_factors, state_hazards
from afterfall.engine.index import Index
from afterfall.engine.jit import jit
from afterfall.engine.program import Floats, Multipliers, Program, Tables


@jit
def total(program: Program, index: Index, n: Floats, y: int) -> float:
    """The y-th total that feeds back: people ``n[C, S]`` weighted by cohort and state."""
    out = 0.0
    first, last = index.total_states.first[y], index.total_states.first[y + 1]
    for c in range(n.shape[0]):
        if program.total_cohort[y, c] != 0.0:
            here = 0.0
            for j in range(first, last):
                s = index.total_states.item[j]
                here += program.total_state[y, s] * n[c, s]
            out += program.total_cohort[y, c] * here
    return out


@jit
def feedbacks(program: Program, index: Index, tables: Tables, n: Floats) -> Floats:
    """Feedback factor of every rate ``[R]`` for people ``n[C, S]`` at the start of the month."""
    out = np.zeros(program.n_rates)
    for y in range(program.total_scale.size):
        level = math.log1p(total(program, index, n, y) / program.total_scale[y])
        for i in range(program.feedback.shape[0]):
            if program.feedback[i, 1] == y:
                out[program.feedback[i, 0]] += tables.feedback[i] * level
    for r in range(out.size):
        out[r] = math.exp(out[r])
    return out


@jit
def no_rations(program: Program) -> Floats:
    """Ration multipliers ``[A, O]`` when nothing is rationed."""
    return np.ones(program.capacity.shape[:2])


@jit
def demands(program: Program, index: Index, layout: Layout, factors: Factors, tables: Tables, n: Floats) -> Floats:
    """People a month that would use each rationed service if it could serve all: ``[A, O]``, column 0 when shared."""
    out = np.zeros(program.capacity.shape[:2])
    rationed, first_edge, choice, group = index.rationed_state, program.first_edge, program.choice, program.ration
    base, choice_base, reference, rho = layout.edge, layout.choice, layout.reference, tables.rho
    factor, choice_factor = factors.edge, factors.choice
    by_origin, hazard = program.ration_by_origin, np.empty(program.dest.size)
    for c in range(n.shape[0] if rationed.size > 0 else 0):
        u, o = program.stratum[c], program.origin[c]
        for j in range(rationed.size):
            s = rationed[j]
            if n[c, s] > 0:
                first, last = first_edge[s], first_edge[s + 1]
                state_hazards(
                    first, last, u, c, choice, base, factor, choice_base, choice_factor, reference, rho, hazard
                )
                for e in range(first, last):
                    a = group[e]
                    if a >= 0:
                        out[a, o if by_origin[a] else 0] += n[c, s] * hazard[e]
    return out


@jit
def rations(program: Program, tables: Tables, demand: Floats, carry: Floats, t: int) -> tuple[Floats, Floats, Floats]:
    """Multipliers ``[A, O]`` of month t, what is carried to the next month ``[A, O]`` and the overflow ``[A]``."""
    ration, left, overflow = no_rations(program), np.zeros(carry.shape), np.zeros(carry.shape[0])
    for a in range(carry.shape[0]):
        for o in range(carry.shape[1] if program.ration_by_origin[a] else 1):
            capacity = tables.capacity[a, o, t]
            if demand[a, o] > capacity + carry[a, o]:
                ration[a, o] = (capacity + carry[a, o]) / demand[a, o]
            served = ration[a, o] * demand[a, o]
            left[a, o] = min(max(capacity + carry[a, o] - served, 0.0), capacity)
            overflow[a] += demand[a, o] - served
    return ration, left, overflow


@jit
def multipliers(
    program: Program, index: Index, layout: Layout, tables: Tables, n: Floats, carry: Floats, t: int
) -> tuple[Multipliers, Factors, Floats, Floats]:
    """All that is frozen in month t, for people ``n[C, S]`` (whole or expected) at its start.

    Returns
    -------
    tuple
        The multipliers; the month's factors of hazards; what rations carry to the next month ``[A, O]``, people; the
        overflow ``[A]``, people.
    """
    feedback = feedbacks(program, index, tables, n)
    factors = month_factors(program, index, tables, feedback, t)
    demand = demands(program, index, layout, factors, tables, n)
    ration, left, overflow = rations(program, tables, demand, carry, t)
    return Multipliers(feedback, ration), factors, left, overflow
