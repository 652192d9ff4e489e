"""The executor of means: the expected flow along every edge, by the scheme of `counts` on real numbers.

History, from mobilisation to the as-of date, is run this way, for a batch of parameter draws at once. Hazards, feedback
and rations come from the functions that the counts use; what is written here is the step: two sweeps of half a month in
topological order, those present leaving with ``1 - exp(-H)``, those who entered in the sweep with
``1 - (1 - exp(-H)) / H``. Without feedback and rations the mean of the counts is exactly this. A row of a batch has the
same bits whatever the other rows are: only elementwise arithmetic and scalar loops touch it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.hazards import (
    Layout,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    ration_hazards,
    state_hazards,
)
from afterfall.engine.index import Index, index
from afterfall.engine.jit import jit
from afterfall.engine.multipliers import multipliers
from afterfall.engine.program import Floats, Program, Tables

SWEEPS = 2


class Month(NamedTuple):
    """What a step of N cohorts (of all rows of a batch) needs in one month."""

    hazard: Floats  # [E, N]
    arriving: Floats  # [I, N] people


def run_means(program: Program, tables: Tables, start: Floats, counters: Floats) -> tuple[Floats, Floats]:
    """Expected people and counters by month, for one set of tables or for a batch of them.

    Parameters
    ----------
    program
        The program; its records by month are not used, everything is returned.
    tables
        Tables, with any number of leading batch axes on each field.
    start
        Expected people ``[..., C, S]`` at column 0.
    counters
        Counters ``[..., Q, O]`` at column 0.

    Returns
    -------
    tuple
        People ``[..., T + 1, C, S]`` and counters ``[..., T + 1, Q, O]``; rows of stocks stay as they were given.
    """
    batch, cells, kinds = start.shape[:-2], start.shape[-2:], counters.shape[-2:]
    rows = Tables(*(np.ascontiguousarray(f.reshape(-1, *f.shape[len(batch) :])) for f in tables))
    n_rows, months = rows.base.shape[0], program.horizon + 1
    stocks, counted = np.zeros((n_rows, months, *cells)), np.zeros((n_rows, months, *kinds))
    stocks[:, 0], counted[:, 0] = start.reshape(-1, *cells), counters.reshape(-1, *kinds)
    lists = index(program)
    layouts = lay_out_batch(program, lists, rows)
    carry = np.zeros((n_rows, *program.capacity.shape[:2]))
    for t in range(1, months):
        month = month_of_batch(program, lists, layouts, rows, stocks[:, t - 1], carry, t)
        n = stocks[:, t - 1].reshape(-1, cells[1]).T.copy()
        n, flow = step_means(program, month, n)
        stocks[:, t] = n.T.reshape(n_rows, *cells)
        counted[:, t] = counted[:, t - 1]
        count(program, lists, flow, month.arriving, counted[:, t])
    return stocks.reshape(*batch, months, *cells), counted.reshape(*batch, months, *kinds)


@jit
def step_means(program: Program, month: Month, n: Floats) -> tuple[Floats, Floats]:
    """Move expected people ``n[S, N]`` through a month: ``(n[S, N], flow[E, N])``, both new."""
    first_edge, dest, hazard = program.first_edge, program.dest, month.hazard
    n, flow = n.copy(), np.zeros_like(hazard)
    leave, leave_fresh = np.zeros_like(n), np.zeros_like(n)
    share = np.zeros_like(hazard)
    for s in range(n.shape[0]):
        leave_probabilities(
            hazard[first_edge[s] : first_edge[s + 1]],
            leave[s],
            leave_fresh[s],
            share[first_edge[s] : first_edge[s + 1]],
        )
    entered, later = np.zeros_like(n), np.zeros_like(n)
    for _ in range(SWEEPS):
        for i in range(program.inflow_state.size):
            entered[program.inflow_state[i]] += month.arriving[i] / SWEEPS
        for s in range(n.shape[0]):
            gone = n[s] * leave[s] + entered[s] * leave_fresh[s]
            n[s] += entered[s] - gone
            entered[s] = 0.0
            for e in range(first_edge[s], first_edge[s + 1]):
                moved = gone * share[e]
                flow[e] += moved
                if dest[e] > s:
                    entered[dest[e]] += moved
                else:
                    later[dest[e]] += moved
        n += later
        later[:] = 0.0
    return n, flow


@jit
def leave_probabilities(hazard: Floats, leave: Floats, leave_fresh: Floats, share: Floats) -> None:
    """Chances ``[N]`` to leave a state with hazards ``[edges, N]`` in a sweep, and the edges' shares ``[edges, N]``."""
    for i in range(leave.size):
        total = 0.0
        for e in range(hazard.shape[0]):
            total += hazard[e, i]
        if total > 0.0:
            leave[i] = leave_probability(total / SWEEPS)
            leave_fresh[i] = entrant_leave_probability(total / SWEEPS, leave[i])
            for e in range(hazard.shape[0]):
                share[e, i] = hazard[e, i] / total


@jit
def lay_out_batch(program: Program, index: Index, tables: Tables) -> Layout:
    """`hazards.lay_out` for every row of a batch; each field has a leading batch axis."""
    n, (n_cohorts, n_choices) = tables.base.shape[0], (program.origin.size, program.choice_rate.size)
    out = Layout(
        np.empty((n, n_cohorts, program.dest.size)),
        np.empty((n, n_cohorts, n_choices)),
        np.empty((n, n_cohorts, n_choices)),
    )
    for b in range(n):
        one = lay_out(program, index, table_of(tables, b))
        out.edge[b], out.choice[b], out.reference[b] = one.edge, one.choice, one.reference
    return out


@jit
def table_of(tables: Tables, b: int) -> Tables:
    """Row b of a batch of tables."""
    return Tables(tables.base[b], tables.time[b], tables.rho[b], tables.capacity[b], tables.feedback[b])


@jit
def month_of_batch(
    program: Program, index: Index, layouts: Layout, tables: Tables, n: Floats, carry: Floats, t: int
) -> Month:
    """Hazards and arrivals of month t for people ``n[B, C, S]``; what rations carry, ``carry[B, A, O]``, goes on in place."""
    n_rows, n_cohorts, n_states = n.shape
    month = Month(
        np.empty((program.dest.size, n_rows * n_cohorts)), np.zeros((program.inflow_state.size, n_rows * n_cohorts))
    )
    for b in range(n_rows):
        row = table_of(tables, b)
        layout = Layout(layouts.edge[b], layouts.choice[b], layouts.reference[b])
        frozen, factors, carry[b], _ = multipliers(program, index, layout, row, n[b], carry[b], t)
        hazards_of_row(program, layout, factors, row.rho, frozen.ration, b * n_cohorts, month.hazard)
        for i in range(program.inflow_state.size):
            r = program.inflow_rate[i]
            for c in range(n_cohorts):
                if program.inflow_open[i, c]:
                    people = row.base[r, c] * (row.time[r, program.stratum[c], t] * frozen.feedback[r])
                    month.arriving[i, b * n_cohorts + c] = people
    return month


@jit
def hazards_of_row(
    program: Program, layout: Layout, factors: Layout, rho: Floats, ration: Floats, at: int, out: Floats
) -> None:
    """Write the hazards of all edges and cohorts of one row of a batch to columns ``at ..`` of ``out[E, N]``."""
    hazard = np.empty(program.dest.size)
    first_edge, choice, group, by_origin = program.first_edge, program.choice, program.ration, program.ration_by_origin
    base, choice_base, reference = layout.edge, layout.choice, layout.reference
    factor, choice_factor = factors.edge, factors.choice
    for c in range(program.origin.size):
        u, o = program.stratum[c], program.origin[c]
        for s in range(first_edge.size - 1):
            first, last = first_edge[s], first_edge[s + 1]
            state_hazards(first, last, u, c, choice, base, factor, choice_base, choice_factor, reference, rho, hazard)
            ration_hazards(first, last, o, group, by_origin, ration, hazard)
        out[:, at + c] = hazard


@jit
def count(program: Program, index: Index, flow: Floats, arriving: Floats, counters: Floats) -> None:
    """Add a month's flows ``[E, N]`` and arrivals ``[I, N]`` to counters ``[B, Q, O]`` in place."""
    add_counted(program, index.counted_edge.first, index.counted_edge.item, flow, counters)
    add_counted(program, index.counted_inflow.first, index.counted_inflow.item, arriving, counters)


@jit
def add_counted(program: Program, first: Floats, quantity: Floats, flow: Floats, counters: Floats) -> None:
    """Add rows of ``flow[*, N]`` to the counters that list them."""
    origin, covered = program.origin, program.quantity_cohort
    n_cohorts = origin.size
    for e in range(flow.shape[0]):
        for j in range(first[e], first[e + 1]):
            q = quantity[j]
            for i in range(flow.shape[1]):
                if covered[q, i % n_cohorts]:
                    counters[i // n_cohorts, q, origin[i % n_cohorts]] += flow[e, i]
