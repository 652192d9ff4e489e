"""How far a fit would move if the errors of totals had heavy tails.

    python benchmarks/heavy_tails.py [CASE [AS-OF]]

The likelihood integrates each origin's total over a normal error of the log of every published figure. A Student error
with four degrees of freedom is the usual guard against outlying totals: it is a normal error whose precision has a
gamma distribution, so the same sum runs over five points of the precision as well (Gauss and Laguerre).

For each draw of the posterior, the likelihood under Student errors over the one used by the fit is an importance
weight. Printed are the shape parameter k of the weights' tail (Vehtari and others 2024, arXiv:1507.02646), their
effective share, and by how many posterior standard deviations the mean of each parameter would move. If any moves by
more than 0.25, the program ends with exit code 1.

Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import jax
import numpy as np
from fitted import add_case, fitted
from scipy import special  # type: ignore[import-untyped]

from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import combine, log_likelihood_each, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.pareto_smoothing import smoothed
from afterfall.model.observation.fit_arrays import HERMITE, FitData, fit_arrays
from afterfall.model.observation.measurement_error import Reading
from afterfall.posterior.sample import DISCREPANCY

FREEDOM, PRECISIONS, LIMIT = 4, 5, 0.25


def main() -> int:
    """Print how uneven the weights are and which parameters would move; fail if one moves by more than `LIMIT`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_case(parser)
    asked = parser.parse_args()
    density, posterior = fitted(parser, asked)
    arrays = fit_arrays(density.model.view, density.fit_figures)
    blocks = [density.fit_figures.totals[origin] for origin in sorted(density.fit_figures.totals)]
    as_fitted, heavy = log_likelihood(density, arrays), log_likelihood(density, heavy_tailed(arrays, blocks))
    rows = posterior.values[posterior.fitted].astype(float)
    n, at = len(density.program.names), posterior.names.index(DISCREPANCY)
    log_weights = np.array([float(heavy(r[:n], r[at]) - as_fitted(r[:n], r[at])) for r in rows])
    return int(judge(f"heavy tails of {len(blocks)} origins' totals", posterior.names, rows, log_weights) > LIMIT)


def judge(name: str, names: tuple[str, ...], rows: np.ndarray, log_weights: np.ndarray) -> float:
    """Print the weights and the moves; the largest move."""
    weights, k = smoothed(-log_weights)  # case deletion takes the log likelihood that is removed
    moved = (weights @ rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-12)
    share = 1.0 / (weights**2).sum() / len(rows)
    print(f"{name}: Pareto's k {k:.2f}, effective share of {len(rows)} draws {share:.3f}")
    for i in np.argsort(-np.abs(moved))[:6]:
        print(f"  {names[i]:36s} would move by {moved[i]:+.3f} posterior standard deviations")
    return float(np.abs(moved).max())


def log_likelihood(density: LogPosterior, arrays: FitData) -> Callable[[Array, Array], Array]:
    """The log likelihood of all figures as a function of parameters and discrepancy."""
    expect = shares_of(density.model.view, density.program)

    def run(theta: Array, discrepancy: Array) -> Array:
        return combine(
            arrays, log_likelihood_each(arrays, density.program, theta, expect(theta), discrepancy, arrays.points)
        ).sum()

    compiled: Callable[[Array, Array], Array] = jax.jit(run)
    return compiled


def heavy_tailed(arrays: FitData, blocks: Sequence[Sequence[Reading]]) -> FitData:
    """The same arrays, with totals integrated over Student errors of the same scale."""
    most = HERMITE * PRECISIONS * max(map(len, blocks))
    log_total, kind = np.zeros((len(blocks) + 1, most)), np.zeros((len(blocks) + 1, most), dtype=int)
    log_weight = np.full((len(blocks) + 1, most), -np.inf)
    log_weight[-1, 0] = 0.0
    for i, block in enumerate(blocks):
        at = slice(HERMITE * PRECISIONS * len(block))
        log_total[i, at], log_weight[i, at], kind[i, at] = student_points(block)
    return arrays._replace(log_total=log_total, log_total_weight=log_weight, total_kind=kind)


def student_points(block: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points over an origin's total, figure by figure: their logs, log weights and kinds."""
    node, weight = np.polynomial.hermite_e.hermegauss(HERMITE)
    precision, share = special.roots_genlaguerre(PRECISIONS, FREEDOM / 2.0 - 1.0)
    spread = np.outer(1.0 / np.sqrt(precision / (FREEDOM / 2.0)), node).ravel()
    shares = np.outer(share / share.sum(), weight / weight.sum()).ravel()
    worth = np.array([1.0 / r.sd**2 for r in block])
    errors = [np.abs(spread) * r.bound if r.bound else spread for r in block]
    return (
        np.concatenate([r.log + r.sd * error for r, error in zip(block, errors, strict=True)]),
        np.log(np.outer(worth / worth.sum(), shares)).ravel(),
        np.repeat([r.kind for r in block], len(spread)),
    )


if __name__ == "__main__":
    sys.exit(main())
