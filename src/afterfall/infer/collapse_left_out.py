"""Leave-one-out forecasts of past collapses: the share of dead in each, predicted from the pool of the others.

The pool (`mortality_pool`) is ``y ~ normal(X b, between^2 + error^2)`` with b = (mean, shift of settled ends) normal
and ``between`` half-normal. Given `between` everything is normal, so b is integrated out exactly. Only `between`
remains, on a grid of equal prior mass; the weights are the marginal likelihoods of the others. The forecast of the one
left out is that mixture, with the error of its own record. This needs no sampler and no JAX.

There are two simpler forecasts for comparison: ``raw``, a normal with the mean and standard deviation of the others'
logits, and ``even``, uniform on shares from 0 to 1. The spread between collapses is also fixed at stated values
(`STATED`) to show its effect. All forecasts are ordered samples, on the logit scale: the quantiles at the midpoints of
n equal parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]

from afterfall.infer.past_collapses import BETWEEN_SCALE, MEAN, MEAN_SD, SETTLED_SD, Collapse

Floats = npt.NDArray[np.float64]
POOL, RAW, EVEN = "pool", "raw", "even"
#: Fixed spreads between collapses, on the logit scale, at which the pool is also evaluated.
STATED = (0.4, 0.8, 1.6)
#: Values of `between`, and samples of each forecast.
GRID, SAMPLES = 400, 400
#: Bisection steps for a quantile.
HALVINGS = 60


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A collapse and its forecasts from the others: samples on the logit scale by forecast, and the number of others.

    `settled_alone` is true when no other collapse ended in the same way: the shift between settled and other ends then
    rests on its prior.
    """

    collapse: Collapse
    others: int
    settled_alone: bool
    samples: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of normals: ``weight``, ``mean`` and ``sd``, each ``(k,)``."""

    weight: Floats
    mean: Floats
    sd: Floats

    def quantiles(self, at: Floats) -> Floats:
        """Quantiles, by bisection."""
        low = np.full(at.shape, float((self.mean - 12.0 * self.sd).min()))
        high = np.full(at.shape, float((self.mean + 12.0 * self.sd).max()))
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            below = (self.weight * ndtr((middle[:, None] - self.mean) / self.sd)).sum(axis=1) < at
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2.0)


def leave_each_out(past: Sequence[Collapse]) -> tuple[LeftOut, ...]:
    """Leave each collapse out in turn; empty with fewer than three collapses."""
    if len(past) < 3:
        return ()
    at = (np.arange(SAMPLES) + 0.5) / SAMPLES
    return tuple(_left_out(one, [other for other in past if other is not one], at) for one in past)


def _left_out(one: Collapse, others: Sequence[Collapse], at: Floats) -> LeftOut:
    logits = np.array([c.logit for c in others])
    samples = {
        POOL: pooled(others, one).quantiles(at),
        RAW: logits.mean() + logits.std(ddof=1) * np.asarray(ndtri(at)),
        EVEN: np.log(at / (1.0 - at)),
    }
    samples |= {stated_name(between): pooled(others, one, between).quantiles(at) for between in STATED}
    return LeftOut(one, len(others), all(c.settled != one.settled for c in others), samples)


def stated_name(between: float) -> str:
    """Name of the pool with a fixed spread between collapses."""
    return f"{POOL} at {between:g}"


def further(past: Sequence[Collapse], between: float | None = None) -> Floats:
    """Prediction for a further collapse that is not settled, from the pool of all: ordered samples of the logit."""
    at = (np.arange(SAMPLES) + 0.5) / SAMPLES
    return pooled(past, Collapse("a further one", MEAN, 0.0, settled=False), between).quantiles(at)


def pooled(others: Sequence[Collapse], one: Collapse, between: float | None = None) -> Mixture:
    """Prediction for the record of one collapse from the pool of others; `between` is estimated unless given."""
    y, design = np.array([c.logit for c in others]), np.array([[1.0, c.settled] for c in others])
    error = np.array([c.sd for c in others]) ** 2
    prior_mean, prior = np.array([MEAN, 0.0]), np.diag([MEAN_SD**2, SETTLED_SD**2])
    grid = (
        np.array([between])
        if between is not None
        else BETWEEN_SCALE * np.asarray(ndtri(0.5 + (np.arange(GRID) + 0.5) / GRID / 2))
    )
    row = np.array([1.0, one.settled])
    logs, means, variances = [], [], []
    for spread in grid:
        whole = design @ prior @ design.T + np.diag(spread**2 + error)
        residual = y - design @ prior_mean
        gain = prior @ design.T @ np.linalg.inv(whole)
        _, logdet = np.linalg.slogdet(whole)
        logs.append(-0.5 * (logdet + residual @ np.linalg.solve(whole, residual)))
        means.append(row @ (prior_mean + gain @ residual))
        variances.append(row @ (prior - gain @ design @ prior) @ row + spread**2 + one.sd**2)
    weight = np.exp(np.array(logs) - max(logs))
    return Mixture(weight / weight.sum(), np.array(means), np.sqrt(variances))
