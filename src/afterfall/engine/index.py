"""A program in the form that the executors use: grouped by what a step needs together, with flags turned into lists.

A program declares each quantity by flags over states, edges and inflows. A step needs the reverse: the quantities that
one edge counts for. Cohorts that are covered by the same quantities form a *block*, whose people are summed together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.engine.check import check
from afterfall.engine.program import Flags, Floats, Ints, Keys, Program

#: Positions that are looked up in inner loops. They are unsigned, so that compiled code need not check for counting
#: from the end. (In numba such a position plus a signed integer becomes a float: add `ONE` instead.)
Places = npt.NDArray[np.uint64]

ONE = np.uint64(1)


class Listing(NamedTuple):
    """A list for each of N items: ``item[first[i]] .. item[first[i + 1] - 1]``."""

    first: Places  # [N + 1]
    item: Places


class Cells(NamedTuple):
    """The cells: cohorts by states."""

    key: Keys  # [C, S], in memory state by state
    origin: Ints  # [C]
    stratum: Ints  # [C]


class Edges(NamedTuple):
    """The edges, their rates, and what limits them."""

    first: Places  # [S + 1]
    dest: Places  # [E]
    column: Places  # [E] edges that share a rate and are open to the same cohorts share a column
    column_rate: Ints  # [K]
    column_open: Flags  # [K, C]
    choice: Ints  # [E]
    choice_rate: Ints  # [G]
    capacity: Ints  # [E] capacity that limits the edge, or -1
    by_origin: Flags  # [A] 1 where a capacity is counted by origin
    places: Listing  # for each capacity, the states in which someone takes up a place of it
    limited_state: Ints  # states that have an edge with a capacity
    plain: Listing  # for each state, the columns of its edges outside any choice
    choices: Listing  # for each state, its choices
    ways: Listing  # for each choice, the columns of its edges


class Totals(NamedTuple):
    """The totals that feed back on rates."""

    states: Listing  # states in each total
    state_weight: Floats  # [Y, S]
    pattern: Ints  # [Y] totals with the same weights of cohorts share a pattern
    cohort_weight: Floats  # [patterns, C]
    scale: Floats  # [Y]
    feedback: Ints  # [M, 3] (rate row, total, parameter)


class Inflows(NamedTuple):
    """Arrivals from outside."""

    state: Ints  # [I]
    rate: Ints  # [I]
    key: Keys  # [I]
    open: Flags  # [I, C] 1 where the inflow is open to the cohort
    per: Listing  # for each inflow, the states of the parent cohort for each of whose people its rate is
    parent: Ints  # [I, C] parent cohort or -1


class Passers(NamedTuple):
    """Cohorts whose people pass to another at the end of a month."""

    cohort: Ints  # [N]
    to: Ints  # [N]
    half: Ints  # [N] cohort that half of them pass to instead, or -1
    state: Ints  # states in which people pass
    rate: int


class Counting(NamedTuple):
    """The counters that count each move."""

    edge: Listing  # for each edge
    inflow: Listing  # for each inflow
    covered: Flags  # [Q, C] cohorts that a quantity covers


class Stocks(NamedTuple):
    """The stocks that count each state."""

    of_state: Listing  # quantities that each state is part of
    states: Listing  # states of each quantity
    counters: Ints  # quantities that are counters, not stocks
    block: Ints  # [C] block of each cohort
    block_covered: Flags  # [Q, blocks]
    origin_month: Ints  # [M']


class Index(NamedTuple):
    """All that the executors need of a program, besides the rate factors of a trajectory."""

    cells: Cells
    edges: Edges
    totals: Totals
    inflows: Inflows
    passing: Passers
    counting: Counting
    stocks: Stocks


def _is_array(field: object) -> bool:
    return isinstance(field, np.ndarray)


def index(program: Program) -> Index:
    """Index a program. This is done once; every run of the program takes the result.

    Raises
    ------
    ValueError
        When the program breaks its contract (see `check`).
    """
    check(program)
    # One memory layout for every array, so that the executors are compiled once.
    arrays = {name: np.require(f, requirements=["C", "W"]) for name, f in program._asdict().items() if _is_array(f)}
    program = program._replace(**arrays)
    source = np.repeat(np.arange(program.first_edge.size - 1, dtype=np.int32), np.diff(program.first_edge))
    covers, block = np.unique(program.quantity_cohort, axis=1, return_inverse=True)
    weights, pattern = np.unique(program.total_cohort, axis=0, return_inverse=True)
    kinds = np.column_stack([program.rate, program.open])
    columns, column = np.unique(kinds, axis=0, return_inverse=True)
    column = column.reshape(-1)
    plain, chosen = program.choice < 0, program.choice >= 0
    n_states, n_choices = program.first_edge.size - 1, program.choice_rate.size
    of_choice = np.unique(np.column_stack([source, program.choice])[chosen], axis=0)
    return Index(
        Cells(np.asfortranarray(program.cell_key), program.origin, program.stratum),
        Edges(
            first=_places(program.first_edge),
            dest=_places(program.dest),
            column=_places(column),
            column_rate=_numbers(columns[:, 0]),
            column_open=np.ascontiguousarray(columns[:, 1:], dtype=np.uint8),
            choice=program.choice,
            choice_rate=program.choice_rate,
            capacity=program.ration,
            by_origin=program.ration_by_origin,
            places=_listing(program.ration_place),
            limited_state=np.unique(source[program.ration >= 0]),
            plain=_grouped(source[plain], column[plain], n_states),
            choices=_grouped(of_choice[:, 0], of_choice[:, 1], n_states),
            ways=_grouped(program.choice[chosen], column[chosen], n_choices),
        ),
        Totals(
            states=_listing(program.total_state),
            state_weight=program.total_state,
            pattern=_numbers(pattern),
            cohort_weight=np.ascontiguousarray(weights),
            scale=program.total_scale,
            feedback=program.feedback,
        ),
        _inflows(program),
        Passers(
            cohort=_numbers(np.flatnonzero(program.pass_to >= 0)),
            to=_numbers(program.pass_to[program.pass_to >= 0]),
            half=_numbers(program.pass_half[program.pass_to >= 0]),
            state=_numbers(np.flatnonzero(program.pass_state)),
            rate=program.pass_rate,
        ),
        Counting(_listing(program.quantity_edge.T), _listing(program.quantity_inflow.T), program.quantity_cohort),
        Stocks(
            of_state=_listing(program.quantity_state.T),
            states=_listing(program.quantity_state),
            counters=_numbers(np.flatnonzero(~program.quantity_state.any(axis=1))),
            block=_numbers(block),
            block_covered=np.ascontiguousarray(covers, dtype=np.uint8),
            origin_month=program.origin_month,
        ),
    )


def under_other_ramps(lists: Index, program: Program) -> Index:
    """The index of a program from that of one which differs in ramps and in the place of parameters alone."""
    stratum, feedback = (np.require(array, requirements=["C", "W"]) for array in (program.stratum, program.feedback))
    return lists._replace(cells=lists.cells._replace(stratum=stratum), totals=lists.totals._replace(feedback=feedback))


def _inflows(program: Program) -> Inflows:
    """The inflows; one for each person of a parent is closed to cohorts without one."""
    per_head = np.asarray(program.inflow_per.any(axis=1))
    parent = np.where(program.inflow_father[:, None] == 1, program.father[None], program.parent[None])
    open_to = (program.inflow_open == 1) & ~(per_head[:, None] & (parent < 0))
    return Inflows(
        program.inflow_state,
        program.inflow_rate,
        program.inflow_key,
        np.ascontiguousarray(open_to, dtype=np.uint8),
        _listing(program.inflow_per),
        np.ascontiguousarray(parent, dtype=np.int32),
    )


def _numbers(values: npt.NDArray[np.generic]) -> Ints:
    return np.ascontiguousarray(values.reshape(-1), dtype=np.int32)


def _places(values: npt.NDArray[np.generic]) -> Places:
    return np.ascontiguousarray(values.reshape(-1), dtype=np.uint64)


def _listing(flags: npt.NDArray[np.generic]) -> Listing:
    """For each row of a table ``[N, M]``, the columns that are not zero."""
    rows, columns = np.nonzero(flags)
    first = np.searchsorted(rows, np.arange(flags.shape[0] + 1))
    return Listing(_places(first), _places(columns))


def _grouped(rows: Ints, items: npt.NDArray[np.generic], n: int) -> Listing:
    """For each of n rows its items, given the row of every item."""
    order = np.argsort(rows, kind="stable")
    return Listing(_places(np.searchsorted(rows[order], np.arange(n + 1))), _places(items[order]))
