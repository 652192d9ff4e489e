"""The record over time: one case forecast from several as-of dates, and whether the later forecasts were better.

Every date is scored by itself (`scoring`). Two dates are compared on the figures that both could be scored on, on one
scale: what a figure adds to the last one public on the *later* date, so that repeating what had meanwhile been
published earns nothing. The skill of the later forecast against the earlier has the same bootstrap interval, one weight
a cluster.

Structure may be chosen on dates up to `chosen_by` of the case; later ones are reported, once a release, with the
checksum of the forecasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from afterfall.case import WORLD
from afterfall.evaluate.core.bootstrap import Skill, skill
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.predicted_figures import forecast_of
from afterfall.evaluate.core.scoring import MODEL, Scores
from afterfall.evaluate.core.scoring_rules import LEVELS, crps, on_scale
from afterfall.run import Run


@dataclass(frozen=True, slots=True)
class Step:
    """Skill of the later of two forecasts against the earlier, on the figures that both can be scored on."""

    earlier: dt.date
    later: dt.date
    skill: Skill


@dataclass(frozen=True, slots=True)
class ForecastChange:
    """What every date said of one quantity of the world on one day.

    Attributes
    ----------
    quantity, label
        Name and words of the quantity.
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
class Miss:
    """A figure outside the 90 % interval, the worst of its country and quantity, with a line on why."""

    as_of: dt.date
    row: int
    why: str


@dataclass(frozen=True)
class Track:
    """The record: scores by as-of date, steps from date to date, how the forecast of one day moved, and the misses.

    `chosen_by` is the last as-of date on which structure may be chosen, None where the case has no such rule.
    """

    scores: tuple[Scores, ...]
    steps: tuple[Step, ...]
    day: dt.date
    moved: tuple[ForecastChange, ...]
    misses: tuple[Miss, ...]
    chosen_by: dt.date | None = None


def track(scores: Sequence[Scores], *, chosen_by: dt.date | None = None) -> Track:
    """Put the scores of several as-of dates of one case together.

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
        moved=moved([one.run for one in ordered], day),
        misses=tuple(miss for one in ordered for miss in misses(one)),
        chosen_by=chosen_by,
    )


def step(earlier: Scores, later: Scores) -> Step:
    """Whether the later of two forecasts was better on the figures both can be scored on."""
    before = {o.figure: o for o in earlier.scored.outcomes}
    pairs = [(before[o.figure], o) for o in later.scored.outcomes if o.figure in before]
    dates = earlier.run.as_of, later.run.as_of
    # The model's own error lives on the scale of scores: it too is spread from where that scale starts.
    old = [_crps(earlier.run, replace(one, last_public=new.last_public)) for one, new in pairs]
    new = [_crps(later.run, one) for _, one in pairs]
    clusters = [one.cluster for _, one in pairs]
    name = f"step/{dates[0]}/{dates[1]}"
    return Step(*dates, skill(new, old, clusters, name=name, seed=later.run.request.seed))


def _crps(run: Run, outcome: Outcome) -> float:
    last = outcome.last_public or 0.0
    happened, samples = on_scale([outcome.value], last), on_scale(forecast_of(run, outcome)[None, :], last)
    return float(crps(happened, samples)[0])


def moved(runs: Sequence[Run], day: dt.date) -> tuple[ForecastChange, ...]:
    """What each run says of the world's pathways, fates and main counters on one day within its horizon."""
    first = runs[0].dataset
    groups = dict(zip(map(str, first["quantity"].values), map(str, first["group"].values), strict=True))
    names = [name for name, group in groups.items() if group in ("pathway", "fate", "counter")]
    reaching = [run for run in runs if run.as_of < day <= run.date()]
    return tuple(_moved(reaching, name, day) for name in names if all(_has(run, name) for run in reaching))


def _has(run: Run, name: str) -> bool:
    return name in map(str, run.dataset["quantity"].values)


def _moved(runs: Sequence[Run], name: str, day: dt.date) -> ForecastChange:
    series = [run.quantity(name).sel(month=run.month(day)) for run in runs]
    quantiles = (tuple(float(v) for v in np.quantile(one.values, LEVELS, method="inverted_cdf")) for one in series)
    label = str(series[-1].attrs["long_name"]) if series else name
    return ForecastChange(name, label, tuple(run.as_of for run in runs), tuple(quantiles))


def misses(scores: Scores) -> tuple[Miss, ...]:
    """The worst figure outside the 90 % interval of each country and quantity, by how much worse than the naive one."""
    scored = scores.scored
    excess = scored.marks[MODEL].crps - scored.naive.crps
    outside = np.flatnonzero(scored.marks[MODEL].inside90 == 0)
    seen: dict[tuple[str, str], int] = {}
    for i in sorted(outside, key=lambda i: (-excess[i], scored.outcomes[i].figure)):
        seen.setdefault(scored.outcomes[i].cluster, int(i))
    return tuple(Miss(scores.run.as_of, i, why(scores, i)) for i in seen.values())


def why(scores: Scores, row: int) -> str:
    """One line on a miss, from what can be read off it: what was public then, and what the naive forecast did."""
    scored, one = scores.scored, scores.scored.outcomes[row]
    low, high = scored.quantiles[MODEL][row][0], scored.quantiles[MODEL][row][-1]
    if one.last_public is not None and one.value < one.last_public:
        return "Below the figure public then: it counts something else, or a part."
    if scored.naive.inside90[row] == 0:
        return "The naive forecast missed it too: nothing public then pointed there."
    side = "few" if one.value > high else "many"
    if one.last_told is None and one.place != WORLD:
        return f"Nothing of the kind was public then; the region's experience gave too {side}."
    if low <= one.value <= high:
        return "Inside in people, outside in what it adds to the figure public then."
    return f"The model gave too {side}, and was surer than the naive forecast, which held it."
