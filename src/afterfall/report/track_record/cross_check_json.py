"""Parts of the track record's JSON object that stand next to its scores: experts, and collapses left out in turn."""

from __future__ import annotations

from typing import Any

from afterfall.evaluate.core.scoring_rules import Marks
from afterfall.evaluate.experts.expert_scores import Experts, ScoredStatement
from afterfall.evaluate.experts.expert_shares import PredictedShare, ShareScore
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores
from afterfall.evaluate.record.spread_cross_validation import LeftOutCase, SpreadCrossValidation
from afterfall.report.kit.number_formats import published_count
from afterfall.report.kit.skill_words import skill_json

#: The forecasts of a statement as they are named in the object.
KEYS = {"expert": "expert", "ours": "model", "baseline": "baseline"}


def expert_json(experts: Experts) -> dict[str, Any]:
    """The part of the JSON object on expert statements."""
    return {
        "comparisons": [
            {
                "who": KEYS[one.who],
                "against": KEYS[one.against],
                "crps": skill_json(one.crps),
                "log_score": one.log_score,
                "inside90": one.inside90,
                "brier": skill_json(one.brier),
            }
            for one in experts.comparisons
        ],
        "scored": [_statement_json(scored) for scored in experts.scored],
        "unscored": [
            {"statement": s.statement, "who": s.who, "published": s.published.text, "claim": s.claim, "reason": reason}
            for s, reason in experts.unscored
        ],
    }


def _statement_json(scored: ScoredStatement) -> dict[str, Any]:
    one = scored.statement
    return {
        "statement": one.statement,
        "who": one.who,
        "published": one.published.text,
        "claim": one.claim,
        "wording": one.wording,
        "read_as": one.read_as,
        "probability": scored.chance,
        "low": one.low,
        "high": one.high,
        "source": one.source,
        "url": one.url,
        "as_of": scored.as_of,
        "figures": [_figure_json(s) for s in scored.shares],
        "events": [
            {
                "about": e.about,
                "by": e.by,
                "observed": e.observed,
                **{
                    key: {"probability": getattr(e, who), "brier": e.brier(getattr(e, who))}
                    for who, key in KEYS.items()
                },
            }
            for e in scored.events
        ],
    }


def _figure_json(one: ShareScore) -> dict[str, Any]:
    return {
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "refers_to": one.refers_to,
        "observed": published_count(one.observed),
        "in_theatre": one.there,
        **{key: _predicted_json(getattr(one, who)) for who, key in KEYS.items()},
    }


def _predicted_json(predicted: PredictedShare) -> dict[str, Any]:
    numbers = {name: getattr(predicted, name) for name in ("low90", "median", "high90", "crps", "log_score")}
    return {**numbers, "inside90": predicted.inside90}


def pooled_json(scores: MortalityScores) -> dict[str, Any]:
    """The part of the JSON object on the share of dead."""
    return {
        "collapses": [
            {
                "collapse": name,
                "share_dead": scores.observed[i],
                "remark": scores.notes[i],
                **{who: _marks_json(scores, who, marks, i) for who, marks in scores.marks.items()},
            }
            for i, name in enumerate(scores.names)
        ],
        "skill": {who: skill_json(skill) for who, skill in scores.skill.items()},
        "further_collapse": scores.further,
    }


def _marks_json(scores: MortalityScores, who: str, marks: Marks, row: int) -> dict[str, Any]:
    low, _, median, _, high = map(float, scores.quantiles[who][row])
    return {
        "low90": low,
        "median": median,
        "high90": high,
        "crps": marks.crps[row],
        "log_score": marks.log_score[row],
        "inside90": bool(marks.inside90[row]),
    }


def spread_cross_validation_json(apart: SpreadCrossValidation) -> dict[str, Any]:
    """The part of the JSON object on spread."""
    return {
        "parameters": apart.parameters,
        "learned": apart.learned,
        "differing": apart.differing,
        "cases": [_case_json(one) for one in apart.cases],
    }


def _case_json(one: LeftOutCase) -> dict[str, Any]:
    spread = one.scores
    return {
        "case": spread.run.request.case,
        "as_of": spread.run.as_of,
        "by": one.by,
        "arrival_record": one.arrival_record,
        "reached": one.reached,
        "expected": one.expected,
        "order": {"auc": one.order.auc, "p_value": one.order.p_value},
        "brier": one.brier,
        "brier_other_case": one.brier_other,
        "strengths": {
            "figures": len(spread.strengths),
            "inside90": spread.inside,
            "crps": spread.crps,
            "crps_persistence": spread.baseline_crps,
        },
        "places": [{"place": p.place, "probability": p.chance, "reached": p.reached} for p in one.places],
    }
