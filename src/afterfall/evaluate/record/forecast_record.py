"""The record over time: one case forecast from several as-of dates, and whether the later forecasts were better.

Every date is scored by itself (`scoring`). Two dates are compared on the figures that both can be scored on, and on one
scale: what a figure adds to the last one published by the *later* date, so that repeating what was published in between
earns nothing. The skill of the later forecast against the earlier has the usual bootstrap interval, in which each
country-quantity pair counts once.

Structure may be chosen on dates up to `chosen_by` of the case. Later dates are only reported, once per release, with
the checksum of the forecasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from afterfall.case import WORLD
from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import crps, on_scale
from afterfall.evaluate.experts.expert_scores import Experts
from afterfall.evaluate.figures.published_count import CountForecast
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores
from afterfall.evaluate.record.scoring import MODEL, Scores
from afterfall.evaluate.record.spread_cross_validation import SpreadCrossValidation
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.shown import Shown


@dataclass(frozen=True, slots=True)
class Step:
    """Skill of the later of two forecasts against the earlier, on the figures that both were scored on."""

    earlier: dt.date
    later: dt.date
    skill: Skill


@dataclass(frozen=True, slots=True)
class ForecastChange:
    """What the forecast of each date was for one quantity of the world on one day.

    Attributes
    ----------
    quantity, label
        Name and label of the quantity.
    as_of
        The dates whose horizon reaches the day.
    quantiles
        5, 25, 50, 75 and 95 % in people, a tuple for each date.
    """

    quantity: str
    label: str
    as_of: tuple[dt.date, ...]
    quantiles: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class MissedFigure:
    """The worst figure outside the 90 % interval of a country and quantity, with a line on why.

    `row` is its row in the scores of its as-of date.
    """

    as_of: dt.date
    row: int
    why: str


@dataclass(frozen=True)
class CrossChecks:
    """What the record shows next to its own scores; None for what a case does not have.

    Attributes
    ----------
    experts
        Expert statements, scored.
    pooled
        Mortality in past collapses, each forecast from the others.
    spread
        Spread, each of two cases under the hazard of the other.
    """

    experts: Experts | None = None
    pooled: MortalityScores | None = None
    spread: SpreadCrossValidation | None = None


#: For a record without cross-checks.
NO_CHECKS = CrossChecks()


@dataclass(frozen=True)
class Track(Shown):
    """The record: scores by as-of date, steps between dates, how the forecast of one day changed, missed figures.

    `chosen_by` is the last as-of date on which structure may be chosen, None if the case has no such rule.
    `checks` are those that rest on more than the record's own runs; empty unless they were asked for.
    """

    scores: tuple[Scores, ...]
    steps: tuple[Step, ...]
    day: dt.date
    forecast_changes: tuple[ForecastChange, ...]
    missed_figures: tuple[MissedFigure, ...]
    chosen_by: dt.date | None = None
    checks: CrossChecks = field(default_factory=CrossChecks)


def track(scores: Sequence[Scores], *, chosen_by: dt.date | None = None) -> Track:
    """Combine the scores of several as-of dates of one case.

    Parameters
    ----------
    scores
        Scores by as-of date, in any order.
    chosen_by
        The last as-of date on which structure may be chosen (`Evaluation.chosen_by` of the case).

    Raises
    ------
    ValueError
        If there are none, or they are not of one case.
    """
    ordered = tuple(sorted(scores, key=lambda one: one.run.as_of))
    if len({one.run.request.case for one in ordered}) != 1:
        raise ValueError(f"expected scores of one case, found {sorted({one.run.request.case for one in ordered})}")
    day = min(one.run.date() for one in ordered)
    return Track(
        scores=ordered,
        steps=tuple(step(a, b) for a, b in pairwise(ordered)),
        day=day,
        forecast_changes=forecast_changes([one.run for one in ordered], day),
        missed_figures=tuple(miss for one in ordered for miss in missed_figures(one)),
        chosen_by=chosen_by,
    )


def step(earlier: Scores, later: Scores) -> Step:
    """Whether the later of two forecasts was better on the figures both can be scored on."""
    before = {o.figure: o for o in earlier.scored.outcomes}
    pairs = [(before[o.figure], o) for o in later.scored.outcomes if o.figure in before]
    dates = earlier.run.as_of, later.run.as_of
    old = [_crps(earlier.forecast, one, new.offset) for one, new in pairs]
    new = [_crps(later.forecast, one, one.offset) for _, one in pairs]
    clusters = [one.cluster for _, one in pairs]
    families = [one.family for _, one in pairs]
    name = f"step/{dates[0]}/{dates[1]}"
    return Step(*dates, skill(new, old, clusters, families=families, name=name, seed=later.run.request.seed))


def _crps(forecast: CountForecast, outcome: Outcome, offset: float | None) -> float:
    last = offset or 0.0
    observed, samples = on_scale([outcome.value], last), on_scale(forecast.counts(outcome)[None, :], last)
    return float(crps(observed, samples)[0])


def forecast_changes(runs: Sequence[Run], day: dt.date) -> tuple[ForecastChange, ...]:
    """The forecast of each run for the world's pathways, fates and main counters on one day within its horizon."""
    first = runs[0].dataset
    groups = dict(zip(map(str, first["quantity"].values), map(str, first["group"].values), strict=True))
    names = [name for name, group in groups.items() if group in ("pathway", "fate", "counter")]
    reaching = [run for run in runs if run.as_of < day <= run.date()]
    return tuple(_forecast_change(reaching, name, day) for name in names if all(_has(run, name) for run in reaching))


def _has(run: Run, name: str) -> bool:
    return name in map(str, run.dataset["quantity"].values)


def _forecast_change(runs: Sequence[Run], name: str, day: dt.date) -> ForecastChange:
    series = [run.quantity(name).sel(month=run.month(day)) for run in runs]
    quantiles = (tuple(float(v) for v in np.quantile(one.values, FAN_LEVELS, method="inverted_cdf")) for one in series)
    label = str(series[-1].attrs["long_name"]) if series else name
    return ForecastChange(name, label, tuple(run.as_of for run in runs), tuple(quantiles))


def missed_figures(scores: Scores) -> tuple[MissedFigure, ...]:
    """The worst figure outside the 90 % interval of each country and quantity, by CRPS in excess of the baseline's."""
    scored = scores.scored
    excess = scored.marks[MODEL].crps - scored.baseline.crps
    outside = np.flatnonzero(scored.marks[MODEL].inside90 == 0)
    seen: dict[tuple[str, str], int] = {}
    for i in sorted(outside, key=lambda i: (-excess[i], scored.outcomes[i].figure)):
        seen.setdefault(scored.outcomes[i].cluster, int(i))
    return tuple(MissedFigure(scores.run.as_of, i, why(scores, i)) for i in seen.values())


def why(scores: Scores, row: int) -> str:
    """One line on a missed figure: what was published then, and how the baseline did."""
    scored, one = scores.scored, scores.scored.outcomes[row]
    low, high = scored.quantiles[MODEL][row][0], scored.quantiles[MODEL][row][-1]
    if one.offset is not None and one.value < one.offset:
        return "Below the figure published then: it counts something else, or a part."
    if scored.baseline.inside90[row] == 0:
        return "The baseline missed it too: nothing published then pointed there."
    direction = "few" if one.value > high else "many"
    if one.last_published is None and one.place != WORLD:
        return f"No such figure was published then; the region's experience gave too {direction}."
    if low <= one.value <= high:
        return "Inside the interval in people, outside in what it adds to the figure published then."
    return f"The model gave too {direction}, with a narrower interval than the baseline, which contained it."
