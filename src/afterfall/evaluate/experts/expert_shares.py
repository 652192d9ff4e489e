"""Statements about a share of those still in the theatre, against the figures of each place they are about.

A statement is judged, for each of its places, by the last figure of its quantity that `outcomes` would choose from the
day of the statement on: published after that day, of a later day, within `months` (or the horizon). A group of
countries is read as each of its members: the same share of those still there from each. Those still there are the
number the statement gives (one place only), else the last public figure on that day, else travellers less returned less
dead as far as public; a place without anyone is left out.

Beside it, on the same figure and the same scale (what it adds to the last figure public on the day of the statement):
our forecast, from the latest as-of date that is no later than the statement, and the last public figure on the day of
the statement held, with its calibrated error. So the expert and the naive forecast knew the same; ours knew less.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from afterfall.case import WORLD, Case, cut
from afterfall.evaluate.baselines.baseline_calibration import Calibration
from afterfall.evaluate.baselines.baselines import BaselineQuantiles, spread_out
from afterfall.evaluate.core.last_published import last_public
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.predicted_figures import forecast_of
from afterfall.evaluate.core.scoring_rules import LEVELS, Floats, mark, on_scale
from afterfall.evaluate.experts.statement_distributions import SAMPLES, shares
from afterfall.evaluate.experts.statements import Statement
from afterfall.model.language.case_view import CaseView
from afterfall.run import Run

HOLD = "hold_last"


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
    """One figure, and what the expert, we and the naive forecast said of it; numbers in people.

    `there` is how many of the place were still in the theatre, `last` the last public figure, both on the day of the
    statement.
    """

    figure: str
    place: str
    name: str
    quantity: str
    refers_to: dt.date
    happened: float
    last: float
    there: float
    expert: PredictedShare
    ours: PredictedShare
    naive: PredictedShare


def score_share(
    statement: Statement, chance: float, run: Run, whole: Case, calibration: Calibration
) -> tuple[ShareScore, ...]:
    """Score a statement about a share.

    Parameters
    ----------
    statement
        Of kind ``share``.
    chance
        Probability that it gives to its range.
    run
        Our forecast, of an as-of date no later than the statement.
    whole
        The case as it is known later.
    calibration
        Of naive forecasts, for the statement's quantity, by its day.
    """
    known = cut(whole, statement.day)
    scene, points = CaseView(known), BaselineQuantiles(known)
    error = calibration.errors[statement.quantity][HOLD].error
    found = []
    for now, then in _outcomes(statement, run, whole, _places(statement, scene)):
        there = statement.stock if statement.stock is not None else still_there(points, now.place)
        if there <= 0:
            continue
        last = now.last_public or 0.0
        held = points.of(HOLD, now.quantity, now.place)
        said = (
            last + there * shares(statement.low or 0.0, statement.high or 0.0, chance),
            forecast_of(run, then),
            spread_out(held, error, now.month, SAMPLES),
        )
        scored = [_said(now, last, samples, run.request.seed) for samples in said]
        name = "World" if now.place == WORLD else scene.name(now.place)
        found.append(
            ShareScore(now.figure, now.place, name, now.quantity, now.refers_to, now.value, last, there, *scored)
        )
    return tuple(found)


def still_there(points: BaselineQuantiles, place: str) -> float:
    """People of a place still in the theatre, as far as public."""
    stock = last_public(points.case, "in_theatre", place)
    if stock is not None:
        return stock.value
    gone = [last_public(points.case, quantity, place) for quantity in ("returned", "killed_so_far")]
    return max(0.0, points.travelled(place) - sum(figure.value for figure in gone if figure is not None))


def _places(statement: Statement, scene: CaseView) -> set[str]:
    """Places that a statement is about, regions taken apart."""
    regions = scene.region_of
    inside = {place for place in scene.named if regions[place] in statement.about}
    return inside | {place for place in statement.about if place in scene.named or place == WORLD}


def _outcomes(statement: Statement, run: Run, whole: Case, places: set[str]) -> list[tuple[Outcome, Outcome]]:
    """The last figure of each place, as an outcome from the day of the statement and from our as-of date."""
    ours = {o.figure: o for o in select(whole, run.as_of, run.request.horizon).outcomes}
    months = run.request.horizon if statement.months is None else statement.months
    chosen: dict[str, Outcome] = {}
    for one in select(whole, statement.day, months).outcomes:
        if one.quantity == statement.quantity and one.place in places and one.figure in ours:
            before = chosen.get(one.place)
            if before is None or one.refers_to >= before.refers_to:
                chosen[one.place] = one
    # The model's own error is spread on the scale of scores, so it needs the figure that the scale starts at.
    return [
        (one, replace(ours[one.figure], last_public=one.last_public))
        for one in (chosen[place] for place in sorted(chosen))
    ]


def _said(outcome: Outcome, last: float, samples: Floats, seed: int) -> PredictedShare:
    marks = mark(on_scale([outcome.value], last), on_scale(samples[None, :], last), [outcome.figure], seed=seed)
    low, _, median, _, high = np.quantile(samples, LEVELS)
    return PredictedShare(
        low90=float(low),
        median=float(median),
        high90=float(high),
        crps=float(marks.crps[0]),
        log_score=float(marks.log_score[0]),
        inside90=bool(marks.inside90[0] > 0),
    )
