"""Scores as one JSON object with stable keys; published counts under 5 appear as ``<5`` only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from afterfall.evaluate.baselines.baselines import METHODS
from afterfall.evaluate.core.scoring_rules import Marks
from afterfall.evaluate.events.stronghold_falls import FallScore
from afterfall.evaluate.record.scoring import ALONE, MODEL, PEOPLE, REGRESSION, Scores, Summary
from afterfall.report.kit.fall_words import strongholds_json
from afterfall.report.kit.given_falls_words import given_falls_json
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import SMALL_CELL, published_count
from afterfall.report.kit.reliability_json import reliability_json
from afterfall.report.kit.skill_words import comparisons_json, skill_json
from afterfall.report.kit.stamp import stamp_of
from afterfall.run.quantile_levels import FAN_LEVELS


def score_json(scores: Scores) -> dict[str, Any]:
    """The object that ``afterfall score --json`` and ``afterfall hindcast --json`` print (schema ``score``)."""
    known, late = scores.overall
    body = {
        "title": scores.run.title,
        "coverage": _coverage(known),
        "coverage_hindsight": _coverage(late),
        "skill": {
            "all": skill_json(known.skill),
            "all_against_regression": skill_json(known.against_regression),
            "model_alone": skill_json(known.alone),
            "model_alone_against_regression": skill_json(known.alone_against_regression),
            "hindsight": skill_json(late.skill),
            "falls": skill_json(scores.falls_skill),
            "splits": skill_json(scores.splits_skill),
            "by_quantity": {s.quantity: skill_json(s.skill) for s in scores.summaries if s.months is None},
        },
        "comparisons": comparisons_json(s.skill for s in scores.summaries),
        "reliability": reliability_json([scores]),
        "summaries": [_summary(s) for s in (*scores.overall, *scores.summaries)],
        "scores": [_figure(scores, i) for i in range(len(scores.scored.outcomes))],
        "baseline": _baselines(scores),
        "holdings": [_fall(fall) for fall in scores.falls.holdings],
        "strongholds": strongholds_json(scores.falls),
        "splits": [
            {
                "place": split.place,
                "family": split.family,
                "refers_to": split.refers_to,
                "figures": split.figures,
                "energy": split.energy,
                "energy_baseline": split.energy_baseline,
            }
            for split in scores.splits
        ],
        "given_falls": given_falls_json(scores.given_falls),
        "figures": {
            "scored": len(scores.scored.outcomes),
            "left_out": scores.dropped,
            "holdings_left_out": scores.falls.dropped,
        },
    }
    return json_object("score", replace(stamp_of(scores.run), case_warnings=scores.case_warnings), body)


def _fall(fall: FallScore) -> dict[str, Any]:
    return {
        "holding": fall.holding,
        "label": fall.label,
        "month": fall.month,
        "date": fall.date,
        "brier": fall.brier,
        "brier_baseline": fall.brier_baseline,
        "log_score": fall.log_score,
        "log_score_baseline": fall.log_score_baseline,
        "by": [
            {
                "month": by.month,
                "model": by.model,
                "baseline": by.baseline,
                "fallen": by.fallen,
                "brier": by.brier,
                "brier_baseline": by.brier_baseline,
                "log_score": by.log_score,
                "log_score_baseline": by.log_score_baseline,
            }
            for by in fall.by
        ],
    }


def _coverage(summary: Summary) -> dict[str, float]:
    return {"50": summary.coverage50[0], "90": summary.coverage90[0]}


def _summary(s: Summary) -> dict[str, Any]:
    pairs = ("log_score", "interval90", "coverage50", "coverage90")
    return {
        "quantity": s.quantity or None,
        "months": s.months,
        "hindsight": s.hindsight,
        "baseline_method": s.baseline,
        "crps": skill_json(s.skill),
        "crps_against_regression": skill_json(s.against_regression),
        "crps_model_alone": skill_json(s.alone),
        "crps_model_alone_against_regression": skill_json(s.alone_against_regression),
        "coverage90_by_rule": asdict(s.coverage),
        **{name: dict(zip(("model", "baseline"), getattr(s, name), strict=True)) for name in pairs},
        "pit_histogram": s.pit,
    }


def _figure(scores: Scores, i: int) -> dict[str, Any]:
    scored, one = scores.scored, scores.scored.outcomes[i]
    later = None if scores.given_falls is None else scores.given_falls.scores
    return {
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "hindsight": scored.hindsight[i],
        "refers_to": one.refers_to,
        "month": one.month,
        "source": one.source,
        "family": one.family,
        **_count("observed", one.value),
        **_count("offset", one.offset),
        "predicted": _quantiles(scored.quantiles[MODEL][i]),
        "baseline_method": scored.measured_against[i],
        "model": _marks(scored.marks[MODEL], i),
        "model_alone": _marks(scored.marks[ALONE], i),
        "regression": {**_marks(scored.marks[REGRESSION], i), "predicted": _quantiles(scored.quantiles[REGRESSION][i])},
        "given_falls": None if later is None else _quantiles(later.scored.quantiles[MODEL][i]),
        "people": _quantiles(scored.quantiles[PEOPLE][i]),
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


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{round(100 * level):02d}": v for level, v in zip(FAN_LEVELS, values, strict=True)}


def _marks(marks: Marks, i: int) -> dict[str, float]:
    return {f.name: getattr(marks, f.name)[i] for f in fields(Marks)}


def _baselines(scores: Scores) -> dict[str, Any]:
    calibration = scores.calibration
    return {
        "calibrated_on": calibration.dates,
        "published_by": calibration.published_by,
        "hazard_a_month": scores.falls.opponent.hazard,
        "quantities": {
            quantity: {
                "measured_against": method,
                "crps": scores.mean_crps(quantity),
                "errors": {
                    name: {
                        "size": learned.error.size,
                        "growth": learned.error.growth,
                        "estimated_from": learned.estimated_from,
                        "countries": learned.countries,
                        "crps_then": learned.crps,
                    }
                    for name, learned in calibration.errors[quantity].items()
                },
            }
            for quantity, method in sorted(calibration.measured_against.items())
        },
    }
