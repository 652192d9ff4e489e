"""Pairs of published figures of one place and quantity that cannot both be right.

Two figures contradict each other where the numbers of people that each may stand for have nothing in common. What a
figure may stand for is its published interval, widened by the 90 % error of its grade, and multiplied by the people
whom one counted person may stand for by its definition (fighters leave out families; a count of all theatres includes
people elsewhere). Figures of different days are compared where the quantity cannot have changed in between: within
three months, and at any distance where an earlier running total is above a later one. A running total of one and the
same definition cannot fall at all: there the published intervals alone decide.

A pair is listed where the start or the fit reads at least one of the two. The counterpart for figures that the start
mixes, with parts of a total that add up to another number, is `readings.contradictions`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from afterfall.model import Model
from afterfall.model.observation.counting import people_per_unit
from afterfall.model.observation.figure_rules import FIGHTERS_LEAVE_OUT, SHARE_IN_THEATRE, THREE_MONTHS, definition_code
from afterfall.model.observation.fit_readings import FitReading
from afterfall.model.observation.readings import FigureReading

#: Standard normal quantile of a 90 % interval.
Z90 = 1.6449
#: Roles of families, whose numbers per fighter are parameters.
FAMILIES = ("role.adult", "role.minor")
Units = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FigureClash:
    """Two readings that cannot both be right, the older first; `outcome` says what the start makes of them."""

    one: FigureReading
    other: FigureReading
    outcome: str


def figure_clashes(model: Model, read: Iterable[tuple[FigureReading, FitReading]]) -> tuple[FigureClash, ...]:
    """Pairs of figures of one place that cannot both be right, by quantity and date."""
    units, found = _units(model), []
    comparable = [(r, f) for r, f in read if r.figure.counts_everyone and (r.used or f.used or r.high > 0)]
    ordered = sorted(comparable, key=lambda pair: (pair[0].figure.refers_to.last_day, pair[0].figure.figure))
    for (a, fit_a), (b, fit_b) in combinations(ordered, 2):
        same = a.figure.quantity == b.figure.quantity and a.figure.basis == b.figure.basis
        if same and any((a.used, b.used, fit_a.used, fit_b.used)) and contradict(model, a, b, units):
            found.append(FigureClash(a, b, _outcome(a, b, fit_a, fit_b)))
    return tuple(sorted(found, key=lambda c: c.one.figure.quantity))


def contradict(model: Model, older: FigureReading, newer: FigureReading, units: Units | None = None) -> bool:
    """Whether two figures of one quantity, the older first, cannot both be right."""
    units = _units(model) if units is None else units
    view, a, b = model.view, older.figure, newer.figure
    running = a.basis == "cumulative"
    if running and a.definition == b.definition and _low(older) > _high(newer):
        return True
    months = abs(view.month_of(b.refers_to.last_day) - view.month_of(a.refers_to.last_day))
    (low_a, high_a), (low_b, high_b) = _people(older, units), _people(newer, units)
    return (low_a > high_b and (running or months <= THREE_MONTHS)) or (high_a < low_b and months <= THREE_MONTHS)


def _people(one: FigureReading, units: Units) -> tuple[float, float]:
    """The fewest and the most people of this theatre that a figure may stand for."""
    least, most = units[definition_code(one.figure)]
    factor = math.exp(Z90 * one.error)
    return _low(one) / factor * least, _high(one) * factor * most


def _low(one: FigureReading) -> float:
    return 0.0 if one.bound == "at_most" else one.low


def _high(one: FigureReading) -> float:
    return math.inf if one.bound == "at_least" else one.high


def _units(model: Model) -> Units:
    """Fewest and most people per person counted, by code of definition, at the ends of the priors."""
    known = {p.name: p for p in model.parameters}
    out, there = known[FIGHTERS_LEAVE_OUT], known[SHARE_IN_THEATRE]
    least = people_per_unit(out.low, there.low, sum(known[r].low for r in FAMILIES))
    most = people_per_unit(out.high, there.high, sum(known[r].high for r in FAMILIES))
    return tuple((float(a), float(b)) for a, b in zip(least, most, strict=True))


def _outcome(a: FigureReading, b: FigureReading, fit_a: FitReading, fit_b: FitReading) -> str:
    fit = "the fit weighs both" if fit_a.used and fit_b.used else "the fit reads only one of them"
    if a.used and b.used:
        if a.family == b.family:
            return "the start takes the mean of their log densities, since they are of one report family"
        return f"the start is a mixture of both, with weights {a.weight:.2f} and {b.weight:.2f}"
    if a.used or b.used:
        return f"the start reads only the {'older' if a.used else 'newer'}; {fit}"
    return fit
