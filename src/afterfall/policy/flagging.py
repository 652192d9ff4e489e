"""The probability that an assessment flags a person, by disposition and month, with the levers of a run.

The verdict on a person of disposition d in month t is a split between a flag and no flag (`case_management`)::

    log odds[d, t] = log w[d, flagged, t] - log w[closed, t]
    log w[d, flagged, t] = instrument[d] + sum over levers of log(ratio) x[t]
    log w[closed, t]     = 0 + the same, for a user's lever that acts on closing cases

with x[t] the progress of the lever from now to full effect in that month (`afterfall.model.levers.applying`). The test
therefore improves as a lever comes into force, and its accuracy over a whole run is an average over the months in which
people are assessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from afterfall.model import Model
from afterfall.model.language.vocabulary import OnRamp, Term
from afterfall.policy.paired_differences import Floats
from afterfall.policy.test_accuracy import share
from afterfall.run import Run


def flag_probabilities(model: Model, run: Run, country: str, disposition: str) -> Floats:
    """Probability of a flag ``(n, T)`` in months 1 to T.

    Raises
    ------
    ValueError
        If the run is not of this model.
    """
    if (model.model_hash, model.policy) != (run.request.model_hash, run.request.policy):
        raise ValueError(
            f"model {model.model_hash} is not the model of run {run.request.hash} ({run.request.model_hash}): build it "
            "for the same case and policy"
        )
    flagged = _log_weight(model, run, country, f"verdict.{disposition}.flagged")
    closed = _log_weight(model, run, country, "verdict.closed")
    return np.asarray(1.0 / (1.0 + np.exp(closed - flagged)), dtype=float)


def flag_probability_as_of(run: Run, disposition: str) -> Floats:
    """Probability of a flag ``(n,)`` as on the as-of date, without levers."""
    return np.asarray(1.0 / (1.0 + np.exp(-_drawn(run, f"instrument.{disposition}"))), dtype=float)


def mean_flag_probability(run: Run, country: str, by_disposition: dict[str, Floats]) -> Floats:
    """Mean probability of a flag ``(n,)`` over some dispositions and all months, weighted by the run's assessments.

    `by_disposition` holds probabilities ``(n, T)``. Assessments are taken as even between two recorded months. In
    simulations without any assessment of these dispositions, all dispositions and months have equal weight.
    """
    flagged, assessed = np.zeros(run.request.trajectories), np.zeros(run.request.trajectories)
    for disposition, chance in by_disposition.items():
        series = run.quantity(f"assessed_{disposition}_so_far", country)
        months = [int(m) for m in series["origin_month"].values]
        counts = np.diff(np.asarray(series.values, dtype=float), axis=1)
        flagged += (counts * _between(chance, months)).sum(axis=1)
        assessed += counts.sum(axis=1)
    alike = np.mean([chance.mean(axis=1) for chance in by_disposition.values()], axis=0)
    return np.where(assessed > 0, share(flagged, assessed), alike)


def _between(chance: Floats, months: Sequence[int]) -> Floats:
    """Mean chance of the months after each recorded month up to the next, ``(n, len(months) - 1)``."""
    return np.stack([chance[:, a:b].mean(axis=1) for a, b in pairwise(months)], axis=1)


def _log_weight(model: Model, run: Run, country: str, rate: str) -> Floats:
    """Log weight of a verdict, ``(n, T)``."""
    months = range(1, run.request.horizon + 1)
    ramps = {ramp.name: ramp for ramp in model.structure.ramps}
    total = np.zeros((run.request.trajectories, len(months)))
    for term in next(r for r in model.structure.rates if r.name == rate).terms:
        match term:
            case Term(parameter, "one"):
                total += 0.0 if parameter is None else _drawn(run, parameter)[:, None]
            case OnRamp(parameter, name):
                ramp = ramps[name]
                if ramp.origins is None or country in ramp.origins:
                    total += np.outer(_drawn(run, parameter), [ramp.values(m) for m in months])
            case _:
                raise NotImplementedError(
                    f"rate {rate!r} has a term without a closed form for screening: found {term}; expected parameters "
                    "and on-ramps of levers"
                )
    return total


def _drawn(run: Run, parameter: str) -> Floats:
    """Draws of a parameter ``(n,)``, as they reach a rate."""
    return np.asarray(run.dataset["parameters"].sel(parameter=parameter).values, dtype=float)
