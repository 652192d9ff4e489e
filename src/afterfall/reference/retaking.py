"""How soon a lost place is retaken, and how long it is then held: three answers, a day, a month, a year.

A place lost ``x`` months ago is retaken with hazard ``c h(x) exp(g (s - 1/2))`` a month, ``h`` constant between the
`EDGES`, ``s`` the strength of the organisation as a share of its peak. The *shape* ``h`` is learned from all towns and
cities lost by organisations that did not win; the *level* ``c`` from the list of ISIS places fixed in advance, the
only one that is free of selection (the others were remembered partly because they changed hands): ``c = 1`` for the
large set, and unknown for the fixed list. A retaken place is lost again with a hazard constant between `HELD_EDGES`.
Retaken means held for 24 hours.

**Priors.** h in each interval: gamma worth half an event at 0.01 a month; log c ~ Normal(0, 0.7);
g ~ Normal(0, 1); hazards of losing a retaken place: gamma worth half an event at 0.1 a month. Given c and g the
hazards are conjugate; c and g are on a grid, so the posterior has no simulation error.

**Assumptions.** Places are independent given the organisation's strength; strengths are recalled (grade D4).
``remaining_share`` is not used: it is high early in an offensive that goes on, and so has the wrong sign.

Sources: the rows of ``places.csv``. Unit: months of 30.44 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats  # type: ignore[import-untyped]
from scipy.special import gammaln, logsumexp  # type: ignore[import-untyped]

from afterfall.reference.class_records import PlaceLost
from afterfall.reference.event_rate import DRAWS, RECALLED_WEIGHT, Count, EventRate, Floats, from_draws
from afterfall.reference.reference_class import ReferenceClass

DAYS_A_MONTH = 30.44
#: Months since the loss between which the hazard of being retaken is constant.
EDGES = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0)
#: Months since the retaking between which the hazard of being lost again is constant.
HELD_EDGES = (0.0, 0.25, 1.0, 3.0, 12.0, 120.0)
#: Organisations that won in the end: their towns say nothing of a collapse.
WINNERS = ("Taliban Afghanistan", "HTS and allies, north-west Syria")
KINDS = ("town", "city")
PRIOR_MEAN, HELD_PRIOR_MEAN, PRIOR_EVENTS = 0.01, 0.1, 0.5
LEVEL_SD, STRENGTH_SD = 0.7, 1.0
PRIOR_WORDS = "hazard gamma, half an event at 0.01 a month; level log-normal (1, 0.7); strength normal (0, 1)"
#: How long a place must be held, in months, for each of the three answers.
HELD = {"a day": 0.0, "a month": 1.0, "a year": 12.0}
#: Months since the loss by which a place has been retaken or not.
BY = (12, 24, 60)
SOURCE = "places.csv"


@dataclass(frozen=True, slots=True)
class Retaking:
    """Draws of the posterior, ``DRAWS`` equally likely ones.

    Attributes
    ----------
    hazard
        Hazard a month of the large set at middling strength, ``(draw, interval)``, by `EDGES`.
    level
        Level of the fixed list, as a multiple of the hazard, ``(draw,)``.
    strength
        Coefficient of strength, ``(draw,)``.
    lost_again
        Hazard a month of losing a retaken place, ``(draw, interval)``, by `HELD_EDGES`.
    events, months
        Places retaken and months at risk by interval, of the large set and of the fixed list, ``(set, interval)``.
    places
        Losses counted, of the large set and of the fixed list.
    """

    hazard: Floats
    level: Floats
    strength: Floats
    lost_again: Floats
    events: Floats
    months: Floats
    places: tuple[int, int]

    def share(
        self, *, by: float, held: float = 0.0, since: float = 0.0, strength: float = 0.5, fixed: bool = True
    ) -> Floats:
        """Probability that a place is retaken by a month since its loss and then held so long, ``(draw,)``.

        Parameters
        ----------
        by, since
            Months since the loss: the end of the period, and its start (the place was not retaken before).
        held
            Months for which it must then be held.
        strength
            Strength of the organisation, as a share of its peak.
        fixed
            Whether the level is that of the fixed list or, for a place of the large set, one.
        """
        months = _overlap(np.array([by]), EDGES)[0] - _overlap(np.array([since]), EDGES)[0]
        level = self.level if fixed else 1.0
        retaken = -np.expm1(-level * (self.hazard @ months) * np.exp(self.strength * (strength - 0.5)))
        kept: Floats = retaken * np.exp(-(self.lost_again @ _overlap(np.array([held]), HELD_EDGES)[0]))
        return kept


def fit_retaking(known: ReferenceClass, recalled_weight: float = RECALLED_WEIGHT) -> Retaking:
    """The posterior of hazards, level and strength from the places lost by the as-of date."""
    large = [p for p in known.places if p.kind in KINDS and p.case not in WINNERS and not p.fixed_list]
    fixed = [p for p in known.places if p.fixed_list]
    spells = [_spells(group, recalled_weight) for group in (large, fixed)]
    rng = np.random.default_rng([7, len(large), len(fixed)])
    level, coefficient, hazard = _grid_draws(spells, rng)
    retaken = [p for p in (*large, *fixed) if p.retaken is not None]
    events, months = _held(retaken, recalled_weight)
    shape = PRIOR_EVENTS + events
    again = stats.gamma.rvs(
        shape, scale=1 / (PRIOR_EVENTS / HELD_PRIOR_MEAN + months), size=(DRAWS, len(shape)), random_state=rng
    )
    counted = np.array([s.events.sum(axis=0) for s in spells]), np.array([s.months.sum(axis=0) for s in spells])
    return Retaking(hazard, level, coefficient, again, *counted, (len(large), len(fixed)))


def retaking_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Shares retaken within one, two and five years of the loss and held for a day, a month and a year."""
    fit = fit_retaking(known)
    count = Count(int(fit.events.sum()), float(fit.months.sum() / 12), 0.0, 0.0)
    shares = [
        from_draws(
            f"retaken within {by // 12} y, held {word}", "fixed list", "share", count, PRIOR_WORDS,
            fit.share(by=by, held=held), SOURCE,
        )
        for by in BY
        for word, held in HELD.items()
    ]  # fmt: skip
    ratio = from_draws(
        "retaking, full against no strength",
        "ratio of hazards",
        "ratio",
        count,
        PRIOR_WORDS,
        np.exp(fit.strength),
        SOURCE,
    )
    return (*shares, ratio)


@dataclass(frozen=True, slots=True)
class _Spells:
    """Retakings and months at risk of each place by interval, ``(place, interval)``; weight and strength of each."""

    events: Floats
    months: Floats
    weight: Floats
    strength: Floats


def _spells(places: Sequence[PlaceLost], recalled_weight: float) -> _Spells:
    """Spells of places; every spell has the mean weight of the retakings, each retaking its own."""
    until = np.array([_months(p) for p in places], dtype=float)
    retaken = np.array([p.retaken is not None for p in places], dtype=bool)
    own = np.array([1.0 if p.verified else recalled_weight for p in places], dtype=float)
    mean = float(own[retaken].mean()) if retaken.any() else recalled_weight
    months = _overlap(until, EDGES)
    events = np.zeros_like(months)
    at = np.clip(np.searchsorted(EDGES, until, side="right") - 1, 0, len(EDGES) - 2)
    events[np.flatnonzero(retaken), at[retaken]] = 1.0
    strength = np.array([strength_of(p) for p in places], dtype=float)
    return _Spells(events, months, np.where(retaken, own, mean), strength)


def strength_of(place: PlaceLost) -> float:
    """Strength of the organisation in the year of the loss as a share of its peak; one half where unknown."""
    return 0.5 if place.strength_of_peak is None else place.strength_of_peak


def _months(place: PlaceLost) -> float:
    """Months from the loss to the retaking or the end of observation; half a day at least."""
    end = place.observed_to if place.retaken is None else place.retaken
    return max((end.last_day - place.lost.last_day).days, 0.5) / DAYS_A_MONTH


def _overlap(until: Floats, edges: Sequence[float]) -> Floats:
    """Months of each interval that lie before each time, ``(time, interval)``; the last interval has no end."""
    low = np.array(edges[:-1])
    high = np.array([*edges[1:-1], np.inf])
    within: Floats = np.clip(until[:, None], low, high) - low
    return within


def _grid_draws(spells: Sequence[_Spells], rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Draws of the level, of the coefficient of strength, and of the hazards of the large set."""
    levels = np.exp(np.linspace(np.log(0.05), np.log(8.0), 51))
    strengths = np.linspace(-2.0, 4.0, 41)
    b0 = PRIOR_EVENTS / PRIOR_MEAN
    d = [np.sum(s.events * s.weight[:, None], axis=0) for s in spells]
    shape = PRIOR_EVENTS + d[0] + d[1]
    logs, rates = np.empty((51, 41)), np.empty((51, 41, len(shape)))
    for j, g in enumerate(strengths):
        multiple = [s.weight * np.exp(g * (s.strength - 0.5)) for s in spells]
        months = [np.sum(s.months * m[:, None], axis=0) for s, m in zip(spells, multiple, strict=True)]
        shift = sum(float((s.events.sum(axis=1) * s.weight * (s.strength - 0.5)).sum()) for s in spells) * g
        for i, c in enumerate(levels):
            rates[i, j] = b0 + months[0] + c * months[1]
            logs[i, j] = d[1].sum() * np.log(c) + shift + np.sum(gammaln(shape) - shape * np.log(rates[i, j]))
    logs -= 0.5 * (np.log(levels) / LEVEL_SD)[:, None] ** 2 + 0.5 * (strengths / STRENGTH_SD)[None, :] ** 2
    weights = np.exp(logs - logsumexp(logs))
    at = rng.choice(weights.size, DRAWS, p=weights.ravel())
    level, strength = np.unravel_index(at, weights.shape)
    hazard = stats.gamma.rvs(shape, scale=1 / rates[level, strength], random_state=rng)
    return levels[level], strengths[strength], hazard


def _held(retaken: Sequence[PlaceLost], recalled_weight: float) -> tuple[Floats, Floats]:
    """Weighted losses of retaken places, and months held, by interval of `HELD_EDGES`."""
    held, ended, weight = [], [], []
    for place in retaken:
        end = place.observed_to if place.lost_again is None else place.lost_again
        start = place.lost if place.retaken is None else place.retaken
        held.append(max((end.last_day - start.last_day).days, 0.5) / DAYS_A_MONTH)
        ended.append(place.lost_again is not None)
        weight.append(1.0 if place.verified else recalled_weight)
    until, over, w = np.array(held), np.array(ended, dtype=bool), np.array(weight)
    if not len(until):
        return np.zeros(len(HELD_EDGES) - 1), np.zeros(len(HELD_EDGES) - 1)
    at = np.clip(np.searchsorted(HELD_EDGES, until, side="right") - 1, 0, len(HELD_EDGES) - 2)
    events = np.zeros(len(HELD_EDGES) - 1)
    np.add.at(events, at[over], w[over])
    mean = float(w[over].mean()) if over.any() else recalled_weight
    return events, (_overlap(until, HELD_EDGES) * np.where(over, w, mean)[:, None]).sum(axis=0)
