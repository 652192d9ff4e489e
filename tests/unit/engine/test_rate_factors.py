"""Tables and paths: rates by their formula, noise by its moments, dated events by their hazard."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from tests.made_up.programs import (
    AUTOCORRELATION,
    LOG_TERRITORY,
    LOST,
    NOISY,
    OFFSET,
    SD,
    TAKEN,
    TERRITORY,
    TREND,
    Sizes,
    random_problem,
)

from afterfall.engine.program import COHORT, EFFECT, EVENT_LEFT, FACTOR, PATH, STRATUM
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series

SIGNIFICANT = 1e-6
N = 4_000


@pytest.mark.parametrize("seed", range(3))
def test_rates_follow_their_formula(seed):
    problem = random_problem(seed)
    program, theta = problem.program, problem.theta
    path, _ = draw_shared_series(program, theta, 1, seed)
    found = rate_factors(program, theta, path)
    seen = set()
    for c in range(program.origin.size):
        u = program.stratum[c]
        log = np.zeros((program.n_rates, program.horizon + 1))
        factor = np.ones_like(log)
        for r, kind, f, p in program.term:
            seen.add(int(kind))
            scale = theta[p] if p >= 0 else 1.0
            if kind == COHORT:
                log[r] += scale * program.x_cohort[f, c]
            elif kind == EFFECT:
                log[r] += scale * theta[f + program.origin[c]] - scale**2 / 2
            elif kind == PATH:
                log[r] += scale * path[f]
            elif kind == STRATUM:
                log[r] += scale * program.x_time[f, u]
            elif kind == FACTOR:
                factor[r] *= path[f]
        np.testing.assert_allclose(found.base[:, c, None] * found.time[:, u], np.exp(log) * factor, rtol=1e-12)
    assert seen == {COHORT, EFFECT, PATH, STRATUM, FACTOR}


def test_a_factor_of_zero_makes_a_rate_zero():
    problem = random_problem(0)
    path, fired = draw_shared_series(problem.program, problem.theta, 1, 0)
    term = np.vstack([problem.program.term, [[0, FACTOR, LOST, -1]]]).astype(np.int32)
    found = rate_factors(problem.program._replace(term=term), problem.theta, path)
    assert (found.time[0][:, path[LOST] == 0] == 0).all()
    assert (path[LOST] == 0).sum() > 1
    assert fired.min() == 2


def test_coefficients_where_there_is_no_parameter():
    problem = random_problem(0)
    path, _ = draw_shared_series(problem.program, problem.theta, 1, 0)
    found = rate_factors(problem.program, problem.theta, path)
    np.testing.assert_array_equal(found.capacity[0], problem.program.capacity[0])
    np.testing.assert_allclose(found.capacity[1], problem.program.capacity[1] * math.exp(problem.theta[SD]), rtol=1e-14)
    assert set(found.rho) <= {0.0, problem.theta[3]}
    np.testing.assert_array_equal(found.feedback, problem.theta[problem.program.feedback[:, 2]])


def test_derived_paths_agree_with_the_tokens():
    problem = random_problem(2, Sizes(horizon=30))
    program = problem.program
    for trajectory in range(20):
        path, fired = draw_shared_series(program, problem.theta, 1, trajectory)
        months = np.arange(program.horizon + 1)
        held = 0.05 + ((fired[:, None] > months) * program.held_weight[0][:, None]).sum(axis=0)
        np.testing.assert_array_equal(path[TREND], program.path_series[0])
        np.testing.assert_allclose(path[TERRITORY], held, rtol=1e-13)
        np.testing.assert_allclose(np.cumsum(path[LOST]), np.log(held[0] / held), atol=1e-12)
        np.testing.assert_allclose(path[LOG_TERRITORY], np.log(problem.theta[OFFSET] + held), rtol=1e-12)
        np.testing.assert_array_equal(path[TAKEN], (fired[-1] <= months).astype(float))


def test_noise_is_stationary_and_its_exponential_has_mean_one():
    problem = random_problem(2, Sizes(horizon=12))
    sd, correlation = problem.theta[SD], problem.theta[AUTOCORRELATION]
    noise = np.array([draw_shared_series(problem.program, problem.theta, 1, i)[0][NOISY] for i in range(N)])
    for t in (0, 1, 12):
        assert stats.kstest(noise[:, t], "norm", args=(-(sd**2) / 2, sd)).pvalue > SIGNIFICANT
    found = np.corrcoef(noise[:, 3], noise[:, 5])[0, 1]
    assert abs(np.arctanh(found) - np.arctanh(correlation**2)) * math.sqrt(N) < 4.9
    wrong = stats.kstest(noise[:, 12], "norm", args=(-(sd**2) / 2, sd * 1.15)).pvalue
    assert wrong < SIGNIFICANT


def lone_token(log_hazard, *, trajectories=N, horizon=40):
    """Months in which the one token of a program fires at a steady hazard."""
    problem = random_problem(0, Sizes(horizon=horizon, tokens=2))
    program = problem.program._replace(
        token_term=np.array([[1, 0, 0, -1]], dtype=np.int32), x_token=np.array([[0.0, log_hazard]])
    )
    return np.array([draw_shared_series(program, problem.theta, 1, i)[1][1] for i in range(trajectories)])


def test_tokens_fire_by_their_hazard():
    hazard, horizon = 0.07, 40
    fired = lone_token(math.log(hazard))
    months = np.arange(1, horizon + 2)
    chance = np.exp(-hazard * (months - 1)) - np.exp(-hazard * months)
    chance[-1] = math.exp(-hazard * horizon)
    counted = np.bincount(fired, minlength=horizon + 2)[1:]
    assert stats.chisquare(counted, chance / chance.sum() * N).pvalue > SIGNIFICANT
    off = np.exp(-hazard * 1.15 * (months - 1)) - np.exp(-hazard * 1.15 * months)
    off[-1] = math.exp(-hazard * 1.15 * horizon)
    assert stats.chisquare(counted, off / off.sum() * N).pvalue < SIGNIFICANT


def test_a_higher_hazard_never_fires_later():
    slow, fast = lone_token(math.log(0.05), trajectories=300), lone_token(math.log(0.06), trajectories=300)
    assert (fast <= slow).all()
    assert (fast < slow).any()


def test_known_months_are_kept_and_set_off_their_neighbours():
    problem = random_problem(0, Sizes(horizon=30, tokens=2))
    # Token 1 is all but asleep until token 0 has fired.
    program = problem.program._replace(
        token_month=np.array([7, -1], dtype=np.int32),
        token_term=np.array([[1, 0, 0, -1], [1, 2, 0, OFFSET]], dtype=np.int32),
        x_token=np.array([[0.0, -30.0]]),
        token_neighbour=np.array([[0.0, 0.0], [1.0, 0.0]]),
    )
    theta = problem.theta.copy()
    theta[OFFSET] = 40.0
    fired = np.array([draw_shared_series(program, theta, 1, i)[1] for i in range(30)])
    assert (fired == [7, 8]).all()


def falls_with_focus(focus, *, tokens=12, trajectories=1500):
    """Number of events that have fired by each of 20 months, ``(trajectory, month)``, token 0 known to fire late."""
    problem = random_problem(0, Sizes(horizon=20, tokens=tokens + 1))
    program = problem.program._replace(
        token_month=np.array([20] + [-1] * tokens, dtype=np.int32),
        token_term=np.array(
            [
                (k, kind, 0, OFFSET if kind == EVENT_LEFT else -1)
                for k in range(1, tokens + 1)
                for kind in (0, EVENT_LEFT)
            ],
            dtype=np.int32,
        ),
        x_token=np.array([[0.0] + [math.log(0.04)] * tokens]),
    )
    theta = problem.theta.copy()
    theta[OFFSET] = focus
    fired = np.array([draw_shared_series(program, theta, 1, i)[1][1:] for i in range(trajectories)])
    return (fired[:, :, None] <= np.arange(1, 21)).sum(axis=1)


def test_with_full_focus_the_number_that_fire_a_month_does_not_depend_on_how_many_are_left():
    """Twelve events at a hazard of 0.04: 0.47 a month at first; a month's hazard is that of its start."""
    each = np.diff(falls_with_focus(1.0).mean(axis=0))
    expected = np.empty(19)
    left = 12.0 * math.exp(-0.04)
    for m in range(19):
        expected[m] = left * -math.expm1(-0.04 * 12.0 / left)
        left -= expected[m]
    np.testing.assert_allclose(each, expected, atol=0.09)
    assert np.ptp(expected) < 0.03


def test_without_focus_each_fires_at_its_own_hazard():
    by = falls_with_focus(0.0).mean(axis=0)
    np.testing.assert_allclose(by, 12 * -np.expm1(-0.04 * np.arange(1, 21)), atol=0.25)
    assert falls_with_focus(1.0).mean(axis=0)[-1] > by[-1] + 1.0


def test_events_that_are_not_counted_follow_the_share_of_all_and_slow_nobody():
    """Six events count themselves; six others at a tiny hazard follow all. The first six fall as if they were alone."""
    alone = falls_with_focus(1.0, tokens=6)
    problem = random_problem(0, Sizes(horizon=20, tokens=13))
    rows = [(k, kind, 0, OFFSET if kind == EVENT_LEFT else -1) for k in range(1, 7) for kind in (0, EVENT_LEFT)]
    rows += [
        (k, kind, int(kind == EVENT_LEFT), OFFSET if kind == EVENT_LEFT else -1)
        for k in range(7, 13)
        for kind in (0, EVENT_LEFT)
    ]
    program = problem.program._replace(
        token_month=np.array([20] + [-1] * 12, dtype=np.int32),
        token_term=np.array(rows, dtype=np.int32),
        x_token=np.array([[0.0] + [math.log(0.04)] * 6 + [math.log(1e-6)] * 6]),
    )
    theta = problem.theta.copy()
    theta[OFFSET] = 1.0
    fired = np.array([draw_shared_series(program, theta, 1, i)[1][1:7] for i in range(1500)])
    with_others = (fired[:, :, None] <= np.arange(1, 21)).sum(axis=1)
    np.testing.assert_array_equal(with_others, alone)


def test_a_token_that_never_fires_is_a_month_beyond_the_horizon():
    assert (lone_token(-60.0, trajectories=20) == 41).all()


def test_paths_follow_the_trajectory_and_the_name():
    problem = random_problem(1)
    one = draw_shared_series(problem.program, problem.theta, 1, 5)[0][NOISY]
    again = draw_shared_series(problem.program, problem.theta, 1, 5)[0][NOISY]
    other = draw_shared_series(problem.program, problem.theta, 1, 6)[0][NOISY]
    key = problem.program.path_key[::-1].copy()
    renamed = draw_shared_series(problem.program._replace(path_key=key), problem.theta, 1, 5)[0][NOISY]
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one, renamed)
