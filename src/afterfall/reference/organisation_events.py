"""Split, merger, alliance, pledge and dissolution per organisation-year, and what organisations at war do.

Organisations at risk and their years are those of ``organisations.csv`` (117 Islamist organisations of some 100 or more
fighters). An event counts for each of its parties among them: every participant of a merger, absorption or alliance,
and the first named of a split, pledge or dissolution. It counts as one while losing ground if it falls into a span of
losing ground of that organisation. Organisations at war with each other (``rivals.csv``) have rates of their own:
mergers with enemies are not mergers with friends.

Sources: the rows of ``alignments.csv``, ``organisations.csv`` and ``rivals.csv``. Unit: per organisation-year, per
dyad-year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from afterfall.case.dates import PartialDate
from afterfall.reference.class_records import Alignment, OrganisationSpan
from afterfall.reference.event_rate import (
    DAYS_A_YEAR,
    RECALLED_WEIGHT,
    Count,
    EventRate,
    Floats,
    counted,
    from_draws,
    gamma_rate,
    weigh,
)
from afterfall.reference.pooled_rates import PRIOR_WORDS, GroupCounts, fit_pooled, posterior_draws
from afterfall.reference.reference_class import ReferenceClass

#: Kinds of rows that count as each event, and whether every party counts or the first named.
EVENTS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "split": (("split",), False),
    "merger or absorption": (("merger", "absorption"), True),
    "alliance": (("alliance",), True),
    "pledge or break of allegiance": (("allegiance_to", "allegiance_from"), False),
    "dissolution": (("dissolution",), False),
}
#: First calendar year whose totals tell how periods differ.
FIRST_YEAR = 2000
UNIT = "per organisation-year"
SOURCE = "alignments.csv, organisations.csv"
RIVAL_SOURCE = "rivals.csv"


def organisation_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Rates while not losing and while losing ground, and their ratio, of each event; then those of rivals at war."""
    return (*(rate for event in EVENTS for rate in _rates(event, known)), *rival_rates(known))


def _rates(event: str, known: ReferenceClass) -> tuple[EventRate, EventRate, EventRate]:
    counts, raw = organisation_counts(event, known)
    calm, ratio = posterior_draws(fit_pooled(counts))
    calm_count, losing_count = raw
    both = counted(calm_count.events + losing_count.events, calm_count.exposure + losing_count.exposure)
    return (
        from_draws(event, "not losing ground", UNIT, calm_count, PRIOR_WORDS, calm, SOURCE),
        from_draws(event, "losing ground", UNIT, losing_count, PRIOR_WORDS, calm * ratio, SOURCE),
        from_draws(event, "ratio, losing to not", "ratio", both, PRIOR_WORDS, ratio, SOURCE),
    )


def organisation_counts(
    event: str, known: ReferenceClass, recalled_weight: float = RECALLED_WEIGHT
) -> tuple[GroupCounts, tuple[Count, Count]]:
    """Weighted events and years of each organisation, and the unweighted sums without and while losing ground."""
    kinds, every = EVENTS[event]
    groups = {o.organisation: i for i, o in enumerate(known.organisations)}
    spans = {o.organisation: o for o in known.organisations}
    events, weights = np.zeros((2, len(groups))), np.zeros((2, len(groups)))
    for row in known.alignments:
        if row.kind in kinds and row.islamist:
            for name in row.parties if every else row.parties[:1]:
                if name in groups and spans[name].start.first_day <= row.date.last_day:
                    state = int(_losing(spans[name], row))
                    events[state, groups[name]] += 1
                    weights[state, groups[name]] += 1.0 if row.verified else recalled_weight
    years = np.array([_years(o) for o in known.organisations]).T
    mean = weights.sum() / events.sum() if events.sum() else recalled_weight
    calm, losing = years * mean
    raw = tuple(counted(e.sum(), t.sum()) for e, t in zip(events, years, strict=True))
    return GroupCounts(weights[0], calm, weights[1], losing), (raw[0], raw[1])


def yearly_totals(event: str, known: ReferenceClass, first: int = FIRST_YEAR) -> tuple[Floats, Floats]:
    """Events and organisation-years of each calendar year up to the last whole one, ``(year,)`` each."""
    kinds, every = EVENTS[event]
    years = range(first, known.as_of.year)
    events = np.zeros(len(years))
    for row in known.alignments:
        if row.kind in kinds and row.islamist and row.date.last_day.year in years:
            events[row.date.last_day.year - first] += len(row.parties if every else row.parties[:1])
    starts = [dt.date(year, 1, 1) for year in years]
    exposure = [
        sum(max((min(_middle(o.end), _next(day)) - max(_middle(o.start), day)).days, 0) for o in known.organisations)
        for day in starts
    ]
    return events, np.array(exposure) / DAYS_A_YEAR


def _next(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1)


def _years(span: OrganisationSpan) -> tuple[float, float]:
    """Years without and while losing ground; at least a tenth of a year in all."""
    whole = max(_days(span.start, span.end) / DAYS_A_YEAR, 0.1)
    losing = min(sum(max(_days(one, other), 0) for one, other in span.losing) / DAYS_A_YEAR, whole)
    return whole - losing, losing


def _days(start: PartialDate, end: PartialDate) -> int:
    return (_middle(end) - _middle(start)).days


def _middle(date: PartialDate) -> dt.date:
    return date.first_day + (date.last_day - date.first_day) / 2


def _losing(span: OrganisationSpan, row: Alignment) -> bool:
    day = _middle(row.date)
    return any(one.first_day <= day <= other.last_day for one, other in span.losing)


def rival_rates(known: ReferenceClass) -> tuple[EventRate, EventRate]:
    """Mergers of equals, and absorptions of the weaker, per dyad-year of two organisations at war with each other."""
    years = sum(max(_days(pair.war_start, pair.war_end), 30) for pair in known.rivals) / DAYS_A_YEAR
    found = []
    for event, word in (("merger of equals", "merger"), ("absorption of the weaker", "absorbed")):
        count = weigh([pair.verified for pair in known.rivals if pair.merged == word], years)
        found.append(gamma_rate(event, "enemies at war", "per dyad-year", count, RIVAL_SOURCE, prior_mean=0.02))
    return found[0], found[1]
