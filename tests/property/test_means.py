"""Expected people of any program: conserved on average, and the same alone as in a batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.made_up.programs import Problem, Sizes, random_problem

from afterfall.engine.means import run_means
from afterfall.engine.program import RateFactors
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series


def lowered(problem: Problem, trajectory: int = 0) -> RateFactors:
    path, _ = draw_shared_series(problem.program, problem.theta, 1, trajectory)
    return rate_factors(problem.program, problem.theta, path)


def test_people_are_conserved_on_average():
    problem = random_problem(4, replace(Sizes(), inflows=False))
    stocks, _ = run_means(
        problem.program, lowered(problem), problem.start.astype(float), problem.counters.astype(float)
    )
    np.testing.assert_allclose(stocks.sum(axis=(1, 2)), problem.start.sum(), rtol=1e-12)
    assert stocks.min() >= 0


def test_arrivals_are_all_that_is_added_on_average():
    problem = random_problem(4)
    problem = replace(problem, program=problem.program._replace(quantity_edge=problem.program.quantity_edge * 0))
    stocks, counters = run_means(
        problem.program, lowered(problem), problem.start.astype(float), problem.counters.astype(float)
    )
    added = counters[:, 2].sum(axis=1) - problem.counters[2].sum()
    np.testing.assert_allclose(stocks.sum(axis=(1, 2)), problem.start.sum() + added, rtol=1e-12)
    assert added[-1] > 1


def test_a_row_of_a_batch_is_the_row_alone_bit_for_bit():
    problem = random_problem(6)
    rows = [lowered(problem, i) for i in range(5)]
    batch = RateFactors(*(np.stack(field) for field in zip(*rows, strict=True)))
    start = np.stack([problem.start + float(i) for i in range(5)])
    counters = np.stack([problem.counters.astype(float)] * 5)
    stocks, counted = run_means(problem.program, batch, start, counters)
    alone, counted_alone = run_means(problem.program, rows[3], start[3], counters[3])
    assert stocks.shape == (5, problem.program.horizon + 1, *problem.start.shape)
    assert np.array_equal(stocks[3], alone)
    assert np.array_equal(counted[3], counted_alone)
    assert not np.array_equal(stocks[3], stocks[2])
