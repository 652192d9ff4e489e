"""Paths of what is held and of who takes what is lost, against a readable copy of their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.made_up.programs import Sizes, random_problem

from afterfall.engine.check import check
from afterfall.engine.program import HELD, LOG_LOST, LOG_SHARE, TAKEN, Floats, Ints, Program
from afterfall.engine.shared_series import draw_shared_series


def with_takers(seed: int) -> Program:
    """A program whose only paths are one held path, its two logs, and the fronts of three takers."""
    problem = random_problem(seed, Sizes(horizon=12, tokens=5))
    share = np.random.default_rng(seed).dirichlet(np.ones(3), 5).T
    return problem.program._replace(
        path_kind=np.array([HELD, LOG_SHARE, LOG_LOST, TAKEN, TAKEN, TAKEN], dtype=np.int32),
        path_arg=np.array([(0, -1), (0, -1), (0, -1), (0, 0), (0, 1), (0, 2)], dtype=np.int32),
        path_key=np.arange(6, dtype=np.uint64),
        token_month=np.array([3, 3, 0, 7, -1], dtype=np.int32),
        token_term=np.array([[4, 0, 0, -1]], dtype=np.int32),
        x_token=np.full((1, 5), -90.0),
        taken_share=share,
        taken_parameter=np.full(3, -1, dtype=np.int32),
    )


def front(program: Program, taker: int, fired: Ints, month: int) -> float:
    weight, share = program.held_weight[0], program.taken_share[taker]
    average = float((weight * share).sum() / weight.sum())
    floor = float(program.held_floor[0])
    lost = [k for k in range(len(weight)) if fired[k] == month and month > 0]
    return (floor * average + sum(weight[k] * share[k] for k in lost)) / (floor + sum(weight[k] for k in lost))


def drawn(program: Program) -> tuple[Floats, Ints]:
    return draw_shared_series(program, np.ones(40), 1, 0)


@pytest.mark.parametrize("seed", range(3))
def test_fronts_follow_their_definition_and_sum_to_one(seed: int) -> None:
    program = with_takers(seed)
    path, fired = drawn(program)
    for taker in range(3):
        expected = [front(program, taker, fired, month) for month in range(13)]
        np.testing.assert_allclose(path[3 + taker], expected, rtol=1e-12)
    np.testing.assert_allclose(path[3:].sum(axis=0), 1.0)
    assert np.ptp(path[3]) > 0.01


@pytest.mark.parametrize("seed", range(3))
def test_logs_of_what_is_held_and_lost_are_of_the_whole(seed: int) -> None:
    program = with_takers(seed)
    path, _ = drawn(program)
    floor = program.held_floor[0]
    whole = floor + program.held_weight[0].sum()
    np.testing.assert_allclose(path[1], np.log(path[0] / whole))
    np.testing.assert_allclose(path[2], np.log(np.maximum(1.0 - path[0] / whole, floor)))
    assert path[1, 0] < 0.0, "one event fired before the start: not all is held then"


@pytest.mark.parametrize("seed", range(3))
def test_parameters_tilt_what_is_held_and_who_takes_it(seed: int) -> None:
    """Weights and shares multiplied by exponentials by hand; events without a tilt keep their shares."""
    plain = with_takers(seed)
    rng = np.random.default_rng(seed)
    tilt, of_taken, theta = rng.normal(0.0, 1.0, (1, 5)), np.array([1.0, 0.0, 1.0, 1.0, 0.0]), rng.normal(size=40)
    program = plain._replace(
        held_tilt=tilt,
        held_parameter=np.array([3], dtype=np.int32),
        taken_tilt=of_taken,
        taken_parameter=np.array([4, 5, 6], dtype=np.int32),
    )
    share = plain.taken_share * np.exp(theta[4:7, None] * of_taken)
    by_hand = plain._replace(
        held_weight=plain.held_weight * np.exp(theta[3] * tilt), taken_share=share / share.sum(axis=0)
    )
    path, other = (draw_shared_series(p, theta, 1, 0)[0] for p in (program, by_hand))
    np.testing.assert_allclose(path, other, rtol=1e-12)
    np.testing.assert_allclose(path[3:].sum(axis=0), 1.0)
    assert np.abs(path - draw_shared_series(plain, theta, 1, 0)[0]).max() > 0.05
    none = draw_shared_series(program, np.zeros(40), 1, 0)[0]
    np.testing.assert_allclose(none, draw_shared_series(plain, np.zeros(40), 1, 0)[0], rtol=1e-12)


def test_a_taker_without_shares_is_refused() -> None:
    program = with_takers(0)
    check(program)
    spoilt = program._replace(taken_share=program.taken_share[:2])
    with pytest.raises(ValueError, match="takers of a path"):
        check(spoilt)
    assert math.isclose(program.taken_share.sum(), 5.0)
