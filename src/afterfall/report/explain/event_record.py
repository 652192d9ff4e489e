"""What the chance of one event of an organisation was learned from: rates of the reference class, and its own record.

One function for every kind of event. `EVENTS` names the kinds that can be asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from afterfall.model import Model
from afterfall.model.language.organisation_vocabulary import Event
from afterfall.model.mechanisms.future_breaks import BREAK, COLLAPSE
from afterfall.model.mechanisms.learned_enemies import enemy_rates
from afterfall.model.mechanisms.learned_rates import (
    DISSOLUTION,
    MERGER,
    MONTHS_A_YEAR,
    SPLIT,
    learned_rate,
)
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, NO_CLASS, learned_retaking
from afterfall.reference.affiliate_survival import survival_rates
from afterfall.reference.allegiance_changes import HALVES, LEAVING, PLEDGING, allegiance_rates
from afterfall.reference.enemy_pairs import UNIT, prior_words, rival_rates
from afterfall.reference.event_rate import EventRate
from afterfall.reference.families import family_of
from afterfall.reference.organisation_events import organisation_rates
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.reference.retaking import retaking_rates
from afterfall.report.explain.custody_why import custody_record

#: Quantities of ``why`` that are events, with the kind of event in the model.
EVENTS: Mapping[str, str] = {
    "recapture": "retaking",
    "split": "split",
    "merger": "merger",
    "absorption": "absorption",
    "allegiance": "allegiance",
    "ending": "ending",
    "break": BREAK,
    "collapse": COLLAPSE,
}
#: Those of custody.
OF_CUSTODY = (BREAK, COLLAPSE)
#: Events of the reference class behind each kind that has a rate per organisation-year.
LEARNED: Mapping[str, str] = {"split": SPLIT, "merger": MERGER, "ending": DISSOLUTION}
#: Lines of endings that follow the survival of affiliates rather than dissolutions.
OF_AFFILIATES = ("ending.uncounted", "ending.founded")
#: Line of mergers between friends.
FRIENDS = "merger.friend"


@dataclass(frozen=True, slots=True)
class OwnCount:
    """The case's own record behind an event: events, years (of an organisation, or of lost places), and whose."""

    events: float
    years: float
    words: str


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Rates of the reference class behind an event, and the own record; None where there is none to count."""

    rates: tuple[EventRate, ...]
    own: OwnCount | None
    note: str


def event_record(model: Model, event: Event) -> EventRecord:
    """What the hazard of an event was learned from as of the case's date."""
    if model.case.as_of < FIRST_DAY:
        return EventRecord((), None, f"There is {NO_CLASS}: the prior is wide and uninformed.")
    if event.kind in OF_CUSTODY:
        rates, own, note = custody_record(model, event)
        return EventRecord(rates, OwnCount(*own), note)
    known = open_reference_class(model.case.as_of)
    if event.kind == "retaking":
        return _recapture(model, known)
    if event.line in OF_AFFILIATES:
        return _affiliate(model, event, survival_rates(known))
    if event.kind in ("merger", "absorption") and event.line != FRIENDS:
        return _enemies(model, event, rival_rates(known))
    return _organisation(model, event, known)


def _recapture(model: Model, known: ReferenceClass) -> EventRecord:
    learned = learned_retaking(model.view)
    rates = retaking_rates(known)
    if learned is None:
        return EventRecord(rates, None, "")
    whose = f"{learned.in_class}, all its places in the class" if learned.in_class else "the case: place-years lost"
    own = OwnCount(float(sum(learned.own.retaken)), sum(learned.own.months) / MONTHS_A_YEAR, whose)
    stratum = learned.in_class if any(r.stratum == learned.in_class for r in rates) else "another"
    low, median, high = learned.within_year[1]
    note = (
        f"With its own losses, of a place lost at middling strength {median:.2g} ({low:.2g} to {high:.2g}) is retaken "
        "within a year."
    )
    return EventRecord(tuple(r for r in rates if r.stratum in (stratum, "ratio")), own, note)


def _enemies(model: Model, event: Event, rates: tuple[EventRate, ...]) -> EventRecord:
    """A merger of equals, or an absorption, with the pair's own years of war."""
    chosen = rates[:1] if event.kind == "merger" else rates[1:]
    note = f"The rate is {prior_words(sum(r.exposure for r in chosen if r.unit == UNIT))}."
    learned = enemy_rates(model.view)
    if event.kind == "merger" or learned is None:
        return EventRecord(chosen, None, note)
    rival = event.name.partition(".")[2]
    calm, losing = learned.own_years(model.view, rival)
    if not calm + losing:
        new = " The pair is a new one to the class: its own multiple is drawn as that of any pair."
        return EventRecord(chosen, None, note + new)
    words = f"the war of the two, weighted, by the chance that one was twice as strong; {losing:.1f} losing ground"
    return EventRecord(chosen, OwnCount(0.0, calm + losing, words), note)


def _affiliate(model: Model, event: Event, rates: tuple[EventRate, ...]) -> EventRecord:
    row = next((o for o in model.case.organisations if o.organisation == event.band), None)
    if row is None:
        return EventRecord(rates, None, "It does not exist yet, so it has no record of its own.")
    age = _age(model.case.as_of, (row.founded or row.published).last_day)
    note = "Nobody has published its strength: it may be an organisation, a cell or only a name, by its age."
    return EventRecord(rates, OwnCount(0.0, age, "its age"), note)


def _organisation(model: Model, event: Event, known: ReferenceClass) -> EventRecord:
    name = LEARNED.get(event.kind) or (LEAVING if _leaves(model, event) else PLEDGING)
    of_family = allegiance_rates(name, known, family_of(model.case.core)) if name in HALVES else ()
    rates = of_family or tuple(r for r in organisation_rates(known) if r.event == name)
    of = model.case.core if event.kind == "merger" else event.band
    row, rate = (
        next((o for o in model.case.organisations if o.organisation == of), None),
        learned_rate(model.view, name),
    )
    if row is None or rate is None:
        return EventRecord(rates, None, "It does not exist yet, so it has no record of its own.")
    own = rate.record(row)
    if not own.twin:
        return EventRecord(rates, None, f"{row.name} is not in the class, and a case does not record such events.")
    second = HALVES[name][1] if name in HALVES else "losing ground"
    losing = f", {own.losing:.1f} of them {second}" if own.losing else ""
    words = f"{row.name}, in the class {own.twin}, weighted{losing}"
    return EventRecord(rates, OwnCount(own.events, own.years, words), f"Its multiple is {rate.multiple(own):.2g}.")


def _leaves(model: Model, event: Event) -> bool:
    """Whether a change of allegiance is that of a branch."""
    return any(b.name == event.band and b.descended for b in model.organisations)


def _age(as_of: dt.date, founded: dt.date) -> float:
    return max((as_of - founded).days, 0) / 365.25
