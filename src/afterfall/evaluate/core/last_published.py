"""The last published figure: the latest figure of a place and quantity that had been published by a date.

Increments are counted from it, and every baseline starts from it. Which figures fit is the same here, in the outcomes
and in the model's nowcast: a figure of everyone (no role), of people by a definition that counts people, a running
total for a counter and a stock at a date for a stock.
"""

from __future__ import annotations

from afterfall.case import Case, Figure
from afterfall.model.compile.quantities import COUNTERS
from afterfall.model.observation.figure_rules import MODEL_QUANTITY, error_of


def is_counter(quantity: str) -> bool:
    """Whether a quantity of the model is a running total; the others are stocks."""
    return quantity in COUNTERS


def fits(figure: Figure, quantity: str) -> bool:
    """Whether a figure measures a quantity of the model: of everyone, in people, on the matching basis."""
    return (
        MODEL_QUANTITY.get(figure.quantity) == quantity
        and figure.counts_everyone
        and figure.basis == ("cumulative" if is_counter(quantity) else "stock")
    )


def published_figures(case: Case, quantity: str, place: str) -> list[Figure]:
    """Fitting figures of a place and quantity, earliest date first; on one day the most reliable source comes last."""
    named = [name for name, modelled in MODEL_QUANTITY.items() if modelled == quantity]
    found = [f for name in named for f in case.figures_of(name, place=place) if fits(f, quantity)]
    return sorted(found, key=lambda f: (f.refers_to.last_day, -error_of(f), f.figure))


def last_published_figure(case: Case, quantity: str, place: str) -> Figure | None:
    """The latest fitting figure of a cut case, or None if there is none."""
    found = published_figures(case, quantity, place)
    return found[-1] if found else None
