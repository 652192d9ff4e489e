"""The executor of means: the expected flow along every edge, by the scheme of `counts` on real numbers.

History, from mobilisation to the as-of date, is run this way, for many parameter draws at once. Hazards, feedback and
rations come from the functions that the counts use; what is written here is the step: two sweeps of half a month in
topological order, those present leaving with ``1 - exp(-H)``, those who entered in the sweep with ``1 - (1 - exp(-H))
/ H``. Without feedback and rations the mean of the counts is exactly this. Every row of a batch is run by itself, so
that its bits are the same whatever the other rows are.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.band_inputs import nobody, stand
from afterfall.engine.band_steps import expect_bands
from afterfall.engine.bands import BandInputs, outside_now, take_strength, take_sums
from afterfall.engine.hazards import (
    Rates,
    cohort_values,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    ration_hazards,
    state_hazards,
)
from afterfall.engine.index import Cells, Counting, Edges, Index, Inflows, index
from afterfall.engine.jit import inlined, jit
from afterfall.engine.multipliers import multipliers
from afterfall.engine.program import Floats, Ints, Program, RateFactors

SWEEPS = 2


class ExpectedArrivals(NamedTuple):
    """Who comes from outside in a month."""

    state: Ints  # [I]
    people: Floats  # [I, C]


class ExpectedWorkspace(NamedTuple):
    """Space for one cohort's month. `entered`, `later` and `flow` are clear between months."""

    entered: Floats  # [S] who entered in this sweep
    later: Floats  # [S] who arrive after the sweep
    value: Floats  # [K] see `hazards.cohort_values`
    hazard: Floats  # [E] a month
    flow: Floats  # [E] people this month
    leave: Floats  # [S] chance to leave in a sweep
    leave_fresh: Floats  # [S] the same of those who entered in it
    total: Floats  # [S] hazard a month; negative until it is needed


def run_means(program: Program, tables: RateFactors, start: Floats, counters: Floats) -> tuple[Floats, Floats]:
    """Expected people and counters by month, for one set of tables or for a batch of them.

    Parameters
    ----------
    program
        The program. Its choice of records is not used: everything is returned.
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
    n, months, lists = math.prod(batch), program.horizon + 1, index(program)
    alone = nobody(program.horizon), np.zeros(0, dtype=np.int32), np.zeros((months, 0))
    rows = RateFactors(*(np.ascontiguousarray(field).reshape(n, *field.shape[len(batch) :]) for field in tables))
    stocks, counted = np.zeros((n, months, *cells)), np.zeros((n, months, *kinds))
    stocks[:, 0], counted[:, 0] = start.reshape(n, *cells), counters.reshape(n, *kinds)
    for b in range(n):
        run_row(lists, RateFactors(*(field[b] for field in rows)), *alone, stocks[b], counted[b])
    return stocks.reshape(*batch, months, *cells), counted.reshape(*batch, months, *kinds)


def run_means_with(
    program: Program, tables: RateFactors, company: BandInputs, given: Ints, start: Floats, counters: Floats
) -> tuple[Floats, Floats, Floats]:
    """As `run_means` for one set of tables, with bands beside the ledger.

    Parameters
    ----------
    company
        Bands put in for one trajectory.
    given
        Months ``[X]`` in which the events of the bands fire: a mean cannot draw them. Beyond the horizon: never.

    Returns
    -------
    tuple
        People ``[T + 1, C, S]``, counters ``[T + 1, Q, O]`` and locals of the bands ``[T + 1, K]``.
    """
    months = program.horizon + 1
    stocks, counted = np.zeros((months, *start.shape)), np.zeros((months, *counters.shape))
    stocks[0], counted[0] = start, counters
    members = np.zeros((months, company.bands.key.size))
    run_row(index(program), tables, company, given, members, stocks, counted)
    return stocks, counted, members


@jit
def run_row(
    index: Index,
    tables: RateFactors,
    company: BandInputs,
    given: Ints,
    members: Floats,
    stocks: Floats,
    counted: Floats,
) -> None:
    """Fill ``stocks[T + 1, C, S]``, ``counted[T + 1, Q, O]`` and ``members[T + 1, K]`` from month 1 on; 0 is given."""
    cells, edges = index.cells, index.edges
    standing = stand(company, stocks[0], np.zeros(company.veteran.size), 0, 0)
    members[0] = standing.locals
    layout = lay_out(cells, edges, tables.base, tables.time)
    carry = np.zeros(tables.capacity.shape[:2])
    arrivals = ExpectedArrivals(index.inflows.state, np.zeros((index.inflows.state.size, cells.origin.size)))
    room = room_for(edges, stocks.shape[2])
    for t in range(1, stocks.shape[0]):
        n, counters = stocks[t], counted[t]
        n[:], counters[:] = stocks[t - 1], counted[t - 1]
        outside = outside_now(company, standing, t, tables.base.shape[0])
        frozen, rates, carry, _ = multipliers(cells, edges, index.totals, layout, tables, outside, n, carry, t)
        expect_arrivals(cells, index.inflows, index.counting, tables, frozen.feedback, t, arrivals.people, counters)
        step_means(cells, edges, index.counting, rates, arrivals, room, n, counters)
        expect_bands(company, standing, t, given)
        take_sums(company.bands, n, standing.sums)
        take_strength(standing)
        members[t] = standing.locals


@jit
def room_for(edges: Edges, n_states: int) -> ExpectedWorkspace:
    """Room for a cohort's month in a program."""
    n_edges = edges.dest.size
    entered, later, flow = np.zeros(n_states), np.zeros(n_states), np.zeros(n_edges)
    leave, leave_fresh, total = np.empty(n_states), np.empty(n_states), np.empty(n_states)
    return ExpectedWorkspace(
        entered, later, np.empty(edges.column_rate.size), np.empty(n_edges), flow, leave, leave_fresh, total
    )


@jit
def expect_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: RateFactors,
    feedback: Floats,
    t: int,
    people: Floats,
    counters: Floats,
) -> None:
    """Write who is expected from outside in month t to ``people[I, C]``, and count them."""
    for i in range(inflows.state.size):
        r = inflows.rate[i]
        for c in range(cells.origin.size):
            if inflows.open[i, c]:
                people[i, c] = tables.base[r, c] * (tables.time[r, cells.stratum[c], t] * feedback[r])
                for j in range(counting.inflow.first[i], counting.inflow.first[i + 1]):
                    if counting.covered[counting.inflow.item[j], c]:
                        counters[counting.inflow.item[j], cells.origin[c]] += people[i, c]


@jit
def step_means(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    rates: Rates,
    arrivals: ExpectedArrivals,
    room: ExpectedWorkspace,
    n: Floats,
    counters: Floats,
) -> None:
    """Move expected people through a month: ``n[C, S]`` and counters ``[Q, O]`` are brought forward in place."""
    # Fields are taken out of their tuples once: in the inner loops each would cost a count of references.
    entered, later, total, hazard, flow = room.entered, room.later, room.total, room.hazard, room.flow
    leave, leave_fresh, value = room.leave, room.leave_fresh, room.value
    first_edge, dest, people, inflow_state = edges.first, edges.dest, arrivals.people, arrivals.state
    for c in range(n.shape[0]):
        cohort_values(rates, c, cells.stratum[c], value)
        total[:] = -1.0
        for _ in range(SWEEPS):
            for i in range(inflow_state.size):
                entered[inflow_state[i]] += people[i, c] / SWEEPS
            for s in range(n.shape[1]):
                fresh = entered[s]
                if n[c, s] == 0.0 and fresh == 0.0:
                    continue
                entered[s] = 0.0
                n[c, s] += fresh
                first, last = first_edge[s], first_edge[s + 1]
                if total[s] < 0.0:
                    state_hazards(edges, rates, c, cells.stratum[c], s, value, hazard)
                    ration_hazards(edges, rates, cells.origin[c], s, hazard)
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
    """Add the month's flows of cohort c, of origin o, to the counters they count for, and clear them."""
    for e in range(flow.size):
        if flow[e] != 0.0:
            for j in range(counting.edge.first[e], counting.edge.first[e + 1]):
                if counting.covered[counting.edge.item[j], c]:
                    counters[counting.edge.item[j], o] += flow[e]
            flow[e] = 0.0
