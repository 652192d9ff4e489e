"""Quantiles never fall as the uniform, the people, the probability or the mean rise."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.engine.quantiles import (
    binomial_quantile,
    poisson_quantile,
)

EXTREMES = np.concatenate([10.0 ** np.arange(-15, 0), 1.0 - 10.0 ** np.arange(-15, 0), [0.5, 0.5 - 2e-16, 2.0**-54]])


def uniforms(rng, n):
    return np.concatenate([rng.random(n), EXTREMES])


@pytest.mark.parametrize("p", [1e-6, 0.003, 0.2, 0.5, 0.8, 0.9999])
def test_binomial_never_falls_as_uniform_people_or_chance_rise(p):
    rng = np.random.default_rng(5)
    for n in [1, 5, 60, 900, 1_590, 1_610, 40_000]:
        u = np.sort(uniforms(rng, 300))
        assert (np.diff([binomial_quantile(x, n, p) for x in u]) >= 0).all()
    for u in rng.random(60):
        by_people = np.diff([binomial_quantile(u, n, p) for n in range(400)])
        assert (by_people >= 0).all()
        assert (by_people <= 1).all()
        by_chance = np.diff([binomial_quantile(u, 50, x) for x in np.linspace(0, 1, 200)])
        assert (by_chance >= 0).all()


def test_poisson_never_falls_as_uniform_or_mean_rise():
    rng = np.random.default_rng(6)
    for mean in [0.3, 20.0, 390.0, 410.0]:
        u = np.sort(uniforms(rng, 300))
        assert (np.diff([poisson_quantile(x, mean) for x in u]) >= 0).all()
    for u in rng.random(40):
        assert (np.diff([poisson_quantile(u, m) for m in np.linspace(0, 300, 600)]) >= 0).all()
