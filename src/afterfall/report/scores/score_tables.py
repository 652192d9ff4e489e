"""Tables of scores, largest misses first: what was scored, and whether the model or a baseline was better.

Skill is ``1 - score / score of the baseline``; its 90 % interval comes from resampling country-quantity pairs.
Published counts under 5 print as ``<5``.
"""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.evaluate.baselines.baselines import METHODS
from afterfall.evaluate.core.bootstrap import ENOUGH, Skill
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.verdict import TOO_FEW, verdict
from afterfall.evaluate.events.stronghold_falls import ConstantHazard, FallScore
from afterfall.evaluate.record.scoring import ALONE, MODEL, REGRESSION, Scores, Summary
from afterfall.report.kit.fall_words import fall_sentence
from afterfall.report.kit.number_formats import (
    NOTHING,
    chance,
    day,
    decimals,
    interval,
    month_year,
    published_count,
    share,
    two_figures,
)
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.skill_words import QUANTITIES, many_verdicts, skill_range
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.report.scores.given_falls_table import given_falls_table

#: Figures listed one by one.
LISTED = 15
METHOD_WORDS = {
    "hold_last": "persistence",
    "hold_shares": "persistence of the share",
    "regional_shares": "the region's share",
    "proportional": "by number of travellers",
    "uniform": "the same everywhere",
    "mixed": "best by quantity",
}


#: The forecast of published counts, and what it is made of.
PARTS = {MODEL: "forecast", ALONE: "model alone", REGRESSION: "regression"}


def lead_words(months: tuple[int, int | None] | None) -> str:
    """A lead time in words."""
    if months is None:
        return "all"
    return f"{months[0]}–{months[1]} months" if months[1] is not None else f"from {months[0]} months"


def score_headline(scores: Scores) -> tuple[str, ...]:
    """What was scored, the overall result in one sentence, and how many strongholds were expected to fall and fell."""
    request, left_out = scores.run.request, sum(scores.dropped.values())
    skill, strong, count = scores.overall[0].skill, scores.overall[0].against_regression, scores.falls.count
    return (
        f"Scores of {scores.run.title} ({request.case}), as of {day(scores.run.as_of)}",
        f"{len(scores.scored.outcomes)} later figures to {day(scores.run.date())} scored, {left_out} left out; "
        f"{request.trajectories:,} simulations, seed {request.seed}, run {request.hash}",
        f"Against the baselines, overall: {verdict(skill)} (skill {decimals(skill.skill)}, 90% interval "
        f"{skill_range(skill)}, {skill.clusters} country-quantity pairs)",
        f"Against a hurdle regression on earlier figures: {verdict(strong)} (skill {decimals(strong.skill)}, 90% "
        f"interval {skill_range(strong)})",
        *(() if count is None else (fall_sentence(scores.run.as_of, count),)),
    )


def score_grids(scores: Scores) -> tuple[TextTable, ...]:
    """All tables, largest misses first within each."""
    grids = [_by_quantity(scores), _overall(scores), _baselines(scores), _misses(scores)]
    if scores.given_falls is not None:
        grids.append(given_falls_table(scores.given_falls))
    if scores.falls.holdings:
        grids += [_falls(scores), _hazards(scores)]
    if scores.splits:
        grids.append(_splits(scores))
    return (*grids, _dropped(scores))


def _by_quantity(scores: Scores) -> TextTable:
    columns = (
        *word_columns("quantity", "lead time", "against the baseline", "baseline"),
        *number_columns("skill", "90% interval", "skill against the regression", "its 90% interval"),
        *number_columns("CRPS of the forecast", "CRPS of the baseline", "CRPS of the regression", "in 50%", "in 90%"),
        *number_columns("figures", "clusters", "independent"),
    )
    whole = tuple(_summary_row(s) for s in scores.summaries if s.months is None)
    parts = tuple(_summary_row(s) for s in scores.summaries if s.months is not None)
    many = many_verdicts(s.skill for s in scores.summaries)
    return TextTable(columns, (whole, parts), f"By quantity, then by quantity and lead time, worst first. {many}")


def _summary_row(s: Summary) -> tuple[str, ...]:
    return (
        QUANTITIES[s.quantity] + (" *" if s.hindsight else ""),
        lead_words(s.months),
        verdict(s.skill),
        METHOD_WORDS[s.baseline],
        decimals(s.skill.skill),
        skill_range(s.skill),
        decimals(s.against_regression.skill),
        skill_range(s.against_regression),
        decimals(s.skill.model),
        decimals(s.skill.baseline),
        decimals(s.against_regression.baseline),
        share(s.coverage50[0]),
        share(s.coverage90[0]),
        str(s.skill.figures),
        str(s.skill.clusters),
        str(s.skill.independent),
    )


def _overall(scores: Scores) -> TextTable:
    """All quantities in two columns of pairs: structure known at the as-of date, and structure of hindsight."""
    columns = (
        *word_columns("all quantities", "against the baseline"),
        *number_columns("forecast", "baseline", "on hindsight: forecast", "baseline"),
    )
    known, late = scores.overall
    rows = (
        ("CRPS", verdict(known.skill), *_means(known.skill), *_means(late.skill)),
        ("log score", "", *_pair(*known.log_score), *_pair(*late.log_score)),
        ("interval score, 90%", "", *_pair(*known.interval90), *_pair(*late.interval90)),
        ("inside the 50% interval", "", *map(share, (*known.coverage50, *late.coverage50))),
        ("inside the 90% interval", "", *map(share, (*known.coverage90, *late.coverage90))),
        ("skill in CRPS", "", decimals(known.skill.skill), "", decimals(late.skill.skill), ""),
        ("its 90% interval", "", skill_range(known.skill), "", skill_range(late.skill), ""),
        ("skill in CRPS against the regression", "", decimals(known.against_regression.skill), "", "", ""),
        ("its 90% interval", "", skill_range(known.against_regression), "", "", ""),
        ("skill in CRPS of the model alone", "", decimals(known.alone.skill), "", "", ""),
        ("against the regression", "", decimals(known.alone_against_regression.skill), "", "", ""),
        ("its 90% interval", "", skill_range(known.alone_against_regression), "", "", ""),
        ("figures inside the printed range of counts", "", share(known.coverage.counts_literal), "", "", ""),
        ("figures inside the printed range of people", "", share(known.coverage.people_literal), "", "", ""),
        ("figures", "", str(known.skill.figures), "", str(late.skill.figures), ""),
        ("clusters", "", str(known.skill.clusters), "", str(late.skill.clusters), ""),
        ("independent units", "", str(known.skill.independent), "", str(late.skill.independent), ""),
    )
    return TextTable(columns, (rows,), "All quantities together; each country-quantity pair counts once")


def _means(skill: Skill) -> tuple[str, str]:
    return _pair(skill.model, skill.baseline)


def _pair(model: float, baseline: float) -> tuple[str, str]:
    return decimals(model), decimals(baseline)


def _baselines(scores: Scores) -> TextTable:
    """Mean CRPS of every forecast by quantity; the selected baseline in brackets."""
    columns = (*word_columns("quantity"), *number_columns(*PARTS.values(), *(METHOD_WORDS[m] for m in METHODS)))
    rows = []
    for quantity, method in sorted(scores.calibration.measured_against.items()):
        means = scores.mean_crps(quantity)
        cells = (f"[{decimals(means[m])}]" if m == method else decimals(means[m]) for m in METHODS)
        rows.append((QUANTITIES[quantity], *(decimals(means[part]) for part in PARTS), *cells))
    dates = ", ".join(day(d) for d in scores.calibration.dates) or "no earlier date (errors by convention)"
    title = f"CRPS of every baseline; in brackets the one compared with. Fixed on {dates}"
    return TextTable(columns, (tuple(rows),), title)


def by_miss(scores: Scores) -> list[int]:
    """Rows of the figures, those first for which the model was worst against the baseline."""
    excess = scores.scored.marks[MODEL].crps - scores.scored.baseline.crps
    outside = scores.scored.marks[MODEL].inside90 == 0
    return sorted(range(len(excess)), key=lambda i: (not outside[i], -excess[i], scores.scored.outcomes[i].figure))


def _misses(scores: Scores) -> TextTable:
    columns = (
        *word_columns("place", "quantity", "on"),
        *number_columns("observed", "predicted: median", "90% interval", "baseline: median", "90% interval"),
        *number_columns("public then"),
    )
    scored, later = scores.scored, None if scores.given_falls is None else scores.given_falls.scores
    if later is not None:
        columns = (*columns, *number_columns("given the falls (hindsight)", "90% interval"))
    rows = tuple(
        (
            scored.names[i],
            QUANTITIES[scored.outcomes[i].quantity] + (" *" if scored.hindsight[i] else ""),
            month_year(scored.outcomes[i].refers_to),
            published_count(scored.outcomes[i].value),
            *_predicted(scored.quantiles[MODEL][i]),
            *_predicted(scored.baseline_quantiles[i]),
            _public(scored.outcomes[i]),
            *(() if later is None else _predicted(later.scored.quantiles[MODEL][i])),
        )
        for i in by_miss(scores)[:LISTED]
    )
    missed = int((scored.marks[MODEL].inside90 == 0).sum())
    title = (
        f"{missed} of {len(scored.outcomes)} figures lie outside the 90% interval (a total below the last public one "
        f"adds nothing, and is inside where nothing may be added); the {len(rows)} worst, those outside first"
    )
    return TextTable(columns, (rows,), title)


def _predicted(quantiles: Sequence[float]) -> tuple[str, str]:
    return two_figures(quantiles[2]), interval(quantiles[0], quantiles[4])


def _public(outcome: Outcome) -> str:
    return NOTHING if outcome.last_published is None else published_count(outcome.last_published)


def _falls(scores: Scores) -> TextTable:
    months = [by.month for by in scores.falls.holdings[0].by]
    columns = (
        *word_columns("stronghold", "fell"),
        *number_columns("month", *(f"predicted by month {m}" for m in months)),
        *number_columns("Brier", "opponent", "log score", "opponent"),
    )
    worst = sorted(scores.falls.holdings, key=lambda f: (f.brier_baseline - f.brier, f.holding))
    rows = tuple(_fall_row(fall, scores.run.request.trajectories) for fall in worst)
    opponent = scores.falls.opponent
    title = (
        f"When strongholds fell: {verdict(scores.falls_skill)} against the best constant hazard, that of the "
        f"last {opponent.window} months, {two_figures(opponent.hazard)} a month (skill "
        f"{decimals(scores.falls_skill.skill)}; one campaign, so no interval), largest misses first"
    )
    return TextTable(columns, (rows,), title)


def _hazards(scores: Scores) -> TextTable:
    """Mean scores over all strongholds of the model and of every constant hazard."""
    falls = scores.falls
    columns = (*word_columns("strongholds, all months"), *number_columns("hazard a month", "Brier", "log score"))
    log_score = sum(h.log_score for h in falls.holdings) / len(falls.holdings)
    ours = ("model", NOTHING, *_pair(falls.brier, log_score))
    rows = tuple(_hazard_row(one, one is falls.opponent) for one in falls.baselines)
    title = "Constant hazards by window; the opponent is the one with the best Brier score, chosen with hindsight"
    return TextTable(columns, ((ours,), rows), title)


def _hazard_row(one: ConstantHazard, opponent: bool) -> tuple[str, ...]:
    word = f"constant hazard of the last {one.window} months" + (" (opponent)" if opponent else "")
    return word, two_figures(one.hazard), *_pair(one.brier, one.log_score)


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
    columns = (*word_columns("place", "reports", "on"), *number_columns("energy score", "baseline"))
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
    heading = "later figures and holdings left out, by the first reason that applies"
    return TextTable((*word_columns(heading), *number_columns("rows")), (rows,))


def score_notes() -> list[str]:
    """How to read the tables."""
    return [
        HowToRead(
            "Scores are on log1p of what a figure adds to the last public one (counters) or of the figure itself "
            "(stocks); lower is better. A counter below the last public figure counts as no increase."
        ),
        HowToRead(
            "The forecast is that of a published count: an equal pool of the model's counts and a hurdle regression on "
            "the case's own past, the strongest simple opponent."
        ),
        HowToRead(
            "better and worse are against the baseline fixed on earlier dates: the 90% interval of the skill excludes "
            f"zero; no clear difference: it contains zero; {TOO_FEW}: fewer than {ENOUGH} independent units "
            "(country-quantity pairs or report families, whichever are fewer). Persistence carries the last value "
            "forward."
        ),
        "* Rests on structure that only hindsight suggests; never mixed with the rest.",
        GROUPS_ONLY,
    ]
