"""Every origin, and every remainder of uncounted origins, is in a region; a region has at most one remainder."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at


def check(draft: Draft) -> Iterator[Problem]:
    """Yield origins without a region and second remainders."""
    remainders: dict[str, str] = {}
    for place in draft.tables.places:
        if place.kind in ("origin", "remainder") and not place.region:
            yield at(place.where, "region", "an empty cell", f"a region for every {place.kind}")
        if place.kind == "remainder" and place.region:
            other = remainders.setdefault(place.region, place.place)
            if other != place.place:
                found = f"{place.place!r} as well as {other!r}"
                yield at(place.where, "region", found, "one remainder a region")
