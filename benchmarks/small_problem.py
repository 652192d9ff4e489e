"""A small made-up problem that the benchmarks share, as a program of the engine and as plain rates.

40,000 people of 110 origins (a few large, most small) in 30 states, 80 transitions of which 6 go back, 60 months; the
rates of two transitions rise with the number of people in a state. It has no choices, capacities, shared series or
arrivals, only the step itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.engine.index import Index, index
from afterfall.engine.keys import cell_keys
from afterfall.engine.program import COHORT, Floats, Ints, Longs, Program, RateFactors
from afterfall.engine.rate_factors import rate_factors

ORIGINS, STATES, EDGES, BACK_EDGES, MONTHS, PEOPLE = 110, 30, 80, 6, 60, 40_000
#: (state whose people raise a rate, coefficient) of the two feedbacks, on the first edges of states 1 and 2.
FEEDBACKS = ((5, 0.3), (8, 0.2))
SCALE = 1000.0


@dataclass(frozen=True)
class Small:
    """The problem: what the engine needs, and the same in plain rates."""

    program: Program
    index: Index
    rate_factors: RateFactors
    start: Longs  # [C, S]
    source: Ints  # [E]
    hazard: Floats  # [E, C] a month, before feedback
    fed_edges: tuple[int, ...]  # edges whose rates respond to a total

    @property
    def counters(self) -> Longs:
        """Counters at the start: none counted yet, ``[Q, O]``."""
        return np.zeros((STATES, ORIGINS), dtype=np.int64)


def small_problem(*, people: int = PEOPLE, feedback: bool = True, changed: tuple[int, float] | None = None) -> Small:
    """Make the problem for a number of people; `changed` is (edge, factor) and multiplies the hazard of one edge."""
    rng = np.random.default_rng(20170213)
    source, dest = _edges(rng)
    theta = rng.uniform(np.log(0.002), np.log(0.1), EDGES)
    by_origin = rng.normal(0.0, 0.3, (EDGES, ORIGINS))
    if changed is not None:
        theta[changed[0]] += np.log(changed[1])
    fed = tuple(int(np.searchsorted(source, s)) for s in (1, 2)) if feedback else ()
    program = _program(source, dest, by_origin, fed)
    given = np.concatenate([theta, [coefficient for _, coefficient in FEEDBACKS]])
    return Small(
        program=program,
        index=index(program),
        rate_factors=rate_factors(program, given, np.zeros((0, MONTHS + 1))),
        start=_start(rng, people),
        source=source,
        hazard=np.exp(theta[:, None] + by_origin),
        fed_edges=fed,
    )


def _edges(rng: np.random.Generator) -> tuple[Ints, Ints]:
    """A chain through all states, random short cuts, and a few transitions back; the last state is absorbing."""
    pairs = {(s, s + 1) for s in range(STATES - 1)}
    while len(pairs) < EDGES - BACK_EDGES:
        s = int(rng.integers(0, STATES - 2))
        pairs.add((s, int(rng.integers(s + 1, min(s + 10, STATES)))))
    while len(pairs) < EDGES:
        s = int(rng.integers(4, STATES - 1))
        pairs.add((s, int(rng.integers(max(s - 8, 1), s))))
    ordered = np.array(sorted(pairs), dtype=np.int32)
    return ordered[:, 0].copy(), ordered[:, 1].copy()


def _start(rng: np.random.Generator, people: int) -> Longs:
    """People by origin and state: origins of very different sizes, everyone in the first four states."""
    size = rng.lognormal(0.0, 1.6, ORIGINS)
    share = np.outer(size / size.sum(), [0.6, 0.2, 0.15, 0.05])
    start = np.zeros((ORIGINS, STATES), dtype=np.int64)
    start[:, :4] = np.random.default_rng(people).multinomial(people, share.ravel()).reshape(ORIGINS, 4)
    return start


def _program(source: Ints, dest: Ints, by_origin: Floats, fed: tuple[int, ...]) -> Program:
    """The problem as arrays: one rate for each edge, its log the sum of a parameter and a constant for each origin."""
    one, none = np.ones((1, ORIGINS)), -np.ones(EDGES, dtype=np.int32)
    terms = [(e, COHORT, *more) for e in range(EDGES) for more in ((0, e), (1 + e, -1))]
    totals = np.zeros((len(FEEDBACKS), STATES))
    totals[range(len(FEEDBACKS)), [state for state, _ in FEEDBACKS]] = 1.0
    return Program(
        cell_key=cell_keys([[f"origin {c}/person/state {s}" for s in range(STATES)] for c in range(ORIGINS)]),
        origin=np.arange(ORIGINS, dtype=np.int32),
        stratum=np.zeros(ORIGINS, dtype=np.int32),
        first_edge=np.searchsorted(source, np.arange(STATES + 1)).astype(np.int32),
        dest=dest,
        rate=np.arange(EDGES, dtype=np.int32),
        choice=none,
        ration=none,
        open=np.ones((EDGES, ORIGINS), dtype=np.uint8),
        choice_rate=_no_ints(),
        choice_retain=_no_ints(),
        term=np.array(terms, dtype=np.int32),
        x_cohort=np.concatenate([one, by_origin]),
        x_time=np.zeros((0, 1, MONTHS + 1)),
        n_rates=EDGES,
        feedback=np.array([(e, y, EDGES + y) for y, e in enumerate(fed)], dtype=np.int32).reshape(-1, 3),
        total_state=totals,
        total_cohort=np.ones((len(FEEDBACKS), ORIGINS)),
        total_scale=np.full(len(FEEDBACKS), SCALE),
        ration_by_origin=np.zeros(0, dtype=np.uint8),
        ration_place=np.zeros((0, STATES), dtype=np.uint8),
        capacity=np.zeros((0, ORIGINS, MONTHS + 1)),
        capacity_parameter=_no_ints(),
        inflow_state=_no_ints(),
        inflow_rate=_no_ints(),
        inflow_open=np.zeros((0, ORIGINS), dtype=np.uint8),
        inflow_key=np.zeros(0, dtype=np.uint64),
        inflow_per=np.zeros((0, STATES), dtype=np.uint8),
        inflow_father=np.zeros(0, dtype=np.uint8),
        parent=np.full(ORIGINS, -1, dtype=np.int32),
        father=np.full(ORIGINS, -1, dtype=np.int32),
        pass_to=np.full(ORIGINS, -1, dtype=np.int32),
        pass_half=np.full(ORIGINS, -1, dtype=np.int32),
        pass_rate=-1,
        pass_state=np.zeros(STATES, dtype=np.uint8),
        **_no_shared_series(),  # type: ignore[arg-type]
        quantity_state=np.eye(STATES, dtype=np.uint8),
        quantity_edge=np.zeros((STATES, EDGES), dtype=np.uint8),
        quantity_inflow=np.zeros((STATES, 0), dtype=np.uint8),
        quantity_cohort=np.ones((STATES, ORIGINS), dtype=np.uint8),
        origin_month=np.array([MONTHS], dtype=np.int32),
        n_origins=ORIGINS,
        horizon=MONTHS,
    )


def _no_shared_series() -> dict[str, object]:
    """The fields of a program without paths and dated events."""
    return {
        "path_kind": _no_ints(),
        "path_arg": _no_ints(2),
        "path_key": np.zeros(0, dtype=np.uint64),
        "path_series": np.zeros((0, MONTHS + 1)),
        "held_weight": np.zeros((0, 0)),
        "held_floor": np.zeros(0),
        "held_tilt": np.zeros((0, 0)),
        "held_parameter": _no_ints(),
        "taken_share": np.zeros((0, 0)),
        "taken_tilt": np.zeros(0),
        "taken_parameter": _no_ints(),
        "token_key": np.zeros(0, dtype=np.uint64),
        "token_month": _no_ints(),
        "token_term": _no_ints(4),
        "x_token": np.zeros((0, 0)),
        "token_neighbour": np.zeros((0, 0)),
    }


def _no_ints(*columns: int) -> Ints:
    return np.zeros((0, *columns), dtype=np.int32)
