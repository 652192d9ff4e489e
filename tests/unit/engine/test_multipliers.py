"""Rations and feedback, and the hazards that both executors share."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.programs import Sizes, random_problem

from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.hazards import (
    SMALL_HAZARD,
    Rates,
    bound_hazards,
    entrant_leave_probability,
    lay_out,
    leave_probability,
    retained,
    state_hazards,
)
from afterfall.engine.index import Edges
from afterfall.engine.jit import lean
from afterfall.engine.multipliers import blank_month, offer, serve, set_month
from afterfall.engine.program import Floats, Ints
from afterfall.engine.quantiles import binomial_quantile
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.engine.sweeps import entrant_leavers, leavers


def month_of(problem, n, t=1):
    """What is constant in month t for people `n`, and the rate factors."""
    path, _ = draw_shared_series(problem.program, problem.theta, 1, 0)
    tabled, lists = rate_factors(problem.program, problem.theta, path), index(problem.program)
    month = blank_month(lists, tabled)
    lay_out(lists.cells, lists.edges, tabled.base, tabled.time, month.rates.layout)
    set_month(lists.cells, lists.edges, lists.totals, tabled, np.zeros(problem.program.n_rates), n, t, month)
    return month, tabled


def served_of(by_origin, capacity, demand, carry):
    """Share served, what is carried on, and overflow, for capacities ``[A, O]``."""
    served, overflow = np.empty(demand.shape), np.empty(len(demand))
    serve(by_origin, capacity, demand, carry, served, overflow)
    return served, carry, overflow


@pytest.mark.parametrize("seed", range(4))
def test_whole_people_and_expected_people_meet_the_same_multipliers(seed):
    problem = random_problem(seed)
    whole, _ = month_of(problem, np.asfortranarray(problem.start))
    means, _ = month_of(problem, problem.start.astype(float))
    assert np.array_equal(whole.rates.served, means.rates.served)
    for a, b in zip(whole[1:-1], means[1:-1], strict=True):
        assert np.array_equal(a, b)


def test_feedback_by_its_formula():
    problem = random_problem(1)
    found, tabled = month_of(problem, np.asfortranarray(problem.start))
    log = np.zeros(problem.program.n_rates)
    for (r, y, _), coefficient in zip(problem.program.feedback, tabled.feedback, strict=True):
        total = problem.program.total_cohort[y] @ problem.start @ problem.program.total_state[y]
        log[r] += coefficient * math.log1p(total / problem.program.total_scale[y])
    np.testing.assert_allclose(found.feedback, np.exp(log), rtol=1e-13)
    assert (found.feedback != 1).any()


def test_rations_serve_what_there_is_and_carry_one_month():
    shared, by_origin = np.array([0], dtype=np.uint8), np.array([1], dtype=np.uint8)
    capacity = np.array([[10.0, 4.0]])
    demand = np.array([[20.0, 1.0]])
    ration, left, overflow = served_of(shared, capacity, demand, np.array([[5.0, 0.0]]))
    assert ration[0, 0] == 0.75
    assert left.tolist() == [[0.0, 0.0]]
    assert overflow.tolist() == [5.0]
    ration, left, overflow = served_of(by_origin, capacity, demand, np.array([[0.0, 3.0]]))
    assert ration.tolist() == [[0.5, 1.0]]
    assert left.tolist() == [[0.0, 4.0]]  # 4 + 3 - 1 is more than a month's capacity
    assert overflow.tolist() == [10.0]


def test_places_that_are_taken_are_not_offered():
    problem = random_problem(3, Sizes(origins=3, roles=2))
    flags = np.zeros_like(problem.program.ration_place)
    flags[2:, [1, 4]] = 1  # the third ration is shared, the fourth by origin
    lists = index(problem.program._replace(ration_place=flags))
    n = np.zeros_like(problem.start)
    n[:2, 1], n[2:4, 4], n[:, 2] = 3, 1, 50  # six places of origin 0 are taken, two of origin 1, none of origin 2
    capacity = np.full(problem.program.capacity.shape, 7.5)
    found = np.empty(capacity.shape[:2])
    offer(lists.cells, lists.edges, capacity, np.asfortranarray(n), 1, found)
    assert found[:2].tolist() == [[7.5] * 3] * 2  # flows
    assert found[2, 0] == 0.0  # eight of seven and a half
    assert found[3].tolist() == [1.5, 5.5, 7.5]


def test_free_places_are_not_carried():
    problem = random_problem(3)
    flags = problem.program.ration_place.copy()
    flags[2:, 1] = 1
    problem = replace(problem, program=problem.program._replace(ration_place=flags))
    carry = month_of(problem, np.asfortranarray(problem.start * 0))[0].carry
    assert (carry[:2, 0] > 0.0).all()
    assert (carry[2:] == 0.0).all()


def test_nothing_is_served_without_capacity_and_nothing_wanted_is_no_overflow():
    flags, none = np.array([0], dtype=np.uint8), np.zeros((1, 1))
    ration, left, overflow = served_of(flags, none, np.array([[7.0]]), np.zeros((1, 1)))
    assert (ration[0, 0], left[0, 0], overflow[0]) == (0.0, 0.0, 7.0)
    ration, left, overflow = served_of(flags, none, np.zeros((1, 1)), np.zeros((1, 1)))
    assert (ration[0, 0], left[0, 0], overflow[0]) == (1.0, 0.0, 0.0)


def test_flow_along_rationed_edges_keeps_to_capacity():
    problem = random_problem(3, Sizes(horizon=6, people=300.0))
    program = problem.program
    flags = np.zeros_like(program.quantity_edge)
    flags[2] = program.ration == 0
    counting = program._replace(
        quantity_edge=flags,
        quantity_inflow=program.quantity_inflow * 0,
        quantity_cohort=program.quantity_cohort * 0 + 1,
    )
    path, _ = draw_shared_series(counting, problem.theta, 1, 0)
    tabled, lists = rate_factors(counting, problem.theta, path), index(counting)
    served = np.array(
        [
            np.diff(run_trajectory(counting, lists, tabled, problem.start, problem.counters, 1, i).world[:, 2])
            for i in range(400)
        ]
    )
    offered = program.capacity[0, 0, 1:]
    # Those who arrive within the month may be served beyond what was planned at its start.
    assert (served.mean(axis=0).cumsum() < offered.cumsum() * 1.15 + 1.0).all()
    unrationed = counting._replace(ration=np.full_like(program.ration, -1))
    wanted = run_trajectory(unrationed, index(unrationed), tabled, problem.start, problem.counters, 1, 0)
    assert np.diff(wanted.world[:, 2])[0] > 3 * offered[0]


def test_chances_of_leaving():
    for h in (1e-12, 1e-6, 0.1, 1.0, 30.0):
        assert leave_probability(h) == pytest.approx(1 - math.exp(-h), rel=1e-12, abs=1e-16)
    assert leave_probability(0.0) == 0.0
    for h in (1e-9, SMALL_HAZARD * 0.999, SMALL_HAZARD, SMALL_HAZARD * 1.001, 0.5, 4.0):
        even = np.linspace(0.0, 1.0, 20_001)
        left = 1 - np.exp(-h * even)
        assert entrant_leave_probability(h, leave_probability(h)) == pytest.approx(np.trapezoid(left, even), rel=1e-7)
    below, above = SMALL_HAZARD * (1 - 1e-12), SMALL_HAZARD
    step = entrant_leave_probability(above, leave_probability(above)) - entrant_leave_probability(below, 0.0)
    assert abs(step) < 1e-12 * SMALL_HAZARD


@pytest.mark.parametrize("hazard", [1e-9, 1e-3, 0.02, 0.4, 3.0])
def test_skipping_the_quantile_changes_no_count(hazard):
    rng = np.random.default_rng(4)
    leave = leave_probability(hazard)
    fresh = entrant_leave_probability(hazard, leave)
    some = 0
    for people in (1, 2, 5, 40, 1_000):
        for u in rng.random(400):
            assert leavers(u, people, hazard) == binomial_quantile(u, people, leave)
            assert entrant_leavers(u, people, hazard) == binomial_quantile(u, people, fresh)
            some += leavers(u, people, hazard) == 0
    assert some > 0


def test_what_a_choice_keeps_when_ways_close():
    assert retained(1.0, 2.0, 0.0) == 1.0
    assert retained(1.0, 2.0, 1.0) == 0.5
    assert retained(1.0, 4.0, 0.5) == 0.5
    assert retained(1.0, 0.0, 0.7) == 1.0


@pytest.mark.parametrize(("rho", "total"), [(0.0, 0.6), (1.0, 0.2)])
def test_a_way_that_closes_keeps_people_or_sends_them_elsewhere(rho, total):
    """Three equal ways with a hazard of 0.6 a month in all; two of them close from month 1 on."""
    sizes = Sizes(
        origins=1,
        roles=1,
        states=4,
        edges=3,
        choices=False,
        capacities=False,
        feedback=False,
        inflows=False,
        closed=False,
    )
    problem = random_problem(0, sizes)
    program = problem.program._replace(
        first_edge=np.array([0, 3, 3, 3, 3], dtype=np.int32),
        dest=np.array([1, 2, 3], dtype=np.int32),
        choice=np.zeros(3, dtype=np.int32),
        choice_rate=np.array([3], dtype=np.int32),
        choice_retain=np.array([3], dtype=np.int32),
        n_rates=4,
    )
    path, _ = draw_shared_series(program, problem.theta, 1, 0)
    time = np.ones((4, 1, program.horizon + 1))
    time[1:3, :, 1:] = 0.0
    tabled = rate_factors(program, problem.theta, path)._replace(
        base=np.array([[1.0], [1.0], [1.0], [0.6]]), time=time, rho=np.array([rho])
    )
    lists = index(program)
    start = np.array([[1_000_000, 0, 0, 0]])
    final = run_trajectory(program, lists, tabled, start, problem.counters, 1, 0).final[0]
    assert final[0] == pytest.approx(1e6 * math.exp(-total * program.horizon), rel=0.02)
    assert final[2] == final[3] == 0


@lean
def hazards_and_bounds(stratum: Ints, edges: Edges, rates: Rates, s: int, total: Floats, most: Floats) -> None:
    hazard = total[0]
    bound_hazards(edges, rates, s, most)
    for c in range(most.size):
        state_hazards(edges, rates, c, stratum[c], s, hazard)
        for e in range(hazard.size):
            total[1 + c, e] = hazard[e]


@pytest.mark.parametrize("seed", range(4))
def test_no_hazard_exceeds_its_bound(seed):
    """What a bound calls impossible is never looked at again, so it must bound every cohort in every month."""
    problem = random_problem(seed)
    lists, tight = index(problem.program), 0
    n_cohorts, n_states = problem.start.shape
    for t in range(1, problem.program.horizon + 1):
        rates = month_of(problem, np.asfortranarray(problem.start), t)[0].rates
        for s in range(n_states):
            each, most = np.empty((1 + n_cohorts, problem.program.dest.size)), np.empty(n_cohorts)
            hazards_and_bounds(lists.cells.stratum, lists.edges, rates, s, each, most)
            mine = slice(*problem.program.first_edge[s : s + 2])
            total = each[1:, mine].sum(axis=1)
            assert (total <= most).all()
            tight += (total > 0.5 * most).sum()
    assert tight > 0.2 * n_cohorts * n_states * problem.program.horizon
