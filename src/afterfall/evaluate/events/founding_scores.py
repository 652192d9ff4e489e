"""Forecasts of first presences against what was public later: rank of countries, total, and Brier score.

Observed is a first presence that was public after the as-of date and by the last day of the forecast
(`afterfall.reference`). Scores:

- *AUC*: the probability that a country with a first presence ranks above one without, over all countries at risk and
  over those that are at least a tenth Muslim;
- *total*: expected number (mean and median of its distribution) against the number observed, and its CRPS;
- *Brier* score over countries, against the same model with log Muslim population as its only covariate;
- *log score*: sum of log probabilities of what was observed (higher is better).

`rolling` scores forecasts of two years from the first of January of several years, with nothing after `CHOSEN_BY`:
the structure of the model is chosen on them and on nothing later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from afterfall.evaluate.core.scoring_rules import brier, crps
from afterfall.evaluate.events.spread_scores import ordering
from afterfall.foundings.world_foundings import WorldFoundings
from afterfall.reference.country_years import COVARIATES, CountryFacts
from afterfall.reference.event_rate import RECALLED_WEIGHT, Floats
from afterfall.reference.first_foundings import FirstFoundings, forecast_firsts
from afterfall.reference.founding_fit import GRID, Grid
from afterfall.reference.reference_class import open_reference_class
from afterfall.run.months import add_months

#: Muslim share from which a country belongs to the narrower comparison.
TENTH = 0.1
#: Last day of any outcome that may choose the structure of the model.
CHOSEN_BY = dt.date(2016, 8, 1)
ORIGINS = (2010, 2011, 2012, 2013, 2014, 2015)
POPULATION_ONLY = ("log Muslim population",)
#: Nearest to zero and one that a probability may be.
PROBABLE = 1e-6


@dataclass(frozen=True, slots=True)
class FoundingScores:
    """Scores of one forecast; NaN where no country, or every country, had a first presence."""

    family: str
    as_of: dt.date
    until: dt.date
    auc: float
    auc_tenth: float
    expected: float
    median: float
    low: float
    high: float
    observed: int
    total_crps: float
    brier: float
    brier_population: float
    log_score: float

    @property
    def factor(self) -> float:
        """How far the expected total is from the observed, as a factor of at least one."""
        ratio = self.expected / max(self.observed, 0.5)
        return max(ratio, 1 / ratio)

    @property
    def median_factor(self) -> float:
        """The same for the median of the total."""
        ratio = max(self.median, 0.5) / max(self.observed, 0.5)
        return max(ratio, 1 / ratio)


def score_firsts(
    family: str,
    as_of: dt.date,
    until: dt.date,
    *,
    covariates: Sequence[str] = COVARIATES,
    recalled_weight: float = RECALLED_WEIGHT,
    grid: Grid = GRID,
) -> FoundingScores:
    """Forecast first presences as of a day, and score the forecast on what was public by a later one.

    Raises
    ------
    ValueError
        If the tables end before `until`, or `until` is not after the as-of date.
    """
    later = open_reference_class(until)
    if later.as_of < until:
        raise ValueError(f"the reference class ends on {later.as_of}: found until {until}")
    known = open_reference_class(as_of)
    settings = {"recalled_weight": recalled_weight, "grid": grid}
    forecast = forecast_firsts(known, family, until, covariates=covariates, **settings)  # type: ignore[arg-type]
    alone = _population_alone(known.as_of, family, until, recalled_weight, grid)
    return _scores(forecast, alone, set(CountryFacts(later).firsts(family)))


def rolling(families: Iterable[str], origins: Sequence[int] = ORIGINS, **settings: object) -> list[FoundingScores]:
    """Scores of forecasts of two years from each first of January, cut at `CHOSEN_BY`."""
    return [
        score_firsts(
            family,
            dt.date(year, 1, 1),
            min(dt.date(year + 1, 12, 31), CHOSEN_BY),
            **settings,  # type: ignore[arg-type]
        )
        for family in families
        for year in origins
    ]


def score_world(found: WorldFoundings, as_of: dt.date, month: int | None = None) -> FoundingScores:
    """Score the first presences drawn from a run on what was public by a month of it (the last for None).

    The total of the forecast is that of the trajectories, in which a founding raises the hazard of its neighbours.

    Raises
    ------
    ValueError
        If the tables of the reference class end before the month.
    """
    at = found.horizon if month is None else month
    until = add_months(as_of, at)
    later = open_reference_class(until)
    if later.as_of < until:
        raise ValueError(f"the reference class ends on {later.as_of}: found month {at}, which ends on {until}")
    risk = found.risk
    alone = _population_alone(risk.known.as_of, risk.family, until)
    chances = dict(zip(alone.countries, alone.probability, strict=True))
    kept = [i for i, code in enumerate(risk.codes) if risk.at_risk[i] and code in chances]
    codes = [risk.codes[i] for i in kept]
    had = set(CountryFacts(later).firsts(risk.family))
    p = np.clip(found.chances(at).mean(axis=0)[kept], PROBABLE, 1 - PROBABLE)
    drawn = found.founded[:, kept] <= at
    return _scored(
        (risk.family, as_of, until),
        np.array([float(code in had) for code in codes]),
        p,
        np.array([chances[code] for code in codes]),
        risk.muslim_share[kept],
        drawn.sum(axis=1).astype(float),
    )


@lru_cache(maxsize=32)
def _population_alone(
    as_of: dt.date,
    family: str,
    until: dt.date,
    recalled_weight: float = RECALLED_WEIGHT,
    grid: Grid = GRID,
) -> FirstFoundings:
    """The forecast by Muslim population alone, kept: the same one serves several scores."""
    known = open_reference_class(as_of)
    return forecast_firsts(known, family, until, covariates=POPULATION_ONLY, recalled_weight=recalled_weight, grid=grid)


def _scores(forecast: FirstFoundings, alone: FirstFoundings, had: set[str]) -> FoundingScores:
    return _scored(
        (forecast.family, forecast.as_of, forecast.until),
        np.array([float(code in had) for code in forecast.countries]),
        forecast.probability,
        alone.probability,
        forecast.muslim_share,
        forecast.totals,
    )


def _scored(
    of: tuple[str, dt.date, dt.date], happened: Floats, p: Floats, alone: Floats, muslim_share: Floats, totals: Floats
) -> FoundingScores:
    """Scores of probabilities and of a total; `of` is the family and the two days, the rest ``(country,)``."""
    tenth = muslim_share >= TENTH
    low, median, high = np.quantile(totals, (0.05, 0.5, 0.95))
    observed = int(happened.sum())
    return FoundingScores(
        *of,
        auc=ordering(p, happened > 0).auc,
        auc_tenth=ordering(p[tenth], happened[tenth] > 0).auc,
        expected=float(p.sum()),
        median=float(median),
        low=float(low),
        high=float(high),
        observed=observed,
        total_crps=float(crps(np.array([float(observed)]), totals[None])[0]),
        brier=float(brier(happened, p).mean()),
        brier_population=float(brier(happened, alone).mean()),
        log_score=float(np.log(np.where(happened > 0, p, 1 - p)).sum()),
    )
