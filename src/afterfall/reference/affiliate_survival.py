"""How long an affiliate lasts.

An affiliate of the families ISIS, AQ and AQ-linked ends with a hazard that is constant between the `AGES`, apart for
organisations and for cells; labels (a name or a video) never count.

**Priors.** Hazards: gamma worth half an event at 0.1 a year; shares follow from the hazards.

**Assumptions.** An affiliate without a known end lived to the end of the last whole year before the as-of date. Years
are whole, so an affiliate begins in the middle of its first year and ends with its last. Scale was judged in hindsight:
a body that soon ended is likelier to be called a cell.

Source: ``affiliates.csv``. Units: per year; share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from afterfall.reference.class_records import Affiliate
from afterfall.reference.event_rate import EventRate, Floats, counted, from_draws, gamma_rate, weigh
from afterfall.reference.reference_class import ReferenceClass

#: Families that the model asks about, each with the ones that count as it.
FAMILY_GROUPS = {"ISIS": ("ISIS",), "AQ": ("AQ", "AQ-linked")}
#: Years since the beginning between which the hazard of ending is constant.
AGES = (0.0, 2.0, 5.0, 40.0)
#: First year in which an affiliate counts for survival.
FIRST_YEAR = 1998
PRIOR_MEAN = 0.1
SCALE_WORDS = {"org": "organisation", "cell": "cell"}
SOURCE = "affiliates.csv"


def survival_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Hazard of ending by age, and the share still there after five years, of organisations and cells."""
    found: list[EventRate] = []
    for scale, word in SCALE_WORDS.items():
        those = counted_affiliates(known, scale)
        hazards = [_hazard(word, those, known.as_of.year, i) for i in range(len(AGES) - 1)]
        rng = np.random.default_rng([11, len(word)])
        total = sum(rng.permutation(h.draws) * (AGES[i + 1] - AGES[i]) for i, h in enumerate(hazards[:2]))
        count = counted(sum(a.active_to is not None for a in those), len(those))
        found += hazards
        found.append(
            from_draws("still there after 5 years", word, "share", count, hazards[0].prior, np.exp(-total), SOURCE)
        )
    return tuple(found)


def counted_affiliates(known: ReferenceClass, scale: str) -> list[Affiliate]:
    """Affiliates of a scale whose survival counts: those of ISIS, AQ and AQ-linked from `FIRST_YEAR` on."""
    return [a for a in known.affiliates if a.scale == scale and a.family != "other" and a.active_from >= FIRST_YEAR]


def age_counts(affiliates: Sequence[Affiliate], year: int) -> tuple[Floats, Floats]:
    """Ends and years lived of some affiliates by interval of `AGES`, ``(interval,)`` each, unweighted."""
    ends, lived = np.zeros(len(AGES) - 1), np.zeros(len(AGES) - 1)
    for record in affiliates:
        age = _age(record, year)
        for i, (low, high) in enumerate(pairwise(AGES)):
            lived[i] += min(max(age - low, 0.0), high - low)
            ends[i] += record.active_to is not None and low <= age < high
    return ends, lived


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


def _hazard(word: str, those: list[Affiliate], year: int, interval: int) -> EventRate:
    low, high = AGES[interval], AGES[interval + 1]
    exposure, ended = 0.0, []
    for record in those:
        age = _age(record, year)
        exposure += min(max(age - low, 0.0), high - low)
        if record.active_to is not None and low <= age < high:
            ended.append(record.verified)
    stratum = f"{word}, year {low:.0f} to {high:.0f}" if high < AGES[-1] else f"{word}, after year {low:.0f}"
    return gamma_rate("ends", stratum, "per year", weigh(ended, exposure), SOURCE, prior_mean=PRIOR_MEAN)


def _age(record: Affiliate, year: int) -> float:
    """Years from the middle of its first year to the end of its last, or of the last whole year before the as-of year.

    Ends in the as-of year are not known yet, so it is no exposure either.
    """
    last = year - 1 if record.active_to is None else record.active_to
    return max(last - record.active_from + 0.5, 0.0)
