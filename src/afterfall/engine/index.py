"""Lists made once from a program's flags, so that the executors walk only what is there.

A quantity is declared by flags over states, edges and inflows; a step needs it the other way round: the quantities that
one edge counts for. Cohorts that the same quantities cover form a *block*, whose people can be added up together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from afterfall.engine.program import Flags, Floats, Ints, Program


class Listing(NamedTuple):
    """For each of N things a list: ``item[first[i]] .. item[first[i + 1] - 1]``."""

    first: Ints  # [N + 1]
    item: Ints


class Index(NamedTuple):
    """What a step looks up, derived from a `Program` by `index`."""

    source: Ints  # [E] source state of each edge
    counted_edge: Listing  # quantities that each edge counts for
    counted_inflow: Listing  # quantities that each inflow counts for
    counted_state: Listing  # quantities that each state is a stock of
    counters: Ints  # quantities that are counters
    total_states: Listing  # states in each total that feeds back
    rationed_state: Ints  # states with an edge that is rationed
    n_strata: int
    block: Ints  # [C] block of each cohort
    block_covered: Flags  # [Q, blocks]
    state_of_stock: Listing  # states of each quantity


def index(program: Program) -> Index:
    """Derive the lists of a program, once; every run of it takes them."""
    n_states, n_edges = program.first_edge.size - 1, program.dest.size
    source = np.repeat(np.arange(n_states, dtype=np.int32), np.diff(program.first_edge))
    patterns, block = np.unique(program.quantity_cohort, axis=1, return_inverse=True)
    is_counter = ~program.quantity_state.any(axis=1)
    assert source.size == n_edges
    return Index(
        source=source,
        counted_edge=_listing(program.quantity_edge.T),
        counted_inflow=_listing(program.quantity_inflow.T),
        counted_state=_listing(program.quantity_state.T),
        counters=np.flatnonzero(is_counter).astype(np.int32),
        total_states=_listing(program.total_state),
        rationed_state=np.unique(source[program.ration >= 0]).astype(np.int32),
        n_strata=int(program.stratum.max(initial=0)) + 1,
        block=np.ascontiguousarray(block.reshape(-1), dtype=np.int32),
        block_covered=np.ascontiguousarray(patterns, dtype=np.uint8),
        state_of_stock=_listing(program.quantity_state),
    )


def _listing(flags: Flags | Floats) -> Listing:
    """The columns at which each row of a table ``[N, M]`` is not zero."""
    rows, columns = np.nonzero(flags)
    first = np.searchsorted(rows, np.arange(flags.shape[0] + 1))
    return Listing(first.astype(np.int32), columns.astype(np.int32))
