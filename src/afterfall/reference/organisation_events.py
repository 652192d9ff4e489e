"""Split, merger, alliance, pledge and dissolution per organisation-year.

Organisations at risk and their years are those of ``organisations.csv`` (117 Islamist organisations of some 100 or more
fighters). Their rate is that of taking part: every participant of a merger, absorption or alliance takes part, and the
first named of a split, pledge or dissolution. A row of the table is one event, so each of its n participants has the
weight 1/n; as with recalled rows, the exposure is multiplied by the mean weight, so the rate stays and the interval
widens. A part counts as one while losing ground if it falls into a span of losing ground of that organisation.

Sources: the rows of ``alignments.csv`` and ``organisations.csv``. Unit: per organisation-year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

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


def organisation_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Rates while not losing and while losing ground, and their ratio, of each event."""
    return tuple(rate for event in EVENTS for rate in _rates(event, known))


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


@dataclass(frozen=True, slots=True)
class PartTaken:
    """An organisation of the class in one row of ``alignments.csv``.

    Attributes
    ----------
    row
        Position of the row.
    group
        Position of the organisation among those at risk.
    losing
        1 if it was losing ground, else 0.
    parties
        Number of organisations of the class that took part in the row.
    verified
        Whether the row was read at its source.
    year
        Calendar year of the row.
    """

    row: int
    group: int
    losing: int
    parties: int
    verified: bool
    year: int


def parts_taken(event: str, known: ReferenceClass) -> tuple[PartTaken, ...]:
    """Who took part in each row of a kind of event."""
    kinds, every = EVENTS[event]
    groups = {o.organisation: i for i, o in enumerate(known.organisations)}
    found = []
    for number, row in enumerate(known.alignments):
        if row.kind not in kinds or not row.islamist:
            continue
        there = [groups[name] for name in (row.parties if every else row.parties[:1]) if name in groups]
        there = [g for g in there if known.organisations[g].start.first_day <= row.date.last_day]
        for g in there:
            losing = int(_losing(known.organisations[g], row))
            found.append(PartTaken(number, g, losing, len(there), row.verified, row.date.last_day.year))
    return tuple(found)


def organisation_counts(
    event: str, known: ReferenceClass, recalled_weight: float = RECALLED_WEIGHT
) -> tuple[GroupCounts, tuple[Count, Count]]:
    """Weighted parts and years of each organisation, and the unweighted sums without and while losing ground."""
    parts, size = parts_taken(event, known), len(known.organisations)
    taken, weights = np.zeros((2, size)), np.zeros((2, size))
    for part in parts:
        taken[part.losing, part.group] += 1
        weights[part.losing, part.group] += _weight(part, recalled_weight)
    years = organisation_years(known)
    mean = weights.sum() / taken.sum() if taken.sum() else recalled_weight
    calm, losing = years * mean
    raw = tuple(counted(e.sum(), t.sum()) for e, t in zip(taken, years, strict=True))
    return GroupCounts(weights[0], calm, weights[1], losing), (raw[0], raw[1])


def organisation_years(known: ReferenceClass) -> Floats:
    """Years of each organisation without and while losing ground, ``(2, organisation)``."""
    return np.array([_years(o) for o in known.organisations]).T.reshape(2, -1)


def shared_events(event: str, known: ReferenceClass) -> Floats:
    """Weighted parts of the second organisation in rows of the first, ``(2, organisation, organisation)``.

    The first axis is without and while losing ground. Leaving an organisation out leaves these out of the others.
    """
    parts, size = parts_taken(event, known), len(known.organisations)
    found = np.zeros((2, size, size))
    for one in parts:
        for other in parts:
            if one.row == other.row and one.group != other.group:
                found[other.losing, one.group, other.group] += _weight(other, RECALLED_WEIGHT)
    return found


def yearly_totals(event: str, known: ReferenceClass, first: int = FIRST_YEAR) -> tuple[Floats, Floats]:
    """Events (rows) and organisation-years of each calendar year up to the last whole one, ``(year,)`` each."""
    years = range(first, known.as_of.year)
    events = np.zeros(len(years))
    for year in {part.row: part.year for part in parts_taken(event, known)}.values():
        if year in years:
            events[year - first] += 1
    starts = [dt.date(year, 1, 1) for year in years]
    exposure = [
        sum(max((min(_middle(o.end), _next(day)) - max(_middle(o.start), day)).days, 0) for o in known.organisations)
        for day in starts
    ]
    return events, np.array(exposure) / DAYS_A_YEAR


def _weight(part: PartTaken, recalled_weight: float) -> float:
    return (1.0 if part.verified else recalled_weight) / part.parties


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
