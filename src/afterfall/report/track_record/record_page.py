"""The track record as a page of Markdown and as one JSON object, losses and misses first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from afterfall.evaluate.core.outcomes import outcomes_hash
from afterfall.evaluate.core.scoring_rules import LEVELS
from afterfall.evaluate.figures.model_discrepancy import discrepancy_of, mean_discrepancy
from afterfall.evaluate.record.forecast_record import CrossChecks, ForecastChange, MissedFigure, Step, Track
from afterfall.evaluate.record.scoring import MODEL, Scores, Summary
from afterfall.evaluate.record.targets import Target, targets
from afterfall.report.kit.number_formats import (
    day,
    interval,
    json_number,
    month_year,
    published_count,
    share,
    two_figures,
)
from afterfall.report.scores.score_tables import QUANTITIES, verdict
from afterfall.report.track_record.cross_validation import (
    pooled_json,
    pooled_sections,
    spread_cross_validation_json,
    spread_sections,
)
from afterfall.report.track_record.expert_record import expert_json, expert_sections
from afterfall.report.track_record.record_words import loss_bold, markdown_table, pair_text, skill_json, skill_text

SCHEMA_VERSION = 1
NOTHING_BESIDE = CrossChecks()
#: Misses listed for each as-of date.
LISTED = 8


def track_markdown(record: Track, command: str, picture: str, beside: CrossChecks = NOTHING_BESIDE) -> str:
    """The page: scores by date, by quantity, whether later was better, how one day's forecast moved, misses, others."""
    first = record.scores[0]
    parts = [
        f"# Track record of `{first.run.request.case}`",
        f"{first.run.title}, forecast from {_dates(len(record.scores))}, each with what was public on that day, "
        "and set beside what was published later. Skill is `1 - score / score of the naive forecast`: above 0 is a "
        "win, below 0 a loss; *open* says that its 90% interval holds 0. One weight a cluster of one country and "
        "quantity. A total below the last public one adds nothing, and is inside an interval where nothing may be "
        "added. [Scores](scores.md) says what is scored and how. No line here was written by hand; it is made by",
        f"```sh\n{command}\n```",
        f"![How the forecast moved]({picture})",
        "## By as-of date",
        markdown_table(_DATE_HEAD, map(_date_row, record.scores)),
        *_choice(record),
        "## Aims",
        "What every date was meant to reach, set when the project began ([why one was not](scores.md#aims-that-are-"
        "missed)): a share, or a skill with its interval; *open* as above. The returned are set beside the last figure "
        "held and splits beside the region's shares, whatever each is measured against elsewhere on this page. How "
        "violence fares against the field is told [elsewhere](violence.md).",
        markdown_table(_aims_head(record), _aims_rows(record.scores)),
        "## By quantity, losses first",
        markdown_table(_QUANTITY_HEAD, _quantity_rows(record.scores)),
        *_steps(record),
        f"## What each date said of {day(record.day)}",
        "People in the world: median and 90% interval.",
        markdown_table(_moved_head(record), (_moved_row(record, one) for one in record.forecast_changes)),
        "## Misses",
        "The worst figure outside the 90% interval of each country and quantity, by how much worse than the naive "
        f"forecast it was; at most {LISTED} a date. The last column is read off the figure by a rule.",
        *_misses(record),
        "## On structure known only from hindsight",
        markdown_table(_HINDSIGHT_HEAD, map(_hindsight_row, record.scores)),
        *_beside(beside),
        "## The forecasts",
        "The checksum is of the run, made before its outcomes were opened: the same request gives the same bytes.",
        markdown_table(("as of", "run", "parameters", "futures", "SHA-256 of the run"), map(_run_row, record.scores)),
        "About groups, never about persons.",
    ]
    return "\n\n".join(parts) + "\n"


def _dates(n: int) -> str:
    return "one as-of date" if n == 1 else f"{n} as-of dates"


def _steps(record: Track) -> list[str]:
    if not record.steps:
        return []
    return [
        "## Was the later forecast better?",
        "On the figures that both dates can be scored on, by what they add to what was public on the later one.",
        markdown_table(_STEP_HEAD, map(_step_row, record.steps)),
    ]


def _beside(beside: CrossChecks) -> list[str]:
    return [
        *(expert_sections(beside.experts) if beside.experts else ()),
        *(pooled_sections(beside.pooled) if beside.pooled else ()),
        *(spread_sections(beside.spread) if beside.spread else ()),
    ]


_DATE_HEAD = (
    "as of",
    "CRPS",
    "skill (90% interval)",
    "log score: model, naive",
    "interval score: model, naive",
    "in 50%, in 90%",
    "strongholds",
    "splits",
    "figures, clusters",
)


def _date_row(scores: Scores) -> tuple[str, ...]:
    known = scores.overall[0]
    return (
        day(scores.run.as_of),
        loss_bold(verdict(known.skill)),
        skill_text(known.skill),
        pair_text(known.log_score),
        pair_text(known.interval90),
        f"{share(known.coverage50[0])}, {share(known.coverage90[0])}",
        f"{loss_bold(verdict(scores.falls_skill))} {skill_text(scores.falls_skill)}",
        f"{loss_bold(verdict(scores.splits_skill))} {skill_text(scores.splits_skill)}",
        f"{known.skill.figures}, {known.skill.clusters}",
    )


def _aims_head(record: Track) -> tuple[str, ...]:
    return ("aim", *(day(one.run.as_of) for one in record.scores))


def _aims_rows(scores: Sequence[Scores]) -> list[tuple[str, ...]]:
    by_date = [targets(one) for one in scores]
    return [(row[0].label, *map(_aim_cell, row)) for row in zip(*by_date, strict=True)]


def _aim_cell(one: Target) -> str:
    if one.met is None:
        return "too little to compare"
    reached = share(one.reached) if one.skill is None else skill_text(one.skill)
    unsure = ", open" if one.skill and one.skill.low90 < 0.0 < one.skill.high90 else ""
    return f"{'met' if one.met else '**missed**'}{unsure}: {reached}"


_QUANTITY_HEAD = ("quantity", "as of", "CRPS", "skill (90% interval)", "in 90%", "figures, clusters")


def _quantity_rows(scores: Sequence[Scores]) -> list[tuple[str, ...]]:
    found = [(s, one) for one in scores for s in one.summaries if s.months is None and not s.hindsight]
    found.sort(key=lambda pair: (pair[0].skill.skill, pair[0].quantity))
    return [_quantity_row(summary, one) for summary, one in found]


def _quantity_row(s: Summary, scores: Scores) -> tuple[str, ...]:
    return (
        QUANTITIES[s.quantity],
        day(scores.run.as_of),
        loss_bold(verdict(s.skill)),
        skill_text(s.skill),
        share(s.coverage90[0]),
        f"{s.skill.figures}, {s.skill.clusters}",
    )


_STEP_HEAD = ("from", "to", "the later was", "skill against the earlier (90% interval)", "figures, clusters")


def _step_row(step: Step) -> tuple[str, ...]:
    words = {"win": "better", "loss": "**worse**", "draw": "no better"}
    predicted = verdict(step.skill)
    for word, other in words.items():
        predicted = predicted.replace(word, other)
    return (
        day(step.earlier),
        day(step.later),
        predicted,
        skill_text(step.skill),
        f"{step.skill.figures}, {step.skill.clusters}",
    )


def _moved_head(record: Track) -> tuple[str, ...]:
    return ("", *(f"as of {day(one.run.as_of)}" for one in record.scores))


def _moved_row(record: Track, one: ForecastChange) -> tuple[str, ...]:
    pairs = zip(one.as_of, one.quantiles, strict=True)
    cells = {as_of: f"{two_figures(q[2])} ({interval(q[0], q[-1])})" for as_of, q in pairs}
    return (one.label, *(cells.get(s.run.as_of, "") for s in record.scores))


def _misses(record: Track) -> list[str]:
    head = ("place", "quantity", "on", "observed", "said: median (90%)", "public then", "why")
    parts = []
    for scores in record.scores:
        own = [miss for miss in record.missed_figures if miss.as_of == scores.run.as_of]
        outside = scores.scored.marks[MODEL].inside90 == 0
        late = sum(scores.scored.hindsight)
        more = f", {late} of them on structure known from hindsight" if late else ""
        scored = f"{int(outside.sum())} of {len(outside)} figures outside{more}"
        parts.append(f"### As of {day(scores.run.as_of)}: {scored}")
        if own:
            parts.append(markdown_table(head, (_miss_row(scores, miss) for miss in own[:LISTED])))
    return parts


def _miss_row(scores: Scores, miss: MissedFigure) -> tuple[str, ...]:
    one, q = scores.scored.outcomes[miss.row], scores.scored.quantiles[MODEL][miss.row]
    return (
        scores.scored.names[miss.row],
        QUANTITIES[one.quantity] + (" *" if scores.scored.hindsight[miss.row] else ""),
        month_year(one.refers_to),
        published_count(one.value),
        f"{two_figures(q[2])} ({interval(q[0], q[-1])})",
        "" if one.last_published is None else published_count(one.last_published),
        miss.why,
    )


_HINDSIGHT_HEAD = ("as of", "CRPS", "skill (90% interval)", "figures, clusters")


def _hindsight_row(scores: Scores) -> tuple[str, ...]:
    late = scores.overall[1].skill
    predicted = loss_bold(verdict(late)) if late.figures else "no figure"
    return day(scores.run.as_of), predicted, skill_text(late), f"{late.figures}, {late.clusters}"


def _run_row(scores: Scores) -> tuple[str, ...]:
    run = scores.run
    sha256 = run.provenance.run_sha256
    return (
        day(run.as_of),
        f"`{run.request.hash}`",
        str(run.request.draws),
        f"{run.request.trajectories:,}",
        f"`{sha256}`" if sha256 else "in memory",
    )


def _choice(record: Track) -> list[str]:
    """Up to when structure may be chosen, where the case has such a rule."""
    if record.chosen_by is None:
        return []
    return [f"Structure may be chosen on dates up to {day(record.chosen_by)}; what comes after is only reported."]


def track_json(record: Track, command: str, beside: CrossChecks = NOTHING_BESIDE) -> dict[str, Any]:
    """The object of ``afterfall track-record --json``; keys may be added, none renamed or removed."""
    first = record.scores[0].run
    return {
        "schema_version": SCHEMA_VERSION,
        "case": first.request.case,
        "command": command,
        "chosen_by": None if record.chosen_by is None else record.chosen_by.isoformat(),
        "dates": [_date_json(scores, record.chosen_by) for scores in record.scores],
        "steps": [
            {"earlier": s.earlier.isoformat(), "later": s.later.isoformat(), "skill": skill_json(s.skill)}
            for s in record.steps
        ],
        "forecast_changes": {
            "day": record.day.isoformat(),
            "quantities": {one.quantity: _moved_json(one) for one in record.forecast_changes},
        },
        "missed_figures": [_miss_json(record, miss) for miss in record.missed_figures],
        "experts": expert_json(beside.experts) if beside.experts else None,
        "left_out": {
            "share_dead": pooled_json(beside.pooled) if beside.pooled else None,
            "spread": spread_cross_validation_json(beside.spread) if beside.spread else None,
        },
    }


def _date_json(scores: Scores, chosen_by: dt.date | None) -> dict[str, Any]:
    known, late = scores.overall
    return {
        "as_of": scores.run.as_of.isoformat(),
        "chosen_on": None if chosen_by is None else scores.run.as_of <= chosen_by,
        "run": scores.run.request.hash,
        "run_sha256": scores.run.provenance.run_sha256,
        "case_hash": scores.run.request.case_hash,
        "model_version": scores.run.request.model_version,
        "model_hash": scores.run.request.model_hash,
        "draws": str(scores.run.request.draws),
        "outcomes_hash": outcomes_hash(scores.scored.outcomes),
        "model_discrepancy": {
            q: mean_discrepancy(discrepancy_of(scores.run.request.case, scores.run.as_of, q))
            for q in _quantities(scores)
        },
        "trajectories": scores.run.request.trajectories,
        "seed": scores.run.request.seed,
        "horizon_months": scores.run.request.horizon,
        "figures": known.skill.figures,
        "clusters": known.skill.clusters,
        "coverage": {"50": json_number(known.coverage50[0]), "90": json_number(known.coverage90[0])},
        "coverage_by_quantity": {
            s.quantity: {"50": json_number(s.coverage50[0]), "90": json_number(s.coverage90[0])}
            for s in scores.summaries
            if s.months is None and not s.hindsight
        },
        "targets": {one.name: {"reached": json_number(one.reached), "met": one.met} for one in targets(scores)},
        "skill": {
            "all": skill_json(known.skill),
            "hindsight": skill_json(late.skill),
            "falls": skill_json(scores.falls_skill),
            "splits": skill_json(scores.splits_skill),
            "by_quantity": {
                s.quantity: skill_json(s.skill) for s in scores.summaries if s.months is None and not s.hindsight
            },
        },
        "log_score": _pair_json(known.log_score),
        "interval_score": _pair_json(known.interval90),
        "pit_histogram": list(known.pit),
        "baseline": {q: {m: json_number(v) for m, v in scores.mean_crps(q).items()} for q in _quantities(scores)},
    }


def _quantities(scores: Scores) -> list[str]:
    return sorted({o.quantity for o in scores.scored.outcomes})


def _pair_json(pair: tuple[float, float]) -> dict[str, float | None]:
    return {"model": json_number(pair[0]), "baseline": json_number(pair[1])}


def _moved_json(one: ForecastChange) -> dict[str, Any]:
    names = [f"p{round(100 * level):02d}" for level in LEVELS]
    rows = zip(one.as_of, one.quantiles, strict=True)
    predicted = {as_of.isoformat(): dict(zip(names, quantiles, strict=True)) for as_of, quantiles in rows}
    return {"label": one.label, "predicted": predicted}


def _miss_json(record: Track, miss: MissedFigure) -> dict[str, Any]:
    scores = next(s for s in record.scores if s.run.as_of == miss.as_of)
    one, q = scores.scored.outcomes[miss.row], scores.scored.quantiles[MODEL][miss.row]
    return {
        "as_of": miss.as_of.isoformat(),
        "figure": one.figure,
        "place": one.place,
        "quantity": one.quantity,
        "refers_to": one.refers_to.isoformat(),
        "observed": published_count(one.value),
        "predicted": {f"p{round(100 * level):02d}": json_number(v) for level, v in zip(LEVELS, q, strict=True)},
        "why": miss.why,
    }
