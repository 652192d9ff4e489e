"""Two organisations at war with each other: they become one as equals, or the stronger absorbs the weaker.

Exposure is the years of war of each pair of ``rivals.csv``. Pairs that are no war are left out: umbrellas whose
branches are rows of their own, rivals who hardly fought, and the policing of small groups. An absorption is of the
weaker by the stronger, so its exposure are pairs of which one was at least twice as strong, and pairs differ::

    absorptions ~ Poisson(u m (years + k years in which the stronger was losing ground)),   u ~ Gamma(a, a)
    mergers of equals ~ Poisson(m years of all wars)

with m ~ Gamma(1/2, 25) for both, worth half an event at .02 a year, and log k ~ Normal(0, 0.6): the stronger may absorb
more or less often while it loses ground (`pooled_rates`). One long war without an absorption says little of the others.
A handful of events in some ten weighted years stands against a prior of 25: what is learned is mostly the prior.

Assumptions: wars, strengths and what became of them were recalled by one hand, and a war may have been remembered
because it ended in an absorption. Which was the stronger has no date and was coded in hindsight. A side that is no one
organisation of the class is held not to lose ground. Unit: a year of war of two organisations.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from afterfall.case.dates import PartialDate
from afterfall.reference.class_names import class_twin
from afterfall.reference.class_records import RivalPair
from afterfall.reference.event_rate import (
    DAYS_A_YEAR,
    RATE_PRIOR_EVENTS,
    RECALLED_WEIGHT,
    EventRate,
    counted,
    from_draws,
    gamma_rate,
    weigh,
)
from afterfall.reference.pooled_rates import EITHER_SIGN, GroupCounts, PooledRates, fit_pooled, posterior_draws
from afterfall.reference.reference_class import ReferenceClass

#: Ratio of strengths from which one of a pair is called the stronger.
STRONGER = 2.0
SHORTEST_DAYS = 30
PRIOR_MEAN = 0.02
#: Dyad-years that the prior of either rate is worth.
PRIOR_YEARS = RATE_PRIOR_EVENTS / PRIOR_MEAN
PRIOR_WORDS = f"gamma, worth {RATE_PRIOR_EVENTS} events, mean {PRIOR_MEAN:g}; ratio (1, 0.6); pairs gamma"
SOURCE, UNIT = "rivals.csv", "per dyad-year"
CALM = "enemies at war, one twice as strong"


def wars(known: ReferenceClass) -> tuple[RivalPair, ...]:
    """Pairs that were at war."""
    return tuple(pair for pair in known.rivals if pair.war)


def unequal(known: ReferenceClass) -> tuple[RivalPair, ...]:
    """Pairs at war of which one is the stronger."""
    return tuple(pair for pair in wars(known) if pair.stronger != "neither")


def war_between(one: str, other: str, known: ReferenceClass) -> RivalPair | None:
    """The war of two organisations of the class that was going on when the class was cut; None without one."""
    for pair in wars(known):
        sides = {_side(pair.side_a, known), _side(pair.side_b, known)}
        if sides == {one, other} and pair.war_end.last_day >= known.as_of:
            return pair
    return None


def war_years(pair: RivalPair, stronger: str, known: ReferenceClass) -> tuple[float, float]:
    """Years of a war in which an organisation of the class was not, and was, losing ground."""
    start, whole = _middle(pair.war_start), _years(pair)
    end = start + whole * DAYS_A_YEAR
    spans = [span for o in known.organisations if o.organisation == stronger for span in o.losing]
    days = sum(max(min(end, _middle(last)) - max(start, _middle(first)), 0.0) for first, last in spans)
    losing = min(days / DAYS_A_YEAR, whole)
    return whole - losing, losing


def absorption_counts(known: ReferenceClass) -> GroupCounts:
    """Weighted absorptions and years of each unequal pair, while the stronger was not, and was, losing ground."""
    pairs = unequal(known)
    parts = np.array([_parts(pair, known) for pair in pairs]).reshape(-1, 4)
    weights = np.array([1.0 if pair.verified else RECALLED_WEIGHT for pair in pairs])
    mean = mean_weight(known)
    return GroupCounts(parts[:, 0] * weights, parts[:, 1] * mean, parts[:, 2] * weights, parts[:, 3] * mean)


def mean_weight(known: ReferenceClass) -> float:
    """Mean weight of the absorptions, by which their exposure is multiplied."""
    found = [1.0 if pair.verified else RECALLED_WEIGHT for pair in unequal(known) if pair.merged == "absorbed"]
    return float(np.mean(found)) if found else RECALLED_WEIGHT


def absorption_fit(known: ReferenceClass) -> PooledRates:
    """The posterior of the rate at which the weaker of a pair is absorbed, its ratio, and how far pairs differ."""
    return fit_pooled(absorption_counts(known), (RATE_PRIOR_EVENTS, PRIOR_YEARS), EITHER_SIGN)


def rival_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Mergers of equals per year of any war; absorptions per year of a war of unequals, and the stronger losing."""
    every, pairs = wars(known), unequal(known)
    merged = weigh([p.verified for p in every if p.merged == "merger"], sum(_years(p) for p in every))
    equals = gamma_rate("merger of equals", "enemies at war", UNIT, merged, SOURCE, prior_mean=PRIOR_MEAN)
    calm, ratio = posterior_draws(absorption_fit(known))
    parts = np.array([_parts(pair, known) for pair in pairs]).reshape(-1, 4).sum(axis=0)
    event, both = "absorption of the weaker", counted(parts[0] + parts[2], parts[1] + parts[3])
    return (
        equals,
        from_draws(event, CALM, UNIT, counted(parts[0], parts[1]), PRIOR_WORDS, calm, SOURCE),
        from_draws(
            event, "the stronger losing ground", UNIT, counted(parts[2], parts[3]), PRIOR_WORDS, calm * ratio, SOURCE
        ),
        from_draws(event, "ratio, the stronger losing to not", "ratio", both, PRIOR_WORDS, ratio, SOURCE),
    )


def prior_words(exposure: float) -> str:
    """How much of a rate learned from some dyad-years, at the weight of what was recalled, is its prior.

    >>> prior_words(16.0)
    'mostly the prior, which is worth 25 dyad-years against 8'
    """
    weighted = RECALLED_WEIGHT * exposure
    how = "mostly the prior, which" if weighted < PRIOR_YEARS else "the prior"
    return f"{how} is worth {PRIOR_YEARS:.0f} dyad-years against {weighted:.0f}"


def _parts(pair: RivalPair, known: ReferenceClass) -> tuple[float, float, float, float]:
    """Absorptions and years of a pair while the stronger was not, and was, losing ground."""
    stronger = _side(pair.side_a if pair.stronger == "a" else pair.side_b, known)
    calm, losing = war_years(pair, stronger, known)
    spans = [span for o in known.organisations if o.organisation == stronger for span in o.losing]
    lost = any(first.first_day <= _day(pair.war_end) <= last.last_day for first, last in spans)
    event = float(pair.merged == "absorbed")
    return event * (not lost), calm, event * lost, losing


def _side(side: str, known: ReferenceClass) -> str:
    """The organisation of the class that a side of a war is; empty where it is none or several."""
    return class_twin(side.split(" / "), known) or ""


def _years(pair: RivalPair) -> float:
    return max(_middle(pair.war_end) - _middle(pair.war_start), SHORTEST_DAYS) / DAYS_A_YEAR


def _middle(date: PartialDate) -> float:
    """Day number of the middle of a date."""
    return (date.first_day.toordinal() + date.last_day.toordinal()) / 2


def _day(date: PartialDate) -> dt.date:
    return dt.date.fromordinal(int(_middle(date)))
