"""Tables of scores, misses first: what was scored, who was closer, and what was missed by most.

A comparison that a naive forecast won is printed as a loss. Skill is ``1 - score / naive score``; its 90 % interval
comes from resampling clusters of one country and quantity. Published counts under 5 print as ``<5``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from afterfall.evaluate.baselines.baselines import METHODS
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.events.stronghold_falls import FallScore
from afterfall.evaluate.record.scoring import MODEL, Scores, Summary
from afterfall.report.kit.number_formats import (
    NOTHING,
    chance,
    day,
    interval,
    month_year,
    published_count,
    share,
    two_figures,
)
from afterfall.report.kit.table import TableColumn, TextTable

#: Figures listed one by one.
LISTED = 15
QUANTITIES = {
    "travelled": "travelled so far",
    "returned": "returned so far",
    "killed_so_far": "killed so far",
    "prosecuted": "imprisoned at home so far",
    "repatriated": "repatriated so far",
    "in_theatre": "in the theatre",
    "detained": "detained in or near the theatre",
    "third_country": "in third countries",
}
METHOD_WORDS = {
    "hold_last": "hold the last figure",
    "hold_shares": "hold the last share",
    "regional_shares": "the region's share",
    "proportional": "by number of travellers",
    "uniform": "the same everywhere",
    "mixed": "one a quantity",
}


def _columns(words: Sequence[str], numbers: Sequence[str]) -> tuple[TableColumn, ...]:
    return (*(TableColumn(w) for w in words), *(TableColumn(n, "right") for n in numbers))


def decimals(value: float) -> str:
    """A score or skill with two decimals; a dash where there is none."""
    return f"{value:.2f}" if math.isfinite(value) else NOTHING


def verdict(skill: Skill) -> str:
    """Win or loss against the naive forecast, and whether its interval leaves it open."""
    if not math.isfinite(skill.skill):
        return "loss" if skill.skill == -math.inf else "nothing to compare"
    word = "loss" if skill.skill < 0 else "win" if skill.skill > 0 else "draw"
    sure = math.isfinite(skill.low90) and (skill.low90 > 0 or skill.high90 < 0)
    return word if sure else f"{word}, open"


def skill_range(skill: Skill) -> str:
    """The 90 % interval of a skill."""
    if not (math.isfinite(skill.low90) and math.isfinite(skill.high90)):
        return NOTHING
    return f"{skill.low90:.2f} to {skill.high90:.2f}"


def lead_words(months: tuple[int, int | None] | None) -> str:
    """A lead time in words."""
    if months is None:
        return "all"
    return f"{months[0]}–{months[1]} months" if months[1] is not None else f"from {months[0]} months"


def score_headline(scores: Scores) -> tuple[str, str, str]:
    """Lines that say what was scored, and how it went in one sentence."""
    request, left = scores.run.request, sum(scores.dropped.values())
    skill = scores.overall[0].skill
    return (
        f"Scores of {scores.run.title} ({request.case}), as of {day(scores.run.as_of)}",
        f"{len(scores.scored.outcomes)} later figures to {day(scores.run.date())} scored, {left} left out; "
        f"{request.trajectories:,} simulated futures, seed {request.seed}, run {request.hash}",
        f"Against the naive forecasts, all in all: {verdict(skill)} (skill {decimals(skill.skill)}, "
        f"90% interval {skill_range(skill)}, {skill.clusters} clusters of one country and quantity)",
    )


def score_grids(scores: Scores) -> tuple[TextTable, ...]:
    """All tables, misses first within each."""
    grids = [_by_quantity(scores), _overall(scores), _baselines(scores), _misses(scores)]
    if scores.falls.holdings:
        grids.append(_falls(scores))
    if scores.splits:
        grids.append(_splits(scores))
    return (*grids, _dropped(scores))


def _by_quantity(scores: Scores) -> TextTable:
    columns = _columns(
        ("quantity", "lead time", "against the naive", "naive forecast"),
        ("skill", "90% interval", "CRPS", "baseline", "in 50%", "in 90%", "figures", "clusters"),
    )
    whole = tuple(_summary_row(s) for s in scores.summaries if s.months is None)
    parts = tuple(_summary_row(s) for s in scores.summaries if s.months is not None)
    return TextTable(columns, (whole, parts), "By quantity, then by quantity and lead time, misses first")


def _summary_row(s: Summary) -> tuple[str, ...]:
    return (
        QUANTITIES[s.quantity] + (" *" if s.hindsight else ""),
        lead_words(s.months),
        verdict(s.skill),
        METHOD_WORDS[s.baseline],
        decimals(s.skill.skill),
        skill_range(s.skill),
        decimals(s.skill.model),
        decimals(s.skill.baseline),
        share(s.coverage50[0]),
        share(s.coverage90[0]),
        str(s.skill.figures),
        str(s.skill.clusters),
    )


def _overall(scores: Scores) -> TextTable:
    """All quantities in two columns of pairs: structure known at the as-of date, and structure of hindsight."""
    columns = _columns(
        ("all quantities", "against the naive"), ("model", "baseline", "on hindsight: model", "baseline")
    )
    known, late = scores.overall
    rows = (
        ("CRPS", *_compared((known.skill.model, known.skill.baseline), (late.skill.model, late.skill.baseline))),
        ("log score", *_compared(known.log_score, late.log_score)),
        ("interval score, 90%", *_compared(known.interval90, late.interval90)),
        ("inside the 50% interval", "", *map(share, (*known.coverage50, *late.coverage50))),
        ("inside the 90% interval", "", *map(share, (*known.coverage90, *late.coverage90))),
        ("skill in CRPS", "", decimals(known.skill.skill), "", decimals(late.skill.skill), ""),
        ("its 90% interval", "", skill_range(known.skill), "", skill_range(late.skill), ""),
        ("figures", "", str(known.skill.figures), "", str(late.skill.figures), ""),
        ("clusters", "", str(known.skill.clusters), "", str(late.skill.clusters), ""),
    )
    return TextTable(columns, (rows,), "All quantities together, one weight a cluster")


def _compared(known: tuple[float, float], late: tuple[float, float]) -> tuple[str, ...]:
    """Win or loss on structure known then, and both pairs of mean scores."""
    model, baseline = known
    word = "" if not math.isfinite(model - baseline) else "loss" if model > baseline else "win"
    return (word, *_pair(*known), *_pair(*late))


def _pair(model: float, baseline: float) -> tuple[str, str]:
    return decimals(model), decimals(baseline)


def _baselines(scores: Scores) -> TextTable:
    """Mean CRPS of the model and of every naive method by quantity; the one measured against in brackets."""
    columns = _columns(("quantity",), ("model", *(METHOD_WORDS[m] for m in METHODS)))
    rows = []
    for quantity, method in sorted(scores.calibration.measured_against.items()):
        means = scores.mean_crps(quantity)
        cells = (f"[{decimals(means[m])}]" if m == method else decimals(means[m]) for m in METHODS)
        rows.append((QUANTITIES[quantity], decimals(means[MODEL]), *cells))
    dates = ", ".join(day(d) for d in scores.calibration.dates) or "no earlier date (errors by convention)"
    title = f"CRPS of every naive forecast; in brackets the one measured against. Fixed on {dates}"
    return TextTable(columns, (tuple(rows),), title)


def by_miss(scores: Scores) -> list[int]:
    """Rows of the figures, those first that the model missed by most beyond what the naive forecast did."""
    excess = scores.scored.marks[MODEL].crps - scores.scored.baseline.crps
    outside = scores.scored.marks[MODEL].inside90 == 0
    return sorted(range(len(excess)), key=lambda i: (not outside[i], -excess[i], scores.scored.outcomes[i].figure))


def _misses(scores: Scores) -> TextTable:
    columns = _columns(
        ("place", "quantity", "on"),
        ("observed", "said: median", "90% interval", "naive: median", "90% interval", "public then"),
    )
    scored = scores.scored
    rows = tuple(
        (
            scored.names[i],
            QUANTITIES[scored.outcomes[i].quantity] + (" *" if scored.hindsight[i] else ""),
            month_year(scored.outcomes[i].refers_to),
            published_count(scored.outcomes[i].value),
            *_predicted(scored.quantiles[MODEL][i]),
            *_predicted(scored.baseline_quantiles[i]),
            _public(scored.outcomes[i]),
        )
        for i in by_miss(scores)[:LISTED]
    )
    missed = int((scored.marks[MODEL].inside90 == 0).sum())
    title = (
        f"{missed} of {len(scored.outcomes)} figures lie outside the 90% interval (a total below the last public one "
        f"adds nothing, and is inside where nothing may be added); the {len(rows)} that did worst, those outside first"
    )
    return TextTable(columns, (rows,), title)


def _predicted(quantiles: Sequence[float]) -> tuple[str, str]:
    return two_figures(quantiles[2]), interval(quantiles[0], quantiles[4])


def _public(outcome: Outcome) -> str:
    return NOTHING if outcome.last_published is None else published_count(outcome.last_published)


def _falls(scores: Scores) -> TextTable:
    months = [by.month for by in scores.falls.holdings[0].by]
    columns = _columns(
        ("stronghold", "fell"),
        ("month", *(f"said by month {m}" for m in months), "Brier", "baseline", "log score", "baseline"),
    )
    worst = sorted(scores.falls.holdings, key=lambda f: (f.brier_baseline - f.brier, f.holding))
    rows = tuple(_fall_row(fall, scores.run.request.trajectories) for fall in worst)
    title = (
        f"When strongholds fell: {verdict(scores.falls_skill)} against a constant hazard of "
        f"{two_figures(scores.falls.hazard)} a month (skill {decimals(scores.falls_skill.skill)}, 90% interval "
        f"{skill_range(scores.falls_skill)}), misses first"
    )
    return TextTable(columns, (rows,), title)


def _fall_row(fall: FallScore, trajectories: int) -> tuple[str, ...]:
    return (
        fall.label,
        NOTHING if fall.date is None else day(fall.date),
        NOTHING if fall.month is None else str(fall.month),
        *(chance(by.model, trajectories) for by in fall.by),
        *_pair(fall.brier, fall.brier_baseline),
        *_pair(fall.log_score, fall.log_score_baseline),
    )


def _splits(scores: Scores) -> TextTable:
    columns = _columns(("place", "reports", "on"), ("energy score", "baseline"))
    places = dict(zip((o.place for o in scores.scored.outcomes), scores.scored.names, strict=True))
    rows = tuple(
        (places[s.place], s.family, month_year(s.refers_to), *_pair(s.energy, s.energy_baseline))
        for s in sorted(scores.splits, key=lambda s: s.energy_baseline - s.energy)
    )
    title = (
        f"Complete splits (returned, killed, in the theatre): {verdict(scores.splits_skill)} "
        f"(skill {decimals(scores.splits_skill.skill)}, 90% interval {skill_range(scores.splits_skill)})"
    )
    return TextTable(columns, (rows,), title)


def _dropped(scores: Scores) -> TextTable:
    rows = tuple((reason, str(n)) for reason, n in (*scores.dropped.items(), *scores.falls.dropped.items()))
    return TextTable(
        _columns(("later figures and holdings left out, by the first reason that applies",), ("rows",)), (rows,)
    )


def score_notes() -> list[str]:
    """What a reader must know to read the tables."""
    return [
        "Scores are on log1p of what a figure adds to the last public one (counters) or of the figure itself (stocks); "
        "lower is better. A counter below the last public figure counts as no increase.",
        "win and loss are against the naive forecast fixed on earlier dates; open: the 90% interval holds zero.",
        "* Rests on structure that only hindsight suggests; never mixed with the rest.",
        "About groups, never about persons.",
    ]
