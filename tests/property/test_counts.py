"""Counts of any program: people are conserved, closed ways stay closed, the world is the sum of its origins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.count_runs import KINDS, lowered, run
from tests.made_up.programs import random_problem

from afterfall.engine.counts import index, run_trajectory


@pytest.mark.parametrize("seed", range(5))
def test_people_are_conserved(seed):
    record = run(random_problem(seed, replace(KINDS["all"], inflows=False)), trajectory=seed)
    assert (record.final >= 0).all()
    assert (record.world[:, 0] == record.final.sum()).all()


@pytest.mark.parametrize("seed", range(5))
def test_arrivals_are_all_that_is_added(seed):
    problem = random_problem(seed)
    no_edges = problem.program.quantity_edge * 0
    problem = replace(problem, program=problem.program._replace(quantity_edge=no_edges))
    record = run(problem)
    assert record.world[-1, 2] > record.world[0, 2]
    assert np.array_equal(np.diff(record.world[:, 0]), np.diff(record.world[:, 2]))


def test_nothing_given_is_changed():
    problem = random_problem(0)
    tabled = lowered(problem)
    before = [np.copy(a) for a in (*tabled, problem.start, problem.counters)]
    run_trajectory(problem.program, index(problem.program), tabled, problem.start, problem.counters, 1, 0)
    assert all(np.array_equal(a, b) for a, b in zip(before, (*tabled, problem.start, problem.counters), strict=True))


def test_closed_edges_are_never_taken():
    problem = random_problem(3)
    for e in range(problem.program.dest.size):
        opened = problem.program.open.copy()
        opened[e, 1] = 0
        flags = np.zeros_like(problem.program.quantity_edge)
        flags[3, e] = 1
        only = np.zeros_like(problem.program.quantity_cohort)
        only[3, 1] = 1
        program = problem.program._replace(open=opened, quantity_edge=flags, quantity_cohort=only)
        world = run(replace(problem, program=program)).world[:, 3]
        assert world[-1] == world[0]


def test_world_is_the_sum_of_origins():
    problem = random_problem(5)
    record = run(problem)
    assert np.array_equal(record.world[problem.program.origin_month], record.origins.sum(axis=1))


def test_threads_change_nothing():
    problem = random_problem(2)
    with ThreadPoolExecutor(2) as two:
        together = list(two.map(lambda i: run(problem, trajectory=i), range(24)))
    for i, record in enumerate(together):
        alone = run(problem, trajectory=i)
        assert all(np.array_equal(a, b) for a, b in zip(record[:-1], alone[:-1], strict=True))
    assert len({record.final.tobytes() for record in together}) > 20
