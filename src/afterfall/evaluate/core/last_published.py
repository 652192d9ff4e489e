"""The last published figure: the latest figure of a place and quantity that had been published by a date.

Increments are counted from it, and every baseline starts from it. Which figures fit is the same here, in the outcomes
and in the model's nowcast: a figure of everyone (no role), of people by one of the definitions of `COUNTS_PEOPLE`, a
running total for a counter and a stock at a date for a stock.
"""

from __future__ import annotations

from afterfall.case import Case, Figure
from afterfall.model.language.case_view import COUNTS_PEOPLE
from afterfall.model.language.quantities import COUNTERS
from afterfall.model.observation.measurement_error import error_of

#: Quantity of the model that corresponds to a quantity of a case.
MODELLED = {
    "travelled": "travelled",
    "returned": "returned",
    "killed": "killed_so_far",
    "prosecuted": "prosecuted",
    "repatriated": "repatriated",
    "in_theatre": "in_theatre",
    "detained": "detained",
    "detained_foreign": "detained",
    "third_country": "third_country",
}
WORLD = "WLD"


def is_counter(quantity: str) -> bool:
    """Whether a quantity of the model is a running total; the others are stocks."""
    return quantity in COUNTERS


def fits(figure: Figure, quantity: str) -> bool:
    """Whether a figure measures a quantity of the model: of everyone, in people, on the matching basis."""
    return (
        MODELLED.get(figure.quantity) == quantity
        and not figure.role
        and figure.definition in COUNTS_PEOPLE
        and figure.basis == ("cumulative" if is_counter(quantity) else "stock")
    )


def published_figures(case: Case, quantity: str, place: str) -> list[Figure]:
    """Fitting figures of a place and quantity, earliest date first; on one day the most reliable source comes last."""
    named = [name for name, modelled in MODELLED.items() if modelled == quantity]
    found = [f for name in named for f in case.figures_of(name, place=place) if fits(f, quantity)]
    return sorted(found, key=lambda f: (f.refers_to.last_day, -error_of(f), f.figure))


def last_published_figure(case: Case, quantity: str, place: str) -> Figure | None:
    """The latest fitting figure of a cut case, or None if there is none."""
    found = published_figures(case, quantity, place)
    return found[-1] if found else None
