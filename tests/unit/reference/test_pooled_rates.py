"""Partial pooling, the effect of losing ground, and the bias of coding."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.reference.pooled_rates import (
    GroupCounts,
    expected_counts,
    fit_pooled,
    period_multiples,
    posterior_draws,
    predictive_gain,
)


def made_up(rate: float, ratio: float, groups: int = 60, seed: int = 3, spread: float = 50.0) -> GroupCounts:
    rng = np.random.default_rng(seed)
    years, losing = np.full(groups, 12.0), np.full(groups, 4.0)
    own = rng.gamma(spread, 1 / spread, groups) * rate
    return GroupCounts(rng.poisson(own * years).astype(float), years, rng.poisson(own * ratio * losing), losing)


def test_rate_and_coded_ratio_of_made_up_events_are_found() -> None:
    fit = fit_pooled(made_up(0.1, 5.0))
    rate = float((fit.weights.sum(axis=(1, 2)) * fit.rate).sum())
    ratio = float((fit.weights.sum(axis=(0, 2)) * fit.ratio).sum())
    assert rate == pytest.approx(0.1, rel=0.3)
    assert ratio == pytest.approx(5.0, rel=0.3)


def test_the_bias_of_coding_lowers_the_ratio_and_keeps_the_total() -> None:
    counts = made_up(0.1, 6.0)
    calm, ratio = posterior_draws(fit_pooled(counts))
    assert 2.5 < ratio.mean() < 5.0  # coded: six; bias of 1.5
    total = calm.mean() * (counts.years.sum() + ratio.mean() * counts.years_losing.sum())
    assert total == pytest.approx(counts.events.sum() + counts.events_losing.sum(), rel=0.1)


def test_a_busy_organisation_stays_above_a_quiet_one() -> None:
    counts = GroupCounts(np.array([6.0, 0, 0, 1]), np.full(4, 10.0), np.zeros(4), np.zeros(4))
    expected = expected_counts(fit_pooled(counts), GroupCounts(np.zeros(5), np.ones(5), np.zeros(5), np.zeros(5)))
    mean = expected.mean(axis=0)
    assert mean[0] > 2 * mean[1]
    assert mean[1] < mean[4] < mean[0]  # one not seen yet lies between


def test_the_model_beats_a_constant_where_losing_ground_matters_and_not_where_it_does_not() -> None:
    assert predictive_gain(made_up(0.1, 8.0, groups=20)) > 3
    assert predictive_gain(made_up(0.1, 1.0, groups=20)) < 1


def test_years_that_differ_more_than_chance_widen_what_is_to_come() -> None:
    exposure = np.full(20, 50.0)
    even, waves = np.full(20, 5.0), np.array([0.0, 15, 0, 5] * 5)
    assert period_multiples(waves, exposure).std() > 1.5 * period_multiples(even, exposure).std()
