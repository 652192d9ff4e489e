"""No population is counted twice: holdings share no name or location, and one remainder covers what no row lists."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import Holding
from afterfall.case.schema import BY_ATTRIBUTE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield holdings that overlap with another one, and a missing or second remainder."""
    holdings = draft.tables.holdings
    first: dict[object, Holding] = {}
    for holding in holdings:
        marks = [(holding.country, holding.name.casefold())]
        spot = [] if holding.lat is None else [(holding.lat, holding.lon)]
        other = next((first[m] for m in (*marks, *spot) if m in first), None)
        if other is not None:
            found = f"{holding.holding!r} with the name or the location of {other.holding!r}"
            yield at(holding.where, "holding", found, "holdings that do not overlap")
        for mark in (*marks, *spot):
            first.setdefault(mark, holding)
    rest = [h for h in holdings if h.kind == "remainder"]
    if holdings and not rest and "holdings" in draft.whole:
        file = BY_ATTRIBUTE["holdings"].file
        yield Problem(file, None, "kind", "no remainder", "one remainder for the territory that no row lists")
    for holding in rest[1:]:
        yield at(holding.where, "kind", f"a second remainder {holding.holding!r}", "one remainder")
