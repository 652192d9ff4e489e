"""How often, and by how much, the model is beside the point: learned on earlier as-of dates.

A trajectory says what would be published if the model held and the figure counted what its row says. Some figures do
not: they count a part, or something else, or the model lacks what moved them. So a share of the trajectories is spread
widely on the scale of scores, alike for all figures of one place and quantity (what is off for a country stays off)::

    log1p(x - b) = log1p(said - b) + size t    in a share of the trajectories, and as said in the others

with b the last public figure of a counter (0 for a stock), t Student with 4 degrees of freedom, and no difference below
0 (a contaminated distribution: Tukey 1960, "A survey of sampling from contaminated distributions"). Other figures add
nothing to what was public: of the totals of travellers of `isis-2017` that its calibration day knows, 14, 42 and 44 in
a hundred do not exceed the last one before the three calibration dates (6, 21 and 11 repeat it; one weight a place). So
a part of the trajectories, `repeats`, says the last one again.

Few figures tell `share`, `size` and `repeats` apart, so none of them is chosen: triples on `GRID` are averaged, each
with the weight ``exp(-sum of log scores)`` over the figures published by the calibration day of forecasts from the
calibration dates (`[evaluation]` of case.toml), one weight a cluster (Bayes with an even prior on the grid: Hoeting,
Madigan, Raftery and Volinsky 1999, doi:10.1214/ss/1009212519). The log score is also the one that tails decide. (Its
kernels smear what repeats, so `repeats` comes out low.) `MEMBERS` triples stand for the average; each trajectory takes
one. A quantity with figures of `ENOUGH` places learns its own, as the naive forecasts do (`calibrating`); the others
borrow that of all quantities together, of `repeats` alone where fewer places had anything to repeat. An as-of date
before the calibration day takes what could be learned by then. Where nothing could be, as on the first of the
calibration dates or for a case that is not in the file, the error is `UNLEARNED`: every trajectory is spread by 0.5,
the number that stands for a naive forecast's error where none could be learned. A convention.

What bundled cases learned is kept in ``discrepancy.toml``, with the models and draws of the forecasts behind it;
``scripts/learn_discrepancy.py`` makes it anew.
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
from afterfall.evaluate.core.scoring_rules import Floats, keyed, log_score, on_scale

FREEDOM = 4
#: All quantities together.
ALL = "all"
FILE = "discrepancy.toml"


class Discrepancy(NamedTuple):
    """Share of the trajectories that are spread, by how much on log1p, and share that repeat the last figure."""

    share: float
    size: float
    repeats: float = 0.0


#: An average: triples of one weight each.
Error = tuple[Discrepancy, ...]
NONE: Error = (Discrepancy(0.0, 0.0),)
UNLEARNED: Error = (Discrepancy(1.0, UNCALIBRATED.size),)
MEMBERS = 50
#: Below this the log of a weight is cut, so that no weight is nought.
LEAST_LOG = -600.0
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
SIZES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
REPEATS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
#: What is averaged, the smallest first.
GRID = tuple(Discrepancy(e, s, r) for r in REPEATS for e, s in ((0.0, 0.0), *product(SHARES, SIZES)))


@dataclass(frozen=True, slots=True)
class Trial:
    """An outcome of an earlier date, and what the model said of it, in people ``(n,)``."""

    outcome: Outcome
    said: Floats


def contaminated(said: Floats, own: Error, outcome: Outcome, *, seed: int) -> Floats:
    """What a forecast says of a figure ``(n,)``, in people, its share of wide errors and of repeats included."""
    place, quantity = outcome.cluster
    luck, last = keyed(f"discrepancy/{place}/{quantity}", seed=seed), outcome.last_public or 0.0
    spread, error, repeated = luck.random(len(said)), luck.standard_t(FREEDOM, len(said)), luck.random(len(said))
    share, size, repeats = np.array(own)[luck.integers(len(own), size=len(said))].T
    beyond = on_scale(said, last) + size * error
    found = np.where(spread < share, last + np.expm1(np.maximum(0.0, beyond)), said)
    return found if outcome.last_told is None else np.where(repeated < repeats, outcome.last_told, found)


def discrepancy_of(case: str, as_of: dt.date, quantity: str) -> Error:
    """What could be learned for a quantity of a bundled case by a day."""
    kept = _kept().get(case, {})
    known = [day for day in kept if day <= as_of]
    found = kept[max(known)] if known else {}
    return found.get(quantity, found.get(ALL, UNLEARNED))


def mean_of(own: Error) -> list[float]:
    """Means of share, size and repeats over an average, to three decimals."""
    return [round(float(one), 3) for one in np.mean(own, axis=0)]


@cache
def _kept() -> Mapping[str, Mapping[dt.date, Mapping[str, Error]]]:
    return {
        case: {
            dt.date.fromisoformat(day): {name: tuple(Discrepancy(*one) for one in own) for name, own in found.items()}
            for day, found in days.items()
            if day != "forecast"
        }
        for case, days in _content().items()
    }


@cache
def _content() -> Mapping[str, Mapping[str, Any]]:
    content: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("afterfall.evaluate.core").joinpath(FILE).read_text(encoding="utf-8")
    )
    return content


def learned_from(case: str) -> dict[dt.date, tuple[str, str]]:
    """Hash of the model and the draws of each forecast that a bundled case's discrepancy was learned from."""
    made = _content().get(case, {}).get("forecast", {})
    return {dt.date.fromisoformat(day): (found["model"], found["draws"]) for day, found in made.items()}


def learn(trials: Sequence[Trial], *, seed: int) -> dict[str, Error]:
    """The average over `GRID`, as `MEMBERS` triples: of `ALL` together, and of each quantity with enough.

    Nothing (no entry) is learned from fewer than `ENOUGH` clusters.
    """
    scores = scores_on_grid(trials, seed=seed)
    repeats = np.array([one.repeats for one in GRID])
    of_repeats = (repeats == 0.0).astype(float)
    found: dict[str, Error] = {}
    for name in (ALL, *sorted({trial.outcome.quantity for trial in trials})):
        own = [i for i, trial in enumerate(trials) if name in (ALL, trial.outcome.quantity)]
        clusters: list[Hashable] = [trials[i].outcome.cluster for i in own]
        if len(set(clusters)) < ENOUGH:
            continue
        weight = weights(scores[own], clusters)
        if len({trials[i].outcome.cluster for i in own if trials[i].outcome.last_told is not None}) < ENOUGH:
            weight = weight / _together(weight, repeats) * of_repeats
        if name == ALL:
            of_repeats = _together(weight, repeats)
        found[name] = tuple(GRID[g] for g in _evenly(weight / weight.sum()))
    return found


def scores_on_grid(trials: Sequence[Trial], *, seed: int) -> Floats:
    """Log score of each trial under each discrepancy of `GRID`, ``(n, G)``."""
    return np.array([_scores(trial, seed) for trial in trials]).reshape(len(trials), len(GRID))


def _scores(trial: Trial, seed: int) -> Floats:
    last = trial.outcome.last_public or 0.0
    samples = np.array([contaminated(trial.said, (one,), trial.outcome, seed=seed) for one in GRID])
    return log_score(np.full(len(GRID), on_scale(trial.outcome.value, last)), on_scale(samples, last))


def weights(scores: Floats, clusters: Sequence[Hashable]) -> Floats:
    """Weight of each discrepancy of the grid, from its log scores ``(n, G)``; those of one cluster speak together."""
    total = len(set(clusters)) * np.array([weighted_mean(one, clusters) for one in scores.T])
    weight = np.exp(np.maximum(total.min() - total, LEAST_LOG))
    return np.asarray(weight / weight.sum())


def _together(weight: Floats, repeats: Floats) -> Floats:
    """For each of the grid, the weight of all that repeat as often."""
    return np.array([weight[repeats == one].sum() for one in repeats])


def _evenly(weight: Floats) -> np.ndarray:
    """Positions on the grid, `MEMBERS` of them, as often as their weight says (systematic sampling)."""
    return np.searchsorted(np.cumsum(weight), (np.arange(MEMBERS) + 0.5) / MEMBERS)
