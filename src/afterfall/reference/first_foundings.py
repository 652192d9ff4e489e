"""First presences to come: the probability of each country of the world, and how many there will be.

Covariates are those of the as-of date and stay as they are; the period effect goes on from where it is and reverts
(`founding_fit`). Countries that have had a first presence are not at risk and are not listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from afterfall.reference.country_years import COVARIATES, CountryFacts, risk_set
from afterfall.reference.event_rate import DAYS_A_YEAR, RECALLED_WEIGHT, Floats
from afterfall.reference.founding_fit import GRID, FoundingFit, Grid, fit_founding, hazard_draws
from afterfall.reference.reference_class import ReferenceClass

#: Most that a log hazard may be in a forecast.
LARGEST = 3.0


@dataclass(frozen=True, slots=True)
class FirstFoundings:
    """A forecast of first presences of one family.

    Attributes
    ----------
    family, as_of, until
        The family, the day it is made from, and the last day it covers.
    countries
        Codes of the countries at risk.
    muslim_share
        Muslim share of each, ``(country,)``.
    chances
        Probability of a first presence by then under each draw of the posterior, ``(draw, country)``.
    totals
        Number of first presences, one for each draw, ``(draw,)``.
    fit
        The posterior.
    """

    family: str
    as_of: dt.date
    until: dt.date
    countries: tuple[str, ...]
    muslim_share: Floats
    chances: Floats
    totals: Floats
    fit: FoundingFit

    @property
    def probability(self) -> Floats:
        """Posterior mean probability of each country, ``(country,)``."""
        mean: Floats = self.chances.mean(axis=0)
        return mean

    def ranked(self) -> list[tuple[str, float, float, float]]:
        """Code, probability, and 90 % interval of it, of each country, the likeliest first."""
        low, high = np.quantile(self.chances, (0.05, 0.95), axis=0)
        order = np.argsort(-self.probability, kind="stable")
        return [(self.countries[i], float(self.probability[i]), float(low[i]), float(high[i])) for i in order]


def forecast_firsts(
    known: ReferenceClass,
    family: str,
    until: dt.date,
    *,
    covariates: Sequence[str] = COVARIATES,
    recalled_weight: float = RECALLED_WEIGHT,
    grid: Grid = GRID,
    seed: int = 1,
) -> FirstFoundings:
    """Forecast first presences of a family from the as-of date of the class to a day.

    Parameters
    ----------
    known
        The reference class as of the day to forecast from.
    family
        Key of `country_years.RISKS`: ``"any"``, ``"ISIS"`` or ``"AQ"``.
    until
        Last day of the forecast.
    covariates
        Those used, of `country_years.CANDIDATES`.
    recalled_weight
        Weight of records that were only recalled.
    grid
        Persistence and shocks of the period effect.
    seed
        Seed of the draws.

    Raises
    ------
    ValueError
        If `until` is not after the as-of date.
    """
    if until <= known.as_of:
        raise ValueError(f"expected a day after {known.as_of}, found until {until}")
    facts = CountryFacts(known)
    fit = fit_founding(risk_set(known, family, recalled_weight, covariates), grid)
    firsts = facts.firsts(family)
    at_risk = [i for i, code in enumerate(facts.codes) if code not in firsts]
    design = fit.design(facts.at(known.as_of, family, covariates)[at_risk])
    draws = hazard_draws(fit, until.year - known.as_of.year, seed=seed)
    level = np.exp(np.minimum(draws.coefficients @ design.T, LARGEST))
    period = np.exp(draws.period) @ _years(known.as_of, until)
    chances = -np.expm1(-level * period[:, None])
    rng = np.random.default_rng([seed, 23])
    return FirstFoundings(
        family=family,
        as_of=known.as_of,
        until=until,
        countries=tuple(facts.codes[i] for i in at_risk),
        muslim_share=facts.muslim_share[at_risk],
        chances=chances,
        totals=(rng.random(chances.shape) < chances).sum(axis=1).astype(float),
        fit=fit,
    )


def _years(start: dt.date, end: dt.date) -> Floats:
    """Years of each calendar year from a day to another, ``(year,)``."""
    edges = [start, *(dt.date(year, 1, 1) for year in range(start.year + 1, end.year + 1)), end]
    return np.array([(b - a).days / DAYS_A_YEAR for a, b in pairwise(edges)])
