"""What a track record is checked against beyond its own runs.

Statements of experts on the same questions; the share of dead in each past collapse, forecast from the others; and what
each of two cases says of how organisations spread in the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from afterfall.case import Case, cut, open_case, open_whole_case
from afterfall.case.open import LATEST
from afterfall.evaluate.experts.expert_scores import Experts, score_experts
from afterfall.evaluate.experts.statements import bundled_statements
from afterfall.evaluate.record.forecast_record import CrossChecks
from afterfall.evaluate.record.mortality_cross_validation import MortalityScores, score_mortality
from afterfall.evaluate.record.spread_cross_validation import SpreadCrossValidation, cross_validate_spread
from afterfall.infer.collapse_left_out import POOL, STATED, further, leave_each_out, stated_name
from afterfall.infer.past_collapses import past_collapses
from afterfall.model import Model, build
from afterfall.posterior import bundled_posterior
from afterfall.run import Progress, Run
from afterfall.run.forecasting import labelled
from afterfall.run.resolve import RunSettings, resolve

ALONE = "alone in how it ended: the shift rests on its prior"


def cross_checks(
    whole: Case, runs: Sequence[Run], settings: RunSettings, likelihoods: Mapping[str, tuple[float, float]]
) -> CrossChecks:
    """All checks that a case has.

    Parameters
    ----------
    whole
        The case as it is known later.
    runs
        Its runs, one per as-of date.
    settings
        How to forecast the case that its spread is compared with.
    likelihoods
        Probability range of each word of likelihood, by which statements of experts are read.
    """
    experts = _experts(whole, runs, settings, likelihoods)
    return CrossChecks(experts, _pooled(runs[0].request.seed), _spread(settings, whole, runs))


def _experts(
    whole: Case, runs: Sequence[Run], settings: RunSettings, likelihoods: Mapping[str, tuple[float, float]]
) -> Experts | None:
    chances = dict(likelihoods)
    statements = bundled_statements(whole.id, chances)
    if not statements:
        return None
    if settings.progress is not None:
        settings.progress(Progress("scoring", 0, len(statements), "expert statements"))
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


def _spread(settings: RunSettings, whole: Case, runs: Sequence[Run]) -> SpreadCrossValidation | None:
    """The case and the other one that has spread, each from the other; None for a case that is not one of them."""
    other = whole.evaluation.spread_beside
    if not other:
        return None
    day = open_case(whole.id).as_of
    own = next((run for run in runs if run.as_of == day), runs[-1])
    report = labelled(settings.progress, f"{other}, to compare its spread")
    asked = resolve(
        other, replace(settings, as_of=None, horizon=open_case(other).evaluation.spread_months, progress=report)
    )
    models = [build(cut(whole, own.as_of), horizon=own.request.horizon), asked.model]
    fitted = [name for model in models for name in _fitted(model)]
    return cross_validate_spread([own, asked.run()], [whole, open_whole_case(other)], models, fitted)


def _fitted(model: Model) -> tuple[str, ...]:
    """Names of the parameters that the posterior of a model holds."""
    posterior = bundled_posterior(model)
    return posterior.names if posterior is not None else ()
