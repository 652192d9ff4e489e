"""Counts of people held, read across the custody events that came after them.

A count of a day says how many were held by some custodians then. Events since have led some of them elsewhere, and the
count still holds for all of them together: a count of a prison is one of the prison and of all custodians (or of those
of unknown whereabouts) to whom an event led from there. That is conservation, and needs no share. Reports repeat counts
of up to three months earlier, so an event up to three months before a count may be after what it says.

- **Sites.** A count of one camp among several is a lower bound of what its custodian holds. Once the other site has
  been closed it is a count of it, and one of the closed site is of those who left.
- **Captured since.** A count from before the last loss of ground is a lower bound: more were captured then. So is one
  of custodians to whom an event has since moved people of the origin from others.
- **Moved in** by an event: `moved_in`. **Taken home since**: `taken_home`.

In a case without custody events all counts are as they were.

Assumptions: courts of the theatre are those of the custodian whose name says so; whom they have sentenced is counted
there. Only counts of up to ten years are read; the error grows with their age (`held_figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from afterfall.case import CustodyChange, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, FATHERS, State
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import ROLES_OF, SITES, UNRECORDED, before, concerns, has_events
from afterfall.model.mechanisms.death_sentences import CONDEMNED
from afterfall.model.mechanisms.detention import SENTENCED, has_courts

#: Months after which a count is not read in a case with custody events.
OLDEST = 120
#: What the name of a custodian ends in where a count is of those whom its courts have not sentenced.
UNTRIED = "/untried"
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


def before_captures(view: CaseView, figure: Figure) -> Figure:
    """A count from before the last loss of ground as a lower bound."""
    lost = [s.lost for s in view.spells if s.lost is not None]
    late = has_events(view) and bool(lost) and figure.refers_to.last_day < max(lost)
    return replace(figure, bound="at_least") if late and figure.bound != "at_most" else figure


def before_arrivals(view: CaseView, figure: Figure, custodians: Sequence[str]) -> Figure:
    """A count of custodians to whom an event has since moved people from others as a lower bound."""
    gained = has_events(view) and any(
        event.to_custodian in custodians
        and event.from_custodian not in custodians
        and event.date.last_day > figure.refers_to.last_day
        and event.high != 0
        and concerns(event, figure.place)
        for event in view.case.custody_events
    )
    return replace(figure, bound="at_least") if gained and figure.bound != "at_most" else figure


def roles_counted(figure: Figure, custodians: Sequence[str], roles: tuple[int, ...]) -> tuple[int, ...]:
    """Roles that a count is of: one of everyone in a camp, followed to others who may hold men, is of families."""
    if figure.quantity == "camp_population" and not figure.role and not all(k.endswith("camp") for k in custodians):
        return tuple(r for r in roles if r != MEN)
    return roles


def states_of(view: CaseView, custodians: Sequence[str], states: Sequence[State]) -> list[bool]:
    """Which states are of some custodians, those of unknown whereabouts and those sentenced by a court among them.

    A name that ends in `UNTRIED` leaves out those whom the courts of its custodian have sentenced.
    """
    names = {UNRECORDED if k == UNRECORDED else detained_state(k.removesuffix(UNTRIED)) for k in custodians}
    if any(has_courts(view, k) for k in custodians if not k.endswith(UNTRIED)):
        names |= {SENTENCED, CONDEMNED}
    every = set(view.custodians) <= set(custodians)
    return [s.name in names or (every and s.stage == "detained") for s in states]
