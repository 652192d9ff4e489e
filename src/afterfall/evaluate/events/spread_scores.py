"""Spread and strength: which places were reached, in what order, and how strong organisations became.

*Order.* A place counts as reached by a date if the case has a figure of a first attack there (quantity ``attacks``,
definition ``first_attack``) dated after the as-of date and by that date. The statistic is the probability that a
reached place ranks above one not reached (the area under the ROC curve; ties count half). It is computed for two
orders: by the model's probability that an organisation of the core is there by that date, and nearest first, by
distance to the theatre. The p-value is exact: the share of all assignments of "reached" to places that give the
statistic or a larger one (Mann and Whitney 1947, with ties). Places already reached on the as-of date are listed but
not tested. With the first presences drawn from the run (`afterfall.foundings`) the model's probability is theirs, a
place where the core's family has been before counts as reached, and one that the reference class lacks is left out.

*Strength.* Every strength published after the as-of date that is not a bound, of an organisation of the run, referring
to a month of the run. The score is CRPS on log1p; each organisation counts once. The baseline is persistence: the last
published strength with a lognormal error calibrated on earlier dates (`persistence`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.case import Case, Figure, cut
from afterfall.case.dates import months_between
from afterfall.evaluate.baselines.persistence import Persistence, fit_persistence, persistence_samples
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.core.scoring_rules import crps
from afterfall.evaluate.events.organisation_scores import EventTally, score_events
from afterfall.foundings import WorldFoundings
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import published
from afterfall.run import Run, WrongRun
from afterfall.run.case_source import check_same_case
from afterfall.run.quantile_levels import INTERVAL_LEVELS, low_median_high
from afterfall.shown import Shown

FIRST_ATTACK = "first_attack"
#: Years after the as-of date at whose ends places are ranked, as far as the horizon goes.
YEARS = (3, 6, 9)


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place: probability of being reached, distance to the theatre (km, NaN if unknown), border, and the outcome.

    `reached` is the day of the first attack there, or None; `before` marks a place reached before the as-of date.
    """

    place: str
    label: str
    chance: float
    km: float
    borders: bool
    reached: dt.date | None
    before: bool


@dataclass(frozen=True, slots=True)
class Ordering:
    """How well an order separates reached places from others: `auc` (1/2 at random), exact one-sided `p_value`."""

    auc: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places in the model's order by a date, and how well both orders did; `neighbours`: among bordering places."""

    by: dt.date
    month: int
    places: tuple[RankedPlace, ...]
    model: Ordering
    nearest: Ordering
    model_neighbours: Ordering
    nearest_neighbours: Ordering


@dataclass(frozen=True, slots=True)
class StrengthScore:
    """A published strength and its forecast (people), with CRPS on log1p of the model and of persistence.

    `baseline_low` and `baseline_high` are the ends of the 90 % interval of persistence. Everything about persistence is
    NaN if no strength was published by the as-of date.
    """

    organisation: str
    label: str
    date: dt.date
    low: float
    value: float
    high: float
    predicted_low: float
    predicted_median: float
    predicted_high: float
    inside: bool
    crps: float
    last_published: float
    baseline_low: float
    baseline_high: float
    baseline_inside: bool
    baseline_crps: float
    source: str


@dataclass(frozen=True, slots=True)
class SpreadScores(Shown):
    """Rankings and strengths of a run.

    Each organisation counts once in the means. `crps` and `baseline_crps` are over strengths with a baseline.
    `skill` is that of these strengths against persistence. `baseline` is the error of persistence and how it was
    calibrated; `case_warnings` counts rows of the case, as it was public on the as-of date, that look implausible.
    `events` are totals and Brier scores of events of organisations.
    """

    run: Run
    rankings: tuple[Ranking, ...]
    strengths: tuple[StrengthScore, ...]
    inside: float
    crps: float
    baseline_inside: float
    baseline_crps: float
    skill: Skill
    baseline: Persistence
    case_warnings: int = 0
    events: tuple[EventTally, ...] = ()


def score_spread(run: Run, whole: Case, world: WorldFoundings | None = None) -> SpreadScores:
    """Score the places and strengths of a run.

    Parameters
    ----------
    run
        A finished run.
    whole
        The case with later publications (opened with a late `as_of`).
    world
        First presences drawn from the run; None where the case has none (a made-up one).

    Raises
    ------
    WrongRun
        If the run was made from another case, or has no organisations.
    """
    check_same_case(run, whole)
    known = cut(whole, run.as_of)
    if not run.dataset.sizes["organisation"]:
        raise WrongRun(f"run {run.request.name} of case {whole.id} has no organisations to score")
    baseline = fit_persistence(whole, run.as_of)
    strengths = tuple(_strengths(run, whole, CaseView(known), baseline))
    clusters = [s.organisation for s in strengths]
    paired = [s for s in strengths if np.isfinite(s.baseline_crps)]
    both = [s.organisation for s in paired]
    return SpreadScores(
        run,
        tuple(_rankings(run, whole, CaseView(known), world)),
        strengths,
        weighted_mean([float(s.inside) for s in strengths], clusters) if strengths else float("nan"),
        weighted_mean([s.crps for s in paired], both) if paired else float("nan"),
        weighted_mean([float(s.baseline_inside) for s in paired], both) if paired else float("nan"),
        weighted_mean([s.baseline_crps for s in paired], both) if paired else float("nan"),
        skill(
            [s.crps for s in paired],
            [s.baseline_crps for s in paired],
            both,
            name="strengths",
            seed=run.request.seed,
        ),
        baseline,
        len(known.warnings),
        score_events(run, whole),
    )


def _rankings(run: Run, whole: Case, view: CaseView, world: WorldFoundings | None) -> list[Ranking]:
    first = first_attacks(whole)
    if not first:
        return []
    ends = [dt.date(run.as_of.year + years, 12, 31) for years in YEARS]
    months = [(end, months_between(run.as_of, end)) for end in ends]
    until = [(end, month) for end, month in months if month <= run.request.horizon]
    until = until or [(run.date(), run.request.horizon)]
    return [_ranking(run, view, first, end, month, world) for end, month in until]


def first_attacks(whole: Case) -> dict[str, dt.date]:
    """Day of the first attack in each place, from a case with later publications."""
    found: dict[str, dt.date] = {}
    for figure in whole.figures:
        if figure.quantity == "attacks" and figure.definition == FIRST_ATTACK:
            day = figure.refers_to.last_day
            found[figure.place] = min(day, found.get(figure.place, day))
    return found


def _ranking(
    run: Run, view: CaseView, first: dict[str, dt.date], by: dt.date, month: int, world: WorldFoundings | None
) -> Ranking:
    reached = dict(run.organisation_record.reached().loc[month].items())
    drawn = {} if world is None else world.probabilities(month)
    had = set() if world is None else {code for code in drawn if code not in world.at_risk}
    table = run.places(month)
    places = []
    for place, row in table.rename(index=str).iterrows():
        if place == "elsewhere" or (drawn and place not in drawn):
            continue  # the reference class has no such country: its probability would be of another kind
        km = view.case.covariate(str(place), "distance_theatre_km")
        day = first.get(str(place))
        places.append(
            RankedPlace(
                str(place),
                str(row["name"]),
                drawn[str(place)] if drawn else float(reached[str(place)]),
                float("nan") if km is None else km,
                bool(view.case.covariate(str(place), "borders_theatre")),
                day,
                (day is not None and day <= run.as_of) or not bool(row["new"]) or str(place) in had,
            )
        )
    ordered = tuple(sorted(places, key=lambda p: (-p.chance, p.place)))
    tested = [p for p in ordered if not p.before]
    near = [p for p in tested if p.borders]
    return Ranking(by, month, ordered, *_both(tested, by), *_both(near, by))


def _both(places: Sequence[RankedPlace], by: dt.date) -> tuple[Ordering, Ordering]:
    """The model's order and the nearest-first order of some places."""
    observed = np.array([p.reached is not None and p.reached <= by for p in places])
    return (
        ordering(np.array([p.chance for p in places]), observed),
        ordering(-np.array([p.km if np.isfinite(p.km) else np.inf for p in places]), observed),
    )


def ordering(score: npt.NDArray[np.float64], observed: npt.NDArray[np.bool_]) -> Ordering:
    """How well a score ranks events that occurred above those that did not, with the exact p-value under random ranks.

    NaN if all events occurred, or none.
    """
    ones, n = int(observed.sum()), observed.size
    if not 0 < ones < n:
        return Ordering(float("nan"), float("nan"))
    _, place, size = np.unique(score, return_inverse=True, return_counts=True)
    doubled = (2 * np.cumsum(size) - size + 1)[place]  # twice the mean rank of each
    total = int(doubled[observed].sum())
    auc = (total / 2 - ones * (ones + 1) / 2) / (ones * (n - ones))
    ways = np.zeros((ones + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1.0
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    return Ordering(float(auc), float(ways[ones, total:].sum() / ways[ones].sum()))


def _strengths(run: Run, whole: Case, view: CaseView, baseline: Persistence) -> list[StrengthScore]:
    names = run.organisation_record.names
    labels = run.organisation_record.label("organisation_label")
    found = []
    for figure in whole.figures:
        if figure.quantity != "strength" or figure.organisation not in names or figure.bound:
            continue
        month = months_between(run.as_of, figure.refers_to.last_day)
        if figure.published.last_day > run.as_of and 0 < month <= run.request.horizon:
            label = labels[names.index(figure.organisation)]
            found.append(_strength(run, _last_published(view, figure), figure, label, month, baseline))
    return sorted(found, key=lambda s: (s.organisation, s.date, s.value))


def _last_published(view: CaseView, figure: Figure) -> float:
    """The last strength of a figure's organisation published by the as-of date; NaN without one."""
    rows = [o for o in view.case.organisations if o.organisation == figure.organisation]
    known = published(view, rows[0]) if rows else None
    return float("nan") if known is None else known.latest


def _strength(run: Run, last: float, figure: Figure, label: str, month: int, baseline: Persistence) -> StrengthScore:
    k = run.organisation_record.names.index(figure.organisation)
    people = run.organisation_record.strength[:, month, k].astype(float)
    low, median, high = low_median_high(people)
    unchanged = persistence_samples(last, baseline.error, month)
    least, _, most = np.quantile(unchanged, INTERVAL_LEVELS)
    return StrengthScore(
        organisation=figure.organisation,
        label=label,
        date=figure.refers_to.last_day,
        low=figure.low,
        value=figure.value,
        high=figure.high,
        predicted_low=float(low),
        predicted_median=float(median),
        predicted_high=float(high),
        inside=bool(low <= figure.value <= high),
        crps=_on_log(people, figure.value),
        last_published=last,
        baseline_low=float(least),
        baseline_high=float(most),
        baseline_inside=bool(least <= figure.value <= most),
        baseline_crps=_on_log(unchanged, figure.value),
        source=figure.source,
    )


def _on_log(people: npt.NDArray[np.float64], observed: float) -> float:
    return float(crps(np.log1p([observed]), np.log1p(people)[None, :])[0])
