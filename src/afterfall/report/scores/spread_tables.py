"""Tables and JSON of what was reached and how strong organisations became, against what was said; misses first."""

from __future__ import annotations

import math
from typing import Any

from afterfall.evaluate.baselines.persistence import Persistence
from afterfall.evaluate.events.spread_scores import Ordering, RankedPlace, Ranking, SpreadScores, StrengthScore
from afterfall.report.kit.number_formats import chance, day, interval, json_number, month_year, two_figures
from afterfall.report.kit.table import TableColumn, TextTable


def spread_headline(scores: SpreadScores) -> tuple[str, str]:
    """Two lines: the case and date; the futures and the run."""
    run = scores.run
    return (
        f"{run.title} ({run.request.case}), as of {day(run.as_of)}: spread and strength against what happened",
        f"{run.request.trajectories:,} simulated futures, seed {run.request.seed}, run {run.request.hash}",
    )


def spread_grids(scores: SpreadScores) -> tuple[TextTable, ...]:
    """A ranking a date, how well each order did, and strengths with misses first."""
    grids = [_ranking(r, scores.run.request.trajectories) for r in scores.rankings]
    if scores.rankings:
        grids.append(_orders(scores.rankings))
    if scores.strengths:
        grids.append(_strengths(scores.strengths))
    return tuple(grids)


def spread_notes(scores: SpreadScores) -> list[str]:
    """What must be known to read the tables, and the scores of the strengths."""
    notes = []
    if scores.rankings:
        notes.append(
            "Order: chance that a place that was reached stands above one that was not (0.5 is luck), and how often "
            "luck alone would do as well (p, exact). Reached: a first attack after the as-of date. Places reached "
            "before it (*) are left out of the test."
        )
    if scores.strengths:
        better = "beats" if scores.crps < scores.baseline_crps else "loses to"
        notes.append(
            f"Strength: {100 * scores.inside:.0f}% of later figures lie in the 90% interval. CRPS on log1p "
            f"{scores.crps:.2f}, persistence {scores.baseline_crps:.2f}: the model {better} the last published "
            f"strength, which is given an error of {_error(scores.baseline)}; "
            f"{100 * scores.baseline_inside:.0f}% lie in its interval."
        )
    return notes or ["The case holds no later strength or first attack within the horizon."]


def _error(baseline: Persistence) -> str:
    size = f"{baseline.error.size:.2f} on log1p" + (" a root of a year" if baseline.error.growth else "")
    learned = f"learned from {baseline.pairs} pairs of strengths public by {baseline.published_by}"
    return f"{size} ({learned if baseline.pairs else 'by convention'})"


def _numbers(*headings: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(h, "right") for h in headings)


def _ranking(ranking: Ranking, trajectories: int) -> TextTable:
    by = day(ranking.by)
    columns = (
        *_numbers("rank"),
        TableColumn(f"places by {by}"),
        *_numbers("predicted", "km", "borders"),
        TableColumn("observed"),
    )
    rows = tuple(
        (
            *(str(i), p.label + (" *" if p.before else ""), chance(p.chance, trajectories)),
            *(two_figures(p.km), _yes(p.borders), _happened(p, ranking)),
        )
        for i, p in enumerate(ranking.places, 1)
    )
    return TextTable(columns, (rows,))


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _happened(place: RankedPlace, ranking: Ranking) -> str:
    if place.before:
        return "there before"
    if place.reached is None:
        return "–"
    later = "" if place.reached <= ranking.by else ", after this date"
    return f"reached {month_year(place.reached)}{later}"


def _orders(rankings: tuple[Ranking, ...]) -> TextTable:
    columns = (
        TableColumn("orders against what happened"),
        *_numbers(
            "reached",
            "said: mean",
            "all places: model",
            "p",
            "nearest first",
            "p",
            "at the border: model",
            "p",
            "nearest first",
            "p",
        ),
    )
    rows = tuple(
        (
            f"by {day(r.by)}",
            *_reached(r),
            *_order(r.model),
            *_order(r.nearest),
            *_order(r.model_neighbours),
            *_order(r.nearest_neighbours),
        )
        for r in rankings
    )
    return TextTable(columns, (rows,))


def _reached(ranking: Ranking) -> tuple[str, str]:
    """How many of the places tested were reached, and how many were to be expected."""
    tested = [p for p in ranking.places if not p.before]
    observed = sum(p.reached is not None and p.reached <= ranking.by for p in tested)
    return f"{observed} of {len(tested)}", f"{sum(p.chance for p in tested):.1f}"


def _order(of: Ordering) -> tuple[str, str]:
    return ("–", "–") if math.isnan(of.auc) else (f"{of.auc:.2f}", f"{of.p_value:.3f}")


def _strengths(strengths: tuple[StrengthScore, ...]) -> TextTable:
    columns = (
        *(TableColumn("strength of"), TableColumn("at")),
        *_numbers("published", "said: median", "90% interval", "inside", "no change: 90% interval", "inside"),
    )
    missed_figures = tuple(_strength(s) for s in strengths if not s.inside)
    hits = tuple(_strength(s) for s in strengths if s.inside)
    return TextTable(columns, tuple(rows for rows in (missed_figures, hits) if rows))


def _strength(one: StrengthScore) -> tuple[str, ...]:
    predicted = interval(one.predicted_low, one.predicted_high)
    return (
        *(one.label, month_year(one.date), interval(one.low, one.high)),
        *(two_figures(one.predicted_median), predicted, "yes" if one.inside else "no", *_unchanged(one)),
    )


def _unchanged(one: StrengthScore) -> tuple[str, str]:
    if math.isnan(one.last_published):
        return "–", "–"
    return interval(one.baseline_low, one.baseline_high), "yes" if one.baseline_inside else "no"


def spread_json(scores: SpreadScores) -> dict[str, Any]:
    """The object that ``afterfall spread --json`` prints."""
    return {
        "schema_version": 1,
        "case": scores.run.request.case,
        "as_of": scores.run.as_of.isoformat(),
        "run": scores.run.request.hash,
        "trajectories": scores.run.request.trajectories,
        "rankings": [_ranking_json(r) for r in scores.rankings],
        "strengths": [_strength_json(s) for s in scores.strengths],
        "share_inside_90": json_number(scores.inside),
        "crps_log": json_number(scores.crps),
        "crps_log_no_change": json_number(scores.baseline_crps),
        "share_inside_90_no_change": json_number(scores.baseline_inside),
        "error_no_change": {
            "size": scores.baseline.error.size,
            "growth": scores.baseline.error.growth,
            "pairs": scores.baseline.pairs,
            "published_by": scores.baseline.published_by.isoformat(),
        },
    }


def _ranking_json(ranking: Ranking) -> dict[str, Any]:
    orders = ("model", "nearest", "model_neighbours", "nearest_neighbours")
    return {
        "by": ranking.by.isoformat(),
        "month": ranking.month,
        "orders": {
            name: {
                "auc": json_number(getattr(ranking, name).auc),
                "p_value": json_number(getattr(ranking, name).p_value),
            }
            for name in orders
        },
        "places": [
            {
                "place": p.place,
                "label": p.label,
                "probability": json_number(p.chance),
                "km": json_number(p.km),
                "borders": p.borders,
                "reached": p.reached.isoformat() if p.reached else None,
                "before": p.before,
            }
            for p in ranking.places
        ],
    }


def _strength_json(one: StrengthScore) -> dict[str, Any]:
    predicted = (
        "low",
        "value",
        "high",
        "predicted_low",
        "predicted_median",
        "predicted_high",
        "last_published",
        "crps",
    )
    numbers = (*predicted, "baseline_low", "baseline_high", "baseline_crps")
    return {
        "organisation": one.organisation,
        "label": one.label,
        "date": one.date.isoformat(),
        **{name: json_number(getattr(one, name)) for name in numbers},
        "inside": one.inside,
        "source": one.source,
    }
