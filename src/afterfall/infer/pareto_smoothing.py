"""Importance weights that take figures out of the draws of a fit, with a smoothed tail, and whether they are reliable.

Draws of a fit are reweighted by the inverse of the likelihood of the figures that are taken out. The largest weights
are replaced by quantiles of a generalised Pareto distribution fitted to them. Its shape k says how heavy the tail is.
Where k exceeds ``min(0.7, 1 - 1 / log10(draws))``, averages with these weights are unreliable: they miss parameters
that only the figures taken out had excluded, and make the fit look better without these figures than it is.

Reference: Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", JMLR 25(72).
"""

from __future__ import annotations

import math

import numpy as np
from arviz_stats.base.array import array_stats

from afterfall.engine.program import Floats

#: Range of log weights below which leaving a figure out has no effect.
NOTHING = 1e-3
#: Pareto k above which weights are unreliable, however many the draws.
LARGEST_K = 0.7


def smoothed(log: Floats) -> tuple[Floats, float]:
    """Weights of draws ``[n]`` without a figure, given its own log likelihood, and the Pareto k of their tail."""
    if np.ptp(log) < NOTHING:
        return np.full(len(log), 1.0 / len(log)), 0.0
    weights, khat = array_stats.psislw(log)
    weights = np.exp(np.asarray(weights) - np.max(weights))
    return weights / weights.sum(), float(khat) if np.isfinite(khat) else math.inf


def largest_k(draws: int) -> float:
    """Pareto k up to which weights of a number of draws are reliable."""
    return min(LARGEST_K, 1.0 - 1.0 / math.log10(max(2, draws)))
