"""Model discrepancy: how often, and by how much, published figures differ from what the model can explain.

A trajectory predicts what would be published if the model held and the figure counted what its row says. Some published
figures do not measure the modelled quantity: they count a part of it, or something else, or the model lacks what
changed them. So a share of the trajectories is spread widely on the scale of scores, alike for all figures of one place
and quantity (a deviation persists within a country)::

    log1p(x - b) = log1p(predicted - b) + size t    in a share of the trajectories, and as predicted in the others

with b the last published figure of a counter (0 for a stock), t Student with 4 degrees of freedom, and no difference
below 0 (a contaminated distribution: Tukey 1960, "A survey of sampling from contaminated distributions"). Other figures
repeat what was published: of the totals of travellers of `isis-2017` published by its calibration day, 14, 42 and 44 %
do not exceed the last one before the three calibration dates (6, 21 and 11 % repeat it; each place counts once). So a
part of the trajectories, `repeats`, predicts the last published figure.

Few figures identify `share`, `size` and `repeats`, so none is selected. Triples on `GRID` are averaged with the weights
``exp(-sum of log scores)``, over the figures published by the calibration day of forecasts from the calibration dates
(`[evaluation]` of case.toml); each place and quantity counts once. This is Bayesian model averaging with an even prior
on the grid (Hoeting, Madigan, Raftery and Volinsky 1999, doi:10.1214/ss/1009212519). The log score is also the one most
sensitive to tails. Its kernel density smooths repeated values, so `repeats` is underestimated. `MEMBERS` triples
represent the average; each trajectory takes one.

A quantity with figures of `ENOUGH` places has its own average, as for the baselines (`baseline_calibration`). The
others take that of all quantities together, and of `repeats` alone if fewer places had a figure to repeat. An as-of
date before the calibration day takes what could be estimated by then. If nothing could be, as on the first calibration
date or for a case that is not in the file, the convention is `UNCALIBRATED_DISCREPANCY`: every trajectory is spread by
0.5, the size also used for baselines that could not be calibrated.

Estimates of the bundled cases are in ``discrepancy.toml``, with the models and draws of the forecasts they rest on;
``scripts/fit_discrepancy.py`` writes it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from afterfall.evaluate.baselines.baseline_calibration import ENOUGH, UNCALIBRATED
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import Floats, generator_of, log_score, on_scale

FREEDOM = 4
#: All quantities together.
ALL = "all"
FILE = "discrepancy.toml"


class Discrepancy(NamedTuple):
    """Share of trajectories that are spread, by how much on log1p, and share that repeat the last published figure."""

    share: float
    size: float
    repeats: float = 0.0


#: An average, as triples of equal weight.
DiscrepancyMixture = tuple[Discrepancy, ...]
UNCALIBRATED_DISCREPANCY: DiscrepancyMixture = (Discrepancy(1.0, UNCALIBRATED.size),)
MEMBERS = 50
#: Log weights are cut here, so that no weight is zero.
LEAST_LOG = -600.0
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
SIZES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
REPEATS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
#: The triples that are averaged, the smallest first.
GRID = tuple(Discrepancy(e, s, r) for r in REPEATS for e, s in ((0.0, 0.0), *product(SHARES, SIZES)))


@dataclass(frozen=True, slots=True)
class PastPrediction:
    """An outcome of an earlier as-of date and what the model predicted, without discrepancy, in people ``(n,)``."""

    outcome: Outcome
    predicted: Floats


def contaminated(predicted: Floats, mixture: DiscrepancyMixture, outcome: Outcome, *, seed: int) -> Floats:
    """Add discrepancy to the samples of a figure.

    Parameters
    ----------
    predicted
        Samples without discrepancy ``(n,)``, in people.
    mixture
        Triples; each sample takes one at random.
    outcome
        The figure; its place and quantity key the random numbers, so that all figures of a cluster share them.
    seed
        Seed of the run.
    """
    place, quantity = outcome.cluster
    n, last = len(predicted), outcome.offset or 0.0
    rng = generator_of(f"discrepancy/{place}/{quantity}", seed=seed)
    spread, error, repeated = rng.random(n), rng.standard_t(FREEDOM, n), rng.random(n)
    share, size, repeats = np.array(mixture)[rng.integers(len(mixture), size=n)].T
    shifted = on_scale(predicted, last) + size * error
    found = np.where(spread < share, last + np.expm1(np.maximum(0.0, shifted)), predicted)
    return found if outcome.last_published is None else np.where(repeated < repeats, outcome.last_published, found)


def discrepancy_of(case: str, as_of: dt.date, quantity: str) -> DiscrepancyMixture:
    """The discrepancy of a quantity that could be estimated by a day; the convention if none could."""
    by_day = _estimates().get(case, {})
    earlier = [day for day in by_day if day <= as_of]
    found = by_day[max(earlier)] if earlier else {}
    return found.get(quantity, found.get(ALL, UNCALIBRATED_DISCREPANCY))


def mean_discrepancy(mixture: DiscrepancyMixture) -> list[float]:
    """Means of share, size and repeats over a mixture, rounded to three decimals."""
    return [round(float(one), 3) for one in np.mean(mixture, axis=0)]


@cache
def _estimates() -> Mapping[str, Mapping[dt.date, Mapping[str, DiscrepancyMixture]]]:
    """Mixtures by case, by the day they could be estimated on, and by quantity."""
    return {
        case: {dt.date.fromisoformat(day): _mixtures(found) for day, found in days.items() if day != "forecast"}
        for case, days in _content().items()
    }


def _mixtures(found: Mapping[str, Any]) -> dict[str, DiscrepancyMixture]:
    return {quantity: tuple(Discrepancy(*one) for one in triples) for quantity, triples in found.items()}


@cache
def _content() -> Mapping[str, Mapping[str, Any]]:
    content: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("afterfall.evaluate.figures").joinpath(FILE).read_text(encoding="utf-8")
    )
    return content


def fit_discrepancy(predictions: Sequence[PastPrediction], *, seed: int) -> dict[str, DiscrepancyMixture]:
    """The average over `GRID`, as `MEMBERS` triples: of `ALL` quantities together, and of each with enough figures.

    A quantity with fewer than `ENOUGH` clusters has no entry.
    """
    scores = scores_on_grid(predictions, seed=seed)
    repeats = np.array([one.repeats for one in GRID])
    weight_of_repeats = (repeats == 0.0).astype(float)
    found: dict[str, DiscrepancyMixture] = {}
    for name in (ALL, *sorted({one.outcome.quantity for one in predictions})):
        rows = [i for i, one in enumerate(predictions) if name in (ALL, one.outcome.quantity)]
        clusters: list[Hashable] = [predictions[i].outcome.cluster for i in rows]
        if len(set(clusters)) < ENOUGH:
            continue
        weight = weights(scores[rows], clusters)
        outcomes = [predictions[i].outcome for i in rows]
        if len({one.cluster for one in outcomes if one.last_published is not None}) < ENOUGH:
            weight = weight / _weight_by_repeats(weight, repeats) * weight_of_repeats
        if name == ALL:
            weight_of_repeats = _weight_by_repeats(weight, repeats)
        found[name] = tuple(GRID[g] for g in _systematic_sample(weight / weight.sum()))
    return found


def scores_on_grid(predictions: Sequence[PastPrediction], *, seed: int) -> Floats:
    """Log score of each prediction under each discrepancy of `GRID`, ``(n, G)``."""
    return np.array([_scores(one, seed) for one in predictions]).reshape(len(predictions), len(GRID))


def _scores(one: PastPrediction, seed: int) -> Floats:
    last = one.outcome.offset or 0.0
    samples = np.array([contaminated(one.predicted, (triple,), one.outcome, seed=seed) for triple in GRID])
    return log_score(np.full(len(GRID), on_scale(one.outcome.value, last)), on_scale(samples, last))


def weights(scores: Floats, clusters: Sequence[Hashable]) -> Floats:
    """Weight of each discrepancy of the grid ``(G,)`` from its log scores ``(n, G)``; each cluster counts once."""
    total = len(set(clusters)) * np.array([weighted_mean(one, clusters) for one in scores.T])
    weight = np.exp(np.maximum(total.min() - total, LEAST_LOG))
    return np.asarray(weight / weight.sum())


def _weight_by_repeats(weight: Floats, repeats: Floats) -> Floats:
    """For each triple of the grid, the total weight of all triples with the same `repeats`."""
    return np.array([weight[repeats == one].sum() for one in repeats])


def _systematic_sample(weight: Floats) -> np.ndarray:
    """`MEMBERS` positions on the grid, in proportion to their weights (systematic sampling)."""
    return np.searchsorted(np.cumsum(weight), (np.arange(MEMBERS) + 0.5) / MEMBERS)
