"""Two organisations at war with each other: they become one as equals, or the stronger absorbs the weaker.

Exposure is the years of war of each pair of ``rivals.csv``. Pairs that are no war are left out: umbrellas whose
branches are rows of their own, rivals who hardly fought, and the policing of small groups. An absorption is of the
weaker by the stronger, so its exposure are pairs of which one was at least twice as strong when the war began, and
pairs differ::

    absorptions ~ Poisson(u m years),   u ~ Gamma(a, a)     (`pooled_rates`)
    mergers of equals ~ Poisson(m years of all wars)

with m ~ Gamma(1/2, 25) for both, worth half an event at .02 a year. One long war without an absorption says little of
the others.

Assumptions: wars, strengths and what became of them were recalled by one hand, and a war may have been remembered
because it ended in an absorption. Unit: a year of war of two organisations.
"""

from __future__ import annotations

import numpy as np

from afterfall.reference.class_records import RivalPair
from afterfall.reference.event_rate import (
    DAYS_A_YEAR,
    RATE_PRIOR_EVENTS,
    RECALLED_WEIGHT,
    EventRate,
    Floats,
    counted,
    from_draws,
    gamma_rate,
    weigh,
)
from afterfall.reference.pooled_rates import GroupCounts, PooledRates, fit_pooled, posterior_draws
from afterfall.reference.reference_class import ReferenceClass

#: Ratio of strengths from which one of a pair is called the stronger.
STRONGER = 2.0
SHORTEST_DAYS = 30
PRIOR_MEAN = 0.02
PRIOR_WORDS = f"gamma, worth {RATE_PRIOR_EVENTS} events, mean {PRIOR_MEAN:g}; pairs gamma"
SOURCE, UNIT = "rivals.csv", "per dyad-year"


def wars(known: ReferenceClass) -> tuple[RivalPair, ...]:
    """Pairs that were at war."""
    return tuple(pair for pair in known.rivals if pair.war)


def unequal(known: ReferenceClass) -> tuple[RivalPair, ...]:
    """Pairs at war of which one is the stronger."""
    return tuple(pair for pair in wars(known) if pair.stronger != "neither")


def absorption_fit(known: ReferenceClass) -> PooledRates:
    """The posterior of the rate at which the weaker of a pair is absorbed, and of how far pairs differ."""
    pairs = unequal(known)
    events = np.array([float(pair.merged == "absorbed") for pair in pairs])
    weights = np.array([1.0 if pair.verified else RECALLED_WEIGHT for pair in pairs])
    mean = float((events * weights).sum() / events.sum()) if events.any() else RECALLED_WEIGHT
    none = np.zeros(len(pairs))
    counts = GroupCounts(events * weights, _years(pairs) * mean, none, none)
    return fit_pooled(counts, (RATE_PRIOR_EVENTS, RATE_PRIOR_EVENTS / PRIOR_MEAN))


def rival_rates(known: ReferenceClass) -> tuple[EventRate, EventRate]:
    """Mergers of equals per year of any war, and absorptions of the weaker per year of a war of unequals."""
    every, pairs = wars(known), unequal(known)
    merged = weigh([pair.verified for pair in every if pair.merged == "merger"], float(_years(every).sum()))
    equals = gamma_rate("merger of equals", "enemies at war", UNIT, merged, SOURCE, prior_mean=PRIOR_MEAN)
    calm, _ = posterior_draws(absorption_fit(known))
    count = counted(sum(pair.merged == "absorbed" for pair in pairs), float(_years(pairs).sum()))
    words = "enemies at war, one twice as strong"
    return equals, from_draws("absorption of the weaker", words, UNIT, count, PRIOR_WORDS, calm, SOURCE)


def _years(pairs: tuple[RivalPair, ...]) -> Floats:
    days = [max((_middle(pair, -1) - _middle(pair, 0)), SHORTEST_DAYS) for pair in pairs]
    return np.array(days, dtype=float) / DAYS_A_YEAR


def _middle(pair: RivalPair, which: int) -> float:
    """Day number of the middle of the first (0) or last (-1) date of a war."""
    date = (pair.war_start, pair.war_end)[which]
    return (date.first_day.toordinal() + date.last_day.toordinal()) / 2
