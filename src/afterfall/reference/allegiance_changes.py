"""An affiliate leaves the core that it is sworn to; an organisation pledges to a core's family.

*Leaving*: rows ``allegiance_from`` over the years for which organisations were sworn to al-Qaida or the Islamic State
(``sworn.csv``), while not losing ground and while losing it. Both rows as of 2017 were al-Qaida's: it disowned one
affiliate and agreed to the exit of another.

*Pledging*: rows ``allegiance_to`` whose second party belongs to the family of the core, over the years of the other
organisations since that family took pledges. Years sworn to another family are counted apart, those of both families
together: whether an affiliate changes sides::

    pledges ~ Poisson(u m (years + k years sworn to another)),   log k ~ Normal(0, 1.5)

Pledges and exits are weighted as everywhere (`event_rate`), and organisations differ (`pooled_rates`).

Assumptions: the pledge of a faction counts as one of the organisation, as it does in the score. Affiliates that are no
organisation of the class are left out. Sources: `alignments.csv`, `organisations.csv`, `sworn.csv`. Unit: a year of an
organisation.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from afterfall.case.dates import PartialDate
from afterfall.reference.class_records import Alignment, OrganisationSpan
from afterfall.reference.event_rate import DAYS_A_YEAR, RECALLED_WEIGHT, Count, EventRate, Floats, counted, from_draws
from afterfall.reference.families import ANY
from afterfall.reference.organisation_events import FIRST_YEAR
from afterfall.reference.pooled_rates import (
    APART,
    PRIOR_WORDS,
    RAISING,
    GroupCounts,
    RatioPrior,
    fit_pooled,
    posterior_draws,
)
from afterfall.reference.reference_class import ReferenceClass

LEAVING, PLEDGING = "an affiliate leaves its core", "pledge to the core's family"
#: Days from which a family took pledges, as far as they are counted; its organisations that take them; its cores.
OPEN = {"AQ": dt.date(FIRST_YEAR, 1, 1), "ISIS": dt.date(2013, 4, 8)}
TAKE = {"AQ": ("al-Qaida core", "GSPC / AQIM"), "ISIS": ("JTJ / AQI / ISI / ISIS",)}
CORES = {"AQ": "al-Qaida core", "ISIS": "JTJ / AQI / ISI / ISIS"}
#: Words for the two halves of each count.
HALVES = {LEAVING: ("not losing ground", "losing ground"), PLEDGING: ("sworn to no other", "sworn to another")}
RATIO_PRIORS: dict[str, RatioPrior] = {LEAVING: RAISING, PLEDGING: APART}
PLEDGING_PRIOR = "rate log-normal (0.05, 1.5); ratio (1, 1.5); organisations gamma"
UNIT, SOURCE = "per organisation-year", "alignments.csv, organisations.csv, sworn.csv"


@dataclass(frozen=True, slots=True)
class Sworn:
    """An organisation of the class that was sworn to a family from a day to another."""

    organisation: str
    family: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class AllegianceCounts:
    """Weighted counts by organisation, raw ones of either half, and events and years of each calendar year."""

    groups: GroupCounts
    raw: tuple[Count, Count]
    yearly: tuple[Floats, Floats]


def sworn_to(organisation: str, day: dt.date) -> str:
    """The family that an organisation of the class is sworn to on a day; empty for none.

    >>> sworn_to("AQAP", dt.date(2017, 2, 13)), sworn_to("TTP", dt.date(2017, 2, 13))
    ('AQ', '')
    """
    return next((s.family for s in _sworn() if s.organisation == organisation and s.since <= day <= s.until), "")


def allegiance_counts(event: str, known: ReferenceClass, family: str) -> AllegianceCounts:
    """Events and exposure of leaving, or of pledging to a family (``any``: to either)."""
    by_name = {o.organisation: i for i, o in enumerate(known.organisations)}
    families = tuple(OPEN) if family == ANY else (family,)
    spans = _leaving_spans(known) if event == LEAVING else _pledging_spans(known, families)
    years, taken, weights = (np.zeros((2, len(by_name))) for _ in range(3))
    for name, half, start, end in spans:
        years[half, by_name[name]] += (end - start).days / DAYS_A_YEAR
    rows = []
    for row in (r for r in known.alignments if r.islamist and r.parties and r.parties[0] in by_name):
        i = by_name[row.parties[0]]
        of = _in_half(event, row, known.organisations[i], families)
        if of is not None:
            rows.append(row)
            taken[of, i] += 1
            weights[of, i] += 1.0 if row.verified else RECALLED_WEIGHT
    mean = weights.sum() / taken.sum() if taken.sum() else RECALLED_WEIGHT
    raw = tuple(counted(e, t) for e, t in zip(taken.sum(axis=1), years.sum(axis=1), strict=True))
    groups = GroupCounts(weights[0], years[0] * mean, weights[1], years[1] * mean)
    return AllegianceCounts(groups, (raw[0], raw[1]), _yearly(rows, spans, known.as_of.year))


def allegiance_rates(event: str, known: ReferenceClass, family: str) -> tuple[EventRate, ...]:
    """Rates of either half and their ratio."""
    found = allegiance_counts(event, known, family)
    calm, ratio = posterior_draws(fit_pooled(found.groups, ratio_prior=RATIO_PRIORS[event]))
    first, second = HALVES[event]
    prior = PRIOR_WORDS if event == LEAVING else PLEDGING_PRIOR
    both = counted(sum(c.events for c in found.raw), sum(c.exposure for c in found.raw))
    return (
        from_draws(event, first, UNIT, found.raw[0], prior, calm, SOURCE),
        from_draws(event, second, UNIT, found.raw[1], prior, calm * ratio, SOURCE),
        from_draws(event, f"ratio, {second} to not", "ratio", both, prior, ratio, SOURCE),
    )


Span = tuple[str, int, dt.date, dt.date]


def _leaving_spans(known: ReferenceClass) -> list[Span]:
    """Parts of the time for which each organisation was sworn: half 1 while losing ground."""
    found: list[Span] = []
    for o in known.organisations:
        losing = [(_day(first), _day(last)) for first, last in o.losing]
        for s in _of(o.organisation):
            start, end = max(s.since, _day(o.start)), min(s.until, _day(o.end), known.as_of)
            found += _cut(o.organisation, start, end, losing)
    return found


def _pledging_spans(known: ReferenceClass, families: tuple[str, ...]) -> list[Span]:
    """Parts of the time for which each organisation was in no family, and (half 1) sworn to another than could be."""
    found: list[Span] = []
    for family, o in ((f, o) for f in OPEN for o in known.organisations if o.organisation != CORES[f]):
        start, end = max(OPEN[family], _day(o.start)), min(_day(o.end), known.as_of)
        outside, others = [(start, end)], []
        for s in _of(o.organisation):
            if s.family == family:
                outside = [part for one in outside for part in _without(one, (s.since, s.until))]
            else:
                others.append((s.since, s.until))
        parts = [part for one in outside for part in _cut(o.organisation, *one, others)]
        found += [part for part in parts if part[1] == 1 or family in families]
    return found


def _cut(name: str, start: dt.date, end: dt.date, within: list[tuple[dt.date, dt.date]]) -> list[Span]:
    """A span in its parts outside (half 0) and within (half 1) others."""
    rest, found = [(start, end)] if start < end else [], []
    for first, last in within:
        inside = max(start, first), min(end, last)
        if inside[0] < inside[1]:
            found.append((name, 1, *inside))
        rest = [part for one in rest for part in _without(one, (first, last))]
    return found + [(name, 0, *one) for one in rest]


def _without(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> list[tuple[dt.date, dt.date]]:
    parts = [(one[0], min(one[1], other[0])), (max(one[0], other[1]), one[1])]
    return [(start, end) for start, end in parts if start < end]


def _pledge(row: Alignment) -> str:
    """The family that a row pledges its first party to; empty for none."""
    if row.kind != "allegiance_to" or len(row.parties) < 2:
        return ""
    return next((f for f in OPEN if row.parties[1] in TAKE[f] and _day(row.date) >= OPEN[f]), "")


def _in_half(event: str, row: Alignment, of: OrganisationSpan, families: tuple[str, ...]) -> int | None:
    """The half that a row counts in; None where it is not such an event."""
    day = _day(row.date)
    if event == LEAVING:
        losing = any(_day(first) <= day <= _day(last) for first, last in of.losing)
        return int(losing) if row.kind == "allegiance_from" else None
    family = _pledge(row)
    sworn = any(s.family != family and s.since <= day < s.until for s in _of(of.organisation))
    return int(sworn) if family and (sworn or family in families) else None


def _yearly(rows: list[Alignment], spans: list[Span], last: int) -> tuple[Floats, Floats]:
    """Events and years of each whole calendar year from `FIRST_YEAR`."""
    years = range(FIRST_YEAR, last)
    events = np.array([sum(_day(r.date).year == y for r in rows) for y in years], dtype=float)
    whole = [(dt.date(y, 1, 1), dt.date(y + 1, 1, 1)) for y in years]
    exposure = [sum(max((min(end, b) - max(start, a)).days, 0) for _, _, start, end in spans) for a, b in whole]
    return events, np.array(exposure) / DAYS_A_YEAR


def _day(date: PartialDate) -> dt.date:
    return date.first_day + (date.last_day - date.first_day) / 2


def _of(organisation: str) -> list[Sworn]:
    return [s for s in _sworn() if s.organisation == organisation]


@cache
def _sworn() -> tuple[Sworn, ...]:
    text = resources.files("afterfall.reference").joinpath("data", "sworn.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return tuple(
        Sworn(
            row["organisation"],
            row["family"],
            dt.date.fromisoformat(row["from"]),
            dt.date.fromisoformat(row["to"]) if row["to"] else dt.date.max,
        )
        for row in rows
    )
