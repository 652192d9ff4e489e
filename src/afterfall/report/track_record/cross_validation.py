"""Collapses left out one at a time, in the track record: mortality from the pool, and spread; as page and as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

from afterfall.evaluate.core.scoring_rules import Floats, Marks
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores
from afterfall.evaluate.record.spread_cross_validation import LeftOutCase, SpreadCrossValidation
from afterfall.report.kit.number_formats import day, json_number, month_year, share
from afterfall.report.scores.score_tables import decimals, verdict
from afterfall.report.track_record.record_words import loss_bold, markdown_table, skill_json, skill_text

FORECASTS = {"pool": "the pool", "raw": "raw mean and spread", "even": "every share alike"}


def pooled_sections(scores: MortalityScores) -> list[str]:
    """The part of the page on the share of dead."""
    names = [name for who, name in FORECASTS.items() if who in scores.marks]
    first, *others = names
    won = [
        f"{loss_bold(verdict(skill))} against {FORECASTS[who]}, {skill_text(skill)}"
        for who, skill in scores.skill.items()
        if who in FORECASTS
    ]
    return [
        "## One past collapse left out: the share of dead",
        "The pool of mean, spread between collapses and shift of settled ends, learned from the others, forecasts the "
        "published share of fighters dead in the one left out; beside it the raw mean and spread of the others, and "
        "every share alike. CRPS and log score of the logit. "
        f"{first[0].upper()}{first[1:]}: {'; '.join(won)}. {len(scores.names)} collapses are a hint, no more.",
        markdown_table(
            ("left out", "dead", *(f"{n}: median (90%)" for n in names), "CRPS", "log score", "remark"),
            (_pooled_row(scores, i) for i in range(len(scores.names))),
        ),
        f"Scores in the order of the columns: {', '.join([first, *others])}.",
        *_stated(scores),
    ]


def _stated(scores: MortalityScores) -> list[str]:
    """What follows from the spread between collapses: learned, and held at stated values."""
    if not scores.further:
        return []
    return [
        "How far collapses differ from each other is itself hardly known from so few. The pool with that spread "
        "(standard deviation on the logit scale) learned, and held at stated values; the last column is what each says "
        "of a further collapse that ends neither in victory nor by agreement.",
        markdown_table(
            ("spread between collapses", "mean CRPS", "mean log score", "in 90%", "share of dead in a further one"),
            (
                (
                    "learned" if who == "pool" else who.removeprefix("pool at "),
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
        scores.names[row],
        share(float(scores.observed[row])),
        *(_range(scores, who, row) for who in FORECASTS if who in scores.marks),
        ", ".join(decimals(float(scores.marks[who].crps[row])) for who in FORECASTS if who in scores.marks),
        ", ".join(decimals(float(scores.marks[who].log_score[row])) for who in FORECASTS if who in scores.marks),
        scores.notes[row],
    )


def _range(scores: MortalityScores, who: str, row: int) -> str:
    text = _share_range(scores.quantiles[who][row])
    return text if scores.marks[who].inside90[row] else f"{text} missed"


def spread_sections(cross_validation: SpreadCrossValidation) -> list[str]:
    """The part of the page on spread."""
    return [
        "## One collapse left out: spread",
        _calibrated(cross_validation),
        markdown_table(_CASE_HEAD, (_case_row(one) for one in cross_validation.cases)),
        "Places: where the core's family was not yet on the as-of date. The naive chance is the *other* case's: its "
        "places reached by its months of exposure. Strengths: CRPS on log1p, the naive one holds the last published.",
        *(_places(one) for one in cross_validation.cases),
    ]


def _calibrated(cross_validation: SpreadCrossValidation) -> str:
    if cross_validation.learned:
        learned = ", ".join(cross_validation.learned)
        return f"Of {cross_validation.parameters} parameters of organisations, the data inform {learned}."
    differing = "; ".join(
        f"`{name}` " + " and ".join(f"{low:g} to {high:g}" for low, high in values)
        for name, values in cross_validation.differing.items()
    )
    return (
        f"Nothing is learned of spread: all {cross_validation.parameters} parameters of organisations come from "
        "priors, in both cases, so leaving one case out changes no number of the model. Both are scored under these "
        "priors" + (f"; they differ between the cases where a case gives its own: {differing}." if differing else ".")
    )


_CASE_HEAD = (
    *("case", "as of", "by", "told by", "places", "reached", "predicted"),
    *("order (p)", "Brier: model, other case", "strengths in 90%", "CRPS: model, held"),
)


def _case_row(one: LeftOutCase) -> tuple[str, ...]:
    spread = one.scores
    return (
        f"`{spread.run.request.case}`",
        day(spread.run.as_of),
        day(one.by),
        one.arrival_record,
        str(len(one.places)),
        str(one.reached),
        decimals(one.expected),
        f"{decimals(one.order.auc)} ({decimals(one.order.p_value)})",
        _worse(one.brier, one.brier_other),
        share(spread.inside) if spread.strengths else "",
        _worse(spread.crps, spread.baseline_crps) if spread.strengths else "",
    )


def _worse(ours: float, other: float) -> str:
    """Two scores, ours bold where it is the worse."""
    text = f"{ours:.3f}"
    return f"{f'**{text}**' if ours > other else text}, {other:.3f}"


def _places(one: LeftOutCase) -> str:
    rows = (
        (place.label, decimals(place.chance), decimals(one.other_chance), _when(place.reached)) for place in one.places
    )
    case = one.scores.run.request.case
    return markdown_table((f"places of `{case}`", "predicted", "other case", "reached"), rows)


def _when(day_of: dt.date | None) -> str:
    return "" if day_of is None else month_year(day_of)


def pooled_json(scores: MortalityScores) -> dict[str, Any]:
    """The part of the JSON object on the share of dead."""
    return {
        "collapses": [
            {
                "collapse": name,
                "share_dead": json_number(float(scores.observed[i])),
                "remark": scores.notes[i],
                **{who: _marks_json(scores, who, marks, i) for who, marks in scores.marks.items()},
            }
            for i, name in enumerate(scores.names)
        ],
        "skill": {who: skill_json(skill) for who, skill in scores.skill.items()},
        "further": {who: [json_number(float(q)) for q in quantiles] for who, quantiles in scores.further.items()},
    }


def _marks_json(scores: MortalityScores, who: str, marks: Marks, row: int) -> dict[str, Any]:
    low, _, median, _, high = map(float, scores.quantiles[who][row])
    return {
        "low90": json_number(low),
        "median": json_number(median),
        "high90": json_number(high),
        "crps": json_number(float(marks.crps[row])),
        "log_score": json_number(float(marks.log_score[row])),
        "inside90": bool(marks.inside90[row]),
    }


def spread_cross_validation_json(cross_validation: SpreadCrossValidation) -> dict[str, Any]:
    """The part of the JSON object on spread."""
    return {
        "parameters": cross_validation.parameters,
        "learned": list(cross_validation.learned),
        "differing": {name: [list(pair) for pair in values] for name, values in cross_validation.differing.items()},
        "cases": [_case_json(one) for one in cross_validation.cases],
    }


def _case_json(one: LeftOutCase) -> dict[str, Any]:
    spread = one.scores
    return {
        "case": spread.run.request.case,
        "as_of": spread.run.as_of.isoformat(),
        "by": one.by.isoformat(),
        "arrival_record": one.arrival_record,
        "reached": one.reached,
        "expected": one.expected,
        "order": {"auc": json_number(one.order.auc), "p_value": json_number(one.order.p_value)},
        "brier": json_number(one.brier),
        "brier_other_case": json_number(one.brier_other),
        "strengths": {
            "figures": len(spread.strengths),
            "inside90": json_number(spread.inside),
            "crps": json_number(spread.crps),
            "crps_held": json_number(spread.baseline_crps),
        },
        "places": [
            {"place": p.place, "chance": p.chance, "reached": p.reached.isoformat() if p.reached else None}
            for p in one.places
        ],
    }
