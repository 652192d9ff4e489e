"""Does a fit by expected flows distort small origins? An importance check against whole people.

    python benchmarks/small_origins.py [CASE [AS-OF]] [--people 300]

The likelihood treats an origin's count as negative binomial around an expected number. In an origin of forty people,
however, whole people come home or die: of N who travelled, each with the origin's share s (a beta around its region's),
each of those reported with probability rho. The possible count is then binomial, and the error of the source acts on
it. Given parameters and N the people of one origin are independent, so the exact probability of a count is a sum, not a
simulation: over quadrature points of s and over every number from 0 to N. Each count is taken by itself; on both sides
this ignores that the fit conditions some deaths on the returned of the same source.

For each draw of the posterior, the exact likelihood of all counts of origins with at most ``--people`` travellers, over
their likelihood by expected flows, is an importance weight. Even weights mean that whole people would have given the
same posterior. Printed are the shape parameter k of the weights' tail (Vehtari and others 2024, arXiv:1507.02646),
their effective share, and by how many posterior standard deviations the mean of each parameter would move. If any moves
by more than 0.1, the program ends with exit code 1.

Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
from fitted import add_case, fitted
from scipy import special, stats  # type: ignore[import-untyped]
from whole_people import Whole, counts_people, whole_people

from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import combine, log_likelihood_each, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.pareto_smoothing import smoothed
from afterfall.model.observation.fit_arrays import FitData, fit_arrays
from afterfall.posterior import Posterior, thinned
from afterfall.posterior.sample import DISCREPANCY

#: Points over the beta of an origin's own share, and draws of the posterior.
SHARES_POINTS, DRAWS = 24, 200
LIMIT = 0.1


def main() -> int:
    """Print how uneven the weights are and which parameters would move; fail if one moves by more than `LIMIT`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_case(parser)
    parser.add_argument("--people", type=int, default=300, help="largest origin that counts as small")
    asked = parser.parse_args()
    density, posterior = fitted(parser, asked)
    arrays = fit_arrays(density.model.view, density.fit_figures)
    arrays = arrays._replace(split_with=np.full_like(arrays.split_with, -1))  # one count at a time, in both readings
    small = small_counts(arrays, asked.people)
    kept = thinned(posterior, DRAWS)
    rows = kept.values[kept.fitted].astype(float)
    log_weights = np.zeros(len(rows))
    for s, (people, log_each) in enumerate(readings(density, arrays, posterior, rows)):
        exact = log_each.copy()
        exact[small] = exactly(arrays, people, small)
        before, after = combine(arrays, jnp.asarray(log_each)), combine(arrays, jnp.asarray(exact))
        log_weights[s] = float(after.sum() - before.sum())
    return judge(arrays, small, posterior.names, rows, log_weights)


def judge(arrays: FitData, small: np.ndarray, names: tuple[str, ...], rows: np.ndarray, log_weights: np.ndarray) -> int:
    """Print the weights and the moves."""
    weights, k = smoothed(-log_weights)  # case deletion takes the log likelihood that is removed
    moved = (weights @ rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-12)
    origins = len(np.unique(arrays.origin[small]))
    print(f"{len(small)} counts of {origins} small origins; {len(rows)} draws")
    print(f"log weights: standard deviation {log_weights.std():.3f}, Pareto's k {k:.2f}")
    print(f"effective share of the draws {1.0 / (weights**2).sum() / len(rows):.3f}")
    for i in np.argsort(-np.abs(moved))[:8]:
        print(f"  {names[i]:32s} would move by {moved[i]:+.3f} posterior standard deviations")
    return int(np.abs(moved).max() > LIMIT)


def small_counts(arrays: FitData, people: int) -> np.ndarray:
    """Numbers that count whole people, of origins with at most `people` travellers."""
    middle = (np.exp(arrays.log_total_weight) * np.exp(arrays.log_total)).sum(axis=1)
    return np.flatnonzero(counts_people(arrays) & (middle[arrays.origin] <= people))


def readings(
    density: LogPosterior, arrays: FitData, posterior: Posterior, rows: np.ndarray
) -> Iterator[tuple[Whole, np.ndarray]]:
    """For every draw, the people behind the numbers, and the log likelihood ``[n, K]`` that the fit uses."""
    program, expect = density.program, shares_of(density.model.view, density.program)

    def run(theta: Array, discrepancy: Array) -> tuple[Whole, Array]:
        shares = expect(theta)
        log_each = log_likelihood_each(arrays, program, theta, shares, discrepancy, arrays.points)
        return whole_people(arrays, program, theta, shares, discrepancy), log_each

    of_draw = jax.jit(run)
    n, at = len(program.names), posterior.names.index(DISCREPANCY)
    for row in rows:
        people, log_each = of_draw(row[:n], row[at])
        yield Whole(*(np.asarray(x) for x in people)), np.asarray(log_each)


def exactly(arrays: FitData, read: Whole, small: np.ndarray) -> np.ndarray:
    """Log probability of each small number by whole people, at every point of its origin's total, ``[m, K]``."""
    found = np.zeros((len(small), read.expected.shape[1]))
    node, weight = np.polynomial.legendre.leggauss(SHARES_POINTS)
    for row, i in enumerate(small):
        m, rho, c = float(read.share[i]), float(read.reported[i]), float(read.concentration)
        points = stats.beta.ppf((1.0 + node) / 2.0, m * c, (1.0 - m) * c)
        error = max(float(read.error[i]), 1e-4)
        low, high = arrays.points[i].min(), arrays.points[i].max()
        half = max((high - low) / 2.0, 0.5)
        at = (low + high) / 2.0
        weights = arrays.log_total_weight[arrays.origin[i]]
        for k in np.flatnonzero(np.isfinite(weights)):
            people = max(round(float(read.expected[i, k]) / (m * rho)), 1)
            seen = np.arange(people + 1)
            chance = stats.binom.pmf(seen[:, None], people, np.minimum(points * rho, 1.0)) @ weight / 2.0
            found[row, k] = np.log(chance @ _within(seen, at - half, at + half, error) + 1e-300)
    # The fit uses densities of the log: the probability of an interval over its width, times its midpoint.
    halves = np.maximum(np.ptp(arrays.points[small], axis=1) / 2.0, 0.5)
    log_scale = np.log(np.maximum(arrays.points[small].mean(axis=1), 1.0)) - np.log(2.0 * halves)
    return np.asarray(found + log_scale[:, None])


def _within(seen: np.ndarray, low: float, high: float, error: float) -> np.ndarray:
    """Probability that a gamma error of mean one puts each number seen within bounds; zero seen stays zero."""
    scale = np.maximum(seen, 1) * error
    chance = special.gammainc(1.0 / error, high / scale) - special.gammainc(1.0 / error, max(low, 0.0) / scale)
    return np.asarray(np.where(seen > 0, chance, float(low <= 0.0)))


if __name__ == "__main__":
    sys.exit(main())
