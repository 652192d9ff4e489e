"""Stacking: how far a fit predicts better than the priors, and draws that lean on it no further than that.

A fit to few figures can do worse than its priors. Both are therefore asked to predict the figures of each origin from
those of all others: the fit by Pareto-smoothed importance sampling (leave-one-group-out), the priors by their own draws
and by what an origin borrows from the others of its region in a forecast (`regional_borrowing`). The same groups are
scored for both: each origin, and the world, of which the likelihood reads a figure. The weight of the fit maximises the
log score of the mixture over these groups::

    sum over groups of log(w * p(y[o] | y of the others) + (1 - w) * p(y[o]))        w in [0, 1]

A group is scored for neither where one of the two densities is unreliable. For the fit: where the Pareto k of the
weights that take the group out is too large (`pareto_smoothing`), since the density then errs towards the fit. For the
priors: where fewer than `LEAST_EFFECTIVE` of their draws carry the mean of the likelihoods, since the mean of few errs
against the priors. Draws of the priors are added until there are as many for every group, up to `MOST_DRAWS`. On how
many groups the weight rests is kept in the provenance of the posterior. With no group it is one half.

Then ``1 - w`` of the draws are replaced by draws of the priors, which are marked: a forecast reads them as draws of the
priors, except that they have a discrepancy common to all counts, as in the score. Where figures are many, the weight is
close to one.

Assumption: the past collapses that mortality is pooled with, and the order in which holdings fell, belong to no origin.
The fit has used them for every group, and no group is scored for them; the priors never use them.

References: Yao, Vehtari, Simpson and Gelman (2018), "Using stacking to average Bayesian predictive distributions",
doi:10.1214/17-BA1091; Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling".
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.special import logsumexp  # type: ignore[import-untyped]

from afterfall.engine.program import Floats
from afterfall.infer.likelihood import by_group
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.pareto_smoothing import largest_k, smoothed
from afterfall.infer.regional_borrowing import borrowing_log_likelihoods
from afterfall.model.observation.fit_arrays import fit_arrays

Flags = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.int_]

#: Must be raised with every change of the weight: draws are then stacked again, from the same chains.
STACKING_VERSION = 2
#: Number of draws of the fit over which a predictive density is averaged, and of the priors to begin with.
DRAWS = 1200
#: Draws of the priors at most.
MOST_DRAWS = 3600
#: Effective number of draws of the priors that a mean likelihood needs: its relative standard error is below a fifth.
LEAST_EFFECTIVE = 30.0


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Log predictive densities of each group's figures from those of the others, all ``[G]``, and their reliability."""

    fit: Floats
    priors: Floats
    k: Floats  # Pareto k of the weights that take the group out of the fit
    effective: Floats  # number of draws of the priors that carry the mean of the likelihoods
    draws: int  # of the fit

    @property
    def reliable(self) -> Flags:
        """Groups that count, for both ``[G]``."""
        return np.asarray((self.k <= largest_k(self.draws)) & (self.effective >= LEAST_EFFECTIVE))

    @property
    def weight(self) -> float:
        """Weight of the fit over the groups that count."""
        return stacking_weight(self.fit[self.reliable], self.priors[self.reliable])


@dataclass(frozen=True, slots=True)
class Stacked:
    """Draws of the fit ``[n, P]`` of which a share is the priors', which are the fit's ``[n]``, and the scores."""

    z: Floats
    fitted: Flags
    scores: GroupScores


def stacked(density: LogPosterior, z: Floats, seed: int) -> Stacked:
    """Draws of the fit of which a share is replaced by draws of the priors.

    Parameters
    ----------
    density
        The density that was sampled.
    z
        Its draws, as standard normals ``[n, P]``.
    seed
        Seed of the draws of the priors.
    """
    rng = np.random.default_rng(seed)
    scores = group_scores(density, z, rng, seed)
    replaced = round((1.0 - scores.weight) * len(z))
    mixed, fitted = z.copy(), np.ones(len(z), dtype=bool)
    at = np.linspace(0, len(z) - 1, replaced).round().astype(int)
    mixed[at] = rng.standard_normal((replaced, z.shape[1]))
    fitted[at] = False
    return Stacked(mixed, fitted, scores)


def group_scores(density: LogPosterior, z: Floats, rng: np.random.Generator, seed: int) -> GroupScores:
    """How the fit, of which `z` ``[n, P]`` are draws, and the priors predict each group's figures from the others'."""
    rows = np.linspace(0, len(z) - 1, min(DRAWS, len(z))).round().astype(int)
    groups = scored_groups(density)
    fit, k = left_out(log_likelihoods(density, z[rows])[:, groups])
    found = np.zeros((0, len(groups)))
    while not len(found) or (len(found) < MOST_DRAWS and (effective_draws(found) < LEAST_EFFECTIVE).any()):
        drawn = rng.standard_normal((DRAWS, z.shape[1]))
        found = np.concatenate([found, borrowing_log_likelihoods(density, drawn, seed, len(found))[:, groups]])
    priors = np.asarray(logsumexp(found, axis=0) - np.log(len(found)))
    return GroupScores(fit, priors, k, effective_draws(found), len(rows))


def effective_draws(log: Floats) -> Floats:
    """Number of draws that carry the mean of the likelihoods of each group ``[G]``, given their log ``[n, G]``."""
    return np.asarray(np.exp(2.0 * logsumexp(log, axis=0) - logsumexp(2.0 * log, axis=0)))


def scored_groups(density: LogPosterior) -> Groups:
    """Rows of the origins, and of the world, of which the likelihood reads a figure."""
    return np.unique(fit_arrays(density.model.view, density.fit_figures).group_origin)


def log_likelihoods(density: LogPosterior, z: Floats) -> Floats:
    """Log likelihood of each origin's figures (those of the world last) for draws of the fit, ``[n, O' + 1]``."""
    figures = by_group(density.model.view, density.program, density.fit_figures)
    one = jax.jit(lambda row: figures(density.parameters(row), density.discrepancy(row))[0])
    return np.stack([np.asarray(one(row)) for row in z])


def left_out(log: Floats) -> tuple[Floats, Floats]:
    """Log predictive density of each group's figures from those of the others, and Pareto k, given ``log[n, G]``."""
    found = [smoothed(column) for column in log.T]
    weights = np.array([w for w, _ in found]).reshape(-1, len(log)).T
    return np.asarray(logsumexp(log, b=weights, axis=0)), np.array([k for _, k in found])


def stacking_weight(fit: Floats, priors: Floats) -> float:
    """Weight of the first of two log predictive densities ``[G]``: one half where there is nothing to compare."""
    if not len(fit):
        return 0.5
    top = np.maximum(fit, priors)
    a, b = np.exp(fit - top), np.exp(priors - top)
    found = minimize_scalar(lambda w: -np.log(w * a + (1.0 - w) * b).sum(), bounds=(0.0, 1.0), method="bounded")
    edges = [(-np.log(np.maximum(w * a + (1.0 - w) * b, 1e-300)).sum(), w) for w in (0.0, 1.0)]
    return float(min([*edges, (found.fun, float(found.x))])[1])
