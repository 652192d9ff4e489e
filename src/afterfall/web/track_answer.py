"""How a forecast from a past date compares with what was published later; the outcome is hidden until asked for."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import numpy as np

from afterfall.case import WORLD
from afterfall.evaluate.core.outcomes import select
from afterfall.evaluate.figures.published_count import CountForecast
from afterfall.report.kit.number_formats import median_range, published_count
from afterfall.report.track_record.earlier_scores import PACKAGED
from afterfall.run import Run
from afterfall.run.case_source import whole_case
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.web.entries import sent_list
from afterfall.web.schemas import OutcomeRow, RecordRow, TrackAnswer
from afterfall.web.view_state import ViewQuery, code_of

HIDDEN = "What was published later is hidden. Say first what you expect; then show it."
RULE = (
    "Each row is a figure published after the as-of date, and the 90% range forecast for it: half from the model, half "
    "from how published counts have changed before. Ranges should contain nine in ten."
)


def track_answer(run: Run, view: ViewQuery) -> TrackAnswer:
    """Later figures and what was forecast of them, of the focus country or of all."""
    whole = whole_case(run)
    forecast = CountForecast.of(run, whole)
    late = {
        str(q): bool(h) for q, h in zip(run.dataset["quantity"].values, run.dataset["hindsight"].values, strict=True)
    }
    labels = dict(zip(run.quantity_names, map(str, run.dataset["label"].values), strict=True))
    names = dict(zip(map(str, run.dataset["origin"].values), map(str, run.dataset["origin_name"].values), strict=True))
    place = None if view.world else run.origin(view.focus)
    rows = []
    for one in select(whole, run.as_of, run.request.horizon).outcomes:
        if place not in (None, one.place):
            continue
        quantiles = np.quantile(forecast.counts(one), FAN_LEVELS)
        low, median, high = (float(quantiles[i]) for i in (0, 2, 4))
        rows.append(
            OutcomeRow(
                place=one.place,
                name="the world" if one.place == WORLD else names.get(one.place, one.place),
                quantity=one.quantity,
                label=labels.get(one.quantity, one.quantity),
                refers_to=one.refers_to.isoformat(),
                lead_months=one.month,
                predicted=sent_list(quantiles),
                predicted_text=median_range(round(median), round(low), round(high)),
                observed=published_count(one.value) if view.reveal else None,
                inside90=bool(low <= one.value <= high) if view.reveal else None,
                hindsight=late.get(one.quantity, False),
            )
        )
    record = packaged_record(view.case)
    return TrackAnswer(
        case=view.case,
        revealed=view.reveal,
        sentences=_sentences(rows, record) if view.reveal else [HIDDEN],
        rows=rows,
        rows_of=run.as_of.isoformat(),
        dates=[str(one["as_of"]) for one in record.get("dates", [])],
        record=[_record_row(one) for one in record.get("dates", [])] if view.reveal else [],
        code=code_of("hindcast", view, run.request.case, run.request.trajectories),
        notes=[RULE, "Counts under 5 are withheld."],
    )


def _sentences(rows: list[OutcomeRow], record: dict[str, Any]) -> list[str]:
    """How many were inside, and the sentences of the track record."""
    known = [row for row in rows if not row.hindsight]
    inside = sum(bool(row.inside90) for row in known)
    head = [f"{inside} of {len(known)} later figures lie in the 90% range forecast for them."] if known else []
    return [*head, *map(str, record.get("plain_sentences", []))]


def _record_row(one: dict[str, Any]) -> RecordRow:
    skill, against = one["skill"]["all"], one["skill"]["all_against_regression"]
    return RecordRow(
        as_of=one["as_of"],
        figures=one["figures"],
        coverage50=one["coverage"]["50"],
        coverage90=one["coverage"]["90"],
        skill=skill["skill"],
        skill_low90=skill["low90"],
        skill_high90=skill["high90"],
        regression=against["skill"],
        regression_low90=against["low90"],
        regression_high90=against["high90"],
    )


def packaged_record(case: str) -> dict[str, Any]:
    """The track record that comes with the package, where it is of this case; else nothing."""
    file = resources.files("afterfall.report.track_record").joinpath(PACKAGED)
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found if found.get("case") == case else {}
