"""Stacking: how far a fit predicts better than the priors, and draws that lean on it no further than that.

A fit to few figures can do worse than its priors. Both are therefore asked to predict the figures of each origin from
those of all others: the fit by Pareto-smoothed importance sampling (leave-one-group-out), the priors as they are, since
no figure informs them. The weight of the fit maximises the log score of the mixture over origins::

    sum over origins of log(w * p(y[o] | y of the others) + (1 - w) * p(y[o]))        w in [0, 1]

and ``1 - w`` of the draws are replaced by draws of the priors. Where figures are many, the weight is close to one.

Assumption: the past collapses that mortality is pooled with, and the order in which holdings fell, belong to no origin
and are not left out.

References: Yao, Vehtari, Simpson and Gelman (2018), "Using stacking to average Bayesian predictive distributions",
doi:10.1214/17-BA1091; Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling".
"""

from __future__ import annotations

import jax
import numpy as np
from arviz_stats.base.array import array_stats
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.special import logsumexp  # type: ignore[import-untyped]

from afterfall.engine.program import Floats
from afterfall.infer.likelihood import by_group
from afterfall.infer.log_posterior import LogPosterior

#: Number of draws, of the fit and of the priors, over which predictive densities are averaged.
DRAWS = 400


def stacked(density: LogPosterior, z: Floats, seed: int) -> tuple[Floats, float]:
    """Draws of the fit ``[n, P]`` of which a share is replaced by draws of the priors, and the weight of the fit.

    Parameters
    ----------
    density
        The density that was sampled.
    z
        Its draws, as standard normals.
    seed
        Seed of the draws of the priors.

    Returns
    -------
    z, weight
        New draws of the same shape, and the share of them that are the fit's.
    """
    rng = np.random.default_rng(seed)
    rows = np.linspace(0, len(z) - 1, min(DRAWS, len(z))).round().astype(int)
    own = log_likelihoods(density, z[rows])
    priors = log_likelihoods(density, rng.standard_normal((DRAWS, z.shape[1])))
    weight = stacking_weight(left_out(own), logsumexp(priors, axis=0) - np.log(len(priors)))
    replaced = round((1.0 - weight) * len(z))
    mixed = z.copy()
    at = np.linspace(0, len(z) - 1, replaced).round().astype(int)
    mixed[at] = rng.standard_normal((replaced, z.shape[1]))
    return mixed, 1.0 - replaced / len(z)


def log_likelihoods(density: LogPosterior, z: Floats) -> Floats:
    """Log likelihood of the figures of each origin that has any, for each draw, ``[n, O']``."""
    figures = by_group(density.model.view, density.program, density.fit_figures)
    one = jax.jit(lambda row: figures(density.parameters(row), density.discrepancy(row))[0])
    found = np.stack([np.asarray(one(row)) for row in z])
    return found[:, np.ptp(found, axis=0) > 0.0]


def left_out(log: Floats) -> Floats:
    """Log predictive density of each group's figures from those of the others, ``[G]``, given ``log[n, G]``."""
    weights = np.stack([np.asarray(array_stats.psislw(column)[0]) for column in log.T], axis=1)
    return np.asarray(logsumexp(weights + log, axis=0) - logsumexp(weights, axis=0))


def stacking_weight(fit: Floats, priors: Floats) -> float:
    """Weight of the first of two log predictive densities ``[G]``: one half where there is nothing to compare."""
    if not len(fit):
        return 0.5
    top = np.maximum(fit, priors)
    a, b = np.exp(fit - top), np.exp(priors - top)
    found = minimize_scalar(lambda w: -np.log(w * a + (1.0 - w) * b).sum(), bounds=(0.0, 1.0), method="bounded")
    edges = [(-np.log(np.maximum(w * a + (1.0 - w) * b, 1e-300)).sum(), w) for w in (0.0, 1.0)]
    return float(min([*edges, (found.fun, float(found.x))])[1])
