"""How many of an origin's people are held, given published counts of them.

Of the people neither returned nor dead, the share c whom some custodians hold has the prior of the other states within
a node: a beta around the history's share with the concentration `mixing`. A count y is lognormal with mean
``people * c`` and the error of its source and of all counts; "at least" and "at most" are tails. c is chosen among
candidates drawn around the count, weighted by target over proposal. The odds of the states of these custodians then
change by one factor for all roles that the count is of. Groups follow each other, those of more custodians first.

Assumption: these counts do not inform the total or the shares returned and dead.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats
from afterfall.model.observation.candidates import candidate_share, chosen
from afterfall.model.observation.count_density import LEAST_TAIL
from afterfall.model.observation.initial_state_plan import (
    CHOOSE,
    FAMILY,
    REST,
    InitialStateBeliefs,
    InitialStatePlan,
)

HELD_CANDIDATES = 64
#: Keys of these candidates start here, apart from those of the totals.
KEYS_FROM = 1 << 20


@jit
def share_held(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, r: int, j: int, tilt: Floats) -> float:
    """Share of a role's people neither returned nor dead whom the custodians of group j hold."""
    held, total, row = 0.0, 0.0, plan.regional[plan.cohorts_of[o, r]]
    for s in range(plan.node.size):
        if plan.node[s] == REST:
            part = beliefs.shares[row, s] * tilt[r, s]
            total += part
            if plan.held_states[j, s]:
                held += part
    return float(held / total) if total > 0.0 else 0.0


@jit
def log_held(y: float, mean: float, v: float, bound: int) -> float:
    """Log density of the log y of a lognormal count, or the log of a bound's tail."""
    variance = math.log1p(v)
    z = (math.log(max(mean, 1e-9)) - variance / 2.0 - y) / math.sqrt(variance)
    if bound != 0:
        return math.log(max(0.5 * math.erfc(-z * bound / math.sqrt(2.0)), LEAST_TAIL))
    return -0.5 * z * z - 0.5 * math.log(2.0 * math.pi * variance)


@jit
def drawn_share(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    j: int,
    mean: float,
    people: float,
    subkey: np.uint64,
    key: np.uint64,
) -> float:
    """The share held of `people`, of whom the history expects the share `mean`, given the counts of group j."""
    i, u, end = plan.first_held_figure[j], uniform(subkey, key, 0, FAMILY), plan.first_held_figure[j + 1]
    while i < end - 1 and u > plan.held_weight[i]:
        u -= plan.held_weight[i]
        i += 1
    v = plan.held_sd[i] ** 2 + beliefs.discrepancy**2
    seen = min(max(math.exp(plan.held_log[i]) / people, 0.5 / max(people, 1.0)), 0.95)
    worth = min((1.0 - seen) / (seen * v), people) if plan.held_bound[i] == 0 else 0.0
    shares, logs = np.empty(HELD_CANDIDATES), np.empty(HELD_CANDIDATES)
    pooled = np.array([mean, beliefs.mixing])
    for k in range(HELD_CANDIDATES):
        shares[k], ratio = candidate_share(pooled, seen, worth, 0, subkey, joined(key, np.uint64(k)))
        logs[k] = ratio + log_held(plan.held_log[i], people * shares[k], v, plan.held_bound[i])
    k = chosen(logs, uniform(subkey, key, 0, CHOOSE), 1)
    return float(shares[k]) if k >= 0 else mean


@jit
def held_tilt(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, people: Floats, subkey: np.uint64
) -> Floats:
    """Factors on the shares of states by role ``[roles, S]``; `people` neither returned nor dead, by role."""
    tilt = np.ones((people.size, plan.node.size))
    for j in range(plan.first_held[o], plan.first_held[o + 1]):
        total, held = 0.0, 0.0
        for r in range(people.size):
            if plan.held_role[j] < 0 or plan.held_role[j] == r:
                total += people[r]
                held += people[r] * share_held(plan, beliefs, o, r, j, tilt)
        if total < 1.0 or not 0.0 < held < total:
            continue
        key = joined(plan.origin_key[o], np.uint64(KEYS_FROM + j - plan.first_held[o]))
        mean = held / total
        share = drawn_share(plan, beliefs, j, mean, total, subkey, key)
        factor = share / (1.0 - share) * (1.0 - mean) / mean
        for r in range(people.size):
            if plan.held_role[j] < 0 or plan.held_role[j] == r:
                for s in range(plan.node.size):
                    if plan.held_states[j, s]:
                        tilt[r, s] *= factor
    return tilt
