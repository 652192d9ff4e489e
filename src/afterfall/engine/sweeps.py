"""A month of the counts: whole people move along edges, in two sweeps over the states in topological order.

With H half the total hazard of a cell, those present leave with probability ``1 - exp(-H)``, those who entered during
the sweep with probability ``1 - (1 - exp(-H)) / H``. The leavers are split over the edges by share of hazard. A move
along a back-edge arrives after the sweep. Compared with continuous time, the error of a stock stays below one per cent;
one Euler step a month overstates a fast state by half.

Each count is the exact quantile of one keyed uniform (`keyed_uniforms`, `quantiles`). Slot 0 of a cell and sweep gives
how many of those present leave, slot 1 how many of those who entered, and slot 2 + j how many take the state's j-th
edge.

In memory, people lie state by state, all cohorts of a state together. In most cells nobody leaves, and the uniform
alone shows it: `mark_leaving` draws those of a whole state in one plain loop, which compiles to vector instructions.
Only marked cells are then visited one by one, and only they need hazards and exponentials. What is marked too often
costs time and changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.arrivals import SWEEPS
from afterfall.engine.hazards import (
    Rates,
    bound_hazards,
    entrant_leave_probability,
    leave_probability,
    limit_hazards,
    state_hazards,
)
from afterfall.engine.index import ONE, Cells, Counting, Edges
from afterfall.engine.jit import inlined, lean
from afterfall.engine.keyed_uniforms import stream, uniform_at
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs
from afterfall.engine.quantiles import binomial_quantile

PRESENT_SLOT, ENTRANT_SLOT, FIRST_EDGE_SLOT = np.uint64(0), np.uint64(1), np.uint64(2)
#: Marks that are read together.
EIGHT = 8


class SweepArrays(NamedTuple):
    """Arrays for the sweeps of a month. `entered` and `later` are zero between sweeps."""

    entered: Longs  # [S, C] people who entered during this sweep
    later: Longs  # [S, C] people who arrive after the sweep
    crowd: Longs  # [S] people in the state, those who entered or arrive later included
    crowd_later: Longs  # [S] people who arrive after the sweep
    hazard: Floats  # [C, E] a month
    beyond: Floats  # [C, E] hazard of an edge and of its state's later edges together
    total: Floats  # [S, C] hazard of all edges, a month; negative until it is computed
    most: Floats  # [S, C] upper bound on it, a sweep
    bounded: Flags  # [S] whether `most` is that of this month
    mark: Flags  # [C] cells in which someone may leave, or entered; padded to whole words
    marks: Keys  # the same memory, eight marks in a word


def sweep_arrays(n: Longs, n_edges: int) -> SweepArrays:
    """Arrays for the sweeps of people ``n[C, S]``."""
    n_cohorts, n_states = n.shape
    cells = n_states, n_cohorts
    marks = np.zeros(-(-n_cohorts // EIGHT), dtype=np.uint64)
    return SweepArrays(
        entered=np.zeros(cells, dtype=np.int64),
        later=np.zeros(cells, dtype=np.int64),
        crowd=n.sum(axis=0),
        crowd_later=np.zeros(n_states, dtype=np.int64),
        hazard=np.empty((n_cohorts, n_edges)),
        beyond=np.empty((n_cohorts, n_edges)),
        total=np.empty(cells),
        most=np.empty(cells),
        bounded=np.zeros(n_states, dtype=np.uint8),
        mark=marks.view(np.uint8),
        marks=marks,
    )


@lean
def step_counts(
    cells: Cells,
    edges: Edges,
    inflow_state: Ints,
    counting: Counting,
    rates: Rates,
    arriving: Longs | Floats,
    subkey: np.uint64,
    arrays: SweepArrays,
    n: Longs,
    counters: Longs,
) -> None:
    """Move people through a month: people ``n[C, S]`` and counters ``[Q, O]`` are updated in place.

    ``arriving[sweep, I, C]`` are those who arrive in the states `inflow_state`; `subkey` is that of the month.
    """
    people = n.T
    arrays.total[:] = -1.0
    arrays.bounded[:] = 0
    for sweep in range(SWEEPS):
        let_in(inflow_state, arriving, sweep, arrays)
        for s in range(people.shape[0]):
            if arrays.crowd[s] > 0:
                sweep_state(cells, edges, counting, rates, subkey, sweep, s, arrays, people, counters)
        for s in range(people.shape[0]):
            if arrays.crowd_later[s] > 0:
                arrays.crowd_later[s] = 0
                for c in range(people.shape[1]):
                    people[s, c] += arrays.later[s, c]
                    arrays.later[s, c] = 0


@inlined
def let_in(state: Ints, arriving: Longs | Floats, sweep: int, arrays: SweepArrays) -> None:
    """Let the arrivals of a sweep enter the states in which they begin."""
    for i in range(state.size):
        for c in range(arriving.shape[2]):
            arrays.entered[state[i], c] += arriving[sweep, i, c]
            arrays.crowd[state[i]] += arriving[sweep, i, c]


@inlined
def sweep_state(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    rates: Rates,
    subkey: np.uint64,
    sweep: int,
    s: int,
    arrays: SweepArrays,
    people: Longs,
    counters: Longs,
) -> None:
    """Sweep all cohorts in state s of ``people[S, C]``."""
    here, fresh, key, most, mark = people[s], arrays.entered[s], cells.key.T[s], arrays.most[s], arrays.mark
    if not arrays.bounded[s]:
        arrays.bounded[s] = 1
        bound_hazards(edges, rates, s, most)
        for c in range(most.size):
            most[c] /= SWEEPS
    mark_leaving(subkey, key, sweep, here, fresh, most, mark)
    for word in range(arrays.marks.size):
        if arrays.marks[word] != 0:
            for c in range(EIGHT * word, EIGHT * word + EIGHT):
                if mark[c]:
                    begin, entrants = stream(subkey, key[c]), fresh[c]
                    fresh[c] = 0
                    gone = 0
                    if not nobody_leaves(begin, sweep, most[c], here[c], entrants):
                        gone = leave(cells, edges, rates, begin, sweep, s, c, here[c], entrants, arrays)
                    here[c] += entrants - gone
                    if gone > 0:
                        split(cells, edges, counting, begin, sweep, s, c, gone, arrays, counters)


@inlined
def mark_leaving(
    subkey: np.uint64, key: Keys, sweep: int, here: Longs, fresh: Longs, most: Floats, mark: Flags
) -> None:
    """Mark the cohorts of whom someone present may leave at a hazard of ``most[C]``, or someone entered."""
    for c in range(here.size):
        u = uniform_at(stream(subkey, key[c]), sweep, PRESENT_SLOT)
        stays = u <= 1.0 - most[c] * here[c]
        mark[c] = (not stays) | (fresh[c] > 0)


@inlined
def nobody_leaves(begin: np.uint64, sweep: int, most: float, present: int, fresh: int) -> bool:
    """Whether a cell's uniforms keep everyone in place for any hazard up to `most`."""
    return uniform_at(begin, sweep, PRESENT_SLOT) <= 1.0 - most * present and (
        fresh == 0 or uniform_at(begin, sweep, ENTRANT_SLOT) <= 1.0 - most * fresh / 2.0
    )


@inlined
def leave(
    cells: Cells,
    edges: Edges,
    rates: Rates,
    begin: np.uint64,
    sweep: int,
    s: int,
    c: int,
    present: int,
    fresh: int,
    arrays: SweepArrays,
) -> int:
    """How many of a cell leave, of those present and of those who entered; sets its hazards where they are unknown."""
    if arrays.total[s, c] < 0.0:
        hazard = arrays.hazard[c]
        state_hazards(edges, rates, c, cells.stratum[c], s, hazard)
        limit_hazards(edges, rates, cells.origin[c], s, hazard)
        arrays.total[s, c] = add_up(edges.first[s], edges.first[s + 1], hazard, arrays.beyond[c])
    half = arrays.total[s, c] / SWEEPS
    if half <= 0.0:
        return 0
    gone = leavers(uniform_at(begin, sweep, PRESENT_SLOT), present, half)
    if fresh > 0:
        gone += entrant_leavers(uniform_at(begin, sweep, ENTRANT_SLOT), fresh, half)
    return gone


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
def split(
    cells: Cells,
    edges: Edges,
    counting: Counting,
    begin: np.uint64,
    sweep: int,
    s: int,
    c: int,
    gone: int,
    arrays: SweepArrays,
    counters: Longs,
) -> None:
    """Split those who leave a cell over the edges of its state, let them enter, and count them."""
    first, hazard, beyond = edges.first[s], arrays.hazard[c], arrays.beyond[c]
    arrays.crowd[s] -= gone
    for e in range(first, edges.first[s + 1]):
        moved = take(begin, sweep, e - first, gone, hazard[e], beyond[e])
        if moved > 0:
            gone -= moved
            dest = edges.dest[e]
            arrays.crowd[dest] += moved
            if dest > s:
                arrays.entered[dest, c] += moved
            else:
                arrays.later[dest, c] += moved
                arrays.crowd_later[dest] += moved
            count_move(counting, e, c, cells.origin[c], moved, counters)
            if gone == 0:
                return


@inlined
def take(begin: np.uint64, sweep: int, place: int, people: int, hazard: float, beyond: float) -> int:
    """How many of the leavers not yet placed take an edge of their state; at its last open edge, all of them."""
    if hazard <= 0.0:
        return 0
    if hazard >= beyond:
        return people
    u, share = uniform_at(begin, sweep, FIRST_EDGE_SLOT + place), hazard / beyond
    if u <= 1.0 - people * share:  # as in `leavers`
        return 0
    return binomial_quantile(u, people, share)


@inlined
def count_move(counting: Counting, e: int, c: int, o: int, moved: int, counters: Longs) -> None:
    """Add a move of cohort c, of origin o, along edge e to the counters that count it."""
    for j in range(counting.edge.first[e], counting.edge.first[e + ONE]):
        if counting.covered[counting.edge.item[j], c]:
            counters[counting.edge.item[j], o] += moved
