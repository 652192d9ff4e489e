"""Custodians name who captures for them, whom they hold and whose ground they take, in words that the case knows."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.captor_words import custodians_of, listed
from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at, name_problem

ONLY = ("holds", "captors", "ground")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield columns of custodians in other places, ground that is no theatre, and captors that no custodian lists."""
    places = draft.tables.places
    for place in places:
        filled = [column for column in ONLY if getattr(place, column)]
        if place.kind != "custodian":
            for column in filled:
                yield at(place.where, column, repr(getattr(place, column)), "an empty cell, or the kind custodian")
    if draft.header is not None:
        yield from _ground(draft, draft.header.theatre.countries)
    custodians = [place for place in places if place.kind == "custodian"]
    words = [word for place in custodians for word in listed(place.captors)]
    if words and "places" in draft.whole:
        yield from _losses(draft, words)


def _ground(draft: Draft, countries: tuple[str, ...]) -> Iterator[Problem]:
    for place in draft.tables.places:
        for country in listed(place.ground):
            if country not in countries:
                where, expected = place.where, "a country of the theatre in case.toml"
                assert where is not None, "records of a draft know their rows"
                yield name_problem(country, countries, expected, file=where.file, row=where.row, column="ground")


def _losses(draft: Draft, words: list[str]) -> Iterator[Problem]:
    """Losses of the core whose captor is none of those listed."""
    custodians = [place for place in draft.tables.places if place.kind == "custodian"]
    core = draft.header.core if draft.header is not None else ""
    ours = {holding.holding for holding in draft.tables.holdings if holding.organisation == core}
    for event in draft.tables.holding_events:
        taken = event.event == "lost" and event.holding in ours and event.by
        if taken and not custodians_of(event.by, custodians):
            where, expected = event.where, "a text with a captor that a custodian of places.csv lists"
            assert where is not None, "records of a draft know their rows"
            yield name_problem(event.by, words, expected, file=where.file, row=where.row, column="by")
