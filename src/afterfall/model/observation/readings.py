"""How every published figure of a place is read when its people are placed at the as-of date, or why it is not.

`reading_of` is the one list of these rules. The nowcast builds its arrays from the figures that it calls used
(`readings_of`), and reports print the same readings.

A used figure belongs to a group: figures of one place that measure one thing and compete. Within a group, figures of
one report family share one weight, and families have weights by their errors that sum to one. A stated bound competes
with nothing. The reading has the weight of the figure itself: that of its family divided by its figures.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.figure_rules import (
    ALL_THEATRES,
    FIGHTERS_ONLY,
    FIT_QUANTITIES,
    PEOPLE,
    definition_code,
    error_of,
    interval,
    why_not,
)
from afterfall.model.observation.held_figures import HELD_QUANTITIES, held_groups, why_not_held
from afterfall.model.observation.measurement_error import GROWTH_ERROR, RECENT, recent_totals, totals
from afterfall.model.observation.origin_figures import competing_counts, figures_of
from afterfall.model.observation.role_figures import role_counts

#: What a figure is read as. `none`: it is not read.
ReadAs = Literal["total", "returned", "killed", "in_theatre", "detained", "third_country", "roles", "none"]
#: What counts of a quantity are read as.
READ_AS: dict[str, ReadAs] = {
    "returned": "returned",
    "killed": "killed",
    "in_theatre": "in_theatre",
    "third_country": "third_country",
}
#: Errors by which two figures must differ to contradict each other.
APART = 2.0
#: People per person counted by each definition, roughly: for finding contradictions only.
ROUGH_UNIT = {PEOPLE: 1.0, FIGHTERS_ONLY: 1.1, ALL_THEATRES: 0.65}
#: Words for what a definition counts.
COUNTS = {PEOPLE: "people", FIGHTERS_ONLY: "fighters, without part of their families", ALL_THEATRES: "all theatres"}


@dataclass(frozen=True, slots=True)
class FigureReading:
    """How one figure is read for the start of its place, or why it is not.

    Attributes
    ----------
    figure
        The figure.
    read_as
        What it is read as; `none` where it is not read.
    counts
        Whom its definition counts, in words.
    low, high
        What it may stand for: its published range, or half the unit it is rounded to, in its own unit.
    bound
        "at_least", "at_most" or nothing.
    error
        Relative standard deviation by the grade of its source.
    family
        Report family: figures of one family share one weight.
    weight
        Its weight among the figures that compete with it, between 0 and 1; 0 where it is not read. A draw may lower
        the weight of a count that is older than the newest one, by the growth that its parameters expect in between.
    read_on
        The day for which it is read: that of the newest figure that competes with it, or its own.
    reason
        Why it is not read; empty where it is.
    """

    figure: Figure
    read_as: ReadAs
    counts: str
    low: float
    high: float
    bound: str
    error: float
    family: str
    weight: float
    read_on: dt.date
    reason: str

    @property
    def used(self) -> bool:
        """Whether it conditions the start of its place."""
        return self.read_as != "none"


def reading_of(figure: Figure, view: CaseView) -> FigureReading:
    """How a figure of the case is read, or why it is not."""
    return next(r for r in readings_of(view, figure.place) if r.figure.figure == figure.figure)


def readings_of(view: CaseView, place: str) -> tuple[FigureReading, ...]:
    """How every figure of a place is read, or why it is not, in the order of the case."""
    used = {figure.figure: (read_as, weight, day) for figure, read_as, weight, day in _used(view, place)}
    found = []
    for figure in view.case.figures:
        if figure.place == place:
            unread: tuple[ReadAs, float, dt.date] = ("none", 0.0, figure.refers_to.last_day)
            read_as, weight, day = used.get(figure.figure, unread)
            low, high = interval(figure)
            found.append(
                FigureReading(
                    figure=figure,
                    read_as=read_as,
                    counts=COUNTS[definition_code(figure)],
                    low=low,
                    high=high,
                    bound=figure.bound,
                    error=error_of(figure),
                    family=figure.report_family,
                    weight=weight,
                    read_on=day,
                    reason="" if read_as != "none" else _why_unread(view, figure),
                )
            )
    return tuple(found)


def _used(view: CaseView, place: str) -> list[tuple[Figure, ReadAs, float, dt.date]]:
    """What the used figures of a place are read as, with weights and the days for which they are read."""
    found: list[tuple[Figure, ReadAs, float, dt.date]] = []
    if place in view.named or place == WORLD:
        figures = recent_totals(view, place)
        worth = [1.0 / r.sd**2 for r in totals(view, place, ArrivalCurve.of(view))]
        newest = max((f.refers_to.last_day for f in figures), default=view.case.as_of)
        found += [(f, "total", w / sum(worth), newest) for f, w in zip(figures, worth, strict=True)]
    for group in competing_counts(view, place):
        newest = max(f.refers_to.last_day for f in figures_of(group))
        for family, weight in zip(group.families, group.weights, strict=True):
            found += [(one.figure, READ_AS[group.quantity], weight / len(family), newest) for one in family]
    for held in held_groups(view, place):
        newest = max(f.refers_to.last_day for f in held.figures)
        found += [(f, held_as(f), w, newest) for f, w in zip(held.figures, held.weights, strict=True)]
    if place in view.named:
        found += [(figure, "roles", 1.0, figure.refers_to.last_day) for figure in role_counts(view, place)]
    return found


def held_as(figure: Figure) -> ReadAs:
    """What a count of `held_groups` is read as: held, or in the theatre."""
    return "in_theatre" if figure.quantity == "in_theatre" else "detained"


def _why_unread(view: CaseView, figure: Figure) -> str:
    """Why a figure that is not used is not."""
    if figure.quantity == "travelled":
        if figure.place != WORLD and figure.place not in view.named:
            return "a group of countries repeats its members"
        if figure.role:
            return "one role, of which only the latest count of women and of minors is read"
        if figure.basis != "cumulative":
            return "not a running total"
        if not figure.counts_people and any(f.counts_people for f in view.travelled_figures(figure.place)):
            return f"counts something else ({figure.definition})"
        return _superseded(view, figure)
    held = figure.quantity in HELD_QUANTITIES
    if not held and figure.quantity not in FIT_QUANTITIES:
        return "does not say where people of its place are at the start"
    reason = why_not_held(view, figure) if held else why_not(view, figure)
    if reason:
        return reason
    if figure.place == WORLD:
        return "figures of the world other than totals do not place people of one origin"
    return _superseded(view, figure)


def _superseded(view: CaseView, figure: Figure) -> str:
    """Which newer figure is read instead."""
    newer = [
        f
        for f in view.case.figures_of(figure.quantity, place=figure.place)
        if f.role == figure.role and f.counts_people and f.refers_to.last_day > figure.refers_to.last_day
    ]
    own = [f for f in newer if f.report_family == figure.report_family]
    if own:
        return f"its report family counted again later ({max(own, key=lambda f: f.refers_to.last_day).figure})"
    latest = max((view.month_of(f.refers_to.last_day) for f in newer), default=0)
    if not newer or latest - view.month_of(figure.refers_to.last_day) <= RECENT:
        return "another copy of the same report family"
    return f"more than {RECENT} months older than the newest count"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Figures of a place that cannot all be right: the start is then a mixture, and says so.

    Attributes
    ----------
    place
        The origin.
    read_as
        What the figures are read as; "parts" where counts of all parts of a total add up to another number.
    components
        Report families, what each says in people, and its weight before the other figures of the origin are used.
    """

    place: str
    read_as: str
    components: tuple[tuple[str, float, float], ...]


def contradictions(view: CaseView, place: str) -> tuple[Contradiction, ...]:
    """The contradictions among the figures read for an origin: two families further apart than `APART` errors."""
    read = [r for r in readings_of(view, place) if r.used and r.read_as not in ("roles", "detained") and not r.bound]
    growth = ArrivalCurve.of(view).growth
    found = []
    for read_as in dict.fromkeys(r.read_as for r in read):
        parts = [_component(view, r, growth) for r in read if r.read_as == read_as]
        if _apart(parts):
            found.append(Contradiction(place, read_as, tuple((name, n, w) for name, n, _, w in parts)))
    split = _parts_sum(read)
    whole = [_component(view, r, growth) for r in read if r.read_as == "total"]
    if split is not None and whole and _apart([split, max(whole, key=lambda one: one[3])]):
        named = [(name, n, w) for name, n, _, w in (split, *whole)]
        found.append(Contradiction(place, "parts", tuple(named)))
    return tuple(found)


#: One component of a mixture: report family, people, relative error, weight.
Component = tuple[str, float, float, float]


def _component(view: CaseView, one: FigureReading, growth: Callable[[int], float]) -> Component:
    grown = math.log(growth(view.month_of(one.figure.refers_to.last_day)) / growth(view.month_of(one.read_on)))
    people = math.sqrt(max(one.low, 0.5) * max(one.high, 0.5)) * ROUGH_UNIT[definition_code(one.figure)]
    return one.family, people, math.hypot(one.error, GROWTH_ERROR * grown), one.weight


def _apart(parts: Sequence[Component]) -> bool:
    return any(
        abs(math.log(a[1] / b[1])) > APART * math.hypot(a[2], b[2]) for i, a in enumerate(parts) for b in parts[:i]
    )


def _parts_sum(read: Sequence[FigureReading]) -> Component | None:
    """The returned, the dead, those in the theatre and (if counted) in third countries of one source, added up."""
    for family in dict.fromkeys(r.family for r in read):
        own = {r.read_as: r for r in read if r.family == family and r.read_as != "total"}
        if {"returned", "killed", "in_theatre"} <= set(own):
            counts = [r.figure.value * ROUGH_UNIT[definition_code(r.figure)] for r in own.values()]
            return family, sum(counts), max(r.error for r in own.values()), 1.0
    return None
