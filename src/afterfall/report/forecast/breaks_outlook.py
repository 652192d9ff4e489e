"""Breaks of custody by custodian at one month: what the table, the notes and the JSON object show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.breaks.drawn_breaks import CustodyBreaks, custody_breaks
from afterfall.model import Model
from afterfall.report.kit.number_formats import NOTHING, chance, interval, median_range, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.stamp import Stamp
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns
from afterfall.run import Run

#: Counter of the run that covers breaks and single escapes.
ESCAPED = "escaped"
#: Width at which plain text breaks the names of custodians.
CUSTODIANS = 34


@dataclass(frozen=True, slots=True)
class BreakLine:
    """Breaks of 20 or more people of one custodian by the asked month.

    `rate` is the posterior a year (mean, 90 % interval); `record` the group of the reference class whose breaks and
    years it has. `median_month` is that of the first break within the horizon, NaN where a break is less likely than
    not. `out` are people of every kind who get out in the first break; `held` are those of the model in that custody
    then. Both are given that there is one, NaN where there never is.
    """

    label: str
    record: str
    events: int
    years: float
    rate: tuple[float, float, float]
    by: float
    within: float
    number: float
    median_month: float
    large: float
    collapse: float
    out: Range
    held: Range


@dataclass(frozen=True, slots=True)
class BreaksOutlook:
    """Breaks by custodian, and how they relate to the escapes of the model.

    `escaped` are the people of the model who have escaped by the asked month. `most` are those whom first breaks would
    have freed by then, were all of a custodian in the prison that breaks.
    """

    month: int
    lines: tuple[BreakLine, ...]
    escaped: Range
    most: Range


def breaks_of(run: Run, model: Model, month: int) -> BreaksOutlook | None:
    """Breaks of custody of a run by a month, drawn after it.

    None where the case has no captors or lies before the reference class, and where breaks happen in the simulations.
    """
    if model.custody_breaks:
        return None
    found = custody_breaks(run, model)
    if found is None:
        return None
    freed = np.where(found.month[:, :, 0] <= month, np.nan_to_num(found.most), 0.0).sum(axis=1)
    row = run.summary(month).T[ESCAPED]
    return BreaksOutlook(
        month=month,
        lines=tuple(_line(found, k, month) for k in range(len(found.custodians))),
        escaped=Range.of_row(row),
        most=Range.of_values(np.round(freed)),
    )


def _line(found: CustodyBreaks, k: int, month: int) -> BreakLine:
    one, first = found.custodians[k], found.month[:, k, 0]
    middle = float(np.quantile(first, 0.5, method="inverted_cdf"))
    there = first <= found.horizon
    low, high = np.quantile(one.rate, (0.05, 0.95))
    return BreakLine(
        label=one.label,
        record=one.record,
        events=one.events,
        years=one.years,
        rate=(float(one.rate.mean()), float(low), float(high)),
        by=float((first <= month).mean()),
        within=float(there.mean()),
        number=float(found.number(month)[:, k].mean()),
        median_month=middle if middle <= found.horizon else math.nan,
        large=float(found.large(month)[:, k].mean()),
        collapse=float(found.collapsed(month)[:, k].mean()),
        out=_range(found.out[there, k, 0]),
        held=_range(found.held[there, k]),
    )


def _range(values: np.ndarray[Any, np.dtype[np.float64]]) -> Range:
    return Range.of_values(values) if len(values) else Range(math.nan, math.nan, math.nan)


def breaks_grids(found: BreaksOutlook | None, stamp: Stamp, date: str) -> tuple[TextTable, ...]:
    """One row for each custodian; nothing where none is at risk."""
    if found is None:
        return ()
    columns = (
        TableColumn("breaks of custody, 20 people or more", wrap=CUSTODIANS),
        *number_columns(f"by {date}", "median month", "expected number", "of 200 or more", "a collapse"),
        TableColumn("people who get out, of every kind *", "right", wrap=20),
        TableColumn("foreigners held there then", "right", wrap=20),
    )
    n = stamp.trajectories
    rows = tuple(
        (
            *(b.label, chance(b.by, n), two_figures(b.median_month) if math.isfinite(b.median_month) else "later"),
            *(two_figures(b.number), chance(b.large, n), chance(b.collapse, n), _cell(b.out), _cell(b.held)),
        )
        for b in found.lines
    )
    return (TextTable(columns, (rows,), "breaks of custody, drawn after the run"),)


def _cell(one: Range) -> str:
    return NOTHING if math.isnan(one.median) else median_range(one.median, one.low90, one.high90)


def breaks_notes(found: BreaksOutlook | None, date: str) -> list[str]:
    """Where the rates come from, and that nobody is counted twice."""
    if found is None:
        return []
    rates = "; ".join(
        f"{b.label} {two_figures(b.rate[0])} ({interval(*b.rate[1:])}) a year, {_record(b)}" for b in found.lines
    )
    return [
        f"* Breaks of custody: in the first break, prisoners of every kind, mostly locals. Rates: {rates}. They move "
        "nobody. The model has a hazard of escape for its own people, breaks and single escapes alike: "
        f"{_cell(found.escaped)} escape by {date}. Were all of a custodian in the prison that breaks, first breaks "
        f"would free {_cell(found.most)} of them. The two are not added.",
    ]


def _record(line: BreakLine) -> str:
    return f"{line.record}: {line.events} in {line.years:.0f} years" if line.years else f"as {line.record}"


def breaks_json(found: BreaksOutlook | None) -> dict[str, Any] | None:
    """Breaks of custody as JSON; None where no custodian is at risk."""
    if found is None:
        return None
    return {
        "custodians": [
            {
                "label": b.label,
                "record": b.record,
                "events": b.events,
                "years": b.years,
                "rate_a_year": dict(zip(("mean", "low90", "high90"), b.rate, strict=True)),
                "probability": b.by,
                "probability_within_horizon": b.within,
                "median_month": b.median_month,
                "expected_number": b.number,
                "probability_200_or_more": b.large,
                "probability_collapse": b.collapse,
                "people_out": _range_json(b.out),
                "foreigners_held": _range_json(b.held),
            }
            for b in found.lines
        ],
        "escaped_of_model": _range_json(found.escaped),
        "most_of_model": _range_json(found.most),
    }


def _range_json(of: Range) -> dict[str, float]:
    return {"median": of.median, "low90": of.low90, "high90": of.high90}
