"""Scoring rules, on the scale that figures are scored on. Every score is negatively oriented: lower is better.

**Scale.** A count x is scored as ``log1p(max(0, x - b))``. The offset b is the last published figure of the same place
and quantity for a counter, and 0 for a stock or if nothing was published. A forecast therefore earns nothing by
repeating what was published, a given factor counts alike in large and small countries, and zero is on the scale.

**Rules**, for samples x_1..x_n and an observation y on that scale:

- CRPS ``mean |x_i - y| - mean |x_i - x_j| / 2`` of the empirical distribution (Gneiting and Raftery 2007,
  doi:10.1198/016214506000001437);
- log score: minus the log density at y of a Gaussian kernel density estimate. The bandwidth is Silverman's rule, at
  least `LEAST_BANDWIDTH`, because samples of small counts pile up on a few values;
- interval score of the central 90 % interval, and whether y lies in the central 50 % and 90 % intervals (bounds
  included); quantiles interpolate linearly between order statistics;
- randomised PIT: the share of samples below y, drawn uniformly between P(X < y) and P(X <= y) where they tie (Czado,
  Gneiting and Held 2009, doi:10.1111/j.1541-0420.2009.01191.x), the draw keyed by the name of the figure;
- energy score: the multivariate CRPS, with the Euclidean norm.

`scoringrules` computes CRPS, interval score and energy score. The log score is ours: the library's version sums
densities, not their logs, and becomes infinite where they underflow (both agree to 1e-15 elsewhere). Brier score and
log score of an event are one line each.
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
    """Scores and checks of one forecast of N outcomes; every array is ``(N,)``.

    Attributes
    ----------
    crps, log_score, interval90
        Scores; lower is better.
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


def on_scale(people: npt.ArrayLike, offset: npt.ArrayLike = 0.0) -> Floats:
    """Counts on the scale that figures are scored on, ``log1p(max(0, people - offset))``."""
    beyond = np.asarray(people, float) - np.asarray(offset, float)
    return np.asarray(np.log1p(np.maximum(0.0, beyond)))


def mark(observed: npt.ArrayLike, samples: npt.ArrayLike, names: Sequence[str], *, seed: int) -> Marks:
    """Score a forecast; observations and samples are on the scale of `on_scale`.

    Parameters
    ----------
    observed
        Observations ``(N,)``.
    samples
        Samples of the forecast ``(N, n)``.
    names
        Names of the outcomes; with the seed they key the draws that break ties in the PIT.
    seed
        Seed of the run.
    """
    y, x = np.asarray(observed, float), np.asarray(samples, float)
    low90, low50, _, high50, high90 = np.quantile(x, FAN_LEVELS, axis=-1)
    return Marks(
        crps=crps(y, x),
        log_score=log_score(y, x),
        interval90=interval_score(y, low90, high90),
        inside50=((low50 <= y) & (y <= high50)).astype(float),
        inside90=((low90 <= y) & (y <= high90)).astype(float),
        pit=pit(y, x, names, seed=seed),
    )


def _scoringrules() -> Any:
    """The library, imported on first use because the import takes seconds."""
    import scoringrules  # type: ignore[import-untyped]

    return scoringrules


def crps(observed: Floats, samples: Floats) -> Floats:
    """CRPS of samples ``(..., n)`` at observations ``(...)``."""
    return np.asarray(_scoringrules().crps_ensemble(observed, samples, backend="numpy"), float)


def log_score(observed: Floats, samples: Floats) -> Floats:
    """Minus the log of a kernel density estimate from samples ``(..., n)`` at observations ``(...)``.

    Summed in logs, because far from every sample the density underflows.
    """
    width = bandwidth(samples)[..., None]
    exponent = -0.5 * ((observed[..., None] - samples) / width) ** 2
    nearest = exponent.max(axis=-1, keepdims=True)
    total = np.log(np.exp(exponent - nearest).mean(axis=-1)) + nearest[..., 0]
    return np.asarray(0.5 * np.log(2 * np.pi) + np.log(width[..., 0]) - total)


def bandwidth(samples: Floats) -> Floats:
    """Silverman's bandwidth, ``0.9 min(sd, iqr / 1.34) n^(-1/5)``, at least `LEAST_BANDWIDTH`."""
    n = samples.shape[-1]
    low, high = np.quantile(samples, (0.25, 0.75), axis=-1)
    spread = np.minimum(samples.std(axis=-1, ddof=1 if n > 1 else 0), (high - low) / 1.34)
    return np.asarray(np.maximum(0.9 * spread * n**-0.2, LEAST_BANDWIDTH))


def interval_score(observed: Floats, low: Floats, high: Floats, *, level: float = 0.9) -> Floats:
    """Width of a central interval plus ``2 / (1 - level)`` times the distance by which the observation lies outside."""
    score = _scoringrules().interval_score(observed, low, high, 1.0 - level, backend="numpy")
    return np.asarray(score, float).reshape(np.shape(observed))  # the library drops axes of length one


def pit(observed: Floats, samples: Floats, names: Sequence[str], *, seed: int) -> Floats:
    """Randomised PIT; the draw depends only on the seed and the name of the outcome."""
    below = (samples < observed[..., None]).mean(axis=-1)
    upto = (samples <= observed[..., None]).mean(axis=-1)
    return np.asarray(below + tie_breakers(names, seed=seed) * (upto - below))


def tie_breakers(names: Sequence[str], *, seed: int) -> Floats:
    """A uniform for each name, independent of the other names."""
    return np.array([generator_of(name, seed=seed).random() for name in names])


def generator_of(name: str, *, seed: int) -> np.random.Generator:
    """The random generator of a name."""
    return np.random.default_rng([seed, int(name_key(name))])


def energy_score(observed: Floats, samples: Floats) -> float:
    """Energy score of joint samples ``(n, d)`` at an observation ``(d,)``."""
    return float(_scoringrules().es_ensemble(observed, samples, backend="numpy"))


def brier(observed: npt.ArrayLike, probability: npt.ArrayLike) -> Floats:
    """Squared error of probabilities of events that occurred (1) or did not (0)."""
    return np.asarray((np.asarray(probability, float) - np.asarray(observed, float)) ** 2)


def event_log_score(observed: npt.ArrayLike, probability: npt.ArrayLike) -> Floats:
    """Minus the log of the probability given to the observed outcome, in nats."""
    y, p = np.asarray(observed, float), np.asarray(probability, float)
    return np.asarray(-np.log(np.where(y > 0, p, 1.0 - p)))
