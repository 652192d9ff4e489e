"""Hazards of one cell in one month, and what becomes of them: the arithmetic that both executors share.

Rates are factored (see `program`). `lay_out` gathers the part that differs between cohorts by edge, once a trajectory;
`month_factors` the part that differs between months, once a month; a hazard is then one product, and only the edges of a
choice need more. ``1 - exp(-hazard)`` is written here and nowhere else.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.index import Index
from afterfall.engine.jit import inlined, jit
from afterfall.engine.program import Flags, Floats, Ints, Program, Tables

#: Below this hazard the share of entrants who leave is a power series: the closed form loses digits.
SMALL_HAZARD = 1e-3


class Layout(NamedTuple):
    """The part of every hazard that differs between cohorts, of one trajectory."""

    edge: Floats  # [C, E] base of each edge's rate, zero where the edge is closed to the cohort
    choice: Floats  # [C, G] base of each choice's rate
    reference: Floats  # [C, G] total weight of the choice's open edges at time column 0


class Factors(NamedTuple):
    """The part of every hazard that differs between months, of one month: time factor times feedback."""

    edge: Floats  # [U, E]
    choice: Floats  # [U, G]


@inlined
def leave_probability(hazard: float) -> float:
    """Chance that someone present for the whole of a sweep leaves: ``1 - exp(-hazard)``."""
    return -math.expm1(-hazard)


@inlined
def entrant_leave_probability(hazard: float, leave: float) -> float:
    """Chance that someone who entered in the course of a sweep, at an even rate, leaves: ``1 - (1 - exp(-H)) / H``."""
    if hazard < SMALL_HAZARD:
        return hazard * (1.0 / 2.0 - hazard * (1.0 / 6.0 - hazard * (1.0 / 24.0 - hazard / 120.0)))
    return 1.0 - leave / hazard


@jit
def lay_out(program: Program, index: Index, tables: Tables) -> Layout:
    """Gather the bases of hazards by cohort and edge."""
    n_cohorts, n_edges, n_choices = program.origin.size, program.dest.size, program.choice_rate.size
    edge = np.zeros((n_cohorts, n_edges))
    choice = np.empty((n_cohorts, n_choices))
    reference = np.zeros((n_cohorts, n_choices))
    for c in range(n_cohorts):
        for e in range(n_edges):
            if program.open[e, c]:
                edge[c, e] = tables.base[program.rate[e], c]
                if program.choice[e] >= 0:
                    weight = edge[c, e] * tables.time[program.rate[e], program.stratum[c], 0]
                    reference[c, program.choice[e]] += weight
        for g in range(n_choices):
            choice[c, g] = tables.base[program.choice_rate[g], c]
    return Layout(edge, choice, reference)


@jit
def month_factors(program: Program, index: Index, tables: Tables, feedback: Floats, t: int) -> Factors:
    """Time factors times ``feedback[R]`` of month t, by edge and by choice."""
    edge = np.empty((index.n_strata, program.dest.size))
    choice = np.empty((index.n_strata, program.choice_rate.size))
    for u in range(index.n_strata):
        for e in range(program.dest.size):
            edge[u, e] = tables.time[program.rate[e], u, t] * feedback[program.rate[e]]
        for g in range(program.choice_rate.size):
            choice[u, g] = tables.time[program.choice_rate[g], u, t] * feedback[program.choice_rate[g]]
    return Factors(edge, choice)


@inlined
def retained(weight: float, reference: float, rho: float) -> float:
    """``(W / W_ref) ** rho``: how a choice's hazard follows its open ways; 1 where nothing was open at the reference."""
    if rho == 0.0 or reference <= 0.0:
        return 1.0
    return math.pow(weight / reference, rho)


@inlined
def state_hazards(
    first: int,
    last: int,
    u: int,
    c: int,
    choice: Ints,
    base: Floats,
    factor: Floats,
    choice_base: Floats,
    choice_factor: Floats,
    reference: Floats,
    rho: Floats,
    hazard: Floats,
) -> None:
    """Write the hazards a month of edges ``first .. last - 1`` (all of one state's) to ``hazard[E]``, before rations.

    For cohort c of stratum u; `base`, `choice_base` and `reference` are fields of `Layout`, `factor` and `choice_factor`
    of `Factors`. (Plain arrays, because this is the innermost loop.)
    """
    e = first
    while e < last:
        g = choice[e]
        if g < 0:
            hazard[e] = base[c, e] * factor[u, e]
            e += 1
        else:
            start, total = e, 0.0
            while e < last and choice[e] == g:
                hazard[e] = base[c, e] * factor[u, e]
                total += hazard[e]
                e += 1
            if total > 0.0:
                kept = retained(total, reference[c, g], rho[g])
                scale = choice_base[c, g] * choice_factor[u, g] * kept / total
                for j in range(start, e):
                    hazard[j] *= scale


@inlined
def ration_hazards(
    first: int, last: int, o: int, group: Ints, by_origin: Flags, ration: Floats, hazard: Floats
) -> None:
    """Multiply the hazards of edges ``first .. last - 1`` by their rations ``ration[A, O]``, for an origin o."""
    for e in range(first, last):
        a = group[e]
        if a >= 0:
            hazard[e] *= ration[a, o if by_origin[a] else 0]
