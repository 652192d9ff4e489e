"""The weight of the regression against the last twelve months, and the correlation between months.

The distribution of a future month is a mixture: with weight w the country's own last twelve months, each equally likely
(*conflictology*, the benchmark to beat), otherwise the regression of `hurdle`. The weight depends on the lead, in
bands. It is estimated from months before the end of the record only: a regression fitted on the record up to the first
of five origins, a year apart, forecasts from each of them. w is the value on a grid with the lowest mean over CRPS,
ignorance and interval score, each relative to the score of conflictology.

A trajectory also needs the dependence between months. The quantile level u of a country's month is ``Phi(z)`` with z
normal, of correlation ``share * memory^k`` between months k apart. Both numbers come from the same five origins, from
normal scores of the outcomes (randomised within the step of a count by a keyed uniform).

Assumption: countries are independent given the past, so shared shocks enter only through the neighbours' past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.conflict.conflict_record import ConflictRecord
from afterfall.conflict.hurdle import Hurdle, HurdleForecast, fit_hurdle, leads_for, predict_hurdle
from afterfall.conflict.views_scores import DRAWS as SCORED
from afterfall.conflict.views_scores import crps, ignorance, interval, views_scores
from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import EVENT, name_key
from afterfall.engine.program import Floats

RECENT = 12
ORIGINS = 5
#: Last lead of each band, in months; the last band has no end.
BANDS = (14, 38)
WEIGHTS = tuple(round(0.1 * k, 1) for k in range(10))
#: Draws of each distribution that is scored to estimate the weights.
DRAWS = 200
#: Lags, in months, at which the correlation between months is estimated.
LAGS = range(1, 12)
#: Months with a lower probability of a death carry too little information on the correlation and are left out.
LEAST_CHANCE = 0.05


@dataclass(frozen=True)
class Ensemble:
    """Weight of the last twelve months by band of leads, and the correlation of months.

    `weights` has one more entry than `BANDS`; `share` and `memory` are in 0..1. `origins` are the numbers of the months
    they were estimated from. It is empty if the record is too short; then all weights are the first of `WEIGHTS`.
    """

    weights: tuple[float, ...]
    share: float
    memory: float
    origins: tuple[int, ...]

    def weight(self, lead: int) -> float:
        """Weight of the last twelve months at a lead."""
        return self.weights[int(np.searchsorted(BANDS, lead))]


def fit_ensemble(record: ConflictRecord, longest: int) -> Ensemble:
    """Estimate weights and correlation from a record, for leads up to `longest` months."""
    leads = [lead for lead in _tried(longest) if lead <= longest]
    origins = [record.last - longest - RECENT * k for k in reversed(range(ORIGINS))]
    cuts = [record.until(month) for month in origins if month >= record.first]
    try:
        hurdle = fit_hurdle(cuts[0], leads_for(longest))
    except (ValueError, IndexError):  # too little record to hold anything back
        return Ensemble((WEIGHTS[0],) * (len(BANDS) + 1), 0.0, 0.0, ())
    forecasts = [(predict_hurdle(hurdle, cut, leads), recent(cut)) for cut in cuts]
    outcomes = [_outcomes(record, cut.last, leads) for cut in cuts]
    weights = [_weight(hurdle, forecasts, outcomes, where) for where in _bands(leads)]
    share, memory = _correlation(hurdle, record, cuts)
    return Ensemble(tuple(weights), share, memory, tuple(origins))


def _tried(longest: int) -> tuple[int, ...]:
    """Leads that are scored: every month of the first band, a few of each later band."""
    return (*range(3, BANDS[0] + 1), *range(20, BANDS[1] + 1, 6), *range(BANDS[1] + 6, longest + 1, 12))


def _bands(leads: Sequence[int]) -> list[list[int]]:
    """Positions of the leads in each band."""
    band = np.searchsorted(BANDS, leads)
    return [[i for i, b in enumerate(band) if b == k] for k in range(len(BANDS) + 1)]


def recent(record: ConflictRecord) -> Floats:
    """Deaths of the last twelve months by country, in rising order, ``(country, RECENT)``."""
    return np.sort(record.recent(RECENT), axis=1)


def distribution(hurdle: Hurdle, predicted: HurdleForecast, last: Floats, weight: float, draws: int) -> Floats:
    """The mixture as `draws` equally likely values of each country and lead, ``(country, lead, draws)``."""
    from afterfall.conflict.conflict_samplers import quantiles

    own = round(draws * weight)
    found = np.empty((*predicted.chance.shape, draws))
    if own:
        place = np.minimum((np.arange(own) + 0.5) / own * last.shape[1], last.shape[1] - 1).astype(int)
        found[..., :own] = last[:, None, place]
    if own < draws:
        even = (np.arange(draws - own) + 0.5) / (draws - own)
        found[..., own:] = quantiles(
            even, predicted.chance, predicted.level, predicted.spread, predicted.group, hurdle.shape, hurdle.ceiling
        )
    return found


def _outcomes(record: ConflictRecord, origin: int, leads: Sequence[int]) -> Floats:
    return record.deaths[:, origin - record.first + np.asarray(leads)]


def _weight(
    hurdle: Hurdle, forecasts: Sequence[tuple[HurdleForecast, Floats]], outcomes: Sequence[Floats], where: Sequence[int]
) -> float:
    """The weight with the lowest mean relative score over the leads at positions `where`; without leads the first."""
    if not where:
        return WEIGHTS[0]
    scores = np.array([_mean_scores(hurdle, forecasts, outcomes, where, w) for w in (*WEIGHTS, 1.0)])
    relative = (scores[:-1] / scores[-1]).mean(axis=1)
    return WEIGHTS[int(np.argmin(np.round(relative, 6)))]


def _mean_scores(
    hurdle: Hurdle,
    forecasts: Sequence[tuple[HurdleForecast, Floats]],
    outcomes: Sequence[Floats],
    where: Sequence[int],
    weight: float,
) -> Floats:
    means = []
    for (predicted, last), outcome in zip(forecasts, outcomes, strict=True):
        some = predicted.at(where)
        known = ~np.isnan(outcome[:, where])
        y = outcome[:, where][known]
        if weight == 1.0:
            means.append(views_scores(last[:, None, :].repeat(len(where), 1)[known], y).mean(axis=1))
            continue
        draws = distribution(hurdle, some, last, weight, DRAWS)[known]
        scores = crps(draws, y), ignorance(draws, y, worth=SCORED // DRAWS), interval(draws, y)
        means.append(np.mean(scores, axis=1))
    return np.asarray(np.mean(means, axis=0))


def _correlation(hurdle: Hurdle, record: ConflictRecord, cuts: Sequence[ConflictRecord]) -> tuple[float, float]:
    """Share and memory of the correlation between months, by least squares on its logs over `LAGS`."""
    leads = list(range(3, BANDS[0] + 1))
    scores = [_normal_scores(hurdle, record, cut, leads) for cut in cuts if cut.last + leads[-1] <= record.last]
    found = []
    for lag in LAGS:
        pairs = np.concatenate([np.stack([z[:, :-lag].ravel(), z[:, lag:].ravel()]) for z in scores], axis=1)
        pairs = pairs[:, ~np.isnan(pairs).any(axis=0)]
        found.append(float(np.corrcoef(pairs)[0, 1]) if pairs.shape[1] > 2 else 0.0)
    logs = np.log(np.clip(found, 0.01, 0.99))
    slope, start = np.polyfit(np.asarray(LAGS), logs, 1)
    share, memory = float(np.exp(start)), float(np.exp(slope))
    return round(min(max(share, 0.0), 0.99), 4), round(min(max(memory, 0.0), 0.999), 4)


def _normal_scores(hurdle: Hurdle, record: ConflictRecord, cut: ConflictRecord, leads: Sequence[int]) -> Floats:
    """Normal scores of outcomes within their distributions, ``(country, lead)``; NaN below `LEAST_CHANCE`."""
    from scipy.special import ndtri  # type: ignore[import-untyped]

    from afterfall.conflict.conflict_samplers import randomised_pit

    predicted, outcome = predict_hurdle(hurdle, cut, leads), _outcomes(record, cut.last, leads)
    names = [f"position/{c}/{cut.last + h}" for c in record.countries for h in leads]
    uniforms = uniforms_for(0, 0, EVENT, np.array([name_key(n) for n in names], dtype=np.uint64)).reshape(outcome.shape)
    u = randomised_pit(
        np.nan_to_num(outcome),
        uniforms,
        predicted.chance,
        predicted.level,
        predicted.spread,
        predicted.group,
        hurdle.shape,
    )
    z = ndtri(np.clip(u, 1e-6, 1.0 - 1e-6))
    return np.asarray(np.where((predicted.chance < LEAST_CHANCE) | np.isnan(outcome), np.nan, z))
