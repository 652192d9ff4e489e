"""What a first presence becomes: an organisation or cells, and whether it grows into an armed conflict.

**Insurgency there before**, by one rule for the past and for the as-of date: a lasting organisation of either family
that was public and had not ended, or a state-based conflict with either family in the `INSURGENCY_YEARS` latest
published years (UCDP). For a first presence it is asked on the first of January of its year, as covariates are.

**Share of organisations.** First presences that were a lasting organisation, of those in the same family and with the
same answer to the rule. Pledges of organisations that existed do not count: they make an organisation of the family
out of one that is there already, and where countries are still at risk there is none (beta, Jeffreys).

**Growth** into an armed conflict (25 or more deaths in a year between the government and the family at home; UCDP,
state-based), apart for organisations and cells: a hazard in the first `GROWTH_EARLY` years and one
after, up to `GROWTH_YEARS`. Gamma, worth half an event at the hazard of both families together. An insurgency before
makes no difference here: with it forecasts were worse. Years whose dyads had not been published do not count, and the
year in which a presence grows counts as half a year at risk. Scale was judged in hindsight.

Chosen on first presences from 2010 to 2016-08-01 (`benchmarks/growth_of_firsts.py`). Units: share; per year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from afterfall.reference.affiliate_survival import (
    FAMILY_GROUPS,
    PRIOR_MEAN,
    SCALE_WORDS,
    first_presences,
    year_of,
)
from afterfall.reference.class_records import Affiliate
from afterfall.reference.country_years import FIRST_YEAR, RISKS
from afterfall.reference.event_rate import RATE_PRIOR_EVENTS, EventRate, counted, from_draws, gamma_rate, weigh
from afterfall.reference.families import ANY
from afterfall.reference.reference_class import ReferenceClass

#: Published years in which a conflict counts as an insurgency before.
INSURGENCY_YEARS = 5
PLEDGE = "pledge_of_existing"
#: Years after that of a first presence in which it can grow, and how many of them are early.
GROWTH_YEARS, GROWTH_EARLY = 4, 2
#: First year of the published dyads.
FIRST_DYAD_YEAR = 2010
GROWN = "grows into an armed conflict"
WAR_SOURCE = "affiliates.csv, wars.csv"
#: When dyads of a year are public: on this day of the next.
PUBLISHED = (7, 31)


def insurgency(known: ReferenceClass, day: dt.date, codes: Sequence[str]) -> NDArray[np.bool_]:
    """Whether there was an insurgency before a day, as far as it was public on that day, ``(country,)``."""
    last = day.year - (1 if (day.month, day.day) >= PUBLISHED else 2)
    there = {w.country for w in known.wars if last - INSURGENCY_YEARS < w.year <= last}
    there |= {a.country for a in known.affiliates if _organisation_on(a, day)}
    return np.array([code in there for code in codes])


def share_counts(known: ReferenceClass, family: str, insurgency_before: bool) -> tuple[int, int]:
    """First presences of a family (key of `RISKS`) that were an organisation, and all, pledges left out."""
    firsts = [a for a in _firsts(known, family) if a.kind != PLEDGE and _before(known, a) == insurgency_before]
    return sum(a.scale == "org" for a in firsts), len(firsts)


def scale_growth(known: ReferenceClass, family: str, scale: str) -> tuple[EventRate, EventRate]:
    """Hazards a year with which an organisation (`org`) or `cell` grows into an armed conflict, early and later."""
    own, both = scale_growth_counts(known, family, scale), scale_growth_counts(known, ANY, scale)
    found = []
    for k, when in enumerate((f"first {GROWTH_EARLY} years", f"years {GROWTH_EARLY} to {GROWTH_YEARS + 1}")):
        (read, years), (all_read, all_years) = own[k], both[k]
        mean = (RATE_PRIOR_EVENTS + len(all_read)) / (RATE_PRIOR_EVENTS / PRIOR_MEAN + all_years)
        found.append(
            gamma_rate(f"{GROWN} ({family})", f"{SCALE_WORDS[scale]}, {when}", "per year",
                       weigh(read, years), WAR_SOURCE, prior_mean=mean)
        )  # fmt: skip
    return found[0], found[1]


def growth_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Probability that a first presence grows into an armed conflict within `GROWTH_YEARS`, by family and scale."""
    return tuple(_growth(known, family, scale) for family in FAMILY_GROUPS for scale in SCALE_WORDS)


def _growth(known: ReferenceClass, family: str, scale: str) -> EventRate:
    """One minus the chance of no conflict in any year up to `GROWTH_YEARS`, from a hazard early and one later."""
    early, later = scale_growth(known, family, scale)
    rng = np.random.default_rng([13, len(family), len(scale)])
    total = early.draws * GROWTH_EARLY + rng.permutation(later.draws) * (GROWTH_YEARS + 1 - GROWTH_EARLY)
    count = counted(early.events + later.events, len(growing_from(known, family, scale)))
    word = SCALE_WORDS[scale]
    return from_draws(f"{GROWN} ({family})", word, "share", count, early.prior, -np.expm1(-total), WAR_SOURCE)


def growing_from(known: ReferenceClass, family: str, scale: str) -> list[Affiliate]:
    """First presences of a family and scale in the years whose dyads were public."""
    last = max((w.year for w in known.wars), default=FIRST_DYAD_YEAR)
    firsts = first_presences(known.affiliates, FAMILY_GROUPS[family])
    return [a for a in firsts if FIRST_DYAD_YEAR <= year_of(a) <= last and a.scale == scale]


def scale_growth_counts(known: ReferenceClass, family: str, scale: str) -> tuple[tuple[list[bool], float], ...]:
    """First presences of a scale that grew and years in which they could, early and later.

    A list says of each that grew whether it was read at its source. The year in which one grows counts as half a year.
    """
    last = max((w.year for w in known.wars), default=FIRST_DYAD_YEAR)
    read: tuple[list[bool], list[bool]] = ([], [])
    years = [0.0, 0.0]
    for group in FAMILY_GROUPS if family == ANY else {family: FAMILY_GROUPS[family]}:
        wars = {(w.country, w.year) for w in known.wars if w.family == group}
        for one in growing_from(known, group, scale):
            for age in range(min(GROWTH_YEARS, last - year_of(one)) + 1):
                period = int(age >= GROWTH_EARLY)
                grew = (one.country, year_of(one) + age) in wars
                years[period] += 0.5 if grew else 1.0
                if grew:
                    read[period].append(one.verified)
                    break
    return tuple(zip(read, years, strict=True))


def _firsts(known: ReferenceClass, family: str) -> list[Affiliate]:
    return [a for a in first_presences(known.affiliates, RISKS[family]) if year_of(a) >= FIRST_YEAR]


def _before(known: ReferenceClass, first: Affiliate) -> bool:
    return bool(insurgency(known, dt.date(year_of(first), 1, 1), (first.country,))[0])


def _organisation_on(record: Affiliate, day: dt.date) -> bool:
    """Whether a record is an organisation of either family that was public before a day and had not ended."""
    public = max(record.published.last_day, record.began.last_day) < day
    lasts = record.active_to is None or record.active_to >= day.year
    return record.scale == "org" and record.family in RISKS[ANY] and public and lasts
