"""Is the fitter right? Simulation-based calibration on a made-up case.

    python benchmarks/calibration.py [--fits N] [--small]

Draws parameters from the prior, simulates the figures of `tiny` from them, fits these, and ranks each true value among
the draws of its fit. Where prior, simulator, likelihood and sampler agree, ranks are even (Talts, Betancourt, Simpson,
Vehtari and Gelman 2018, arXiv:1804.06788); a chi-square p-value by parameter says so. Three rows of figures:

- *counts*: figures drawn from the observation model itself;
- *people*: the same by whole persons (each of an origin's people comes home or dies or does not, and is then reported
  or not), on origins a fifth as large with ``--small``: what the fit by expected flows leaves out of small origins;
- *bug*: counts half as large again as the likelihood believes. Its ranks must not be even, else this shows nothing.

Needs the extra `fit`. Some ten minutes for 100 fits of each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, random
from numpyro.infer import NUTS
from scipy import stats

from afterfall.case import open_case
from afterfall.infer.density import Density
from afterfall.infer.factors import Array
from afterfall.infer.likelihood import Says, each, moments_of, put_together, says, shares_of
from afterfall.model import build
from afterfall.model.coarse import coarse
from afterfall.model.evidence import POINTS, evidence

SHOWN = (
    "killing.fighter",
    "leaving.mover",
    "leaving.stayer",
    "reporting.returned",
    "reporting.killed",
    "nowcast.concentration",
    "killing.region_sd[north]",
    "leaving.region_sd[north]",
    "fit.discrepancy",
)
WARMUP, DRAWS, EVERY = 150, 190, 10
BINS = 5


def main() -> int:
    """Print p-values by parameter and kind of figures; fail where they speak against the fitter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fits", type=int, default=60, help="fits of each kind")
    parser.add_argument("--small", action="store_true", help="origins a fifth as large")
    asked = parser.parse_args()
    study = Study(asked.small)
    print(f"{'parameter':28s}" + "".join(f"{kind:>10s}" for kind in KINDS))
    p = {kind: study.p_values(kind, asked.fits) for kind in KINDS}
    for i, name in enumerate(SHOWN):
        print(f"{name:28s}" + "".join(f"{p[kind][i]:10.3f}" for kind in KINDS))
    even = {kind: min(1.0, float(p[kind].min()) * len(SHOWN)) for kind in KINDS}
    print("all together                " + "".join(f"{even[kind]:10.3g}" for kind in KINDS))
    return int(even["counts"] < 1e-3 or even["bug"] > 1e-3)


class Study:
    """The case, its density, and a fit compiled once for any figures."""

    def __init__(self, small: bool) -> None:
        model = build(open_case("tiny"), horizon=1)
        program, found = coarse(model), evidence(model.scene)
        observed = tuple(replace(o, low=o.low, high=o.high) for o in found.observed if not o.bound)
        self.density = Density(model, program, replace(found, observed=observed))
        told = says(model.scene, self.density.evidence)
        self.told = told._replace(log_total=told.log_total - np.log(5.0 if small else 1.0))
        self.expect = shares_of(model.scene, program)
        self.column = [self.density.names.index(name) for name in SHOWN]
        self.moments = jax.jit(self._moments)
        self.fit = jax.jit(partial(self._fit))

    def p_values(self, kind: str, fits: int) -> np.ndarray:
        """Chi-square p-values of the ranks, by parameter."""
        luck = np.random.default_rng([20170213, list(KINDS).index(kind)])
        ranks = []
        for number in range(fits):
            truth = luck.normal(size=len(self.density.names))
            figures = KINDS[kind](self.told, *(np.asarray(x) for x in self.moments(truth)), luck)
            points = figures[:, None] + 0.5 * np.array(POINTS)
            draws = np.asarray(self.fit(jnp.asarray(np.maximum(points, 0.0)), random.PRNGKey(number)))
            ranks.append((draws[:, self.column] < truth[self.column]).sum(axis=0))
        bins = np.array(ranks) * BINS // (len(draws) + 1)
        counts = np.array([np.bincount(b, minlength=BINS) for b in bins.T])
        return np.array([stats.chisquare(c).pvalue for c in counts])

    def _moments(self, z: Array) -> tuple[Array, ...]:
        """Expected numbers, their relative variance, shares of people and of those reported."""
        theta = self.density.parameters(z)
        shares = self.expect(theta)
        mean, v = moments_of(self.told, self.density.program, theta, shares, self.density.discrepancy(z))
        own = jnp.stack([shares.home, shares.dead])[self.told.quantity, self.told.column, self.told.region]
        names = self.density.program.names
        reported = jnp.stack([theta[names.index(f"reporting.{q}")] for q in ("returned", "killed")])
        return mean, v, own, reported[self.told.quantity], theta[names.index("nowcast.concentration")]

    def _fit(self, points: Array, key: Array) -> Array:
        """Draws of a fit to figures ``points[n, 5]``."""

        def potential(z: Array) -> Array:
            theta = self.density.parameters(z)
            shares, discrepancy = self.expect(theta), self.density.discrepancy(z)
            log = put_together(self.told, each(self.told, self.density.program, theta, shares, discrepancy, points))
            return 0.5 * (z**2).sum() - log.sum()

        kernel = NUTS(potential_fn=potential, target_accept_prob=0.8, max_tree_depth=6)
        first, second = random.split(key)
        start = 0.3 * random.normal(first, (len(self.density.names),))
        state = kernel.init(second, WARMUP, start, (), {})

        def step(state: Array, _: None) -> tuple[Array, Array]:
            state = kernel.sample(state, (), {})
            return state, state.z

        return lax.scan(step, state, None, length=WARMUP + DRAWS)[1][WARMUP::EVERY]


def totals(told: Says, luck: np.random.Generator) -> np.ndarray:
    """A point of its origin's total for every number, the same for all numbers of an origin."""
    weights = np.exp(told.log_total_weight)
    point = np.array([luck.choice(w.size, p=w / w.sum()) for w in weights])
    return point[told.origin]


def counts(told: Says, mean: np.ndarray, v: np.ndarray, *rest: object) -> np.ndarray:
    """Figures from the observation model: negative binomials."""
    luck = rest[-1]
    assert isinstance(luck, np.random.Generator)
    at = mean[np.arange(len(v)), totals(told, luck)]
    return luck.poisson(at * luck.gamma(1.0 / v, v)).astype(float)


def people(
    told: Says,
    mean: np.ndarray,
    v: np.ndarray,
    own: np.ndarray,
    reported: np.ndarray,
    concentration: np.ndarray,
    luck: np.random.Generator,
) -> np.ndarray:
    """Figures of whole persons: the share of an origin, whom it befalls, who is reported; then the error."""
    at = mean[np.arange(len(v)), totals(told, luck)]
    whole = np.maximum(np.round(at / (own * reported)).astype(int), 1)
    share = luck.beta(own * concentration, (1.0 - own) * concentration)
    seen = luck.binomial(luck.binomial(whole, share), reported)
    error = np.maximum(v - (1.0 - own) / (own * (concentration + 1.0)), 1e-6)
    return np.round(seen * luck.gamma(1.0 / error, error))


def bug(told: Says, mean: np.ndarray, v: np.ndarray, *rest: object) -> np.ndarray:
    """Counts half as large again as the likelihood believes."""
    return counts(told, 1.5 * mean, v, *rest)


KINDS: dict[str, Callable[..., np.ndarray]] = {"counts": counts, "people": people, "bug": bug}

if __name__ == "__main__":
    sys.exit(main())
