"""Some figure counts everyone who travelled, to which the parts can sum, or people in the theatre at a time."""

from __future__ import annotations

from collections.abc import Iterator

from afterfall.case.draft import Draft
from afterfall.case.problems import Problem, at
from afterfall.case.records import WORLD
from afterfall.case.schema import BY_ATTRIBUTE


def check(draft: Draft) -> Iterator[Problem]:
    """Yield a problem when no figure counts all who travelled and none the people there, or all totals are zero."""
    if "figures" not in draft.whole:
        return
    totals = [f for f in draft.tables.figures if f.quantity == "travelled" and f.place == WORLD and not f.role]
    stocks = [f for f in draft.tables.figures if f.quantity == "in_theatre" and f.basis == "stock" and not f.role]
    if not any(f.basis == "cumulative" for f in totals):
        if any(f.high > 0.0 for f in stocks):
            return
        file = BY_ATTRIBUTE["figures"].file
        expected = f"a cumulative figure of quantity travelled, place {WORLD}, no role; or a stock of in_theatre"
        yield Problem(file, None, "quantity", "no total of all who travelled", expected)
    elif all(f.high <= 0.0 for f in totals if f.basis == "cumulative"):
        where = totals[0].where
        assert where is not None, "records of a draft know their rows"
        yield at(where, "value", "0, as in all totals of the world", "a total above 0: there is nobody to forecast")
