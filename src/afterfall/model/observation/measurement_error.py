"""Measurement error of published figures: totals, counts and roles, carried to the as-of date.

The error is a relative standard deviation: that of the source's reliability letter (`figure_rules.ERROR_BY_LETTER`),
combined with the width of a published range. "At least" and "at most" make it one-sided.

A running total misses those who arrived after its date. The newest total of a place is carried to the as-of date with
the shared arrival curve; older ones are read as of the newest one's date. The error grows by half of the log growth
since a total's own date, since origins differ in when their people travelled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Z95
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.figure_rules import PEOPLE, bound_code, definition_code, error_of

#: Readings more than this many months older than an origin's latest are left out.
RECENT = 18
#: Share of the log growth since a reading that is uncertain.
GROWTH_ERROR = 0.5
#: Error of the rough number for a region's uncounted countries: a factor of e either way at one standard deviation.
UNCOUNTED_SD = 1.0
#: Error of the travellers for each person in the theatre: from one to three with 90 % (`PER_STOCK`).
FROM_STOCK_SD = math.log(3.0) / 2.0 / Z95


@dataclass(frozen=True, slots=True)
class Reading:
    """One published figure: its log, its error, what it counts, and whether it is a bound (1 at least, -1 at most)."""

    log: float
    sd: float
    kind: int = PEOPLE
    bound: int = 0


def reading(figure: Figure) -> Reading:
    """A figure's log centre and its error: that of the grade, widened by the published range."""
    low, high = max(figure.low, 0.5), max(figure.high, 0.5)
    sd = math.hypot(error_of(figure), math.log(high / low) / (2 * Z95))
    return Reading(math.log(math.sqrt(low * high)), sd, definition_code(figure), bound_code(figure))


def recent_totals(view: CaseView, place: str) -> list[Figure]:
    """The running totals that are read for a place: the latest of each report family, without outdated ones."""
    latest = {f.report_family: f for f in latest_of_families(view, view.travelled_figures(place))}
    return [figure for _, figure in sorted(latest.items())]


def latest_of_families(view: CaseView, figures: Iterable[Figure]) -> list[Figure]:
    """Figures of the latest day of each report family, by day, without those `RECENT` months older than the latest."""
    ordered = sorted(figures, key=lambda f: (f.refers_to.last_day, f.figure))
    latest = {f.report_family: f.refers_to.last_day for f in ordered}
    newest = max(map(view.month_of, latest.values()), default=0)
    return [
        f
        for f in ordered
        if f.refers_to.last_day == latest[f.report_family] and newest - view.month_of(f.refers_to.last_day) <= RECENT
    ]


def why_not_recent(view: CaseView, figure: Figure, figures: Iterable[Figure]) -> str:
    """Why `latest_of_families` of some figures, of which this is one, leaves it out; empty where it does not."""
    every = list(figures)
    of_family = [f.refers_to.last_day for f in every if f.report_family == figure.report_family]
    if max(of_family) > figure.refers_to.last_day:
        return "its report family counted again later"
    if figure not in latest_of_families(view, every):
        return f"more than {RECENT} months older than the newest count"
    return ""


def why_no_total(view: CaseView, figure: Figure) -> str:
    """Why a figure of those who travelled is not among the `recent_totals` of its place."""
    if figure.place != WORLD and figure.place not in view.named:
        return "a group of countries repeats its members"
    if figure.role:
        return "one role only"
    if figure.basis != "cumulative":
        return "not a running total"
    running = view.travelled_figures(figure.place)
    if figure not in running:
        return f"counts something else ({figure.definition})"
    return why_not_recent(view, figure, running) or "another copy of the same report family"


def totals(view: CaseView, place: str, curve: ArrivalCurve) -> list[Reading]:
    """Readings of a place's running total, carried to the as-of date (see `recent_totals`).

    An older total than the newest one is read as of the newest one's date, with an error for the growth since its own:
    no growth is carried across a newer count.
    """
    figures = recent_totals(view, place)
    growth = [math.log(curve.growth(view.month_of(f.refers_to.last_day))) for f in figures]
    since_newest = min(growth, default=0.0)
    return [_carried(reading(f), since_newest, since) for f, since in zip(figures, growth, strict=True)]


def _carried(one: Reading, log_growth: float, since: float) -> Reading:
    return replace(one, log=one.log + log_growth, sd=math.hypot(one.sd, GROWTH_ERROR * since))


def guess(view: CaseView, origin: str) -> list[Reading]:
    """The reading of an origin without a published total: from its stocks in the theatre, or from its region."""
    if origin in view.named:
        return [Reading(math.log(view.central_travelled(origin)), FROM_STOCK_SD)]
    return [Reading(math.log(view.uncounted(origin)), UNCOUNTED_SD)]


def spread(block: Sequence[Reading]) -> float:
    """Standard deviation of the log of a total: that of the mixture of its readings, by their weights."""
    weights = [1.0 / r.sd**2 for r in block]
    whole = sum(weights)
    mean = sum(w * r.log for w, r in zip(weights, block, strict=True)) / whole
    return math.sqrt(sum(w * ((r.log - mean) ** 2 + r.sd**2) for w, r in zip(weights, block, strict=True)) / whole)


def cumulative_weights(block: Sequence[Reading]) -> list[float]:
    """Cumulative weights of readings, each weighted by the inverse of its variance."""
    weights = [1.0 / r.sd**2 for r in block]
    whole = sum(weights)
    return [sum(weights[: i + 1]) / whole for i in range(len(weights))]


def count_of(figure: Figure) -> tuple[float, float, int]:
    """A count with its relative error and definition code; a bound is read at the mean of its one-sided error."""
    one = reading(figure)
    return math.exp(one.log + one.bound * one.sd * math.sqrt(2.0 / math.pi)), one.sd, one.kind
