"""Starting states that are kept are those that are drawn, bit for bit, and none meets parameters not its own."""

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case
from afterfall.model import Model, build, nowcast, sample, under_policy
from afterfall.model.levers import open_levers
from afterfall.run import simulate
from afterfall.run.starting_states import StartingStates

SEED, N = 7, 5


@pytest.fixture(scope="module")
def plain(case: Case) -> Model:
    return build(case, horizon=9)


@pytest.fixture(scope="module")
def led(plain: Model) -> Model:
    return under_policy(plain, open_levers().policy(plain.case, None, ["border=0.9", "programmes=0.8"]))


def drawn(model: Model) -> tuple[np.ndarray, np.ndarray]:
    return nowcast(model, sample(model, trajectories=N, seed=SEED), seed=SEED, trajectories=range(N))


def test_kept_rows_are_the_drawn_ones(plain: Model, led: Model) -> None:
    states = StartingStates(plain.case)
    states.rows(plain, sample(plain, trajectories=[1, 3], seed=SEED), seed=SEED)
    for model in (plain, led, plain):
        found = states.rows(model, sample(model, trajectories=N, seed=SEED), seed=SEED)
        for one, other in zip(found, drawn(model), strict=True):
            np.testing.assert_array_equal(one, other, strict=True)
    assert len(states) == N, "both models share them"


def test_other_parameters_seeds_and_counts_have_states_of_their_own(plain: Model) -> None:
    states, draws = StartingStates(plain.case), sample(plain, trajectories=N, seed=SEED)
    states.rows(plain, draws, seed=SEED)
    column = draws.names.index("nowcast.mixing")
    moved = draws.values.copy()
    moved[:, column] *= 1.5
    other = replace(draws, values=moved)
    found = states.rows(plain, other, seed=SEED)
    assert len(states) == 2 * N
    for one, two in zip(found, nowcast(plain, other, seed=SEED, trajectories=range(N)), strict=True):
        np.testing.assert_array_equal(one, two, strict=True)
    states.rows(plain, replace(draws, discrepancy=np.full(N, 0.1)), seed=SEED)
    states.rows(plain, replace(draws, fitted=np.ones(N, dtype=bool)), seed=SEED)
    states.rows(plain, draws, seed=SEED + 1)
    assert len(states) == 5 * N


def test_simulations_do_not_depend_on_what_is_kept(plain: Model, led: Model) -> None:
    states = StartingStates(plain.case)
    for model in (plain, led):
        alone = simulate(model, seed=SEED, trajectories=range(N))
        shared = simulate(model, seed=SEED, trajectories=range(N), threads=2, starts=states)
        for name, array in alone.arrays().items():
            np.testing.assert_array_equal(shared.arrays()[name], array, strict=True)
    assert len(states) == N


def test_memory_is_bounded(plain: Model) -> None:
    states = StartingStates(plain.case, most_bytes=0)
    found = states.rows(plain, sample(plain, trajectories=N, seed=SEED), seed=SEED)
    np.testing.assert_array_equal(found[0], drawn(plain)[0])
    assert len(states) == 0


def test_another_case_is_refused(plain: Model, case: Case) -> None:
    with pytest.raises(ValueError, match="model of another case"):
        StartingStates(replace(case)).rows(plain, sample(plain, trajectories=1, seed=SEED), seed=SEED)
