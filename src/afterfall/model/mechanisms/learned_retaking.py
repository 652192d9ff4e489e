"""How soon a lost place is retaken and how long it is then held: the reference class and the case's own losses.

Draws of the hazard ``h(x)`` by months since the loss, at the level of places that nobody chose for what became of them,
and of each organisation's multiple ``u`` come from `afterfall.reference.retaking`. *The core in the class* is the
organisation that lost most places there in the theatre of the case since the core was founded. Its ``u`` is learned
from its own losses, which are then counted in the class and not again from the case. A core that is not in the class
has the multiple of another organisation, and each draw gets a weight from the case's own losses: with ``T[i]`` the
months for which its places were lost in interval ``i``, and ``n[i]`` of them retaken in it,

    product over i of (h[i] u)^n[i]  times  exp(-u sum over i of h[i] T[i])

so places that were not retaken lower the rate.

Assumptions: the case's holdings were not chosen for what became of them, and were lost at middling strength. The shape
in time is the weighted mean of the draws, without uncertainty. Before 2005 there is no reference class; the priors are
then wide and uninformed. Unit: a month.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.reference.retaking import (
    EDGES,
    HELD,
    HELD_EDGES,
    Retaking,
    counted_places,
    counts_by_organisation,
    fit_retaking,
    organisation_of,
)

#: Months since the loss for which the hazard has a value of its own.
MONTHS = 120
#: First as-of date with a reference class.
FIRST_DAY = dt.date(2005, 1, 1)
LEVELS = (0.05, 0.5, 0.95)
NO_CLASS = "no reference class before 2005"


@dataclass(frozen=True, slots=True)
class OwnLosses:
    """Places of the case retaken, and months for which its places were lost, by interval of `EDGES`."""

    retaken: tuple[int, ...]
    months: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LearnedRetaking:
    """What the case's model takes: 5th and 95th percentiles, and the shape in time.

    Attributes
    ----------
    base
        Hazard a month in the first year after a loss, with the core as strong as at the as-of date.
    shape
        Multiple of that hazard by months since the loss, with mean one over the first twelve, ``(MONTHS,)``.
    strength
        Elasticity of the hazard to the strength of the core around the as-of date.
    month, year
        Share of retaken places that are held for a month; and of these, for a year.
    within_year
        Share of places retaken within a year of their loss at middling strength: 5th percentile, median and 95th,
        of the reference class alone and with the case's own losses.
    own
        Losses of the core: those in the class, or those of the case.
    in_class
        Name of the core in the class; empty where it is not there.
    losses
        Losses in the class.
    """

    base: tuple[float, float]
    shape: tuple[float, ...]
    strength: tuple[float, float]
    month: tuple[float, float]
    year: tuple[float, float]
    within_year: tuple[tuple[float, ...], tuple[float, ...]]
    own: OwnLosses
    in_class: str
    losses: int


def learned_retaking(view: CaseView) -> LearnedRetaking | None:
    """The posterior of the reference class and the case's own losses; None before there is a reference class."""
    if view.case.as_of < FIRST_DAY:
        return None
    core = view.case.organisation(view.case.core)
    since = (core.founded or core.published).first_day
    return _learned(view.case.as_of, view.case.theatre.countries, since, own_losses(view), share_of_peak(view))


def own_losses(view: CaseView) -> OwnLosses:
    """The case's places retaken, and months for which places were lost, up to the as-of date; the remainder left out.

    A place lost and retaken in the same month was lost for half of one.
    """
    retaken, months = [0] * (len(EDGES) - 1), np.zeros(len(EDGES) - 1)
    for spell in view.spells:
        if spell.lost is None or spell.kind == "remainder":
            continue
        later = [s for s in view.spells if s.holding == spell.holding and s.captured and s.captured >= spell.lost]
        until = min((view.month_of(s.captured) for s in later if s.captured), default=0)
        gone = max(until - view.month_of(spell.lost), 0.5)
        months += _within(gone, EDGES)
        if later:
            retaken[int(np.searchsorted(EDGES, gone, side="right")) - 1] += 1
    return OwnLosses(tuple(retaken), tuple(float(x) for x in months))


def share_of_peak(view: CaseView) -> float:
    """Latest published strength of the core as a share of the highest; one half without a figure."""
    figures = [
        f for f in view.case.figures if f.quantity == "strength" and f.organisation == view.case.core and not f.bound
    ]
    if not figures:
        return 0.5
    latest = max(figures, key=lambda f: (f.refers_to.last_day, f.figure))
    return min(max(latest.value, 1.0) / max(max(f.value, 1.0) for f in figures), 1.0)


@cache
def _learned(
    as_of: dt.date, countries: tuple[str, ...], since: dt.date, own: OwnLosses, strength: float
) -> LearnedRetaking:
    known, fit = _fit(as_of)
    name = core_in_class(known, countries, since)
    even = np.full(len(fit.another), 1.0 / len(fit.another))
    multiple = fit.organisations.get(name, fit.another)
    weights = even if name else own_weights(fit, own)
    first = fit.unselected @ _within(12.0, EDGES)
    month = np.exp(-(fit.lost_again @ _within(HELD["a month"], HELD_EDGES)))
    year = np.exp(-(fit.lost_again @ _within(HELD["a year"], HELD_EDGES)))
    alone, both = (-np.expm1(-first * m) for m in (fit.another, multiple))
    return LearnedRetaking(
        base=_ends(first * multiple / 12.0 * np.exp(fit.strength * (strength - 0.5)), weights),
        shape=_shape(weights @ fit.unselected),
        strength=_ends(fit.strength * strength, weights),
        month=_ends(month, even),
        year=_ends(year / month, even),
        within_year=(weighted_quantiles(alone, even), weighted_quantiles(both, weights)),
        own=_in_class(known, name) if name else own,
        in_class=name,
        losses=fit.places,
    )


@cache
def _fit(as_of: dt.date) -> tuple[ReferenceClass, Retaking]:
    known = open_reference_class(as_of)
    return known, fit_retaking(known)


def core_in_class(known: ReferenceClass, countries: Sequence[str], since: dt.date) -> str:
    """The organisation that lost most places of the class in a theatre since a day; empty where none did."""
    there = Counter(
        organisation_of(p) for p in counted_places(known) if p.country in countries and p.lost.last_day >= since
    )
    return max(sorted(there), key=lambda name: there[name], default="")


def _in_class(known: ReferenceClass, name: str) -> OwnLosses:
    events, months = counts_by_organisation(known)[name]
    return OwnLosses(tuple(int(x) for x in events), tuple(float(x) for x in months))


def own_weights(fit: Retaking, own: OwnLosses) -> Floats:
    """Weight of each draw given the case's own losses, summing to one, ``(draw,)``."""
    multiple, retaken = fit.another, np.array(own.retaken, dtype=float)
    logs = np.log(fit.unselected * multiple[:, None]) @ retaken - multiple * (fit.unselected @ np.array(own.months))
    weights: Floats = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights


def weighted_quantiles(values: Floats, weights: Floats) -> tuple[float, ...]:
    """5th percentile, median and 95th of weighted draws."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    at = np.minimum(np.searchsorted(total, LEVELS), len(values) - 1)
    return tuple(float(values[order][i]) for i in at)


def _ends(values: Floats, weights: Floats) -> tuple[float, float]:
    low, _, high = weighted_quantiles(values, weights)
    return steady(low), steady(high)


def steady(value: float) -> float:
    """A number to four significant digits, so that it is the same on every machine.

    >>> steady(0.123456)
    0.1235
    """
    return float(f"{value:.4g}")


def _within(months: float, edges: tuple[float, ...]) -> Floats:
    """Months of each interval that lie before a time; the last interval has no end."""
    low, high = np.array(edges[:-1]), np.array([*edges[1:-1], np.inf])
    within: Floats = np.clip(months, low, high) - low
    return within


def _shape(hazard: Floats) -> tuple[float, ...]:
    """Hazard of each month since the loss over the mean of the first twelve."""
    by_month = [float(hazard[int(np.searchsorted(EDGES, m + 0.5, side="right")) - 1]) for m in range(MONTHS)]
    mean = sum(by_month[:12]) / 12.0
    return tuple(steady(h / mean) for h in by_month)
