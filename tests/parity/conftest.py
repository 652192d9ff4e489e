"""The small program of a fit and prior draws of it, for tests that compare executors."""

from importlib.util import find_spec

import numpy as np
import pytest

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats, Program
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, sample
from afterfall.model.compile.reduced_model import ReducedModel, reduced_model

#: Tests of the extra `fit`, left out where it is not installed.
collect_ignore = [] if find_spec("numpyro") else ["test_jax_means.py", "test_likelihood.py", "test_log_posterior.py"]


@pytest.fixture(scope="session")
def small(tiny: Model) -> ReducedModel:
    return reduced_model(tiny)


@pytest.fixture(scope="session")
def draws(tiny: Model, small: ReducedModel) -> Floats:
    """Prior draws of the fit program's parameters, ``[4, P]``."""
    drawn = sample(tiny, trajectories=4, seed=5)
    column = {name: i for i, name in enumerate(drawn.names)}
    return drawn.values[:, [column[n] for n in small.names]]


def by_engine(program: Program, theta: Floats) -> tuple[Floats, Floats]:
    """People and counters of a history by the engine's own executor."""
    tabled = rate_factors(program, theta, draw_shared_series(program, theta, 1, 0)[0])
    start = np.zeros(program.cell_key.shape)
    return run_means(program, tabled, start, np.zeros((len(program.quantity_cohort), program.n_origins)))
