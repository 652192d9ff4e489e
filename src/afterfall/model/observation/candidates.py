"""Chooses an origin's total and shares among candidates, given its further figures.

Sampling-importance-resampling (Rubin 1988). Each of `CANDIDATES` candidates is a total (a reading moved as far as the
first one was when totals were reconciled) and shares returned and dead, drawn as without further figures. A candidate's
weight is the density of the further figures (`further_figures`). A figure y of month t has the expected value::

    mu = N_t s / u ,   N_t = N P[t] / P[T]

where s is the candidate's share, carried back to month t by the history's growth: the returned and the dead as
reported, or those whom a stock in the theatre counts (`counting.seen_in_theatre`); u is the number of people per person
counted. The log of y is normal, with mean ``log mu - S^2 / 2`` and variance ``S^2 = log(1 + v)``, v the relative
variance (`counting.relative_variance`). "At least" and "at most" are tails. Log densities of one report family are
averaged; families of one quantity are mixed by weight. Where the candidates were drawn given one of the competing
counts, its density is divided out.

One candidate is chosen by weight. Random numbers are keyed by origin and number of the candidate; the first candidate
is the draw of an origin without further figures, which also stands where no candidate has a weight.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats
from afterfall.model.observation import counting
from afterfall.model.observation.initial_state_plan import CHOOSE, InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.node_shares import growth_of, observed_share, people_per_count, share_draw
from afterfall.model.observation.reconcile_totals import reading_of

#: Candidates for the start of an origin with further figures.
CANDIDATES = 64
#: Log weights further than this below zero count as none at all.
LEAST_LOG_WEIGHT = -600.0
_relative_variance = jit(counting.relative_variance)
_seen_in_theatre = jit(counting.seen_in_theatre)


@jit
def expected_figure(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, i: int, people: float, home: float, dead: float
) -> float:
    """What further figure i of an origin is expected to say, given people, share returned and share dead of the rest."""
    g, then, last = plan.region[o], plan.figure_column[i], beliefs.nodes.shape[1] - 1
    before = people * beliefs.people[then, g] / beliefs.people[last, g]
    returned = min(home / growth_of(beliefs, 0, then, g), 1.0)
    killed = (1.0 - returned) * min(dead / growth_of(beliefs, 1, then, g), 1.0)
    which = plan.figure_quantity[i]
    if which == 0:
        share = beliefs.reporting[0] * returned
    elif which == 1:
        share = beliefs.reporting[1] * killed
    else:
        there = (1.0 - returned - killed) * beliefs.theatre[then, g]
        share = _seen_in_theatre(there, returned, killed, beliefs.reporting[0], beliefs.reporting[1])
    return float(max(before * share / people_per_count(beliefs, which, plan.figure_kind[i], g), 1e-9))


@jit
def log_density(y: float, mean: float, v: float, bound: int) -> float:
    """Log density of the log y of a figure with this mean and relative variance, or the log of a bound's tail."""
    variance = math.log1p(v)
    z = (math.log(mean) - variance / 2.0 - y) / math.sqrt(variance)
    if bound != 0:
        return math.log(max(0.5 * math.erfc(-z * bound / math.sqrt(2.0)), 1e-300))
    return -0.5 * z * z - 0.5 * math.log(2.0 * math.pi * variance)


@jit
def figure_log_density(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, i: int, people: float, home: float, dead: float
) -> float:
    """Log density of one further figure."""
    mean = expected_figure(plan, beliefs, o, i, people, home, dead)
    v = _relative_variance(0.0, plan.figure_sd[i], beliefs.discrepancy)
    return log_density(plan.figure_log[i], mean, v, plan.figure_bound[i])


@jit
def log_weight(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, people: float, home: float, dead: float
) -> float:
    """Log weight of a candidate: the log density of all further figures of its origin."""
    total = 0.0
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        mixed = -math.inf
        for f in range(plan.first_family[j], plan.first_family[j + 1]):
            first, end = plan.first_figure[f], plan.first_figure[f + 1]
            mean = 0.0
            for i in range(first, end):
                mean += figure_log_density(plan, beliefs, o, i, people, home, dead) / (end - first)
            one = plan.log_family_weight[f] + mean
            high, low = max(mixed, one), min(mixed, one)
            mixed = high + math.log1p(math.exp(low - high))
        total += mixed
        used = plan.group_evidence[j]
        if used >= 0:
            total -= figure_log_density(plan, beliefs, o, used, people, home, dead)
    return total


@jit
def choose_candidate(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    pooled: Floats,
    subkey: np.uint64,
    totals: Floats,
    shares: Floats,
) -> None:
    """Write the chosen candidate of an origin into `totals` ``[O]`` and `shares` ``[2, O]``, which hold the first."""
    key = plan.origin_key[o]
    moved = math.log(totals[o]) - reading_of(plan, beliefs, o, subkey, key)
    drawn, log_weights = np.empty((CANDIDATES, 3)), np.empty(CANDIDATES)
    for k in range(CANDIDATES):
        if k > 0:
            own = joined(key, np.uint64(k))
            totals[o] = math.exp(reading_of(plan, beliefs, o, subkey, own) + moved)
            for which in range(2):
                seen, worth = observed_share(plan, beliefs, totals, shares, which, o)
                mean, like = pooled[which, 0, o], pooled[which, 1, o]
                shares[which, o] = share_draw(mean, like, seen, worth, which, subkey, own)
        drawn[k, 0], drawn[k, 1], drawn[k, 2] = totals[o], shares[0, o], shares[1, o]
        log_weights[k] = log_weight(plan, beliefs, o, totals[o], shares[0, o], shares[1, o])
    k = chosen(log_weights, uniform(subkey, key, 0, CHOOSE))
    totals[o], shares[0, o], shares[1, o] = drawn[k, 0], drawn[k, 1], drawn[k, 2]


@jit
def chosen(log_weights: Floats, u: float) -> int:
    """The candidate that a uniform chooses by weight; the first where no weight is above `LEAST_LOG_WEIGHT`."""
    highest = log_weights.max()
    if not highest > LEAST_LOG_WEIGHT:
        return 0
    left = u * np.exp(log_weights - highest).sum()
    for k in range(log_weights.size):
        left -= math.exp(log_weights[k] - highest)
        if left < 0.0:
            return k
    return int(log_weights.size - 1)
