"""Paired differences: what they say of two sides of known futures."""

import numpy as np
import pytest

from afterfall.policy import difference
from afterfall.policy.endpoints import Direction
from afterfall.policy.paired_differences import correlation, net_of_deaths, prob_better


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


def test_a_fall_counts_beyond_the_dead_and_a_rise_beyond_the_spared() -> None:
    gap = np.array([-5.0, -5.0, -5.0, 5.0, 5.0, 5.0, 0.0, 0.0])
    dead = np.array([3.0, 7.0, -4.0, -3.0, -7.0, 4.0, 9.0, -9.0])
    counted = np.array([-2.0, 0.0, -5.0, 2.0, 0.0, 5.0, 0.0, 0.0])
    assert np.array_equal(net_of_deaths(gap, dead, "less"), counted)
    assert np.array_equal(net_of_deaths(-gap, dead, "more"), -counted)
    assert np.array_equal(net_of_deaths(gap, dead, "neither"), gap)


@pytest.mark.parametrize("direction", ["less", "more"])
def test_sides_changed_round_are_judged_alike(direction: Direction) -> None:
    gap, dead = np.arange(-6.0, 7.0), np.arange(6.0, -7.0, -1.0) / 2
    assert np.array_equal(net_of_deaths(-gap, -dead, direction), -net_of_deaths(gap, dead, direction))


def test_the_dead_are_judged_as_they_are() -> None:
    a, b = np.array([4.0, 4.0, 4.0]), np.array([6.0, 4.0, 1.0])
    one = difference(a, b, "less", b - a)
    assert (one.judged, one.mean) == (one.mean, pytest.approx(-1 / 3))
    assert one.prob_better == pytest.approx(1 / 3)


def test_what_falls_by_the_dead_alone_is_not_better() -> None:
    a, b = np.full(9, 10.0), np.full(9, 6.0)
    one = difference(a, b, "less", np.full(9, 4.0))
    assert (one.mean, one.judged, one.prob_same) == (-4.0, 0.0, 0.0)
    assert one.prob_better == pytest.approx(0.1)  # the least that nine futures can show


def test_correlation_is_of_the_sides() -> None:
    a = np.array([1.0, 2.0, 3.0, 5.0])
    assert correlation(a, 2 * a + 1) == pytest.approx(1.0)
    assert correlation(a, -a) == pytest.approx(-1.0)
    assert correlation(a, np.ones(4)) is None


def test_sides_must_be_paired() -> None:
    with pytest.raises(ValueError, match="one length"):
        difference(np.ones(3), np.ones(4), "less")


@pytest.mark.parametrize(
    ("fewer", "n", "least", "verdict"),
    [
        (30, 40, 0.5, "better"),  # most simulations differ, by much more than three standard errors
        (19, 40, 0.05, "unsure"),  # as clear, but they differ in fewer than 20
        (200, 1000, 0.05, "better"),
        (20, 100, 0.5, "alike"),  # clear, and too small to matter
        (2, 1000, 0.05, "alike"),
        (1, 6, 0.5, "unsure"),
        (0, 40, 0.05, "unsure"),  # the next of 40 simulations might still show a change of one in twenty
        (0, 1000, 0.05, "alike"),
    ],
)
def test_a_verdict_needs_simulations_enough(fewer: int, n: int, least: float, verdict: str) -> None:
    one = difference(np.full(n, 5.0), np.full(n, 5.0) - (np.arange(n) < fewer), "less")
    assert one.verdict(least) == verdict
    turned = {"better": "worse", "alike": "alike", "unsure": "unsure"}
    assert (
        difference(np.full(n, 5.0), np.full(n, 5.0) + (np.arange(n) < fewer), "less").verdict(least) == turned[verdict]
    )


def test_what_goes_both_ways_has_no_verdict_and_what_neither_way_is_better_has_none_but_changed() -> None:
    both = np.tile([1.0, -1.0], 50)
    assert difference(np.zeros(100), both, "less").verdict(0.05) == "unsure"
    assert difference(np.zeros(100), both, "less").verdict(0.5) == "alike"
    assert difference(np.zeros(100), np.ones(100), "neither").verdict(0.5) == "changed"
