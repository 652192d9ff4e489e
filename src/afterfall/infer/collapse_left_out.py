"""One past collapse left out: what the pool over the others says of its share of dead, beside two simpler forecasts.

The pool (`past`) is ``y ~ normal(X b, between^2 + error^2)`` with b = (mean, shift of settled ends) normal and
``between`` half-normal. Given `between` everything is normal, so b is integrated out exactly and only `between` is
left, on a grid of equal prior mass: the weights are the marginal likelihoods of the others. The forecast of the one
left out is that mixture, with the error of its own record. No sampler and no JAX.

Beside it, ``raw``: a normal with the mean and standard deviation of the others' logits, as they are; and ``even``:
every share from 0 to 1 alike. The spread between collapses is also held at stated values (`STATED`) instead of being
learned, to show what follows from it. All forecasts are ordered samples, the quantiles at the middles of n equal parts,
as logits.
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
#: Spreads between collapses, on the logit scale, at which the pool is shown beside the learned one.
STATED = (0.4, 0.8, 1.6)
#: Values of `between`, and samples of each forecast.
GRID, SAMPLES = 400, 400
#: Halvings by which a quantile is found.
HALVINGS = 60


@dataclass(frozen=True, eq=False)
class LeftOut:
    """A collapse and what was said of it from the others: samples as logits by forecast, and how many the others are.

    `settled_alone` says that no other collapse ended alike, so that the shift between settled and other ends rests on
    its prior.
    """

    collapse: Collapse
    others: int
    settled_alone: bool
    samples: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Mixture:
    """Normals with weights: ``weight``, ``mean`` and ``sd``, each ``(k,)``."""

    weight: Floats
    mean: Floats
    sd: Floats

    def quantiles(self, at: Floats) -> Floats:
        """Quantiles, found by halving."""
        low = np.full(at.shape, float((self.mean - 12.0 * self.sd).min()))
        high = np.full(at.shape, float((self.mean + 12.0 * self.sd).max()))
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            below = (self.weight * ndtr((middle[:, None] - self.mean) / self.sd)).sum(axis=1) < at
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2.0)


def leave_each_out(past: Sequence[Collapse]) -> tuple[LeftOut, ...]:
    """Leave each collapse out in turn; nothing with fewer than three of them."""
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
    """Name of the pool with a stated spread between collapses."""
    return f"{POOL} at {between:g}"


def further(past: Sequence[Collapse], between: float | None = None) -> Floats:
    """What the pool over all collapses says of a further one that was not settled: ordered samples, as logits."""
    at = (np.arange(SAMPLES) + 0.5) / SAMPLES
    return pooled(past, Collapse("a further one", MEAN, 0.0, settled=False), between).quantiles(at)


def pooled(others: Sequence[Collapse], one: Collapse, between: float | None = None) -> Mixture:
    """What the pool over some collapses says of the record of another; `between` is learned, or held where given."""
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
