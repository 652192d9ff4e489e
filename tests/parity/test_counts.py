"""The executor of counts equals its slow, readable twin."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_up.count_runs import KINDS, lowered, run
from tests.made_up.programs import random_problem
from tests.reference import counts as reference


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_equals_slow_twin_bit_for_bit(kind, seed):
    problem = random_problem(seed, KINDS[kind])
    fast = run(problem, seed=7, trajectory=seed)
    tabled = lowered(problem, 7, seed)
    slow = reference.run_trajectory(problem.program, tabled, problem.start, problem.counters, 7, seed)
    assert np.array_equal(fast.world, slow.world)
    assert np.array_equal(fast.origins, slow.origins)
    assert np.array_equal(fast.final, slow.final)
    assert np.array_equal(fast.overflow, slow.overflow)
    assert np.array_equal(fast.beyond, slow.beyond)
    assert not np.array_equal(fast.final, problem.start)
