"""A program the way the executors walk it: grouped by what a step needs together, with its flags turned into lists.

A quantity is declared by flags over states, edges and inflows; a step needs it the other way round: the quantities
that one edge counts for. Cohorts that the same quantities cover form a *block*, whose people can be added up
together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.engine.check import check
from afterfall.engine.program import Flags, Floats, Ints, Keys, Program

#: Positions that are looked up in inner loops: without a sign, so that compiled code need not ask whether they count
#: from the end. (Mind that numba makes a float of such a position plus a plain integer; add `ONE`.)
Places = npt.NDArray[np.uint64]

ONE = np.uint64(1)


class Listing(NamedTuple):
    """For each of N things a list: ``item[first[i]] .. item[first[i + 1] - 1]``."""

    first: Places  # [N + 1]
    item: Places


class Cells(NamedTuple):
    """Who there is."""

    key: Keys  # [C, S]
    origin: Ints  # [C]
    stratum: Ints  # [C]


class Edges(NamedTuple):
    """Where people can go, and by which rate."""

    first: Places  # [S + 1]
    dest: Places  # [E]
    column: Places  # [E] edges of one rate that are open to the same cohorts share a column
    column_rate: Ints  # [K]
    column_open: Flags  # [K, C]
    choice: Ints  # [E]
    choice_rate: Ints  # [G]
    ration: Ints  # [E]
    by_origin: Flags  # [A] 1 where a ration is counted by origin
    place: Flags  # [A, S] 1 where someone in the state takes up a place of the ration
    rationed_state: Ints  # states with an edge that is rationed
    plain: Listing  # of each state, the columns of its edges outside any choice
    choices: Listing  # of each state, its choices
    ways: Listing  # of each choice, the columns of its edges


class Totals(NamedTuple):
    """What feeds back on rates."""

    states: Listing  # states in each total
    state_weight: Floats  # [Y, S]
    pattern: Ints  # [Y] totals with the same weights of cohorts share a pattern
    cohort_weight: Floats  # [patterns, C]
    scale: Floats  # [Y]
    feedback: Ints  # [M, 3] (rate row, total, parameter)


class Inflows(NamedTuple):
    """Who comes from outside."""

    state: Ints  # [I]
    rate: Ints  # [I]
    key: Keys  # [I]
    open: Flags  # [I, C]


class Counting(NamedTuple):
    """The quantities that a move counts for."""

    edge: Listing  # of each edge
    inflow: Listing  # of each inflow
    covered: Flags  # [Q, C] cohorts that a quantity covers


class Stocks(NamedTuple):
    """The quantities that a state counts for."""

    of_state: Listing  # quantities that each state is part of
    states: Listing  # states of each quantity
    counters: Ints  # quantities that are counters, not stocks
    block: Ints  # [C] block of each cohort
    block_covered: Flags  # [Q, blocks]
    origin_month: Ints  # [M']


class Index(NamedTuple):
    """All that the executors need of a program beside the tables of a trajectory."""

    cells: Cells
    edges: Edges
    totals: Totals
    inflows: Inflows
    counting: Counting
    stocks: Stocks


def _is_array(field: object) -> bool:
    return isinstance(field, np.ndarray)


def index(program: Program) -> Index:
    """Index a program, once; every run of it takes the result.

    Raises
    ------
    ValueError
        When the program breaks its contract (see `check`).
    """
    check(program)
    # One layout of every array, so that the executors are compiled once.
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
        Cells(program.cell_key, program.origin, program.stratum),
        Edges(
            first=_places(program.first_edge),
            dest=_places(program.dest),
            column=_places(column),
            column_rate=_numbers(columns[:, 0]),
            column_open=np.ascontiguousarray(columns[:, 1:], dtype=np.uint8),
            choice=program.choice,
            choice_rate=program.choice_rate,
            ration=program.ration,
            by_origin=program.ration_by_origin,
            place=program.ration_place,
            rationed_state=np.unique(source[program.ration >= 0]),
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
        Inflows(program.inflow_state, program.inflow_rate, program.inflow_key, program.inflow_open),
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


def _numbers(values: npt.NDArray[np.generic]) -> Ints:
    return np.ascontiguousarray(values.reshape(-1), dtype=np.int32)


def _places(values: npt.NDArray[np.generic]) -> Places:
    return np.ascontiguousarray(values.reshape(-1), dtype=np.uint64)


def _listing(flags: npt.NDArray[np.generic]) -> Listing:
    """The columns at which each row of a table ``[N, M]`` is not zero."""
    rows, columns = np.nonzero(flags)
    first = np.searchsorted(rows, np.arange(flags.shape[0] + 1))
    return Listing(_places(first), _places(columns))


def _grouped(rows: Ints, items: npt.NDArray[np.generic], n: int) -> Listing:
    """The items of each of n rows, given a row for every item."""
    order = np.argsort(rows, kind="stable")
    return Listing(_places(np.searchsorted(rows[order], np.arange(n + 1))), _places(items[order]))
