"""Scoring rules, on the scale that scores are taken on. Lower is better, for every rule that is a score.

The scale. A count x is scored as ``log1p(max(0, x - b))``, where b is the last public figure of the same place and
quantity for a counter, and 0 for a stock or where nothing was public. So a forecast earns nothing for repeating what
was public, a factor counts alike in large and small countries, and zero has a place.

The rules, for samples x_1..x_n and an outcome y on that scale:

- CRPS ``mean |x_i - y| - mean |x_i - x_j| / 2`` of the empirical distribution (Gneiting and Raftery 2007,
  doi:10.1198/016214506000001437);
- log score, minus the log density at y of a Gaussian kernel mixture, its bandwidth Silverman's rule, at least
  `LEAST_BANDWIDTH` because samples of small counts pile up on a few values and a density has none there;
- interval score of the central 90 % interval, and whether y lies in the central 50 % and 90 % intervals (bounds
  included); quantiles are linear between order statistics;
- PIT, the share of samples below y, drawn uniformly between P(x < y) and P(x <= y) where they tie (Czado, Gneiting and
  Held 2009, doi:10.1111/j.1541-0420.2009.01191.x), the draw keyed by the figure's name;
- energy score, the CRPS of several numbers at once, on the Euclidean distance.

`scoringrules` does the arithmetic of CRPS, interval score and energy score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from afterfall.engine.keys import name_key
from afterfall.run.quantile_levels import FAN_LEVELS

Floats = npt.NDArray[np.float64]

LEAST_BANDWIDTH = 0.1


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of one forecast of N outcomes, every array ``(N,)``.

    Attributes
    ----------
    crps, log_score, interval90
        Scores, lower is better.
    inside50, inside90
        Whether the outcome lies in the central interval, 0 or 1.
    pit
        Probability integral transform, in 0..1.
    """

    crps: Floats
    log_score: Floats
    interval90: Floats
    inside50: Floats
    inside90: Floats
    pit: Floats


def on_scale(people: npt.ArrayLike, last_public: npt.ArrayLike = 0.0) -> Floats:
    """Counts on the scale of scores, ``log1p(max(0, people - last_public))``."""
    beyond = np.asarray(people, float) - np.asarray(last_public, float)
    return np.asarray(np.log1p(np.maximum(0.0, beyond)))


def mark(happened: npt.ArrayLike, samples: npt.ArrayLike, names: Sequence[str], *, seed: int) -> Marks:
    """Mark a forecast, everything on the scale of scores.

    Parameters
    ----------
    happened
        Outcomes ``(N,)``.
    samples
        Samples of the forecast ``(N, n)``.
    names
        Names of the outcomes; with the seed they key the draws that break ties in the PIT.
    seed
        Seed of the run.
    """
    y, x = np.asarray(happened, float), np.asarray(samples, float)
    low90, low50, _, high50, high90 = np.quantile(x, FAN_LEVELS, axis=-1)
    return Marks(
        crps=crps(y, x),
        log_score=log_score(y, x),
        interval90=interval_score(y, low90, high90),
        inside50=((low50 <= y) & (y <= high50)).astype(float),
        inside90=((low90 <= y) & (y <= high90)).astype(float),
        pit=pit(y, x, names, seed=seed),
    )


def _arithmetic() -> Any:
    """The library that does the arithmetic, imported where it is used: beside numba that takes seconds."""
    import scoringrules  # type: ignore[import-untyped]

    return scoringrules


def crps(happened: Floats, samples: Floats) -> Floats:
    """CRPS of samples ``(..., n)`` at outcomes ``(...)``."""
    return np.asarray(_arithmetic().crps_ensemble(happened, samples, backend="numpy"), float)


def log_score(happened: Floats, samples: Floats) -> Floats:
    """Minus the log density of a kernel mixture of samples ``(..., n)`` at outcomes ``(...)``.

    Summed in logs: far from every sample a density is too small for a number, its log is not.
    """
    width = bandwidth(samples)[..., None]
    exponent = -0.5 * ((happened[..., None] - samples) / width) ** 2
    nearest = exponent.max(axis=-1, keepdims=True)
    total = np.log(np.exp(exponent - nearest).mean(axis=-1)) + nearest[..., 0]
    return np.asarray(0.5 * np.log(2 * np.pi) + np.log(width[..., 0]) - total)


def bandwidth(samples: Floats) -> Floats:
    """Silverman's bandwidth, ``0.9 min(sd, iqr / 1.34) n^(-1/5)``, at least `LEAST_BANDWIDTH`."""
    n = samples.shape[-1]
    low, high = np.quantile(samples, (0.25, 0.75), axis=-1)
    spread = np.minimum(samples.std(axis=-1, ddof=1 if n > 1 else 0), (high - low) / 1.34)
    return np.asarray(np.maximum(0.9 * spread * n**-0.2, LEAST_BANDWIDTH))


def interval_score(happened: Floats, low: Floats, high: Floats, *, level: float = 0.9) -> Floats:
    """Width of a central interval, and ``2 / (1 - level)`` times the distance by which it misses."""
    return np.asarray(_arithmetic().interval_score(happened, low, high, 1.0 - level, backend="numpy"), float)


def pit(happened: Floats, samples: Floats, names: Sequence[str], *, seed: int) -> Floats:
    """Randomised PIT; the draw depends on the seed and the name of the outcome alone."""
    below = (samples < happened[..., None]).mean(axis=-1)
    upto = (samples <= happened[..., None]).mean(axis=-1)
    return np.asarray(below + keyed_uniforms(names, seed=seed) * (upto - below))


def keyed_uniforms(names: Sequence[str], *, seed: int) -> Floats:
    """A uniform for each name, the same whatever stands beside it."""
    return np.array([keyed(name, seed=seed).random() for name in names])


def keyed(name: str, *, seed: int) -> np.random.Generator:
    """A generator of its own for a name."""
    return np.random.default_rng([seed, int(name_key(name))])


def energy_score(happened: Floats, samples: Floats) -> float:
    """Energy score of joint samples ``(n, d)`` at an outcome ``(d,)``."""
    return float(_arithmetic().es_ensemble(happened, samples, backend="numpy"))


def brier(happened: npt.ArrayLike, probability: npt.ArrayLike) -> Floats:
    """Squared error of probabilities of events that happened (1) or did not (0)."""
    return np.asarray((np.asarray(probability, float) - np.asarray(happened, float)) ** 2)


def event_log_score(happened: npt.ArrayLike, probability: npt.ArrayLike) -> Floats:
    """Minus the log of the probability given to what happened, in nats."""
    y, p = np.asarray(happened, float), np.asarray(probability, float)
    return np.asarray(-np.log(np.where(y > 0, p, 1.0 - p)))
