"""Breaks and collapses of custody that happen in the simulations: what the table, the notes and the JSON object show.

For a case in which they move people (`afterfall.model.mechanisms.future_breaks`). For others `breaks_outlook` draws
them after the run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.future_breaks import BREAK, COLLAPSE, MOST, break_event, collapse_event
from afterfall.model.mechanisms.learned_breaks import CaptorRisk, captor_risks, held_sites
from afterfall.report.kit.number_formats import NOTHING, chance, interval, median_range, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.kit.stamp import Stamp
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns
from afterfall.run import Run

#: Width at which plain text breaks the names of places of custody.
PLACES = 34
COUNTERS = ("broke_out", "retaken", "handed_over")


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """Breaks of one place of custody, or the collapse of all that one captor holds, by the asked month.

    `rate` is the posterior a year in the run (mean, 90 % interval); `record` the group of the reference class whose
    breaks and years the captor has. `number` is expected. `median_month` is that of the first within the horizon, NaN
    where it is less likely than not. `held` are the people of the model there, `out` those of them expected to get out
    in the first, both given that there is one, NaN where there never is.
    """

    code: str
    kind: str
    label: str
    record: str
    events: int
    years: float
    rate: tuple[float, float, float]
    by: float
    within: float
    number: float
    median_month: float
    held: Range
    out: Range


@dataclass(frozen=True, slots=True)
class CustodyOutlook:
    """Breaks and collapses in a run by a month, and the people whom all of them moved by then."""

    month: int
    lines: tuple[CustodyLine, ...]
    people: tuple[tuple[str, str, Range], ...]


def custody_in_run(run: Run, model: Model, month: int) -> CustodyOutlook | None:
    """Breaks and collapses of a run by a month; None where the model has none."""
    if not model.custody_breaks:
        return None
    names = run.organisation_record.label("event")
    fired = run.organisation_record.fired
    risks = {risk.captor.custodians[0]: risk for risk in captor_risks(model.view)}
    lines = []
    for site in held_sites(model.view):
        columns = [names.index(break_event(site.code, j)) for j in range(1, MOST + 1)]
        rate = np.exp(run.parameter(f"{BREAK}.rate.{site.captor}")) * 12.0 * site.share
        hazard = np.exp(run.parameter(f"{BREAK}.out.{site.code}"))
        stock = _stock(run, (site.custodian,))
        part = 1.0 if site.part is None else site.part
        found = _Found(site.code, BREAK, site.label, fired[:, columns], rate, stock * part, -np.expm1(-hazard) / part)
        lines.append(_line(found, risks[site.captor], month, run.request.horizon))
    for first, risk in risks.items():
        rate = np.exp(run.parameter(f"{COLLAPSE}.rate.{first}")) * 12.0
        label = "all that is held by: " + "; ".join(model.view.name(k) for k in risk.captor.custodians)
        column = fired[:, [names.index(collapse_event(first))]]
        found = _Found(first, COLLAPSE, label, column, rate, _stock(run, risk.captor.custodians), _fallen(run, first))
        lines.append(_line(found, risk, month, run.request.horizon))
    table = run.summary(month)
    people = tuple((name, str(table.loc[name, "label"]), Range.of_row(table.T[name])) for name in COUNTERS)
    return CustodyOutlook(month, tuple(lines), people)


@dataclass(frozen=True, slots=True)
class _Found:
    """One line before it is summed up.

    Months ``(trajectory, event)``, rates a year, people ``(trajectory, month)``, and the share of these who get out
    ``(trajectory,)``.
    """

    code: str
    kind: str
    label: str
    fired: np.ndarray[Any, np.dtype[np.int32]]
    rate: Floats
    stock: Floats
    share: Floats


def _stock(run: Run, custodians: Sequence[str]) -> Floats:
    """The model's people whom some custodians hold, ``(trajectory, month)``."""
    return sum((run.series(detained_state(k))[1] for k in custodians), np.zeros(1))


def _fallen(run: Run, first: str) -> Floats:
    """Share of those held who get out in a collapse, ``(trajectory,)``."""
    out = np.exp(run.parameter(f"{COLLAPSE}.out.{first}"))
    handed = f"{COLLAPSE}.handed.{first}"
    total = out + (np.exp(run.parameter(handed)) if handed in run.parameters else 0.0)
    shares: Floats = -np.expm1(-total) * out / total
    return shares


def _line(found: _Found, risk: CaptorRisk, month: int, horizon: int) -> CustodyLine:
    first = found.fired[:, 0]
    there = np.flatnonzero((first <= horizon) & (first > 0))
    held = found.stock[there, first[there] - 1]
    middle = float(np.quantile(first, 0.5, method="inverted_cdf"))
    low, high = np.quantile(found.rate, (0.05, 0.95))
    return CustodyLine(
        code=found.code,
        kind=found.kind,
        label=found.label,
        record=risk.record,
        events=risk.events,
        years=risk.years,
        rate=(float(found.rate.mean()), float(low), float(high)),
        by=float((first <= month).mean()),
        within=float((first <= horizon).mean()),
        number=float((found.fired <= month).sum(axis=1).mean()),
        median_month=middle if middle <= horizon else math.nan,
        held=_range(held),
        out=_range(held * found.share[there]),
    )


def _range(values: Floats) -> Range:
    return Range.of_values(np.round(values)) if len(values) else Range(math.nan, math.nan, math.nan)


def custody_grids(found: CustodyOutlook | None, stamp: Stamp, date: str) -> tuple[TextTable, ...]:
    """One row for each place of custody, then one for each captor; nothing where none is at risk."""
    if found is None:
        return ()
    columns = (
        TableColumn("breaks of custody, 20 people or more", wrap=PLACES),
        *number_columns(f"by {date}", "median month", "expected number"),
        TableColumn("foreigners there then", "right", wrap=20),
        TableColumn("of them, get out *", "right", wrap=20),
    )
    n = stamp.trajectories
    groups = tuple(
        tuple(
            (
                *(b.label, chance(b.by, n), two_figures(b.median_month) if math.isfinite(b.median_month) else "later"),
                *(two_figures(b.number), _cell(b.held), _cell(b.out)),
            )
            for b in found.lines
            if b.kind == kind
        )
        for kind in (BREAK, COLLAPSE)
    )
    return (TextTable(columns, groups, "breaks of custody, above, and its collapse, below"),)


def _cell(one: Range) -> str:
    return NOTHING if math.isnan(one.median) else median_range(one.median, one.low90, one.high90)


def custody_notes(found: CustodyOutlook | None, date: str) -> list[str]:
    """Where the rates come from, and how many people breaks moved."""
    if found is None:
        return []
    rates = "; ".join(f"{b.label} {two_figures(b.rate[0])} ({interval(*b.rate[1:])})" for b in found.lines)
    records = "; ".join(
        dict.fromkeys(
            f"{b.record}: {b.events} in {b.years:.0f} years" if b.years else f"as {b.record}" for b in found.lines
        )
    )
    people = "; ".join(f"{label} {_cell(one)}" for _, label, one in found.people)
    return [
        "* In the first break, of the people of the model. Breaks happen in the simulations and move people there. "
        f"Rates a year: {rates}. From the reference class ({records}). By {date}: {people}.",
    ]


def custody_json(found: CustodyOutlook | None) -> dict[str, Any] | None:
    """Breaks and collapses as JSON; None where the model has none."""
    if found is None:
        return None
    return {
        "events": [
            {
                "code": b.code,
                "kind": b.kind,
                "label": b.label,
                "record": b.record,
                "events": b.events,
                "years": b.years,
                "rate_a_year": dict(zip(("mean", "low90", "high90"), b.rate, strict=True)),
                "probability": b.by,
                "probability_within_horizon": b.within,
                "median_month": b.median_month,
                "expected_number": b.number,
                "held": _range_json(b.held),
                "people_out": _range_json(b.out),
            }
            for b in found.lines
        ],
        "people": {name: _range_json(one) for name, _, one in found.people},
    }


def _range_json(of: Range) -> dict[str, float]:
    return {"median": of.median, "low90": of.low90, "high90": of.high90}
