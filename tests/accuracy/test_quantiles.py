"""Quantiles against scipy over wide grids."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from afterfall.engine.quantiles import (
    EXACT_VARIANCE,
    SHORT,
    TAIL,
    binomial_quantile,
    normal_quantile,
    poisson_quantile,
)

EXTREMES = np.concatenate([10.0 ** np.arange(-15, 0), 1.0 - 10.0 ** np.arange(-15, 0), [0.5, 0.5 - 2e-16, 2.0**-54]])
#: Slack of a distribution function: relative (scipy's own error) and absolute (the rounding of a sum near one).
SLACK, ROUNDING = 1e-9, 2e-14


def uniforms(rng, n):
    return np.concatenate([rng.random(n), EXTREMES])


def is_quantile(k, u, below, upto, *, from_above=False):
    """Whether k is the quantile of u, given F(k - 1) and F(k); the tail that is summed last is known to rounding."""
    slack = SLACK * u + (ROUNDING if from_above or u > 0.5 else 0.0)
    return (k == 0 or below <= u + slack) and upto >= u - slack


@pytest.mark.parametrize("n", [1, 2, 3, 7, 40, 300, 5_000, 1_000_000, 10_000_000])
def test_binomial_is_the_true_quantile(n):
    rng = np.random.default_rng(n)
    chances = [1e-9, 1e-4, 0.01, 0.1, 0.3, 0.4999, 0.5, 0.5001, 0.77, 0.99, 1 - 1e-6]
    checked = 0
    for p in [*chances, 36.0 / n, 100.0 / n, 399.0 / n]:
        if p <= 1 and n * p * (1 - p) <= EXACT_VARIANCE:
            for u in uniforms(rng, 60):
                k = binomial_quantile(u, n, p)
                below, upto = stats.binom.cdf([k - 1, k], n, p)
                assert is_quantile(k, u, below, upto, from_above=p > 0.5), (n, p, u, k)
                checked += 1
    assert checked > 200


@pytest.mark.parametrize("mean", [1e-9, 0.01, 0.7, 3.0, 35.9, 36.1, 80.0, 399.0])
def test_poisson_is_the_true_quantile(mean):
    for u in uniforms(np.random.default_rng(1), 200):
        k = poisson_quantile(u, mean)
        below, upto = stats.poisson.cdf([k - 1, k], mean)
        assert is_quantile(k, u, below, upto), (mean, u, k)


@pytest.mark.parametrize(("n", "p"), [(1_700, 0.5), (5_000, 0.1), (10_000_000, 5e-5), (10_000_000, 0.3), (4_100, 0.9)])
def test_large_binomial_is_off_by_at_most_one_and_rarely(n, p):
    u = uniforms(np.random.default_rng(2), 3_000)
    found = np.array([binomial_quantile(x, n, p) for x in u])
    exact = stats.binom.ppf(u, n, p)
    ordinary = (u > 1e-9) & (u < 1 - 1e-9)
    assert np.abs(found - exact)[ordinary].max() <= 1
    assert np.mean(found[ordinary] != exact[ordinary]) < 1e-3


@pytest.mark.parametrize("mean", [401.0, 3_000.0, 1e6])
def test_large_poisson_is_off_by_at_most_one_and_rarely(mean):
    u = np.random.default_rng(3).random(3_000)
    found = np.array([poisson_quantile(x, mean) for x in u])
    exact = stats.poisson.ppf(u, mean)
    assert np.abs(found - exact).max() <= 1
    assert np.mean(found != exact) < 1e-3


@pytest.mark.parametrize(
    ("n", "p", "expected"), [(0, 0.3, 0), (-1, 0.3, 0), (9, 0.0, 0), (9, -1.0, 0), (9, 1.0, 9), (10**7, 1.0, 10**7)]
)
def test_binomial_at_its_ends(n, p, expected):
    assert [binomial_quantile(u, n, p) for u in EXTREMES] == [expected] * len(EXTREMES)


def test_poisson_without_a_mean_is_nobody():
    assert poisson_quantile(0.999, 0.0) == 0
    assert poisson_quantile(0.999, -1.0) == 0


def test_normal_agrees_with_scipy():
    u = np.concatenate([uniforms(np.random.default_rng(7), 500), [0.075, 0.925, np.exp(-25.0), 1e-300]])
    found = np.array([normal_quantile(x) for x in u])
    np.testing.assert_allclose(found, special.ndtri(u), rtol=4e-15, atol=1e-15)


def test_tail_starts_at_zero_below_the_short_mean():
    assert TAIL**2 / 2 > SHORT
