"""Chooses an origin's total and shares among candidates, given its published stocks in the theatre.

Sampling-importance-resampling (Rubin 1988, in Bernardo et al., Bayesian Statistics 3). Each of `CANDIDATES` candidates
is a total (a reading, moved as far as the first one was when totals were reconciled) and shares returned and dead,
drawn as without stocks. A candidate's weight is the density of the origin's stocks (`further_figures`). A stock y of
month t has the expected value::

    mu = N[t] s / u ,   N[t] = N P[t] / P[T]

where P are the region's expected travellers. The candidate's shares are carried back to month t by the history's
growth; s is the share whom a stock counts, those there and those who died or came home unreported
(`counting.seen_in_theatre`); u is the number of people per person counted. The log of y is normal, with mean
``log mu - S^2 / 2`` and variance ``S^2 = log(1 + v)``, v the relative variance (`counting.relative_variance`). "At
least" and "at most" are tails. Log densities of one report family are averaged; families are mixed by weight.

One candidate is chosen by weight. Random numbers are keyed by origin and number of the candidate; the first candidate
is the draw of an origin without stocks, which also stands where no candidate has a weight. Totals of other origins do
not answer: the sum of totals moves with those of origins that publish stocks.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats
from afterfall.model.observation import counting
from afterfall.model.observation.initial_state_plan import CHOOSE, InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.node_shares import growth_of, observed_share, share_draw
from afterfall.model.observation.reconcile_totals import reading_of, unit_of

#: Candidates for the start of an origin with stocks.
CANDIDATES = 64
#: With every log weight below this the first candidate stands.
LEAST_LOG_WEIGHT = -600.0
_relative_variance = jit(counting.relative_variance)
_seen_in_theatre = jit(counting.seen_in_theatre)


@jit
def expected_stock(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, i: int, people: float, home: float, dead: float
) -> float:
    """What stock i is expected to say, given people, the share returned, and the share dead of the others."""
    g, then, last = plan.region[o], plan.stock_column[i], beliefs.nodes.shape[1] - 1
    before = people * beliefs.people[then, g] / beliefs.people[last, g]
    returned = min(home / growth_of(beliefs, 0, then, g), 1.0)
    killed = (1.0 - returned) * min(dead / growth_of(beliefs, 1, then, g), 1.0)
    there = (1.0 - returned - killed) * beliefs.theatre[then, g]
    seen = _seen_in_theatre(there, returned, killed, beliefs.reporting[0], beliefs.reporting[1])
    return float(max(before * seen / unit_of(plan.stock_kind[i], beliefs), 1e-9))


@jit
def log_density(y: float, mean: float, v: float, bound: int) -> float:
    """Log density of the log y of a figure with this mean and relative variance, or the log of a bound's tail."""
    variance = math.log1p(v)
    z = (math.log(mean) - variance / 2.0 - y) / math.sqrt(variance)
    if bound != 0:
        return math.log(max(0.5 * math.erfc(-z * bound / math.sqrt(2.0)), 1e-300))
    return -0.5 * z * z - 0.5 * math.log(2.0 * math.pi * variance)


@jit
def log_weight(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, people: float, home: float, dead: float
) -> float:
    """Log weight of a candidate: the log density of all stocks of its origin."""
    total = 0.0
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        mixture = -math.inf
        for f in range(plan.first_family[j], plan.first_family[j + 1]):
            first, end = plan.first_stock[f], plan.first_stock[f + 1]
            one = plan.log_family_weight[f]
            for i in range(first, end):
                mean = expected_stock(plan, beliefs, o, i, people, home, dead)
                v = _relative_variance(0.0, plan.stock_sd[i], beliefs.discrepancy)
                one += log_density(plan.stock_log[i], mean, v, plan.stock_bound[i]) / (end - first)
            mixture = max(mixture, one) + math.log1p(math.exp(-abs(mixture - one)))
        total += mixture
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
    """The candidate that a uniform chooses by weight; the first where no log weight is above `LEAST_LOG_WEIGHT`."""
    highest = log_weights.max()
    if not highest > LEAST_LOG_WEIGHT:
        return 0
    left = u * np.exp(log_weights - highest).sum()
    for k in range(log_weights.size):
        left -= math.exp(log_weights[k] - highest)
        if left < 0.0:
            return k
    return int(log_weights.size - 1)
