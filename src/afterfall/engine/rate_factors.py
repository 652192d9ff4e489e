"""A program with parameters and paths filled in: the factors of every hazard, exponentiated once per trajectory.

A hazard is ``base[r, c] * time[r, stratum, t] * feedback[r]`` (see `program`). The first two factors are tabulated
here, so that no exponential is computed per cell and month. Everything is a scalar loop: the bits do not depend on the
sizes, nor on how many trajectories are run together.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import inlined, jit
from afterfall.engine.program import COHORT, EFFECT, FACTOR, PATH, STRATUM, Floats, Ints, Program, RateFactors


def rate_factors(program: Program, theta: Floats, path: Floats) -> RateFactors:
    """Fill parameters ``theta[P]`` and paths ``path[Z, T + 1]`` into a program.

    Returns
    -------
    RateFactors
        ``base[R, C]``, ``time[R, U, T + 1]``, ``rho[G]``, ``capacity[A, O, T + 1]`` (people a month), ``feedback[M]``.
    """
    shape = (program.n_rates, int(program.stratum.max(initial=0)) + 1, path.shape[1])
    return RateFactors(
        base=base_factors(program.term, theta, program.x_cohort, program.origin, program.n_rates),
        time=time_factors(program.term, theta, path, program.x_time, shape),
        rho=coefficients(theta, program.choice_retain, 0.0),
        capacity=scaled(program.capacity, coefficients(theta, program.capacity_parameter, 0.0)),
        feedback=coefficients(theta, program.feedback[:, 2].copy(), 1.0),
    )


@inlined
def coefficient(theta: Floats, parameter: int, otherwise: float) -> float:
    """The value of a parameter, or `otherwise` where the index is -1."""
    return theta[parameter] if parameter >= 0 else otherwise


@jit
def coefficients(theta: Floats, parameter: Ints, otherwise: float) -> Floats:
    """The values of parameters, `otherwise` where the index is -1."""
    out = np.empty(parameter.size)
    for i in range(out.size):
        out[i] = coefficient(theta, parameter[i], otherwise)
    return out


@jit
def scaled(capacity: Floats, log_scale: Floats) -> Floats:
    """Capacities ``[A, O, T + 1]`` times ``exp(log_scale[A])``."""
    out = np.empty(capacity.shape)
    for a in range(capacity.shape[0]):
        scale = math.exp(log_scale[a])
        for o in range(capacity.shape[1]):
            for t in range(capacity.shape[2]):
                out[a, o, t] = capacity[a, o, t] * scale
    return out


@jit
def base_factors(term: Ints, theta: Floats, x_cohort: Floats, origin: Ints, n_rates: int) -> Floats:
    """The part of each rate that differs between cohorts, ``[R, C]``."""
    base = np.zeros((n_rates, origin.size))
    for i in range(term.shape[0]):
        r, kind, feature = term[i, 0], term[i, 1], term[i, 2]
        scale = coefficient(theta, term[i, 3], 1.0)
        if kind == COHORT:
            for c in range(origin.size):
                base[r, c] += scale * x_cohort[feature, c]
        elif kind == EFFECT:
            for c in range(origin.size):
                base[r, c] += scale * theta[feature + origin[c]] - 0.5 * scale * scale
    for r in range(n_rates):
        for c in range(origin.size):
            base[r, c] = math.exp(base[r, c])
    return base


@jit
def time_factors(term: Ints, theta: Floats, path: Floats, x_time: Floats, shape: tuple[int, int, int]) -> Floats:
    """The part of each rate that differs between months and strata, ``[R, U, T + 1]``; zero where a FACTOR path is."""
    n_rates, n_strata, n_months = shape
    time = np.zeros(shape)
    for i in range(term.shape[0]):
        r, kind, feature = term[i, 0], term[i, 1], term[i, 2]
        scale = coefficient(theta, term[i, 3], 1.0)
        if kind == PATH:
            for u in range(n_strata):
                for t in range(n_months):
                    time[r, u, t] += scale * path[feature, t]
        elif kind == STRATUM:
            for u in range(n_strata):
                for t in range(n_months):
                    time[r, u, t] += scale * x_time[feature, u, t]
    for r in range(n_rates):
        for u in range(n_strata):
            for t in range(n_months):
                time[r, u, t] = math.exp(time[r, u, t])
    for i in range(term.shape[0]):
        if term[i, 1] == FACTOR:
            for u in range(n_strata):
                for t in range(n_months):
                    time[term[i, 0], u, t] *= path[term[i, 2], t]
    return time
