"""Random programs for the tests of the engine: small, and between them saying everything a program can say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.engine.keys import name_key
from afterfall.engine.program import (
    COHORT,
    EFFECT,
    EVENT_CONSTANT,
    EVENT_NEIGHBOUR,
    EVENT_PATH,
    FACTOR,
    FIRED,
    HELD,
    LOG_OFFSET,
    LOSS,
    NOISE,
    PATH,
    SERIES,
    STRATUM,
    Flags,
    Floats,
    Ints,
    Keys,
    Longs,
    Program,
)

#: Rows of the shared paths of every program here.
TREND, NOISY, TERRITORY, LOST, LOG_TERRITORY, TAKEN = range(6)
#: Parameters every program here starts with: standard deviation, autocorrelation, offset, retention.
SD, AUTOCORRELATION, OFFSET, RHO, N_FIXED = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Sizes:
    """How large a program is, and which of its parts are there."""

    origins: int = 3
    roles: int = 2
    states: int = 8
    edges: int = 20
    horizon: int = 8
    tokens: int = 3
    people: float = 30.0
    fast: float = 1.5  # hazards a month go up to about this
    choices: bool = True
    capacities: bool = True
    feedback: bool = True
    inflows: bool = True
    families: bool = False  # an inflow for each person of a parent, and passing on; the roles are three
    back_edges: bool = True
    closed: bool = True


@dataclass(frozen=True)
class Problem:
    """A program with parameters and a start: all that an executor needs."""

    program: Program
    theta: Floats
    start: Longs  # [C, S]
    counters: Longs  # [Q, O]


def random_problem(seed: int, sizes: Sizes = Sizes()) -> Problem:
    """A random program of the given sizes, with parameters and a start."""
    rng = np.random.default_rng(seed)
    sources, dest = _edges(rng, sizes)
    choice, retain = _choices(rng, sources, sizes)
    n_edges, n_choices = len(dest), len(retain)
    n_inflows = 2 * sizes.inflows + sizes.families
    n_rates = n_edges + n_choices + n_inflows + sizes.families
    term, theta, x_cohort, x_time = _terms(rng, n_rates, n_inflows, sizes)
    totals, feedback, theta = _feedback(rng, n_edges, theta, sizes)
    ration, by_origin, place, capacity = _capacities(rng, sources, sizes)
    cohorts = sizes.origins * sizes.roles
    quantity = _quantities(rng, n_edges, n_inflows, sizes)
    opened = (rng.random((n_edges, cohorts)) < (0.85 if sizes.closed else 1.1)).astype(np.uint8)
    program = Program(
        cell_key=names_of(sizes.origins, sizes.roles, sizes.states),
        origin=np.repeat(np.arange(sizes.origins), sizes.roles).astype(np.int32),
        stratum=np.tile(np.arange(sizes.roles), sizes.origins).astype(np.int32),
        first_edge=np.searchsorted(sources, np.arange(sizes.states + 1)).astype(np.int32),
        dest=dest,
        rate=np.arange(n_edges, dtype=np.int32),
        choice=choice,
        ration=ration,
        open=opened,
        choice_rate=np.arange(n_edges, n_edges + n_choices, dtype=np.int32),
        choice_retain=retain,
        term=term,
        x_cohort=x_cohort,
        x_time=x_time,
        n_rates=n_rates,
        feedback=feedback,
        total_state=totals,
        total_cohort=np.ones((totals.shape[0], cohorts)),
        total_scale=np.full(totals.shape[0], 20.0),
        ration_by_origin=by_origin,
        ration_place=place,
        capacity=capacity,
        capacity_parameter=np.array([-1, SD, -1, SD], dtype=np.int32)[: len(by_origin)],
        inflow_state=np.array([0, sizes.states // 2, 1], dtype=np.int32)[:n_inflows],
        inflow_rate=np.arange(n_edges + n_choices, n_edges + n_choices + n_inflows, dtype=np.int32),
        inflow_open=(rng.random((n_inflows, cohorts)) < 0.8).astype(np.uint8),
        inflow_key=_keys("inflow", n_inflows),
        **_families(sizes, n_inflows, n_rates),
        **_paths(rng, sizes),
        **quantity,
        origin_month=np.array([0, sizes.horizon // 2, sizes.horizon], dtype=np.int32),
        n_origins=sizes.origins,
        horizon=sizes.horizon,
    )
    start = rng.poisson(sizes.people * rng.random((cohorts, sizes.states)) ** 4, (cohorts, sizes.states))
    counters = rng.integers(0, 5, (program.quantity_state.shape[0], sizes.origins))
    counters[program.quantity_state.any(axis=1)] = 0
    return Problem(program, theta, start.astype(np.int64), counters.astype(np.int64))


def names_of(origins: int, roles: int, states: int) -> Keys:
    """Keys ``[C, S]`` of cells named by origin, role and state."""
    cells = [[f"o{o}/r{r}/s{s}" for s in range(states)] for o in range(origins) for r in range(roles)]
    return np.array([[name_key(name) for name in row] for row in cells], dtype=np.uint64)


def _keys(kind: str, n: int) -> Keys:
    return np.array([name_key(f"{kind}{i}") for i in range(n)], dtype=np.uint64)


def _edges(rng: np.random.Generator, sizes: Sizes) -> tuple[Ints, Ints]:
    """Sources (sorted) and destinations; the last state is absorbing, the first is never entered."""
    pairs = set()
    while len(pairs) < sizes.edges:
        source, dest = int(rng.integers(0, sizes.states - 1)), int(rng.integers(1, sizes.states))
        if source != dest and (sizes.back_edges or dest > source):
            pairs.add((source, dest))
    ordered = np.array(sorted(pairs, key=lambda pair: (pair[0], rng.random())), dtype=np.int32)
    return ordered[:, 0].copy(), ordered[:, 1].copy()


def _choices(rng: np.random.Generator, sources: Ints, sizes: Sizes) -> tuple[Ints, Ints]:
    """Choice group of each edge (the first two or three edges of every other state) and the groups' retention."""
    choice = np.full(sources.size, -1, dtype=np.int32)
    retain: list[int] = []
    if sizes.choices:
        for s in range(0, sizes.states, 2):
            members = np.flatnonzero(sources == s)[: int(rng.integers(2, 4))]
            if members.size >= 2:
                choice[members] = len(retain)
                retain.append(RHO if rng.random() < 0.6 else -1)
    return choice, np.array(retain, dtype=np.int32)


def _terms(rng: np.random.Generator, n_rates: int, n_inflows: int, sizes: Sizes) -> tuple[Ints, Floats, Floats, Floats]:
    """Terms, parameters and features: every rate has an intercept; the other kinds are sprinkled."""
    cohorts = sizes.origins * sizes.roles
    x_cohort = np.vstack([np.ones(cohorts), rng.normal(0, 0.5, cohorts)])
    x_time = rng.normal(0, 0.3, (1, sizes.roles, sizes.horizon + 1))
    theta = [0.2, 0.7, 0.3, 0.6]
    theta += list(rng.normal(0, 0.3, 1 + sizes.origins))
    effects = N_FIXED + 1
    rows = []
    for r in range(n_rates):
        rows.append((r, COHORT, 0, len(theta)))
        fastest = 0.5 if r >= n_rates - n_inflows else sizes.fast
        theta.append(float(np.log(fastest * 10.0 ** rng.uniform(-2.0, 0.0))))
        if rng.random() < 0.3:
            rows.append((r, COHORT, 1, N_FIXED))
        if rng.random() < 0.3:
            rows.append((r, EFFECT, effects, SD))
        if rng.random() < 0.3:
            rows.append((r, PATH, int(rng.choice([TREND, NOISY, LOG_TERRITORY])), -1))
        if rng.random() < 0.2:
            rows.append((r, STRATUM, 0, -1))
        if rng.random() < 0.2:
            rows.append((r, FACTOR, int(rng.choice([TERRITORY, LOST, TAKEN])), -1))
    return np.array(rows, dtype=np.int32), np.array(theta), x_cohort, x_time


def _feedback(rng: np.random.Generator, n_edges: int, theta: Floats, sizes: Sizes) -> tuple[Floats, Ints, Floats]:
    """Two totals, four rows of feedback and the parameters with two more."""
    if not sizes.feedback:
        return np.zeros((0, sizes.states)), np.zeros((0, 3), dtype=np.int32), theta
    totals = (rng.random((2, sizes.states)) < 0.4).astype(float) * rng.choice([1.0, 0.5], (2, sizes.states))
    rows = [(int(rng.integers(n_edges)), y, theta.size + y) for y in (0, 1) for _ in range(2)]
    return totals, np.array(rows, dtype=np.int32), np.append(theta, [0.3, -0.4])


def _capacities(rng: np.random.Generator, sources: Ints, sizes: Sizes) -> tuple[Ints, Flags, Flags, Floats]:
    """Rations shared by all and by origin, of flows and of places, on a few edges each."""
    ration = np.full(sources.size, -1, dtype=np.int32)
    if not sizes.capacities:
        nothing = np.zeros((0, sizes.states), dtype=np.uint8)
        return ration, np.zeros(0, dtype=np.uint8), nothing, np.zeros((0, sizes.origins, sizes.horizon + 1))
    rationed = rng.choice(sources.size, sources.size // 4, replace=False)
    ration[rationed] = np.arange(rationed.size) % 4
    flows = rng.uniform(0.0, 3.0, (2, sizes.origins, sizes.horizon + 1))
    apart = rng.spawn(1)[0]
    places = apart.uniform(0.0, 3.0, flows.shape) * sizes.people
    capacity = np.concatenate([flows, places])
    place = np.zeros((4, sizes.states), dtype=np.uint8)
    place[2:] = apart.random((2, sizes.states)) < 0.3
    return ration, np.array([0, 1, 0, 1], dtype=np.uint8), place, capacity


def _families(sizes: Sizes, n_inflows: int, n_rates: int) -> dict[str, object]:
    """Of each origin, the first cohort is the parent of the second, whose people pass to the third.

    Half of those of every other origin pass to the first.
    """
    cohorts, per = sizes.origins * sizes.roles, np.zeros((n_inflows, sizes.states), dtype=np.uint8)
    parent, pass_to, pass_half = np.full((3, cohorts), -1, dtype=np.int32)
    if sizes.families:
        per[-1, 1:3] = 1
        parent[1 :: sizes.roles] = np.arange(0, cohorts, sizes.roles)
        pass_to[1 :: sizes.roles] = np.arange(2, cohorts, sizes.roles)
        pass_half[1 :: 2 * sizes.roles] = np.arange(0, cohorts, 2 * sizes.roles)
    state = np.arange(sizes.states) % 3 > 0
    return {
        "inflow_per": per,
        "inflow_father": np.zeros(n_inflows, dtype=np.uint8),
        "parent": parent,
        "father": np.full(cohorts, -1, dtype=np.int32),
        "pass_to": pass_to,
        "pass_half": pass_half,
        "pass_rate": n_rates - 1 if sizes.families else -1,
        "pass_state": state.astype(np.uint8),
    }


def _paths(rng: np.random.Generator, sizes: Sizes) -> dict[str, np.ndarray]:
    """The six shared paths and the tokens; token 0 is known to fire in month 2."""
    k = sizes.tokens
    neighbour = rng.random((k, k)) * (1.0 - np.eye(k))
    neighbour /= np.maximum(neighbour.sum(axis=1, keepdims=True), 1e-12)
    kinds = [SERIES, NOISE, HELD, LOSS, LOG_OFFSET, FIRED]
    args = [(0, -1), (SD, AUTOCORRELATION), (0, -1), (TERRITORY, -1), (TERRITORY, OFFSET), (k - 1, -1)]
    terms = [(j, kind, 0, parameter) for j in range(k) for kind, parameter in ((0, -1), (1, SD), (2, OFFSET))]
    assert (EVENT_CONSTANT, EVENT_PATH, EVENT_NEIGHBOUR) == (0, 1, 2)
    return {
        "path_kind": np.array(kinds, dtype=np.int32),
        "path_arg": np.array(args, dtype=np.int32),
        "path_key": _keys("path", len(kinds)),
        "path_series": np.cumsum(rng.normal(0, 0.2, (1, sizes.horizon + 1)), axis=1),
        "held_weight": rng.random((1, k)),
        "held_floor": np.array([0.05]),
        "held_tilt": np.zeros((1, k)),
        "held_parameter": np.full(1, -1, dtype=np.int32),
        "taken_share": np.zeros((0, k)),
        "taken_tilt": np.zeros(k),
        "taken_parameter": np.zeros(0, dtype=np.int32),
        "token_key": _keys("token", k),
        "token_month": np.array([2] + [-1] * (k - 1), dtype=np.int32),
        "token_term": np.array(terms, dtype=np.int32),
        "x_token": rng.normal(-2.0, 0.5, (1, k)),
        "token_neighbour": neighbour,
    }


def _quantities(rng: np.random.Generator, n_edges: int, n_inflows: int, sizes: Sizes) -> dict[str, np.ndarray]:
    """Everyone; a stock of some roles; a counter of moves and arrivals; a counter of some roles."""
    cohorts = sizes.origins * sizes.roles
    state = np.zeros((4, sizes.states), dtype=np.uint8)
    state[0] = 1
    state[1] = rng.random(sizes.states) < 0.5
    state[1, -1] = 1
    edge = np.zeros((4, n_edges), dtype=np.uint8)
    edge[2:] = rng.random((2, n_edges)) < 0.4
    inflow = np.zeros((4, n_inflows), dtype=np.uint8)
    inflow[2, : 2 * sizes.inflows + sizes.families] = 1
    covered = np.ones((4, cohorts), dtype=np.uint8)
    covered[1, :: sizes.roles] = 0
    covered[3, 1 :: sizes.roles] = 0
    return {
        "quantity_state": state,
        "quantity_edge": edge,
        "quantity_inflow": inflow,
        "quantity_cohort": covered,
    }
