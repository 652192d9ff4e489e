"""Posterior predictive checks: the position of each figure in its posterior predictive distribution.

For every figure this is the predictive probability of a number no larger, averaged over draws and over its origin's
total (a lognormal with the moments of the observation model; the dead of a split given its returned). If the model's
errors are right, these probabilities are uniform between 0 and 1, with nine in ten between 0.05 and 0.95. They are
checks on data used in the fit: passing is necessary, not sufficient.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from afterfall.infer.fitting import Fit
from afterfall.infer.likelihood import moments
from afterfall.model.observation.figure_rules import FIT_QUANTITIES
from afterfall.model.observation.fit_data import Observed
from afterfall.posterior import thinned
from afterfall.posterior.sample import DISCREPANCY as DISCREPANCY_NAME

#: Number of draws over which probabilities are averaged.
DRAWS = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """The figures of a quantity: how many, how many within their 90 % predictive interval, and the mean probability.

    `furthest` is the figure furthest from the predictive median, with its probability.
    """

    quantity: str
    figures: int
    inside90: int
    mean: float
    furthest: tuple[str, float]


def predictive_checks(fit: Fit) -> tuple[Checked, ...]:
    """Checks by quantity; bounds are left out, since they are not values."""
    chance, observed = predictive_probabilities(fit), fit.density.fit_figures.observed
    found = []
    for quantity in FIT_QUANTITIES:
        rows = [i for i, o in enumerate(observed) if o.quantity == quantity and not o.bound]
        if rows:
            own = chance[rows]
            far = rows[int(np.argmax(np.abs(own - 0.5)))]
            inside = int(((own >= 0.05) & (own <= 0.95)).sum())
            furthest = (observed[far].figure.figure, float(chance[far]))
            found.append(Checked(quantity, len(rows), inside, float(own.mean()), furthest))
    return tuple(found)


def predictive_probabilities(fit: Fit) -> np.ndarray:
    """For every figure, the predictive probability of a number no larger, ``[n]``."""
    density = fit.density
    of_draw = jax.jit(moments(density.model.view, density.program, density.fit_figures))
    n, names = len(density.program.names), fit.posterior.names
    middle = np.array([_middle(o) for o in density.fit_figures.observed])
    rows = thinned(fit.posterior, DRAWS).values.astype(float)
    total = np.zeros(len(middle))
    for row in rows:
        mean, v, weight = (np.asarray(x) for x in of_draw(jnp.asarray(row[:n]), row[names.index(DISCREPANCY_NAME)]))
        sd = np.sqrt(np.log1p(v))
        z = (np.log(np.maximum(middle, 0.5))[:, None] - np.log(mean) + sd**2 / 2.0) / sd
        total += (stats.norm.cdf(z) * weight).sum(axis=1)
    return np.asarray(total / len(rows))


def _middle(o: Observed) -> float:
    return (o.low + o.high) / 2.0
