"""Chooses an origin's total and shares among candidates by the observation model's density of all its figures.

Sampling-importance-resampling (Rubin 1988, in Bernardo et al., Bayesian Statistics 3), in two stages. Given one
trajectory's parameters and history, an origin has a total N, a share h returned, a share d dead of the others, and a
share e in the theatre of the rest. e is drawn where those in the theatre or in third countries are counted; otherwise
the states of the rest are drawn as for an origin without counts.

1. The total follows its readings (`reconcile_totals`) and the stocks in the theatre: candidates of N with shares around
   the counts, weighted by the density of the stocks.
2. The shares follow all counts, given the total::

    p(h, d, e | N) ~ beta(h) * beta(d) * beta(e) * prod_j sum_f w_jf p(figures of family f | N, h, d, e)

over groups j of competing counts and their families f (`origin_figures`, `expected_figures`). The betas of h and d are
those of an origin without counts (`node_shares`); that of e has the history's mean and the concentration of the states
within a node. Both stages also weigh a candidate by the probability that as many as are held, by published counts, are
among the rest (`log_room`). That is a bound: how large a share is held does not inform the total. Counts of the
returned and of the dead do not inform the total: it is *cut* from
them (Plummer 2015, doi:10.1007/s11222-014-9503-z). Countries differ from their region by more than the betas say, so a
country from which many returned would otherwise become a larger one. On 1 August 2016 later totals, deaths and stocks
scored better with the cut.

A candidate of the second stage is one family of the counts of the returned and one of the dead, chosen by weight, and
shares drawn from betas around what these families say; e is drawn from its beta. Its weight is the target divided by
the density of this proposal, which is exact: the families chosen count as a part of the draw, so their weights cancel.
All other groups count as mixtures.

Where the effective number of candidates is below `LEAST_EFFECTIVE`, a wider proposal follows with `MORE_CANDIDATES`:
families alike likely, counts worth a quarter. All candidates are then weighted by the mixture of both proposals, each
by its number of candidates (the balance heuristic: Veach and Guibas 1995, doi:10.1145/218380.218498).

Random numbers are keyed by origin and number of the candidate. Where no candidate has a weight, what was drawn without
figures stands. Totals of other origins do not answer: the sum of totals moves with those of origins that have figures.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import joined, uniform
from afterfall.engine.program import Floats
from afterfall.model.observation.count_density import log_held
from afterfall.model.observation.expected_figures import (
    GROWTH_DEAD,
    GROWTH_HOME,
    IN_THEATRE_COUNT,
    KILLED_COUNT,
    RETURNED_COUNT,
    SCALE,
    THIRD_COUNTRY_COUNT,
    VARIANCE,
    empty_terms,
    family_log_weights,
    figure_terms,
    log_family,
)
from afterfall.model.observation.initial_state_plan import (
    CHOOSE,
    FAMILY,
    NOT_DRAWN,
    REST,
    InitialStateBeliefs,
    InitialStatePlan,
)
from afterfall.model.observation.node_shares import SMALLEST_SHAPE, share_draw
from afterfall.model.observation.reconcile_totals import reading_of

#: Candidates of the first proposal, and of the wider one.
CANDIDATES, MORE_CANDIDATES = 64, 192
#: Effective number of candidates below which the wider proposal is added.
LEAST_EFFECTIVE = 16.0
#: What counts are worth in the wider proposal.
LESS = 0.25
#: Groups of every quantity.
EVERY = -1
#: With every log weight below this, a candidate for each group of figures, what was drawn without figures stands.
LEAST_LOG_WEIGHT = -600.0


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
    """A family of a group, by weight or (wide) all alike, and the log of its weight over one in the number of all."""
    first, end = plan.first_family[j], plan.first_family[j + 1]
    f = end - 1
    if wide:
        f = first + min(int(u * (end - first)), end - first - 1)
    else:
        for one in range(first, end - 1):
            u -= math.exp(log_weights[one - offset])
            if u < 0.0:
                f = one
                break
    return f, log_weights[f - offset] + math.log(end - first)


@jit
def log_beta(a: float, b: float) -> float:
    """Log of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@jit
def share_ratio(pooled: Floats, x: float, seen: float, worth: float) -> float:
    """Log density of a share without a count over that with `seen` counting as much as `worth` people."""
    if worth == 0.0:
        return 0.0
    mean, like = pooled[0], pooled[1]
    a, b = max(like * mean, SMALLEST_SHAPE), max(like * (1.0 - mean), SMALLEST_SHAPE)
    up, down = worth * seen, worth * (1.0 - seen)
    return log_beta(a + up, b + down) - log_beta(a, b) - up * math.log(x) - down * math.log1p(-x)


@jit
def seen_share(y: float, exposed: float, growth: float, v: float, now: float) -> tuple[float, float]:
    """A count as a share at the as-of date, and its worth in people, for the proposal."""
    p = min(max(y / max(exposed, 1e-9) * growth, 0.5 / max(now, 1.0)), 0.95)
    return p, min((1.0 - p) / (p * (v + 1.0 / max(y, 1.0))), max(now, 1.0))


@jit
def shares_proposed(
    plan: InitialStatePlan,
    o: int,
    wide: bool,
    pooled: Floats,
    terms: Floats,
    log_weights: Floats,
    subkey: np.uint64,
    key: np.uint64,
    out: Floats,
) -> tuple[float, float, tuple[int, int]]:
    """Draw three shares for the total ``out[0]`` into ``out[1:]``.

    Returns the log of target over proposal, for the first proposal and for the wider one, and the families chosen.
    """
    offset_family = plan.first_family[plan.first_group[o]]
    offset, narrow, wider = plan.first_figure[offset_family], 0.0, 0.0
    families = (-1, -1)
    at_risk = out[0]
    for which in range(2):
        j, seen, worth = value_group(plan, o, which), 0.5, 0.0
        if j >= 0:
            u = uniform(subkey, key, 0, FAMILY + which)
            f, ratio = chosen_family(plan, j, offset_family, log_weights, wide, u)
            wider += ratio
            families = (f, families[1]) if which == 0 else (families[0], f)
            i = plan.first_figure[f]
            row, middle = terms[i - offset], plan.figure_points[i, plan.figure_points.shape[1] // 2]
            exposed = out[0] * row[SCALE]
            if which == 1:
                exposed *= 1.0 - min(out[1] / row[GROWTH_HOME], 1.0)
            growth = row[GROWTH_HOME] if which == 0 else row[GROWTH_DEAD]
            seen, worth = seen_share(middle, exposed, growth, row[VARIANCE], at_risk)
        drawn_by = LESS * worth if wide else worth
        x = share_draw(pooled[which, 0], pooled[which, 1], seen, drawn_by, which, subkey, key)
        x = min(max(x, 1e-12), 1.0 - 1e-12)
        narrow += share_ratio(pooled[which], x, seen, worth)
        wider += share_ratio(pooled[which], x, seen, LESS * worth)
        out[1 + which] = x
        at_risk = out[0] * (1.0 - x)
    out[3] = share_draw(pooled[2, 0], pooled[2, 1], 0.5, 0.0, 2, subkey, key) if pooled[2, 1] > 0.0 else pooled[2, 0]
    return narrow, wider, families


@jit
def balanced(narrow: float, wider: float, others: int) -> float:
    """Log of target over the mixture of both proposals; over the first alone where no `others` were drawn."""
    if others == 0:
        return narrow
    one, other = math.log(CANDIDATES) - narrow, math.log(others) - wider
    highest = max(one, other)
    return math.log(CANDIDATES + others) - highest - math.log(math.exp(one - highest) + math.exp(other - highest))


@jit
def log_density(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    families: tuple[int, int],
    terms: Floats,
    log_weights: Floats,
    start: Floats,
    only: int,
) -> float:
    """Log density of figures of an origin given a start ``[4]`` (see `expected_figure`).

    Of all groups (`only` is `EVERY`), or of those of one quantity. A group is a mixture of its families; the counts of
    the returned and of the dead are of the one family given by `families`, where that is not negative.
    """
    offset_family = plan.first_family[plan.first_group[o]]
    offset, total = plan.first_figure[offset_family], 0.0
    for j in range(plan.first_group[o], plan.first_group[o + 1]):
        quantity, first, end = plan.group_quantity[j], plan.first_family[j], plan.first_family[j + 1]
        if only != EVERY and only != quantity:
            continue
        given = families[0] if quantity == RETURNED_COUNT else families[1] if quantity == KILLED_COUNT else -1
        mixture = -math.inf
        for f in range(first, end):
            if first <= given < end and f != given:
                continue
            one = 0.0 if f == given else log_weights[f - offset_family]
            one += log_family(plan, quantity, f, offset, terms, beliefs.reporting, start)
            highest = max(mixture, one)
            mixture = highest + math.log(math.exp(mixture - highest) + math.exp(one - highest))
        total += mixture
    return total


@jit
def log_room(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, start: Floats, there: bool) -> float:
    """Log probability that as many as are held, by published counts, are among the rest of a start.

    The rest are those neither returned nor dead (`there`: of these, in the theatre), with as many born for each of them
    as the history expects in the region. 0 where no count of people held is published.
    """
    if plan.held_floor_log[o] == -math.inf:
        return 0.0
    rest, born = 0.0, 0.0
    for r in range(4):
        for s in range(plan.node.size):
            if plan.node[s] == REST:
                people = beliefs.shares[plan.regional[plan.cohorts_of[o, 0] + r], s]
                rest, born = (rest, born + people) if r == 3 else (rest + people, born)
    room = start[0] * (1.0 - start[1]) * (1.0 - start[2]) * (start[3] if there else 1.0)
    room *= 1.0 + born / max(rest, 1e-9)
    v = plan.held_floor_sd[o] ** 2 + beliefs.held_discrepancy**2
    return log_held(plan.held_floor_log[o], room, v, 1)


@jit
def has_counts(plan: InitialStatePlan, o: int, first: int, last: int) -> bool:
    """Whether an origin has counts of the quantities `first` to `last` of `figure_rules.COUNTED`."""
    quantities = plan.group_quantity[plan.first_group[o] : plan.first_group[o + 1]]
    return bool(((quantities >= first) & (quantities <= last)).any())


@jit
def choose_total(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    total: float,
    pooled: Floats,
    terms: Floats,
    log_weights: Floats,
    subkey: np.uint64,
) -> float:
    """The total of an origin given its readings and its stocks; `total`, drawn from the readings, is the first."""
    groups = plan.first_group[o + 1] - plan.first_group[o] + int(plan.held_floor_log[o] > -math.inf)
    if not has_counts(plan, o, IN_THEATRE_COUNT, IN_THEATRE_COUNT) and plan.held_floor_log[o] == -math.inf:
        return total
    moved = math.log(total) - reading_of(plan, beliefs, o, subkey, plan.origin_key[o])
    totals, logs, out = np.empty(CANDIDATES), np.empty(CANDIDATES), np.empty(4)
    for k in range(CANDIDATES):
        key = joined(plan.origin_key[o], np.uint64(k))
        out[0] = total if k == 0 else math.exp(reading_of(plan, beliefs, o, subkey, key) + moved)
        shares_proposed(plan, o, False, pooled, terms, log_weights, subkey, key, out)
        totals[k] = out[0]
        logs[k] = log_density(plan, beliefs, o, (-1, -1), terms, log_weights, out, IN_THEATRE_COUNT)
        logs[k] += log_room(plan, beliefs, o, out, pooled[2, 1] > 0.0)
    k = chosen(logs, uniform(subkey, plan.origin_key[o], 1, CHOOSE), groups)
    return float(totals[k]) if k >= 0 else total


@jit
def prior_shares(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, pooled: Floats) -> Floats:
    """Mean and weight in people ``[3, 2]`` of the shares of an origin without its counts; weight 0: not drawn."""
    own = np.zeros((3, 2))
    own[:2] = pooled[:, :, o]
    own[2, 0] = min(max(beliefs.theatre[-1, plan.region[o]], 1e-9), 1.0 - 1e-9)
    if has_counts(plan, o, IN_THEATRE_COUNT, THIRD_COUNTRY_COUNT):
        own[2, 1] = beliefs.mixing
    return own


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
    """Write the chosen start of an origin into `totals` ``[O]`` and `shares` ``[3, O]``; the effective number.

    The share in the theatre stays `NOT_DRAWN` where nothing counts it.
    """
    terms = empty_terms(plan, o)
    figure_terms(plan, beliefs, o, terms)
    families = plan.first_family[plan.first_group[o + 1]] - plan.first_family[plan.first_group[o]]
    weights = np.empty(families)
    family_log_weights(plan, beliefs, o, weights)
    own = prior_shares(plan, beliefs, o, pooled)
    totals[o] = choose_total(plan, beliefs, o, totals[o], own, terms, weights, subkey)
    most, there = CANDIDATES + MORE_CANDIDATES, own[2, 1] > 0.0
    drawn, target, ratios, logs = np.empty((most, 4)), np.empty(most), np.empty((most, 2)), np.empty(most)
    n, effective = 0, 0.0
    for more, wide in ((CANDIDATES, False), (MORE_CANDIDATES, True)):
        if effective < LEAST_EFFECTIVE:
            for k in range(n, n + more):
                key = joined(plan.origin_key[o], np.uint64(CANDIDATES + k))
                drawn[k, 0] = totals[o]
                one, other, given = shares_proposed(plan, o, wide, own, terms, weights, subkey, key, drawn[k])
                ratios[k, 0], ratios[k, 1] = one, other
                target[k] = log_density(plan, beliefs, o, given, terms, weights, drawn[k], EVERY)
                target[k] += log_room(plan, beliefs, o, drawn[k], there)
            n += more
            for k in range(n):
                logs[k] = target[k] + balanced(ratios[k, 0], ratios[k, 1], n - CANDIDATES)
            effective = effective_number(logs[:n])
    groups = plan.first_group[o + 1] - plan.first_group[o] + int(plan.held_floor_log[o] > -math.inf)
    k = chosen(logs[:n], uniform(subkey, plan.origin_key[o], 0, CHOOSE), groups)
    if k >= 0:
        shares[0, o], shares[1, o] = drawn[k, 1], drawn[k, 2]
        shares[2, o] = drawn[k, 3] if there else NOT_DRAWN
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
