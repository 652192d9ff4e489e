"""Spread, one collapse left out: what the other collapse could teach of it, and how both fare under the same priors.

Two bundled cases run the same code of foundings, growth and mergers; each names the other in `[evaluation]` of its
case.toml. *Learned*: the parameters of organisations that a posterior of either case holds. Where there are none,
leaving one out changes no number of the model: both cases draw them from priors alone, and those whose priors differ
between the cases are listed.

*Places.* Where the core's family was not there on the as-of date, the chance of being reached by the end of the run
against what the case later tells: first attacks where it records them (places elsewhere left out, which no such figure
is about), else foundings of the family's organisations. The Brier score stands beside one learned from the *other* case
alone: a constant hazard, places reached and a half, by months of exposure of the places not yet reached.

*Strengths* are scored as in `spread`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, months_between
from afterfall.evaluate.events.spread_scores import Ordering, SpreadScores, first_attacks, ordering, score_spread
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import descends
from afterfall.run import Run

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class ApartPlace:
    """A place: the chance that it is reached by the end of the run, and the day it was, None if it was not."""

    place: str
    label: str
    chance: float
    reached: dt.date | None


@dataclass(frozen=True)
class Apart:
    """One case, as its own run and the other case see it.

    Attributes
    ----------
    scores
        Scores of the run (`spread`).
    by, months
        End of the run, and months to it.
    told_by
        What tells that a place was reached: ``first attacks`` or ``foundings``.
    places
        Places not reached on the as-of date, the likeliest first.
    order
        How well chances put reached places before others.
    other_chance
        Chance of each place by the other case's hazard.
    """

    scores: SpreadScores
    by: dt.date
    months: int
    told_by: str
    places: tuple[ApartPlace, ...]
    order: Ordering
    other_chance: float

    @property
    def reached(self) -> int:
        """How many places were reached."""
        return sum(p.reached is not None for p in self.places)

    @property
    def expected(self) -> float:
        """How many were to be expected."""
        return float(sum(p.chance for p in self.places))

    @property
    def brier(self) -> float:
        """Mean squared error of the model's chances; NaN without places."""
        return _mean([(p.chance - (p.reached is not None)) ** 2 for p in self.places])

    @property
    def brier_other(self) -> float:
        """Mean squared error of the chance that the other case gives every place."""
        return _mean([(self.other_chance - (p.reached is not None)) ** 2 for p in self.places])


@dataclass(frozen=True)
class SpreadApart:
    """Both cases.

    Attributes
    ----------
    cases
        One a case.
    parameters
        How many parameters of organisations both cases have.
    learned
        Those that a posterior holds.
    differing
        Those whose priors differ: 5th and 95th percentile in the order of `cases`.
    """

    cases: tuple[Apart, ...]
    parameters: int
    learned: tuple[str, ...]
    differing: Mapping[str, tuple[tuple[float, float], ...]]


def spread_apart(
    runs: Sequence[Run], wholes: Sequence[Case], models: Sequence[Model], fitted: Sequence[str]
) -> SpreadApart:
    """Score two cases, each beside what the other teaches.

    Parameters
    ----------
    runs, wholes, models
        The run of each case, the case as it is known later, and the model of the run.
    fitted
        Names of the parameters that a posterior of either case holds.
    """
    seen = [_seen(run, whole) for run, whole in zip(runs, wholes, strict=True)]
    hazards = [_hazard(run, places) for run, (_, places) in zip(runs, seen, strict=True)]
    cases = tuple(
        _apart(run, whole, told_by, places, hazards[1 - i])
        for i, (run, whole, (told_by, places)) in enumerate(zip(runs, wholes, seen, strict=True))
    )
    known = [{k.name: (k.low, k.high) for k in model.parameters} for model in models]
    # A parameter that nothing in a case uses (foundings where every place is taken) is no parameter of its model.
    ours = [
        {p.name for p in model.organisation_set.parameters} & set(each)
        for model, each in zip(models, known, strict=True)
    ]
    both = sorted(set.intersection(*ours))
    priors = {name: tuple(each[name] for each in known) for name in both}
    return SpreadApart(
        cases,
        len(both),
        tuple(sorted(set.union(*ours) & set(fitted))),
        {name: values for name, values in priors.items() if len(set(values)) > 1},
    )


def _seen(run: Run, whole: Case) -> tuple[str, tuple[ApartPlace, ...]]:
    """What tells of places reached, and the places not reached on the as-of date."""
    attacks, end = first_attacks(whole), run.date()
    days = attacks or _foundings(whole)
    chances = dict(run.organisation_record.reached().loc[run.request.horizon].items())
    found = []
    for place, row in run.places(run.request.horizon).rename(index=str).iterrows():
        day = days.get(str(place))
        before = not bool(row["new"]) or (day is not None and day <= run.as_of)
        if not before and not (attacks and place == ELSEWHERE):
            when = day if day is not None and day <= end else None
            found.append(ApartPlace(str(place), str(row["name"]), float(chances[str(place)]), when))
    ordered = sorted(found, key=lambda p: (-p.chance, p.place))
    return "first attacks" if attacks else "foundings", tuple(ordered)


def _foundings(whole: Case) -> dict[str, dt.date]:
    """Day on which the first organisation of the core's family was founded in each place."""
    found: dict[str, dt.date] = {}
    scene = CaseView(whole)
    for one in whole.organisations:
        if one.kind == "offshoot" and descends(scene, one) and one.founded is not None:
            day = one.founded.last_day
            found[one.place] = min(day, found.get(one.place, day))
    return found


def _hazard(run: Run, places: Sequence[ApartPlace]) -> float:
    months = sum(months_between(run.as_of, p.reached or run.date()) for p in places)
    return (sum(p.reached is not None for p in places) + 0.5) / max(1, months)


def _apart(run: Run, whole: Case, told_by: str, places: tuple[ApartPlace, ...], other: float) -> Apart:
    horizon = run.request.horizon
    order = ordering(
        np.array([p.chance for p in places]), np.array([p.reached is not None for p in places], dtype=bool)
    )
    chance = -math.expm1(-other * horizon)
    return Apart(score_spread(run, whole), run.date(), horizon, told_by, places, order, chance)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
