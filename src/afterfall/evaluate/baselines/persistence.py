"""Persistence for strengths: the last published strength carried forward, with an error calibrated on earlier dates.

On every day up to the calibration day of the case (or the run's as-of date, if earlier) on which a strength was
published, it is compared with each later one of the same organisation that was itself published by then. The error is
the one of `GRID` with the lowest mean CRPS on log1p, each organisation counting once, as for the other baselines
(`baseline_calibration`). With fewer than `ENOUGH` such pairs it is the conventional one. Errors of other quantities are
not borrowed: counts of people by country grew by large factors in those years, and a baseline that wide is easy to
beat.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, Figure, cut
from afterfall.case.dates import months_between
from afterfall.evaluate.baselines.baseline_calibration import ENOUGH, GRID, SAMPLES, UNCALIBRATED
from afterfall.evaluate.baselines.baselines import BaselineError, spread_out
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.scoring_rules import Floats, crps


@dataclass(frozen=True, slots=True)
class Persistence:
    """Error of persistence, the number of pairs it was calibrated on (0: convention), and the date they ended."""

    error: BaselineError
    pairs: int
    published_by: dt.date


@dataclass(frozen=True, slots=True)
class Pair:
    """A strength as of the day it was published, and a later one of the same organisation, in people."""

    organisation: str
    last: float
    months: int
    observed: float


def fit_persistence(whole: Case, as_of: dt.date) -> Persistence:
    """Calibrate the error on what was published by the calibration day and by the as-of date of the run."""
    by = whole.evaluation.learned_by(as_of)
    found = pairs(cut(whole, by))
    if len(found) < ENOUGH:
        return Persistence(UNCALIBRATED, 0, by)
    clusters = [p.organisation for p in found]
    curves = np.array([[score_persistence(p.last, error, p.months, p.observed) for error in GRID] for p in found])
    best = int(np.argmin([weighted_mean(curve, clusters) for curve in curves.T]))
    return Persistence(GRID[best], len(found), by)


def pairs(known: Case) -> list[Pair]:
    """Pairs of strengths of one organisation, the later one referring to a month after the earlier was published."""
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


def persistence_samples(last: float, error: BaselineError, months: int) -> Floats:
    """The forecast as ordered samples, in people."""
    return spread_out(last, error, months, SAMPLES)


def score_persistence(last: float, error: BaselineError, months: int, observed: float) -> float:
    """CRPS on log1p."""
    return float(crps(np.log1p([observed]), np.log1p(persistence_samples(last, error, months))[None, :])[0])
