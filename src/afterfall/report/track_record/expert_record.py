"""Expert statements in the track record: sums, each statement, and those that cannot be scored; as page and as JSON."""

from __future__ import annotations

from typing import Any

from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.experts.expert_events import EventScore
from afterfall.evaluate.experts.expert_scores import ExpertComparison, Experts, ScoredStatement
from afterfall.evaluate.experts.expert_shares import PredictedShare, ShareScore
from afterfall.evaluate.experts.statement_distributions import MASSIVE
from afterfall.report.kit.number_formats import (
    day,
    interval,
    json_number,
    month_year,
    published_count,
    share,
    two_figures,
)
from afterfall.report.scores.score_tables import QUANTITIES, decimals, verdict
from afterfall.report.track_record.record_words import loss_bold, markdown_table, pair_text, skill_json, skill_text

WHO = {"expert": "experts", "ours": "this model", "baseline": "hold the last"}
SHARE_HEAD = (
    *("statement", "by", "read as", "our date", "figures", "nearest"),
    *("CRPS: expert, model, naive", "in 90%: expert, model, naive"),
)
FIGURE_HEAD = (
    "statement",
    "place",
    "on",
    "observed",
    "expert: median (90%)",
    "model: median (90%)",
    "naive: median (90%)",
)
EVENT_HEAD = (
    "statement",
    "by",
    "read as",
    "our date",
    "event",
    "judged on",
    "observed",
    "expert",
    "model",
    "baseline",
    "nearest",
)
SUM_HEAD = (
    *("", "against", "shares: CRPS", "skill (90% interval)", "log score", "in 90%"),
    *("events: Brier", "skill (90% interval)", "speakers: shares, events"),
)


def expert_sections(experts: Experts) -> list[str]:
    """The part of the page on expert statements."""
    shares = [scored for scored in experts.scored if scored.shares]
    events = [scored for scored in experts.scored if scored.events]
    return [
        "## Beside published expert statements",
        "Statements of 2014 to 2018, read as forecasts by [one rule](scores.md#expert-statements): a word of "
        "likelihood is the middle of its range in ICD 203, a flat statement is almost certain; *most* is more than a "
        f"half of those spoken of, *many* at least four tenths, a *massive* attack one with {MASSIVE} deaths. Our "
        "forecast is the latest from a day no later than the statement, so it knew less; the naive forecast holds what "
        "was public on the day of the statement, with its calibrated error. One weight a speaker.",
        markdown_table(SUM_HEAD, map(_sum_row, experts.comparisons)),
        "### Statements about a share of those still in the theatre",
        markdown_table(SHARE_HEAD, map(_share_row, sorted(shares, key=lambda scored: -_excess(scored)))),
        markdown_table(FIGURE_HEAD, (_figure_row(scored, one) for scored in shares for one in scored.shares)),
        "### Statements about events",
        markdown_table(EVENT_HEAD, (_event_row(scored, one) for scored in events for one in scored.events)),
        f"### Statements that cannot be scored: {len(experts.unscored)}",
        markdown_table(
            ("statement", "by", "why not"),
            ((s.claim, f"{s.who}, {s.published.text}", reason) for s, reason in experts.unscored),
        ),
    ]


def _sum_row(one: ExpertComparison) -> tuple[str, ...]:
    return (
        WHO[one.who],
        WHO[one.against],
        loss_bold(verdict(one.crps)),
        skill_text(one.crps),
        pair_text(one.log_score),
        f"{share(one.inside90[0])}, {share(one.inside90[1])}",
        loss_bold(verdict(one.brier)),
        skill_text(one.brier),
        f"{one.crps.clusters}, {one.brier.clusters}",
    )


def _mean(scored: ScoredStatement, who: str, mark: str) -> float:
    return weighted_mean(
        [float(getattr(getattr(s, who), mark)) for s in scored.shares], [s.place for s in scored.shares]
    )


def _excess(scored: ScoredStatement) -> float:
    """By how much we were worse than the expert."""
    return _mean(scored, "ours", "crps") - _mean(scored, "expert", "crps")


def _share_row(scored: ScoredStatement) -> tuple[str, ...]:
    one = scored.statement
    crps, inside = ([_mean(scored, who, mark) for who in WHO] for mark in ("crps", "inside90"))
    return (
        f"{one.claim} (`{one.statement}`)",
        f"{one.who}, {one.published.text}",
        f"“{one.wording}”: {share(one.low or 0.0)} to {share(one.high or 0.0)} with probability "
        f"{decimals(scored.chance)}",
        day(scored.as_of),
        str(len(scored.shares)),
        _nearest(crps),
        ", ".join(map(decimals, crps)),
        ", ".join(map(share, inside)),
    )


def _nearest(scores: list[float]) -> str:
    return list(WHO.values())[scores.index(min(scores))]


def _figure_row(scored: ScoredStatement, one: ShareScore) -> tuple[str, ...]:
    return (
        scored.statement.statement,
        f"{one.name}, {QUANTITIES[one.quantity]}",
        month_year(one.refers_to),
        published_count(one.observed),
        *(_predicted(getattr(one, who)) for who in WHO),
    )


def _predicted(predicted: PredictedShare) -> str:
    text = f"{two_figures(predicted.median)} ({interval(predicted.low90, predicted.high90)})"
    return text if predicted.inside90 else f"{text} missed"


def _event_row(scored: ScoredStatement, one: EventScore) -> tuple[str, ...]:
    chances = [getattr(one, who) for who in WHO]
    return (
        scored.statement.claim,
        f"{scored.statement.who}, {scored.statement.published.text}",
        f"“{scored.statement.wording}”: {scored.statement.read_as}",
        day(scored.as_of),
        one.about,
        day(one.by),
        "yes" if one.observed else "no",
        *map(decimals, chances),
        _nearest([one.brier(p) for p in chances]),
    )


def expert_json(experts: Experts) -> dict[str, Any]:
    """The part of the JSON object on expert statements."""
    return {
        "comparisons": [
            {
                "who": one.who,
                "against": one.against,
                "crps": skill_json(one.crps),
                "log_score": [json_number(v) for v in one.log_score],
                "inside90": [json_number(v) for v in one.inside90],
                "brier": skill_json(one.brier),
            }
            for one in experts.comparisons
        ],
        "scored": [_scored_json(scored) for scored in experts.scored],
        "unscored": [
            {"statement": s.statement, "who": s.who, "published": s.published.text, "claim": s.claim, "reason": reason}
            for s, reason in experts.unscored
        ],
    }


def _scored_json(scored: ScoredStatement) -> dict[str, Any]:
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
        "as_of": scored.as_of.isoformat(),
        "figures": [_figure_json(s) for s in scored.shares],
        "events": [
            {
                "about": e.about,
                "by": e.by.isoformat(),
                "observed": e.observed,
                **{who: {"probability": getattr(e, who), "brier": e.brier(getattr(e, who))} for who in WHO},
            }
            for e in scored.events
        ],
    }


def _figure_json(one: ShareScore) -> dict[str, Any]:
    return {
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "refers_to": one.refers_to.isoformat(),
        "observed": published_count(one.observed),
        "there": one.there,
        **{who: _predicted_json(getattr(one, who)) for who in WHO},
    }


def _predicted_json(predicted: PredictedShare) -> dict[str, Any]:
    numbers = {
        name: json_number(getattr(predicted, name)) for name in ("low90", "median", "high90", "crps", "log_score")
    }
    return {**numbers, "inside90": predicted.inside90}
