"""Which countries are at risk of a first founding by the core's family, and what is known of each on the as-of date.

The *family* of a case is that of its core: the Islamic State's, al-Qaida's, or, for the core of any other case, *any*:
the rates of first presences of any of them. Countries are the 168 of the reference class. A country is not at risk
where the family has had a presence that was public by the as-of date (`afterfall.reference`), in the theatre, and where
the case has an organisation that descends from the core. For a core of neither family, only what the case itself lists
counts: the reference class says how fast such a family spreads, not where this one already is.

**Neighbours by friendship.** Neighbours are countries with a common land border in which a friend is: the family of the
reference class, the theatre, what descends from the core, and the allies that the case lists. Organisations of others
are no friends. In the country of an ally the hazard is multiplied by `founding_rates.ALLY`, a prior, unless the
reference class has another organisation there, whose effect is learned.

An *insurgency before* follows the rule of `afterfall.reference.founding_growth`, which its rates are learned by too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import THEATRE, descends, standing
from afterfall.reference.country_years import COVARIATES, CountryFacts
from afterfall.reference.event_rate import Floats
from afterfall.reference.families import ANY, family_of
from afterfall.reference.founding_growth import insurgency
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: First as-of date from which the reference class can be learned from.
EARLIEST = dt.date(2005, 1, 1)
#: Columns of the covariates.
NEIGHBOURS, ANOTHER = COVARIATES.index("neighbours"), COVARIATES.index("another organisation")
AT_RISK, THERE, BEFORE = "at risk", "already there", "was there before"
Flags = NDArray[np.bool_]


class NoReference(ValueError):
    """First foundings cannot be forecast for a case; the message says why."""


@dataclass(frozen=True, slots=True)
class FoundingRisk:
    """What was known of every country on the as-of date.

    Attributes
    ----------
    known
        The reference class as of the day.
    family
        Key of `country_years.RISKS`.
    codes
        ISO 3166-1 codes of the countries, ``(country,)``.
    state
        `AT_RISK`, `THERE` or `BEFORE` (a presence that has ended), ``(country,)``.
    since
        Year of the first presence of each country that had one.
    covariates
        In the order of `country_years.COVARIATES`, ``(country, covariate)``.
    neighbours
        Number of neighbouring countries with the family, ``(country,)``.
    borders
        Whether two countries have a common border, ``(country, country)``.
    insurgency
        Whether there was an insurgency before, ``(country,)``.
    ally
        Whether the case lists an ally there and the reference class no other organisation, ``(country,)``.
    muslim_share
        Muslim share of the population, ``(country,)``.
    theatre
        Codes of the theatre's countries.
    """

    known: ReferenceClass
    family: str
    codes: tuple[str, ...]
    state: tuple[str, ...]
    since: dict[str, int]
    covariates: Floats
    neighbours: Floats
    borders: Flags
    insurgency: Flags
    ally: Flags
    muslim_share: Floats
    theatre: tuple[str, ...]

    @property
    def at_risk(self) -> Flags:
        """Countries at risk, ``(country,)``."""
        return np.array([state == AT_RISK for state in self.state])


def founding_risk(view: CaseView) -> FoundingRisk:
    """Who is at risk of a first founding by the core's family as of the day of a case.

    Raises
    ------
    NoReference
        If the theatre has no country of the reference class (a made-up case), or the as-of date lies before there was
        enough to learn from.
    """
    case = view.case
    if case.as_of < EARLIEST:
        raise NoReference(f"the reference class informs from {EARLIEST} on: found as_of {case.as_of}")
    known = open_reference_class(case.as_of)
    facts = CountryFacts(known)
    if not set(case.theatre.countries) & set(facts.codes):
        raise NoReference(
            f"first foundings need countries of the world: found theatre {', '.join(case.theatre.countries)}, "
            "expected codes of ISO 3166-1 such as IRQ"
        )
    family = family_of(case.core)
    own, friends = _own(view), _friends(view)
    had = set(own) if family == ANY else {*own, *facts.firsts(family)}
    there = own | _present(facts, family) if family != ANY else own
    near = facts.borders @ np.array([float(c in there or c in friends) for c in facts.codes])
    covariates = facts.at(known.as_of, family)
    covariates[:, NEIGHBOURS] = np.log1p(near)
    return FoundingRisk(
        known=known,
        family=family,
        codes=facts.codes,
        state=tuple(THERE if c in there else BEFORE if c in had else AT_RISK for c in facts.codes),
        since={c: day.year for c, (day, _) in facts.firsts(family).items()} if family != ANY else {},
        covariates=covariates,
        neighbours=near,
        borders=facts.borders > 0,
        insurgency=insurgency(known, known.as_of, facts.codes),
        ally=np.array([c in friends for c in facts.codes]) & (covariates[:, ANOTHER] == 0),
        muslim_share=facts.muslim_share,
        theatre=tuple(case.theatre.countries),
    )


def _own(view: CaseView) -> set[str]:
    """Countries of the theatre and of the organisations of the case that descend from the core."""
    rows = [o for o in standing(view) if o.place != THEATRE and descends(view, o)]
    return {*view.case.theatre.countries, *(o.place for o in rows)}


def _friends(view: CaseView) -> set[str]:
    """Countries of the core's allies abroad."""
    return {o.place for o in standing(view) if o.kind == "offshoot" and o.ally}


def _present(facts: CountryFacts, family: str) -> set[str]:
    present = facts.present(facts.known.as_of, family)
    return {code for code, there in zip(facts.codes, present, strict=True) if there}
