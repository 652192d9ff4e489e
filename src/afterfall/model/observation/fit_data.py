"""The figures that a fit uses, with the rules that select them.

A fit uses counts of everyone (no role) with a definition that counts people who travelled:

=============  ====================================================================================================
returned       running totals by origin, and of the world as a bound or a share
killed         the same
in_theatre     stocks by origin and of the world, except where the same report family gives travelled and returned
               (or killed) within three months: the stock is then only the difference
third_country  numbers by origin
strength       of the core: an upper bound on its foreigners, since it includes locals
=============  ====================================================================================================

The total of each origin follows the readings of the nowcast (`measurement_error`): one of its report families, chosen
by weight. Counts of one report family in one place count once (the mean of their log likelihoods), since repetition
adds no information. Competing families are a mixture by weight. The world's running totals and the arrivals determine
the arrival curve and are not used again. Groups of countries repeat their members. Prosecutions, prisons and camps
occur in states that the fit program does not distinguish. `left_out` lists what is not used, and why.

A figure is an interval: its published range, or half the unit to which it is rounded (`figure_rules.interval`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from afterfall.case import WORLD, Figure
from afterfall.engine.program import Floats, Ints
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.mechanisms.territory import lost_in_turn
from afterfall.model.observation import measurement_error
from afterfall.model.observation.figure_rules import (
    FIT_QUANTITIES,
    bound_code,
    definition_code,
    error_of,
    interval,
    why_not,
)

#: Points at which the likelihood of an interval is evaluated, as multiples of its half width.
POINTS = (-0.8, -0.4, 0.0, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Observed:
    """One figure of a fit: its quantity, place, month (column of the history), interval, error and report family."""

    figure: Figure
    quantity: str
    origin: int  # position among the origins, -1 for the world
    column: int
    low: float
    high: float
    sd: float
    kind: int
    bound: int
    family: str


@dataclass(frozen=True)
class FitFigures:
    """All that a fit uses of a case: figures, readings of totals, and the order in which holdings fell."""

    observed: tuple[Observed, ...]
    totals: dict[int, tuple[measurement_error.Reading, ...]]
    falls: tuple[tuple[Floats, Floats, Ints], ...]
    left_out: tuple[tuple[Figure, str], ...]

    @cached_property
    def digest(self) -> str:
        """Hash of all numbers that the likelihood uses."""
        text = repr([(o.figure.figure, *_numbers(o)) for o in self.observed])
        text += repr(sorted((origin, [_reading(r) for r in block]) for origin, block in self.totals.items()))
        falls = b"".join(steady(np.asarray(a)).tobytes() for fall in self.falls for a in fall)
        return hashlib.sha256(text.encode() + falls).hexdigest()


def _numbers(o: Observed) -> tuple[object, ...]:
    return (o.quantity, o.origin, o.column, o.low, o.high, f"{o.sd:.8g}", o.kind, o.bound, o.family)


def _reading(r: measurement_error.Reading) -> tuple[object, ...]:
    return (f"{r.log:.8g}", f"{r.sd:.8g}", r.kind, r.bound)


def steady(values: np.ndarray) -> np.ndarray:
    """Numbers for a hash: rounded to about nine digits, since mathematical libraries differ in the last digits."""
    if values.dtype.kind != "f":
        return np.ascontiguousarray(values)
    part, power = np.frexp(values)
    return np.ascontiguousarray(np.ldexp(np.round(part * 2.0**30) / 2.0**30, power) + 0.0)


def fit_figures(view: CaseView) -> FitFigures:
    """The figures of a case that a fit uses."""
    observed, left_out = [], []
    for figure in view.case.figures:
        if figure.quantity not in (*FIT_QUANTITIES, "prosecuted", "repatriated", "detained", "camp_population"):
            continue
        if figure.quantity == "strength" and figure.organisation != view.case.core:
            continue
        why = why_not(view, figure)
        if why:
            left_out.append((figure, why))
        else:
            observed.append(observed_figure(view, figure))
    observed.sort(key=lambda o: (o.quantity, o.origin, o.family, o.column, o.figure.figure))
    curve = ArrivalCurve.of(view)
    places = sorted({o.origin for o in observed if o.origin >= 0})
    totals = {o: tuple(measurement_error.totals(view, view.origins[o], curve)) for o in places}
    return FitFigures(tuple(observed), totals, tuple(lost_in_turn(view)), tuple(left_out))


def observed_figure(view: CaseView, figure: Figure) -> Observed:
    """A figure as a fit and the nowcast read it."""
    low, high = interval(figure)
    past = view.history_months
    column = min(max(past + view.month_of(figure.refers_to.last_day), 1), past)
    world = figure.quantity == "strength" or figure.place == WORLD
    return Observed(
        figure=figure,
        quantity=figure.quantity,
        origin=-1 if world else view.origins.index(figure.place),
        column=column,
        low=low,
        high=high,
        sd=error_of(figure),
        kind=definition_code(figure),
        bound=-1 if figure.quantity == "strength" else bound_code(figure),
        family=figure.report_family,
    )


def groups(observed: tuple[Observed, ...]) -> Iterator[tuple[int, str, dict[str, list[int]]]]:
    """Competing figures by origin and quantity, then by report family: positions in `observed`.

    A stated bound has a probability where a count has a density. It competes with nothing and forms a group with its
    own family. (The strength of the core is read as a bound by our choice: its totals still compete.)
    """
    found: dict[tuple[int, str, str], dict[str, list[int]]] = {}
    for i, o in enumerate(observed):
        bound = o.family if o.bound and o.quantity != "strength" else ""
        found.setdefault((o.origin, o.quantity, bound), {}).setdefault(o.family, []).append(i)
    for (origin, quantity, _), families in sorted(found.items()):
        yield origin, quantity, families


def family_worth(observed: Sequence[Observed], members: Sequence[int]) -> float:
    """Weight of a report family among those that compete with it: the precision of its best figure."""
    return max(1.0 / observed[i].sd ** 2 for i in members)
