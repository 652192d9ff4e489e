"""A case is small enough to be simulated: a limit on its origins, places and holdings, stated with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.schema import BY_ATTRIBUTE

#: Countries and territories of the world number some 250; no case needs more origins, or more hosts.
MOST_ORIGINS, MOST_HOSTS = 300, 300
#: Every holding is a dated event of its own in each simulation.
MOST_HOLDINGS = 500
#: A remainder many times the largest listed holding leaves a forecast to what the case does not describe.
MOST_PARTS = 200


def check(draft: Draft) -> Iterator[Problem]:
    """Yield a problem for each table that is too large, and for a remainder of too many parts."""
    places, holdings = draft.tables.places, draft.tables.holdings
    for kind, most in (("origin", MOST_ORIGINS), ("host", MOST_HOSTS)):
        count = sum(place.kind == kind for place in places)
        if count > most:
            yield Problem(BY_ATTRIBUTE["places"].file, None, "kind", f"{count:,} of kind {kind}", f"at most {most}")
    if len(holdings) > MOST_HOLDINGS:
        file = BY_ATTRIBUTE["holdings"].file
        yield Problem(file, None, "holding", f"{len(holdings):,} holdings", f"at most {MOST_HOLDINGS}")
    listed = [h.population for h in holdings if h.kind != "remainder" and h.population is not None]
    for holding in holdings:
        if holding.kind != "remainder" or not holding.population or not listed:
            continue
        parts = holding.population / max(listed)
        if parts > MOST_PARTS:
            found = f"{holding.population:,.0f}, {parts:,.0f} times the largest listed holding"
            expected = f"at most {MOST_PARTS} times the largest listed holding, {max(listed):,.0f}"
            yield at(holding.where, "population", found, expected)
