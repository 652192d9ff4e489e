"""Factors of every rate in JAX: a program with parameters filled in, as in `afterfall.engine.rate_factors`.

Importing this module switches JAX to double precision, which this package uses throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from afterfall.engine.program import COHORT, EFFECT, FACTOR, LOG_OFFSET, PATH, STRATUM, Program
from afterfall.engine.shared_series import draw_shared_series

jax.config.update("jax_enable_x64", True)

#: A JAX array. The alias is for readers: the type checker knows JAX only where it is installed.
Array: TypeAlias = Any


class JaxFactors(NamedTuple):
    """A program with parameters and paths filled in (see `engine.program.RateFactors`), months first."""

    base: Array  # [R, C]
    time: Array  # [T + 1, R, U]
    rho: Array  # [G]
    capacity: Array  # [T + 1, A, O]
    feedback: Array  # [M]

    def by_cohort(self, rate: np.ndarray, stratum: np.ndarray) -> Array:
        """Time factors of some rates from month 1 on, ``[len(rate), T, C]`` (or one column for all cohorts)."""
        months = jnp.moveaxis(self.time[1:][:, rate], 0, 1)
        return months if months.shape[2] == 1 else months[:, :, stratum]


def factors(program: Program) -> Callable[[Array], JaxFactors]:
    """The function from parameters ``theta[P]`` to factors; all paths must be known beforehand."""
    known = draw_shared_series(program, np.ones(_parameters_named(program)), 0, 0)[0]
    offsets = [
        (z, int(one), int(other))
        for z, (kind, (one, other)) in enumerate(zip(program.path_kind, program.path_arg, strict=True))
        if kind == LOG_OFFSET
    ]

    def lower(theta: Array) -> JaxFactors:
        path = jnp.asarray(known)
        for z, one, other in offsets:
            path = path.at[z].set(jnp.log(theta[other] + path[one]))
        scale = jnp.exp(_coefficients(theta, program.capacity_parameter, 0.0))
        return JaxFactors(
            _base(program, theta),
            jnp.moveaxis(_time(program, theta, path), 2, 0),
            _coefficients(theta, program.choice_retain, 0.0),
            jnp.moveaxis(program.capacity * scale[:, None, None], 2, 0),
            _coefficients(theta, program.feedback[:, 2], 1.0),
        )

    return lower


def half_normal(z: Array) -> Array:
    """A half-normal number of scale one as an increasing function of a standard normal (the absolute value is not)."""
    return jax.scipy.special.ndtri(0.5 + 0.5 * jax.scipy.special.ndtr(z))


def _parameters_named(program: Program) -> int:
    """An upper bound on the number of parameters that a program's paths name."""
    return int(program.path_arg.max(initial=0)) + int(program.token_term[:, 3].max(initial=0)) + 2


def _coefficients(theta: Array, parameter: np.ndarray, otherwise: float) -> Array:
    return jnp.where(parameter >= 0, theta[np.maximum(parameter, 0)], otherwise)


def _base(program: Program, theta: Array) -> Array:
    """The part of each rate that differs between cohorts, ``[R, C]``."""
    rows, kinds, features, parameters = program.term.T
    of_cohort, of_effect = np.flatnonzero(kinds == COHORT), np.flatnonzero(kinds == EFFECT)
    scale = _coefficients(theta, parameters, 1.0)
    spread = np.zeros((program.n_rates, len(of_cohort)))
    spread[rows[of_cohort], np.arange(len(of_cohort))] = 1.0
    log = (spread * scale[of_cohort]) @ program.x_cohort[features[of_cohort]]
    for i in of_effect:
        own = scale[i] * theta[features[i] + program.origin] - 0.5 * scale[i] ** 2
        log = log.at[rows[i]].add(own)
    return jnp.exp(log)


def _time(program: Program, theta: Array, path: Array) -> Array:
    """The part of each rate that differs between months and strata, ``[R, U, T + 1]``."""
    rows, kinds, features, parameters = program.term.T
    n_strata, n_times = int(program.stratum.max(initial=0)) + 1, path.shape[1]
    scale = _coefficients(theta, parameters, 1.0)[:, None, None]
    of_path, of_stratum, of_factor = (np.flatnonzero(kinds == kind) for kind in (PATH, STRATUM, FACTOR))
    terms = jnp.concatenate(
        [
            jnp.broadcast_to(scale[of_path] * path[features[of_path], None], (len(of_path), n_strata, n_times)),
            scale[of_stratum] * program.x_time[features[of_stratum]],
        ]
    )
    found = jnp.exp(jax.ops.segment_sum(terms, rows[np.concatenate([of_path, of_stratum])], program.n_rates))
    earlier = np.array([(rows[of_factor[:n]] == rows[i]).sum() for n, i in enumerate(of_factor)], dtype=int)
    for turn in range(earlier.max(initial=-1) + 1):  # the first factor of every rate, then the second, ...
        now = of_factor[earlier == turn]
        found = found.at[rows[now]].multiply(path[features[now], None])
    return found
