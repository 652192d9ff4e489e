"""Prior beside posterior: effects of regions and half-years have a prior whatever their spread."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.prior_posterior import _effect
from afterfall.run.quantile_levels import INTERVAL_LEVELS
from afterfall.model.language.parameters import Known, inverse


def _drawn(known: Known, luck: np.random.Generator, n: int) -> np.ndarray:
    mean, sd = known.moments()
    return np.array([inverse(known.parameter.scale, x) for x in luck.normal(mean, sd, n)])


def test_an_effect_has_the_range_of_draws_of_its_spread_and_of_itself(density: LogPosterior) -> None:
    known = {k.name: k for k in density.program.known}
    luck, n = np.random.default_rng(1), 40_000
    region = next(iter(density.program.spreads))
    label, values = _effect(density.program, region)
    spread = _drawn(known[density.program.spreads[region]], luck, n)
    assert label.endswith("against all")
    assert np.quantile(values, INTERVAL_LEVELS) == pytest.approx(np.quantile(spread * luck.normal(size=n), INTERVAL_LEVELS), abs=0.02)
    noise = density.program.noises[0]
    label, values = _effect(density.program, noise.names[-1])
    sd, memory = (_drawn(known[name], luck, n) for name in (noise.sd, noise.memory))
    months = np.zeros((6, n))
    months[0] = luck.normal(size=n)
    for k in range(1, 6):
        months[k] = memory * months[k - 1] + np.sqrt(1 - memory**2) * luck.normal(size=n)
    variance = sum(memory ** abs(i - j) for i in range(6) for j in range(6)) / 36
    half = sd * months.mean(axis=0) - 0.5 * sd**2 * variance  # of mean one as a factor
    assert "6 to 0 months before the as-of date" in label
    assert np.quantile(values, INTERVAL_LEVELS) == pytest.approx(np.quantile(half, INTERVAL_LEVELS), abs=0.02)
