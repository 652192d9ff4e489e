"""Collapses left out one at a time, in the track record: mortality from the pool, and spread."""

from __future__ import annotations

import datetime as dt

from afterfall.evaluate.core.scoring_rules import Floats
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores
from afterfall.evaluate.record.spread_cross_validation import LeftOutCase, SpreadCrossValidation
from afterfall.report.kit.markdown import code, markdown_table, markdown_text
from afterfall.report.kit.number_formats import day, decimals, month_year, share
from afterfall.report.track_record.record_words import skill_text, worse_bold

#: Places listed, besides those that were reached.
LIKELIEST = 15
FORECASTS = {"pool": "the pool", "raw": "raw mean and spread", "even": "uniform share"}


def pooled_sections(scores: MortalityScores) -> list[str]:
    """The part of the page on the share of dead."""
    names = [name for who, name in FORECASTS.items() if who in scores.marks]
    first, *others = names
    won = [
        f"{worse_bold(verdict(skill))} against {FORECASTS[who]}, {skill_text(skill)}"
        for who, skill in scores.skill.items()
        if who in FORECASTS
    ]
    return [
        "## One past collapse left out: the share of dead",
        "The pool of mean, spread between collapses and shift of settled ends, learned from the others, forecasts the "
        "published share of fighters dead in the one left out. The baselines are the raw mean and spread of the "
        "others, and a uniform share. CRPS and log score of the logit. "
        f"{first[0].upper()}{first[1:]}: {'; '.join(won)}. With {len(scores.names)} collapses this is weak evidence.",
        markdown_table(
            ("left out", "dead", *(f"{n}: median (90%)" for n in names), "CRPS", "log score", "remark"),
            (_pooled_row(scores, i) for i in range(len(scores.names))),
        ),
        f"Scores in the order of the columns: {', '.join([first, *others])}.",
        *_stated(scores),
    ]


def _stated(scores: MortalityScores) -> list[str]:
    """What follows from the spread between collapses: estimated, and fixed at stated values."""
    if not scores.further:
        return []
    return [
        "The spread between collapses is poorly identified from so few. The table has the pool with that spread "
        "(standard deviation on the logit scale) estimated, and fixed at stated values; the last column is what each "
        "predicts for a further collapse that ends neither in victory nor by agreement.",
        markdown_table(
            ("spread between collapses", "mean CRPS", "mean log score", "in 90%", "share of dead in a further one"),
            (
                (
                    "estimated" if who == "pool" else who.removeprefix("pool at "),
                    decimals(float(scores.marks[who].crps.mean())),
                    decimals(float(scores.marks[who].log_score.mean())),
                    f"{int(scores.marks[who].inside90.sum())} of {len(scores.names)}",
                    _share_range(quantiles),
                )
                for who, quantiles in scores.further.items()
            ),
        ),
    ]


def _share_range(quantiles: Floats) -> str:
    low, _, median, _, high = map(float, quantiles)
    return f"{share(median)} ({share(low)} to {share(high)})"


def _pooled_row(scores: MortalityScores, row: int) -> tuple[str, ...]:
    return (
        markdown_text(scores.names[row]),
        share(float(scores.observed[row])),
        *(_range(scores, who, row) for who in FORECASTS if who in scores.marks),
        ", ".join(decimals(float(scores.marks[who].crps[row])) for who in FORECASTS if who in scores.marks),
        ", ".join(decimals(float(scores.marks[who].log_score[row])) for who in FORECASTS if who in scores.marks),
        markdown_text(scores.notes[row]),
    )


def _range(scores: MortalityScores, who: str, row: int) -> str:
    text = _share_range(scores.quantiles[who][row])
    return text if scores.marks[who].inside90[row] else f"{text} missed"


def spread_sections(apart: SpreadCrossValidation) -> list[str]:
    """The part of the page on spread."""
    return [
        "## One collapse left out: spread",
        _learned(apart),
        markdown_table(_CASE_HEAD, (_case_row(one) for one in apart.cases)),
        "Places: countries of the world where the core's family had not been on the as-of date; listed are the "
        f"likeliest {LIKELIEST} and those reached. The baseline probability is that of the *other* case: its places "
        "reached by its months of exposure. Strengths: CRPS on log1p; the baseline is persistence.",
        *(_places(one) for one in apart.cases),
    ]


def _learned(apart: SpreadCrossValidation) -> str:
    if apart.learned:
        learned = markdown_text(", ".join(apart.learned))
        return f"Of {apart.parameters} parameters of organisations, figures inform {learned}."
    differing = "; ".join(
        f"{code(name)} " + " and ".join(f"{low:g} to {high:g}" for low, high in values)
        for name, values in apart.differing.items()
    )
    return (
        f"No parameter of spread is fitted: all {apart.parameters} parameters of organisations come from priors, in "
        "both cases, so leaving one case out changes no number of the model. Both are scored under these priors"
        + (f"; they differ between the cases where a case gives its own: {differing}." if differing else ".")
    )


_CASE_HEAD = (
    *("case", "as of", "by", "observed in", "places", "reached", "predicted"),
    *("order (p)", "Brier: model, other case", "strengths in 90%", "CRPS: model, persistence"),
)


def _case_row(one: LeftOutCase) -> tuple[str, ...]:
    spread = one.scores
    return (
        code(spread.run.request.case),
        day(spread.run.as_of),
        day(one.by),
        markdown_text(one.arrival_record),
        str(len(one.places)),
        str(one.reached),
        decimals(one.expected),
        f"{decimals(one.order.auc)} ({decimals(one.order.p_value)})",
        _pair(one.brier, one.brier_other),
        share(spread.inside) if spread.strengths else "",
        _pair(spread.crps, spread.baseline_crps) if spread.strengths else "",
    )


def _pair(ours: float, other: float) -> str:
    return f"{ours:.3f}, {other:.3f}"


def _places(one: LeftOutCase) -> str:
    rows = (
        (markdown_text(place.label), decimals(place.chance), decimals(one.other_chance), _when(place.reached))
        for i, place in enumerate(one.places)
        if i < LIKELIEST or place.reached is not None
    )
    case = one.scores.run.request.case
    return markdown_table((f"places of {code(case)}", "predicted", "other case", "reached"), rows)


def _when(day_of: dt.date | None) -> str:
    return "" if day_of is None else month_year(day_of)
