"""Counts of people held, read across the custody events that came after them.

A count of a day says how many were held by some custodians then. Events since have led some of them elsewhere, and the
count still holds for all of them together: a count of a prison is one of the prison and of all custodians (or of those
of unknown whereabouts) to whom an event led from there. That is conservation, and needs no share. Reports repeat counts
of up to three months earlier, so an event up to three months before a count may be after what it says.

- **Sites.** A count of one camp among several is a lower bound of what its custodian holds. Once the other site has
  been closed it is a count of it, and one of the closed site is of those who left.
- **Moved in.** The people of one origin whom events moved to a custodian, with the latest count of those whom it held
  before, are a count of those whom it holds.
- **Taken home since.** Women and minors repatriated after a count are no longer held: the count is lowered by their
  share in it, and half of the log of that is added to its error. A repatriated total is a lower bound of the returned.

In a case without custody events all counts are as they were.

Assumptions: courts of the theatre are those of the custodian whose name says so; whom they have sentenced is counted
there. Only counts of up to ten years are read; the error grows with their age (`held_figures`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from afterfall.case import CustodyChange, Figure
from afterfall.case.captor_words import listed
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, FATHERS, State
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import ROLES_OF, SITES, UNRECORDED, before, concerns, has_events
from afterfall.model.mechanisms.death_sentences import CONDEMNED
from afterfall.model.mechanisms.detention import SENTENCED, has_courts

#: Months after which a count is not read in a case with custody events.
OLDEST = 120
#: The least share of a count that is still held after repatriations.
LEAST_LEFT = 0.05
MEN = EVERY_ROLE.index(FATHERS)


def followed(view: CaseView, figure: Figure, custodians: Sequence[str]) -> tuple[str, ...]:
    """Where those whom a count is of can be by the as-of date: its custodians and those to whom events led."""
    if not has_events(view):
        return tuple(custodians)
    here = set(custodians)
    site, _ = SITES.get(figure.definition, ("", ""))
    for event in sorted(view.case.custody_events, key=lambda e: (e.date.last_day, e.kind != "handover", e.event)):
        if event.from_custodian in here and _touches(event, figure, site):
            here |= {event.to_custodian} & {*view.custodians, UNRECORDED}
    if site and closed(view, site):
        here -= {custodian for name, custodian in SITES.values() if name == site}
    return tuple(k for k in (*view.custodians, UNRECORDED) if k in here)


def _touches(event: CustodyChange, figure: Figure, site: str) -> bool:
    """Whether those whom a count is of may have been moved by an event."""
    one, other = ROLES_OF.get(event.role), ROLES_OF.get(figure.role)
    return (
        before(event, figure.refers_to.last_day)
        and event.high != 0
        and concerns(event, figure.place)
        and not (site and event.site and event.site != site)
        and (one is None or other is None or bool(one & other))
    )


def closed(view: CaseView, site: str) -> bool:
    """Whether a site of custody has been closed."""
    return any(e.kind == "closure" and e.site == site for e in view.case.custody_events)


def at_site(view: CaseView, figure: Figure) -> Figure:
    """A count of one site: a lower bound of its custodian's people while other sites are open or it has not closed."""
    if not has_events(view) or figure.definition not in SITES:
        return figure
    site, custodian = SITES[figure.definition]
    others = {name for name, of in SITES.values() if of == custodian} - {site}
    if closed(view, site) or all(closed(view, one) for one in others):
        return figure
    return replace(figure, bound="at_least")


def roles_counted(figure: Figure, custodians: Sequence[str], roles: tuple[int, ...]) -> tuple[int, ...]:
    """Roles that a count is of: one of everyone in a camp, followed to others who may hold men, is of families."""
    if figure.quantity == "camp_population" and not figure.role and not all(k.endswith("camp") for k in custodians):
        return tuple(r for r in roles if r != MEN)
    return roles


def moved_in(view: CaseView, origin: str) -> Iterator[Figure]:
    """For each custodian, those of an origin whom events moved there, with those whom it was known to hold before."""
    for custodian in view.custodians:
        events = [
            e
            for e in view.case.custody_events
            if e.to_custodian == custodian and listed(e.people) == (origin,) and e.value is not None
        ]
        if not events:
            continue
        known = _known_before(view, origin, custodian, events[0].role)
        since = [e for e in events if known is None or e.date.last_day > known.refers_to.last_day]
        if since:
            yield _sum_of(custodian, origin, since, known)


def _known_before(view: CaseView, origin: str, custodian: str, role: str) -> Figure | None:
    """The latest count of an origin's people of a role whom a custodian held."""
    word = custodian.replace("-", "_")
    rows = [
        f
        for f in view.case.figures_of("detained", place=origin)
        if f.definition == word and f.role == role and f.basis == "stock" and not f.bound
    ]
    return max(rows, key=lambda f: (f.refers_to.last_day, f.figure), default=None)


def _sum_of(custodian: str, origin: str, events: Sequence[CustodyChange], known: Figure | None) -> Figure:
    last = max(events, key=lambda e: (e.date.last_day, e.event))
    low, value, high = (
        sum(getattr(e, end) for e in events) + (getattr(known, end) if known else 0.0)
        for end in ("low", "value", "high")
    )
    return Figure(
        figure=f"moved-to-{custodian}-{origin}",
        quantity="detained",
        place=origin,
        role=last.role,
        low=low,
        value=value,
        high=high,
        refers_to=last.date,
        published=last.published,
        basis="stock",
        definition=custodian.replace("-", "_"),
        family=last.family,
        source=last.source,
        grade=last.grade,
        verified=True,
    )


def left_after_repatriations(view: CaseView, figure: Figure) -> float:
    """Share of those whom a count is of who were not repatriated since; one for counts of men."""
    if not has_events(view) or figure.role in ("man", "fighter"):
        return 1.0
    whole = max((figure.value, *(f.value for f in _same_time(view, figure) if not f.role)))
    if whole <= 0:
        return 1.0
    return max(1.0 - repatriated_since(view, figure) / whole, LEAST_LEFT)


def _same_time(view: CaseView, figure: Figure) -> list[Figure]:
    return [
        f
        for q in ("detained", "camp_population")
        for f in view.case.figures_of(q, place=figure.place)
        if abs(view.month_of(f.refers_to.last_day) - view.month_of(figure.refers_to.last_day)) <= 6
    ]


def repatriated_since(view: CaseView, figure: Figure) -> float:
    """People of an origin repatriated after the day of a count, by its running totals or operation by operation."""
    day, rows = figure.refers_to.last_day, view.case.figures_of("repatriated", place=figure.place)
    totals = [f for f in rows if f.basis == "cumulative" and not f.role]
    after = max((f.value for f in totals if f.refers_to.last_day > day), default=0.0)
    until = max((f.value for f in totals if f.refers_to.last_day <= day), default=0.0)
    operations: dict[str, float] = {}
    for f in rows:
        if f.basis == "operation" and not f.role and f.refers_to.last_day > day:
            month = f.refers_to.text[:7]
            operations[month] = max(operations.get(month, 0.0), f.value)
    return max(after - until if until > 0.0 else 0.0, sum(operations.values()))


def repatriated_bound(view: CaseView, origin: str) -> Figure | None:
    """The largest running total of an origin's repatriated, as a lower bound of those who returned."""
    if not has_events(view):
        return None
    rows = [f for f in view.case.figures_of("repatriated", place=origin) if f.basis == "cumulative" and not f.role]
    rows = [f for f in rows if f.counts_people or f.definition == "women_and_children"]
    largest = max(rows, key=lambda f: (f.value, f.refers_to.last_day, f.figure), default=None)
    return None if largest is None else replace(largest, quantity="returned", bound="at_least", definition="")


def states_of(view: CaseView, custodians: Sequence[str], states: Sequence[State]) -> list[bool]:
    """Which states are of some custodians, those of unknown whereabouts and those sentenced by a court among them."""
    names = {UNRECORDED if k == UNRECORDED else detained_state(k) for k in custodians}
    if any(has_courts(view, k) for k in custodians):
        names |= {SENTENCED, CONDEMNED}
    every = set(view.custodians) <= set(custodians)
    return [s.name in names or (every and s.stage == "detained") for s in states]


def log_left(view: CaseView, figure: Figure) -> float:
    """Log of the share of a count that is left after repatriations."""
    return math.log(left_after_repatriations(view, figure))
