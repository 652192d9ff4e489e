"""What the reference class has learned, drawn once for each trajectory: hazard, growth, survival.

*Hazard* of a first presence a month in country c (`afterfall.reference.founding_fit`)::

    log h[c, t] = b0 + b * x[c] + g * log1p(neighbours[c, t]) + u[year of t] + a * n[c, t]

- ``b0, b, g`` and the period effect ``u`` come from one draw of the posterior for each trajectory; ``u`` goes on as an
  autoregression, with shocks of its own in each trajectory. Covariates ``x`` stay as they are on the as-of date.
- In the country of an ally of the case the hazard is multiplied by `ALLY`, a prior: no record says what an ally does.
- ``neighbours`` counts countries with the family, those founded in the same trajectory included, until what is there
  has ended; it is counted again each month, as where ``g`` was learned.
- ``n`` is log1p of foreigners who have come to c since the as-of date over a usual strength; ``a`` is the parameter
  ``founding.arrivals``.

The strength of the core is no part of it. With an effect of its own (a prior of either sign: a strong core sends money
and men, a falling one scatters them) nothing was gained on as-of dates from 2014 to 2015 (`docs/organisations.md`).

*Size*: the share of first presences that are an organisation rather than cells, with and without an insurgency before.
*Growth* into an armed conflict, apart for cells and organisations. Both are in `afterfall.reference.founding_growth`.
*Survival*: hazards of `afterfall.reference.affiliate_survival`. Each is drawn from its posterior.

Units: per month.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key
from afterfall.foundings.founding_risk import NEIGHBOURS, FoundingRisk
from afterfall.reference.affiliate_survival import survival_rates
from afterfall.reference.country_years import risk_set
from afterfall.reference.event_rate import DAYS_A_MONTH, EventRate, Floats
from afterfall.reference.first_foundings import LARGEST
from afterfall.reference.founding_fit import FoundingFit, fit_founding, hazard_draws
from afterfall.reference.founding_growth import scale_growth, share_counts

MONTHS_A_YEAR = 12
#: Seed and size of the pool of posterior draws, from which each trajectory takes one.
POOL_SEED, POOL = 1, 20_000
#: What is drawn once for each trajectory.
ONCE = ("posterior", "organisation", "growth early", "growth later", "ends", "ally")
#: Factor on the hazard in the country of an ally: median, and standard deviation of its logarithm (90 % .6 to 6.3).
ALLY = (2.0, 0.7)


@dataclass(frozen=True, slots=True)
class TrajectoryRates:
    """Rates of each trajectory; everything ``(trajectory, ...)``, hazards a month.

    Attributes
    ----------
    level
        Hazard without neighbours and period, ``(trajectory, country)``.
    spread
        Exponent of one plus the number of neighbours, ``(trajectory,)``.
    pace
        Factor of each month, exponential of the period effect, ``(trajectory, month)``.
    organisation
        Share of first presences that are an organisation, without and with an insurgency before, ``(trajectory, 2)``.
    growth
        Hazard of growing into an armed conflict: cell or organisation, early and later, ``(trajectory, 2, 2)``.
    ends
        Hazard of ending: cell or organisation, by interval of age, ``(trajectory, 2, 3)``.
    fit
        The posterior of the hazard.
    coefficients
        Constant and covariates, on the standardised scale, ``(trajectory, 1 + covariate)``.
    """

    level: Floats
    spread: Floats
    pace: Floats
    organisation: Floats
    growth: Floats
    ends: Floats
    fit: FoundingFit
    coefficients: Floats


def trajectory_rates(risk: FoundingRisk, as_of: dt.date, seed: int, number: int, horizon: int) -> TrajectoryRates:
    """Draw the rates of each trajectory.

    Parameters
    ----------
    risk
        Who is at risk.
    as_of
        As-of date of the run; it may lie after the last day of the reference class.
    seed
        Seed of the run.
    number, horizon
        Number of trajectories, and of months.
    """
    once = _once(seed, number)
    fit = fit_founding(risk_set(risk.known, risk.family))
    year = year_of_months(as_of, horizon) - risk.known.as_of.year
    draws = hazard_draws(fit, int(year.max()), draws=POOL, seed=POOL_SEED)
    chosen = (once[:, 0] * POOL).astype(np.int64)
    coefficients, period = draws.coefficients[chosen], draws.period[chosen][:, year]
    design = fit.design(risk.covariates)
    without = fit.design(_without_neighbours(risk.covariates))
    level = np.minimum(coefficients @ without.T, LARGEST + (coefficients @ (without - design).T))
    level[:, risk.ally] += (np.log(ALLY[0]) + ALLY[1] * stats.norm.ppf(once[:, 5]))[:, None]
    return TrajectoryRates(
        level=np.exp(level) / MONTHS_A_YEAR,
        spread=coefficients[:, 1 + NEIGHBOURS] / fit.scale[NEIGHBOURS],
        pace=np.exp(period),
        organisation=_organisation_share(risk, once[:, 1]),
        growth=_growth(risk, once[:, 2], once[:, 3]),
        ends=_ends(risk, once[:, 4]),
        fit=fit,
        coefficients=coefficients,
    )


def year_of_months(as_of: dt.date, horizon: int) -> NDArray[np.int64]:
    """Calendar year in which the middle of each month from the as-of date lies, ``(month,)``."""
    start = as_of.year * 12 + as_of.month - 1 + (as_of.day - 1) / DAYS_A_MONTH
    return np.asarray((start + np.arange(horizon) + 0.5) // 12, dtype=np.int64)


def _once(seed: int, number: int) -> Floats:
    """Uniforms drawn once for each trajectory, ``(trajectory, len(ONCE))``, keyed by trajectory and name."""
    keys = np.array([name_key(f"founding/{name}") for name in ONCE], dtype=np.uint64)
    return np.array([uniforms_for(seed, trajectory, EVENT, keys) for trajectory in range(number)])


def _without_neighbours(covariates: Floats) -> Floats:
    found = covariates.copy()
    found[:, NEIGHBOURS] = 0.0
    return found


def _organisation_share(risk: FoundingRisk, at: Floats) -> Floats:
    counts = [share_counts(risk.known, risk.family, before) for before in (False, True)]
    return np.column_stack([stats.beta.ppf(at, some + 0.5, every - some + 0.5) for some, every in counts])


def _growth(risk: FoundingRisk, early: Floats, later: Floats) -> Floats:
    rates = [scale_growth(risk.known, risk.family, scale) for scale in ("cell", "org")]
    found = [[_quantile(rate, at) for rate, at in zip(pair, (early, later), strict=True)] for pair in rates]
    return np.moveaxis(np.array(found), 2, 0) / MONTHS_A_YEAR


def _ends(risk: FoundingRisk, at: Floats) -> Floats:
    rates = [r for r in survival_rates(risk.known) if r.event == "ends"]
    words = ("cell", "organisation")
    found = [[_quantile(r, at) for r in rates if r.stratum.startswith(word)] for word in words]
    return np.moveaxis(np.array(found), 2, 0) / MONTHS_A_YEAR


def _quantile(rate: EventRate, at: Floats) -> Floats:
    return rate.draws[np.minimum((at * len(rate.draws)).astype(np.int64), len(rate.draws) - 1)]
