"""The executor of means: the expected flow along every edge, with the scheme of `counts` on real numbers.

Hazards, feedback and capacities come from the functions that the counts use. Only the step is written here: two sweeps
of half a month in topological order, in which those present leave with probability ``1 - exp(-H)`` and those who
entered during the sweep with probability ``1 - (1 - exp(-H)) / H``. Without feedback and capacities these are exactly
the means of the counts. Every row of a batch is run by itself: its bits do not depend on the other rows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.arrivals import SWEEPS, Arrivals, blank_arrivals, expect_arrivals
from afterfall.engine.band_inputs import blank_band_state, start_bands
from afterfall.engine.band_steps import expect_bands
from afterfall.engine.bands import BandInputs, set_outside, take_strength, take_sums
from afterfall.engine.hazards import (
    Rates,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    limit_hazards,
    state_hazards,
)
from afterfall.engine.index import Cells, Counting, Edges, Index, index
from afterfall.engine.jit import inlined, lean
from afterfall.engine.multipliers import Month, blank_month, set_month
from afterfall.engine.passing import pass_means
from afterfall.engine.program import Floats, Ints, Program, RateFactors


class ExpectedWorkspace(NamedTuple):
    """Arrays for a month, and for one cohort's month. `entered`, `later` and `flow` are zero between months."""

    month: Month
    arrivals: Arrivals

    entered: Floats  # [S] people who entered during this sweep
    later: Floats  # [S] people who arrive after the sweep
    hazard: Floats  # [E] a month
    flow: Floats  # [E] people this month
    leave: Floats  # [S] probability of leaving in a sweep
    leave_fresh: Floats  # [S] the same for those who entered during it
    total: Floats  # [S] hazard a month; negative until it is computed
    outside: Floats  # [R] zeros: without bands nothing acts on rates from outside


def run_means(program: Program, tables: RateFactors, start: Floats, counters: Floats) -> tuple[Floats, Floats]:
    """Expected people and counters by month, for one set of rate factors or a batch of them.

    Parameters
    ----------
    program
        The program. Its record months are not used: everything is returned.
    tables
        Rate factors, with any number of leading batch axes on each field.
    start
        Expected people ``[..., C, S]`` at column 0.
    counters
        Counters ``[..., Q, O]`` at column 0.

    Returns
    -------
    tuple
        People ``[..., T + 1, C, S]`` and counters ``[..., T + 1, Q, O]``; rows of stocks keep their given values.
    """
    batch, cells, kinds = start.shape[:-2], start.shape[-2:], counters.shape[-2:]
    n, months, lists = math.prod(batch), program.horizon + 1, index(program)
    rows = RateFactors(*(np.ascontiguousarray(field).reshape(n, *field.shape[len(batch) :]) for field in tables))
    stocks, counted = np.zeros((n, months, *cells)), np.zeros((n, months, *kinds))
    stocks[:, 0], counted[:, 0] = start.reshape(n, *cells), counters.reshape(n, *kinds)
    for b in range(n):
        row = RateFactors(*(field[b] for field in rows))
        run_row(lists, row, expected_workspace(lists, row, cells[1]), stocks[b], counted[b])
    return stocks.reshape(*batch, months, *cells), counted.reshape(*batch, months, *kinds)


def run_means_with_bands(
    program: Program, tables: RateFactors, inputs: BandInputs, given: Ints, start: Floats, counters: Floats
) -> tuple[Floats, Floats, Floats]:
    """As `run_means` for one set of rate factors, with bands whose events fire in the months ``given[X]``.

    Returns
    -------
    tuple
        People ``[T + 1, C, S]``, counters ``[T + 1, Q, O]`` and own members of the bands ``[T + 1, K]``.
    """
    lists, months = index(program), program.horizon + 1
    workspace = expected_workspace(lists, tables, start.shape[1])
    state = blank_band_state(inputs, program.n_rates)
    stocks, counted = np.repeat(start[None], months, axis=0), np.repeat(counters[None], months, axis=0)
    members = np.zeros((months, inputs.bands.key.size))
    start_bands(inputs, stocks[0], 0, 0, state)
    members[0] = state.own
    lay_out(lists.cells, lists.edges, tables.base, tables.time, workspace.month.rates.layout)
    for t in range(1, months):
        stocks[t], counted[t] = stocks[t - 1], counted[t - 1]
        set_outside(inputs, state, t)
        expect_month(lists, tables, state.outside, t, workspace, stocks[t], counted[t])
        expect_bands(inputs, state, t, given)
        take_sums(inputs.bands.reading, stocks[t], state.sums)
        take_strength(state)
        members[t] = state.own
    return stocks, counted, members


def expected_workspace(index: Index, tables: RateFactors, n_states: int) -> ExpectedWorkspace:
    """Arrays for the months of a program."""
    inflows, n_edges = index.inflows, index.edges.dest.size
    return ExpectedWorkspace(
        month=blank_month(index, tables),
        arrivals=blank_arrivals(inflows, np.zeros((1, *inflows.open.shape))),
        entered=np.zeros(n_states),
        later=np.zeros(n_states),
        hazard=np.empty(n_edges),
        flow=np.zeros(n_edges),
        leave=np.empty(n_states),
        leave_fresh=np.empty(n_states),
        total=np.empty(n_states),
        outside=np.zeros(len(tables.base)),
    )


@lean
def run_row(index: Index, tables: RateFactors, workspace: ExpectedWorkspace, stocks: Floats, counted: Floats) -> None:
    """Fill ``stocks[T + 1, C, S]`` and ``counted[T + 1, Q, O]`` from month 1 on."""
    lay_out(index.cells, index.edges, tables.base, tables.time, workspace.month.rates.layout)
    for t in range(1, stocks.shape[0]):
        n, counters = stocks[t], counted[t]
        for c in range(n.shape[0]):
            for s in range(n.shape[1]):
                n[c, s] = stocks[t - 1, c, s]
        for q in range(counters.shape[0]):
            for o in range(counters.shape[1]):
                counters[q, o] = counted[t - 1, q, o]
        expect_month(index, tables, workspace.outside, t, workspace, n, counters)


@inlined
def expect_month(
    index: Index,
    tables: RateFactors,
    outside: Floats,
    t: int,
    workspace: ExpectedWorkspace,
    n: Floats,
    counters: Floats,
) -> None:
    """Bring expected people ``n[C, S]`` and counters ``[Q, O]`` through month t, in place."""
    cells, month, arrivals = index.cells, workspace.month, workspace.arrivals
    set_month(cells, index.edges, index.totals, tables, outside, n, t, month)
    expect_arrivals(cells, index.inflows, index.counting, tables, month.feedback, t, n, arrivals, counters)
    step_means(cells, index.edges, index.inflows.state, index.counting, month.rates, workspace, n, counters)
    pass_means(cells, index.passing, tables, month.feedback, t, n)


@lean
def step_means(
    cells: Cells,
    edges: Edges,
    inflow_state: Ints,
    counting: Counting,
    rates: Rates,
    workspace: ExpectedWorkspace,
    n: Floats,
    counters: Floats,
) -> None:
    """Move expected people through a month: ``n[C, S]`` and counters ``[Q, O]`` are updated in place."""
    entered, later, total, hazard, flow = (
        workspace.entered,
        workspace.later,
        workspace.total,
        workspace.hazard,
        workspace.flow,
    )
    leave, leave_fresh = workspace.leave, workspace.leave_fresh
    first_edge, dest, arriving = edges.first, edges.dest, workspace.arrivals.people
    for c in range(n.shape[0]):
        total[:] = -1.0
        for _ in range(SWEEPS):
            for i in range(inflow_state.size):
                entered[inflow_state[i]] += arriving[0, i, c] / SWEEPS
            for s in range(n.shape[1]):
                fresh = entered[s]
                if n[c, s] == 0.0 and fresh == 0.0:
                    continue
                entered[s] = 0.0
                n[c, s] += fresh
                first, last = first_edge[s], first_edge[s + 1]
                if total[s] < 0.0:
                    state_hazards(edges, rates, c, cells.stratum[c], s, hazard)
                    limit_hazards(edges, rates, cells.origin[c], s, hazard)
                    total[s] = 0.0
                    for e in range(first, last):
                        total[s] += hazard[e]
                    leave[s] = leave_probability(total[s] / SWEEPS)
                    leave_fresh[s] = entrant_leave_probability(total[s] / SWEEPS, leave[s])
                if total[s] > 0.0:
                    gone = (n[c, s] - fresh) * leave[s] + fresh * leave_fresh[s]
                    n[c, s] -= gone
                    a_hazard = gone / total[s]
                    for e in range(first, last):
                        moved = a_hazard * hazard[e]
                        flow[e] += moved
                        if dest[e] > s:
                            entered[dest[e]] += moved
                        else:
                            later[dest[e]] += moved
            for s in range(n.shape[1]):
                n[c, s] += later[s]
                later[s] = 0.0
        count_flows(counting, flow, c, cells.origin[c], counters)


@inlined
def count_flows(counting: Counting, flow: Floats, c: int, o: int, counters: Floats) -> None:
    """Add the month's flows of cohort c, of origin o, to the counters that count them, and reset the flows."""
    for e in range(flow.size):
        if flow[e] != 0.0:
            for j in range(counting.edge.first[e], counting.edge.first[e + 1]):
                if counting.covered[counting.edge.item[j], c]:
                    counters[counting.edge.item[j], o] += flow[e]
            flow[e] = 0.0
