"""Parts that several answers share: numbers rounded for sending, ranges with their words, tables, stamps, sources."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from afterfall.case import Case
from afterfall.case.dates import PartialDate
from afterfall.case.records import Figure
from afterfall.defaults import FEWEST_FOR_RANGES
from afterfall.report.explain.why import Driver
from afterfall.report.kit.number_formats import SMALL_CELL, day, median_range, published_count
from afterfall.report.kit.spread import Range, Spread
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.kit.text_table import TextTable
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.web.schemas import (
    DriverEntry,
    FanEntry,
    PublishedEntry,
    RangeEntry,
    StampEntry,
    TableEntry,
)
from afterfall.web.view_state import ViewQuery

#: Significant digits of numbers that only pictures need. The objects of the command line are sent unrounded.
DIGITS = 4
#: Simulated courses that are sent for a moving picture: the first ones, as exchangeable as any.
COURSES = 20


def sent(value: float) -> float:
    """A number as it is sent for pictures; what is not finite as -1 never occurs: it is refused.

    Raises
    ------
    ValueError
        If the number is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"a number to be sent is not finite: {value}")
    return float(f"{float(value):.{DIGITS}g}")


def sent_list(values: Iterable[float]) -> list[float]:
    """Several numbers as they are sent."""
    return [sent(float(v)) for v in values]


def range_entry(of: Spread | Range, mean: float | None = None) -> RangeEntry:
    """A spread or a range, with its words."""
    share = getattr(of, "mean_share", float("nan"))
    return RangeEntry(
        mean=sent(of.mean if isinstance(of, Spread) else of.median if mean is None else mean),
        median=sent(of.median),
        low90=sent(of.low90),
        high90=sent(of.high90),
        mean_share=sent(share) if math.isfinite(share) else None,
        text=median_range(of.median, of.low90, of.high90),
    )


def fan_entry(run: Run, months: Sequence[int], values: np.ndarray[Any, Any]) -> FanEntry:
    """Quantiles by month: `values` ``(5, months)`` at `FAN_LEVELS`."""
    return FanEntry(
        months=[int(m) for m in months],
        dates=[run.date(int(m)).isoformat() for m in months],
        levels=list(FAN_LEVELS),
        values=[sent_list(row) for row in values],
    )


def table_entry(table: TextTable, note: str = "") -> TableEntry:
    """A table of the command line."""
    return TableEntry(
        title=table.title,
        headings=[column.heading for column in table.columns],
        numeric=[column.side == "right" for column in table.columns],
        sections=[[list(row) for row in section] for section in table.sections],
        note=note,
    )


def stamp_entry(run: Run, view: ViewQuery, *, prepared: bool = False) -> StampEntry:
    """Where the numbers of a run come from."""
    stamp = stamp_of(run)
    notes = [stamp.beyond] if stamp.beyond else []
    if stamp.conditioned is not None:
        notes.append(stamp.conditioned.note())
    if stamp.trajectories < FEWEST_FOR_RANGES:
        notes.append(f"{stamp.trajectories} simulations: a 90% range needs {FEWEST_FOR_RANGES} or more.")
    return StampEntry(
        case=stamp.case,
        case_hash=stamp.case_hash,
        as_of=stamp.as_of.isoformat(),
        model_version=stamp.model_version,
        model_hash=stamp.model_hash,
        draws=stamp.draws,
        seed=stamp.seed,
        simulations=stamp.trajectories,
        horizon_months=stamp.horizon,
        run=stamp.run,
        kind=view.kind,
        prepared=prepared,
        source_line=stamp.source_line(),
        basis=stamp.basis,
        notes=notes,
    )


def driver_entry(one: Driver) -> DriverEntry:
    """A parameter that a number follows."""
    return DriverEntry(
        parameter=one.influence.parameter,
        label=one.label,
        rank_correlation=sent(one.influence.correlation),
        low=median_range(*one.influence.low),
        high=median_range(*one.influence.high),
        information=one.basis,
    )


def published_text(figure: Figure) -> str:
    """A published figure as its source gave it; counts under 5 as ``<5``."""
    if not figure.counts_people or figure.basis == "share":
        low, high = f"{figure.low:g}", f"{figure.high:g}"
    else:
        low, high = published_count(figure.low), published_count(figure.high)
    words = {"at_least": "at least ", "at_most": "at most "}.get(figure.bound, "")
    return words + (low if low == high else f"{low}–{high}")


def published_entry(case: Case, figure: Figure) -> PublishedEntry:
    """A published figure for a picture; one under 5 has no value, so that no picture shows it."""
    hidden = figure.counts_people and 0 < figure.low < SMALL_CELL
    low, value, high = (None, None, None) if hidden else (figure.low, figure.value, figure.high)
    return PublishedEntry(
        quantity=figure.quantity,
        date=figure.refers_to.last_day.isoformat(),
        published=figure.published.text,
        text=published_text(figure),
        value=value,
        low=low,
        high=high,
        bound=figure.bound,
        source=case.source(figure.source).title,
        grade=figure.grade,
    )


def in_words(date: PartialDate) -> str:
    """A date as its source gave it, a whole day in words."""
    return day(date.first_day) if date.precision == "day" else date.text
