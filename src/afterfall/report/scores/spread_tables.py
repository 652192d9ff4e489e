"""Tables of the places reached and the strength of organisations, against the forecast; largest misses first."""

from __future__ import annotations

import math

from afterfall.evaluate.baselines.persistence import Persistence
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.events.organisation_scores import EventTally
from afterfall.evaluate.events.spread_scores import Ordering, RankedPlace, Ranking, SpreadScores, StrengthScore
from afterfall.report.kit.number_formats import NOTHING, chance, day, interval, month_year, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def spread_headline(scores: SpreadScores) -> tuple[str, str]:
    """Two lines: the case and date; the simulations and the run."""
    run = scores.run
    return (
        f"{run.title} ({run.request.case}), as of {day(run.as_of)}: spread and strength, predicted and observed",
        f"{run.request.trajectories:,} simulations, seed {run.request.seed}, run {run.request.hash}",
    )


def spread_grids(scores: SpreadScores) -> tuple[TextTable, ...]:
    """A ranking per date, how well each order did, and strengths, largest misses first."""
    grids = [_ranking(r, scores.run.request.trajectories) for r in scores.rankings]
    if scores.rankings:
        grids.append(_orders(scores.rankings))
    if scores.strengths:
        grids.append(_strengths(scores.strengths))
    if scores.events:
        grids.append(_events(scores.events))
    return tuple(grids)


def spread_notes(scores: SpreadScores) -> list[str]:
    """How to read the tables, and the scores of the strengths."""
    notes: list[str] = []
    if scores.rankings:
        notes.append(
            HowToRead(
                "Order: probability that a place that was reached ranks above one that was not (0.5: no skill), with "
                "the exact p-value of a random order. Reached: a first attack after the as-of date. Places reached "
                "before it (*) are left out of the test."
            )
        )
    if scores.strengths:
        notes.append(
            f"Strength: {100 * scores.inside:.0f}% of later figures lie in the 90% interval. CRPS on log1p "
            f"{scores.crps:.2f} against {scores.baseline_crps:.2f} of persistence: {verdict(scores.skill)} "
            f"({scores.skill.clusters} organisation{'s' * (scores.skill.clusters != 1)}). Persistence "
            f"carries the last published strength forward with an error of {_error(scores.baseline)}; "
            f"{100 * scores.baseline_inside:.0f}% lie in its interval."
        )
    if scores.events:
        notes.append(
            HowToRead(
                "Events: each counts once for a place, an organisation or a pair; organisations that the reference "
                "class lacks are left out. Brier: mean squared error of the probability, against one constant rate of "
                "the class for all, against the forecast that none happens, and for recaptures against a constant rate "
                "of the losses that were listed in advance. (*): one of them is better."
            )
        )
    return notes or ["The case holds no later strength or first attack within the horizon."]


def _error(baseline: Persistence) -> str:
    size = f"{baseline.error.size:.2f} on log1p" + (" times the square root of years" if baseline.error.growth else "")
    source = f"estimated from {baseline.pairs} pairs of strengths public by {baseline.published_by}"
    return f"{size} ({source if baseline.pairs else 'by convention'})"


def _ranking(ranking: Ranking, trajectories: int) -> TextTable:
    by = day(ranking.by)
    columns = (
        *number_columns("rank"),
        *word_columns(f"places by {by}"),
        *number_columns("predicted", "km", "borders"),
        *word_columns("observed"),
    )
    rows = tuple(
        (
            *(str(i), p.label + (" *" if p.before else ""), chance(p.chance, trajectories)),
            *(two_figures(p.km), _yes(p.borders), _observed(p, ranking)),
        )
        for i, p in enumerate(ranking.places, 1)
    )
    return TextTable(columns, (rows,))


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _observed(place: RankedPlace, ranking: Ranking) -> str:
    if place.before:
        return "there before"
    if place.reached is None:
        return NOTHING
    later = "" if place.reached <= ranking.by else ", after this date"
    return f"reached {month_year(place.reached)}{later}"


def _orders(rankings: tuple[Ranking, ...]) -> TextTable:
    columns = (
        *word_columns("orders against places reached"),
        *number_columns("reached", "predicted: mean"),
        *number_columns("all places: model", "p", "nearest first", "p"),
        *number_columns("at the border: model", "p", "nearest first", "p"),
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
    """How many of the places tested were reached, and how many were expected."""
    tested = [p for p in ranking.places if not p.before]
    reached = sum(p.reached is not None and p.reached <= ranking.by for p in tested)
    return f"{reached} of {len(tested)}", f"{sum(p.chance for p in tested):.1f}"


def _order(of: Ordering) -> tuple[str, str]:
    return (NOTHING, NOTHING) if math.isnan(of.auc) else (f"{of.auc:.2f}", f"{of.p_value:.3f}")


def _strengths(strengths: tuple[StrengthScore, ...]) -> TextTable:
    columns = (
        *word_columns("strength of", "at"),
        *number_columns("published", "predicted: median", "90% interval", "inside"),
        *number_columns("persistence: 90% interval", "inside"),
    )
    misses = tuple(_strength(s) for s in strengths if not s.inside)
    hits = tuple(_strength(s) for s in strengths if s.inside)
    return TextTable(columns, tuple(rows for rows in (misses, hits) if rows))


def _events(events: tuple[EventTally, ...]) -> TextTable:
    columns = (
        *word_columns("events of organisations"),
        *number_columns("at risk", "predicted: mean", "90% interval", "observed", "inside", "Brier"),
        *number_columns("constant rate", "never", "listed rate"),
    )
    rows = tuple(
        (
            *(e.label, str(e.at_risk), two_figures(e.expected), interval(e.low, e.high), str(e.observed)),
            *("yes" if e.inside else "no", f"{e.brier:.3f}" + " *" * (e.brier > e.best_opponent)),
            *(NOTHING if b is None else f"{b:.3f}" for b in (e.brier_constant, e.brier_never, e.brier_listed)),
        )
        for e in events
    )
    return TextTable(columns, (rows,))


def _strength(one: StrengthScore) -> tuple[str, ...]:
    predicted = interval(one.predicted_low, one.predicted_high)
    return (
        *(one.label, month_year(one.date), interval(one.low, one.high)),
        *(two_figures(one.predicted_median), predicted, "yes" if one.inside else "no", *_persistence(one)),
    )


def _persistence(one: StrengthScore) -> tuple[str, str]:
    if math.isnan(one.last_published):
        return NOTHING, "–"
    return interval(one.baseline_low, one.baseline_high), "yes" if one.baseline_inside else "no"
