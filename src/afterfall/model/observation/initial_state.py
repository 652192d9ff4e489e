"""Draws the initial state: totals, shares and counts, each keyed by its own name.

For one trajectory and every origin o:

1. A total (see `reconcile_totals`).
2. Two nodes: the share that has returned home and, of the others, the share that has died. They are beta draws whose
   mean pools the expected flows of the history, the other origins of the region and the origin's own published counts,
   each with a weight by its error. Without counts the two are parts of one whole (a Dirichlet): the concentration of
   the second is that of the first times the share that has not returned. Where parameters were fitted, the expected
   flows already contain the information of the other origins, which are then not used again.
3. Where counts of the returned, the dead, those in the theatre, in third countries or held are published, total and
   nodes are chosen among candidates by the density of all of them (see `candidates`). Where those in the theatre or in
   third countries are counted, so is the share in the theatre of those neither returned nor dead.
4. Roles: women and minors for each man are lognormal around those that the history expects, with a spread between
   origins that is common to both roles (families travel together: a correlation of `ALIKE`). Published counts of women
   and of minors condition them, exactly, and counts of families held bound them (`custody.families_held`); nodes of
   each role as binomials by the chosen shares; those in the theatre likewise, where that share was chosen. Families
   whom an origin has repatriated beyond those at home are added (`custody.families_home`).
5. The number held by role and custodian, where it is published: whole people, chosen among candidates by the density
   of the counts (see `held_shares`).
6. States within each of these parts as Dirichlet-multinomial draws around the expected shares. A part of a node has the
   part of its concentration that the history expects there, so that without counts all are one Dirichlet.
7. Counters, which must not be less than the stocks that imply them.

All draws are keyed: gamma variates (Marsaglia and Tsang 2000) and exact binomial quantiles. Levers act after the start,
so the same seed gives both sides of a comparison the same initial state.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import gamma_draw, uniform
from afterfall.engine.program import Floats, Ints, Keys, Longs
from afterfall.engine.quantiles import binomial_quantile, normal_quantile
from afterfall.model.observation.candidates import choose_candidate
from afterfall.model.observation.custody.families_held import families_factor
from afterfall.model.observation.custody.families_home import families_missing
from afterfall.model.observation.held_shares import choose_held
from afterfall.model.observation.initial_state_plan import (
    DEAD,
    EVERYONE,
    FROM_STOCK,
    LEFTOVER,
    NOT_DRAWN,
    PART,
    PER_HEAD,
    REST,
    RETURNED,
    ROLE,
    ROUND,
    SPLIT,
    WITHIN,
    InitialStateBeliefs,
    InitialStatePlan,
)
from afterfall.model.observation.node_shares import SMALLEST_SHAPE, node_shares
from afterfall.model.observation.reconcile_totals import reconcile_totals

#: Correlation, over origins, of the logs of women and of minors for each man.
ALIKE = 0.5
#: Parts of the rest, after the nodes: elsewhere than the theatre, and from there on the classes of the held.
ELSEWHERE = 3


@jit
def draw_initial_state(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, cell_key: Keys, subkey: np.uint64
) -> tuple[Longs, Longs]:
    """Counts by cohort and state ``[C, S]`` and counters by quantity and origin ``[Q, O]`` at the start."""
    n_origins = plan.region.size
    counts = np.zeros(cell_key.shape, dtype=np.int64)
    counters = np.zeros((plan.kind_quantity.size, n_origins), dtype=np.int64)
    totals = reconcile_totals(plan, beliefs, subkey)
    shares, pooled = np.full((3, n_origins), NOT_DRAWN), np.zeros((2, 2, n_origins))
    for which in range(2):
        node_shares(plan, beliefs, totals, which, subkey, shares, pooled)
    for o in range(n_origins):
        if plan.first_group[o + 1] > plan.first_group[o] or plan.first_held[o + 1] > plan.first_held[o]:
            choose_candidate(plan, beliefs, o, pooled, subkey, totals, shares)
    for o in range(n_origins):
        people = math.floor(totals[o] + uniform(subkey, plan.origin_key[o], 0, ROUND))
        left, weights = people, role_weights(plan, beliefs, o, subkey)
        factor = families_factor(plan, beliefs, o, people, weights, share_left(plan, beliefs, o, shares), subkey)
        if factor > 1.0:
            men = people / weights.sum()
            weights[1:] *= factor
            people = math.floor(men * weights.sum())
            left = people
        weight_left = weights.sum()
        rest, home = np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64)
        for r in range(3):
            c, taken = plan.cohorts_of[o, r], left
            if r < 2:
                part = min(1.0, weights[r] / weight_left)
                taken = binomial_quantile(uniform(subkey, cell_key[c, 0], 1, SPLIT), left, part)
            weight_left -= weights[r]
            left -= taken
            rest[r], home[r] = place_nodes(plan, beliefs, o, c, taken, shares, cell_key, subkey, counts)
        people += add_families_home(plan, beliefs, o, home, weights, cell_key, subkey, counts)
        place_rest(plan, beliefs, o, rest, shares[2, o], cell_key, subkey, counts)
        start_counters(plan, beliefs, o, people, counts, subkey, counters)
    return counts, counters


@jit
def role_weights(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, subkey: np.uint64) -> Floats:
    """People of each role for each man in an origin: the two ratios are bivariate lognormal, of means as expected.

    Counts of women and of minors update the normal of their logs one after the other.
    """
    v = beliefs.role_spread**2
    log, variance, both = np.empty(2), np.array([v, v]), ALIKE * v
    for r in range(2):
        log[r] = math.log(max(beliefs.role_weight[1 + r] / beliefs.role_weight[0], 1e-9)) - 0.5 * v
    for r in range(2):
        if plan.role_sd[o, r] < math.inf:
            gain = variance[r] / (variance[r] + plan.role_sd[o, r] ** 2)
            off, way = plan.role_log[o, r] - log[r], both / max(variance[r], 1e-300)
            log[r] += gain * off
            log[1 - r] += gain * way * off
            variance[1 - r] -= gain * way * both
            variance[r] *= 1.0 - gain
            both *= 1.0 - gain
    way = both / max(variance[0], 1e-300)
    women = math.sqrt(variance[0]) * normal_quantile(uniform(subkey, plan.origin_key[o], 0, ROLE))
    minors = normal_quantile(uniform(subkey, plan.origin_key[o], 0, ROLE + 32))
    own = math.sqrt(max(variance[1] - way * both, 0.0))
    return np.array([1.0, math.exp(log[0] + women), math.exp(log[1] + way * women + own * minors)])


@jit
def shifted(share: float, own: float, all_roles: float) -> float:
    """A share shifted on the logit scale by the difference between one role and all roles in the history."""
    tiny = 1e-9
    s = min(max(share, tiny), 1.0 - tiny)
    a = min(max(own, tiny), 1.0 - tiny)
    b = min(max(all_roles, tiny), 1.0 - tiny)
    odds = s / (1.0 - s) * (a / (1.0 - a)) / (b / (1.0 - b))
    return odds / (1.0 + odds)


@jit
def own_nodes(plan: InitialStatePlan, beliefs: InitialStateBeliefs, c: int) -> tuple[float, float]:
    """Expected share returned home, and of the others dead, for the cohort's role in its region."""
    home, dead, rest = 0.0, 0.0, 0.0
    row = plan.regional[c]
    for s in range(plan.node.size):
        if plan.node[s] == RETURNED:
            home += beliefs.shares[row, s]
        elif plan.node[s] == DEAD:
            dead += beliefs.shares[row, s]
        else:
            rest += beliefs.shares[row, s]
    total = home + dead + rest
    if total <= 0.0:
        return 0.0, 0.0
    return home / total, dead / max(dead + rest, 1e-12)


@jit
def share_left(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, shares: Floats) -> Floats:
    """Share of each role of an origin neither returned nor dead, by the shares drawn for it ``[3]``."""
    out, g, last = np.zeros(3), plan.region[o], beliefs.nodes.shape[1] - 1
    for r in range(3):
        home, dead = own_nodes(plan, beliefs, plan.cohorts_of[o, r])
        p = shifted(shares[0, o], home, beliefs.nodes[0, last, g])
        q = shifted(shares[1, o], dead, beliefs.nodes[1, last, g])
        out[r] = (1.0 - p) * (1.0 - q)
    return out


@jit
def place_nodes(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    c: int,
    people: int,
    shares: Floats,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> tuple[int, int]:
    """Split a cohort over the nodes, and the returned and the dead over their states; the rest, and the returned."""
    g, last = plan.region[o], beliefs.nodes.shape[1] - 1
    home, dead = own_nodes(plan, beliefs, c)
    p = shifted(shares[0, o], home, beliefs.nodes[0, last, g])
    q = shifted(shares[1, o], dead, beliefs.nodes[1, last, g])
    returned = binomial_quantile(uniform(subkey, cell_key[c, 0], 2, SPLIT), people, p)
    killed = binomial_quantile(uniform(subkey, cell_key[c, 0], 3, SPLIT), people - returned, q)
    place_within(plan, beliefs, c, plan.node, RETURNED, returned, cell_key, subkey, counts)
    place_within(plan, beliefs, c, plan.node, DEAD, killed, cell_key, subkey, counts)
    return int(people - returned - killed), int(returned)


@jit
def add_families_home(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    home: Longs,
    weights: Floats,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> int:
    """Add the women and minors whom an origin has repatriated beyond its start; how many (`families_missing`)."""
    added = families_missing(plan, beliefs, o, home, weights, cell_key, subkey)
    for r in range(2):
        place_within(plan, beliefs, plan.cohorts_of[o, 1 + r], plan.node, RETURNED, added[r], cell_key, subkey, counts)
    return int(added[0] + added[1])


@jit
def place_rest(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    rest: Longs,
    theatre: float,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> None:
    """Place those neither returned nor dead, by role ``[3]``: in the theatre or elsewhere, then held, then by state.

    `theatre` is the share in the theatre, or `NOT_DRAWN`. Among those there, or all the rest, counts see the held.
    """
    part = plan.node.copy()
    if theatre != NOT_DRAWN:
        part[(plan.node == REST) & (plan.in_theatre == 0)] = ELSEWHERE
        for r in range(3):
            c = plan.cohorts_of[o, r]
            own = own_theatre(plan, beliefs, c)
            p = shifted(theatre, own, beliefs.theatre[-1, plan.region[o]]) if 0.0 < own < 1.0 else own
            there = binomial_quantile(uniform(subkey, cell_key[c, 0], 4, SPLIT), rest[r], p)
            place_within(plan, beliefs, c, part, ELSEWHERE, rest[r] - there, cell_key, subkey, counts)
            rest[r] = there
    classes = np.zeros((3, plan.held_cells.shape[2]), dtype=np.int64)
    classes[:, 0] = rest
    if plan.first_held[o + 1] > plan.first_held[o]:
        pool = (part == REST).astype(np.uint8)
        if choose_held(plan, beliefs, o, rest, pool, cell_key, subkey, classes) > 0.0:
            held = (part == REST) & (plan.held_class[o] > 0)
            part[held] = ELSEWHERE + plan.held_class[o][held]
    for r in range(3):
        c, offshoot = plan.cohorts_of[o, r], plan.own_offshoot[o]
        for k in range(classes.shape[1]):
            which = ELSEWHERE + k if k > 0 else REST
            place_within(plan, beliefs, c, part, which, classes[r, k], cell_key, subkey, counts)
        if offshoot >= 0:  # history has regions only: people with an offshoot in their own country are counted apart
            counts[c, plan.home_offshoot] += counts[c, offshoot]
            counts[c, offshoot] = 0


@jit
def own_theatre(plan: InitialStatePlan, beliefs: InitialStateBeliefs, c: int) -> float:
    """Expected share in the theatre of those neither returned nor dead, for the cohort's role in its region."""
    there, total, row = 0.0, 0.0, plan.regional[c]
    for s in range(plan.node.size):
        if plan.node[s] == REST:
            total += beliefs.shares[row, s]
            there += beliefs.shares[row, s] if plan.in_theatre[s] else 0.0
    return float(there / total) if total > 0.0 else 1.0


@jit
def place_within(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    c: int,
    part: Ints,
    which: int,
    people: int,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> None:
    """Dirichlet-multinomial split of people over the states of a part of a node, around the history's expected shares.

    States of one part have one value in `part` ``[S]``. The Dirichlet has the part of the node's concentration that the
    history expects in the part.
    """
    if people == 0:
        return
    n, row, total, node = plan.node.size, plan.regional[c], 0.0, REST
    for s in range(n):
        if part[s] == which:
            node = plan.node[s]
    for s in range(n):
        if plan.node[s] == node:
            total += beliefs.shares[row, s]
    weights = np.zeros(n)
    left, last = 0.0, -1
    for s in range(n):
        if part[s] == which and beliefs.shares[row, s] > 0.0:
            shape = max(beliefs.mixing * beliefs.shares[row, s] / total, SMALLEST_SHAPE)
            weights[s] = gamma_draw(subkey, cell_key[c, s], WITHIN, shape) + 1e-12
            left += weights[s]
            last = s
    if last < 0:
        raise ValueError("the history gives no expected shares for a node that has people")
    for s in range(n):
        if weights[s] > 0.0 and people > 0:
            taken = people
            if s != last:
                u = uniform(subkey, cell_key[c, s], 0, SPLIT)
                taken = binomial_quantile(u, people, min(1.0, weights[s] / left))
            left -= weights[s]
            people -= taken
            counts[c, s] += taken


@jit
def start_counters(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    people: int,
    counts: Longs,
    subkey: np.uint64,
    out: Longs,
) -> None:
    """Counters of an origin at the start, by kind; parts come last, so that they fit into their whole."""
    g, by_state = plan.region[o], np.zeros(counts.shape[1], dtype=np.int64)
    for r in range(3):
        by_state += counts[plan.cohorts_of[o, r]]
    for q in range(plan.kind_quantity.size):
        kind = plan.kind_quantity[q]
        if kind == EVERYONE:
            out[q, o] = people
        elif kind in (FROM_STOCK, PER_HEAD):
            stock = stock_of(plan, by_state, q)
            if plan.partner[q] >= 0:
                stock = max(0, stock - out[plan.partner[q], o])
            expected = beliefs.counters[q, g] * people
            if kind == FROM_STOCK and beliefs.basis_stock[q, g] > 0.0:
                expected = stock * beliefs.counters[q, g] / beliefs.basis_stock[q, g]
            out[q, o] = min(people, max(stock, whole_people(expected, subkey, plan.origin_key[o], q)))
    room = out[:, o].copy()
    for q in range(plan.kind_quantity.size):
        if plan.kind_quantity[q] == PART:
            whole = plan.whole[q]
            part = whole_people(beliefs.counters[q, g] * people, subkey, plan.origin_key[o], q)
            out[q, o] = min(part, room[whole])
            room[whole] -= out[q, o]
    for q in range(plan.kind_quantity.size):
        if plan.kind_quantity[q] == LEFTOVER:
            out[q, o] = room[plan.whole[q]]


@jit
def stock_of(plan: InitialStatePlan, by_state: Longs, q: int) -> int:
    """People in the states of a counter's basis."""
    stock = 0
    for s in range(by_state.size):
        if plan.basis[q, s]:
            stock += by_state[s]
    return stock


@jit
def whole_people(expected: float, subkey: np.uint64, key: np.uint64, q: int) -> int:
    """An expected number rounded to whole people at random, without bias, keyed by origin and quantity."""
    return math.floor(expected + uniform(subkey, key, 1 + q, ROUND))
