"""The executor of counts: whole people, drawn with keyed uniforms, one trajectory at a time.

A month is: what is constant in it (`multipliers`), arrivals, two sweeps over the states (`sweeps`), passing, and the
bands. All arrays are made before the months begin; compiled code makes none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine import keys
from afterfall.engine.arrivals import SWEEPS, Arrivals, blank_arrivals, draw_arrivals
from afterfall.engine.band_inputs import blank_band_state, blank_record, no_bands, start_bands
from afterfall.engine.band_steps import step_bands
from afterfall.engine.bands import (
    BandInputs,
    BandRecord,
    BandState,
    record_bands,
    set_outside,
    take_strength,
    take_sums,
)
from afterfall.engine.hazards import lay_out
from afterfall.engine.index import Counting, Index, Stocks, index
from afterfall.engine.jit import inlined, lean
from afterfall.engine.multipliers import Month, blank_month, set_month
from afterfall.engine.passing import pass_counts
from afterfall.engine.program import Floats, Ints, Longs, Program, RateFactors
from afterfall.engine.sweeps import SweepArrays, step_counts, sweep_arrays

__all__ = ["Index", "MonthlyRecord", "index", "run_trajectory"]


class MonthlyRecord(NamedTuple):
    """What is recorded of one trajectory, in people. Month 0 is the start; counters continue from their start."""

    world: Longs  # [T + 1, Q]
    origins: Longs  # [M', O, Q] at the program's `origin_month`
    beyond: Longs  # [M', O, A] months so far in which demand exceeded a capacity, at `origin_month`
    overflow: Floats  # [T + 1, A] people whom a capacity could not serve in the month; row 0 is zero
    final: Longs  # [C, S] at the horizon
    bands: BandRecord


class RunState(NamedTuple):
    """The state of a trajectory, and arrays for a month."""

    counters: Longs  # [Q, O]
    late: Longs  # [A, O] months so far in which a capacity fell short
    by_block: Longs  # [S, blocks] people
    month: Month
    arrivals: Arrivals
    sweeps: SweepArrays
    bands: BandState


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
    n = np.array(start, dtype=np.int64, order="F")  # state by state in memory: see `sweeps`
    state = RunState(
        counters=np.array(counters, dtype=np.int64, order="C"),
        late=np.zeros(tables.capacity.shape[:2], dtype=np.int64),
        by_block=np.zeros((n.shape[1], index.stocks.block_covered.shape[1]), dtype=np.int64),
        month=blank_month(index, tables),
        arrivals=blank_arrivals(index.inflows, np.zeros((SWEEPS, *index.inflows.open.shape), dtype=np.int64)),
        sweeps=sweep_arrays(n, index.edges.dest.size),
        bands=blank_band_state(inputs, program.n_rates),
    )
    months, recorded, n_quantities = program.horizon + 1, len(program.origin_month), len(counters)
    record = MonthlyRecord(
        world=np.zeros((months, n_quantities), dtype=np.int64),
        origins=np.zeros((recorded, program.n_origins, n_quantities), dtype=np.int64),
        beyond=np.zeros((recorded, program.n_origins, len(program.capacity)), dtype=np.int64),
        overflow=np.zeros((months, len(program.capacity))),
        final=n,
        bands=blank_record(inputs.bands, program.horizon),
    )
    run_months(index, tables, inputs, seed, trajectory, state, record)
    return record


@lean
def run_months(
    index: Index,
    tables: RateFactors,
    inputs: BandInputs,
    seed: int,
    trajectory: int,
    state: RunState,
    record: MonthlyRecord,
) -> None:
    """Advance ``record.final`` and `state` from the start to the horizon, and fill the record."""
    cells, n, month = index.cells, record.final, state.month
    start_bands(inputs, n, seed, trajectory, state.bands)
    lay_out(cells, index.edges, tables.base, tables.time, month.rates.layout)
    for t in range(record.world.shape[0]):
        if t > 0:
            step_month(index, tables, inputs, seed, trajectory, t, state, record)
        record_bands(state.bands, t, record.bands)
        record_month(index.stocks, cells.origin, index.counting, state, t, record)
    for x in range(state.bands.fired.size):
        record.bands.fired[x] = state.bands.fired[x]


@inlined
def step_month(
    index: Index,
    tables: RateFactors,
    inputs: BandInputs,
    seed: int,
    trajectory: int,
    t: int,
    state: RunState,
    record: MonthlyRecord,
) -> None:
    """Bring a trajectory through month t."""
    cells, edges, counting, n, month = index.cells, index.edges, index.counting, record.final, state.month
    set_outside(inputs, state.bands, t)
    set_month(cells, edges, index.totals, tables, state.bands.outside, n, t, month)
    record_capacities(index.stocks.origin_month, month, t, state.late, record)
    subkey = keys.subkey(seed, trajectory, keys.INFLOW, t)
    draw_arrivals(cells, index.inflows, counting, tables, month.feedback, t, subkey, n, state.arrivals, state.counters)
    subkey = keys.subkey(seed, trajectory, keys.MONTH, t)
    arriving = state.arrivals.people
    step_counts(
        cells, edges, index.inflows.state, counting, month.rates, arriving, subkey, state.sweeps, n, state.counters
    )
    subkey = keys.subkey(seed, trajectory, keys.PASSING, t)
    pass_counts(cells, index.passing, tables, month.feedback, t, subkey, n)
    step_bands(inputs, state.bands, t, keys.subkey(seed, trajectory, keys.BAND, t))
    take_sums(inputs.bands.reading, n, state.bands.sums)
    take_strength(state.bands)


@lean
def record_month(
    stocks: Stocks, origin: Ints, counting: Counting, state: RunState, t: int, record: MonthlyRecord
) -> None:
    """Write month t's quantities to ``record.world`` and, in the months of `origin_month`, to ``record.origins``."""
    people, world, by_block, crowd = record.final.T, record.world, state.by_block, state.sweeps.crowd
    for s in range(people.shape[0]):
        by_block[s] = 0
        if crowd[s] > 0:
            for c in range(people.shape[1]):
                by_block[s, stocks.block[c]] += people[s, c]
    for q in range(world.shape[1]):
        for j in range(stocks.states.first[q], stocks.states.first[q + 1]):
            for b in range(by_block.shape[1]):
                if stocks.block_covered[q, b]:
                    world[t, q] += by_block[stocks.states.item[j], b]
    for q in stocks.counters:
        for o in range(state.counters.shape[1]):
            world[t, q] += state.counters[q, o]
    for m in range(stocks.origin_month.size):
        if stocks.origin_month[m] == t:
            record_origins(stocks, origin, counting, people, state, record.origins[m])


@inlined
def record_origins(
    stocks: Stocks, origin: Ints, counting: Counting, people: Longs, state: RunState, out: Longs
) -> None:
    """Write quantities by origin, of people ``[S, C]``, to ``out[O, Q]``."""
    first, item = stocks.of_state.first, stocks.of_state.item
    for s in range(people.shape[0]):
        if state.sweeps.crowd[s] > 0:
            for j in range(first[s], first[s + 1]):
                covered = counting.covered[item[j]]
                for c in range(people.shape[1]):
                    if covered[c]:
                        out[origin[c], item[j]] += people[s, c]
    for q in stocks.counters:
        for o in range(state.counters.shape[1]):
            out[o, q] = state.counters[q, o]


@inlined
def record_capacities(origin_month: Ints, month: Month, t: int, late: Longs, record: MonthlyRecord) -> None:
    """Record the overflow; count capacities that fall short in ``late[A, O]`` and record them in `origin_month`."""
    for a in range(late.shape[0]):
        record.overflow[t, a] = month.overflow[a]
        for o in range(late.shape[1]):
            late[a, o] += month.rates.served[a, o] < 1.0
    for m in range(origin_month.size):
        if origin_month[m] == t:
            for a in range(late.shape[0]):
                for o in range(late.shape[1]):
                    record.beyond[m, o, a] = late[a, o]
