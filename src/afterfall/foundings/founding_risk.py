"""Which countries are at risk of a first presence by the core's family, and what is known of each on the as-of date.

The *family* of a case is that of its core: the Islamic State's, al-Qaida's, or, for the core of any other case, *any*:
the rates of first presences of any of them. Countries are the 168 of the reference class. A country is not at risk
where the family has had a presence that was public by the as-of date (`afterfall.reference`), in the theatre, and where
the case has an organisation that descends from the core. For a core of neither family, only what the case itself lists
counts: the reference class says how fast such a family spreads, not where this one already is.

**Neighbours by friendship.** Neighbours are countries with a common land border in which a friend is: the family of the
reference class, the theatre, what descends from the core, and the allies that the case lists. Organisations of others
are no friends. In the country of an ally the hazard is multiplied by `founding_rates.ALLY`, a prior, unless the
reference class has another organisation there, whose effect is learned.

**What is there ends too.** A neighbour counts in a trajectory until what is there on the as-of date has ended, at the
hazards of `afterfall.reference.affiliate_survival` by size and age (`founding_sampler`): its oldest organisation in the
reference class, else its oldest cells. What only the case lists counts as an organisation that is new. The theatre does
not end in this draw: the core's fate is that of the run, and nothing feeds back.

An *insurgency before* follows the rule of `afterfall.reference.founding_growth`, which its rates are learned by too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterfall.foundings.founding_sampler import CELLS, LASTING, NOBODY, ORGANISATION, Shorts
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import THEATRE, descends, standing
from afterfall.reference.country_years import COVARIATES, CountryFacts
from afterfall.reference.event_rate import DAYS_A_MONTH, Floats
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
    """First presences cannot be forecast for a case; the message says why."""


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
    present
        What is there on the as-of date, of the family or of a friend: `NOBODY`, `LASTING` (the theatre), `CELLS` or
        `ORGANISATION`, ``(country,)``.
    age
        Months for which it has been there, ``(country,)``.
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
    present: Shorts
    age: Floats
    borders: Flags
    insurgency: Flags
    ally: Flags
    muslim_share: Floats
    theatre: tuple[str, ...]

    @property
    def at_risk(self) -> Flags:
        """Countries at risk, ``(country,)``."""
        return np.array([state == AT_RISK for state in self.state])

    @property
    def neighbours(self) -> Floats:
        """Number of neighbouring countries with the family or a friend, ``(country,)``."""
        return np.asarray(self.borders.astype(float) @ (self.present != NOBODY))


def founding_risk(view: CaseView) -> FoundingRisk:
    """Who is at risk of a first presence by the core's family as of the day of a case.

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
            f"first presences need countries of the world: found theatre {', '.join(case.theatre.countries)}, "
            "expected codes of ISO 3166-1 such as IRQ"
        )
    family = family_of(case.core)
    own, friends = _own(view), _friends(view)
    had = set(own) if family == ANY else {*own, *facts.firsts(family)}
    there = own | _present(facts, family) if family != ANY else own
    present, age = _standing_there(facts, family, there | friends, case.theatre.countries)
    covariates = facts.at(known.as_of, family)
    covariates[:, NEIGHBOURS] = np.log1p(facts.borders @ (present != NOBODY))
    return FoundingRisk(
        known=known,
        family=family,
        codes=facts.codes,
        state=tuple(THERE if c in there else BEFORE if c in had else AT_RISK for c in facts.codes),
        since={c: day.year for c, (day, _) in facts.firsts(family).items()} if family != ANY else {},
        covariates=covariates,
        present=present,
        age=age,
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


def _standing_there(
    facts: CountryFacts, family: str, there: set[str], theatre: Collection[str]
) -> tuple[Shorts, Floats]:
    """What each of some countries has on the as-of date, and its age in months, each ``(country,)``."""
    day, present, age = facts.known.as_of, np.full(len(facts.codes), NOBODY, np.int16), np.zeros(len(facts.codes))
    records = [] if family == ANY else facts.standing(day, family)
    for i, code in enumerate(facts.codes):
        own = [a for a in records if a.country == code]
        kept = [a for a in own if a.scale == "org"] or own
        if code in theatre:
            present[i] = LASTING
        elif kept:
            began = dt.date(min(a.active_from for a in kept), 7, 1)  # the middle of the year, as it is learned
            present[i] = ORGANISATION if kept[0].scale == "org" else CELLS
            age[i] = max((day - began).days, 0) / DAYS_A_MONTH
        elif code in there:
            present[i] = ORGANISATION
    return present, age


def _present(facts: CountryFacts, family: str) -> set[str]:
    present = facts.present(facts.known.as_of, family)
    return {code for code, there in zip(facts.codes, present, strict=True) if there}
