"""Figures added to a case: posterior draws reweighted as a fit with them would weigh them, the mirror of case deletion.

A posterior was fitted to the figures of a case; some more are published. The draws theta are reweighted by the
likelihood of all figures, old and new, over that of the old ones::

    w(theta)  =  p(old and new figures | theta) / p(old figures | theta)

Both are evaluated whole, each with the fit program of its own case. So what an added figure does besides adding a
factor is followed as well: it takes weight from figures that compete with it, and moves the total of an origin, the
sizes of regions and the arrival curve. Weights are smoothed with a Pareto tail (`pareto_smoothing`). The draws are then
resampled by weight: each is kept, repeated or dropped. A kept draw stays in its place, so that a simulation has the
same draw as before wherever it can. Draws of the priors among them (`stacking`) keep their places, and their share
stays that of the old fit.

A fit is needed where the Pareto k is too large, where the effective number of draws is below that of a fit that has
not converged, or where the unknowns or their priors are not the same (a figure may name a country for the first time).

Reference: Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", JMLR 25(72).
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from afterfall.case import case_hash
from afterfall.engine.program import Floats
from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import by_group
from afterfall.infer.log_posterior import LogPosterior, world_dead
from afterfall.infer.mortality_pool import mortality_pool
from afterfall.infer.pareto_smoothing import largest_k, smoothed
from afterfall.infer.past_collapses import past_collapses
from afterfall.model import MODEL_VERSION, Model
from afterfall.posterior import Posterior, fit_key
from afterfall.posterior.convergence import LEAST_ESS
from afterfall.posterior.edited_case import Reweighting

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int_]


def reweighted(posterior: Posterior, before: Model, after: Model, added: int) -> Reweighting:
    """Draws of a posterior, resampled as a fit with added figures would weigh them.

    Parameters
    ----------
    posterior
        A posterior of `before`.
    before, after
        Models of one case as of one day, without and with the added figures, and without a policy.
    added
        Number of added figures, for the provenance.

    Returns
    -------
    Reweighting
        With the draws for `after`, or with the reason why a fit is needed.
    """
    densities = LogPosterior.of(before), LogPosterior.of(after)
    fitted = posterior.fitted
    draws, limit = int(fitted.sum()), largest_k(int(fitted.sum()))
    reason = _unlike(*densities)
    if reason:
        return Reweighting(None, 0.0, draws, 0.0, limit, reason)
    rows = np.flatnonzero(fitted)
    old, new = (log_likelihoods_of(density, posterior.values[rows].astype(float)) for density in densities)
    weights, khat = smoothed(old - new) if draws else (np.zeros(0), 0.0)
    effective = float(1.0 / (weights**2).sum()) if draws else 0.0
    reason = _unreliable(khat, limit, effective, draws)
    if reason:
        return Reweighting(None, effective, draws, khat, limit, reason)
    chosen = np.arange(len(posterior.values))
    chosen[rows] = rows[resampled(weights)]
    origin = replace(
        posterior.origin,
        case=after.case.id,
        key=fit_key(after),
        case_hash=case_hash(after.case),
        model_version=MODEL_VERSION,
        reweighted_from=posterior.hash,
        added=added,
        effective=effective,
        khat=khat,
    )
    stats = {name: values[chosen] for name, values in posterior.stats.items()}
    found = replace(posterior, origin=origin, values=posterior.values[chosen], stats=stats)
    return Reweighting(found, effective, draws, khat, limit)


def log_likelihoods_of(density: LogPosterior, values: Floats) -> Floats:
    """Log likelihood of all figures and of past collapses ``[n]``, for draws on the engine's scale ``[n, P]``.

    The order in which holdings fell is left out: no figure changes it.
    """
    n = len(density.program.names)
    figures = by_group(density.model.view, density.program, density.fit_figures)
    past = mortality_pool(past_collapses(density.model.case.as_of))

    def one(row: Array) -> Array:
        groups, shares = figures(row[:n], row[n])
        return groups.sum() + past(row[n + 1 :], world_dead(shares))

    return np.asarray(jax.jit(lambda rows: jax.lax.map(one, rows))(jnp.asarray(values)), dtype=float)


def resampled(weights: Floats) -> Rows:
    """Which draw stands in each place ``[n]``, by weight: how often a draw stands differs from n w by less than one.

    A draw that stands at all stands in its own place. Nothing is random: the systematic sample starts at one half.

    >>> resampled(np.array([0.5, 0.0, 0.5, 0.0])).tolist()
    [0, 0, 2, 2]
    """
    n = len(weights)
    ends = np.floor(np.cumsum(weights) / weights.sum() * n + 0.5).astype(int)
    ends[-1] = n
    number = np.diff(ends, prepend=0)
    place = np.arange(n)
    place[number == 0] = np.repeat(np.arange(n), np.maximum(number - 1, 0))
    return place


def _unlike(before: LogPosterior, after: LogPosterior) -> str:
    """Why draws of one density cannot be draws of another at all; empty where they can."""
    priors = [[(k.name, k.low, k.high, k.parameter.scale) for k in d.program.known] for d in (before, after)]
    if before.names != after.names:
        more = sorted(set(after.names) ^ set(before.names))
        listed = ", ".join(more[:3]) + (f" and {len(more) - 3} more" if len(more) > 3 else "")
        return f"a fit with them has other parameters ({listed or 'in another order'})"
    return "" if priors[0] == priors[1] else "a fit with them has other priors"


def _unreliable(khat: float, limit: float, effective: float, draws: int) -> str:
    """Why weights cannot be relied on; empty where they can, and where there is nothing to weigh."""
    found = f"effective number {effective:,.0f} of {draws:,} draws, Pareto k {khat:.2f}"
    if khat > limit:
        return f"reweighting is not reliable ({found}; reliable up to {limit:.2f})"
    if draws and effective < min(LEAST_ESS, draws):
        return f"too few draws agree with them ({found}; {LEAST_ESS:.0f} are needed)"
    return ""
