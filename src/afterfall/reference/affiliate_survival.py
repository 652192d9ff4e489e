"""How long an affiliate lasts, and whether its founding grows into an armed conflict.

An affiliate of the families ISIS, AQ and AQ-linked ends with a hazard that is constant between the `AGES`, apart for
organisations and for cells; labels (a name or a video) never count. A first presence of a family in a country has
grown into an armed conflict if, within `GROWTH_YEARS`, the government fought that family at home with 25 or more deaths
in a year (UCDP, state-based). The hazard is constant in its first `GROWTH_EARLY` years, and after them; years whose
dyads had not been published do not count.

**Priors.** Hazards: gamma worth half an event at 0.1 a year; shares follow from the hazards.

**Assumption.** An affiliate whose end has no year lived to the as-of date. Years are whole, so an affiliate that began
and ended in one year was there for half of it.

Sources: ``affiliates.csv``, ``wars.csv``. Units: per year; share.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from afterfall.reference.class_records import Affiliate
from afterfall.reference.event_rate import Count, EventRate, from_draws, gamma_rate, weigh
from afterfall.reference.reference_class import ReferenceClass

#: Families that the model asks about, each with the ones that count as it.
FAMILY_GROUPS = {"ISIS": ("ISIS",), "AQ": ("AQ", "AQ-linked")}
#: Years since the beginning between which the hazard of ending is constant.
AGES = (0.0, 2.0, 5.0, 40.0)
GROWTH_YEARS = 4
GROWTH_EARLY = 2
#: First year of the published dyads.
FIRST_DYAD_YEAR = 2010
PRIOR_MEAN = 0.1
SCALE_WORDS = {"org": "organisation", "cell": "cell"}
SOURCE, WAR_SOURCE = "affiliates.csv", "affiliates.csv, wars.csv"


def survival_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Hazard of ending by age, and the share still there after five years, of organisations and cells."""
    found: list[EventRate] = []
    for scale, word in SCALE_WORDS.items():
        counted = [a for a in known.affiliates if a.scale == scale and a.family != "other" and a.active_from >= 1998]
        hazards = [_hazard(word, counted, known.as_of.year, i) for i in range(len(AGES) - 1)]
        rng = np.random.default_rng([11, len(word)])
        total = sum(rng.permutation(h.draws) * (AGES[i + 1] - AGES[i]) for i, h in enumerate(hazards[:2]))
        count = weigh([a.verified for a in counted if a.active_to is not None], float(len(counted)))
        found += hazards
        found.append(
            from_draws("still there after 5 years", word, "share", count, hazards[0].prior, np.exp(-total), SOURCE)
        )
    return tuple(found)


def growth_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Probability that a first presence grows into an armed conflict, by family and by an insurgency there before."""
    last = max((w.year for w in known.wars), default=FIRST_DYAD_YEAR)
    found = []
    for family, families in FAMILY_GROUPS.items():
        wars = {(w.country, w.year) for w in known.wars if w.family == family}
        firsts = [a for a in first_presences(known.affiliates, families) if FIRST_DYAD_YEAR <= year_of(a) <= last]
        for before, word in ((True, "insurgency there before"), (False, "no insurgency before")):
            chosen = [a for a in firsts if a.insurgency_before == before]
            found.append(_growth(f"grows into an armed conflict ({family})", word, chosen, wars, last))
    return tuple(found)


def _growth(event: str, stratum: str, firsts: list[Affiliate], wars: set[tuple[str, int]], last: int) -> EventRate:
    """One minus the chance of no conflict in any year up to `GROWTH_YEARS`, from a hazard early and one later."""
    years: list[float] = [0.0, 0.0]
    grew: list[list[bool]] = [[], []]
    for record in firsts:
        for age in range(min(GROWTH_YEARS, last - year_of(record)) + 1):
            period = int(age >= GROWTH_EARLY)
            years[period] += 1
            if (record.country, year_of(record) + age) in wars:
                grew[period].append(record.verified)
                break
    hazards = [
        gamma_rate(event, stratum, "per year", weigh(one, time), WAR_SOURCE, prior_mean=PRIOR_MEAN)
        for one, time in zip(grew, years, strict=True)
    ]
    rng = np.random.default_rng([13, len(event), len(stratum)])
    total = hazards[0].draws * GROWTH_EARLY + rng.permutation(hazards[1].draws) * (GROWTH_YEARS + 1 - GROWTH_EARLY)
    count = Count(len(grew[0]) + len(grew[1]), float(len(firsts)), 0.0, 0.0)
    return from_draws(event, stratum, "share", count, hazards[0].prior, -np.expm1(-total), WAR_SOURCE)


def first_presences(affiliates: Iterable[Affiliate], families: tuple[str, ...]) -> list[Affiliate]:
    """The first affiliate of some families in each country, labels left out, by the later of event and publication."""
    first: dict[str, Affiliate] = {}
    for record in sorted(affiliates, key=lambda a: max(a.published.last_day, a.began.last_day)):
        if record.family in families and record.scale != "label":
            first.setdefault(record.country, record)
    return list(first.values())


def year_of(affiliate: Affiliate) -> int:
    """Calendar year in which a presence was public."""
    return max(affiliate.published.last_day, affiliate.began.last_day).year


def _hazard(word: str, counted: list[Affiliate], year: int, interval: int) -> EventRate:
    low, high = AGES[interval], AGES[interval + 1]
    exposure, ended = 0.0, []
    for record in counted:
        age = max((record.active_to or year) - record.active_from, 0) + 0.5
        exposure += min(max(age - low, 0.0), high - low)
        if record.active_to is not None and low <= age < high:
            ended.append(record.verified)
    stratum = f"{word}, year {low:.0f} to {high:.0f}" if high < AGES[-1] else f"{word}, after year {low:.0f}"
    return gamma_rate("ends", stratum, "per year", weigh(ended, exposure), SOURCE, prior_mean=PRIOR_MEAN)
