"""Random programs of several kinds, and counts of people run on them."""

from __future__ import annotations

from dataclasses import replace

from tests.made_up.programs import Problem, Sizes

from afterfall.engine.counts import MonthlyRecord, index, run_trajectory
from afterfall.engine.program import RateFactors
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series

BARE = Sizes(choices=False, capacities=False, feedback=False, inflows=False, back_edges=False, closed=False)


KINDS = {
    "all": Sizes(),
    "bare": BARE,
    "choices": replace(BARE, choices=True, closed=True),
    "rations": replace(BARE, capacities=True, choices=True),
    "feedback": replace(BARE, feedback=True),
    "inflows": replace(BARE, inflows=True, back_edges=True),
    "families": replace(BARE, families=True, roles=3),
    "families and all": Sizes(families=True, roles=3),
    "fast": Sizes(fast=30.0),
    "many": Sizes(people=20_000.0, origins=2, roles=1, horizon=4),
}


def lowered(problem: Problem, seed: int = 1, trajectory: int = 0) -> RateFactors:
    path, _ = draw_shared_series(problem.program, problem.theta, seed, trajectory)
    return rate_factors(problem.program, problem.theta, path)


def run(problem: Problem, seed: int = 1, trajectory: int = 0) -> MonthlyRecord:
    return run_trajectory(
        problem.program,
        index(problem.program),
        lowered(problem, seed, trajectory),
        problem.start,
        problem.counters,
        seed,
        trajectory,
    )
