"""The regression of violence: whether anyone dies in a future month, and how many do.

For a country with covariates v at the end of month t (`lagged_covariates`) and a lead of h months::

    x = (1, v, l, v l),  l = log(h / 8)
    P(deaths > 0)                logistic(a . x)
    log deaths, given deaths > 0    b . x + s e,   log s = c . (1, m, m^2, v, l),  m = b . x

where e follows the standardised residuals, in three equally large groups by m. The tails are empirical: no normal or
negative binomial distribution is assumed. One regression serves all leads; the products with the log of the lead let
the effect of the past fade. `a` is a binomial regression by maximum likelihood, `b` and `c` are least squares
(statsmodels). `c` is fitted to ``log(|residual| + 0.05)``.

Assumptions: countries and decades are exchangeable given v, so a country's name has no effect. Deaths never exceed the
largest month of any country so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.lagged_covariates import NAMES, lagged_covariates
from afterfall.engine.program import Floats, Ints

#: Leads the regression is fitted at, in months; a longer horizon adds its own.
LEADS = (3, 8, 14)
LONG_LEADS = (26, 44, 74)
CENTRE = 8.0
#: Every third month is an origin: neighbouring months carry almost the same information.
STEP = 3
#: First month of the record that is an origin, so that long means rest on enough months.
BURN_IN = 72
SMALLEST_RESIDUAL = 0.05
GROUPS = 3
#: Points at which the distribution of residuals is kept.
GRID = 201
#: Estimates are rounded to this many decimals, so that results do not depend on the last bit of a linear solver.
DIGITS = 9


@dataclass(frozen=True, eq=False)
class Hurdle:
    """A fitted regression.

    Attributes
    ----------
    chance, level, spread
        The vectors a, b and c of the module docstring.
    cuts
        Values of m between the groups of residuals, ``(GROUPS - 1,)``.
    shape
        Quantiles of the standardised residuals at GRID even probabilities, ``(GROUPS, GRID)``.
    ceiling
        Log of the largest month so far.
    """

    chance: Floats
    level: Floats
    spread: Floats
    cuts: Floats
    shape: Floats
    ceiling: float


@dataclass(frozen=True, eq=False)
class HurdleForecast:
    """Forecast of the hurdle model for every country and lead; all arrays are ``(country, lead)``.

    `chance` is the probability of any death; `level` and `spread` are the location and scale of the log of deaths given
    any; `group` selects the row of `Hurdle.shape`. A country whose record begins late is forecast from the months it
    has; one without a record, or whose record has ended, has probability zero.
    """

    chance: Floats
    level: Floats
    spread: Floats
    group: Ints

    def at(self, leads: Sequence[int]) -> HurdleForecast:
        """The forecast of the leads at some positions."""
        where = list(leads)
        return HurdleForecast(self.chance[:, where], self.level[:, where], self.spread[:, where], self.group[:, where])


def leads_for(longest: int) -> tuple[int, ...]:
    """Leads to fit at when the longest requested lead is `longest` months."""
    short = [lead for lead in (*LEADS, *LONG_LEADS) if lead < longest]
    return tuple(dict.fromkeys([*short, longest])) if longest > LEADS[-1] else LEADS


def fit_hurdle(record: ConflictRecord, leads: Sequence[int]) -> Hurdle:
    """Fit the regression to a record, at the given leads.

    Raises
    ------
    ValueError
        If the record is too short to hold any month at the longest lead.
    """
    x, deaths = _pairs(record, leads)
    if not (deaths > 0).any() or (deaths > 0).all():
        raise ValueError(
            f"cannot fit the record of violence: expected country-months with and without deaths, found {len(deaths)}, "
            f"{int((deaths > 0).sum())} of them with deaths"
        )
    from statsmodels.discrete.discrete_model import Logit

    chance = Logit((deaths > 0).astype(float), x).fit(method="newton", maxiter=50, disp=False).params
    x, logs = x[deaths > 0], np.log(deaths[deaths > 0])
    level = _least_squares(x, logs)
    m = x @ level
    residual = logs - m
    of_spread = _spread_terms(x, m)
    spread = _least_squares(of_spread, np.log(np.abs(residual) + SMALLEST_RESIDUAL))
    standard = residual / np.exp(of_spread @ spread)
    cuts = np.quantile(m, np.arange(1, GROUPS) / GROUPS)
    group = np.digitize(m, cuts)
    grid = np.linspace(0.0, 1.0, GRID)
    shape = np.stack([np.quantile(standard[group == g], grid) for g in range(GROUPS)])
    kept = [np.round(v, DIGITS) for v in (chance, level, spread, cuts, shape)]
    return Hurdle(kept[0], kept[1], kept[2], kept[3], kept[4], float(logs.max()))


def predict_hurdle(hurdle: Hurdle, record: ConflictRecord, leads: Sequence[int]) -> HurdleForecast:
    """Forecast the months `leads` ahead of the end of a record."""
    now = lagged_covariates(record, memory=1)[:, -1]
    known = ~np.isnan(now).any(axis=1) & ~np.isnan(record.deaths[:, -1])
    x = np.stack([_terms(np.nan_to_num(now), float(lead)) for lead in leads], axis=1)
    level = x @ hurdle.level
    chance = np.where(known[:, None], 1.0 / (1.0 + np.exp(-(x @ hurdle.chance))), 0.0)
    spread = np.exp(_spread_terms(x.reshape(-1, x.shape[-1]), level.ravel()) @ hurdle.spread).reshape(level.shape)
    group = np.digitize(level, hurdle.cuts).astype(np.int32)
    kept = [np.asarray(np.round(v, DIGITS), dtype=np.float64) for v in (chance, level, spread)]
    return HurdleForecast(kept[0], kept[1], kept[2], group)


def _pairs(record: ConflictRecord, leads: Sequence[int]) -> tuple[Floats, Floats]:
    """Covariates at an origin and deaths `lead` months later, over all countries, origins and leads."""
    covariates, deaths = lagged_covariates(record), record.deaths
    xs, ys = [], []
    for lead in leads:
        origins = np.arange(deaths.shape[1] - 1 - lead, BURN_IN - 1, -STEP)
        x, y = covariates[:, origins].reshape(-1, len(NAMES)), deaths[:, origins + lead].ravel()
        kept = ~(np.isnan(x).any(axis=1) | np.isnan(y))
        xs.append(_terms(x[kept], float(lead)))
        ys.append(y[kept])
    return np.concatenate(xs), np.concatenate(ys)


def _terms(covariates: Floats, lead: float) -> Floats:
    """The vector x of the module docstring, one row for each row of covariates."""
    log_lead = np.full((len(covariates), 1), np.log(lead / CENTRE))
    return np.concatenate([np.ones_like(log_lead), covariates, log_lead, covariates * log_lead], axis=1)


def _spread_terms(x: Floats, m: Floats) -> Floats:
    return np.column_stack([np.ones(len(m)), m, m**2, x[:, 1 : len(NAMES) + 2]])


def _least_squares(x: Floats, y: Floats) -> Floats:
    from statsmodels.regression.linear_model import OLS

    return np.asarray(OLS(y, x).fit().params)
