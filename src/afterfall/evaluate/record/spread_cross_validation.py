"""Cross-validation of spread: how well one collapse predicts the other, and how both score under the same priors.

Two bundled cases run the same code of foundings, growth and mergers; each names the other in `[evaluation]` of its
case.toml. `learned` lists the parameters of organisations that a posterior of either case contains. If there are none,
leaving one case out changes no number of the model: both cases draw these parameters from priors alone, and those whose
priors differ between the cases are listed.

*Places.* Every country of the world at risk of a first presence on the as-of date (`afterfall.foundings`): its
probability by the end of the run, against first presences that were public by then (`afterfall.reference`). For a case
of no country of the world: the places that it names, by what it records later. This is first attacks if it records them
(leaving out "elsewhere", which no such figure covers), otherwise foundings of the family's organisations. The Brier
score is compared with a constant hazard from the *other* case alone: places reached, plus one half, by months of
exposure of the places not yet reached.

*Strengths* are scored as in `spread_scores`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, months_between
from afterfall.evaluate.events.spread_scores import Ordering, SpreadScores, first_attacks, ordering, score_spread
from afterfall.foundings import WorldFoundings, foundings_of
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import descends
from afterfall.reference.country_years import CountryFacts
from afterfall.reference.reference_class import open_reference_class
from afterfall.run import Run

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class LeftOutPlace:
    """A place: the probability that it is reached by the end of the run, and the day it was reached, or None."""

    place: str
    label: str
    chance: float
    reached: dt.date | None


@dataclass(frozen=True)
class LeftOutCase:
    """One case, under its own run and under the hazard of the other case.

    Attributes
    ----------
    scores
        Scores of the run (`spread`).
    by, months
        End of the run, and months to it.
    arrival_record
        What shows that a place was reached: ``first presences``, ``first attacks`` or ``foundings``.
    places
        Places not reached on the as-of date, the likeliest first.
    order
        How well the probabilities rank reached places before others.
    other_chance
        Probability of each place under the other case's hazard.
    """

    scores: SpreadScores
    by: dt.date
    months: int
    arrival_record: str
    places: tuple[LeftOutPlace, ...]
    order: Ordering
    other_chance: float

    @property
    def reached(self) -> int:
        """How many places were reached."""
        return sum(p.reached is not None for p in self.places)

    @property
    def expected(self) -> float:
        """Expected number of places reached."""
        return float(sum(p.chance for p in self.places))

    @property
    def brier(self) -> float:
        """Mean Brier score of the model; NaN without places."""
        return _mean([(p.chance - (p.reached is not None)) ** 2 for p in self.places])

    @property
    def brier_other(self) -> float:
        """Mean Brier score under the other case's hazard; NaN without places."""
        return _mean([(self.other_chance - (p.reached is not None)) ** 2 for p in self.places])


@dataclass(frozen=True)
class SpreadCrossValidation:
    """Both cases.

    Attributes
    ----------
    cases
        One for each case.
    parameters
        Number of parameters of organisations that both cases have.
    learned
        Those that a posterior contains.
    differing
        Those whose priors differ: 5th and 95th percentiles in the order of `cases`.
    """

    cases: tuple[LeftOutCase, ...]
    parameters: int
    learned: tuple[str, ...]
    differing: Mapping[str, tuple[tuple[float, float], ...]]


def cross_validate_spread(
    runs: Sequence[Run], wholes: Sequence[Case], models: Sequence[Model], fitted: Sequence[str]
) -> SpreadCrossValidation:
    """Score two cases, each under its own run and under the hazard of the other.

    Parameters
    ----------
    runs, wholes, models
        The run of each case, the case with later publications, and the model of the run.
    fitted
        Names of the parameters that a posterior of either case contains.
    """
    worlds = [foundings_of(run, model) for run, model in zip(runs, models, strict=True)]
    seen = [
        _seen(run, whole) if world is None else _seen_in(world, run)
        for run, whole, world in zip(runs, wholes, worlds, strict=True)
    ]
    hazards = [_hazard(run, places) for run, (_, places) in zip(runs, seen, strict=True)]
    cases = tuple(
        _left_out_case(run, score_spread(run, whole, worlds[i]), *seen[i], hazards[1 - i])
        for i, (run, whole) in enumerate(zip(runs, wholes, strict=True))
    )
    known = [{k.name: (k.low, k.high) for k in model.parameters} for model in models]
    # A model leaves out parameters that its case does not use, such as foundings where every place is taken.
    ours = [
        {p.name for p in model.organisation_set.parameters} & set(each)
        for model, each in zip(models, known, strict=True)
    ]
    both = sorted(set.intersection(*ours))
    priors = {name: tuple(each[name] for each in known) for name in both}
    return SpreadCrossValidation(
        cases,
        len(both),
        tuple(sorted(set.union(*ours) & set(fitted))),
        {name: values for name, values in priors.items() if len(set(values)) > 1},
    )


def _seen(run: Run, whole: Case) -> tuple[str, tuple[LeftOutPlace, ...]]:
    """What shows that places were reached, and the places not reached on the as-of date."""
    attacks, end = first_attacks(whole), run.date()
    days = attacks or _foundings(whole)
    chances = dict(run.organisation_record.reached().loc[run.request.horizon].items())
    found = []
    for place, row in run.places(run.request.horizon).rename(index=str).iterrows():
        day = days.get(str(place))
        before = not bool(row["new"]) or (day is not None and day <= run.as_of)
        if not before and not (attacks and place == ELSEWHERE):
            when = day if day is not None and day <= end else None
            found.append(LeftOutPlace(str(place), str(row["name"]), float(chances[str(place)]), when))
    ordered = sorted(found, key=lambda p: (-p.chance, p.place))
    return "first attacks" if attacks else "foundings", tuple(ordered)


def _seen_in(world: WorldFoundings, run: Run) -> tuple[str, tuple[LeftOutPlace, ...]]:
    """The same for every country of the world at risk, by first presences that were public by the end of the run."""
    firsts = CountryFacts(open_reference_class(run.date())).firsts(world.risk.family)
    found = [
        LeftOutPlace(one.code, one.name, one.probability, firsts[one.code][0] if one.code in firsts else None)
        for one in world.countries(run.request.horizon)
        if one.code in world.at_risk
    ]
    return "first presences", tuple(found)


def _foundings(whole: Case) -> dict[str, dt.date]:
    """Day on which the first organisation of the core's family was founded in each place."""
    found: dict[str, dt.date] = {}
    view = CaseView(whole)
    for one in whole.organisations:
        if one.kind == "offshoot" and descends(view, one) and one.founded is not None:
            day = one.founded.last_day
            found[one.place] = min(day, found.get(one.place, day))
    return found


def _hazard(run: Run, places: Sequence[LeftOutPlace]) -> float:
    months = sum(months_between(run.as_of, p.reached or run.date()) for p in places)
    return (sum(p.reached is not None for p in places) + 0.5) / max(1, months)


def _left_out_case(
    run: Run, scores: SpreadScores, arrival_record: str, places: tuple[LeftOutPlace, ...], other: float
) -> LeftOutCase:
    horizon = run.request.horizon
    order = ordering(
        np.array([p.chance for p in places]), np.array([p.reached is not None for p in places], dtype=bool)
    )
    chance = -math.expm1(-other * horizon)
    return LeftOutCase(scores, run.date(), horizon, arrival_record, places, order, chance)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
