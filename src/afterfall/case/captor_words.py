"""Who holds the people that are taken with a place: from the words on who took it to the custodians of a case.

A custodian of places.csv lists the captors whose prisoners it holds (``SDF; YPG``). A loss goes to the custodians whose
word comes first in ``by``: in "SDF with Coalition", the custodians of the SDF. Upper and lower case are the same, and a
word counts where it stands as a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from afterfall.case.records import Place


def listed(cell: str | None) -> tuple[str, ...]:
    """The texts of a cell that holds several, separated by semicolons.

    >>> listed("SDF; YPG")
    ('SDF', 'YPG')
    """
    return tuple(word for word in (part.strip() for part in (cell or "").split(";")) if word)


def custodians_of(by: str, places: Iterable[Place]) -> tuple[str, ...]:
    """Codes of the custodians of the captor that a text names first; none if no word of theirs occurs in it."""
    first: dict[str, int] = {}
    for place in places:
        found = [match.start() for word in listed(place.captors) if (match := _word(word).search(by))]
        if found:
            first[place.place] = min(found)
    return tuple(code for code, position in first.items() if position == min(first.values()))


def capturing(places: Iterable[Place]) -> tuple[str, ...]:
    """Codes of the custodians that take prisoners in the theatre: those with captors, or all where none has any."""
    custodians = [place for place in places if place.kind == "custodian"]
    return tuple(p.place for p in custodians if listed(p.captors)) or tuple(p.place for p in custodians)


def rival_captors(places: Iterable[Place]) -> tuple[str, ...]:
    """Code of the first custodian of each set of captors; none where there is one set at most."""
    first: dict[tuple[str, ...], str] = {}
    for place in places:
        if place.kind == "custodian" and listed(place.captors):
            first.setdefault(listed(place.captors), place.place)
    return tuple(first.values()) if len(first) > 1 else ()


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
