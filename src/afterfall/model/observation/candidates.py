"""Chooses an origin's total and shares among candidates by the observation model's density of all its figures.

Sampling-importance-resampling (Rubin 1988, in Bernardo et al., Bayesian Statistics 3). The target, given one
trajectory's parameters and history, is the posterior of an origin's total N, the share h returned, and the share d dead
of the others::

    p(N, h, d) ~ sum_i w_i p(N | reading i) * beta(h) * beta(d) * prod_j sum_f w_jf p(figures of family f | N, h, d)

over the readings i of the total (`reconcile_totals`), and over groups j of competing counts and their families f
(`origin_figures`, `expected_figures`). The betas are those of an origin without counts (`node_shares`).

A candidate is a reading of the total, one family of the counts of the returned and one of the dead, chosen by weight,
and shares drawn from betas around what these families say. Its weight is the target divided by the density of this
proposal, which is exact: the families chosen count as a part of the draw, so their weights cancel. All other groups
count as mixtures.

Where the effective number of candidates is below `LEAST_EFFECTIVE`, a wider proposal follows with `MORE_CANDIDATES`:
readings and families alike likely, errors of totals twice as wide, counts worth a quarter. Its candidates are weighted
by their own proposal and join the first.

Random numbers are keyed by origin and number of the candidate. Where no candidate has a weight, what was drawn without
figures stands. Totals of other origins do not answer: the sum of totals moves with those of origins that have figures.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.observation.expected_figures import (
    GROWTH_DEAD,
    GROWTH_HOME,
    KILLED_COUNT,
    RETURNED_COUNT,
    SCALE,
    VARIANCE,
    empty_terms,
    family_log_weights,
    figure_terms,
    log_family,
)
from afterfall.model.observation.initial_state_plan import (
    CHOOSE,
    FAMILY,
    PICK,
    READ,
    InitialStateBeliefs,
    InitialStatePlan,
)
from afterfall.model.observation.node_shares import SMALLEST_SHAPE, share_draw
from afterfall.model.observation.reconcile_totals import reading_of, unit_of

#: Candidates of the first proposal, and of the wider one.
CANDIDATES, MORE_CANDIDATES = 64, 192
#: Effective number of candidates below which the wider proposal is added.
LEAST_EFFECTIVE = 16.0
#: How much wider errors of totals are in the wider proposal, and what counts are worth.
WIDER, LESS = 2.0, 0.25
#: With every log weight below this, a candidate for each group of figures, what was drawn without figures stands.
LEAST_LOG_WEIGHT = -600.0


@jit
def candidate_total(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, wide: bool, subkey: np.uint64, key: np.uint64
) -> tuple[float, float]:
    """Log of a candidate's total, and the log of target over proposal."""
    if not wide:
        return reading_of(plan, beliefs, o, subkey, key), 0.0
    first, end = plan.first_reading[o], plan.first_reading[o + 1]
    i = first + min(int(uniform(subkey, key, 0, PICK) * (end - first)), end - first - 1)
    weight = plan.weight_reading[i] - (plan.weight_reading[i - 1] if i > first else 0.0)
    z = normal_quantile(uniform(subkey, key, 0, READ))
    error = WIDER * plan.sd_reading[i] * z
    if plan.bound_reading[i] != 0:
        error = plan.bound_reading[i] * abs(error)
    ratio = math.log(max(weight, 1e-12) * (end - first)) + math.log(WIDER) - 0.5 * z * z * (WIDER**2 - 1.0)
    return plan.log_reading[i] + error + math.log(unit_of(plan.kind_reading[i], beliefs)), ratio


@jit
def value_group(plan: InitialStatePlan, o: int, quantity: int) -> int:
    """The group of values (no bounds) of a quantity of an origin, or -1."""
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        if plan.group_quantity[j] == quantity and plan.figure_bound[plan.first_figure[plan.first_family[j]]] == 0:
            return j
    return -1


@jit
def chosen_family(
    plan: InitialStatePlan, j: int, offset: int, log_weights: Floats, wide: bool, u: float
) -> tuple[int, float]:
    """A family of a group, by weight or (wide) all alike, and the log of target over proposal."""
    first, end = plan.first_family[j], plan.first_family[j + 1]
    if wide:
        f = first + min(int(u * (end - first)), end - first - 1)
        return f, log_weights[f - offset] + math.log(end - first)
    for f in range(first, end - 1):
        u -= math.exp(log_weights[f - offset])
        if u < 0.0:
            return f, 0.0
    return end - 1, 0.0


@jit
def log_beta(a: float, b: float) -> float:
    """Log of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@jit
def candidate_share(
    pooled: Floats, seen: float, worth: float, which: int, subkey: np.uint64, key: np.uint64
) -> tuple[float, float]:
    """A share drawn around an observed one, and the log of its density without it over the density drawn from."""
    mean, like = pooled[0], pooled[1]
    x = share_draw(mean, like, seen, worth, which, subkey, key)
    x = min(max(x, 1e-12), 1.0 - 1e-12)
    if worth == 0.0:
        return x, 0.0
    a, b = max(like * mean, SMALLEST_SHAPE), max(like * (1.0 - mean), SMALLEST_SHAPE)
    up, down = worth * seen, worth * (1.0 - seen)
    ratio = log_beta(a + up, b + down) - log_beta(a, b) - up * math.log(x) - down * math.log1p(-x)
    return x, ratio


@jit
def seen_share(y: float, exposed: float, growth: float, v: float, now: float, wide: bool) -> tuple[float, float]:
    """A count as a share at the as-of date, and its worth in people, for the proposal."""
    p = min(max(y / max(exposed, 1e-9) * growth, 0.5 / max(now, 1.0)), 0.95)
    worth = min((1.0 - p) / (p * (v + 1.0 / max(y, 1.0))), max(now, 1.0))
    return p, (LESS * worth if wide else worth)


@jit
def candidate(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    k: int,
    moved: float,
    pooled: Floats,
    terms: Floats,
    log_weights: Floats,
    subkey: np.uint64,
    out: Floats,
) -> float:
    """Write candidate k, its total and two shares, into `out` ``[3]``; its log weight."""
    key, wide = joined(plan.origin_key[o], np.uint64(k)), k >= CANDIDATES
    offset_family = plan.first_family[plan.first_group[o]]
    offset = plan.first_figure[offset_family]
    log_total, log_weight = candidate_total(plan, beliefs, o, wide, subkey, key)
    out[0] = math.exp(log_total + moved)
    families = (-1, -1)
    at_risk = out[0]
    for which in range(2):
        j, seen, worth = value_group(plan, o, which), 0.5, 0.0
        if j >= 0:
            u = uniform(subkey, key, 0, FAMILY + which)
            f, ratio = chosen_family(plan, j, offset_family, log_weights, wide, u)
            log_weight += ratio
            families = (f, families[1]) if which == 0 else (families[0], f)
            i = plan.first_figure[f]
            row, middle = terms[i - offset], plan.figure_points[i, plan.figure_points.shape[1] // 2]
            exposed = out[0] * row[SCALE]
            if which == 1:
                exposed *= 1.0 - min(out[1] / row[GROWTH_HOME], 1.0)
            growth = row[GROWTH_HOME] if which == 0 else row[GROWTH_DEAD]
            seen, worth = seen_share(middle, exposed, growth, row[VARIANCE], at_risk, wide)
        share, ratio = candidate_share(pooled[which], seen, worth, which, subkey, key)
        log_weight += ratio
        out[1 + which] = share
        at_risk = out[0] * (1.0 - share)
    return log_weight + log_density(plan, beliefs, o, families, terms, log_weights, out)


@jit
def log_density(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    families: tuple[int, int],
    terms: Floats,
    log_weights: Floats,
    start: Floats,
) -> float:
    """Log density of all figures of an origin given a start ``[3]``: total, share returned, share dead of the others.

    A group is a mixture of its families; the counts of the returned and of the dead are of the one family given by
    `families`, where that is not negative.
    """
    offset_family = plan.first_family[plan.first_group[o]]
    offset, total = plan.first_figure[offset_family], 0.0
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        quantity, first, end = plan.group_quantity[j], plan.first_family[j], plan.first_family[j + 1]
        given = families[0] if quantity == RETURNED_COUNT else families[1] if quantity == KILLED_COUNT else -1
        mixture = -math.inf
        for f in range(first, end):
            if first <= given < end and f != given:
                continue
            one = 0.0 if f == given else log_weights[f - offset_family]
            one += log_family(plan, quantity, f, offset, terms, beliefs.reporting, start[0], start[1], start[2])
            highest = max(mixture, one)
            mixture = highest + math.log(math.exp(mixture - highest) + math.exp(one - highest))
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
) -> float:
    """Write the chosen candidate of an origin into `totals` ``[O]`` and `shares` ``[2, O]``; the effective number."""
    moved = math.log(totals[o]) - reading_of(plan, beliefs, o, subkey, plan.origin_key[o])
    terms = empty_terms(plan, o)
    figure_terms(plan, beliefs, o, terms)
    families = plan.first_family[plan.first_group[o + 1]] - plan.first_family[plan.first_group[o]]
    weights = np.empty(families)
    family_log_weights(plan, beliefs, o, weights)
    drawn, logs = np.empty((CANDIDATES + MORE_CANDIDATES, 3)), np.full(CANDIDATES + MORE_CANDIDATES, -np.inf)
    own = pooled[:, :, o].copy()
    n = CANDIDATES
    for k in range(n):
        logs[k] = candidate(plan, beliefs, o, k, moved, own, terms, weights, subkey, drawn[k])
    effective = effective_number(logs[:n])
    if effective < LEAST_EFFECTIVE:
        for k in range(n, n + MORE_CANDIDATES):
            logs[k] = candidate(plan, beliefs, o, k, moved, own, terms, weights, subkey, drawn[k])
        n += MORE_CANDIDATES
        effective = effective_number(logs[:n])
    k = chosen(logs[:n], uniform(subkey, plan.origin_key[o], 0, CHOOSE), plan.first_group[o + 1] - plan.first_group[o])
    if k >= 0:
        totals[o], shares[0, o], shares[1, o] = drawn[k, 0], drawn[k, 1], drawn[k, 2]
    return effective


@jit
def effective_number(logs: Floats) -> float:
    """Effective number of candidates with these log weights: ``(sum w)^2 / sum w^2``; 0 where none has a weight."""
    highest = logs.max()
    if not highest > -math.inf:
        return 0.0
    w = np.exp(logs - highest)
    return float(w.sum() ** 2 / (w * w).sum())


@jit
def chosen(logs: Floats, u: float, groups: int) -> int:
    """The candidate that a uniform chooses by weight; -1 where no log weight is above `LEAST_LOG_WEIGHT` per group."""
    highest = logs.max()
    if not highest > LEAST_LOG_WEIGHT * groups:
        return -1
    left = u * np.exp(logs - highest).sum()
    for k in range(logs.size):
        left -= math.exp(logs[k] - highest)
        if left < 0.0:
            return k
    return int(logs.size - 1)
