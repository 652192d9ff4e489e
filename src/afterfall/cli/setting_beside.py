"""What ``track-record`` sets beside its scores: expert statements, and collapses left out one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from afterfall.case import Case, cut, open_case
from afterfall.cli.asking import Question, understand
from afterfall.cli.failures import reading_input
from afterfall.cli.forecasting import run_asked
from afterfall.cli.hindcasting import LATEST
from afterfall.cli.streams import stderr
from afterfall.evaluate import Scores
from afterfall.evaluate.experts.expert_scores import Experts, score_experts
from afterfall.evaluate.experts.statements import bundled_statements
from afterfall.evaluate.record.forecast_record import CrossChecks
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores, score_mortality
from afterfall.evaluate.record.spread_cross_validation import SpreadCrossValidation, cross_validate_spread
from afterfall.infer.collapse_left_out import POOL, STATED, further, leave_each_out, stated_name
from afterfall.infer.past_collapses import past_collapses
from afterfall.model import Model, build
from afterfall.posterior.bundled import bundled_posterior
from afterfall.report.kit.likelihood_words import ICD203
from afterfall.run import Run

ALONE = "alone in how it ended: the shift rests on its prior"


def beside(question: Question, whole: Case, scores: Sequence[Scores]) -> CrossChecks:
    """All that stands beside the scores of a case."""
    runs = [one.run for one in scores]
    return CrossChecks(_experts(whole, runs), _pooled(runs[0].request.seed), _spread(question, whole, runs))


def _experts(whole: Case, runs: Sequence[Run]) -> Experts | None:
    chances = {term.text: (term.low, term.high) for term in ICD203.terms}
    statements = bundled_statements(whole.id, chances)
    if not statements:
        return None
    stderr().print("scoring expert statements")
    return score_experts(statements, runs, whole, chances)


def _pooled(seed: int) -> MortalityScores:
    """The share of dead in each past collapse from the others."""
    past = past_collapses(LATEST)
    found = leave_each_out(past)
    return score_mortality(
        [one.collapse.case for one in found],
        [one.collapse.logit for one in found],
        {who: np.stack([one.samples[who] for one in found]) for who in found[0].samples},
        notes=[ALONE if one.settled_alone else "" for one in found],
        further={POOL: further(past)} | {stated_name(between): further(past, between) for between in STATED},
        seed=seed,
    )


def _spread(question: Question, whole: Case, runs: Sequence[Run]) -> SpreadCrossValidation | None:
    """The case beside the others that have spread; None for a case that is not one of them."""
    other = whole.evaluation.spread_beside
    if not other:
        return None
    day = open_case(whole.id).as_of
    own = next((run for run in runs if run.as_of == day), runs[-1])
    stderr().print(f"{other}, beside it")
    with reading_input():
        asked = understand(replace(question, case=other, as_of=None, horizon=open_case(other).evaluation.spread_months))
    run = run_asked(asked, question.threads, stderr())
    models = [build(cut(whole, own.as_of), horizon=own.request.horizon), asked.model]
    fitted = [name for model in models for name in _fitted(model)]
    return cross_validate_spread([own, run], [whole, open_case(other, as_of=LATEST)], models, fitted)


def _fitted(model: Model) -> tuple[str, ...]:
    """Names of the parameters that the posterior of a model holds."""
    posterior = bundled_posterior(model)
    return posterior.names if posterior is not None else ()
