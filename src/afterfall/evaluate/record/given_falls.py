"""A hindcast given the falls that happened: what is left of its errors when the course of the campaign is known.

The months in which strongholds fell are hindsight. A second run of the same forecast takes them as given and is scored
on the same figures. What it gains over the forecast is owed to errors about the campaign; what remains are errors about
people, and about territory that no list names. It is no forecast, and no target is judged by it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np

from afterfall.case import Case
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.record.scoring import ALONE, MODEL, Scores, score
from afterfall.run.conditional_series import TooFewSeries
from afterfall.run.conditions import Condition
from afterfall.run.forecasting import labelled
from afterfall.run.resolve import PlannedRun, planned_run


@dataclass(frozen=True, slots=True)
class GivenFallsRow:
    """One quantity, "" for all: the model alone and the whole forecast, without and with the falls given.

    Attributes
    ----------
    quantity
        Quantity of the model.
    gain
        Skill in CRPS of the model alone given the falls against the model alone.
    forecast
        CRPS of the forecast of published counts, without and with the falls given.
    inside90, pit
        Share of figures inside 90 % intervals and mean PIT of the model alone, without and with the falls given.
    """

    quantity: str
    gain: Skill
    forecast: tuple[float, float]
    inside90: tuple[float, float]
    pit: tuple[float, float]


@dataclass(frozen=True)
class GivenFalls:
    """The same forecast given the falls that happened, with its scores.

    Attributes
    ----------
    conditions
        The falls, as conditions of a forecast; empty where none is recorded.
    scores
        Scores of the conditional run; None where there is none.
    rows
        All quantities, then each; those on structure of hindsight are left out of all.
    missing
        Why there is no such run; empty where there is one.
    """

    conditions: tuple[str, ...]
    scores: Scores | None = None
    rows: tuple[GivenFallsRow, ...] = ()
    missing: str = ""


def falls_that_happened(scores: Scores) -> tuple[str, ...]:
    """The observed falls of the strongholds scored, as conditions of a forecast."""
    fallen = [one for one in scores.falls.holdings if one.date is not None]
    return tuple(Condition("fall", one.holding, str(one.date), by=False).text for one in fallen)


def given_falls(whole: Case, planned: PlannedRun, scores: Scores) -> GivenFalls:
    """Run a scored forecast again given the falls that happened, and score it on the same figures.

    Parameters
    ----------
    whole
        The case as it is known later.
    planned
        The forecast.
    scores
        Its scores.
    """
    conditions = falls_that_happened(scores)
    if not conditions:
        return GivenFalls((), missing="no fall within the horizon is recorded")
    settings = planned.settings
    again = replace(settings, given=conditions, progress=labelled(settings.progress, "given the falls that happened"))
    try:
        run = planned_run(planned.model, planned.posterior, again, planned.request.trajectories).run()
    except TooFewSeries as problem:
        return GivenFalls(conditions, missing=f"effective number {problem.effective:.0f}, too small")
    found = score(run, whole)
    quantities = sorted({o.quantity for o in scores.scored.outcomes})
    return GivenFalls(conditions, found, tuple(_row(scores, found, quantity) for quantity in ("", *quantities)))


def _row(scores: Scores, found: Scores, quantity: str) -> GivenFallsRow:
    scored = scores.scored
    rows = [i for i, o in enumerate(scored.outcomes) if o.quantity == quantity or not (quantity or scored.hindsight[i])]
    clusters: list[Hashable] = [scored.outcomes[i].cluster for i in rows]
    families = [scored.outcomes[i].family for i in rows]

    def pair(who: str, name: str) -> tuple[float, float]:
        one, other = (getattr(s.scored.marks[who], name)[rows] for s in (scores, found))
        return weighted_mean(one, clusters), weighted_mean(other, clusters)

    ours, without = (np.asarray(s.scored.marks[ALONE].crps[rows]) for s in (found, scores))
    seed = scores.run.request.seed
    return GivenFallsRow(
        quantity=quantity,
        gain=skill(ours, without, clusters, families=families, name=f"given falls/{quantity}", seed=seed),
        forecast=pair(MODEL, "crps"),
        inside90=pair(ALONE, "inside90"),
        pit=pair(ALONE, "pit"),
    )
