"""Captures and losses of a holding alternate, and the first capture comes before the first loss."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import HoldingEvent


def check(draft: Draft) -> Iterator[Problem]:
    """Yield events that do not follow from the event before."""
    by_holding: dict[str, list[HoldingEvent]] = {}
    for event in draft.tables.holding_events:
        by_holding.setdefault(event.holding, []).append(event)
    for events in by_holding.values():
        yield from _out_of_turn(sorted(events, key=lambda e: (e.date.last_day, e.date.first_day)))


def _out_of_turn(events: list[HoldingEvent]) -> Iterator[Problem]:
    first = events[0]
    capture = next((e for e in events if e.event == "captured"), None)
    if first.event == "lost" and capture is not None:
        found = f"lost {first.date}, before it was captured {capture.date}"
        yield at(first.where, "date", found, "a capture before the first loss")
    for earlier, later in pairwise(events):
        if earlier.event == later.event:
            found = f"{later.event} {later.date}, already {earlier.event} {earlier.date}"
            yield at(later.where, "event", found, "captured and lost in turn")
