"""Inflows for each person of a parent cohort, and passing from cohort to cohort: means, conservation and extremes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.made_up.count_runs import lowered
from tests.made_up.programs import Problem, Sizes, random_problem
from tests.reference import counts as reference

from afterfall.engine.check import check
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.means import run_means
from afterfall.engine.program import Floats, RateFactors

#: Without feedback and capacities the means are exact.
LINEAR = Sizes(origins=2, roles=3, feedback=False, capacities=False, families=True, horizon=6, people=60.0)
TRAJECTORIES = 3_000
SIGNIFICANT = 1e-6
BIRTHS, PASSING = -2, -1  # rate rows
EVERYONE, ARRIVED = 0, 2  # quantities


def means(problem: Problem, tabled: RateFactors) -> tuple[Floats, Floats]:
    return run_means(problem.program, tabled, problem.start.astype(float), problem.counters.astype(float))


def with_rate(tabled: RateFactors, row: int, factor: float) -> RateFactors:
    base = tabled.base.copy()
    base[row] *= factor
    return tabled._replace(base=base)


@pytest.mark.parametrize("off", [1.0, 1.5])
def test_the_mean_of_counts_is_the_mean_and_a_wrong_rate_is_found(off: float) -> None:
    """Final people by cell, and arrivals counted by origin; a rate of births that is off is seen in both."""
    problem = random_problem(3, LINEAR)
    tabled, lists = lowered(problem), index(problem.program)
    people, counters = means(problem, with_rate(tabled, BIRTHS, off))
    runs = [
        run_trajectory(problem.program, lists, tabled, problem.start, problem.counters, 5, i)
        for i in range(TRAJECTORIES)
    ]
    for found, mean in (
        (np.stack([r.final for r in runs]), people[-1]),
        (np.stack([r.origins[-1, :, ARRIVED] for r in runs]), counters[-1, ARRIVED]),
    ):
        error = np.sqrt(np.maximum(found.var(axis=0), 0.05) / TRAJECTORIES)
        z = np.abs(found.mean(axis=0) - mean) / error
        p = min(1.0, 2 * stats.norm.sf(z.max()) * z.size)
        assert (p > SIGNIFICANT) == (off == 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_everyone_came_from_the_start_or_an_inflow(seed: int) -> None:
    problem = random_problem(seed, replace(Sizes(), families=True, roles=3))
    problem.program.quantity_edge[ARRIVED] = 0
    record = run_trajectory(
        problem.program, index(problem.program), lowered(problem), problem.start, problem.counters, 1, 0
    )
    assert np.array_equal(np.diff(record.world[:, EVERYONE]), np.diff(record.world[:, ARRIVED]))
    people, counters = means(problem, lowered(problem))
    assert people.sum(axis=(1, 2)) - people[0].sum() == pytest.approx((counters - counters[0])[:, ARRIVED].sum(axis=1))


def test_births_follow_the_parents_at_the_start_of_the_month() -> None:
    """One month: the people of an inflow are its rate times the parents in its states."""
    problem = random_problem(1, replace(LINEAR, inflows=False, horizon=1))
    program, tabled = problem.program, lowered(problem)
    problem.program.quantity_edge[ARRIVED] = 0
    value = tabled.base[BIRTHS] * tabled.time[BIRTHS, program.stratum, 1]
    parents = problem.start[program.parent][:, program.inflow_per[0] == 1].sum(axis=1)
    born = value * parents * (program.parent >= 0) * program.inflow_open[0]
    assert born.sum() > 1.0
    _, counters = means(problem, tabled)
    by_origin = np.bincount(program.origin, born * program.quantity_cohort[ARRIVED])
    assert counters[1, ARRIVED] - counters[0, ARRIVED] == pytest.approx(by_origin)


@pytest.mark.parametrize("seed", range(3))
def test_an_inflow_by_fathers_is_one_by_mothers_with_the_cohorts_exchanged(seed: int) -> None:
    problem = random_problem(seed, replace(Sizes(), families=True, roles=3))
    program, tabled = problem.program, lowered(problem)
    by_father = (program.inflow_per.any(axis=1)).astype(np.uint8)
    turned = program._replace(inflow_father=by_father, father=program.parent, parent=np.full_like(program.parent, -1))
    check(turned)
    own = [run_trajectory(p, index(p), tabled, problem.start, problem.counters, 1, 0) for p in (program, turned)]
    assert np.array_equal(own[0].final, own[1].final)
    assert np.array_equal(own[0].world, own[1].world)
    nobody = turned._replace(inflow_father=np.zeros_like(by_father))
    without, everyone = (means(replace(problem, program=p), tabled)[0] for p in (nobody, turned))
    assert without.sum() < everyone.sum()
    assert np.array_equal(everyone, means(problem, tabled)[0])
    slow = reference.run_trajectory(turned, tabled, problem.start, problem.counters, 1, 0)
    assert np.array_equal(slow.final, own[1].final)


def test_a_rate_of_zero_changes_nothing() -> None:
    """With births and passing at zero, everything is bit for bit as without them."""
    problem = random_problem(2, LINEAR)
    program = problem.program
    shut = with_rate(with_rate(lowered(problem), BIRTHS, 0.0), PASSING, 0.0)
    without = program._replace(pass_to=np.full_like(program.pass_to, -1), parent=np.full_like(program.parent, -1))
    records = [run_trajectory(p, index(p), shut, problem.start, problem.counters, 1, 0) for p in (program, without)]
    assert np.array_equal(records[0].final, records[1].final)
    assert np.array_equal(records[0].world, records[1].world)
    assert np.array_equal(*(means(replace(problem, program=p), shut)[0] for p in (program, without)))


def test_all_pass_at_a_high_rate_and_stay_where_they_are() -> None:
    problem = random_problem(4, LINEAR)
    program = problem.program
    record = run_trajectory(
        program, index(program), with_rate(lowered(problem), PASSING, 1e9), problem.start, problem.counters, 1, 0
    )
    giving = program.pass_to >= 0
    assert record.final[giving][:, program.pass_state == 1].sum() == 0
    assert record.final[giving][:, program.pass_state == 0].sum() > 0


def test_a_chain_of_passing_is_refused() -> None:
    program = random_problem(0, LINEAR).program
    for field in ("pass_to", "pass_half"):
        to = getattr(program, field).copy()
        giver = program.pass_to >= 0
        to[giver] = np.flatnonzero(giver)[0]
        with pytest.raises(ValueError, match=r"pass_to: found cohorts \[1\]"):
            check(program._replace(**{field: to}))
    with pytest.raises(ValueError, match="pass_rate: found -1"):
        check(program._replace(pass_rate=-1))
