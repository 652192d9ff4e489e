"""How often custody breaks, from the reference class: by captor, and by the places in which it holds people.

*Rate of a captor*: breaks of 20 people or more a year, pooled by state (`afterfall.reference.custody_breaks`). A captor
that holds all its ground in one country has the record of that country. The Syrian Democratic Forces have their own
from July 2017. A captor without a record is drawn like another state. The period ahead may differ from the past.

*Places of custody.* The class counts breaks of a country, whatever its prisons. So a captor's rate is shared: first
among its custodians (its prisons, its camps) with n[k] breaks of the case behind them::

    share[k] = (n[k] + 1) / sum of (n + 1)

then evenly among the sites of a custodian that the case counts apart (`SITES`) and that still hold somebody. A site has
the part of its custodian's people that it has of the latest counts of all its sites. Where no site is counted, a break
is at a part of the custodian that nobody counts: from 5 to 60 %, an assumption.

Source: ``custody.csv``, ``affiliates.csv``; counts and custody events of the case. Unit: breaks a year; share.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from afterfall.case import Figure
from afterfall.case.place_names import country_codes
from afterfall.engine.program import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.capture import Captor, captors, detained_state
from afterfall.model.mechanisms.custody_events import ALL_HELD, FOREIGN_HELD, SITES, moved
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY
from afterfall.reference.break_outcomes import BreakOutcomes, break_outcomes
from afterfall.reference.custody_breaks import SDF, SIZES, custodian_groups, yearly_breaks
from afterfall.reference.period_effects import period_multiples
from afterfall.reference.pooled_rates import GroupCounts, expected_counts, fit_pooled, joined
from afterfall.reference.reference_class import open_reference_class

#: Words in places.csv that mark the custodians of the Syrian Democratic Forces.
SDF_WORDS = ("SDF", "YPG")
#: Words for a rate without a record of its own.
ANOTHER = "another state"
#: The part of a custodian's people at the site of a break where nobody counts sites.
UNCOUNTED_SITE = (0.05, 0.6)
Groups = dict[str, tuple[GroupCounts, GroupCounts]]


@dataclass(frozen=True)
class CaptorRisk:
    """Breaks of one captor's custody.

    `record` names the group of the class whose record it has, `events` and `years` what was counted there, unweighted;
    `rate` are draws of breaks a year, ``(draw,)``.
    """

    captor: Captor
    record: str
    events: int
    years: float
    rate: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldSite:
    """A place of custody at which a break can be: its code, its name, its custodian and its captor's first custodian.

    `share` is its share in its captor's breaks; `part` its part of its custodian's people, None where nobody counts it.
    """

    code: str
    label: str
    custodian: str
    captor: str
    share: float
    part: float | None


def captor_risks(view: CaseView) -> tuple[CaptorRisk, ...]:
    """The captors of a case and the rates of their breaks; none without a reference class or without captors."""
    if view.case.as_of < FIRST_DAY:
        return ()
    known = captors(view)
    groups = _groups(view.case.as_of)
    names = [_record(view, captor, groups) for captor in known]
    rates = _rates(view.case.as_of, len(names))
    found = []
    for k, (captor, name) in enumerate(zip(known, names, strict=True)):
        whole = groups[name][1] if name in groups else None
        found.append(
            CaptorRisk(
                captor=captor,
                record=country_codes().get(name, name),
                events=0 if whole is None else int(whole.events.sum()),
                years=0.0 if whole is None else float(whole.years.sum()),
                rate=rates[:, list(groups).index(name) if name in groups else len(groups) + k],
            )
        )
    return tuple(found)


def outcomes(view: CaseView) -> BreakOutcomes:
    """What one further break does, as of the case's date."""
    return _outcomes(view.case.as_of)


def held_sites(view: CaseView) -> tuple[HeldSite, ...]:
    """The places of custody of all captors, in the order of the captors and their custodians."""
    breaks = [m.source for m in moved(view) if m.event.kind == "break" and (m.event.value or 0.0) >= SIZES[0]]
    found: list[HeldSite] = []
    for captor in captors(view):
        weights = {k: 1.0 + breaks.count(detained_state(k)) for k in captor.custodians}
        for k, weight in weights.items():
            share = weight / sum(weights.values())
            found += _sites(view, k, captor.custodians[0], share)
    return tuple(found)


def _sites(view: CaseView, custodian: str, captor: str, share: float) -> list[HeldSite]:
    """The sites of a custodian that are counted and hold somebody; the whole custodian where there are none."""
    counts = {code.replace("_", "-"): name for code, (name, of) in SITES.items() if of == custodian}
    people = {code: n for code in counts if (n := _latest(view, code)) is not None}
    if not any(people.values()):
        return [HeldSite(custodian, view.name(custodian), custodian, captor, share, None)]
    held = {code: n for code, n in people.items() if n > 0}
    return [
        HeldSite(code, counts[code], custodian, captor, share / len(held), n / sum(held.values()))
        for code, n in held.items()
    ]


def _latest(view: CaseView, site: str) -> float | None:
    """The latest count of the foreigners at a site, or of all; zero where all have left since, None without a count."""
    rows = [f for f in view.case.figures_of("camp_population") if f.place == site and not f.role and not f.bound]

    def last(definition: str) -> Figure | None:
        some = [f for f in rows if f.definition == definition]
        return max(some, key=lambda f: (f.refers_to.last_day, f.published.last_day), default=None)

    everyone, foreign = last(ALL_HELD), last(FOREIGN_HELD)
    if everyone is not None and everyone.value == 0:
        return 0.0
    chosen = foreign or everyone
    return None if chosen is None else chosen.value


def _record(view: CaseView, captor: Captor, groups: Groups) -> str:
    places = {p.place: p for p in view.case.places}
    if any(word in (places[c].captors or "") for c in captor.custodians for word in SDF_WORDS):
        return SDF if SDF in groups else ANOTHER
    return captor.ground[0] if len(captor.ground) == 1 and captor.ground[0] in groups else ANOTHER


@cache
def _outcomes(as_of: dt.date) -> BreakOutcomes:
    return break_outcomes(open_reference_class(as_of))


@cache
def _groups(as_of: dt.date) -> Groups:
    return custodian_groups(open_reference_class(as_of), SIZES[0])


@cache
def _rates(as_of: dt.date, new: int) -> Floats:
    """Breaks a year of each group of the class, then of `new` others, ``(draw, group)``."""
    known, groups = open_reference_class(as_of), _groups(as_of)
    one, zero = np.ones(len(groups) + new), np.zeros(len(groups) + new)
    fit = fit_pooled(joined([weighted for weighted, _ in groups.values()]))
    expected = expected_counts(fit, GroupCounts(zero, one, zero, zero))
    rates: Floats = expected * period_multiples(*yearly_breaks(known, SIZES[0]))[:, None]
    return rates
