"""How often, and by how much, the model is beside the point: learned on earlier as-of dates.

A trajectory says what would be published if the model held and the figure counted what its row says. Some figures do
not: they count a part, or something else, or the model lacks what moved them. So a share of the trajectories is spread
widely on the scale of scores, alike for all figures of one place and quantity (what is off for a country stays off)::

    log1p(x - b) = log1p(said - b) + size t    in a share of the trajectories, and as said in the others

with b the last public figure of a counter (0 for a stock), t Student with 4 degrees of freedom, and no difference below
0 (a contaminated distribution: Tukey 1960, "A survey of sampling from contaminated distributions"). `share` and `size`
have the least mean log score over the figures published by `CALIBRATED_BY` of forecasts from `CALIBRATION_DATES`, one
weight a cluster: the log score is the one that tails decide. A quantity with figures of `ENOUGH` places learns its own,
as the naive forecasts do (`calibrating`), the others borrow that of all quantities together. An as-of date before
`CALIBRATED_BY` takes what could be learned by then, the first of the calibration dates nothing at all.

What bundled cases learned is kept in ``discrepancy.toml``, with the models and draws of the forecasts behind it;
``scripts/learn_discrepancy.py`` makes it anew. A case that
is not in the file has none, and its forecasts are scored as they are.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from afterfall.score.bootstrap import weighted_mean
from afterfall.score.calibrating import ENOUGH
from afterfall.score.outcomes import Outcome
from afterfall.score.rules import Floats, keyed, log_score, on_scale

FREEDOM = 4
#: All quantities together.
ALL = "all"
FILE = "discrepancy.toml"


class Discrepancy(NamedTuple):
    """Share of the trajectories that are spread, and by how much on log1p."""

    share: float
    size: float


NONE = Discrepancy(0.0, 0.0)
SHARES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
#: What is tried, the smallest first.
GRID = (NONE, *(Discrepancy(e, s) for e in SHARES for s in (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)))


@dataclass(frozen=True, slots=True)
class Trial:
    """An outcome of an earlier date, and what the model said of it, in people ``(n,)``."""

    outcome: Outcome
    said: Floats


def contaminated(said: Floats, discrepancy: Discrepancy, outcome: Outcome, *, seed: int) -> Floats:
    """What a forecast says of a figure ``(n,)``, in people, its share of wide errors included."""
    if discrepancy.share == 0.0:
        return said
    place, quantity = outcome.cluster
    luck, last = keyed(f"discrepancy/{place}/{quantity}", seed=seed), outcome.last_public or 0.0
    spread = luck.random(len(said)) < discrepancy.share
    beyond = on_scale(said, last) + discrepancy.size * luck.standard_t(FREEDOM, len(said))
    return np.where(spread, last + np.expm1(np.maximum(0.0, beyond)), said)


def discrepancy_of(case: str, as_of: dt.date, quantity: str) -> Discrepancy:
    """What could be learned for a quantity of a bundled case by a day."""
    kept = _kept().get(case, {})
    known = [day for day in kept if day <= as_of]
    found = kept[max(known)] if known else {}
    return found.get(quantity, found.get(ALL, NONE))


@cache
def _kept() -> Mapping[str, Mapping[dt.date, Mapping[str, Discrepancy]]]:
    return {
        case: {
            dt.date.fromisoformat(day): {name: Discrepancy(one["share"], one["size"]) for name, one in found.items()}
            for day, found in days.items()
            if day != "forecast"
        }
        for case, days in _content().items()
    }


@cache
def _content() -> Mapping[str, Mapping[str, Any]]:
    content: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("afterfall.score").joinpath(FILE).read_text(encoding="utf-8")
    )
    return content


def learned_from(case: str) -> dict[dt.date, tuple[str, str]]:
    """Hash of the model and the draws of each forecast that a bundled case's discrepancy was learned from."""
    made = _content().get(case, {}).get("forecast", {})
    return {dt.date.fromisoformat(day): (found["model"], found["draws"]) for day, found in made.items()}


def learn(trials: Sequence[Trial], *, seed: int) -> dict[str, Discrepancy]:
    """The discrepancy of `GRID` with the least mean log score: of `ALL` together, and of each quantity with enough.

    Nothing (no entry) is learned from fewer than `ENOUGH` clusters.
    """
    scores = np.array([_log_scores(trial, seed) for trial in trials]).reshape(len(trials), len(GRID))
    found = {}
    for name in (ALL, *sorted({trial.outcome.quantity for trial in trials})):
        own = [i for i, trial in enumerate(trials) if name in (ALL, trial.outcome.quantity)]
        clusters: list[Hashable] = [trials[i].outcome.cluster for i in own]
        if len(set(clusters)) >= ENOUGH:
            found[name] = GRID[int(np.argmin([weighted_mean(column, clusters) for column in scores[own].T]))]
    return found


def _log_scores(trial: Trial, seed: int) -> Floats:
    """Log score of a trial under each discrepancy of the grid."""
    last = trial.outcome.last_public or 0.0
    samples = np.array([contaminated(trial.said, one, trial.outcome, seed=seed) for one in GRID])
    return log_score(np.full(len(GRID), on_scale(trial.outcome.value, last)), on_scale(samples, last))
