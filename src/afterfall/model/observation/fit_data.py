"""What figures say to a fit: every published number that bears on the history, as arrays, with the rule that reads it.

Read are counts of everyone (no role), in a definition that counts people who travelled:

============  =====================================================================================================
returned      running counts by origin, and of the world as a bound or a share
killed        the same
in_theatre    stocks by origin and of the world; not where the same report family gives travelled and returned (or
              killed) within three months, since it is then only what is left over
third country  numbers by origin
strength      of the core: a bound from above on its foreigners, since locals are in it
============  =====================================================================================================

Each origin's total is what the nowcast reads (`readings`): one of its report families, picked by weight. Counts of one
report family in one place speak together as one (the mean of their log likelihoods: repetition is no information);
families that contest each other are a mixture by weight. The world's running totals and the arrivals draw the arrival
curve and are not read again; groups of countries repeat their members; prosecutions, prisons and camps happen in states
that the fit program does not tell apart. What is left out, and why, is in `left_out`.

A figure is an interval: its published range, or half the unit in which it is rounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
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
    SHARES,
    bound_code,
    definition_code,
    error_of,
    interval,
)

THREE_MONTHS = 3
#: Points at which an interval's likelihood is taken, as parts of its half width.
POINTS = (-0.8, -0.4, 0.0, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Observed:
    """One number: which quantity, where, when (column of the history), its interval and error, and in whose words."""

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
    """All that a fit reads of a case: numbers, readings of totals, and the order in which holdings fell."""

    observed: tuple[Observed, ...]
    totals: dict[int, tuple[measurement_error.Reading, ...]]
    falls: tuple[tuple[Floats, Floats, Ints], ...]
    left_out: tuple[tuple[Figure, str], ...]

    @cached_property
    def digest(self) -> str:
        """Hash of all numbers that the likelihood reads."""
        text = repr([(o.figure.figure, *_numbers(o)) for o in self.observed])
        text += repr(sorted((origin, [_reading(r) for r in block]) for origin, block in self.totals.items()))
        falls = b"".join(steady(np.asarray(a)).tobytes() for fall in self.falls for a in fall)
        return hashlib.sha256(text.encode() + falls).hexdigest()


def _numbers(o: Observed) -> tuple[object, ...]:
    return (o.quantity, o.origin, o.column, o.low, o.high, f"{o.sd:.8g}", o.kind, o.bound, o.family)


def _reading(r: measurement_error.Reading) -> tuple[object, ...]:
    return (f"{r.log:.8g}", f"{r.sd:.8g}", r.kind, r.bound)


def steady(values: np.ndarray) -> np.ndarray:
    """Numbers for a hash: rounded to some nine digits, since mathematical libraries differ in the last."""
    if values.dtype.kind != "f":
        return np.ascontiguousarray(values)
    part, power = np.frexp(values)
    return np.ascontiguousarray(np.ldexp(np.round(part * 2.0**30) / 2.0**30, power) + 0.0)


def fit_figures(view: CaseView) -> FitFigures:
    """Read a scene's figures for a fit."""
    observed, left_out = [], []
    for figure in view.case.figures:
        if figure.quantity not in (*FIT_QUANTITIES, "prosecuted", "repatriated", "detained", "camp_population"):
            continue
        if figure.quantity == "strength" and figure.organisation != view.case.core:
            continue
        why = _why_not(view, figure)
        if why:
            left_out.append((figure, why))
        else:
            observed.append(_observed(view, figure))
    observed.sort(key=lambda o: (o.quantity, o.origin, o.family, o.column, o.figure.figure))
    curve = ArrivalCurve.of(view)
    places = sorted({o.origin for o in observed if o.origin >= 0})
    totals = {o: tuple(measurement_error.totals(view, view.origins[o], curve)) for o in places}
    return FitFigures(tuple(observed), totals, tuple(lost_in_turn(view)), tuple(left_out))


def _why_not(view: CaseView, figure: Figure) -> str:
    """Why a figure is not read, or nothing."""
    if figure.quantity not in FIT_QUANTITIES:
        return "happens in states that the fit program does not tell apart"
    if figure.refers_to.last_day < view.case.mobilisation:
        return "before the mobilisation"
    if figure.quantity == "strength":
        return "" if figure.bound != "at_least" else "a lower bound on foreigners and locals together"
    if figure.role:
        return "one role only"
    if not figure.counts_people:
        return f"counts something else ({figure.definition})"
    if figure.place != WORLD and figure.place not in view.named:
        return "a group of countries repeats its members"
    if figure.quantity in SHARES and figure.place != WORLD:
        return "a share of one country repeats its counts"
    if figure.quantity == "in_theatre" and _left_over(view, figure):
        return "only what its own source leaves over"
    return ""


def _left_over(view: CaseView, figure: Figure) -> bool:
    """Whether a stock in the theatre is travelled less returned or killed of one report family."""

    def near(quantity: str) -> bool:
        month = view.month_of(figure.refers_to.last_day)
        return any(
            f.report_family == figure.report_family and abs(view.month_of(f.refers_to.last_day) - month) <= THREE_MONTHS
            for f in view.case.figures_of(quantity, place=figure.place)
            if not f.role
        )

    return near("travelled") and (near("returned") or near("killed"))


def _observed(view: CaseView, figure: Figure) -> Observed:
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
    """Numbers that contest each other, by origin and quantity, then by report family: positions in `observed`.

    A stated bound has a chance where a count has a density; it contests nothing and is a group of its own family. (The
    strength of the core is read as a bound by our own choice: its contesting totals remain so.)
    """
    found: dict[tuple[int, str, str], dict[str, list[int]]] = {}
    for i, o in enumerate(observed):
        bound = o.family if o.bound and o.quantity != "strength" else ""
        found.setdefault((o.origin, o.quantity, bound), {}).setdefault(o.family, []).append(i)
    for (origin, quantity, _), families in sorted(found.items()):
        yield origin, quantity, families
