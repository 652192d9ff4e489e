"""The track record as one JSON object: scores by date, forecasts of one day, misses; experts and cross-validation."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from afterfall.evaluate.core.outcomes import outcomes_hash
from afterfall.evaluate.record.forecast_record import NO_CHECKS, CrossChecks, ForecastChange, MissedFigure, Track
from afterfall.evaluate.record.scoring import MODEL, Scores, Summary
from afterfall.evaluate.record.targets import targets
from afterfall.report.kit.fall_words import strongholds_json
from afterfall.report.kit.given_falls_words import given_falls_json
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import published_count
from afterfall.report.kit.reliability_json import reliability_json
from afterfall.report.kit.skill_words import comparisons_json, skill_json
from afterfall.report.kit.stamp import PartialStamp
from afterfall.report.track_record.cross_check_json import expert_json, pooled_json, spread_cross_validation_json
from afterfall.report.track_record.plain_sentences import plain_sentences
from afterfall.run.quantile_levels import FAN_LEVELS


def track_json(record: Track, command: str, checks: CrossChecks = NO_CHECKS) -> dict[str, Any]:
    """The object of ``afterfall track-record --json`` (schema ``track-record``); each date has its own hashes."""
    request = record.scores[0].run.request
    stamp = PartialStamp(
        case=request.case,
        model_version=request.model_version,
        seed=request.seed,
        trajectories=request.trajectories,
        horizon=request.horizon,
        command=command,
    )
    body = {
        "chosen_by": record.chosen_by,
        "plain_sentences": plain_sentences(record.scores, checks.experts),
        "comparisons": comparisons_json(s.skill for one in record.scores for s in _of_quantities(one)),
        "reliability": reliability_json(record.scores),
        "dates": [_date_json(scores, record.chosen_by) for scores in record.scores],
        "steps": [{"earlier": s.earlier, "later": s.later, "skill": skill_json(s.skill)} for s in record.steps],
        "forecast_changes": {
            "day": record.day,
            "quantities": {one.quantity: _change_json(one) for one in record.forecast_changes},
        },
        "missed_figures": [_miss_json(record, miss) for miss in record.missed_figures],
        "experts": expert_json(checks.experts) if checks.experts else None,
        "cross_validation": {
            "share_dead": pooled_json(checks.pooled) if checks.pooled else None,
            "spread": spread_cross_validation_json(checks.spread) if checks.spread else None,
        },
    }
    return json_object("track-record", stamp, body)


def _date_json(scores: Scores, chosen_by: dt.date | None) -> dict[str, Any]:
    known, late = scores.overall
    return {
        "as_of": scores.run.as_of,
        "chosen_on": None if chosen_by is None else scores.run.as_of <= chosen_by,
        "run": scores.run.request.hash,
        "run_sha256": scores.run.provenance.run_sha256,
        "case_hash": scores.run.request.case_hash,
        "model_version": scores.run.request.model_version,
        "model_hash": scores.run.request.model_hash,
        "draws": str(scores.run.request.draws),
        "outcomes_hash": outcomes_hash(scores.scored.outcomes),
        "trajectories": scores.run.request.trajectories,
        "seed": scores.run.request.seed,
        "horizon_months": scores.run.request.horizon,
        "figures": known.skill.figures,
        "clusters": known.skill.clusters,
        "coverage": {"50": known.coverage50[0], "90": known.coverage90[0]},
        "coverage90": asdict(known.coverage),
        "coverage_by_quantity": {
            s.quantity: {"50": s.coverage50[0], "90": s.coverage90[0]} for s in _of_quantities(scores)
        },
        "targets": {one.name: {"reached": one.reached, "met": one.met, "clear": one.clear} for one in targets(scores)},
        "skill": {
            "all": skill_json(known.skill),
            "all_against_regression": skill_json(known.against_regression),
            "model_alone": skill_json(known.alone),
            "model_alone_against_regression": skill_json(known.alone_against_regression),
            "hindsight": skill_json(late.skill),
            "falls": skill_json(scores.falls_skill),
            "splits": skill_json(scores.splits_skill),
            "by_quantity": {s.quantity: skill_json(s.skill) for s in _of_quantities(scores)},
            "by_quantity_against_regression": {
                s.quantity: skill_json(s.against_regression) for s in _of_quantities(scores)
            },
        },
        "strongholds": strongholds_json(scores.falls),
        "given_falls": given_falls_json(scores.given_falls),
        "log_score": _pair_json(known.log_score),
        "interval_score": _pair_json(known.interval90),
        "pit_histogram": known.pit,
        "crps": {q: scores.mean_crps(q) for q in _quantities(scores)},
    }


def _of_quantities(scores: Scores) -> list[Summary]:
    """Summaries by quantity over all lead times, on structure known at the as-of date."""
    return [s for s in scores.summaries if s.months is None and not s.hindsight]


def _quantities(scores: Scores) -> list[str]:
    return sorted({o.quantity for o in scores.scored.outcomes})


def _pair_json(pair: tuple[float, float]) -> dict[str, float]:
    return {"model": pair[0], "baseline": pair[1]}


def _change_json(one: ForecastChange) -> dict[str, Any]:
    names = [f"p{round(100 * level):02d}" for level in FAN_LEVELS]
    rows = zip(one.as_of, one.quantiles, strict=True)
    predicted = {as_of: dict(zip(names, quantiles, strict=True)) for as_of, quantiles in rows}
    return {"label": one.label, "predicted": predicted}


def _miss_json(record: Track, miss: MissedFigure) -> dict[str, Any]:
    scores = next(s for s in record.scores if s.run.as_of == miss.as_of)
    one, q = scores.scored.outcomes[miss.row], scores.scored.quantiles[MODEL][miss.row]
    return {
        "as_of": miss.as_of,
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "refers_to": one.refers_to,
        "observed": published_count(one.value),
        "predicted": {f"p{round(100 * level):02d}": v for level, v in zip(FAN_LEVELS, q, strict=True)},
        "reason": miss.why,
    }
