"""Custody events: people in custody who were handed over, moved, broke out or were let go, at known dates.

An event of the case at custodian k, in month t0, moves the share f of those whom k held::

    hazard[k -> x, t] = h  in month t0, else 0,     h = -log(1 - f)

x is the custodian that the case names, those of unknown whereabouts (`unrecorded`), or the remnants (at large in the
theatre). The hazard h is a parameter; its 90 % interval is that of f, people moved (the row's low to high) over people
held (`held_before`: counts of the custodian of the 24 months before, lowest to highest). Without a count of either the
interval is wide and labelled uninformed. Where no nationality is named, f is that of all people held; where both a row
of all and one of foreigners describe an event, the row of foreigners is taken.

Where a custodian takes over a site and loses its people within a month, people go straight from the first custodian to
where they were lost, and what was handed over is what is left.

Events of single nationalities act on nobody here, since the history has regions only: they are figures of their origin
(`held_after_events`). So are events that nobody counted at all where a row of the same event is counted, and events of
no people. In a case without events nothing is added: no state, no parameter.

Assumptions: all origins of a custodian have one share; two events of one month compete. Events here are of the past;
those to come are in `future_breaks`. Unit: the month.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from afterfall.case import CustodyChange, Figure
from afterfall.case.captor_words import listed
from afterfall.case.records import FOREIGN
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import Parameter, Part, Rate, Role, Term, Times, Transition
from afterfall.model.mechanisms.capture import captors, detained_state
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY
from afterfall.model.mechanisms.ranks import REMNANT

UNRECORDED = "unrecorded"
#: Sites that are counted apart, by the definition of their counts: their name in events, and their custodian.
SITES = {"al_hol": ("al-Hol", "ne-syria-camp"), "roj": ("Roj", "ne-syria-camp")}
#: Days within which a takeover of a site and the loss of its people are one event.
ONE_EVENT = 31
#: Days for which a report may repeat an earlier count.
REPEATED = 92
#: Months before an event in which a count says how many were held.
RECENT_COUNTS = 24
#: Months after it in which one does, where there is none before.
SOON_AFTER = 6
#: The share moved where nobody counted, and the least and the most that any event moves.
UNCOUNTED, LEAST, MOST = (0.01, 0.6), 0.001, 0.98
#: Roles of the model that a role of a row is of.
ROLES_OF: dict[str, frozenset[Role]] = {
    "man": frozenset({"fighter"}),
    "fighter": frozenset({"fighter"}),
    "woman": frozenset({"adult"}),
    "adult": frozenset({"fighter", "adult"}),
    "minor": frozenset({"minor", "born"}),
}
#: Definitions of counts of everyone held, and of foreigners.
ALL_HELD, FOREIGN_HELD = "all_nationalities", "third_country_nationals"


@dataclass(frozen=True, slots=True)
class Moved:
    """What an event does: from whom, where to (a state), when, the share of those held (low, high), and its source.

    `counted` says whether people moved and people held were both counted; else the share is `UNCOUNTED`.
    """

    event: CustodyChange
    month: int
    source: str
    dest: str
    low: float
    high: float
    counted: bool

    @property
    def name(self) -> str:
        """Name of its path and its parameter."""
        return f"custody_event.{self.event.event}"


def custody_events(view: CaseView) -> Part:
    """A path, a parameter and an edge for every event that moved people of all nationalities."""
    moves = moved(view)
    transitions = tuple(
        Transition(
            one.source,
            one.dest,
            Rate(one.name, (Term(one.name), Times(one.name))),
            "custody_events",
            f"{WORDS[one.event.kind]} ({one.event.event})",
            roles=ROLES_OF.get(one.event.role),
            back=one.dest == REMNANT or one.event.to_custodian not in ("", UNRECORDED),
            counts=("escaped",) if one.event.kind == "break" else (),
        )
        for one in moves
    )
    return Part(
        transitions=transitions,
        parameters=tuple(_parameter(view, one) for one in moves),
        paths=tuple(
            SeriesPath(one.name, f"month of {one.event.event}", lambda month, at=one.month: float(month == at))  # type: ignore[misc]
            for one in moves
        ),
    )


WORDS = {
    "handover": "is handed over",
    "transfer": "is moved",
    "break": "gets out",
    "release": "is released",
    "closure": "leaves as it closes",
}


def _parameter(view: CaseView, one: Moved) -> Parameter:
    low, high = (-math.log1p(-share) for share in (one.low, one.high))
    label = f"hazard, in its month, of {one.event.event}: those whom {view.name(one.event.from_custodian)} held"
    derived = "people moved over people held, by counts of the case" if one.counted else ""
    return Parameter(one.name, label, "a month", "log", low, high, derived=derived)


def has_events(view: CaseView) -> bool:
    """Whether the case records custody by events that moved somebody."""
    return any(event.high != 0 for event in view.case.custody_events)


def has_unrecorded(view: CaseView) -> bool:
    """Whether a custody event of the case left people of unknown whereabouts, or a break to come can."""
    return may_break(view) or any(one.dest == UNRECORDED for one in moved(view))


def may_break(view: CaseView) -> bool:
    """Whether breaks of custody after the as-of date are drawn (`future_breaks`): in a case with custody events."""
    return has_events(view) and bool(captors(view)) and view.case.as_of >= FIRST_DAY


def moved(view: CaseView) -> tuple[Moved, ...]:
    """The events that act on everyone whom a custodian held, by date; see the module docstring."""
    rows = [e for e in view.case.custody_events if e.people in ("", FOREIGN) and _dest(view, e)]
    best: dict[tuple[str, ...], CustodyChange] = {}
    for event in rows:
        key = (event.kind, event.from_custodian, event.to_custodian, event.site, event.date.text)
        if key not in best or _rank(event) > _rank(best[key]):
            best[key] = event
    found: list[Moved] = []
    for event in sorted(best.values(), key=lambda e: (e.date.last_day, e.event)):
        found += _one(view, event, tuple(best.values()))
    return tuple(found)


def _rank(event: CustodyChange) -> tuple[bool, bool]:
    """Which of several rows of one event is taken: one of foreigners, then one with a number."""
    return event.people == FOREIGN, event.value is not None


def _one(view: CaseView, event: CustodyChange, rows: tuple[CustodyChange, ...]) -> Iterator[Moved]:
    """What one event does: nothing where it moved nobody, the rest of a handover where its people were then lost."""
    source, lost = event, [e for e in rows if _after(event, e)]
    handed = next((e for e in rows if _after(e, event)), None)
    if handed is not None:
        source = replace(event, from_custodian=handed.from_custodian)
    if lost and event.value is not None and lost[0].value is not None:
        low, high = event.low - lost[0].high, event.high - lost[0].low  # type: ignore[operator]
        source = replace(event, low=max(low, 0.0), value=max((low + high) / 2.0, 0.0), high=max(high, 0.0))
    if source.high == 0:
        return
    low, high, counted = _share(view, source)
    state, dest = detained_state(source.from_custodian), _dest(view, event)
    yield Moved(source, min(view.month_of(event.date.last_day), 0), state, dest, low, high, counted)


def _after(first: CustodyChange, then: CustodyChange) -> bool:
    """Whether a second event empties, at once, what a first one handed over at the same site."""
    gap = (then.date.last_day - first.date.last_day).days
    return (
        first.kind == "handover"
        and bool(first.site)
        and (first.site, first.to_custodian, first.people) == (then.site, then.from_custodian, then.people)
        and 0 <= gap <= ONE_EVENT
    )


def _dest(view: CaseView, event: CustodyChange) -> str:
    """State to which an event leads; none for home (the returned are counted by origin) and where nothing is named."""
    if event.to_custodian in view.custodians:
        return detained_state(event.to_custodian)
    return {UNRECORDED: UNRECORDED, "at_large": REMNANT}.get(event.to_custodian, "")


def _share(view: CaseView, event: CustodyChange) -> tuple[float, float, bool]:
    """The share of those held whom an event moves, low and high, and whether it was counted."""
    held = held_before(view, event)
    if event.low is None or event.high is None or not held:
        return *UNCOUNTED, False
    low = min(max(event.low / max(held), LEAST), MOST / 1.1)
    return low, min(max(event.high / min(held), 1.1 * low), MOST), True


def held_before(view: CaseView, event: CustodyChange) -> list[float]:
    """Counts of the people of an event's custodian in the 24 months before it: of foreigners, or of all."""
    scope = FOREIGN_HELD if event.people == FOREIGN else ALL_HELD
    rows = [
        f
        for quantity in ("camp_population", "detained", "detained_foreign")
        for f in view.case.figures_of(quantity)
        if f.definition == scope and not f.bound and f.value > 0 and whole_of(f, event.from_custodian)
    ]
    gap = {f.figure: view.month_of(event.date.last_day) - view.month_of(f.refers_to.last_day) for f in rows}
    earlier = [f.value for f in rows if 0 <= gap[f.figure] <= RECENT_COUNTS]
    return earlier or [f.value for f in rows if -SOON_AFTER <= gap[f.figure] < 0]


def whole_of(figure: Figure, custodian: str) -> bool:
    """Whether a stock counts all whom a custodian of a region holds: everyone in camps, or the men in prisons."""
    region, _, site = custodian.rpartition("-")
    if figure.basis != "stock" or figure.place != region:
        return False
    if site == "camp":
        return figure.quantity == "camp_population" and not figure.role
    return figure.quantity != "camp_population" and figure.role in ("man", "fighter")


def concerns(event: CustodyChange, origin: str) -> bool:
    """Whether people of an origin may be among those of an event."""
    return event.people in ("", FOREIGN) or origin in listed(event.people)


def before(event: CustodyChange, day: dt.date) -> bool:
    """Whether a count of a day may be of before an event: reports repeat counts of up to three months earlier."""
    return day <= event.date.last_day + dt.timedelta(days=REPEATED)
