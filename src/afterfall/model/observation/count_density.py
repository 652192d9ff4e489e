"""Density of a published count given the number expected: the fit's, compiled for the nowcast.

A count y with mean mu and relative variance v beyond sampling is negative binomial with size ``r = 1 / v``::

    log p(y) = gammaln(y + r) - gammaln(r) - gammaln(y + 1) - r log1p(mu / r) - y log1p(r / mu)

averaged over points within the interval that the figure may stand for (`fit_arrays.within`), on the log scale (times
the middle of the interval), so that competing counts are compared on one scale. A stated bound has the tail probability
of a lognormal with the same moments. `infer.likelihood` evaluates the same in JAX; a test compares the two.
"""

from __future__ import annotations

import math

from afterfall.engine.jit import jit
from afterfall.engine.program import Floats

LEAST_TAIL = 1e-300


@jit
def log_constants(points: Floats, exact: int, v: float, out: Floats) -> None:
    """The parts of the log density at each point that do not depend on the mean, written to `out`."""
    r, n = 1.0 / v, points.size
    middle = max(points[n // 2], 1.0)
    for p in range(1 if exact else n):
        y = points[p]
        out[p] = math.lgamma(y + r) - math.lgamma(r) - math.lgamma(y + 1.0) + math.log(middle)


@jit
def log_count(points: Floats, exact: int, constants: Floats, mean: float, v: float) -> float:
    """Log density of a count, from its points and their constants."""
    r = 1.0 / v
    common, slope = r * math.log1p(mean / r), math.log1p(r / mean)
    if exact:
        return float(constants[0] - points[0] * slope - common)
    highest = -math.inf
    for p in range(points.size):
        highest = max(highest, constants[p] - points[p] * slope)
    total = 0.0
    for p in range(points.size):
        total += math.exp(constants[p] - points[p] * slope - highest)
    return float(highest + math.log(total / points.size) - common)


@jit
def log_tail(bound: int, y: float, mean: float, v: float) -> float:
    """Log probability that a count is at least y (`bound` 1) or at most y (-1)."""
    variance = math.log1p(v + 1.0 / mean)
    z = (math.log(mean) - variance / 2.0 - math.log(max(y, 1e-9))) / math.sqrt(variance)
    return math.log(max(0.5 * math.erfc(-z * bound / math.sqrt(2.0)), LEAST_TAIL))


@jit
def log_held(log_count: float, people: float, v: float, bound: int) -> float:
    """Log density of the log of a count of whole `people` with relative variance v, or the log of a bound's tail.

    The count is lognormal with mean `people`; under half a person counts as half a person, as in `reading`.
    """
    variance = math.log1p(v)
    z = (math.log(max(people, 0.5)) - variance / 2.0 - log_count) / math.sqrt(variance)
    if bound != 0:
        return float(math.log(max(0.5 * math.erfc(-z * bound / math.sqrt(2.0)), LEAST_TAIL)))
    return float(-0.5 * z * z - 0.5 * math.log(2.0 * math.pi * variance))
