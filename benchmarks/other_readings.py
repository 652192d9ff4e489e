"""Other readings of figures that the field knows, and how far a fit would move under them.

    python benchmarks/other_readings.py [CASE [AS-OF]]

*Heavy tails.* The likelihood sums each origin's total out over a normal error of the log of every reading. A Student
error with four degrees of freedom is the usual guard against totals that are far off: a normal error whose precision
has a gamma, so the same sum over five points of the precision more (Gauss and Laguerre).

*Splits.* It reads a source's returned and dead of one country and day one by one. As parts of one whole (a Dirichlet
around the region's shares) they go against each other: their relative errors have the covariance ``-1 / (concentration
+ 1)``. A Gaussian copula of that correlation joins them.

For each draw of the posterior the likelihood under the other reading, over the one that the fit used, is an importance
weight. Printed are the shape parameter k of the weights' tail (Vehtari and others 2024, arXiv:1507.02646), their
effective share, and by how many posterior standard deviations the mean of each parameter would move. Where any moves by
more than a quarter the program ends with exit code 1.

Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from fitted import add_case, fitted
from scipy import special  # type: ignore[import-untyped]

from afterfall.draws.choosing import DISCREPANCY
from afterfall.infer.density import Density
from afterfall.infer.factors import Array
from afterfall.infer.influence import smoothed
from afterfall.infer.likelihood import HERMITE, Says, each, moments_of, put_together, says, shares_of
from afterfall.model.evidence import Observed
from afterfall.model.readings import Reading

FREEDOM, PRECISIONS, LIMIT = 4, 5, 0.25
NO_PAIRS = np.zeros((0, 2), dtype=int)


def main() -> int:
    """Print how uneven the weights are and which parameters would move; fail where one moves by a quarter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_case(parser)
    asked = parser.parse_args()
    density, posterior = fitted(parser, asked)
    told = says(density.model.scene, density.evidence)
    blocks = [density.evidence.totals[origin] for origin in sorted(density.evidence.totals)]
    pairs = splits(density.evidence.observed)
    others = {
        f"heavy tails of {len(blocks)} origins' totals": log_likelihood(density, heavy_tailed(told, blocks), NO_PAIRS),
        f"{len(pairs)} splits of one source and day as parts of a whole": log_likelihood(density, told, pairs),
    }
    rows = posterior.values.astype(float)
    n, at = len(density.program.names), posterior.names.index(DISCREPANCY)
    as_fitted = log_likelihood(density, told, NO_PAIRS)
    before = np.array([float(as_fitted(r[:n], r[at])) for r in rows])
    worst = 0.0
    for name, other in others.items():
        after = np.array([float(other(r[:n], r[at])) for r in rows])
        worst = max(worst, judge(name, posterior.names, rows, after - before))
    return int(worst > LIMIT)


def judge(name: str, names: tuple[str, ...], rows: np.ndarray, log_weights: np.ndarray) -> float:
    """Print the weights and the moves; the largest move."""
    weights, k = smoothed(-log_weights)  # as if the part that is too little were taken out
    moved = (weights @ rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-12)
    share = 1.0 / (weights**2).sum() / len(rows)
    print(f"{name}: Pareto's k {k:.2f}, effective share of {len(rows)} draws {share:.3f}")
    for i in np.argsort(-np.abs(moved))[:6]:
        print(f"  {names[i]:36s} would move by {moved[i]:+.3f} posterior standard deviations")
    return float(np.abs(moved).max())


def splits(observed: Sequence[Observed]) -> np.ndarray:
    """Positions of the returned and of the killed that one source counts of one origin in one month, ``[m, 2]``."""
    at: dict[tuple[int, str, int], dict[str, int]] = {}
    for i, o in enumerate(observed):
        if o.origin >= 0 and not o.bound:
            at.setdefault((o.origin, o.family, o.column), {})[o.quantity] = i
    both = [(own["returned"], own["killed"]) for own in at.values() if {"returned", "killed"} <= set(own)]
    return np.array(both, dtype=int).reshape(-1, 2)


def log_likelihood(density: Density, told: Says, pairs: np.ndarray) -> Callable[[Array, Array], Array]:
    """The log likelihood of all figures as a function of parameters and discrepancy."""
    expect, program = shares_of(density.model.scene, density.program), density.program
    concentration = program.names.index("nowcast.concentration")
    middle = told.points[:, told.points.shape[1] // 2]

    def run(theta: Array, discrepancy: Array) -> Array:
        shares = expect(theta)
        log_each = each(told, program, theta, shares, discrepancy, told.points)
        expected, v = moments_of(told, program, theta, shares, discrepancy)
        variance = v[:, None] + 1.0 / expected
        z = jnp.log(jnp.maximum(middle, 0.5)[:, None] / expected) / jnp.sqrt(jnp.log1p(variance))
        one, other = pairs.T
        rho = -1.0 / (theta[concentration] + 1.0) / jnp.sqrt(variance[one] * variance[other])
        rho = jnp.maximum(rho, -0.95)
        joined = rho**2 * (z[one] ** 2 + z[other] ** 2) - 2.0 * rho * z[one] * z[other]
        copula = -0.5 * jnp.log1p(-(rho**2)) - 0.5 * joined / (1.0 - rho**2)
        return put_together(told, log_each.at[other].add(copula)).sum()

    compiled: Callable[[Array, Array], Array] = jax.jit(run)
    return compiled


def heavy_tailed(told: Says, blocks: Sequence[Sequence[Reading]]) -> Says:
    """The same numbers, with totals summed out over Student errors of the same scale."""
    most = HERMITE * PRECISIONS * max(map(len, blocks))
    log_total, kind = np.zeros((len(blocks) + 1, most)), np.zeros((len(blocks) + 1, most), dtype=int)
    log_weight = np.full((len(blocks) + 1, most), -np.inf)
    log_weight[-1, 0] = 0.0
    for i, block in enumerate(blocks):
        at = slice(HERMITE * PRECISIONS * len(block))
        log_total[i, at], log_weight[i, at], kind[i, at] = student_points(block)
    return told._replace(log_total=log_total, log_total_weight=log_weight, total_kind=kind)


def student_points(block: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points over an origin's total, one reading after the other: their logs, log weights and kinds."""
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
