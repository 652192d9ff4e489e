"""Partial pooling, the effect of losing ground, and the bias of coding."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.reference.period_effects import period_multiples
from afterfall.reference.pooled_rates import (
    GroupCounts,
    expected_counts,
    fit_pooled,
    joint_rates,
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


def test_an_event_that_two_share_is_left_out_with_either() -> None:
    """With the shared events left out, the others give nothing away, and the model gains less."""
    groups = 12
    counts = GroupCounts(*(np.full(groups, x) for x in (0.0, 10.0, 0.0, 2.0)))
    counts.events[:6] = 2.0
    shared = np.zeros((2, groups, groups))
    for one in range(0, 6, 2):
        shared[0, one, one + 1] = shared[0, one + 1, one] = 2.0
    assert predictive_gain(counts, shared) < predictive_gain(counts) - 0.1
    assert predictive_gain(counts, np.zeros_like(shared)) == pytest.approx(predictive_gain(counts))


def test_joint_draws_agree_with_the_predictive_mean() -> None:
    counts = GroupCounts(np.array([6.0, 0, 0, 1]), np.full(4, 10.0), np.zeros(4), np.zeros(4))
    fit = fit_pooled(counts)
    drawn = joint_rates(fit, counts)
    later = GroupCounts(np.zeros(4), np.ones(4), np.zeros(4), np.zeros(4))
    mean = expected_counts(fit, later).mean(axis=0)
    assert (drawn.calm[:, None] * drawn.own).mean(axis=0) == pytest.approx(mean, rel=0.1)


EXPOSURE = np.full(20, 50.0)


def test_years_that_differ_more_than_chance_widen_what_is_to_come() -> None:
    even, waves = np.full(20, 5.0), np.array([0.0, 15, 0, 5] * 5)
    assert period_multiples(waves, EXPOSURE).std() > 1.5 * period_multiples(even, EXPOSURE).std()


def test_five_years_differ_less_than_one_and_more_where_waves_last() -> None:
    waves = np.array([0.0, 15, 0, 5] * 5)
    lasting = np.repeat([1.0, 12.0, 1.0, 6.0], 5)
    one, five = (period_multiples(waves, EXPOSURE, years).std() for years in (1.0, 5.0))
    assert five < 0.8 * one
    same = [period_multiples(x, EXPOSURE, years).std() for x in (lasting,) for years in (1.0, 5.0)]
    assert same[1] / same[0] > five / one


def test_a_wave_goes_on_for_a_while() -> None:
    calm_end, wave_end = np.repeat([12.0, 1.0], 10), np.repeat([1.0, 12.0], 10)
    assert period_multiples(wave_end, EXPOSURE, 1.0).mean() > 1.5 * period_multiples(calm_end, EXPOSURE, 1.0).mean()
