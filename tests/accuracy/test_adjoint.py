"""The walk of expected people and its adjoint: the engine's means, and slopes as measured."""

import numpy as np
import pytest

from afterfall.engine.adjoint import ExitTables, Graph, backward_pass, forward_pass
from afterfall.engine.exit_probabilities import ExitEdges, Given, Leaving, exit_probabilities, exit_probabilities_back

FIRST = np.array([0, 3, 5, 6, 6], dtype=np.int32)  # three states with ways out, one without
DEST = np.array([1, 2, 3, 2, 0, 3], dtype=np.int32)  # state 1 has a way back to 0
GRAPH = Graph(FIRST, DEST, np.array([0], dtype=np.int32))
WAYS = ExitEdges(
    FIRST,
    np.array([0, 1, 2, 3, 1, 2], dtype=np.int32),
    np.array([0, 0, -1, -1, -1, -1], dtype=np.int32),
    np.array([[1, 1], [1, 0], [1, 1], [1, 1], [1, 1], [0, 1]], dtype=float),
    np.array([4], dtype=np.int32),
    np.array([0], dtype=np.int32),
)
MONTHS, COHORTS, STATES = 5, 2, 4


def given() -> Given:
    draw = np.random.default_rng(3)
    time = draw.uniform(0.5, 1.5, (MONTHS + 1, 5))
    time[2, 3] = 0.0  # a way that is closed for a month
    return Given(draw.uniform(0.1, 1.0, (5, COHORTS)), time, np.array([0.4]))


def chances(of: Given) -> ExitTables:
    return ExitTables(*exit_probabilities(WAYS, of), np.full((MONTHS, 1, COHORTS), 10.0))


def test_people_are_kept() -> None:
    people = forward_pass(GRAPH, chances(given())).people
    assert people.sum(axis=1) == pytest.approx(10.0 * np.arange(MONTHS + 1)[:, None] * np.ones(COHORTS))


def test_shares_of_leavers_add_up() -> None:
    found = exit_probabilities(WAYS, given())
    total = found.share[:, :3].sum(axis=1)
    assert total == pytest.approx(np.ones((MONTHS, COHORTS)))
    assert (found.share[:, 1, 1] == 0.0).all()
    assert (found.leave[:, 3] == 0.0).all()


@pytest.mark.parametrize("field", [0, 1, 2])
def test_the_gradient_is_the_slope(field: int) -> None:
    start, weight = given(), np.random.default_rng(4).normal(size=(MONTHS + 1, STATES, COHORTS))

    def value(of: Given) -> float:
        return float((forward_pass(GRAPH, chances(of)).people * weight).sum())

    found = chances(start)
    back = backward_pass(GRAPH, found, forward_pass(GRAPH, found), weight)
    gradient = exit_probabilities_back(WAYS, start, Leaving(*found[:3]), Leaving(*back[:3]))[field]
    measured = np.zeros_like(gradient)
    for place in np.ndindex(gradient.shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = [np.array(x) for x in start]
            moved[field][place] += step
            ends.append(value(Given(*moved)))
        measured[place] = (ends[0] - ends[1]) / 2e-6
    closed = start.time == 0.0  # one-sided there: a way that is shut has no slope downwards
    if field == 1:
        gradient, measured = gradient[~closed], measured[~closed]
    assert gradient == pytest.approx(measured, rel=1e-5, abs=1e-5)
    assert np.abs(gradient).max() > 0.1


def test_arrivals_have_a_gradient() -> None:
    weight = np.zeros((MONTHS + 1, STATES, COHORTS))
    weight[-1] = 1.0
    found = chances(given())
    back = backward_pass(GRAPH, found, forward_pass(GRAPH, found), weight)
    assert back.arrivals == pytest.approx(np.ones((MONTHS, 1, COHORTS)))


def test_a_way_out_of_all_proportion_does_not_stop_the_gradient() -> None:
    start = given()
    start.base[4] = 0.0  # nobody leaves by the choice
    start.base[2] = 1e4  # everybody leaves at once
    found = chances(start)
    back = backward_pass(GRAPH, found, forward_pass(GRAPH, found), np.ones((MONTHS + 1, STATES, COHORTS)))
    gradient = exit_probabilities_back(WAYS, start, Leaving(*found[:3]), Leaving(*back[:3]))
    assert all(np.isfinite(g).all() for g in gradient)
