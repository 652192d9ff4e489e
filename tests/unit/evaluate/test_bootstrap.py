"""One weight a cluster, and an interval that a case small enough to write out confirms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from afterfall.evaluate.core.bootstrap import cluster_means, expanded, skill, weighted_mean


def test_a_cluster_has_one_weight_however_many_figures_it_has() -> None:
    assert cluster_means([1, 3, 10], ["a", "a", "b"]) == pytest.approx([2, 10])
    assert weighted_mean([1, 3, 10], ["a", "a", "b"]) == pytest.approx(6.0)
    assert math.isnan(weighted_mean([], []))


def test_repeating_a_figure_changes_nothing() -> None:
    once = skill([1, 2, 5], [2, 2, 4], ["a", "b", "c"], name="x", seed=1)
    often = skill([1, 1, 1, 2, 5], [2, 2, 2, 2, 4], ["a", "a", "a", "b", "c"], name="x", seed=1)
    assert often.skill == once.skill
    assert (once.figures, often.figures, often.clusters) == (3, 5, 3)


def test_skill_is_one_less_the_ratio_of_means() -> None:
    found = skill([1, 3], [2, 6], ["a", "b"], name="x", seed=1)
    assert found.skill == pytest.approx(0.5)
    assert (found.model, found.baseline) == (2, 4)


def test_few_units_have_a_wider_interval_and_under_five_have_none() -> None:
    rng = np.random.default_rng(9)
    held = 0
    for i in range(400):
        ours, theirs = rng.normal(1.0, 0.2, size=6), rng.normal(1.25, 0.1, size=6)
        found = skill(ours, theirs, list(range(6)), name=str(i), seed=2)
        held += found.low90 <= 0.2 <= found.high90
    # Binomial(400, 0.9) has a standard deviation of 6; plain percentile intervals of six units hold about 80 %.
    assert 340 <= held <= 385
    few = skill([1, 2, 3, 4], [2, 3, 4, 5], ["a", "b", "c", "d"], name="x", seed=1)
    assert (few.independent, math.isnan(few.low90), math.isnan(few.p_value)) == (4, True, True)


def test_the_ends_are_quantiles_of_the_replicates_at_moved_levels() -> None:
    assert expanded(0.05, 5) == pytest.approx(stats.norm.cdf(math.sqrt(1.25) * stats.t.ppf(0.05, 4)))
    # Of five clusters one scores 2 against 2, the others 1. Skill is 1 - (5 + k) / 10 with k binomial(5, 0.2): k is 0
    # at the upper end, and at the lower end, at 0.86 %, k is 3 or 4 (more than three draws have a chance of 0.67 %).
    found = skill([1.0, 1.0, 1.0, 1.0, 2.0], [2.0] * 5, list("abcde"), name="x", seed=1)
    assert found.high90 == pytest.approx(0.5)
    assert round(found.low90, 6) in (0.1, 0.2)


def test_a_report_that_gives_most_figures_counts_as_few_units() -> None:
    clusters = list(range(30))
    even = skill([1.0] * 30, [2.0] * 30, clusters, families=[i % 10 for i in range(30)], name="x", seed=1)
    one = skill([1.0] * 30, [2.0] * 30, clusters, families=[0] * 21 + list(range(1, 10)), name="x", seed=1)
    assert (even.independent, one.independent) == (10, 2)  # 1 / (0.7 ** 2 + 9 / 30 ** 2) = 2.0


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
    assert math.isnan(one.p_value)
    assert math.isnan(skill([], [], [], name="x", seed=1).skill)


def test_a_naive_forecast_without_error_leaves_a_draw_or_a_loss() -> None:
    assert skill([0, 0], [0, 0], ["a", "b"], name="x", seed=1).skill == 0
    lost = skill([1, 0], [0, 0], ["a", "b"], name="x", seed=1)
    assert lost.skill == -math.inf


def test_families_of_one_figure_each_change_nothing() -> None:
    rng = np.random.default_rng(3)
    ours, theirs = rng.gamma(4.0, 0.2, size=90), rng.gamma(4.0, 0.25, size=90)
    clusters = [i // 3 for i in range(90)]
    alone = skill(ours, theirs, clusters, name="x", seed=1)
    apart = skill(ours, theirs, clusters, families=list(range(90)), name="x", seed=1)
    assert (apart.skill, apart.low90, apart.high90) == pytest.approx((alone.skill, alone.low90, alone.high90))
    assert (apart.independent, alone.independent) == (30, 30)


def test_a_family_that_stays_in_one_cluster_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    ours, theirs = rng.gamma(4.0, 0.2, size=90), rng.gamma(4.0, 0.25, size=90)
    clusters = [i // 3 for i in range(90)]
    alone = skill(ours, theirs, clusters, name="x", seed=1)
    official = skill(ours, theirs, clusters, families=clusters, name="x", seed=1)
    assert (official.low90, official.high90) == pytest.approx((alone.low90, alone.high90))


def test_shared_families_widen_the_interval() -> None:
    rng = np.random.default_rng(5)
    clusters, families = [i // 2 for i in range(80)], [i % 6 for i in range(80)]
    ours = rng.gamma(4.0, 0.2, size=80) + 0.5 * rng.normal(size=6)[families] ** 2
    theirs = rng.gamma(4.0, 0.25, size=80)
    one_way = skill(ours, theirs, clusters, name="x", seed=1)
    two_way = skill(ours, theirs, clusters, families=families, name="x", seed=1)
    assert two_way.high90 - two_way.low90 > 1.2 * (one_way.high90 - one_way.low90)
    assert two_way.skill == one_way.skill
    assert two_way.independent == 6


def test_shared_families_are_covered_two_ways_and_not_one_way() -> None:
    # 45 country-quantity pairs and 20 reports, both with an effect on the score of ours: true skill 1 - 1 / 1.25.
    rng, times = np.random.default_rng(6), 200
    clusters, families = rng.integers(45, size=150), rng.integers(20, size=150)
    held = {"one": 0, "two": 0}
    for i in range(times):
        effects = 0.2 * rng.normal(size=45)[clusters] + 0.3 * rng.normal(size=20)[families]
        ours, theirs = 1.0 + effects + 0.2 * rng.normal(size=150), 1.25 + 0.1 * rng.normal(size=150)
        one = skill(ours, theirs, clusters.tolist(), name=str(i), seed=1)
        two = skill(ours, theirs, clusters.tolist(), families=families.tolist(), name=str(i), seed=1)
        held["one"] += one.low90 <= 0.2 <= one.high90
        held["two"] += two.low90 <= 0.2 <= two.high90
    # Binomial(200, 0.9) has a standard deviation of 4.2: 165 to 195 is within 3.6 of them.
    assert 165 <= held["two"] <= 195
    assert held["one"] < 150


def test_the_p_value_and_the_interval_agree() -> None:
    rng = np.random.default_rng(7)
    for i in range(40):
        ours, theirs = rng.gamma(4.0, 0.25, size=30), rng.gamma(4.0, 0.28, size=30)
        found = skill(ours, theirs, list(range(30)), name=str(i), seed=1)
        excludes = found.low90 > 0 or found.high90 < 0
        assert excludes == (found.p_value < 0.1) or abs(found.p_value - 0.1) < 0.003
