"""Prior beside posterior: effects of regions and half-years have a prior whatever their spread."""

from __future__ import annotations

import numpy as np
import pytest

from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.prior_posterior import _effect
from afterfall.model.language.parameters import Known, inverse
from afterfall.run.quantile_levels import INTERVAL_LEVELS


def _drawn(known: Known, generator: np.random.Generator, n: int) -> np.ndarray:
    mean, sd = known.moments()
    return np.array([inverse(known.parameter.scale, x) for x in generator.normal(mean, sd, n)])


def test_an_effect_has_the_range_of_draws_of_its_spread_and_of_itself(density: LogPosterior) -> None:
    known = {k.name: k for k in density.program.known}
    generator, n = np.random.default_rng(1), 40_000
    region = next(iter(density.program.spreads))
    label, values = _effect(density.program, region)
    spread = _drawn(known[density.program.spreads[region]], generator, n)
    assert label.endswith("against all")
    drawn = np.quantile(spread * generator.normal(size=n), INTERVAL_LEVELS)
    assert np.quantile(values, INTERVAL_LEVELS) == pytest.approx(drawn, abs=0.02)
    noise = density.program.noises[0]
    label, values = _effect(density.program, noise.names[-1])
    sd, memory = (_drawn(known[name], generator, n) for name in (noise.sd, noise.memory))
    months = np.zeros((6, n))
    months[0] = generator.normal(size=n)
    for k in range(1, 6):
        months[k] = memory * months[k - 1] + np.sqrt(1 - memory**2) * generator.normal(size=n)
    variance = sum(memory ** abs(i - j) for i in range(6) for j in range(6)) / 36
    half = sd * months.mean(axis=0) - 0.5 * sd**2 * variance  # of mean one as a factor
    assert "6 to 0 months before the as-of date" in label
    assert np.quantile(values, INTERVAL_LEVELS) == pytest.approx(np.quantile(half, INTERVAL_LEVELS), abs=0.02)
