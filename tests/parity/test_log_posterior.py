"""What is behind the unknowns of a fit is what is behind prior draws."""

import numpy as np
import pytest

from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import PARAMETER, name_key
from afterfall.engine.quantiles import normal_quantile
from afterfall.infer.fitting import standardised
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model import Model, sample


def test_parameters_are_those_of_prior_draws_with_the_same_normals(tiny: Model, density: LogPosterior) -> None:
    names = density.program.names
    keys = np.array([name_key(name) for name in names], dtype=np.uint64)
    drawn = sample(tiny, trajectories=4, seed=9)
    columns = [drawn.names.index(name) for name in names]
    for trajectory in range(4):
        normals = [float(normal_quantile(u)) for u in uniforms_for(9, trajectory, PARAMETER, keys)]
        z = np.concatenate([normals, np.zeros(len(density.names) - len(names))])
        assert np.asarray(density.parameters(z)) == pytest.approx(
            drawn.values[trajectory, columns], rel=1e-9, abs=1e-12
        )


def test_in_standard_deviations_of_the_prior_all_unknowns_are_alike(density: LogPosterior) -> None:
    """Half-years too, whatever the size and memory of their noise: each has its own level and not its innovation."""
    z = np.random.default_rng(1).normal(size=(3000, len(density.names)))
    found = standardised(density, z)
    assert found.mean(axis=0) == pytest.approx(np.zeros(z.shape[1]), abs=0.09)
    assert found.std(axis=0) == pytest.approx(np.ones(z.shape[1]), abs=0.06)
    halves = [density.names.index(name) for noise in density.program.noises for name in noise.names[1:]]
    rest = np.setdiff1d(np.arange(z.shape[1]), halves)
    assert found[:, rest] == pytest.approx(z[:, rest])
    assert not np.allclose(found[:, halves], z[:, halves])
