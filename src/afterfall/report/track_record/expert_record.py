"""Expert statements in the track record: comparisons, each statement, and those that cannot be scored."""

from __future__ import annotations

from afterfall.evaluate.core.bootstrap import weighted_mean
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.experts.expert_events import EventScore
from afterfall.evaluate.experts.expert_scores import ExpertComparison, Experts, ScoredStatement
from afterfall.evaluate.experts.expert_shares import PredictedShare, ShareScore
from afterfall.evaluate.experts.statement_distributions import MASSIVE
from afterfall.evaluate.experts.statements import Statement
from afterfall.report.kit.markdown import code, markdown_table, markdown_text
from afterfall.report.kit.number_formats import day, decimals, median_range, month_year, published_count, share
from afterfall.report.kit.skill_words import QUANTITIES, many_verdicts
from afterfall.report.track_record.record_words import pair_text, skill_text, worse_bold

WHO = {"expert": "experts", "ours": "this model", "baseline": "persistence"}
SHARE_HEAD = (
    *("statement", "by", "read as", "our date", "figures", "nearest"),
    *("CRPS: expert, model, persistence", "in 90%: expert, model, persistence"),
)
FIGURE_HEAD = (
    "statement",
    "place",
    "on",
    "observed",
    "expert: median (90%)",
    "model: median (90%)",
    "persistence: median (90%)",
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
    "persistence",
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
        "## Against published expert statements",
        "Statements of 2014 to 2018, read as forecasts by [one rule](scores.md#expert-statements): a word of "
        "likelihood is the middle of its range in ICD 203, a flat statement is almost certain; *most* is more than a "
        f"half of the group, *many* at least four tenths, a *massive* attack one with {MASSIVE} deaths. The model's "
        "forecast is the latest from a day no later than the statement, so it had less information; persistence "
        "carries forward what was public on the day of the statement, with its calibrated error. Each speaker counts "
        "once.",
        markdown_table(SUM_HEAD, map(_sum_row, experts.comparisons)),
        many_verdicts(skill for one in experts.comparisons for skill in (one.crps, one.brier)),
        "### Statements about a share of those still in the theatre",
        markdown_table(SHARE_HEAD, map(_share_row, sorted(shares, key=lambda scored: -_excess(scored)))),
        markdown_table(FIGURE_HEAD, (_figure_row(scored, one) for scored in shares for one in scored.shares)),
        "### Statements about events",
        markdown_table(EVENT_HEAD, (_event_row(scored, one) for scored in events for one in scored.events)),
        f"### Statements that cannot be scored: {len(experts.unscored)}",
        markdown_table(
            ("statement", "by", "why not"),
            (tuple(map(markdown_text, (s.claim, _speaker(s), reason))) for s, reason in experts.unscored),
        ),
    ]


def _speaker(one: Statement) -> str:
    return f"{one.who}, {one.published.text}"


def _sum_row(one: ExpertComparison) -> tuple[str, ...]:
    return (
        WHO[one.who],
        WHO[one.against],
        worse_bold(verdict(one.crps)),
        skill_text(one.crps),
        pair_text(one.log_score),
        f"{share(one.inside90[0])}, {share(one.inside90[1])}",
        worse_bold(verdict(one.brier)),
        skill_text(one.brier),
        f"{one.crps.clusters}, {one.brier.clusters}",
    )


def _mean(scored: ScoredStatement, who: str, mark: str) -> float:
    return weighted_mean(
        [float(getattr(getattr(s, who), mark)) for s in scored.shares], [s.place for s in scored.shares]
    )


def _excess(scored: ScoredStatement) -> float:
    """By how much the model was worse than the expert."""
    return _mean(scored, "ours", "crps") - _mean(scored, "expert", "crps")


def _share_row(scored: ScoredStatement) -> tuple[str, ...]:
    one = scored.statement
    crps, inside = ([_mean(scored, who, mark) for who in WHO] for mark in ("crps", "inside90"))
    return (
        f"{markdown_text(one.claim)} ({code(one.statement)})",
        markdown_text(_speaker(one)),
        f"“{markdown_text(one.wording)}”: {share(one.low or 0.0)} to {share(one.high or 0.0)} with probability "
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
        markdown_text(scored.statement.statement),
        f"{markdown_text(one.name)}, {QUANTITIES[one.quantity]}",
        month_year(one.refers_to),
        published_count(one.observed),
        *(_predicted(getattr(one, who)) for who in WHO),
    )


def _predicted(predicted: PredictedShare) -> str:
    text = median_range(predicted.median, predicted.low90, predicted.high90)
    return text if predicted.inside90 else f"{text} missed"


def _event_row(scored: ScoredStatement, one: EventScore) -> tuple[str, ...]:
    chances = [getattr(one, who) for who in WHO]
    return (
        markdown_text(scored.statement.claim),
        markdown_text(_speaker(scored.statement)),
        markdown_text(f"“{scored.statement.wording}”: {scored.statement.read_as}"),
        day(scored.as_of),
        markdown_text(one.about),
        day(one.by),
        "yes" if one.observed else "no",
        *map(decimals, chances),
        _nearest([one.brier(p) for p in chances]),
    )
