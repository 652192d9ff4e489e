"""Robustness of options over scenarios, in several published measures. ema_workbench has no functions for them.

With y the judged outcome (people; less is better, else with signs reversed), over scenarios s:

================  ===============================================  ==============================
measure           of an option                                     source
================  ===============================================  ==============================
worst case        max y                                            maximin, Wald 1950
percentile        90th percentile of y                             McPhail and others 2018
worst regret      max of how much better the best option is        minimax regret, Savage 1951
usual regret      90th percentile of that regret                   McPhail and others 2018
domain            share of scenarios with y at most a target       Starr 1963
mean, spread      mean and standard deviation of y, kept apart     Kwakkel and others 2016
mean-variance     (mean + 1) (spread + 1), or for outcomes of       Hamarat and others 2014
                  which more is better (mean + 1) / (spread + 1)
================  ===============================================  ==============================

Regret is judged between any two options, y against the first, which is the status quo that the user names (`--against`;
`afterfall.exploration.explored`).

Measures disagree because they ask different things (McPhail and others 2018, doi:10.1002/2017EF000649; Kwakkel and
others 2016, doi:10.1007/978-3-319-33121-8_10). All give each scenario the same weight, except for the weighted mean,
which weighs scenarios by the priors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.exploration.explored import Exploration
from afterfall.policy.endpoints import Endpoint

#: The percentile of the percentile-based measures.
PERCENTILE = 0.9
#: Measures of which more is better, for outcomes of which less is.
MORE_IS_BETTER = ("domain",)


@dataclass(frozen=True, slots=True)
class Robustness:
    """Measures of one option on one outcome, in people; `domain`, `best`, `better`, `worse` and `clear` are shares.

    Attributes
    ----------
    worst, percentile, worst_regret, usual_regret, domain, mean, spread, mean_variance
        As in the module docstring.
    weighted_mean
        Mean with scenarios weighted by the priors of the assumptions.
    best
        Share of scenarios in which no option is better.
    better, worse
        Shares in which it is better, and worse, than the first option by 0.05 people or more.
    clear
        Share in which it differs from the first by more than two standard errors of its simulations.
    """

    worst: float
    percentile: float
    worst_regret: float
    usual_regret: float
    domain: float
    mean: float
    spread: float
    mean_variance: float
    weighted_mean: float
    best: float
    better: float
    worse: float
    clear: float


#: Measures by which one option is preferred to another.
RANKING = (
    *("worst", "percentile", "worst_regret", "usual_regret"),
    *("domain", "mean", "spread", "mean_variance", "weighted_mean"),
)


def target_of(found: Exploration, outcome: Endpoint, target: float | None = None) -> float:
    """The level that the domain criterion asks for: that of the user, or the first option's mean over scenarios."""
    return float(found.outcome_values(outcome)[:, 0].mean()) if target is None else target


def robustness(found: Exploration, outcome: Endpoint, target: float | None = None) -> tuple[Robustness, ...]:
    """Measures of every option on an outcome.

    Parameters
    ----------
    found
        The exploration.
    outcome
        One that is better in one direction.
    target
        Level for the domain criterion, in people; by default the first option's mean over scenarios.
    """
    losses, regrets = found.losses(outcome), found.regrets(outcome)
    sign = 1.0 if outcome.direction == "less" else -1.0
    level = sign * target_of(found, outcome, target)
    shares = [array.mean(axis=0) for array in (found.best(outcome), found.better(outcome), found.worse(outcome))]
    clear = found.clear(outcome).mean(axis=0)
    measures = []
    for i in range(len(found.options)):
        mean, spread = float(losses[:, i].mean()), float(losses[:, i].std())
        people = max(sign * mean, 0.0) + 1.0
        measures.append(
            Robustness(
                worst=sign * float(losses[:, i].max()),
                percentile=sign * float(np.quantile(losses[:, i], PERCENTILE)),
                worst_regret=float(regrets[:, i].max()),
                usual_regret=float(np.quantile(regrets[:, i], PERCENTILE)),
                domain=float((losses[:, i] <= level + 1e-9).mean()),
                mean=sign * mean,
                spread=spread,
                mean_variance=people * (spread + 1.0) if sign > 0 else people / (spread + 1.0),
                weighted_mean=sign * float(losses[:, i] @ found.prior_weights),
                best=float(shares[0][i]),
                better=float(shares[1][i]),
                worse=float(shares[2][i]),
                clear=float(clear[i]),
            )
        )
    return tuple(measures)


def preferred(found: Exploration, outcome: Endpoint, measures: tuple[Robustness, ...]) -> dict[str, tuple[str, ...]]:
    """By measure: the options that it prefers, several where they are equal."""
    chosen = {}
    for name in RANKING:
        values = np.array([getattr(one, name) for one in measures])
        higher = name in MORE_IS_BETTER
        if outcome.direction == "more" and name in ("worst", "percentile", "mean", "weighted_mean", "mean_variance"):
            higher = True
        ahead = values.max() - values if higher else values - values.min()
        chosen[name] = tuple(o for o, behind in zip(found.options, ahead, strict=True) if behind <= 1e-9)
    return chosen
