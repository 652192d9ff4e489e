"""Where the core's family is on the as-of date: whether it has grown into an armed conflict, and whether it will.

Organisations and cells grow with hazards of the reference class (`afterfall.reference.founding_growth`), which end with
the fourth year after the first presence. What only the case lists counts as an organisation. A country whose government
has fought the family in a published year (UCDP, state-based, 25 or more deaths) has grown; in any other the chance that
it does within some months is, in each trajectory, ``1 - exp(-hazard summed over the months that are left)``.

Dyads of a year are public on 31 July of the next, so a conflict of the last year or two before the as-of date may not
be known yet: "none published" is not "none".

Units: months; probability.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.foundings.founding_risk import THERE, FoundingRisk
from afterfall.foundings.world_foundings import GROWTH_UNTIL, WorldFoundings
from afterfall.reference.country_years import RISKS, CountryFacts
from afterfall.reference.event_rate import DAYS_A_MONTH


@dataclass(frozen=True, slots=True)
class PresentAffiliate:
    """A country where the family is: since when, and armed conflict.

    `since` is the day on which its first presence was public, None where only the case lists it. `conflict_year` is the
    last published year of an armed conflict; where there is none, `conflict` is the chance that one begins.
    """

    code: str
    name: str
    since: dt.date | None
    conflict_year: int | None
    conflict: float


def present_affiliates(found: WorldFoundings, month: int) -> list[PresentAffiliate]:
    """Every country outside the theatre in which the family is, by name; `conflict` is NaN where it has been."""
    risk = found.risk
    firsts = CountryFacts(risk.known).firsts(risk.family)
    years = _conflict_years(risk)
    cells = set(firsts) - _with_organisation(risk)
    out = []
    for k, code in enumerate(risk.codes):
        if risk.state[k] != THERE or code in risk.theatre:
            continue
        since = firsts[code][0] if code in firsts else None
        age = 0.0 if since is None else (risk.known.as_of - since).days / DAYS_A_MONTH
        chance = float("nan") if code in years else _grows(found, code not in cells, age, month)
        out.append(PresentAffiliate(code, found.names[k], since, years.get(code), chance))
    return sorted(out, key=lambda one: one.name)


def _conflict_years(risk: FoundingRisk) -> dict[str, int]:
    """Last published year of an armed conflict with the family in each country that has had one."""
    found: dict[str, int] = {}
    for war in risk.known.wars:
        if war.family in RISKS[risk.family]:
            found[war.country] = max(war.year, found.get(war.country, war.year))
    return found


def _with_organisation(risk: FoundingRisk) -> set[str]:
    """Countries with an organisation of the family that had not ended."""
    there = [a for a in risk.known.affiliates if a.scale == "org" and a.active_to is None]
    return {a.country for a in there if a.family in RISKS[risk.family]}


def _grows(found: WorldFoundings, organisation: bool, age: float, month: int) -> float:
    """Chance that an organisation or cell of an age grows into an armed conflict within some months."""
    hazard = found.rates.growth[:, int(organisation)]
    edges = np.array([0.0, *GROWTH_UNTIL])
    months = np.clip(np.minimum(edges[1:], age + month) - np.maximum(edges[:-1], age), 0.0, None)
    return float(-np.expm1(-hazard @ months).mean())
