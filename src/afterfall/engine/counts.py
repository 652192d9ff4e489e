"""The executor of counts: whole people move along edges, drawn with keyed uniforms, one trajectory at a time.

A month is two sweeps of half a month over the states in topological order, with H half the total hazard of a cell.
Those present leave with probability ``1 - exp(-H)``, those who entered during the sweep with probability
``1 - (1 - exp(-H)) / H``. The leavers are split over the edges by share of hazard. A move along a back-edge arrives
after the sweep. Compared with continuous time, the error of a stock stays below one per cent; one Euler step a month
overstates a fast state by half.

Each count is the exact quantile of one keyed uniform (`keyed_uniforms`, `quantiles`). Slot 0 of a cell and sweep gives
how many of those present leave, slot 1 how many of those who entered, and slot 2 + j how many take the state's j-th
edge. Cells without people cost nothing. Where the uniform alone shows that nobody leaves, no exponential is computed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine import keys
from afterfall.engine.arrivals import SWEEPS, Arrivals, draw_arrivals, let_in
from afterfall.engine.band_inputs import blank_record, initial_band_state, no_bands
from afterfall.engine.band_steps import step_bands
from afterfall.engine.bands import BandInputs, BandRecord, outside_now, record_bands, take_strength, take_sums
from afterfall.engine.hazards import (
    Rates,
    cohort_values,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    limit_hazards,
    most_hazard,
    state_hazards,
)
from afterfall.engine.index import ONE, Cells, Counting, Edges, Index, Stocks, index
from afterfall.engine.jit import inlined, jit
from afterfall.engine.keyed_uniforms import stream, uniform_at
from afterfall.engine.multipliers import multipliers
from afterfall.engine.passing import pass_counts
from afterfall.engine.program import Flags, Floats, Ints, Longs, Program, RateFactors
from afterfall.engine.quantiles import binomial_quantile

__all__ = ["Index", "MonthlyRecord", "index", "run_trajectory"]

PRESENT_SLOT, ENTRANT_SLOT, FIRST_EDGE_SLOT = np.uint64(0), np.uint64(1), np.uint64(2)


class MonthlyRecord(NamedTuple):
    """What is recorded of one trajectory, in people. Month 0 is the start; counters continue from their start."""

    world: Longs  # [T + 1, Q]
    origins: Longs  # [M', O, Q] at the program's `origin_month`
    beyond: Longs  # [M', O, A] months so far in which demand exceeded a capacity, at `origin_month`
    overflow: Floats  # [T + 1, A] people whom a capacity could not serve in the month; row 0 is zero
    final: Longs  # [C, S] at the horizon
    bands: BandRecord


class Workspace(NamedTuple):
    """Arrays for one cohort's month. `entered` and `later` are zero between sweeps."""

    entered: Longs  # [S] people who entered during this sweep
    later: Longs  # [S] people who arrive after the sweep
    value: Floats  # [K] see `hazards.cohort_values`
    hazard: Floats  # [E] a month
    beyond: Floats  # [E] hazard of an edge and of its state's later edges together
    total: Floats  # [S] a month; negative until it is computed
    most: Floats  # [S] upper bound on it for a sweep; negative until it is computed


def run_trajectory(
    program: Program,
    index: Index,
    tables: RateFactors,
    start: Longs,
    counters: Longs,
    seed: int,
    trajectory: int,
    inputs: BandInputs | None = None,
) -> MonthlyRecord:
    """Run one trajectory from column 0 to the horizon, in one compiled call that releases the interpreter's lock.

    Parameters
    ----------
    program, index
        A program and its `index`.
    tables
        The program with this trajectory's parameters and paths filled in.
    start
        People by cohort and state at the start, ``[C, S]``.
    counters
        Counters by quantity and origin at the start, ``[Q, O]``; rows of stocks are not read.
    seed, trajectory
        With the program's keys, all that the random draws depend on.
    inputs
        Bands with this trajectory's parameters filled in (`band_inputs`); none by default.
    """
    inputs = no_bands(program.horizon) if inputs is None else inputs
    n, counted = np.array(start, dtype=np.int64, order="C"), np.array(counters, dtype=np.int64, order="C")
    months, n_quantities = program.horizon + 1, len(counted)
    record = MonthlyRecord(
        world=np.zeros((months, n_quantities), dtype=np.int64),
        origins=np.zeros((len(program.origin_month), program.n_origins, n_quantities), dtype=np.int64),
        beyond=np.zeros((len(program.origin_month), program.n_origins, len(program.capacity)), dtype=np.int64),
        overflow=np.zeros((months, len(program.capacity))),
        final=n,
        bands=blank_record(inputs.bands, program.horizon),
    )
    run_months(index, tables, inputs, counted, seed, trajectory, record)
    return record


@jit
def run_months(
    index: Index,
    tables: RateFactors,
    inputs: BandInputs,
    counters: Longs,
    seed: int,
    trajectory: int,
    record: MonthlyRecord,
) -> None:
    """Advance ``record.final`` and ``counters[Q, O]`` from the start to the horizon, and fill the record."""
    cells, n = index.cells, record.final
    band_state = initial_band_state(inputs, n, np.zeros(inputs.attached_weight.size, dtype=np.int64), seed, trajectory)
    record_bands(band_state, 0, record.bands)
    workspace = new_workspace(index.edges, n.shape[1])
    layout = lay_out(cells, index.edges, tables.base, tables.time)
    carry, late = np.zeros(tables.capacity.shape[:2]), np.zeros(tables.capacity.shape[:2], dtype=np.int64)
    shape = SWEEPS, index.inflows.state.size, cells.origin.size
    arrivals = Arrivals(index.inflows.state, index.inflows.of_cohort, np.zeros(shape, dtype=np.int64))
    record_month(index.stocks, cells.origin, index.counting.covered, counters, 0, record)
    for t in range(1, record.world.shape[0]):
        outside = outside_now(inputs, band_state, t, tables.base.shape[0])
        frozen, rates, carry, record.overflow[t] = multipliers(
            cells, index.edges, index.totals, layout, tables, outside, n, carry, t
        )
        record_beyond(index.stocks.origin_month, frozen.served, t, late, record.beyond)
        subkey = keys.subkey(seed, trajectory, keys.INFLOW, t)
        draw_arrivals(
            cells, index.inflows, index.counting, tables, frozen.feedback, t, subkey, n, arrivals.people, counters
        )
        subkey = keys.subkey(seed, trajectory, keys.MONTH, t)
        step_counts(cells, index.edges, index.counting, rates, arrivals, subkey, workspace, n, counters)
        subkey = keys.subkey(seed, trajectory, keys.PASSING, t)
        pass_counts(cells, index.passing, tables, frozen.feedback, t, subkey, n)
        step_bands(inputs, band_state, t, keys.subkey(seed, trajectory, keys.BAND, t))
        take_sums(inputs.bands, n, band_state.sums)
        take_strength(band_state)
        record_bands(band_state, t, record.bands)
        record_month(index.stocks, cells.origin, index.counting.covered, counters, t, record)
    record.bands.fired[:] = band_state.fired


@jit
def new_workspace(edges: Edges, n_states: int) -> Workspace:
    """Arrays for one cohort's month in a program."""
    n_edges = edges.dest.size
    entered, later = np.zeros(n_states, dtype=np.int64), np.zeros(n_states, dtype=np.int64)
    value = np.empty(edges.column_rate.size)
    return Workspace(
        entered, later, value, np.empty(n_edges), np.empty(n_edges), np.empty(n_states), np.empty(n_states)
    )


@jit
def step_counts(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    rates: Rates,
    arrivals: Arrivals,
    subkey: np.uint64,
    workspace: Workspace,
    n: Longs,
    counters: Longs,
) -> None:
    """Move people through a month: people ``n[C, S]`` and counters ``[Q, O]`` are updated in place.

    `subkey` is that of the month.
    """
    # Fields are unpacked once: inside the inner loops each access would update a reference count.
    entered, later, value = workspace.entered, workspace.later, workspace.value
    total, most, hazard, beyond = workspace.total, workspace.most, workspace.hazard, workspace.beyond
    first_edge, dest, key = edges.first, edges.dest, cells.key
    for c in range(n.shape[0]):
        u, o = cells.stratum[c], cells.origin[c]
        cohort_values(rates, c, u, value)
        total[:], most[:] = -1.0, -1.0
        for sweep in range(SWEEPS):
            turned_back = 0
            let_in(arrivals, sweep, c, entered)
            for s in range(n.shape[1]):
                fresh = entered[s]
                if n[c, s] + fresh == 0:
                    continue
                entered[s] = 0
                if most[s] < 0.0:
                    most[s] = most_hazard(edges, rates, c, u, s, value) / SWEEPS
                begin = stream(subkey, key[c, s])
                if nobody_leaves(begin, sweep, most[s], n[c, s], fresh):
                    n[c, s] += fresh
                    continue
                first, last = first_edge[s], first_edge[s + 1]
                if total[s] < 0.0:
                    state_hazards(edges, rates, c, u, s, value, hazard)
                    limit_hazards(edges, rates, o, s, hazard)
                    total[s] = add_up(first, last, hazard, beyond)
                if total[s] > 0.0:
                    half = total[s] / SWEEPS
                    gone = leavers(uniform_at(begin, sweep, PRESENT_SLOT), n[c, s], half)
                    n[c, s] -= gone
                    if fresh > 0:
                        gone_fresh = entrant_leavers(uniform_at(begin, sweep, ENTRANT_SLOT), fresh, half)
                        fresh -= gone_fresh
                        gone += gone_fresh
                    for e in range(first, last if gone > 0 else first):
                        moved = take(begin, sweep, e - first, gone, hazard[e], beyond[e])
                        if moved > 0:
                            gone -= moved
                            turned_back += enter(s, dest[e], moved, entered, later)
                            count_move(counting, e, c, o, moved, counters)
                n[c, s] += fresh
            if turned_back > 0:
                n[c] += later
                later[:] = 0


@inlined
def nobody_leaves(begin: np.uint64, sweep: int, most: float, present: int, fresh: int) -> bool:
    """Whether a cell's uniforms keep everyone in place for any hazard up to `most`."""
    return uniform_at(begin, sweep, PRESENT_SLOT) <= 1.0 - most * present and (
        fresh == 0 or uniform_at(begin, sweep, ENTRANT_SLOT) <= 1.0 - most * fresh / 2.0
    )


@inlined
def enter(source: int, dest: int, moved: int, entered: Longs, later: Longs) -> int:
    """Move people into a state that comes later in this sweep, or hold them for the next; returns how many are held."""
    if dest > source:
        entered[dest] += moved
        return 0
    later[dest] += moved
    return moved


@inlined
def count_move(counting: Counting, e: int, c: int, o: int, moved: int, counters: Longs) -> None:
    """Add a move of cohort c, of origin o, along edge e to the counters that count it."""
    for j in range(counting.edge.first[e], counting.edge.first[e + 1]):
        if counting.covered[counting.edge.item[j], c]:
            counters[counting.edge.item[j], o] += moved


@inlined
def add_up(first: int, last: int, hazard: Floats, beyond: Floats) -> float:
    """Total hazard of a state's edges; ``beyond[e]`` becomes that of edge e and the edges after it."""
    total = 0.0
    for i in range(last - first):
        e = last - ONE - i
        total += hazard[e]
        beyond[e] = total
    return total


@inlined
def leavers(u: float, people: int, hazard: float) -> int:
    """How many of those present for the whole sweep leave."""
    x = hazard * people
    # exp(-x) exceeds this bound, so nobody leaves. The quantile agrees, at the cost of three transcendentals.
    if u <= 1.0 - x or u <= 1.0 - x * (1.0 - x * (1.0 / 2.0 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x / 120.0)))):
        return 0
    return binomial_quantile(u, people, leave_probability(hazard))


@inlined
def entrant_leavers(u: float, people: int, hazard: float) -> int:
    """How many of those who entered during a sweep leave in it."""
    if u <= 1.0 - hazard * people / 2.0:
        return 0
    return binomial_quantile(u, people, entrant_leave_probability(hazard, leave_probability(hazard)))


@inlined
def take(begin: np.uint64, sweep: int, place: int, people: int, hazard: float, beyond: float) -> int:
    """How many of the leavers not yet placed take an edge of their state; at its last open edge, all of them."""
    if people == 0 or hazard <= 0.0:
        return 0
    if hazard >= beyond:
        return people
    u, share = uniform_at(begin, sweep, FIRST_EDGE_SLOT + place), hazard / beyond
    if u <= 1.0 - people * share:  # as in `leavers`
        return 0
    return binomial_quantile(u, people, share)


@jit
def record_month(stocks: Stocks, origin: Ints, covered: Flags, counters: Longs, t: int, record: MonthlyRecord) -> None:
    """Write month t's quantities to ``record.world`` and, in the months of `origin_month`, to ``record.origins``."""
    n, world = record.final, record.world
    by_block = np.zeros((stocks.block_covered.shape[1], n.shape[1]), dtype=np.int64)
    for c in range(n.shape[0]):
        b = stocks.block[c]
        for s in range(n.shape[1]):
            by_block[b, s] += n[c, s]
    for q in range(world.shape[1]):
        for b in range(by_block.shape[0]):
            if stocks.block_covered[q, b]:
                for j in range(stocks.states.first[q], stocks.states.first[q + 1]):
                    world[t, q] += by_block[b, stocks.states.item[j]]
    for q in stocks.counters:
        for o in range(counters.shape[1]):
            world[t, q] += counters[q, o]
    for m in range(stocks.origin_month.size):
        if stocks.origin_month[m] == t:
            record_origins(stocks, origin, covered, n, counters, record.origins[m])


@jit
def record_beyond(origin_month: Ints, served: Floats, t: int, late: Longs, beyond: Longs) -> None:
    """Count capacities ``[A, O]`` that fall short in month t in ``late[A, O]``; record them in `origin_month`."""
    for a in range(late.shape[0]):
        for o in range(late.shape[1]):
            late[a, o] += served[a, o] < 1.0
    for m in range(origin_month.size):
        if origin_month[m] == t:
            for a in range(late.shape[0]):
                for o in range(late.shape[1]):
                    beyond[m, o, a] = late[a, o]


@jit
def record_origins(stocks: Stocks, origin: Ints, covered: Flags, n: Longs, counters: Longs, out: Longs) -> None:
    """Write quantities by origin to ``out[O, Q]``."""
    first, item = stocks.of_state.first, stocks.of_state.item
    for c in range(n.shape[0]):
        for s in range(n.shape[1]):
            if n[c, s] > 0:
                for j in range(first[s], first[s + 1]):
                    if covered[item[j], c]:
                        out[origin[c], item[j]] += n[c, s]
    for q in stocks.counters:
        for o in range(counters.shape[1]):
            out[o, q] = counters[q, o]
