"""Months of dated events equal those of the slow twin, with events that wait for others and with ramps of a policy."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_up.programs import OFFSET, random_problem
from tests.reference import dated_events as reference

from afterfall.engine.check import check
from afterfall.engine.program import EVENT_AFTER, EVENT_RAMP, Program
from afterfall.engine.shared_series import draw_shared_series


def with_terms(program: Program, *terms: tuple[int, int, int, int]) -> Program:
    return program._replace(token_term=np.vstack([program.token_term, np.array(terms, dtype=np.int32)]))


@pytest.mark.parametrize("seed", range(4))
def test_months_equal_those_of_the_slow_twin(seed: int) -> None:
    problem = random_problem(seed)
    program = with_terms(problem.program, (2, EVENT_AFTER, 1, -1), (1, EVENT_RAMP, 0, OFFSET))
    check(program)
    waits = 0
    for trajectory in range(60):
        path, fired = draw_shared_series(program, problem.theta, seed, trajectory)
        assert fired.tolist() == reference.months(program, problem.theta, path, seed, trajectory)
        never = program.horizon + 1
        assert fired[2] > fired[1] or fired[2] == never
        waits += int(fired[2] < never)
    assert waits > 5


def test_an_event_that_waits_changes_no_month_of_the_others() -> None:
    problem = random_problem(1)
    waiting = with_terms(problem.program, (2, EVENT_AFTER, 1, -1))
    without = problem.program._replace(token_neighbour=np.zeros_like(problem.program.token_neighbour))
    waiting = waiting._replace(token_neighbour=without.token_neighbour)
    for trajectory in range(30):
        plain, one = (draw_shared_series(p, problem.theta, 5, trajectory)[1] for p in (without, waiting))
        assert plain[:2].tolist() == one[:2].tolist()
        assert one[2] >= plain[2]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ((2, EVENT_AFTER, 2, -1), "it comes after event 2, expected another one"),
        ((2, EVENT_AFTER, 9, -1), "it comes after event 9, expected another one"),
        ((2, EVENT_RAMP, 7, 0), "its hazard reads ramp 7"),
    ],
)
def test_a_wrong_term_is_refused(term: tuple[int, int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(with_terms(random_problem(0).program, term))
