"""Counting, weights and the conjugate posterior."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.reference.event_rate import Count, from_draws, gamma_rate, weigh


def test_recalling_widens_the_interval_and_does_not_move_the_rate() -> None:
    read = gamma_rate("x", "y", "per year", weigh([True] * 40, 100.0), "t", prior_mean=0.4)
    recalled = gamma_rate("x", "y", "per year", weigh([False] * 40, 100.0), "t", prior_mean=0.4)
    assert read.mean == pytest.approx(recalled.mean)
    assert recalled.high - recalled.low > 1.3 * (read.high - read.low)


def test_the_posterior_is_the_conjugate_one() -> None:
    """Half an event at 0.05 and four in 20 years: shape 4.5, rate 10 + 20."""
    rate = gamma_rate("x", "y", "per year", weigh([True] * 4, 20.0), "t")
    assert rate.mean == pytest.approx(4.5 / 30)
    assert rate.draws.mean() == pytest.approx(4.5 / 30, rel=2e-3)
    assert rate.low < rate.mean < rate.high
    assert (rate.events, rate.exposure) == (4, 20.0)


def test_no_event_in_a_long_exposure_still_gives_a_positive_rate() -> None:
    rate = gamma_rate("x", "y", "per year", weigh([], 200.0), "t")
    assert 0 < rate.mean < 0.01
    assert rate.low < 1e-4


def test_draws_are_kept_in_rising_order() -> None:
    rate = from_draws("x", "y", "share", Count(1, 2.0, 1.0, 2.0), "p", np.array([0.3, 0.1, 0.2]), "t")
    assert rate.draws.tolist() == [0.1, 0.2, 0.3]
