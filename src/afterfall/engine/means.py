"""The executor of means: the expected flow along every edge, by the scheme of `counts` on real numbers.

History, from mobilisation to the as-of date, is run this way, for many parameter draws at once. Hazards, feedback and
rations come from the functions that the counts use; what is written here is the step: two sweeps of half a month in
topological order, those present leaving with ``1 - exp(-H)``, those who entered in the sweep with
``1 - (1 - exp(-H)) / H``. Without feedback and rations the mean of the counts is exactly this. Every row of a batch is run
by itself, so that its bits are the same whatever the other rows are.
"""

from __future__ import annotations

import numpy as np

from afterfall.engine.hazards import (
    Factors,
    Layout,
    cohort_values,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    ration_hazards,
    state_hazards,
)
from afterfall.engine.index import Cells, Counting, Edges, Index, Inflows, index
from afterfall.engine.jit import jit
from afterfall.engine.multipliers import multipliers
from afterfall.engine.program import Floats, Ints, Program, Tables

SWEEPS = 2


def run_means(program: Program, tables: Tables, start: Floats, counters: Floats) -> tuple[Floats, Floats]:
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
    rows = Tables(*(np.ascontiguousarray(field.reshape(-1, *field.shape[len(batch) :])) for field in tables))
    months, lists = program.horizon + 1, index(program)
    stocks, counted = np.zeros((len(rows.base), months, *cells)), np.zeros((len(rows.base), months, *kinds))
    stocks[:, 0], counted[:, 0] = start.reshape(-1, *cells), counters.reshape(-1, *kinds)
    for b in range(len(stocks)):
        run_row(lists, Tables(*(field[b] for field in rows)), stocks[b], counted[b])
    return stocks.reshape(*batch, months, *cells), counted.reshape(*batch, months, *kinds)


@jit
def run_row(index: Index, tables: Tables, stocks: Floats, counted: Floats) -> None:
    """Fill ``stocks[T + 1, C, S]`` and ``counted[T + 1, Q, O]`` from month 1 on; month 0 is given."""
    cells, edges = index.cells, index.edges
    layout = lay_out(cells, edges, tables.base, tables.time)
    carry = np.zeros(tables.capacity.shape[:2])
    arriving = np.zeros((index.inflows.state.size, cells.origin.size))
    for t in range(1, stocks.shape[0]):
        n, counters = stocks[t], counted[t]
        n[:], counters[:] = stocks[t - 1], counted[t - 1]
        frozen, factors, carry, _ = multipliers(cells, edges, index.totals, layout, tables, n, carry, t)
        expect_arrivals(cells, index.inflows, index.counting, tables, frozen.feedback, t, arriving, counters)
        step_means(
            cells,
            edges,
            index.counting,
            layout,
            factors,
            tables.rho,
            frozen.ration,
            arriving,
            index.inflows.state,
            n,
            counters,
        )


@jit
def expect_arrivals(
    cells: Cells,
    inflows: Inflows,
    counting: Counting,
    tables: Tables,
    feedback: Floats,
    t: int,
    arriving: Floats,
    counters: Floats,
) -> None:
    """Write who is expected from outside in month t to ``arriving[I, C]``, and count them."""
    for i in range(inflows.state.size):
        r = inflows.rate[i]
        for c in range(cells.origin.size):
            if inflows.open[i, c]:
                arriving[i, c] = tables.base[r, c] * (tables.time[r, cells.stratum[c], t] * feedback[r])
                for j in range(counting.inflow.first[i], counting.inflow.first[i + 1]):
                    if counting.covered[counting.inflow.item[j], c]:
                        counters[counting.inflow.item[j], cells.origin[c]] += arriving[i, c]


@jit
def step_means(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    layout: Layout,
    factors: Factors,
    rho: Floats,
    ration: Floats,
    arriving: Floats,
    arriving_state: Ints,
    n: Floats,
    counters: Floats,
) -> None:
    """Move expected people through a month: ``n[C, S]`` and counters ``[Q, O]`` are brought forward in place.

    ``arriving[I, C]`` come from outside in the course of the month, to ``arriving_state[I]``.
    """
    n_cohorts, n_states = n.shape
    # Fields as plain arrays: taking one out of a tuple in an inner loop would cost a count of references each time.
    first_edge, dest, choice, column, group = edges.first, edges.dest, edges.choice, edges.column, edges.ration
    by_origin, listed, quantity, covered = edges.by_origin, counting.edge.first, counting.edge.item, counting.covered
    choice_base, reference, choice_factor = layout.choice, layout.reference, factors.choice
    entered, later, flow = np.zeros(n_states), np.zeros(n_states), np.zeros(dest.size)
    hazard, value = np.empty(dest.size), np.empty(edges.column_rate.size)
    total, leave, leave_fresh = np.empty(n_states), np.empty(n_states), np.empty(n_states)
    for c in range(n_cohorts):
        u, o = cells.stratum[c], cells.origin[c]
        cohort_values(c, u, layout.edge, factors.edge, value)
        total[:] = -1.0  # not known yet
        for _ in range(SWEEPS):
            for i in range(arriving_state.size):
                entered[arriving_state[i]] += arriving[i, c] / SWEEPS
            for s in range(n_states):
                fresh = entered[s]
                if n[c, s] == 0.0 and fresh == 0.0:
                    continue
                entered[s] = 0.0
                first, last = first_edge[s], first_edge[s + 1]
                gone = 0.0
                if total[s] < 0.0:
                    state_hazards(
                        first, last, u, c, value, column, choice, choice_base, choice_factor, reference, rho, hazard
                    )
                    ration_hazards(first, last, o, group, by_origin, ration, hazard)
                    total[s] = 0.0
                    for e in range(first, last):
                        total[s] += hazard[e]
                    leave[s] = leave_probability(total[s] / SWEEPS)
                    leave_fresh[s] = entrant_leave_probability(total[s] / SWEEPS, leave[s])
                if total[s] > 0.0:
                    gone = n[c, s] * leave[s] + fresh * leave_fresh[s]
                    a_hazard = gone / total[s]
                    for e in range(first, last):
                        moved = a_hazard * hazard[e]
                        flow[e] += moved
                        if dest[e] > s:
                            entered[dest[e]] += moved
                        else:
                            later[dest[e]] += moved
                n[c, s] += fresh - gone
            for s in range(n_states):
                n[c, s] += later[s]
                later[s] = 0.0
        for e in range(dest.size):
            if flow[e] != 0.0:
                for j in range(listed[e], listed[e + 1]):
                    if covered[quantity[j], c]:
                        counters[quantity[j], o] += flow[e]
                flow[e] = 0.0
