"""Breaks and collapses of custody: how often, how much of the stock gets out, and how many are soon retaken.

A country-year is at risk if an organisation (not a cell or a label) of any family was active in the country, from
2003 on. Breaks of 20 or more people, and of 200 or more, count, collapses of custody included; releases, amnesties and
swaps never do. The rate is a floor, because only breaks that became known are in the table. `break_groups` counts by
country for `pooled_rates`, since countries are not alike.

**Custodian.** The only custodian with its own exposure in the tables is the Syrian Democratic Forces, from the first
prisons of 2017 to the change of custodian in January 2026. It is shown next to the rate of states.

**Priors.** Rates: gamma worth half an event at 0.05 a year. Shares of the stock and shares retaken: a normal on the
logit with mean zero, standard deviation 1.5, for each known share; the posterior of the mean is normal given the sample
variance (conjugate, Student's t).

Sources: ``custody.csv``, ``affiliates.csv``. Units: per country-year; share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from afterfall.reference.class_records import CustodyEvent
from afterfall.reference.event_rate import (
    DAYS_A_YEAR,
    DRAWS,
    RECALLED_WEIGHT,
    Count,
    EventRate,
    Floats,
    counted,
    from_draws,
    gamma_rate,
    weigh,
)
from afterfall.reference.pooled_rates import GroupCounts
from afterfall.reference.reference_class import ReferenceClass

FIRST_YEAR = 2003
SIZES = (20, 200)
BREAKS = ("prison break", "custodial collapse")
UNIT = "per country-year"
SOURCE = "custody.csv, affiliates.csv"
#: First prisons of the Syrian Democratic Forces for men of ISIS, and words that mark their rows.
SDF_FROM, SDF_TO = dt.date(2017, 7, 1), dt.date(2026, 1, 19)
SDF_PLACES = ("SDF", "Ain Issa", "Ghwayran", "Shaddadi")
SDF = "Syrian Democratic Forces"
SHARE_SD = 1.5
SHARE_PRIOR = "logit of the median normal (0, 1.5)"


def custody_rates(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Breaks by size and custodian, the share of the stock that gets out, and the share retaken."""
    by_size = [gamma_rate(_name(size), "state", UNIT, _count(known, size), SOURCE) for size in SIZES]
    breaks = [c for c in known.custody if c.kind in BREAKS]
    out = [min(c.people_out / c.held, 0.99) for c in breaks if c.people_out and c.held]
    return (
        *by_size,
        *_custodian(known),
        _share("share of the stock that gets out", "all breaks", out),
        *_retaken(breaks),
    )


def break_groups(known: ReferenceClass, size: int) -> dict[str, tuple[GroupCounts, GroupCounts]]:
    """Breaks and years at risk of each country for `pooled_rates`, weighted and unweighted, by code."""
    at_risk = country_years_at_risk(known)
    rows = breaks_at_risk(known, size)
    weights = [1.0 if c.verified else RECALLED_WEIGHT for c in rows]
    mean = float(np.mean(weights)) if rows else RECALLED_WEIGHT
    found = {}
    for code in sorted({code for code, _ in at_risk}):
        own = [w for c, w in zip(rows, weights, strict=True) if c.country == code]
        years = float(sum(one == code for one, _ in at_risk))
        weighted, whole = (np.array([x]) for x in (sum(own), float(len(own))))
        none = np.zeros(1)
        found[code] = (
            GroupCounts(weighted, np.array([years * mean]), none, none),
            GroupCounts(whole, np.array([years]), none, none),
        )
    return found


def custodian_groups(known: ReferenceClass, size: int) -> dict[str, tuple[GroupCounts, GroupCounts]]:
    """As `break_groups`, with the Syrian Democratic Forces apart from Syria once they hold prisoners.

    Years of Syria stay as they are: its other custodians are at risk in them too.
    """
    found, years = break_groups(known, size), _sdf_years(known)
    if years <= 0:
        return found
    rows = [c for c in _of_size(known, size) if _is_sdf(c)]
    weights = [1.0 if c.verified else RECALLED_WEIGHT for c in rows]
    at_risk = country_years_at_risk(known)
    there = [w for c, w in zip(rows, weights, strict=True) if (c.country, c.date.last_day.year) in at_risk]
    none, mean = np.zeros(1), float(np.mean(weights)) if rows else RECALLED_WEIGHT
    if "SYR" in found:
        weighted, whole = found["SYR"]
        found["SYR"] = (
            GroupCounts(weighted.events - sum(there), weighted.years, none, none),
            GroupCounts(whole.events - len(there), whole.years, none, none),
        )
    found[SDF] = (
        GroupCounts(np.array([float(sum(weights))]), np.array([years * mean]), none, none),
        GroupCounts(np.array([float(len(rows))]), np.array([years]), none, none),
    )
    return found


def breaks_at_risk(known: ReferenceClass, size: int) -> list[CustodyEvent]:
    """Breaks of a size or more in the country-years at risk."""
    at_risk = country_years_at_risk(known)
    return [c for c in _of_size(known, size) if (c.country, c.date.last_day.year) in at_risk]


def yearly_breaks(known: ReferenceClass, size: int) -> tuple[Floats, Floats]:
    """Breaks and countries at risk of each calendar year up to the last whole one, ``(year,)`` each."""
    at_risk = country_years_at_risk(known)
    years = range(FIRST_YEAR, known.as_of.year)
    days = [(c.country, c.date.last_day.year) for c in _of_size(known, size)]
    events = [sum(one in at_risk and one[1] == year for one in days) for year in years]
    return np.array(events, dtype=float), np.array([float(sum(y == year for _, y in at_risk)) for year in years])


def country_years_at_risk(known: ReferenceClass) -> set[tuple[str, int]]:
    """Countries and calendar years with an active organisation, up to the last whole year."""
    last = known.as_of.year - 1
    return {
        (a.country, year)
        for a in known.affiliates
        if a.scale == "org"
        for year in range(max(a.active_from, FIRST_YEAR), min(a.active_to or last, last) + 1)
    }


def _name(size: int) -> str:
    return f"prison break of {size} or more"


def _of_size(known: ReferenceClass, size: int) -> list[CustodyEvent]:
    return [c for c in known.custody if c.kind in BREAKS and (c.people_out or 0) >= size]


def _count(known: ReferenceClass, size: int) -> Count:
    rows = breaks_at_risk(known, size)
    return weigh([c.verified for c in rows], float(len(country_years_at_risk(known))))


def _custodian(known: ReferenceClass) -> tuple[EventRate, ...]:
    """Breaks from prisons and camps of the Syrian Democratic Forces per year; none before they held prisoners."""
    years = _sdf_years(known)
    if years <= 0:
        return ()
    large = [c for c in _of_size(known, SIZES[0]) if _is_sdf(c)]
    count = weigh([c.verified for c in large], years)
    return (gamma_rate(_name(SIZES[0]), SDF, "per year", count, "custody.csv"),)


def _sdf_years(known: ReferenceClass) -> float:
    return (min(known.as_of, SDF_TO) - SDF_FROM).days / DAYS_A_YEAR


def _is_sdf(row: CustodyEvent) -> bool:
    there = row.country == "SYR" and row.date.last_day >= SDF_FROM
    return there and any(word in row.place for word in SDF_PLACES)


def _retaken(breaks: Sequence[CustodyEvent]) -> tuple[EventRate, ...]:
    """Share retaken within weeks to a year, by how it came about; breaks of fewer than ten are left out."""
    known = [c for c in breaks if c.retaken_share is not None and (c.people_out or 0) >= 10]
    groups = {"attack from outside": [c for c in known if "attack" in c.cause]}
    groups["any other cause"] = [c for c in known if "attack" not in c.cause]
    return tuple(
        _share("share retaken within a year", word, [min(max(c.retaken_share or 0.0, 0.01), 0.99) for c in rows])
        for word, rows in groups.items()
    )


def _share(event: str, stratum: str, shares: Sequence[float]) -> EventRate:
    """Posterior of the median share: a normal on the logit."""
    x = np.log(np.array(shares) / (1 - np.array(shares))) if shares else np.zeros(0)
    n = len(x)
    spread = float(np.var(x, ddof=1)) if n > 2 else SHARE_SD**2
    precision = 1 / SHARE_SD**2 + n / spread
    mean = x.sum() / spread / precision
    values = stats.t.ppf((np.arange(DRAWS) + 0.5) / DRAWS, max(n - 1, 2), loc=mean, scale=precision**-0.5)
    count = counted(n, n)
    return from_draws(event, stratum, "share", count, SHARE_PRIOR, 1 / (1 + np.exp(-values)), "custody.csv")
