"""Places reached and strengths of organisations against the forecast, as one JSON object."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from afterfall.evaluate.events.spread_scores import Ranking, SpreadScores, StrengthScore
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.skill_words import skill_json
from afterfall.report.kit.stamp import stamp_of


def spread_json(scores: SpreadScores) -> dict[str, Any]:
    """The object that ``afterfall spread --json`` prints (schema ``spread``)."""
    body = {
        "rankings": [_ranking_json(r) for r in scores.rankings],
        "strengths": [_strength_json(s) for s in scores.strengths],
        "share_inside_90": scores.inside,
        "crps_log": scores.crps,
        "crps_log_persistence": scores.baseline_crps,
        "skill": skill_json(scores.skill),
        "share_inside_90_persistence": scores.baseline_inside,
        "error_persistence": {
            "size": scores.baseline.error.size,
            "growth": scores.baseline.error.growth,
            "pairs": scores.baseline.pairs,
            "published_by": scores.baseline.published_by,
        },
        "events": [{**asdict(one), "inside": one.inside} for one in scores.events],
    }
    return json_object("spread", replace(stamp_of(scores.run), case_warnings=scores.case_warnings), body)


def _ranking_json(ranking: Ranking) -> dict[str, Any]:
    return {
        "by": ranking.by,
        "month": ranking.month,
        "orders": {
            "model": asdict(ranking.model),
            "nearest": asdict(ranking.nearest),
            "model_neighbours": asdict(ranking.model_neighbours),
            "nearest_neighbours": asdict(ranking.nearest_neighbours),
        },
        "places": [
            {
                "place": p.place,
                "label": p.label,
                "probability": p.chance,
                "km": p.km,
                "borders": p.borders,
                "reached": p.reached,
                "before": p.before,
            }
            for p in ranking.places
        ],
    }


def _strength_json(one: StrengthScore) -> dict[str, Any]:
    return {
        "organisation": one.organisation,
        "label": one.label,
        "date": one.date,
        "observed": {"low": one.low, "value": one.value, "high": one.high},
        "predicted": {"median": one.predicted_median, "low90": one.predicted_low, "high90": one.predicted_high},
        "last_published": one.last_published,
        "crps": one.crps,
        "persistence": {"low90": one.baseline_low, "high90": one.baseline_high, "crps": one.baseline_crps},
        "inside": one.inside,
        "source": one.source,
    }
