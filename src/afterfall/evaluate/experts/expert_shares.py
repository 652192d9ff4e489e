"""Statements about a share of those still in the theatre, scored on the figures of each place they cover.

For each of its places, a statement is judged by the last figure of its quantity that `outcomes` would select from the
day of the statement on: published after that day, about a later day, within `months` (or the horizon). A group of
countries is read as each of its members, with the same share of those still there. The number still there is the one
the statement gives (one place only), else the last published figure on that day, else travellers minus returned minus
dead as far as published. A place with nobody left is skipped.

The same figure is forecast, on the same scale (what it adds to the last figure published by the day of the statement),
by our forecast from the latest as-of date no later than the statement, and by persistence from the day of the statement
with its calibrated error. So the expert and the baseline had the same information, and our forecast had less.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.case import WORLD, Case, cut
from afterfall.evaluate.baselines.baseline_calibration import Calibration
from afterfall.evaluate.baselines.baselines import BaselineQuantiles, spread_out
from afterfall.evaluate.core.last_published import last_published_figure
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import Floats, mark, on_scale
from afterfall.evaluate.experts.statement_distributions import SAMPLES, shares
from afterfall.evaluate.experts.statements import Statement
from afterfall.evaluate.figures.published_count import CountForecast
from afterfall.model.language.case_view import CaseView
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS

PERSISTENCE = "hold_last"


@dataclass(frozen=True, slots=True)
class PredictedShare:
    """A forecast of one figure: 5, 50 and 95 % quantiles in people, and its scores."""

    low90: float
    median: float
    high90: float
    crps: float
    log_score: float
    inside90: bool


@dataclass(frozen=True, slots=True)
class ShareScore:
    """One figure and its forecasts by the expert, by us and by the baseline; numbers in people.

    `there` is how many from the place were still in the theatre, `last` the last published figure, both on the day of
    the statement.
    """

    figure: str
    place: str
    name: str
    quantity: str
    refers_to: dt.date
    observed: float
    last: float
    there: float
    expert: PredictedShare
    ours: PredictedShare
    baseline: PredictedShare


def score_share(
    statement: Statement, chance: float, forecast: CountForecast, whole: Case, calibration: Calibration
) -> tuple[ShareScore, ...]:
    """Score a statement about a share.

    Parameters
    ----------
    statement
        Of kind ``share``.
    chance
        Probability that it gives to its range.
    forecast
        Our forecast, from an as-of date no later than the statement.
    whole
        The case with later publications.
    calibration
        Of the baselines, for the statement's quantity, on its day.
    """
    known = cut(whole, statement.day)
    view, points = CaseView(known), BaselineQuantiles(known)
    error = calibration.errors[statement.quantity][PERSISTENCE].error
    found = []
    for now, then in _outcomes(statement, forecast.run, whole, _places(statement, view)):
        there = statement.stock if statement.stock is not None else still_there(points, now.place)
        if there <= 0:
            continue
        last = now.offset or 0.0
        point = points.of(PERSISTENCE, now.quantity, now.place)
        forecasts = (
            last + there * shares(statement.low or 0.0, statement.high or 0.0, chance),
            forecast.counts(then),
            spread_out(point, error, now.month, SAMPLES),
        )
        scored = [_predicted(now, last, samples, forecast.run.request.seed) for samples in forecasts]
        name = "World" if now.place == WORLD else view.name(now.place)
        found.append(
            ShareScore(now.figure, now.place, name, now.quantity, now.refers_to, now.value, last, there, *scored)
        )
    return tuple(found)


def still_there(points: BaselineQuantiles, place: str) -> float:
    """People of a place still in the theatre, as far as published."""
    stock = last_published_figure(points.case, "in_theatre", place)
    if stock is not None:
        return stock.value
    gone = [last_published_figure(points.case, quantity, place) for quantity in ("returned", "killed_so_far")]
    return max(0.0, points.travelled(place) - sum(figure.value for figure in gone if figure is not None))


def _places(statement: Statement, view: CaseView) -> set[str]:
    """Places that a statement is about, with regions resolved into their countries."""
    regions = view.region_of
    inside = {place for place in view.named if regions[place] in statement.about}
    return inside | {place for place in statement.about if place in view.named or place == WORLD}


def _outcomes(statement: Statement, run: Run, whole: Case, places: set[str]) -> list[tuple[Outcome, Outcome]]:
    """The last figure of each place, as an outcome seen from the day of the statement and from our as-of date."""
    ours = {o.figure: o for o in select(whole, run.as_of, run.request.horizon).outcomes}
    months = run.request.horizon if statement.months is None else statement.months
    chosen: dict[str, Outcome] = {}
    for one in select(whole, statement.day, months).outcomes:
        if one.quantity == statement.quantity and one.place in places and one.figure in ours:
            before = chosen.get(one.place)
            if before is None or one.refers_to >= before.refers_to:
                chosen[one.place] = one
    return [(chosen[place], ours[chosen[place].figure]) for place in sorted(chosen)]


def _predicted(outcome: Outcome, last: float, samples: Floats, seed: int) -> PredictedShare:
    marks = mark(on_scale([outcome.value], last), on_scale(samples[None, :], last), [outcome.figure], seed=seed)
    low, _, median, _, high = np.quantile(samples, FAN_LEVELS)
    return PredictedShare(
        low90=float(low),
        median=float(median),
        high90=float(high),
        crps=float(marks.crps[0]),
        log_score=float(marks.log_score[0]),
        inside90=bool(marks.inside90[0] > 0),
    )
