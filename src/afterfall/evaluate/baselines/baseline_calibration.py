"""How wrong naive forecasts are, and which one a quantity is measured against: fixed on earlier as-of dates.

Every naive method forecasts, from what was public on each of the calibration dates of the case, the outcomes published
by its calibration day (`[evaluation]` of case.toml; or by the run's own as-of date, where that is earlier). Its error
for a quantity is the one of `GRID` with the least mean CRPS there, on the scale of scores and with one weight a country
(estimation by minimum CRPS: Gneiting, Raftery, Westveld and Goldman 2005, doi:10.1175/MWR2904.1): no other error of
that form would have made the method harder to beat. A method and quantity with fewer than `ENOUGH` countries borrows
the error of the method over all quantities, and with fewer than that in all, `UNCALIBRATED`.

The one naive forecast that a quantity is measured against is the method with the least mean CRPS on those earlier dates
(on a tie the first of `METHODS`), or `hold_last` where there were not enough countries to tell. Nothing published later
than that day can change any of it. A case without such dates calibrates nothing: its errors are the conventional ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, cut
from afterfall.evaluate.baselines.baselines import METHODS, BaselineQuantiles, Error, spread_out
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import Floats, crps, on_scale

ENOUGH = 5
#: Errors that are tried: sizes a quarter apart, growing like a random walk or not at all.
GRID = tuple(Error(round(0.05 * 1.25**i, 3), growth) for growth in (0.5, 0.0) for i in range(20))
UNCALIBRATED = Error(0.5, 0.5)
SAMPLES = 200


@dataclass(frozen=True, slots=True)
class LearnedError:
    """Error of a naive method for a quantity, and where it was learned.

    Attributes
    ----------
    error
        Size and growth of the error on log1p.
    learned_from
        ``itself``, ``all quantities`` or ``convention``.
    countries
        How many countries had figures of the quantity on the earlier dates.
    crps
        Mean CRPS on the earlier dates, NaN where there were none.
    """

    error: Error
    learned_from: str
    countries: int
    crps: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Errors by quantity and method, and the one method each quantity is measured against."""

    errors: Mapping[str, Mapping[str, LearnedError]]
    measured_against: Mapping[str, str]
    dates: tuple[dt.date, ...]
    published_by: dt.date


@dataclass(frozen=True, slots=True)
class _Trial:
    """An outcome of an earlier date, and what each method said of it."""

    outcome: Outcome
    points: Mapping[str, float]


def calibrate(whole: Case, quantities: Sequence[str], *, as_of: dt.date, horizon: int) -> Calibration:
    """Learn the errors of naive forecasts.

    Parameters
    ----------
    whole
        A case that knows what was published up to its calibration day at least.
    quantities
        Quantities of the model to calibrate for.
    as_of, horizon
        Of the forecast to be scored; nothing published after `as_of` is used.
    """
    published_by = whole.evaluation.learned_by(as_of)
    known = cut(whole, published_by)
    dates = tuple(day for day in whole.evaluation.calibration if day < published_by and _tellable(known, day))
    trials = [trial for day in dates for trial in _trials(known, day, horizon)]
    curves = _curves(trials)
    errors = {q: {m: _learned(trials, curves[m], q) for m in METHODS} for q in quantities}
    return Calibration(errors, {q: _best(errors[q]) for q in quantities}, dates, published_by)


def _tellable(known: Case, day: dt.date) -> bool:
    """Whether the case has anything to forecast from on a day."""
    try:
        return bool(BaselineQuantiles(cut(known, day)).scene.named)
    except ValueError:
        return False


def _trials(known: Case, day: dt.date, horizon: int) -> list[_Trial]:
    points = BaselineQuantiles(cut(known, day))
    outcomes = select(known, day, horizon).outcomes
    return [_Trial(o, {m: points.of(m, o.quantity, o.place) for m in METHODS}) for o in outcomes]


def _curves(trials: Sequence[_Trial]) -> dict[str, Floats]:
    """CRPS of each trial under each error of `GRID`, ``(trials, errors)``, by method."""
    shape = len(trials), len(GRID)
    return {method: np.array([_curve(trial, method) for trial in trials]).reshape(shape) for method in METHODS}


def _curve(trial: _Trial, method: str) -> Floats:
    one, point = trial.outcome, trial.points[method]
    samples = np.array([spread_out(point, error, one.month, SAMPLES) for error in GRID])
    last = one.last_public or 0.0
    return crps(np.broadcast_to(on_scale(one.value, last), len(GRID)), on_scale(samples, last))


def _learned(trials: Sequence[_Trial], curves: Floats, quantity: str) -> LearnedError:
    clusters = [t.outcome.cluster for t in trials]
    own = np.array([t.outcome.quantity == quantity for t in trials], dtype=bool)
    countries = len({t.outcome.place for t in trials if t.outcome.quantity == quantity})
    its_clusters = [c for c in clusters if c[1] == quantity]
    if countries >= ENOUGH:
        value, source = _least(curves[own], its_clusters), "itself"
    elif len(set(clusters)) >= ENOUGH:
        value, source = _least(curves, clusters), "all quantities"
    else:
        value, source = UNCALIBRATED, "convention"
    at = GRID.index(value) if value in GRID else 0
    return LearnedError(value, source, countries, weighted_mean(curves[own][:, at], its_clusters))


def _least(curves: Floats, clusters: Sequence[Hashable]) -> Error:
    return GRID[int(np.argmin([weighted_mean(curve, clusters) for curve in curves.T]))]


def _best(errors: Mapping[str, LearnedError]) -> str:
    if any(e.countries < ENOUGH for e in errors.values()):
        return "hold_last"
    return min(METHODS, key=lambda method: (errors[method].crps, METHODS.index(method)))
