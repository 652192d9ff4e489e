"""The hazard of a first presence by country and year: a Bayesian piecewise-exponential model.

Country ``i`` in year ``t`` has the hazard (per year)

    h = exp(b0 + x' b + u_t),    u_t = p u_{t-1} + s e_t,    e_t ~ Normal(0, 1)

with standardised covariates ``x`` (`country_years`) and a period effect ``u`` that is a stationary autoregression: in
the future it reverts to zero, so that in the median of the draws a wave such as that of 2014 to 2016 fades. Its mean
need not: exp(u) is skew, and another wave may come.

**Priors.** b0 ~ Normal(-5, 2); b ~ Normal(0, 1) each (shrinkage); p equally likely at each of `PERSISTENCES`;
the standard deviation of ``u`` itself in the long run, s / sqrt(1 - p^2), half-normal (`DEVIATION_SCALE`) on
`DEVIATIONS`, a value for the interval around it: a prior on s alone would let a persistent effect be of any size.
Records are weighted (`event_rate`).

**Inference.** For each point of the grid the posterior of ``(b0, b, u)`` is approximated at its mode by a normal
distribution (Laplace), and points are weighted by their marginal likelihood, as in integrated nested Laplace
approximations (Rue, Martino and Chopin 2009, doi:10.1111/j.1467-9868.2008.00700.x). Years without a first make the
posterior skew: the mode of the intercept lies 0.4 standard deviations above its mean. So `PROPOSALS` draws of the
approximation, `WIDER` than it, are weighted by the ratio of the posterior to it and resampled (importance resampling);
the ratios also correct the weights of the points. ``tests/parity`` compares the result with NUTS.

Covariates and their form are those of the benchmark that this is measured against. The process of the period effect
and the scale of its prior were chosen on as-of dates from 2010 to 2015 with outcomes up to 2016-08-01
(`docs/reference-class.md`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp  # type: ignore[import-untyped]

from afterfall.reference.country_years import FIRST_YEAR, RiskSet
from afterfall.reference.event_rate import DRAWS, Floats

INTERCEPT_PRIOR = (-5.0, 2.0)
COEFFICIENT_SD = 1.0
#: Least standard deviation by which a covariate is divided: its prior would be too wide where it hardly varies.
LEAST_SCALE = 0.25
#: Persistence of the period effect from year to year.
PERSISTENCES = (0.3, 0.5, 0.7, 0.85, 0.95)
#: Standard deviation of the period effect itself, in the long run, and the scale of its prior.
DEVIATIONS = (0.2, 0.4, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)
DEVIATION_SCALE = 2.0
#: Points of a grid: persistence, standard deviation of the yearly shocks, and prior weight.
Grid = tuple[tuple[float, float, float], ...]
#: Draws of the approximation that are weighted and resampled.
PROPOSALS = 40_000
#: Multiple of its standard deviations with which the approximation is drawn: tails of the posterior are wider.
WIDER = 1.1
#: Proposals whose likelihood is computed together.
AT_A_TIME = 64
MOST_STEPS = 80
#: Largest log hazard: a first within days.
LARGEST = 5.0


def period_grid(persistences: tuple[float, ...] = PERSISTENCES) -> Grid:
    """The grid of the stationary period effect, with its prior."""
    widths = np.gradient(np.array(DEVIATIONS))
    return tuple(
        (p, d * (1.0 - p**2) ** 0.5, float(width * np.exp(-0.5 * (d / DEVIATION_SCALE) ** 2)))
        for p in persistences
        for d, width in zip(DEVIATIONS, widths, strict=True)
    )


GRID = period_grid()


@dataclass(frozen=True, slots=True)
class PeriodPoint:
    """The normal approximation at one point of the grid: mode and precision of ``(b0, b, u)``, and its weight.

    `height` is the log of the approximation's marginal likelihood.
    """

    persistence: float
    shock: float
    mode: Floats
    precision: Floats
    weight: float
    height: float


@dataclass(frozen=True, slots=True)
class FoundingFit:
    """The posterior: points of the grid, and how covariates were standardised.

    Attributes
    ----------
    risk
        What it was fitted to.
    centre, scale
        Mean and standard deviation of each covariate, ``(covariate,)``.
    points
        The normal approximation on the grid.
    """

    risk: RiskSet
    centre: Floats
    scale: Floats
    points: tuple[PeriodPoint, ...]

    @property
    def years(self) -> int:
        """Calendar years with a period effect."""
        return self.risk.last_year - FIRST_YEAR + 1

    def design(self, covariates: Floats) -> Floats:
        """A constant and the standardised covariates, ``(row, 1 + covariate)``."""
        return np.column_stack([np.ones(len(covariates)), (covariates - self.centre) / self.scale])


@dataclass(frozen=True, slots=True)
class HazardDraws:
    """Draws of coefficients ``(draw, 1 + covariate)`` and of the period effect now and in later years."""

    coefficients: Floats
    period: Floats


def fit_founding(risk: RiskSet, grid: Grid = GRID) -> FoundingFit:
    """The posterior of the hazard of a first presence."""
    centre, scale = risk.covariates.mean(axis=0), risk.covariates.std(axis=0)
    scale = np.where(scale > 0, np.maximum(scale, LEAST_SCALE), 1.0)
    design = np.column_stack([np.ones(len(risk.year)), (risk.covariates - centre) / scale])
    rows = _rows(risk, design, risk.last_year - FIRST_YEAR + 1)
    start = np.zeros(design.shape[1] + rows.years)
    start[0] = INTERCEPT_PRIOR[0]
    found: list[tuple[float, Floats, Floats]] = []
    for i, (p, s, _) in enumerate(grid):  # the mode of one point is near that of the next with the same persistence
        near = i > 0 and grid[i - 1][0] == p
        found.append(_laplace(rows, p, s, found[-1][1] if near else start))
    logs = np.array([height + np.log(prior) for (height, _, _), (_, _, prior) in zip(found, grid, strict=True)])
    weights = np.exp(logs - logsumexp(logs))
    points = [
        PeriodPoint(p, s, mode, precision, float(w), height)
        for (p, s, _), (height, mode, precision), w in zip(grid, found, weights, strict=True)
    ]
    return FoundingFit(risk, centre, scale, tuple(points))


def hazard_draws(fit: FoundingFit, years_ahead: int, draws: int = DRAWS, seed: int = 1) -> HazardDraws:
    """Draws of the posterior; `period` is ``(draw, 1 + years_ahead)``: the as-of year, then each later one."""
    rng = np.random.default_rng([seed, 17])
    chosen, values, ratios = proposals(fit, rng)
    kept = rng.choice(PROPOSALS, draws, p=np.exp(ratios - logsumexp(ratios)))
    period = np.empty((draws, 1 + years_ahead))
    period[:, 0] = values[kept, -1]
    persistence, shock = (np.array([getattr(p, name) for p in fit.points])[chosen[kept]] for name in _OF_A_POINT)
    for year in range(years_ahead):
        period[:, year + 1] = persistence * period[:, year] + shock * rng.standard_normal(draws)
    return HazardDraws(values[kept, : -fit.years], period)


_OF_A_POINT = ("persistence", "shock")


def proposals(fit: FoundingFit, rng: np.random.Generator) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Draws of the widened normal approximation, and the log ratio of the posterior to it up to a constant.

    Returns
    -------
    tuple
        Point of the grid ``(PROPOSALS,)``, values of ``(b0, b, u)`` ``(PROPOSALS, term)``, log ratio ``(PROPOSALS,)``.
    """
    chosen = rng.choice(len(fit.points), PROPOSALS, p=[point.weight for point in fit.points])
    values, ratios = np.empty((PROPOSALS, len(fit.points[0].mode))), np.empty(PROPOSALS)
    for k in np.unique(chosen):
        point, here = fit.points[k], np.flatnonzero(chosen == k)
        z = rng.standard_normal((len(point.mode), len(here)))
        values[here] = point.mode + WIDER * np.linalg.solve(np.linalg.cholesky(point.precision).T, z).T
        prior = _prior_precision(len(point.mode), fit.years, point.persistence, point.shock)
        shifted = values[here].copy()
        shifted[:, 0] -= INTERCEPT_PRIOR[0]
        log_prior = 0.5 * np.linalg.slogdet(prior)[1] - 0.5 * np.einsum("ij,jk,ik->i", shifted, prior, shifted)
        log_normal = 0.5 * np.linalg.slogdet(point.precision)[1] - 0.5 * (z**2).sum(axis=0)
        ratios[here] = _log_likelihood(fit, values[here]) + log_prior - log_normal - point.height
    return chosen, values, ratios


def _log_likelihood(fit: FoundingFit, values: Floats) -> Floats:
    """Log likelihood of values of ``(b0, b, u)``, ``(n,)``, some at a time: they stay in fast memory."""
    risk, terms = fit.risk, values.shape[1] - fit.years
    design, year = fit.design(risk.covariates), risk.year - FIRST_YEAR
    weight, period = risk.weight[risk.country], values[:, terms:]
    fitted = values[:, :terms] @ (design[risk.first].T @ weight[risk.first])
    fitted += period @ np.bincount(year[risk.first], weight[risk.first], minlength=fit.years)
    order = np.argsort(year, kind="stable")
    years, begins = np.unique(year[order], return_index=True)
    columns, exposure = np.ascontiguousarray(design[order].T), (weight * risk.exposure)[order]
    expected = np.empty(len(values))
    for first in range(0, len(values), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        hazard = values[some, :terms] @ columns
        np.exp(hazard, out=hazard)
        hazard *= exposure
        by_year = np.add.reduceat(hazard, begins, axis=1)
        expected[some] = (by_year * np.exp(period[some][:, years])).sum(axis=1)
    found: Floats = fitted - expected
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the likelihood needs of the rows: design, year, weight and exposure; `fitted` is its linear part."""

    design: Floats
    year: NDArray[np.int64]
    weight: Floats
    log_exposure: Floats
    fitted: Floats
    years: int

    def logs(self, at: Floats) -> Floats:
        """Log hazard of each row."""
        terms = self.design.shape[1]
        found: Floats = np.minimum(self.design @ at[:terms] + at[terms + self.year], LARGEST)
        return found

    def expected(self, at: Floats) -> Floats:
        """Weighted number of firsts expected in each row."""
        found: Floats = self.weight * np.exp(self.logs(at) + self.log_exposure)
        return found

    def slope(self, expected: Floats) -> Floats:
        """Gradient of the log likelihood."""
        by_year = np.bincount(self.year, expected, minlength=self.years)
        found: Floats = self.fitted - np.concatenate([self.design.T @ expected, by_year])
        return found

    def curvature(self, expected: Floats) -> Floats:
        """Minus the Hessian of the log likelihood: years are independent given the coefficients."""
        terms = self.design.shape[1]
        weighed = self.design * expected[:, None]
        across = np.array([np.bincount(self.year, column, minlength=self.years) for column in weighed.T])
        by_year = np.diag(np.bincount(self.year, expected, minlength=self.years))
        return np.block([[weighed.T @ self.design, across], [across.T, by_year]]).reshape(terms + self.years, -1)


def _rows(risk: RiskSet, design: Floats, years: int) -> _Rows:
    weight, year = risk.weight[risk.country], risk.year - FIRST_YEAR
    first = weight * risk.first
    fitted = np.concatenate([design.T @ first, np.bincount(year, first, minlength=years)])
    return _Rows(design, year, weight, np.log(risk.exposure), fitted, years)


def _laplace(rows: _Rows, p: float, s: float, start: Floats) -> tuple[float, Floats, Floats]:
    """Log marginal likelihood, mode and precision of ``(b0, b, u)``, by Newton's method with halved steps."""
    prior = _prior_precision(len(start), rows.years, p, s)
    mean = np.zeros(len(start))
    mean[0] = INTERCEPT_PRIOR[0]

    def value(at: Floats) -> tuple[float, Floats]:
        expected = rows.expected(at)
        return float(rows.fitted @ at - expected.sum() - 0.5 * (at - mean) @ prior @ (at - mean)), expected

    mode = start
    height, expected = value(mode)
    for _ in range(MOST_STEPS):
        slope = rows.slope(expected) - prior @ (mode - mean)
        step, size = np.linalg.solve(rows.curvature(expected) + prior, slope), 1.0
        while size > 1e-4 and value(mode + size * step)[0] < height - 1e-9:
            size /= 2
        mode = mode + size * step
        gained, expected = value(mode)
        done, height = abs(gained - height) < 1e-8, gained
        if done:
            break
    precision = rows.curvature(expected) + prior
    log_det = np.linalg.slogdet(prior)[1] - np.linalg.slogdet(precision)[1]
    return height + 0.5 * float(log_det), mode, precision


def _prior_precision(terms: int, years: int, p: float, s: float) -> Floats:
    """Precision of the prior: independent coefficients, and a stationary autoregression of the period effect."""
    fixed = terms - years
    found = np.zeros((terms, terms))
    found[0, 0] = INTERCEPT_PRIOR[1] ** -2
    found[range(1, fixed), range(1, fixed)] = COEFFICIENT_SD**-2
    block = np.diag(np.full(years, 1 + p**2)) - p * (np.eye(years, k=1) + np.eye(years, k=-1))
    block[0, 0] = block[-1, -1] = 1.0 if years > 1 else 1 - p**2
    found[fixed:, fixed:] = block / s**2
    return found
