"""How every published figure of a place is read when its people are placed at the as-of date, or why it is not.

`reading_of` is the one list of these rules. The nowcast builds its arrays from the figures that it calls used
(`readings_of`), and reports print the same readings.

A used figure belongs to a group: figures of one place that measure one thing and compete. Within a group, figures of
one report family share one weight, and families have weights by their errors that sum to one. A stated bound competes
with nothing. The reading has the weight of the figure itself: that of its family divided by its figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.figure_rules import (
    ALL_THEATRES,
    COUNTED,
    FIGHTERS_ONLY,
    PEOPLE,
    definition_code,
    error_of,
    interval,
    why_not,
)
from afterfall.model.observation.measurement_error import (
    recent_totals,
    role_counts,
    totals,
    why_no_total,
    why_not_recent,
)
from afterfall.model.observation.origin_figures import competing_counts

#: What a figure is read as. `none`: it is not read.
ReadAs = Literal["total", "returned", "killed", "in_theatre", "detained", "third_country", "roles", "none"]
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
        Its weight among the figures that compete with it, between 0 and 1; 0 where it is not read.
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
    used = _used(view, place)
    found = []
    for figure in view.case.figures:
        if figure.place == place:
            read_as, weight = used.get(figure.figure, ("none", 0.0))
            reason = "" if read_as != "none" else _why_unread(view, figure)
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
                    reason=reason,
                )
            )
    return tuple(found)


def _used(view: CaseView, place: str) -> dict[str, tuple[ReadAs, float]]:
    """What the used figures of a place are read as, and their weights, by name of the figure."""
    found: dict[str, tuple[ReadAs, float]] = {}
    running = recent_totals(view, place) if place in view.named or place == WORLD else []
    worth = [1.0 / one.sd**2 for one in totals(view, place, ArrivalCurve.of(view))] if running else []
    for figure, own in zip(running, worth, strict=True):
        found[figure.figure] = ("total", own / sum(worth))
    if place not in view.named:
        return found
    for group in competing_counts(view, place):
        for family, weight in zip(group.families, group.weights, strict=True):
            for one in family:
                found[one.figure.figure] = (group.quantity, weight / len(family))  # type: ignore[assignment]
    for figure in role_counts(view, place):
        found[figure.figure] = ("roles", 1.0)
    return found


def _why_unread(view: CaseView, figure: Figure) -> str:
    """Why a figure that is not used is not."""
    if figure.quantity == "travelled":
        return why_no_total(view, figure)
    if figure.quantity not in COUNTED:
        return "a quantity that conditions no start"
    same = [f for f in view.case.figures_of(figure.quantity, place=figure.place) if not why_not(view, f)]
    return why_not(view, figure) or why_not_recent(view, figure, same) or "no origin's own count"
