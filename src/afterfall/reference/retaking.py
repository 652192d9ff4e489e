"""How soon a lost place is retaken, and how long it is then held: three answers, a day, a month, a year.

A place lost ``x`` months ago by organisation ``k`` is retaken with the hazard, a month,

    h(x) c(x) u_k exp(g (s - 1/2)),    u_k ~ Gamma(a, a)

``h`` constant between the `EDGES`; ``u_k`` differs between organisations; ``s`` is the strength of the organisation in
the year of the loss, as a share of its peak. The *shape* ``h`` is learned from all towns and cities lost by
organisations that did not win, the *level* ``c`` from the list of ISIS places fixed in advance, the only one that is
free of selection: the others were remembered partly because they changed hands. So ``c`` multiplies the hazard of the
fixed list, and of every place that is forecast; it is one for the places that were remembered. It has one value in the
first year and one later, since a late retaking is remembered longest. A retaken place is lost again with a hazard
constant between `HELD_EDGES`. Retaken means held for 24 hours.

**Priors.** h in each interval: gamma worth half an event at 0.01 a month; each c ~ Gamma(2, 4), mean one half
(forecasts from 2012 and 2014 with c near one expected twice what followed by 2016-08); g ~ Normal(0, 1);
a log-uniform from 0.3 to 30; hazards of losing a retaken place: gamma worth half an event at 0.1 a month.

**Chosen on outcomes up to August 2016.** A second level after the first year predicts the listed places no worse on any
of five dates from 2010 to 2015. A likelihood that conditions unlisted places on being remembered (a place that was not
retaken is in the tables with a probability of its own) predicts them worse on the last three and is not used.

**Inference.** Gibbs sampling: h, u and c are gamma given the rest, g and a are drawn on grids.

**Assumptions.** Places are independent given these; strengths are recalled (grade D4). ``remaining_share`` is not used:
it is high early in an offensive that goes on, and so has the wrong sign.

Sources: the rows of ``places.csv``. Unit: months of 30.44 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln  # type: ignore[import-untyped]

from afterfall.reference.class_records import PlaceLost
from afterfall.reference.event_rate import DRAWS, RECALLED_WEIGHT, EventRate, Floats, counted, from_draws
from afterfall.reference.reference_class import ReferenceClass

DAYS_A_MONTH = 30.44
#: Months since the loss between which the hazard of being retaken is constant.
EDGES = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0)
#: Months since the retaking between which the hazard of being lost again is constant.
HELD_EDGES = (0.0, 0.25, 1.0, 3.0, 12.0, 120.0)
#: Cases of one organisation.
ORGANISATIONS = {"ISIS Iraq": "ISIS", "ISIS Syria": "ISIS"}
#: Organisations that won in the end: their towns say nothing of a collapse.
WINNERS = ("Taliban Afghanistan", "HTS and allies, north-west Syria")
KINDS = ("town", "city")
PRIOR_MEAN, HELD_PRIOR_MEAN, PRIOR_EVENTS = 0.01, 0.1, 0.5
LEVEL_PRIOR = (2.0, 4.0)
#: Which level each interval has: that of the first year, or that of later years.
LEVEL_OF = np.array([int(low >= 12.0) for low in EDGES[:-1]])
STRENGTHS = np.linspace(-2.0, 4.0, 49)
SPREADS = np.exp(np.linspace(np.log(0.3), np.log(30.0), 19))
BURN_IN = 200
PRIOR_WORDS = "hazard gamma, half an event at 0.01 a month; level gamma (2, 4); strength normal (0, 1)"
#: How long a place must be held, in months, for each of the three answers.
HELD = {"a day": 0.0, "a month": 1.0, "a year": 12.0}
#: Months since the loss by which a place has been retaken or not.
BY = (12, 24, 60)
SOURCE = "places.csv"


@dataclass(frozen=True, slots=True)
class Retaking:
    """Draws of the posterior, ``DRAWS`` of them.

    Attributes
    ----------
    hazard
        Hazard a month of a remembered place at middling strength, ``(draw, interval)``, by `EDGES`.
    level
        Level of places that were not chosen by what became of them, as a multiple, in the first year and later,
        ``(draw, 2)``.
    strength
        Coefficient of strength, ``(draw,)``.
    organisations
        Multiple of each organisation, by its name in `ORGANISATIONS` or its case, ``(draw,)``.
    another
        Multiple of an organisation not seen yet, ``(draw,)``.
    lost_again
        Hazard a month of losing a retaken place, ``(draw, interval)``, by `HELD_EDGES`.
    events, months
        Places retaken and months at risk by interval, ``(interval,)``.
    places
        Losses counted.
    """

    hazard: Floats
    level: Floats
    strength: Floats
    organisations: dict[str, Floats]
    another: Floats
    lost_again: Floats
    events: Floats
    months: Floats
    places: int

    @property
    def unselected(self) -> Floats:
        """Hazard a month of a place that was not chosen by what became of it, ``(draw, interval)``."""
        return np.asarray(self.hazard * self.level[:, LEVEL_OF])

    def share(self, *, by: float, held: float = 0.0, since: float = 0.0, strength: float = 0.5, of: str = "") -> Floats:
        """Probability that a place is retaken by a month since its loss and then held so long, ``(draw,)``.

        Parameters
        ----------
        by, since
            Months since the loss: the end of the period, and its start (the place was not retaken before).
        held
            Months for which it must then be held.
        strength
            Strength of the organisation, as a share of its peak.
        of
            The organisation; one that was not seen is drawn like another.
        """
        months = _overlap(np.array([by]), EDGES)[0] - _overlap(np.array([since]), EDGES)[0]
        multiple = self.organisations.get(of, self.another) * np.exp(self.strength * (strength - 0.5))
        retaken = -np.expm1(-(self.unselected @ months) * multiple)
        kept: Floats = retaken * np.exp(-(self.lost_again @ _overlap(np.array([held]), HELD_EDGES)[0]))
        return kept


def fit_retaking(known: ReferenceClass, recalled_weight: float = RECALLED_WEIGHT) -> Retaking:
    """The posterior of hazards, level, organisations and strength from the places lost by the as-of date."""
    places = counted_places(known)
    spells = _spells(places, recalled_weight)
    rng = np.random.default_rng([7, len(places)])
    hazard, level, strength, multiples, another = _gibbs(spells, rng)
    events, months = _held([p for p in places if p.retaken is not None], recalled_weight)
    shape = PRIOR_EVENTS + events
    again = rng.gamma(shape, 1 / (PRIOR_EVENTS / HELD_PRIOR_MEAN + months), size=(DRAWS, len(shape)))
    return Retaking(
        hazard=hazard,
        level=level,
        strength=strength,
        organisations={name: multiples[:, i] for i, name in enumerate(spells.organisations)},
        another=another,
        lost_again=again,
        events=spells.events.sum(axis=0),
        months=spells.months.sum(axis=0),
        places=len(places),
    )


def constant_hazards(known: ReferenceClass) -> tuple[float, float | None]:
    """Constant hazards of being retaken, a month: of all places counted, and of the listed ones; None without any.

    Half an event in 50 months stands for the prior.
    """
    places = counted_places(known)
    listed = [p for p in places if p.fixed_list]
    return _pace(places), _pace(listed) if listed else None


def _pace(places: Sequence[PlaceLost]) -> float:
    spells = _spells(places, 1.0)
    return float((spells.events.sum() + PRIOR_EVENTS) / (spells.months.sum() + PRIOR_EVENTS / PRIOR_MEAN))


def counts_by_organisation(known: ReferenceClass) -> dict[str, tuple[Floats, Floats]]:
    """Places retaken and months at risk of each organisation by interval of `EDGES`, unweighted."""
    spells = _spells(counted_places(known), 1.0)
    own = [spells.organisation == i for i in range(len(spells.organisations))]
    return {
        name: (spells.events[here].sum(axis=0), spells.months[here].sum(axis=0))
        for name, here in zip(spells.organisations, own, strict=True)
    }


def counted_places(known: ReferenceClass) -> list[PlaceLost]:
    """Towns and cities lost by organisations that did not win, and the places listed in advance."""
    return [p for p in known.places if p.case not in WINNERS and (p.kind in KINDS or p.fixed_list)]


def organisation_of(place: PlaceLost) -> str:
    """The organisation that lost a place: the cases of one organisation are one."""
    return ORGANISATIONS.get(place.case, place.case)


def retaking_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Shares retaken within one, two and five years of the loss and held for a day, a month and a year."""
    fit = fit_retaking(known)
    count = counted(fit.events.sum(), fit.places)
    shares = [
        from_draws(
            f"retaken within {by // 12} y, held {word}",
            stratum,
            "share",
            count,
            PRIOR_WORDS,
            fit.share(by=by, held=held, of=of),
            SOURCE,
        )
        for stratum, of, years in (("ISIS", "ISIS", BY), ("another", "", BY[:1]))
        for by in years
        for word, held in HELD.items()
    ]
    full = np.exp(fit.strength)
    ratio = from_draws("retaking, full to no strength", "ratio", "ratio", count, PRIOR_WORDS, full, SOURCE)
    return (*shares, ratio)


@dataclass(frozen=True, slots=True)
class _Spells:
    """Retakings and months at risk of each place by interval; weight, strength, list and organisation of each."""

    events: Floats
    months: Floats
    weight: Floats
    strength: Floats
    fixed: NDArray[np.bool_]
    organisation: NDArray[np.int64]
    organisations: tuple[str, ...]


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
    names = tuple(sorted({organisation_of(p) for p in places}))
    return _Spells(
        events=events,
        months=months,
        weight=np.where(retaken, own, mean),
        strength=np.array([strength_of(p) for p in places], dtype=float) - 0.5,
        fixed=np.array([p.fixed_list for p in places], dtype=bool),
        organisation=np.array([names.index(organisation_of(p)) for p in places], dtype=np.int64),
        organisations=names,
    )


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


def _gibbs(spells: _Spells, rng: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Draws of hazards, level, coefficient of strength, multiples of organisations, and of another organisation."""
    groups, weighted = len(spells.organisations), spells.months * spells.weight[:, None]
    events = spells.events * spells.weight[:, None]
    by_interval, happened = PRIOR_EVENTS + events.sum(axis=0), events.sum(axis=1)
    by_group = np.bincount(spells.organisation, happened, minlength=groups)
    by_list = np.bincount(LEVEL_OF, events[spells.fixed].sum(axis=0), minlength=2)
    lean = float((happened * spells.strength).sum())
    hazard, multiple = np.full(len(by_interval), PRIOR_MEAN), np.ones(groups)
    level, g, a = np.ones(2), 0.0, 1.0
    kept = []
    for turn in range(BURN_IN + DRAWS):
        raised = (multiple[spells.organisation] * np.exp(g * spells.strength))[:, None] * weighted
        at_risk = np.where(spells.fixed[:, None], raised * level[LEVEL_OF], raised).sum(axis=0)
        hazard = rng.gamma(by_interval, 1 / (PRIOR_EVENTS / PRIOR_MEAN + at_risk))
        listed = np.bincount(LEVEL_OF, raised[spells.fixed].sum(axis=0) * hazard, minlength=2)
        level = rng.gamma(LEVEL_PRIOR[0] + by_list, 1 / (LEVEL_PRIOR[1] + listed))
        exposed = (weighted * np.where(spells.fixed[:, None], level[LEVEL_OF], 1.0)) @ hazard
        raised = exposed * np.exp(g * spells.strength)
        multiple = rng.gamma(a + by_group, 1 / (a + np.bincount(spells.organisation, raised, minlength=groups)))
        exposed = exposed * multiple[spells.organisation]
        logs = STRENGTHS * lean - np.exp(np.outer(STRENGTHS, spells.strength)) @ exposed - STRENGTHS**2 / 2
        g = float(_pick(STRENGTHS, logs, rng))
        logs = groups * (SPREADS * np.log(SPREADS) - gammaln(SPREADS))
        logs += SPREADS * (np.log(multiple).sum() - multiple.sum())
        a = float(_pick(SPREADS, logs, rng))
        if turn >= BURN_IN:
            kept.append((hazard, level, g, multiple, rng.gamma(a, 1 / a)))
    hazards, levels, strengths, multiples, another = (np.array(column) for column in zip(*kept, strict=True))
    return hazards, levels, strengths, multiples, another


def _pick(values: Floats, logs: Floats, rng: np.random.Generator) -> float:
    """A value in proportion to the exponential of its log weight."""
    weights = np.exp(logs - logs.max())
    return float(values[np.searchsorted(np.cumsum(weights), rng.random() * weights.sum())])


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
