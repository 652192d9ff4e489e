"""Stacking: how far a fit predicts better than the priors, and draws that lean on it no further than that.

A fit to few figures can do worse than its priors. Both are therefore asked to predict the figures of each origin from
those of all others: the fit by Pareto-smoothed importance sampling (leave-one-group-out), the priors by their own draws
and by what an origin borrows from the others of its region in a forecast (`regional_borrowing`). The same groups are
scored for both: each origin, and the world, of which the likelihood reads a figure. The weight of the fit maximises the
log score of the mixture over these groups::

    sum over origins of log(w * p(y[o] | y of the others) + (1 - w) * p(y[o]))        w in [0, 1]

and ``1 - w`` of the draws are replaced by draws of the priors, which are marked: a forecast reads them as draws of the
priors, except that they have a discrepancy common to all counts, as in the score. Where figures are many, the weight is
close to one.

Assumption: the past collapses that mortality is pooled with, and the order in which holdings fell, belong to no origin.
The fit has used them for every group, and no group is scored for them; the priors never use them.

References: Yao, Vehtari, Simpson and Gelman (2018), "Using stacking to average Bayesian predictive distributions",
doi:10.1214/17-BA1091; Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling".
"""

from __future__ import annotations

import jax
import numpy as np
import numpy.typing as npt
from arviz_stats.base.array import array_stats
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.special import logsumexp  # type: ignore[import-untyped]

from afterfall.engine.program import Floats
from afterfall.infer.likelihood import by_group
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.regional_borrowing import borrowing_log_likelihoods
from afterfall.model.observation.fit_arrays import fit_arrays

Flags = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.int_]

#: Number of draws, of the fit and of the priors, over which predictive densities are averaged.
DRAWS = 400


def stacked(density: LogPosterior, z: Floats, seed: int) -> tuple[Floats, Flags]:
    """Draws of the fit ``[n, P]`` of which a share is replaced by draws of the priors, and which are still the fit's.

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
    z, fitted
        New draws of the same shape, and whether each is the fit's ``[n]``.
    """
    rng = np.random.default_rng(seed)
    rows = np.linspace(0, len(z) - 1, min(DRAWS, len(z))).round().astype(int)
    own = log_likelihoods(density, z[rows])
    priors = borrowing_log_likelihoods(density, rng.standard_normal((DRAWS, z.shape[1])), seed)
    groups = scored_groups(density)
    predicted = logsumexp(priors[:, groups], axis=0) - np.log(len(priors))
    weight = stacking_weight(left_out(own[:, groups]), predicted)
    replaced = round((1.0 - weight) * len(z))
    mixed, fitted = z.copy(), np.ones(len(z), dtype=bool)
    at = np.linspace(0, len(z) - 1, replaced).round().astype(int)
    mixed[at] = rng.standard_normal((replaced, z.shape[1]))
    fitted[at] = False
    return mixed, fitted


def scored_groups(density: LogPosterior) -> Groups:
    """Rows of the origins, and of the world, of which the likelihood reads a figure."""
    return np.unique(fit_arrays(density.model.view, density.fit_figures).group_origin)


def log_likelihoods(density: LogPosterior, z: Floats) -> Floats:
    """Log likelihood of each origin's figures (those of the world last) for draws of the fit, ``[n, O' + 1]``."""
    figures = by_group(density.model.view, density.program, density.fit_figures)
    one = jax.jit(lambda row: figures(density.parameters(row), density.discrepancy(row))[0])
    return np.stack([np.asarray(one(row)) for row in z])


def left_out(log: Floats) -> Floats:
    """Log predictive density of each group's figures from those of the others, ``[G]``, given ``log[n, G]``."""
    if not log.shape[1]:
        return np.zeros(0)
    weights = np.stack([_inverse(column) for column in log.T], axis=1)
    return np.asarray(logsumexp(weights + log, axis=0) - logsumexp(weights, axis=0))


def _inverse(log: Floats) -> Floats:
    """Smoothed log weights that take a group out of the draws, given its log likelihood ``[n]``."""
    return np.asarray(array_stats.psislw(log)[0]) if np.ptp(log) > 0.0 else np.zeros(len(log))


def stacking_weight(fit: Floats, priors: Floats) -> float:
    """Weight of the first of two log predictive densities ``[G]``: one half where there is nothing to compare."""
    if not len(fit):
        return 0.5
    top = np.maximum(fit, priors)
    a, b = np.exp(fit - top), np.exp(priors - top)
    found = minimize_scalar(lambda w: -np.log(w * a + (1.0 - w) * b).sum(), bounds=(0.0, 1.0), method="bounded")
    edges = [(-np.log(np.maximum(w * a + (1.0 - w) * b, 1e-300)).sum(), w) for w in (0.0, 1.0)]
    return float(min([*edges, (found.fun, float(found.x))])[1])
