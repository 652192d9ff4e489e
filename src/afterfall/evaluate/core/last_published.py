"""The last public word: the latest figure of a place and quantity that had been published by a date.

Increments are counted from it, and every naive forecast starts from it. What counts as a fitting figure is the same
here, in the outcomes and in the model's nowcast: a figure of everyone (no role), of people by a definition that
counts people, a running total for a counter and a stock at a date for a stock.
"""

from __future__ import annotations

from afterfall.case import Case, Figure
from afterfall.model.compile.quantities import COUNTERS
from afterfall.model.observation.figure_rules import MODEL_QUANTITY, error_of


def is_counter(quantity: str) -> bool:
    """Whether a quantity of the model counts all so far; the others are stocks."""
    return quantity in COUNTERS


def fits(figure: Figure, quantity: str) -> bool:
    """Whether a figure speaks of a quantity of the model: everyone, people, and a basis that fits."""
    return (
        MODEL_QUANTITY.get(figure.quantity) == quantity
        and figure.counts_everyone
        and figure.basis == ("cumulative" if is_counter(quantity) else "stock")
    )


def public_figures(case: Case, quantity: str, place: str) -> list[Figure]:
    """Fitting figures of a place and quantity, the earliest date first, on one day the more reliable source last."""
    named = [name for name, modelled in MODEL_QUANTITY.items() if modelled == quantity]
    found = [f for name in named for f in case.figures_of(name, place=place) if fits(f, quantity)]
    return sorted(found, key=lambda f: (f.refers_to.last_day, -error_of(f), f.figure))


def last_public(case: Case, quantity: str, place: str) -> Figure | None:
    """The latest fitting figure of a cut case, or None where there is none."""
    found = public_figures(case, quantity, place)
    return found[-1] if found else None
