"""The naive forecast of a strength: that the last published one stays, with an error learned on earlier dates.

On every day up to the calibration day of the case (or the run's as-of date, where that is earlier) on which a strength
was published, it is held against each later one of the same organisation that was itself public by then. The error is
the one of `GRID` with the least mean CRPS on log1p, one weight an organisation, as for the other naive forecasts
(`calibrating`). With fewer than `ENOUGH` such pairs it is the conventional one. Errors of other quantities are not
borrowed: counts of people by country grew by large factors in those years, and a forecast as wide as that is easily
beaten.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, Figure, cut
from afterfall.case.dates import months_between
from afterfall.evaluate.baselines.baseline_calibration import ENOUGH, GRID, SAMPLES, UNCALIBRATED
from afterfall.evaluate.baselines.baselines import Error, spread_out
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.scoring_rules import Floats, crps


@dataclass(frozen=True, slots=True)
class Persistence:
    """Error of the forecast that a strength stays, from how many pairs it was learned (0: convention), and by when."""

    error: Error
    pairs: int
    published_by: dt.date


@dataclass(frozen=True, slots=True)
class Pair:
    """A strength held from the day it was published, and a later one, in people."""

    organisation: str
    last: float
    months: int
    happened: float


def learn_persistence(whole: Case, as_of: dt.date) -> Persistence:
    """Learn the error from what a case knew by the calibration date, and by the as-of date of the run."""
    by = whole.evaluation.learned_by(as_of)
    found = pairs(cut(whole, by))
    if len(found) < ENOUGH:
        return Persistence(UNCALIBRATED, 0, by)
    clusters = [p.organisation for p in found]
    curves = np.array([[score_persistence(p.last, error, p.months, p.happened) for error in GRID] for p in found])
    best = int(np.argmin([weighted_mean(curve, clusters) for curve in curves.T]))
    return Persistence(GRID[best], len(found), by)


def pairs(known: Case) -> list[Pair]:
    """Strengths of one organisation, the later one of a month after the earlier was published."""
    figures = [f for f in known.figures if f.quantity == "strength" and f.organisation and not f.bound]
    found = []
    for one in figures:
        later = [f for f in figures if f.organisation == one.organisation and _is_last(one, figures)]
        ahead = [(months_between(one.published.last_day, f.refers_to.last_day), f) for f in later]
        found += [Pair(one.organisation, one.value, months, f.value) for months, f in ahead if months > 0]
    return found


def _is_last(one: Figure, figures: list[Figure]) -> bool:
    """Whether a figure was the latest of its organisation on the day it was published."""
    public = [
        f for f in figures if f.organisation == one.organisation and f.published.last_day <= one.published.last_day
    ]
    return one is max(public, key=lambda f: (f.refers_to.last_day, f.figure))


def persistence_samples(last: float, error: Error, months: int) -> Floats:
    """The forecast as ordered samples, in people."""
    return spread_out(last, error, months, SAMPLES)


def score_persistence(last: float, error: Error, months: int, happened: float) -> float:
    """CRPS on log1p."""
    return float(crps(np.log1p([happened]), np.log1p(persistence_samples(last, error, months))[None, :])[0])
