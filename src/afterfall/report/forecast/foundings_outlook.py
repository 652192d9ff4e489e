"""First presences in the countries of the world, within some months: what tables, the JSON object and the map show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from afterfall.foundings.founding_risk import AT_RISK, BEFORE
from afterfall.foundings.present_affiliates import PresentAffiliate, present_affiliates
from afterfall.foundings.world_foundings import CountryChance, WorldFoundings
from afterfall.report.kit.spread import Range

#: Months within which first presences are shown, besides the horizon where it is shorter than all of them.
WITHIN = (12, 24, 60)
#: Countries listed, and those that the source text names, which are always listed.
LISTED = 15
NAMED = ("JOR", "TUN", "SAU")
#: The three things that are kept apart, with their words.
WHAT = {
    "presence": "first presence",
    "organisation": "active organisation",
    "conflict": "armed conflict",
}


@dataclass(frozen=True, slots=True)
class FoundingTotal:
    """Number of countries of the world that reach something (a key of `WHAT`) within some months."""

    what: str
    month: int
    mean: float
    number: Range


@dataclass(frozen=True, slots=True)
class FoundingCountry:
    """One country: chances of a first presence within each of the months, by every month, and the rest by the last.

    `since` is the year of a first presence before the as-of date, None where there was none or the year is unknown;
    `last` has the chances by the last of the months. All chances are NaN where the country is not at risk, but those
    by month, which are zero.
    """

    code: str
    name: str
    state: str
    since: int | None
    within: tuple[float, ...]
    by_month: tuple[float, ...]
    last: CountryChance

    @property
    def at_risk(self) -> bool:
        """Whether a first presence there is still to come."""
        return self.state == AT_RISK

    @property
    def words(self) -> str:
        """The state in words, with the year where it is known."""
        if self.at_risk:
            return self.state
        if self.state == BEFORE:
            return f"first presence {self.since}, ended" if self.since else self.state
        return f"{self.state} since {self.since}" if self.since else self.state


@dataclass(frozen=True, slots=True)
class Presence:
    """A country where the family is already: its affiliate, and the chance that an organisation of the case is there.

    `active` is the chance that the organisation which the case lists there has not ended by the last of the months; NaN
    where it lists none.
    """

    affiliate: PresentAffiliate
    active: float


@dataclass(frozen=True, slots=True)
class FoundingsOutlook:
    """First presences by the core's family: every country, the likeliest first, totals, and where it is already."""

    family: str
    at_risk: int
    months: tuple[int, ...]
    countries: tuple[FoundingCountry, ...]
    totals: tuple[FoundingTotal, ...]
    presences: tuple[Presence, ...]

    @property
    def listed(self) -> tuple[FoundingCountry, ...]:
        """The likeliest countries, then those that the source text names."""
        first = [c for c in self.countries if c.at_risk][:LISTED]
        rest = [c for code in NAMED for c in self.countries if c.code == code and c not in first]
        return (*first, *rest)

    def total(self, what: str, month: int) -> FoundingTotal:
        """One total.

        Raises
        ------
        KeyError
            If it is not among them.
        """
        for one in self.totals:
            if (one.what, one.month) == (what, month):
                return one
        raise KeyError(f"no total of {what!r} within {month} months")


def months_shown(horizon: int) -> tuple[int, ...]:
    """Months within which first presences are shown.

    >>> months_shown(30), months_shown(6)
    ((12, 24), (6,))
    """
    return tuple(m for m in WITHIN if m <= horizon) or (horizon,)


def foundings_outlook(found: WorldFoundings, active: Mapping[str, float] = MappingProxyType({})) -> FoundingsOutlook:
    """First presences of a run, by country and in total.

    Parameters
    ----------
    found
        First presences.
    active
        Chance that the organisation of the case in a place has not ended by the last month shown, by place.
    """
    months = months_shown(found.horizon)
    every = np.stack([found.chances(m).mean(axis=0) for m in range(found.horizon + 1)], axis=1)
    by_month = dict(zip(found.risk.codes, every, strict=True))
    within = {m: {c.code: c.probability for c in found.countries(m)} for m in months}
    return FoundingsOutlook(
        family=found.risk.family,
        at_risk=int(found.risk.at_risk.sum()),
        months=months,
        countries=tuple(
            FoundingCountry(
                code=c.code,
                name=c.name,
                state=c.state,
                since=found.risk.since.get(c.code),
                within=tuple(within[m][c.code] for m in months),
                by_month=tuple(float(p) for p in by_month[c.code]),
                last=c,
            )
            for c in found.countries(months[-1])
        ),
        totals=tuple(
            FoundingTotal(what, m, float(found.total(m, what).mean()), Range.of_values(found.total(m, what)))
            for what in WHAT
            for m in months
        ),
        presences=tuple(
            Presence(one, active.get(one.code, float("nan"))) for one in present_affiliates(found, months[-1])
        ),
    )
