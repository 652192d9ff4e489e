"""Whole people of an origin under the likelihood: shares, reporting and error, for the checks of the fitter."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import Shares, moments_of
from afterfall.model.compile.reduced_model import ReducedModel
from afterfall.model.observation.figure_rules import FIT_QUANTITIES
from afterfall.model.observation.fit_arrays import FitData

#: Quantities that count whole people by origin.
COUNTED = ("returned", "killed")


class Whole(NamedTuple):
    """Values for each number ``[n]`` that counts the returned or the dead of an origin; meaningless for others."""

    expected: Array  # [n, K] as published, at every point of the origin's total
    v: Array  # relative variance beyond a count's own
    error: Array  # the part of it that is not the spread between origins: the source's and the discrepancy
    share: Array  # of people whom it befell, in the region
    reported: Array  # of those
    concentration: Array  # of the beta of an origin's own share


def whole_people(arrays: FitData, program: ReducedModel, theta: Array, shares: Shares, discrepancy: Array) -> Whole:
    """Expected counts, variances, shares and reporting of the people behind every number."""
    names = program.names
    expected, v = moments_of(arrays, program, theta, shares, discrepancy)
    killed = (arrays.quantity == FIT_QUANTITIES.index("killed")).astype(int)
    share = jnp.stack([shares.home, shares.dead])[killed, arrays.column, np.maximum(arrays.region, 0)]
    share = jnp.clip(share, 1e-6, 1.0 - 1e-6)
    reported = jnp.stack([theta[names.index(f"reporting.{q}")] for q in COUNTED])[killed]
    concentration = theta[names.index("nowcast.concentration")]
    error = v - (1.0 - share) / (share * (concentration + 1.0))
    return Whole(expected, v, error, share, reported, concentration)


def counts_people(arrays: FitData) -> np.ndarray:
    """Which numbers count whole people by origin ``[n]``."""
    counted = np.isin(arrays.quantity, [FIT_QUANTITIES.index(q) for q in COUNTED])
    return np.asarray(counted & (arrays.bound == 0) & (arrays.region >= 0))
