"""The sampler on a density whose moments are known."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from afterfall.infer.diagnostics import effective_size, split_rhat
from afterfall.infer.jax_factors import Array
from afterfall.infer.sampling import Lengths, run_chain

PRECISION = np.linalg.inv(np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 4.0]]))


def correlated(z: Array) -> Array:
    return 0.5 * z @ jnp.asarray(PRECISION) @ z


def test_draws_have_the_moments_of_the_density() -> None:
    chains = [run_chain(correlated, 3, Lengths(200, 1000), seed=3, chain=c) for c in range(2)]
    z = np.concatenate([c.z for c in chains])
    assert z.mean(axis=0) == pytest.approx(np.zeros(3), abs=0.15)
    assert np.cov(z.T) == pytest.approx(np.linalg.inv(PRECISION), abs=0.35)
    each = np.stack([c.z for c in chains])
    assert max(split_rhat(each[:, :, p]) for p in range(3)) < 1.03
    assert min(effective_size(each[:, :, p]) for p in range(3)) > 400
    assert not any(c.diverging.any() for c in chains)
