"""Which places were reached, in what order, and how strong organisations became, against what was published later.

*Order.* A place counts as reached by a date when the case holds a figure of a first attack there (quantity ``attacks``,
definition ``first_attack``) dated after the as-of date and no later. The statistic is the chance that a reached place
stands above one not reached (the area under the ROC curve; ties count half), of two orders: by the model's probability
that an organisation of the core is there by that date, and nearest first, by distance to the theatre. Its p-value is
exact: the share of all ways to say which places were reached that give the order as much or more (Mann and Whitney
1947, with ties). Places already reached at the as-of date stand in the list and out of the test.

*Strength.* Every unbounded strength published after the as-of date, of an organisation that the run has, referring to a
month of the run. Scores are CRPS on log1p, one weight an organisation, beside the naive forecast that the last
published strength stays, with a lognormal error learned on earlier dates (`unchanged`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.case import Case, Figure, case_hash, cut
from afterfall.case.dates import months_between
from afterfall.evaluate.baselines.persistence import Persistence, learn_persistence, persistence_samples
from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.scoring_rules import crps
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import published
from afterfall.run import Run, WrongRun
from afterfall.run.quantile_levels import INTERVAL_LEVELS, low_median_high

FIRST_ATTACK = "first_attack"
#: Years after the as-of date at whose ends places are ranked, as far as the horizon goes.
YEARS = (3, 6, 9)


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place: the model's chance, its distance to the theatre (km; NaN unknown) and border, and what happened.

    `reached` is the day of the first attack there, None when there was none by any date the case knows; `before` marks
    a place reached before the as-of date.
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
    """How well an order tells reached places from others: `auc` (1/2 is chance) and its exact one-sided `p_value`."""

    auc: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places in the model's order by a date, and both orders against what happened; `neighbours`: the border alone."""

    by: dt.date
    month: int
    places: tuple[RankedPlace, ...]
    model: Ordering
    nearest: Ordering
    model_neighbours: Ordering
    nearest_neighbours: Ordering


@dataclass(frozen=True, slots=True)
class StrengthScore:
    """A published strength beside what was said of it (people), and CRPS on log1p of the model and of no change.

    `naive_low` and `naive_high` bound the naive forecast's 90 % interval; all of it is NaN where nothing was known.
    """

    organisation: str
    label: str
    date: dt.date
    low: float
    value: float
    high: float
    said_low: float
    said_median: float
    said_high: float
    inside: bool
    crps: float
    last_public: float
    naive_low: float
    naive_high: float
    naive_inside: bool
    naive_crps: float
    source: str


@dataclass(frozen=True, slots=True)
class SpreadScores:
    """Rankings and strengths; means over strengths have one weight an organisation, the pairs over those with both.

    `naive` is the naive forecast's error and how it was learned.
    """

    run: Run
    rankings: tuple[Ranking, ...]
    strengths: tuple[StrengthScore, ...]
    inside: float
    crps: float
    naive_inside: float
    naive_crps: float
    naive: Persistence


def score_spread(run: Run, whole: Case) -> SpreadScores:
    """Score the places and strengths of a run.

    Parameters
    ----------
    run
        A finished run.
    whole
        The case as it is known later (opened with a late `as_of`).

    Raises
    ------
    WrongRun
        If the run was made from another case, or has no organisations.
    """
    known = cut(whole, run.as_of)
    if run.request.case != whole.id or run.request.case_hash != case_hash(known):
        raise WrongRun(f"the run was made from another case or version of it: found {run.request.case}")
    if not run.dataset.sizes["organisation"]:
        raise WrongRun("the run has no organisations")
    naive = learn_persistence(whole, run.as_of)
    strengths = tuple(_strengths(run, whole, CaseView(known), naive))
    clusters = [s.organisation for s in strengths]
    paired = [s for s in strengths if np.isfinite(s.naive_crps)]
    both = [s.organisation for s in paired]
    return SpreadScores(
        run,
        tuple(_rankings(run, whole, CaseView(known))),
        strengths,
        weighted_mean([float(s.inside) for s in strengths], clusters) if strengths else float("nan"),
        weighted_mean([s.crps for s in paired], both) if paired else float("nan"),
        weighted_mean([float(s.naive_inside) for s in paired], both) if paired else float("nan"),
        weighted_mean([s.naive_crps for s in paired], both) if paired else float("nan"),
        naive,
    )


def _rankings(run: Run, whole: Case, scene: CaseView) -> list[Ranking]:
    first = first_attacks(whole)
    if not first:
        return []
    ends = [dt.date(run.as_of.year + years, 12, 31) for years in YEARS]
    months = [(end, months_between(run.as_of, end)) for end in ends]
    found = [_ranking(run, scene, first, end, month) for end, month in months if month <= run.request.horizon]
    return found or [_ranking(run, scene, first, run.date(), run.request.horizon)]


def first_attacks(whole: Case) -> dict[str, dt.date]:
    """Day of the first attack in each place, as the case as known later tells it."""
    found: dict[str, dt.date] = {}
    for figure in whole.figures:
        if figure.quantity == "attacks" and figure.definition == FIRST_ATTACK:
            day = figure.refers_to.last_day
            found[figure.place] = min(day, found.get(figure.place, day))
    return found


def _ranking(run: Run, scene: CaseView, first: dict[str, dt.date], by: dt.date, month: int) -> Ranking:
    reached = dict(run.organisation_record.reached().loc[month].items())
    table = run.places(month)
    places = []
    for place, row in table.rename(index=str).iterrows():
        if place == "elsewhere":
            continue
        km = scene.case.covariate(str(place), "distance_theatre_km")
        day = first.get(str(place))
        places.append(
            RankedPlace(
                str(place),
                str(row["name"]),
                float(reached[str(place)]),
                float("nan") if km is None else km,
                bool(scene.case.covariate(str(place), "borders_theatre")),
                day,
                (day is not None and day <= run.as_of) or not bool(row["new"]),
            )
        )
    ordered = tuple(sorted(places, key=lambda p: (-p.chance, p.place)))
    tested = [p for p in ordered if not p.before]
    near = [p for p in tested if p.borders]
    return Ranking(by, month, ordered, *_both(tested, by), *_both(near, by))


def _both(places: Sequence[RankedPlace], by: dt.date) -> tuple[Ordering, Ordering]:
    """The model's order and the nearest-first order of some places."""
    happened = np.array([p.reached is not None and p.reached <= by for p in places])
    return (
        ordering(np.array([p.chance for p in places]), happened),
        ordering(-np.array([p.km if np.isfinite(p.km) else np.inf for p in places]), happened),
    )


def ordering(score: npt.NDArray[np.float64], happened: npt.NDArray[np.bool_]) -> Ordering:
    """How well a score puts what happened above what did not, with the exact p-value of doing so by chance.

    NaN where everything happened, or nothing.
    """
    ones, n = int(happened.sum()), happened.size
    if not 0 < ones < n:
        return Ordering(float("nan"), float("nan"))
    _, place, size = np.unique(score, return_inverse=True, return_counts=True)
    doubled = (2 * np.cumsum(size) - size + 1)[place]  # twice the mean rank of each
    total = int(doubled[happened].sum())
    auc = (total / 2 - ones * (ones + 1) / 2) / (ones * (n - ones))
    ways = np.zeros((ones + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1.0
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    return Ordering(float(auc), float(ways[ones, total:].sum() / ways[ones].sum()))


def _strengths(run: Run, whole: Case, scene: CaseView, naive: Persistence) -> list[StrengthScore]:
    names = run.organisation_record.names
    labels = run.organisation_record.label("organisation_label")
    found = []
    for figure in whole.figures:
        if figure.quantity != "strength" or figure.organisation not in names or figure.bound:
            continue
        month = months_between(run.as_of, figure.refers_to.last_day)
        if figure.published.last_day > run.as_of and 0 < month <= run.request.horizon:
            label = labels[names.index(figure.organisation)]
            found.append(_strength(run, _last_public(scene, figure), figure, label, month, naive))
    return sorted(found, key=lambda s: (s.organisation, s.date, s.value))


def _last_public(scene: CaseView, figure: Figure) -> float:
    """The last strength of a figure's organisation that was public at the as-of date; NaN without one."""
    rows = [o for o in scene.case.organisations if o.organisation == figure.organisation]
    known = published(scene, rows[0]) if rows else None
    return float("nan") if known is None else known.latest


def _strength(run: Run, last: float, figure: Figure, label: str, month: int, naive: Persistence) -> StrengthScore:
    k = run.organisation_record.names.index(figure.organisation)
    people = run.organisation_record.strength[:, month, k].astype(float)
    low, median, high = low_median_high(people)
    unchanged = persistence_samples(last, naive.error, month)
    least, _, most = np.quantile(unchanged, INTERVAL_LEVELS)
    return StrengthScore(
        organisation=figure.organisation,
        label=label,
        date=figure.refers_to.last_day,
        low=figure.low,
        value=figure.value,
        high=figure.high,
        said_low=float(low),
        said_median=float(median),
        said_high=float(high),
        inside=bool(low <= figure.value <= high),
        crps=_on_log(people, figure.value),
        last_public=last,
        naive_low=float(least),
        naive_high=float(most),
        naive_inside=bool(least <= figure.value <= most),
        naive_crps=_on_log(unchanged, figure.value),
        source=figure.source,
    )


def _on_log(people: npt.NDArray[np.float64], happened: float) -> float:
    return float(crps(np.log1p([happened]), np.log1p(people)[None, :])[0])
