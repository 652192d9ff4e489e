"""Measures of robustness, by hand."""

import numpy as np
import pytest
from tests.made_up.explorations import exploration

from afterfall.exploration.robustness import preferred, robustness
from afterfall.run.errors import UnknownName

#: People undetected in four scenarios: a is steady, b is best where x1 is small and bad where it is large.
PEOPLE = [[10, 8, 2], [10, 8, 6], [10, 8, 9], [10, 8, 14]]
VALUES = [[0.1], [0.4], [0.6], [0.9]]


def test_measures_are_those_of_their_sources() -> None:
    found = exploration(VALUES, PEOPLE)
    now, a, b = robustness(found, found.outcome(), target=8.0)
    assert (now.worst, a.worst, b.worst) == (10, 8, 14)
    assert (now.worst_regret, a.worst_regret, b.worst_regret) == (8, 6, 6)
    assert (now.domain, a.domain, b.domain) == (0.0, 1.0, 0.5)
    assert (b.mean, b.spread) == (pytest.approx(7.75), pytest.approx(np.std([2, 6, 9, 14])))
    assert a.mean_variance == pytest.approx(9.0)
    assert (b.best, b.better, b.worse) == (0.5, 0.75, 0.25)
    assert b.percentile == pytest.approx(np.quantile([2, 6, 9, 14], 0.9))


def test_measures_disagree_and_ties_are_both_preferred() -> None:
    found = exploration(VALUES, PEOPLE)
    chosen = preferred(found, found.outcome(), robustness(found, found.outcome()))
    assert chosen["worst"] == ("a",)
    assert chosen["mean"] == ("b",)
    assert chosen["worst_regret"] == ("a", "b")


def test_a_fall_by_killing_is_not_better() -> None:
    killed = [[0, 0, 8], [0, 0, 4], [0, 0, 1], [0, 0, 0]]
    found = exploration(VALUES, PEOPLE, killed=killed)
    _, a, b = robustness(found, found.outcome())
    assert b.better == 0.0
    assert b.worst_regret == pytest.approx(6.0)
    assert a.best == 1.0


def test_the_weighted_mean_follows_the_prior() -> None:
    found = exploration([[0.5], [0.5], [0.0], [1.0]], [[0, 0, 0], [0, 0, 0], [0, 100, 0], [0, 100, 0]])
    a = robustness(found, found.outcome())[1]
    edge = np.exp(-0.5 * 1.6448536269514722**2)
    assert a.weighted_mean == pytest.approx(100 * edge / (1 + edge))
    assert found.effective_scenarios == pytest.approx((2 + 2 * edge) ** 2 / (2 + 2 * edge**2))


def test_an_unknown_outcome_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'undetected'"):
        exploration(VALUES, PEOPLE).outcome("undetcted")


def test_regret_is_judged_between_any_two_options_as_in_compare() -> None:
    """b has as few as a by killing: it is not behind a, though against the first option only a is better."""
    found = exploration([[0.5]], [[10, 8, 8]], killed=[[0, 0, 2]])
    outcome = found.outcome()
    assert found.outcome_values(outcome).tolist() == [[10, 8, 10]]
    assert found.regrets(outcome).tolist() == [[2, 0, 0]]
    behind = found.behind(outcome)
    assert np.array_equal(behind, -behind.swapaxes(1, 2))
    more = found.behind(found.outcome("disengage"))
    assert not more.any()
