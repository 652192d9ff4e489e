"""The track record as a page of Markdown, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterfall.evaluate.core.bootstrap import ENOUGH, Skill
from afterfall.evaluate.core.verdict import BETTER, NO_CLEAR_DIFFERENCE, TOO_FEW, WORSE, verdict
from afterfall.evaluate.record.forecast_record import (
    NO_CHECKS,
    CrossChecks,
    ForecastChange,
    MissedFigure,
    Step,
    Track,
)
from afterfall.evaluate.record.scoring import MODEL, Scores, Summary
from afterfall.evaluate.record.targets import Target, targets
from afterfall.report.kit.fall_words import fall_sentence
from afterfall.report.kit.markdown import code, code_block, markdown_table, markdown_text
from afterfall.report.kit.number_formats import day, decimals, median_range, month_year, published_count, share
from afterfall.report.kit.skill_words import QUANTITIES, many_verdicts
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.track_record.cross_validation import pooled_sections, spread_sections
from afterfall.report.track_record.expert_record import expert_sections
from afterfall.report.track_record.given_falls_section import given_falls_sections
from afterfall.report.track_record.plain_sentences import plain_sentences
from afterfall.report.track_record.record_words import pair_text, skill_text, worse_bold

#: Misses listed for each as-of date.
LISTED = 8


@dataclass(frozen=True, slots=True)
class RecordPictures:
    """Names of the picture files that the page shows; None where there is no later figure to draw."""

    changes: str
    reliability: str | None = None
    country: str | None = None


def track_markdown(record: Track, command: str, pictures: RecordPictures, checks: CrossChecks = NO_CHECKS) -> str:
    """The page: plain sentences, experts, how to read it, then scores, targets, reliability, misses and checks."""
    first = record.scores[0]
    parts = [
        f"# Track record of {code(first.run.request.case)}",
        f"{markdown_text(first.run.title)}, forecast from {_dates(len(record.scores))}, each with what was public on "
        "that day, and compared with what was published later.",
        *_plain(record, checks),
        *([f"![Forecast and observed for one country]({pictures.country})"] if pictures.country else ()),
        *(expert_sections(checks.experts) if checks.experts else ()),
        *_reading(command),
        f"![How the forecast changed]({pictures.changes})",
        "## By as-of date",
        "The forecast of published counts against the baseline selected for each quantity and against the hurdle "
        "regression, all figures together. CRPS, log score and interval score measure distance: lower is better.",
        markdown_table(_DATE_HEAD, map(_date_row, record.scores)),
        many_verdicts(_by_date(record.scores)),
        *_choice(record),
        *_parts_and_ranges(record),
        *_targets_and_quantities(record),
        *_strongholds(record.scores),
        *given_falls_sections(record.scores),
        *_reliability(pictures.reliability),
        *_steps(record),
        f"## What each date predicted for {day(record.day)}",
        "People in the world: median and 90% interval.",
        markdown_table(_moved_head(record), (_moved_row(record, one) for one in record.forecast_changes)),
        "## Misses",
        "The worst figure outside the 90% interval of each country and quantity, by how much worse than the baseline "
        f"it was; at most {LISTED} a date. The last column follows from the figure by a rule.",
        *_misses(record),
        "## On structure known only from hindsight",
        "Quantities whose part of the model was written with knowledge from after the as-of date.",
        markdown_table(_HINDSIGHT_HEAD, map(_hindsight_row, record.scores)),
        *_check_sections(checks),
        "## The forecasts",
        "The checksum is that of the run, made before its outcomes were opened: the same request gives the same bytes.",
        markdown_table(
            ("as of", "run", "parameters", "simulations", "SHA-256 of the run"), map(_run_row, record.scores)
        ),
        GROUPS_ONLY,
    ]
    return "\n\n".join(parts) + "\n"


def _parts_and_ranges(record: Track) -> list[str]:
    """What the model and the regression add, and how many figures lie in the ranges of each."""
    return [
        "## What each part adds",
        "The forecast of a published count is an equal pool of the model and a hurdle regression on the case's own "
        "past. Skill in CRPS. The pool is no worse than the mean of its parts by construction; what the model knows "
        "that the regression does not shows in the column of the model alone against the regression.",
        markdown_table(_PARTS_HEAD, map(_parts_row, record.scores)),
        "## Ranges as printed",
        "Share of figures inside 90% ranges. *Literal*: the figure lies in the range printed for it. *Increment*: what "
        "it adds to the last published figure lies in the interval of what the forecast adds. Ranges of people are "
        "narrower: they leave out that counts miss people and err.",
        markdown_table(_COVERAGE_HEAD, map(_coverage_row, record.scores)),
    ]


def _targets_and_quantities(record: Track) -> list[str]:
    many = [skill for one in record.scores for s in _over_all_leads(one) for skill in (s.skill, s.against_regression)]
    return [
        "## Targets",
        "What every date was meant to reach ([those missed](scores.md#targets-that-are-missed)): a share, or a "
        "skill of the model alone against the hurdle regression with its interval; *not clearly* means that the "
        "interval contains zero. [Violence](violence.md) has its own published benchmarks.",
        markdown_table(_targets_head(record), _targets_rows(record.scores)),
        "## By quantity, the worst against the regression first",
        many_verdicts(many),
        markdown_table(_QUANTITY_HEAD, _quantity_rows(record.scores)),
    ]


def _plain(record: Track, checks: CrossChecks) -> list[str]:
    found = plain_sentences(record.scores, checks.experts)
    return ["## In plain words", "\n".join(f"- {markdown_text(one)}" for one in found)] if found else []


def _reliability(picture: str | None) -> list[str]:
    if picture is None:
        return []
    return [
        "## Reliability",
        "Do intervals contain as many figures as they state? All dates together; a figure that several dates forecast "
        "belongs to one country-quantity pair all the same.",
        f"![Stated and observed shares by quantity]({picture})",
    ]


def _reading(command: str) -> list[str]:
    """How skills, verdicts and intervals on the page are to be read, and how the page is made."""
    return [
        "## How to read the tables",
        "Skill is `1 - score / score of the baseline`: 1 is perfect, 0 is equal to the baseline. Its 90% interval "
        "resamples country-quantity pairs and report families, because figures of one country, and figures of one "
        "report, share their errors. Each pair counts once.",
        f"The verdict is *{BETTER}* or *{WORSE}* if that interval excludes 0, and *{NO_CLEAR_DIFFERENCE}* if it "
        f"contains 0. With fewer than {ENOUGH} independent units (pairs or families, whichever are fewer) there are "
        f"*{TOO_FEW}*. All strongholds of a campaign, and one report, are one unit.",
        "A total below the last public one adds nothing, and is inside an interval where nothing may be added. "
        "[Scores](scores.md) says what is scored and how. This page is made by",
        code_block(command, "sh"),
    ]


def _over_all_leads(scores: Scores) -> list[Summary]:
    return [s for s in scores.summaries if s.months is None and not s.hindsight]


def _by_date(scores: Sequence[Scores]) -> list[Skill]:
    """All skills of the table by as-of date."""
    return [
        skill
        for one in scores
        for skill in (one.overall[0].skill, one.overall[0].against_regression, one.falls_skill, one.splits_skill)
    ]


def _dates(n: int) -> str:
    return "one as-of date" if n == 1 else f"{n} as-of dates"


def _steps(record: Track) -> list[str]:
    if not record.steps:
        return []
    return [
        "## Was the later forecast better?",
        "On the figures that both dates can be scored on, by what they add to what was public on the later one.",
        markdown_table(_STEP_HEAD, map(_step_row, record.steps)),
        many_verdicts(step.skill for step in record.steps),
    ]


def _check_sections(checks: CrossChecks) -> list[str]:
    return [
        *(pooled_sections(checks.pooled) if checks.pooled else ()),
        *(spread_sections(checks.spread) if checks.spread else ()),
    ]


def _numbers(skill: Skill) -> str:
    """Numbers of figures, of country-quantity pairs, and of independent units."""
    return f"{skill.figures}, {skill.clusters}, {skill.independent}"


_DATE_HEAD = (
    "as of",
    "against the baseline",
    "skill (90% interval)",
    "against the regression",
    "skill (90% interval)",
    "log score: forecast, baseline",
    "interval score: forecast, baseline",
    "strongholds",
    "splits",
    "figures, pairs, independent",
)


def _date_row(scores: Scores) -> tuple[str, ...]:
    known = scores.overall[0]
    return (
        day(scores.run.as_of),
        worse_bold(verdict(known.skill)),
        skill_text(known.skill),
        worse_bold(verdict(known.against_regression)),
        skill_text(known.against_regression),
        pair_text(known.log_score),
        pair_text(known.interval90),
        f"{worse_bold(verdict(scores.falls_skill))} {skill_text(scores.falls_skill)}",
        f"{worse_bold(verdict(scores.splits_skill))} {skill_text(scores.splits_skill)}",
        _numbers(known.skill),
    )


_PARTS_HEAD = (
    "as of",
    "model alone against the regression",
    "",
    "model alone against the baseline",
    "pool against the baseline",
    "pool against the regression",
)


def _parts_row(scores: Scores) -> tuple[str, ...]:
    known = scores.overall[0]
    skills = (known.alone_against_regression, known.alone, known.skill, known.against_regression)
    first, *others = map(skill_text, skills)
    return (day(scores.run.as_of), first, worse_bold(verdict(known.alone_against_regression)), *others)


_COVERAGE_HEAD = ("as of", "counts, literal", "counts, increment", "in 50%", "people, literal", "people, increment")


def _coverage_row(scores: Scores) -> tuple[str, ...]:
    known = scores.overall[0]
    inside = known.coverage
    cells = (inside.counts_literal, inside.counts_increment, known.coverage50[0])
    return (day(scores.run.as_of), *map(share, (*cells, inside.people_literal, inside.people_increment)))


def _targets_head(record: Track) -> tuple[str, ...]:
    return ("target", *(day(one.run.as_of) for one in record.scores))


def _targets_rows(scores: Sequence[Scores]) -> list[tuple[str, ...]]:
    by_date = [targets(one) for one in scores]
    return [(row[0].label, *map(_target_cell, row)) for row in zip(*by_date, strict=True)]


def _target_cell(one: Target) -> str:
    if one.met is None:
        return TOO_FEW
    reached = share(one.reached) if one.skill is None else skill_text(one.skill)
    return f"{'met' if one.met else '**missed**'}{'' if one.clear else ', not clearly'}: {reached}"


def _choice(record: Track) -> list[str]:
    """Up to when structure may be chosen, where the case has such a rule."""
    if record.chosen_by is None:
        return []
    return [
        f"Structure may be chosen on dates up to {day(record.chosen_by)}; later dates are only reported. They are no "
        "independent test: most of their figures, and all their strongholds, were also scored from the earlier dates."
    ]


_QUANTITY_HEAD = (
    "quantity",
    "as of",
    "against the baseline",
    "skill (90% interval)",
    "against the regression",
    "skill (90% interval)",
    "in the printed 90%",
    "figures, pairs, independent",
)


def _quantity_rows(scores: Sequence[Scores]) -> list[tuple[str, ...]]:
    found = [(s, one) for one in scores for s in _over_all_leads(one)]
    found.sort(key=lambda pair: (pair[0].against_regression.skill, pair[0].quantity))
    return [_quantity_row(summary, one) for summary, one in found]


def _quantity_row(s: Summary, scores: Scores) -> tuple[str, ...]:
    return (
        QUANTITIES[s.quantity],
        day(scores.run.as_of),
        worse_bold(verdict(s.skill)),
        skill_text(s.skill),
        worse_bold(verdict(s.against_regression)),
        skill_text(s.against_regression),
        share(s.coverage.counts_literal),
        _numbers(s.skill),
    )


def _strongholds(scores: Sequence[Scores]) -> list[str]:
    """How many strongholds were expected to fall and fell, and the Brier scores of every constant hazard."""
    some = [one for one in scores if one.falls.holdings]
    if not some:
        return []
    counts = [(one.run.as_of, one.falls.count) for one in some]
    windows = [b.window for b in some[0].falls.baselines]
    return [
        "## Strongholds",
        "\n".join(f"- {fall_sentence(day_of, count)}" for day_of, count in counts if count is not None),
        "Mean Brier score over all months, against constant hazards estimated from windows before the as-of date. The "
        "opponent of each date (in brackets) is its best one, chosen with hindsight. All strongholds belong to one "
        "campaign: one cluster, from which no better or worse can be concluded.",
        markdown_table(("as of", "model", *(f"last {w} months" for w in windows)), map(_stronghold_row, some)),
    ]


def _stronghold_row(scores: Scores) -> tuple[str, ...]:
    falls = scores.falls
    cells = (f"[{decimals(b.brier)}]" if b is falls.opponent else decimals(b.brier) for b in falls.baselines)
    return (day(scores.run.as_of), decimals(falls.brier), *cells)


_STEP_HEAD = ("from", "to", "the later was", "skill against the earlier (90% interval)", "figures, pairs, independent")


def _step_row(step: Step) -> tuple[str, ...]:
    return (
        day(step.earlier),
        day(step.later),
        worse_bold(verdict(step.skill)),
        skill_text(step.skill),
        _numbers(step.skill),
    )


def _moved_head(record: Track) -> tuple[str, ...]:
    return ("", *(f"as of {day(one.run.as_of)}" for one in record.scores))


def _moved_row(record: Track, one: ForecastChange) -> tuple[str, ...]:
    pairs = zip(one.as_of, one.quantiles, strict=True)
    cells = {as_of: median_range(q[2], q[0], q[-1]) for as_of, q in pairs}
    return (markdown_text(one.label), *(cells.get(s.run.as_of, "") for s in record.scores))


def _misses(record: Track) -> list[str]:
    head = ("place", "quantity", "on", "observed", "predicted: median (90%)", "public then", "reason")
    parts = []
    for scores in record.scores:
        own = [miss for miss in record.missed_figures if miss.as_of == scores.run.as_of]
        outside = scores.scored.marks[MODEL].inside90 == 0
        late = sum(scores.scored.hindsight)
        more = f", {late} of them on structure known from hindsight" if late else ""
        missed = f"{int(outside.sum())} of {len(outside)} figures outside{more}"
        parts.append(f"### As of {day(scores.run.as_of)}: {missed}")
        if own:
            parts.append(markdown_table(head, (_miss_row(scores, miss) for miss in own[:LISTED])))
    return parts


def _miss_row(scores: Scores, miss: MissedFigure) -> tuple[str, ...]:
    one, q = scores.scored.outcomes[miss.row], scores.scored.quantiles[MODEL][miss.row]
    return (
        markdown_text(scores.scored.names[miss.row]),
        QUANTITIES[one.quantity] + (r" \*" if scores.scored.hindsight[miss.row] else ""),
        month_year(one.refers_to),
        published_count(one.value),
        median_range(q[2], q[0], q[-1]),
        "" if one.last_published is None else published_count(one.last_published),
        markdown_text(miss.why),
    )


_HINDSIGHT_HEAD = ("as of", "CRPS", "skill (90% interval)", "figures, pairs, independent")


def _hindsight_row(scores: Scores) -> tuple[str, ...]:
    late = scores.overall[1].skill
    word = worse_bold(verdict(late)) if late.figures else "no figure"
    return day(scores.run.as_of), word, skill_text(late), _numbers(late)


def _run_row(scores: Scores) -> tuple[str, ...]:
    run = scores.run
    sha256 = run.provenance.run_sha256
    return (
        day(run.as_of),
        code(run.request.hash),
        markdown_text(str(run.request.draws)),
        f"{run.request.trajectories:,}",
        code(sha256) if sha256 else "in memory",
    )
