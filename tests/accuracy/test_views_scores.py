"""The rules of the VIEWS challenge against closed forms and slow twins."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.conflict.views_scores import BINS, DRAWS, crps, ignorance, interval, resampled, views_scores


def slow_crps(x: np.ndarray, y: float) -> float:
    return float(np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2)


def test_crps_is_its_double_sum() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.poisson(8, (20, 37)).astype(float), rng.poisson(8, 20).astype(float)
    assert crps(x, y) == pytest.approx([slow_crps(a, b) for a, b in zip(x, y, strict=True)])


def test_crps_of_a_sure_forecast_is_its_error() -> None:
    assert crps(np.full((1, 9), 4.0), np.array([7.0])) == pytest.approx([3.0])


def test_ignorance_counts_the_bin_and_one_in_each() -> None:
    x = np.array([[0.0] * 6 + [1.0] * 3 + [2000.0]])
    share = {0.0: 7, 2.0: 4, 4.0: 1, 1001.0: 2}
    for outcome, hits in share.items():
        assert ignorance(x, np.array([outcome])) == pytest.approx([-np.log2(hits / (10 + len(BINS)))])


def test_interval_charges_twenty_times_what_lies_outside() -> None:
    x = np.arange(101.0)[None]
    assert interval(x, np.array([50.0])) == pytest.approx([90.0])
    assert interval(x, np.array([97.0])) == pytest.approx([90.0 + 20 * 2])
    assert interval(x, np.array([0.0])) == pytest.approx([90.0 + 20 * 5])


def test_resampling_keeps_a_constant_and_a_thousand() -> None:
    assert resampled(np.full((2, 3, 12), 5.0)).shape == (2, 3, DRAWS)
    assert resampled(np.full((2, 3, 12), 5.0)) == pytest.approx(np.full((2, 3, DRAWS), 5.0))
    thousand = np.random.default_rng(2).random((2, DRAWS))
    assert resampled(thousand) is thousand


def test_marks_are_the_three_rules_in_order() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.poisson(3, (4, DRAWS)).astype(float), rng.poisson(3, 4).astype(float)
    assert np.array_equal(views_scores(x, y), np.stack([crps(x, y), ignorance(x, y), interval(x, y)]))
