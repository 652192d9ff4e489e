"""People of one origin whom custody events moved to a custodian, as counts of those whom it holds.

Those moved, with the latest count of those whom the custodian held before, are a count of those whom it holds, its
sentenced among them. Those moved within `NO_VERDICT` months are also a lower bound of those whom no court has sentenced
yet. Nothing here in a case without custody events.

Assumption: no court sentences within half a year of the arrival of many at once. After the transfer of 2026 the Iraqi
judiciary said in February that it would try all of them, and no verdict is known of the weeks that followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterfall.case import CustodyChange, Figure
from afterfall.case.captor_words import listed
from afterfall.model.language.case_view import CaseView

#: Months in which nobody moved to a custodian is sentenced there.
NO_VERDICT = 6


def moved_in(view: CaseView, origin: str) -> Iterator[Figure]:
    """For each custodian, those of an origin whom events moved there, with those whom it was known to hold before."""
    for custodian, events in _events(view, origin).items():
        known = _known_before(view, origin, custodian, events[0].role)
        since = [e for e in events if known is None or e.date.last_day > known.refers_to.last_day]
        if since:
            yield _sum_of(f"moved-to-{custodian}-{origin}", custodian, origin, since, known)


def moved_lately(view: CaseView, origin: str) -> Iterator[tuple[str, Figure]]:
    """For each custodian, those of an origin whom events moved there within `NO_VERDICT` months: at least so many."""
    for custodian, events in _events(view, origin).items():
        late = [e for e in events if -view.month_of(e.date.last_day) <= NO_VERDICT]
        if late:
            yield custodian, _sum_of(f"moved-lately-{custodian}-{origin}", custodian, origin, late, None, "at_least")


def _events(view: CaseView, origin: str) -> dict[str, list[CustodyChange]]:
    """The counted events that moved people of an origin alone, by the custodian they were moved to."""
    found: dict[str, list[CustodyChange]] = {}
    for event in view.case.custody_events:
        if event.to_custodian in view.custodians and listed(event.people) == (origin,) and event.value is not None:
            found.setdefault(event.to_custodian, []).append(event)
    return found


def _known_before(view: CaseView, origin: str, custodian: str, role: str) -> Figure | None:
    """The latest count of an origin's people of a role whom a custodian held."""
    word = custodian.replace("-", "_")
    rows = [
        f
        for f in view.case.figures_of("detained", place=origin)
        if f.definition == word and f.role == role and f.basis == "stock" and not f.bound
    ]
    return max(rows, key=lambda f: (f.refers_to.last_day, f.figure), default=None)


def _sum_of(
    name: str, custodian: str, origin: str, events: Sequence[CustodyChange], known: Figure | None, bound: str = ""
) -> Figure:
    last = max(events, key=lambda e: (e.date.last_day, e.event))
    low, value, high = (
        sum(getattr(e, end) for e in events) + (getattr(known, end) if known else 0.0)
        for end in ("low", "value", "high")
    )
    return Figure(
        figure=name,
        quantity="detained",
        place=origin,
        role=last.role,
        low=low,
        value=value,
        high=high,
        bound=bound,  # type: ignore[arg-type]
        refers_to=last.date,
        published=last.published,
        basis="stock",
        definition=custodian.replace("-", "_"),
        family=last.family,
        source=last.source,
        grade=last.grade,
        verified=True,
    )
