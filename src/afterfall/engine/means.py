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

from afterfall.engine.arrivals import SWEEPS, ExpectedArrivals, expect_arrivals
from afterfall.engine.band_inputs import initial_band_state, no_bands
from afterfall.engine.band_steps import expect_bands
from afterfall.engine.bands import BandInputs, outside_now, take_strength, take_sums
from afterfall.engine.hazards import (
    Rates,
    cohort_values,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    limit_hazards,
    state_hazards,
)
from afterfall.engine.index import Cells, Counting, Edges, Index, index
from afterfall.engine.jit import inlined, jit
from afterfall.engine.multipliers import multipliers
from afterfall.engine.passing import pass_means
from afterfall.engine.program import Floats, Ints, Program, RateFactors


class ExpectedWorkspace(NamedTuple):
    """Arrays for one cohort's month. `entered`, `later` and `flow` are zero between months."""

    entered: Floats  # [S] people who entered during this sweep
    later: Floats  # [S] people who arrive after the sweep
    value: Floats  # [K] see `hazards.cohort_values`
    hazard: Floats  # [E] a month
    flow: Floats  # [E] people this month
    leave: Floats  # [S] probability of leaving in a sweep
    leave_fresh: Floats  # [S] the same for those who entered during it
    total: Floats  # [S] hazard a month; negative until it is computed


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
    alone = no_bands(program.horizon), np.zeros(0, dtype=np.int32), np.zeros((months, 0))
    rows = RateFactors(*(np.ascontiguousarray(field).reshape(n, *field.shape[len(batch) :]) for field in tables))
    stocks, counted = np.zeros((n, months, *cells)), np.zeros((n, months, *kinds))
    stocks[:, 0], counted[:, 0] = start.reshape(n, *cells), counters.reshape(n, *kinds)
    for b in range(n):
        run_row(lists, RateFactors(*(field[b] for field in rows)), *alone, stocks[b], counted[b])
    return stocks.reshape(*batch, months, *cells), counted.reshape(*batch, months, *kinds)


@jit
def run_row(
    index: Index,
    tables: RateFactors,
    inputs: BandInputs,
    given: Ints,
    members: Floats,
    stocks: Floats,
    counted: Floats,
) -> None:
    """Fill ``stocks[T + 1, C, S]``, ``counted[T + 1, Q, O]`` and ``members[T + 1, K]`` from month 1 on."""
    cells, edges = index.cells, index.edges
    band_state = initial_band_state(inputs, stocks[0], np.zeros(inputs.attached_weight.size), 0, 0)
    members[0] = band_state.own
    layout = lay_out(cells, edges, tables.base, tables.time)
    carry = np.zeros(tables.capacity.shape[:2])
    inflows, nobody = index.inflows, np.zeros((index.inflows.state.size, cells.origin.size))
    arrivals = ExpectedArrivals(inflows.state, inflows.of_cohort, nobody)
    workspace = new_workspace(edges, stocks.shape[2])
    for t in range(1, stocks.shape[0]):
        n, counters = stocks[t], counted[t]
        n[:], counters[:] = stocks[t - 1], counted[t - 1]
        outside = outside_now(inputs, band_state, t, tables.base.shape[0])
        frozen, rates, carry, _ = multipliers(cells, edges, index.totals, layout, tables, outside, n, carry, t)
        expect_arrivals(cells, inflows, index.counting, tables, frozen.feedback, t, n, arrivals.people, counters)
        step_means(cells, edges, index.counting, rates, arrivals, workspace, n, counters)
        pass_means(cells, index.passing, tables, frozen.feedback, t, n)
        expect_bands(inputs, band_state, t, given)
        take_sums(inputs.bands, n, band_state.sums)
        take_strength(band_state)
        members[t] = band_state.own


@jit
def new_workspace(edges: Edges, n_states: int) -> ExpectedWorkspace:
    """Arrays for one cohort's month in a program."""
    n_edges = edges.dest.size
    entered, later, flow = np.zeros(n_states), np.zeros(n_states), np.zeros(n_edges)
    leave, leave_fresh, total = np.empty(n_states), np.empty(n_states), np.empty(n_states)
    return ExpectedWorkspace(
        entered, later, np.empty(edges.column_rate.size), np.empty(n_edges), flow, leave, leave_fresh, total
    )


@jit
def step_means(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    rates: Rates,
    arrivals: ExpectedArrivals,
    workspace: ExpectedWorkspace,
    n: Floats,
    counters: Floats,
) -> None:
    """Move expected people through a month: ``n[C, S]`` and counters ``[Q, O]`` are updated in place."""
    # Fields are unpacked once: inside the inner loops each access would update a reference count.
    entered, later, value = workspace.entered, workspace.later, workspace.value
    total, hazard, flow = workspace.total, workspace.hazard, workspace.flow
    leave, leave_fresh = workspace.leave, workspace.leave_fresh
    first_edge, dest, people, inflow_state = edges.first, edges.dest, arrivals.people, arrivals.state
    first_inflow, inflow = arrivals.of_cohort.first, arrivals.of_cohort.item
    for c in range(n.shape[0]):
        cohort_values(rates, c, cells.stratum[c], value)
        total[:] = -1.0
        for _ in range(SWEEPS):
            for j in range(first_inflow[c], first_inflow[c + 1]):
                entered[inflow_state[inflow[j]]] += people[inflow[j], c] / SWEEPS
            for s in range(n.shape[1]):
                fresh = entered[s]
                if n[c, s] == 0.0 and fresh == 0.0:
                    continue
                entered[s] = 0.0
                n[c, s] += fresh
                first, last = first_edge[s], first_edge[s + 1]
                if total[s] < 0.0:
                    state_hazards(edges, rates, c, cells.stratum[c], s, value, hazard)
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
