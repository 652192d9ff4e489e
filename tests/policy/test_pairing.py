"""Paired differences: what they say of two sides of known futures."""

import numpy as np
import pytest

from afterfall.policy import difference
from afterfall.policy.pairing import correlation, prob_better


def test_a_known_difference() -> None:
    a = np.arange(100.0)
    one = difference(a, a - np.array([1.0] * 60 + [0.0] * 25 + [-2.0] * 15), "less")
    assert (one.mean, one.median, one.low90, one.high90) == (pytest.approx(-0.3), -1.0, -1.0, 2.0)
    assert (one.prob_better, one.prob_same) == (pytest.approx(0.6), pytest.approx(0.25))
    assert one.mean_b - one.mean_a == pytest.approx(one.mean)


def test_direction_turns_what_is_better() -> None:
    a, b = np.zeros(10), np.array([1.0] * 7 + [-1.0] * 3)
    assert difference(a, b, "more").prob_better == pytest.approx(0.7)
    assert difference(a, b, "less").prob_better == pytest.approx(0.3)
    assert difference(a, b, "neither").prob_better is None


@pytest.mark.parametrize("n", [1, 9, 400])
def test_nothing_is_certain(n: int) -> None:
    always = prob_better(np.full(n, -1.0), "less")
    never = prob_better(np.full(n, 1.0), "less")
    assert always == pytest.approx(n / (n + 1))
    assert never == pytest.approx(1 / (n + 1))


def test_what_never_differs_is_never_better() -> None:
    one = difference(np.ones(5), np.ones(5), "less")
    assert (one.prob_better, one.prob_same, one.correlation) == (0.0, 1.0, None)


def test_correlation_is_of_the_sides() -> None:
    a = np.array([1.0, 2.0, 3.0, 5.0])
    assert correlation(a, 2 * a + 1) == pytest.approx(1.0)
    assert correlation(a, -a) == pytest.approx(-1.0)
    assert correlation(a, np.ones(4)) is None


def test_sides_must_be_paired() -> None:
    with pytest.raises(ValueError, match="one length"):
        difference(np.ones(3), np.ones(4), "less")
