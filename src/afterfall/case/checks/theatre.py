"""The countries of the theatre are exactly the places of kind theatre."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at, name_problem
from afterfall.case.schema import HEADER_FILE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield countries that only one of case.toml and places.csv lists."""
    if draft.header is None or "places" not in draft.names:
        return
    countries = draft.header.theatre.countries
    places = [p for p in draft.tables.places if p.kind == "theatre"]
    for country in countries:
        if country not in draft.names["places"]:
            expected = "a place of kind theatre in places.csv"
            valid = [p.place for p in places]
            yield name_problem(country, valid, expected, file=HEADER_FILE, row=None, column="theatre.countries")
    for place in places:
        if place.place not in countries:
            yield at(place.where, "kind", f"theatre for {place.place!r}", "a country that case.toml has in its theatre")
