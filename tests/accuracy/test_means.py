"""The executor of means: the mean of the counts, and close to continuous time; planted errors are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import linalg, stats
from tests.made_up.programs import Problem, Sizes, random_problem

from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.means import run_means
from afterfall.engine.program import Floats, Program, RateFactors
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series

#: Without feedback and rations the means are exact, month by month.
LINEAR = Sizes(origins=2, roles=2, feedback=False, capacities=False, horizon=6, people=60.0, fast=1.5)
TRAJECTORIES = 3_000
#: The smallest p-value allowed over all cells together.
SIGNIFICANT = 1e-6


def lowered(problem: Problem, trajectory: int = 0) -> RateFactors:
    path, _ = draw_shared_series(problem.program, problem.theta, 1, trajectory)
    return rate_factors(problem.program, problem.theta, path)


def deviations(problem: Problem, tabled: RateFactors, expected: Floats) -> float:
    """The p-value of final counts against expected ``[C, S]``: the worst cell, for all the cells there are."""
    lists = index(problem.program)
    final = [
        run_trajectory(problem.program, lists, tabled, problem.start, problem.counters, 5, i).final
        for i in range(TRAJECTORIES)
    ]
    z = (np.mean(final, axis=0) - expected) / np.sqrt(np.maximum(np.var(final, axis=0), 0.05) / TRAJECTORIES)
    return float(min(1.0, 2 * stats.norm.sf(np.abs(z).max()) * z.size))


def expected(problem: Problem, tabled: RateFactors) -> tuple[Floats, Floats]:
    stocks, counters = run_means(problem.program, tabled, problem.start.astype(float), problem.counters.astype(float))
    return stocks[-1], counters[-1]


@pytest.mark.parametrize("seed", [0, 1])
def test_mean_of_counts_is_the_mean(seed):
    problem = random_problem(seed, LINEAR)
    tabled = lowered(problem)
    assert deviations(problem, tabled, expected(problem, tabled)[0]) > SIGNIFICANT


def test_a_planted_hazard_three_per_cent_off_is_found():
    problem = random_problem(0, replace(LINEAR, people=2_000.0))
    tabled = lowered(problem)
    assert deviations(problem, tabled, expected(problem, tabled)[0]) > SIGNIFICANT
    off = tabled._replace(base=tabled.base * 1.03)
    assert deviations(problem, tabled, expected(problem, off)[0]) < SIGNIFICANT


def test_a_planted_swap_of_destinations_is_found():
    problem = random_problem(0, LINEAR)
    tabled = lowered(problem)
    wrong = []
    for e in range(problem.program.dest.size - 1):
        dest = problem.program.dest.copy()
        dest[[e, e + 1]] = dest[[e + 1, e]]
        wrong.append(expected(replace(problem, program=problem.program._replace(dest=dest)), tabled)[0])
    right = expected(problem, tabled)[0]
    middling = sorted(wrong, key=lambda means: float(np.abs(means - right).max()))[len(wrong) // 2]
    assert deviations(problem, tabled, middling) < SIGNIFICANT


def test_mean_of_counters_is_the_mean():
    problem = random_problem(1, LINEAR)
    tabled, lists = lowered(problem), index(problem.program)
    counted = np.array(
        [
            run_trajectory(problem.program, lists, tabled, problem.start, problem.counters, 5, i).origins[-1].T
            for i in range(TRAJECTORIES)
        ]
    )[:, 2:]
    mean = expected(problem, tabled)[1][2:]
    z = (counted.mean(axis=0) - mean) / np.sqrt(np.maximum(counted.var(axis=0), 0.05) / TRAJECTORIES)
    assert 2 * stats.norm.sf(np.abs(z).max()) * z.size > SIGNIFICANT
    assert (mean > problem.counters[2:]).any()


def generator(program: Program, tabled: RateFactors, c: int) -> Floats:
    """The matrix of hazards ``[S, S]`` of a cohort when nothing changes over time and nothing is a choice."""
    out = np.zeros((program.first_edge.size - 1,) * 2)
    for s in range(out.shape[0]):
        for e in range(program.first_edge[s], program.first_edge[s + 1]):
            r = program.rate[e]
            hazard = program.open[e, c] * tabled.base[r, c] * tabled.time[r, program.stratum[c], 1]
            out[s, program.dest[e]] += hazard
            out[s, s] -= hazard
    return out


def largest_error(problem: Problem, *, steps: int) -> float:
    """Largest error of a state's people against the exponential of the generator, relative to the cohort's people."""
    program = problem.program
    tabled = lowered(problem)
    steady = tabled._replace(time=np.ones_like(tabled.time))
    stocks, _ = run_means(program, steady, problem.start.astype(float), problem.counters.astype(float))
    errors = []
    for c in range(program.origin.size):
        q = generator(program, steady, c)
        for t in range(1, steps + 1):
            exact = problem.start[c] @ linalg.expm(q * t)
            errors.append(np.abs(stocks[t, c] - exact).max() / problem.start[c].sum())
    return max(errors)


@pytest.mark.parametrize("seed", range(5))
def test_error_against_continuous_time_is_below_one_per_cent(seed):
    sizes = Sizes(
        feedback=False, capacities=False, inflows=False, choices=False, back_edges=False, horizon=12, fast=1.0
    )
    assert largest_error(random_problem(seed, sizes), steps=12) < 0.01


@pytest.mark.parametrize(("exit_hazard", "bound"), [(1.0, 0.003), (4.0, 0.008)])
def test_stock_of_a_fast_state_fed_slowly(exit_hazard, bound):
    """What an Euler step gets wrong by 59 % at an exit hazard of 1 a month: a fast state fed at 0.08 a month."""
    sizes = Sizes(
        origins=1,
        roles=1,
        states=3,
        edges=2,
        feedback=False,
        capacities=False,
        inflows=False,
        choices=False,
        back_edges=False,
        closed=False,
        horizon=24,
    )
    problem = random_problem(0, sizes)
    program = problem.program._replace(
        first_edge=np.array([0, 1, 2, 2], dtype=np.int32), dest=np.array([1, 2], dtype=np.int32)
    )
    tabled = lowered(problem)
    base, time = np.array([[0.08], [exit_hazard]]), np.ones((2, 1, 25))
    start = np.array([[1_000.0, 0.0, 0.0]])
    stocks, _ = run_means(program, tabled._replace(base=base, time=time), start, problem.counters.astype(float))
    a, b = 0.08, exit_hazard
    t = np.arange(6, 25)
    exact = 1_000 * a / (b - a) * (np.exp(-a * t) - np.exp(-b * t))
    assert np.abs(stocks[6:, 0, 1] / exact - 1).max() < bound


def test_counts_of_many_people_follow_the_means_with_feedback_and_rations():
    sizes = Sizes(origins=2, roles=2, people=2_000_000.0, horizon=6)
    problem = random_problem(8, sizes)
    program = problem.program._replace(
        capacity=problem.program.capacity * 40_000, total_scale=problem.program.total_scale * 1e5
    )
    problem = replace(problem, program=program)
    tabled = lowered(problem)
    record = run_trajectory(program, index(program), tabled, problem.start, problem.counters, 3, 0)
    mean = expected(problem, tabled)[0]
    assert np.abs(record.final - mean).max() / mean.sum(axis=1).min() < 1e-3
    assert record.overflow.max() > 0
