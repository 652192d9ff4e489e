"""Custody events lead from a custodian to where their people can be, count whole people, and name nationalities known.

The people of an event must be found somewhere afterwards. A handover and a transfer lead to a custodian; a break and a
release lead home, to the theatre at large, or to where nobody knows (``unrecorded``). A closure leads to either.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.captor_words import listed
from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at, name_problem
from afterfall.case.records import FOREIGN, NOT_HELD, WORLD, CustodyChange, Indicator
from afterfall.case.schema import SIGNAL_QUANTITIES

HELD_AFTER = frozenset({"handover", "transfer"})
LEFT_FREE = frozenset({"break", "release"})


def check(draft: Draft) -> Iterator[Problem]:
    """Yield events between others than custodians, numbers out of order, and nationalities that are no places."""
    places = draft.names.get("places")
    custodians = {place.place for place in draft.tables.places if place.kind == "custodian"}
    if places is not None and "places" not in draft.whole:
        custodians |= places
    for event in draft.tables.custody_events:
        yield from _numbers(event)
        if places is not None:
            yield from _ends(event, custodians, places)
            yield from _named(event.people, places | {FOREIGN}, event, "people")
    for indicator in draft.tables.indicators:
        if places is not None:
            yield from _named(indicator.places, places, indicator, "places")
            yield from _signals(indicator, places)


def _ends(event: CustodyChange, custodians: set[str], places: frozenset[str]) -> Iterator[Problem]:
    start, end = event.from_custodian, event.to_custodian
    where = event.where
    assert where is not None, "records of a draft know their rows"
    if start in places and start not in custodians:
        expected = "a place of kind custodian"
        yield name_problem(start, custodians, expected, file=where.file, row=where.row, column="from_custodian")
    if end in places and end not in custodians:
        expected = f"a place of kind custodian, or one of {', '.join(NOT_HELD)}"
        yield name_problem(
            end, custodians | {*NOT_HELD}, expected, file=where.file, row=where.row, column="to_custodian"
        )
    if event.kind in HELD_AFTER and (not end or end in NOT_HELD):
        yield at(
            where, "to_custodian", repr(end), f"a place of kind custodian, since people of a {event.kind} stay held"
        )
    if event.kind in LEFT_FREE and end not in NOT_HELD:
        expected = f"one of {', '.join(NOT_HELD)}, since people of a {event.kind} are held by nobody"
        yield at(where, "to_custodian", repr(end), expected)
    if start and start == end:
        yield at(where, "to_custodian", repr(end), "another custodian than the one they leave")


def _numbers(event: CustodyChange) -> Iterator[Problem]:
    numbers = [event.low, event.value, event.high]
    known = [one for one in numbers if one is not None]
    shown = ", ".join("nothing" if one is None else f"{one:g}" for one in numbers)
    if known and len(known) < len(numbers):
        yield at(event.where, "value", shown, "low, value and high, or none of them")
    elif known != sorted(known):
        yield at(event.where, "value", shown, "low <= value <= high")
    for column in ("low", "high"):
        number = getattr(event, column)
        if number is not None and number != int(number):
            yield at(event.where, column, f"{number:g}", "a whole number")


def _signals(indicator: Indicator, places: frozenset[str]) -> Iterator[Problem]:
    """Names ``QUANTITY:PLACE`` of a quantity that no run simulates as an indicator, or of no place of the case."""
    where = indicator.where
    assert where is not None, "records of a draft know their rows"
    for name in listed(indicator.signal):
        quantity, colon, place = name.partition(":")
        if colon and quantity not in SIGNAL_QUANTITIES:
            expected = f"one of {', '.join(SIGNAL_QUANTITIES)} before the colon"
            yield name_problem(quantity, SIGNAL_QUANTITIES, expected, file=where.file, row=where.row, column="signal")
        if colon and place not in places | {WORLD}:
            yield name_problem(
                place, places, f"a place of places.csv or {WORLD}", file=where.file, row=where.row, column="signal"
            )


def _named(words: str, known: frozenset[str], record: CustodyChange | Indicator, column: str) -> Iterator[Problem]:
    """Words of a list that are no places of the case."""
    where = record.where
    assert where is not None, "records of a draft know their rows"
    for word in listed(words):
        if word not in known:
            yield name_problem(word, known, "names in places.csv", file=where.file, row=where.row, column=column)
