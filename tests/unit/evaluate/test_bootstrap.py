"""One weight a cluster, and an interval that a case small enough to write out confirms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from afterfall.evaluate.core.bootstrap import cluster_means, skill, weighted_mean


def test_a_cluster_has_one_weight_however_many_figures_it_has() -> None:
    assert cluster_means([1, 3, 10], ["a", "a", "b"]) == pytest.approx([2, 10])
    assert weighted_mean([1, 3, 10], ["a", "a", "b"]) == pytest.approx(6.0)
    assert math.isnan(weighted_mean([], []))


def test_repeating_a_figure_changes_nothing() -> None:
    once = skill([1, 2, 5], [2, 2, 4], ["a", "b", "c"], name="x", seed=1)
    often = skill([1, 1, 1, 2, 5], [2, 2, 2, 2, 4], ["a", "a", "a", "b", "c"], name="x", seed=1)
    assert (often.skill, often.low90, often.high90) == (once.skill, once.low90, once.high90)
    assert (once.figures, often.figures, often.clusters) == (3, 5, 3)


def test_skill_is_one_less_the_ratio_of_means() -> None:
    found = skill([1, 3], [2, 6], ["a", "b"], name="x", seed=1)
    assert found.skill == pytest.approx(0.5)
    assert (found.model, found.baseline) == (2, 4)


def test_interval_of_two_clusters_can_be_written_out() -> None:
    # Resampling a and b gives aa (1 in 4), ab (2 in 4) or bb (1 in 4): the 5 % and 95 % quantiles are the extremes.
    found = skill([1, 3], [2, 4], ["a", "b"], name="x", seed=1)
    assert (found.low90, found.high90) == pytest.approx((1 - 3 / 4, 1 - 1 / 2))


def test_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    held = 0
    for i in range(300):
        ours, theirs = rng.gamma(4.0, 0.2, size=40), rng.gamma(4.0, 0.25, size=40)
        found = skill(ours, theirs, list(range(40)), name=str(i), seed=2)
        held += found.low90 <= 0.2 <= found.high90
    # Binomial(300, 0.9) lies within 5 standard deviations of 270; an interval half as wide holds 59 % of the time.
    assert abs(held - 270) < 26


def test_one_cluster_has_no_interval_and_nothing_no_skill() -> None:
    one = skill([1, 2], [2, 2], ["a", "a"], name="x", seed=1)
    assert one.skill == pytest.approx(0.25)
    assert math.isnan(one.low90)
    assert math.isnan(skill([], [], [], name="x", seed=1).skill)


def test_a_naive_forecast_without_error_leaves_a_draw_or_a_loss() -> None:
    assert skill([0, 0], [0, 0], ["a", "b"], name="x", seed=1).skill == 0
    lost = skill([1, 0], [0, 0], ["a", "b"], name="x", seed=1)
    assert (lost.skill, lost.low90, lost.high90) == (-math.inf, -math.inf, 0.0)
