"""Scores as one JSON object with stable keys. NaN and infinity become null; counts under 5 are said as ``<5`` only.

The keys are a promise: a key may be added under the same ``schema_version``, none renamed or removed.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from afterfall.evaluate.baselines.baselines import METHODS
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.scoring_rules import LEVELS, Marks
from afterfall.evaluate.record.scoring import MODEL, Scores, Summary
from afterfall.report.kit.number_formats import SMALL_CELL, json_number, published_count

SCHEMA_VERSION = 1


def score_json(scores: Scores) -> dict[str, Any]:
    """The object that ``afterfall score --json`` and ``afterfall hindcast --json`` print."""
    known, late = scores.overall
    stamp = scores.run.stamp
    return {
        "schema_version": SCHEMA_VERSION,
        **{key: stamp[key] for key in ("case", "case_hash", "as_of", "horizon_months", "trajectories", "seed", "run")},
        "title": scores.run.title,
        "model_version": stamp["model_version"],
        "model_hash": stamp["model_hash"],
        "command": stamp["command"],
        "coverage": _coverage(known),
        "coverage_hindsight": _coverage(late),
        "skill": {
            "all": _skill(known.skill),
            "hindsight": _skill(late.skill),
            "falls": _skill(scores.falls_skill),
            "splits": _skill(scores.splits_skill),
            "by_quantity": {s.quantity: _skill(s.skill) for s in scores.summaries if s.months is None},
        },
        "summaries": [_summary(s) for s in (*scores.overall, *scores.summaries)],
        "scores": [_figure(scores, i) for i in range(len(scores.scored.outcomes))],
        "baseline": _baselines(scores),
        "holdings": [_plain(asdict(fall)) for fall in scores.falls.holdings],
        "splits": [_plain(asdict(split)) for split in scores.splits],
        "figures": {
            "scored": len(scores.scored.outcomes),
            "left_out": dict(scores.dropped),
            "holdings_left_out": dict(scores.falls.dropped),
        },
    }


def _coverage(summary: Summary) -> dict[str, float | None]:
    return {"50": json_number(summary.coverage50[0]), "90": json_number(summary.coverage90[0])}


def _skill(skill: Skill) -> dict[str, Any]:
    return _numbers(asdict(skill))


def _summary(s: Summary) -> dict[str, Any]:
    pairs = ("log_score", "interval90", "coverage50", "coverage90")
    return {
        "quantity": s.quantity or None,
        "months": list(s.months) if s.months else None,
        "hindsight": s.hindsight,
        "baseline_method": s.baseline,
        "crps": _skill(s.skill),
        **{name: dict(zip(("model", "baseline"), map(json_number, getattr(s, name)), strict=True)) for name in pairs},
        "pit_histogram": list(s.pit),
    }


def _figure(scores: Scores, i: int) -> dict[str, Any]:
    scored, one = scores.scored, scores.scored.outcomes[i]
    return {
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "hindsight": scored.hindsight[i],
        "refers_to": one.refers_to.isoformat(),
        "month": one.month,
        "source": one.source,
        "family": one.family,
        **_count("observed", one.value),
        **_count("offset", one.offset),
        "predicted": _quantiles(scored.quantiles[MODEL][i]),
        "baseline_method": scored.measured_against[i],
        "model": _marks(scored.marks[MODEL], i),
        "baseline": {
            method: {**_marks(scored.marks[method], i), "predicted": _quantiles(scored.quantiles[method][i])}
            for method in METHODS
        },
    }


def _count(name: str, value: float | None) -> dict[str, Any]:
    """A published count as a number and as text; between 0 and 5 as text alone."""
    if value is None:
        return {name: None, f"{name}_text": None}
    return {name: None if 0 < value < SMALL_CELL else value, f"{name}_text": published_count(value)}


def _quantiles(values: Any) -> dict[str, float | None]:
    return {f"p{round(100 * level):02d}": json_number(v) for level, v in zip(LEVELS, values, strict=True)}


def _marks(marks: Marks, i: int) -> dict[str, float | None]:
    return {f.name: json_number(getattr(marks, f.name)[i]) for f in fields(Marks)}


def _baselines(scores: Scores) -> dict[str, Any]:
    calibration = scores.calibration
    return {
        "calibrated_on": [d.isoformat() for d in calibration.dates],
        "published_by": calibration.published_by.isoformat(),
        "hazard_a_month": json_number(scores.falls.hazard),
        "quantities": {
            quantity: {
                "measured_against": method,
                "crps": _numbers(scores.mean_crps(quantity)),
                "errors": {
                    name: {
                        "size": learned.error.size,
                        "growth": learned.error.growth,
                        "estimated_from": learned.estimated_from,
                        "countries": learned.countries,
                        "crps_then": json_number(learned.crps),
                    }
                    for name, learned in calibration.errors[quantity].items()
                },
            }
            for quantity, method in sorted(calibration.measured_against.items())
        },
    }


def _numbers(values: dict[str, Any]) -> dict[str, Any]:
    return {name: json_number(v) if isinstance(v, float) else v for name, v in values.items()}


def _plain(value: Any) -> Any:
    """Dates as text, numbers as JSON can hold them, tuples as lists."""
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return json_number(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
