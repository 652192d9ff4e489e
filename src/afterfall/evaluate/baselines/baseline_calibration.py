"""Errors of the baselines, and which baseline each quantity is compared with, both fixed on earlier as-of dates.

From each calibration date of the case (`[evaluation]` of case.toml), every method forecasts the outcomes published by
its calibration day, or by the run's own as-of date if that is earlier. Its error for a quantity is the one of `GRID`
with the lowest mean CRPS, on the scale of scores, with each country counting once (minimum CRPS estimation: Gneiting,
Raftery, Westveld and Goldman 2005, doi:10.1175/MWR2904.1). No other error of this form would have made the method
harder to beat. A method and quantity with fewer than `ENOUGH` countries takes the error of the method over all
quantities, and with fewer than that in all, `UNCALIBRATED`.

The baseline of a quantity is the method with the lowest mean CRPS on those dates (on a tie the first of `METHODS`), or
`hold_last` if there were too few countries. Nothing published after the calibration day can change any of it. A case
without such dates calibrates nothing: its errors are the conventional ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, cut
from afterfall.evaluate.baselines.baselines import METHODS, BaselineError, BaselineQuantiles, spread_out
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import Floats, crps, on_scale

ENOUGH = 5
#: Errors that are tried: sizes in steps of 25 %, growing like a random walk or not at all.
GRID = tuple(BaselineError(round(0.05 * 1.25**i, 3), growth) for growth in (0.5, 0.0) for i in range(20))
UNCALIBRATED = BaselineError(0.5, 0.5)
SAMPLES = 200


@dataclass(frozen=True, slots=True)
class CalibratedError:
    """Error of a baseline for a quantity, and what it was calibrated on.

    Attributes
    ----------
    error
        Size and growth of the error on log1p.
    estimated_from
        ``itself``, ``all quantities`` or ``convention``.
    countries
        How many countries had figures of the quantity on the earlier dates.
    crps
        Mean CRPS on the earlier dates, NaN where there were none.
    """

    error: BaselineError
    estimated_from: str
    countries: int
    crps: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Errors by quantity and method, and the baseline that each quantity is compared with."""

    errors: Mapping[str, Mapping[str, CalibratedError]]
    measured_against: Mapping[str, str]
    dates: tuple[dt.date, ...]
    published_by: dt.date


@dataclass(frozen=True, slots=True)
class _PastPoint:
    """An outcome of an earlier date, and the point forecast of each method."""

    outcome: Outcome
    points: Mapping[str, float]


def calibrate(whole: Case, quantities: Sequence[str], *, as_of: dt.date, horizon: int) -> Calibration:
    """Calibrate the baselines.

    Parameters
    ----------
    whole
        A case with everything published up to its calibration day at least.
    quantities
        Quantities of the model to calibrate for.
    as_of, horizon
        Of the forecast to be scored; nothing published after `as_of` is used.
    """
    published_by = whole.evaluation.learned_by(as_of)
    known = cut(whole, published_by)
    dates = tuple(day for day in whole.evaluation.calibration if day < published_by and _has_figures(known, day))
    past = [point for day in dates for point in _past_points(known, day, horizon)]
    curves = _curves(past)
    errors = {q: {m: _calibrated(past, curves[m], q) for m in METHODS} for q in quantities}
    return Calibration(errors, {q: _best(errors[q]) for q in quantities}, dates, published_by)


def _has_figures(known: Case, day: dt.date) -> bool:
    """Whether the case had any published figure to forecast from on a day."""
    try:
        return bool(BaselineQuantiles(cut(known, day)).view.named)
    except ValueError:
        return False


def _past_points(known: Case, day: dt.date, horizon: int) -> list[_PastPoint]:
    points = BaselineQuantiles(cut(known, day))
    outcomes = select(known, day, horizon).outcomes
    return [_PastPoint(o, {m: points.of(m, o.quantity, o.place) for m in METHODS}) for o in outcomes]


def _curves(past: Sequence[_PastPoint]) -> dict[str, Floats]:
    """CRPS of each past point forecast under each error of `GRID`, ``(points, errors)``, by method."""
    shape = len(past), len(GRID)
    return {method: np.array([_curve(point, method) for point in past]).reshape(shape) for method in METHODS}


def _curve(past: _PastPoint, method: str) -> Floats:
    one, point = past.outcome, past.points[method]
    samples = np.array([spread_out(point, error, one.month, SAMPLES) for error in GRID])
    last = one.offset or 0.0
    return crps(np.broadcast_to(on_scale(one.value, last), len(GRID)), on_scale(samples, last))


def _calibrated(past: Sequence[_PastPoint], curves: Floats, quantity: str) -> CalibratedError:
    clusters = [t.outcome.cluster for t in past]
    own = np.array([t.outcome.quantity == quantity for t in past], dtype=bool)
    countries = len({t.outcome.place for t in past if t.outcome.quantity == quantity})
    its_clusters = [c for c in clusters if c[1] == quantity]
    if countries >= ENOUGH:
        value, source = _least(curves[own], its_clusters), "itself"
    elif len(set(clusters)) >= ENOUGH:
        value, source = _least(curves, clusters), "all quantities"
    else:
        value, source = UNCALIBRATED, "convention"
    at = GRID.index(value) if value in GRID else 0
    return CalibratedError(value, source, countries, weighted_mean(curves[own][:, at], its_clusters))


def _least(curves: Floats, clusters: Sequence[Hashable]) -> BaselineError:
    return GRID[int(np.argmin([weighted_mean(curve, clusters) for curve in curves.T]))]


def _best(errors: Mapping[str, CalibratedError]) -> str:
    if any(e.countries < ENOUGH for e in errors.values()):
        return "hold_last"
    return min(METHODS, key=lambda method: (errors[method].crps, METHODS.index(method)))
