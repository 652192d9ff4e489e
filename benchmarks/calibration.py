"""Checks of the fitter on a made-up case: simulation-based calibration, and recovery of known parameters.

    python benchmarks/calibration.py [--fits N] [--workers N]

Draws parameters from the prior and simulates the figures of a case of eight origins (`eight_origins`: counts exact and
rounded, contested, bounds, stocks, shares of the world; totals of one or two report families). Two questions:

*Is the likelihood that of the simulator?* Then its gradient at the true values is zero on average, in every direction.
With 4,000 simulations this detects means of a fifteenth of the gradient's own standard deviation.

*Are whole fits right?* These figures are fitted with the sampler of `afterfall fit`, and each true value is ranked
among the draws of its fit. If prior, simulator, likelihood and sampler agree, ranks are uniform (Talts, Betancourt,
Simpson, Vehtari and Gelman 2018, arXiv:1804.06788); the test is a chi-square p-value for each parameter. With 100 fits
it detects only gross errors: posteriors off by 0.6 standard deviations eight times in ten, by 0.3 one time in
twenty-five. So the log likelihood of the figures is ranked as well, at the true values among those at the draws: a
quantity that depends on figures and parameters together detects what no parameter alone does (Modrák, Moon, Kim,
Bürkner, Huurre, Faltejsková, Gelman and Vehtari 2023, doi:10.1214/23-BA1404).

Three kinds of figures:

- *counts*: drawn from the observation model itself;
- *people*: returned and dead as whole persons (each person of an origin comes home, dies or neither, and is then
  reported or not), which the fit by expected flows ignores for small origins (25 to 300 people);
- *bug*: counts twice as large as the likelihood assumes. It must be detected, otherwise the checks have no power.

Recovery, from the fits to *counts*: the correlation between true values and posterior means, and how many true values
lie within the 90 % intervals. Correlations near zero belong to parameters on which such figures carry no information.

Not simulated are the order in which holdings fell and past collapses, which are no figures, and several counts of one
report family: "repetition is no information" is a reading rule, not a model. Ends with exit code 1 if ranks of *counts*
or *people* are uneven, if the mean gradient of *counts* is not zero, or if *bug* is not detected by both gradients and
ranks (each at one in a thousand, all parameters together). Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from eight_origins import eight_origins
from jax import lax, random
from scipy import stats  # type: ignore[import-untyped]
from whole_people import Whole, counts_people, whole_people

from afterfall.infer.fitting import ONE_THREAD
from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import combine, given_split, log_likelihood_each, moments_of, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.sampling import kernel_of, step
from afterfall.model import build
from afterfall.model.observation.figure_rules import FIT_QUANTITIES, SHARES
from afterfall.model.observation.fit_arrays import FitData, fit_arrays
from afterfall.model.observation.fit_data import POINTS

SHOWN = (
    "killing.fighter",
    "leaving.mover",
    "leaving.stayer",
    "reporting.returned",
    "reporting.killed",
    "nowcast.concentration",
    "killing.region_sd[north]",
    "leaving.region_sd[north]",
    "killing.region_sd[south]",
    "leaving.region_sd[south]",
    "fit.discrepancy",
)
#: The quantity that is ranked as well.
LIKELIHOOD = "log likelihood"
RANKED = (*SHOWN, LIKELIHOOD)
KINDS = ("counts", "people", "bug")
WARMUP, DRAWS, EVERY = 200, 190, 10
BINS = 5
#: A contested count that is wrong is any whole number y, 0 included, with probability in proportion to
#: ``1 / max(y, 1)``: the density that the likelihood compares contesting families with.
ANYTHING = np.cumsum(1.0 / np.maximum(np.arange(100_000), 1.0))
#: Simulations for the slopes.
SLOPES = 4000
SURE = 1e-3


def main() -> int:
    """Print p-values by parameter and kind of figures, and what was recovered; fail where they speak against it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fits", type=int, default=100, help="fits of each kind (default: 100)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="fits at once")
    asked = parser.parse_args()
    slopes = {kind: mean_slopes(kind) for kind in KINDS}
    jobs = [(kind, number) for number in range(asked.fits) for kind in KINDS]
    found: dict[str, list[np.ndarray]] = {kind: [] for kind in KINDS}
    os.environ["XLA_FLAGS"] = ONE_THREAD
    with ProcessPoolExecutor(asked.workers, get_context("spawn")) as pool:
        for done, ((kind, _), result) in enumerate(zip(jobs, pool.map(one_fit, jobs), strict=True), 1):
            found[kind].append(result)
            print(f"\r{done} of {len(jobs)} fits", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return judge(slopes, {kind: np.array(results) for kind, results in found.items()})


def mean_slopes(kind: str) -> np.ndarray:
    """Mean slope of the log likelihood at the true values over its standard error, by parameter shown ``[P]``."""
    study, slopes = the_study(), []
    for number in range(SLOPES):
        rng = np.random.default_rng([20170214, KINDS.index(kind), number])
        truth = rng.normal(size=len(study.density.names))
        points, bound = study.simulate(kind, truth, rng)
        slopes.append(np.asarray(study.slope(truth, jnp.asarray(points), jnp.asarray(bound)))[study.column])
    found = np.array(slopes)
    return np.asarray(found.mean(axis=0) / (found.std(axis=0) / np.sqrt(SLOPES)))


def judge(slopes: dict[str, np.ndarray], found: dict[str, np.ndarray]) -> int:
    """Print the tables: slopes, and those from truth, mean, rank and inside by fit, ``[fits, 4, P + 1]`` a kind."""
    print(f"{'mean slope / its error':28s}" + "".join(f"{kind:>9s}" for kind in KINDS))
    for i, name in enumerate(SHOWN):
        print(f"{name:28s}" + "".join(f"{slopes[kind][i]:9.1f}" for kind in KINDS))
    print()
    p = {kind: np.array([evenness(ranks) for ranks in results[:, 2].T]) for kind, results in found.items()}
    truth, mean, _, inside = np.moveaxis(found["counts"], 1, 0)
    print(f"{'p-values of even ranks':28s}" + "".join(f"{kind:>9s}" for kind in KINDS) + "   recovered  in 90 %")
    for i, name in enumerate(RANKED):
        recovered = f"{np.corrcoef(truth[:, i], mean[:, i])[0, 1]:.2f}" if name != LIKELIHOOD else ""
        row = "".join(f"{p[kind][i]:9.2g}" for kind in KINDS)
        print(f"{name:28s}{row}{recovered:>12s}{100.0 * inside[:, i].mean():8.0f}")
    together = {kind: min(1.0, float(p[kind].min()) * len(RANKED)) for kind in KINDS}
    print(f"{'all together':28s}" + "".join(f"{together[kind]:9.2g}" for kind in KINDS))
    level = stats.norm.isf(SURE / len(SHOWN) / 2.0)
    wrong = bool((np.abs(slopes["counts"]) > level).any())
    blind = bool((np.abs(slopes["bug"]) < level).all()) or together["bug"] > SURE
    if blind:
        print("the planted mistake is not detected by both slopes and ranks, so the other results have no power")
    return int(wrong or blind or together["counts"] < SURE or together["people"] < SURE)


def evenness(ranks: np.ndarray) -> float:
    """Chi-square p-value of ranks among the kept draws of each fit."""
    bins = ranks.astype(int) * BINS // (DRAWS // EVERY + 1)
    return float(stats.chisquare(np.bincount(bins, minlength=BINS)).pvalue)


def one_fit(job: tuple[str, int]) -> np.ndarray:
    """Truth, mean of the draws, rank of the truth and whether it is inside 90 %, by what is ranked, ``[4, P + 1]``."""
    kind, number = job
    study = the_study()
    rng = np.random.default_rng([20170213, KINDS.index(kind), number])
    truth = rng.normal(size=len(study.density.names))
    points, bound = study.simulate(kind, truth, rng)
    figures = jnp.asarray(points), jnp.asarray(bound)
    walked = study.fit(*figures, random.PRNGKey(number))
    true_log, *logs = (float(study.log_likelihood(z, *figures)) for z in (truth, *walked))
    draws = np.column_stack([np.asarray(walked)[:, study.column], logs])
    known = np.append(truth[study.column], true_log)
    rank = (draws < known).sum(axis=0)
    inside = (rank > 0) & (rank < len(draws))  # 19 draws: each end has probability 1/20
    return np.stack([known, draws.mean(axis=0), rank, inside])


@cache
def the_study() -> Study:
    """The study of this process."""
    return Study()


class Study:
    """The case, its density, and a fit compiled once for any figures."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = build(eight_origins(Path(folder) / "eight"), horizon=1)
        self.density = LogPosterior.of(model)
        self.arrays = fit_arrays(model.view, self.density.fit_figures)
        ratio = np.isin(self.arrays.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])
        self.half = np.where(ratio, 0.0, np.ptp(self.arrays.points, axis=1) / 2.0 / POINTS[-1])  # shares are exact
        self.level = self.arrays.points.mean(axis=1)
        self.expect = shares_of(model.view, self.density.program)
        self.column = [self.density.names.index(name) for name in SHOWN]
        self.whole = jax.jit(self._whole)
        self.split = jax.jit(self._split)
        self.fit = jax.jit(self._fit)
        self.log_likelihood = jax.jit(self._log_likelihood)
        self.slope = jax.jit(jax.grad(self._log_likelihood))

    def simulate(self, kind: str, truth: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Figures from true standard normals: points of their intervals ``[n, 5]`` and the sides of bounds ``[n]``."""
        arrays, every = self.arrays, np.arange(len(self.arrays.quantity))
        whole = Whole(*(np.asarray(x) for x in self.whole(truth)))
        chosen = totals(arrays.log_total_weight, rng)[arrays.origin]
        at, v = whole.expected[every, chosen], whole.v
        y = self.counts(kind, at, v, rng)
        if kind == "people":
            y = np.where(counts_people(arrays), people(arrays, at, whole, rng), y)
        ratio = np.isin(arrays.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])
        y = np.where(ratio | (arrays.bound != 0), at * mean_one(np.where(ratio, v, v + 1.0 / at), rng), y)
        wrong = contested_and_wrong(arrays.family, arrays.family_weight, rng)
        y[wrong] = np.searchsorted(ANYTHING, ANYTHING[-1] * rng.random(len(wrong)))
        dead = (arrays.split_with >= 0) & ~np.isin(every, wrong)
        if kind != "people":  # whole people are split as they are; all else follows the likelihood, the returned first
            expected, left = (np.asarray(x) for x in self.split(truth, self.points(y)))
            y = np.where(dead, self.counts(kind, expected[every, chosen], left[every, chosen], rng), y)
        bound = np.where(arrays.bound == 0, 0, np.where(y >= self.level, 1, -1))
        return self.points(y), bound

    def counts(self, kind: str, at: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Counts as the likelihood has them; twice as large in *bug*."""
        return rng.poisson((2.0 if kind == "bug" else 1.0) * at * rng.gamma(1.0 / v, v)).astype(float)

    def points(self, y: np.ndarray) -> np.ndarray:
        """Numbers as they are published: points of their intervals ``[n, 5]``."""
        rounded = (self.half > 0.0) & (y >= self.half)  # below half a unit a number is not rounded
        unit = np.where(rounded, 2.0 * self.half, 1.0)
        ratio = np.isin(self.arrays.quantity, [FIT_QUANTITIES.index(q) for q in SHARES])
        middle = np.where(ratio, y, np.floor(y / unit + 0.5) * unit)
        middle = np.where(self.arrays.bound != 0, self.level, middle)
        return np.asarray(middle[:, None] + np.where(rounded, self.half, 0.0)[:, None] * np.array(POINTS))

    def _whole(self, z: Array) -> Whole:
        theta = self.density.parameters(z)
        return whole_people(self.arrays, self.density.program, theta, self.expect(theta), self.density.discrepancy(z))

    def _split(self, z: Array, points: Array) -> tuple[Array, Array]:
        program, theta = self.density.program, self.density.parameters(z)
        moments = moments_of(self.arrays, program, theta, self.expect(theta), self.density.discrepancy(z))
        return given_split(self.arrays, program, theta, *moments, points)

    def _log_likelihood(self, z: Array, points: Array, bound: Array) -> Array:
        arrays, theta = self.arrays._replace(bound=bound), self.density.parameters(z)
        shares, discrepancy = self.expect(theta), self.density.discrepancy(z)
        return combine(
            arrays, log_likelihood_each(arrays, self.density.program, theta, shares, discrepancy, points)
        ).sum()

    def _fit(self, points: Array, bound: Array, key: Array) -> Array:
        """Draws of a fit to figures, by the sampler of `afterfall fit`."""
        kernel = kernel_of(lambda z: 0.5 * (z**2).sum() - self._log_likelihood(z, points, bound))
        first, second = random.split(key)
        start = 0.3 * random.normal(first, (len(self.density.names),))
        state = kernel.init(second, WARMUP, start, (), {})
        walked = lax.scan(lambda one, _: step(kernel, one), state, None, length=WARMUP + DRAWS)[1]
        return walked["z"][WARMUP::EVERY]


def totals(log_weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A point of each origin's total."""
    weights = np.exp(log_weight)
    return np.array([rng.choice(w.size, p=w / w.sum()) for w in weights])


def mean_one(v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lognormal errors of mean one and relative variance v."""
    sd = np.sqrt(np.log1p(v))
    return np.asarray(np.exp(sd * rng.normal(size=len(v)) - sd**2 / 2.0))


def people(arrays: FitData, at: np.ndarray, whole: Whole, rng: np.random.Generator) -> np.ndarray:
    """Counts by whole persons: the share of an origin, whom it befalls, who is reported; then the error."""
    everyone = np.maximum(np.round(at / (whole.share * whole.reported)), 1.0).astype(int)
    c = whole.concentration + 1.0  # so that the variance of a share s is s (1 - s) / c
    share = rng.beta(whole.share * (c - 1.0), (1.0 - whole.share) * (c - 1.0))
    dead = np.flatnonzero(arrays.split_with >= 0)
    home, mean = arrays.split_with[dead], whole.share[dead]
    of_rest = rng.beta(mean * (c - 1.0), np.maximum(1.0 - whole.share[home] - mean, 1e-6) * (c - 1.0))
    befallen = rng.binomial(everyone, share)
    befallen[dead] = rng.binomial(everyone[home] - befallen[home], of_rest)
    seen = rng.binomial(befallen, whole.reported)
    error = np.maximum(whole.error, 1e-6)
    return np.asarray(np.round(seen * rng.gamma(1.0 / error, error)))


def contested_and_wrong(family: np.ndarray, weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where families contest each other one is right, by weight: the numbers of all others."""
    wrong: list[int] = []
    for row in weight:
        families = np.flatnonzero(np.isfinite(row))
        if len(families) > 1:
            right = rng.choice(families, p=np.exp(row[families]) / np.exp(row[families]).sum())
            wrong += [int(i) for f in families if f != right for i in np.flatnonzero(family[f])]
    return np.array(wrong, dtype=int)


if __name__ == "__main__":
    sys.exit(main())
