"""The mortality pool: the share of fighters dead at the end of past collapses, pooled with this one.

On the logit scale, the share dead at the end of collapse i is::

    y[i] ~ normal(mean + settled * [ended in victory or by agreement],  sqrt(between^2 + error[i]^2))

with ``between`` half-normal of scale 1.5 (shares range from a twentieth to nine tenths). A collapse in progress has not
had all its deaths: its own share at the as-of date enters as a lower bound of a draw from the same pool. Records
published after the as-of date are left out, as everywhere (`past_collapses`).

The records are few, from poor sources, and some count fighters of any origin; the pool is correspondingly wide.
"""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import norm

from afterfall.infer.jax_factors import Array, half_normal
from afterfall.infer.past_collapses import BETWEEN_SCALE, MEAN, MEAN_SD, SETTLED_SD, Collapse

#: Standard normals of the pool: its mean (wide on the logit scale), the shift of settled ends, the spread.
NAMES = ("past.mean", "past.settled", "past.between")


def mortality_pool(past: tuple[Collapse, ...]) -> Callable[[Array, Array], Array]:
    """The function from the pool's standard normals ``[3]`` and the share of dead of this case to a log likelihood."""
    logit, sd = np.array([c.logit for c in past]), np.array([c.sd for c in past])
    settled = np.array([c.settled for c in past], dtype=float)

    def run(normals: Array, dead: Array) -> Array:
        mean, shift = MEAN + MEAN_SD * normals[0], SETTLED_SD * normals[1]
        between = BETWEEN_SCALE * half_normal(normals[2])
        known = norm.logpdf(logit, mean + shift * settled, jnp.sqrt(between**2 + sd**2)).sum()
        own = jnp.log(dead) - jnp.log1p(-dead)
        return known + norm.logcdf((mean - own) / jnp.sqrt(between**2 + 0.1**2))

    return run
