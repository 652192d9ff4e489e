"""Drawing where everyone is at the start: totals, shares, counts, each keyed by its own name.

For one trajectory and every origin o:

1. A total: one published reading is picked (weights), read with a lognormal error, and brought to one definition. Readings
   of all origins are then moved together to agree with a reading of the world total, each in proportion to its own
   variance: ``log N[o] = reading + variance[o] * delta`` with one delta that makes the sum right.
2. Two nodes, the share that has come home and, of the rest, the share that has died: beta draws whose mean pools the
   expected flows of history, the other origins of the region and the origin's own published counts, each with the weight
   its error allows.
3. Roles, then the states within a node, as Dirichlet-multinomial draws around the expected shares.

Everything here is a keyed draw by gamma variates (Marsaglia and Tsang 2000) and true binomial quantiles; levers act after
the start, so the same seed gives both sides of a comparison the same start.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.luck import gamma_draw, uniform
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs
from afterfall.engine.quantiles import binomial_quantile, normal_quantile

REST, RETURNED, DEAD = 0, 1, 2
#: Kinds of reading of a total: people, fighters only, people in all theatres.
PEOPLE, FIGHTERS_ONLY, ALL_THEATRES = 0, 1, 2
#: Kinds of quantity at the start.
STOCK, EVERYONE, FROM_STOCK, PER_HEAD = 0, 1, 2, 3

# Slots of the keyed luck of one origin or cell; gamma draws take a block of their own.
PICK, READ, SPLIT, NODE, ROLE, WITHIN, ROUND = 0, 1, 2, 64, 192, 320, 3
NEWTON_STEPS = 30
MOST_SHIFT = 3.0


class StartPlan(NamedTuple):
    """What is known about the start, as arrays (O origins, C cohorts, S states, Q quantities, G regions)."""

    first_reading: Ints  # [O + 2] readings of origin o; the last block is the world's
    log_reading: Floats  # [N]
    sd_reading: Floats  # [N]
    weight_reading: Floats  # [N] cumulative within an origin, ending in 1
    kind_reading: Ints  # [N]
    spread: Floats  # [O] standard deviation of the log total, for reconciling with the world
    origin_key: Keys  # [O + 1], the world last
    region: Ints  # [O]
    cohorts_of: Ints  # [O, 3] fighters, other adults, minors
    regional: Ints  # [C] row of the history program that stands for the cohort
    evidence: Floats  # [2, O] published counts come home, dead; negative when none
    evidence_kind: Ints  # [2, O]
    evidence_sd: Floats  # [2, O] relative error of that count
    evidence_column: Ints  # [2, O] column of the history when it was so
    node: Ints  # [S] REST, RETURNED or DEAD
    kind_quantity: Ints  # [Q]
    basis: Flags  # [Q, S] states whose stock a counter is read from


class StartBeliefs(NamedTuple):
    """What one trajectory's parameters say about the start."""

    role_weight: Floats  # [3] people to a fighter
    in_theatre: float  # share of an all-theatres count that went to this one
    reporting: Floats  # [2] share of those come home, of the dead, that is reported
    concentration: float  # how alike origins of a region are (beta concentration)
    shares: Floats  # [H, S] expected shares of states at the as-of date, rows of the history program
    nodes: Floats  # [2, T + 1, G] expected share of travellers come home, and of the others dead, by month and region
    counters: Floats  # [Q, G] counters a head at the as-of date
    basis_stock: Floats  # [Q, G] stock a head of the states of `basis`


@jit
def draw_start(
    plan: StartPlan, beliefs: StartBeliefs, cell_key: Keys, subkey: np.uint64
) -> tuple[Longs, Longs]:
    """Counts by cohort and state ``[C, S]`` and counters by quantity and origin ``[Q, O]`` at the start."""
    n_origins = plan.region.size
    n_cohorts, n_states = cell_key.shape
    counts = np.zeros((n_cohorts, n_states), dtype=np.int64)
    counters = np.zeros((plan.kind_quantity.size, n_origins), dtype=np.int64)
    totals = reconciled_totals(plan, beliefs, subkey)
    shares = np.empty((2, n_origins))
    for which in range(2):
        node_shares(plan, beliefs, totals, which, subkey, shares)
    for o in range(n_origins):
        people = np.int64(math.floor(totals[o] + uniform(subkey, plan.origin_key[o], 0, ROUND)))
        left, weight_left = people, 0.0
        weights = role_weights(plan, beliefs, o, subkey)
        for r in range(3):
            weight_left += weights[r]
        for r in range(3):
            c = plan.cohorts_of[o, r]
            taken = left
            if r < 2:
                part = min(1.0, weights[r] / weight_left)
                taken = binomial_quantile(uniform(subkey, cell_key[c, 0], 1, SPLIT), left, part)
            weight_left -= weights[r]
            left -= taken
            place_cohort(plan, beliefs, o, c, taken, shares, cell_key, subkey, counts)
        start_counters(plan, beliefs, o, people, counts, subkey, counters)
    return counts, counters


@jit
def reading_of(plan: StartPlan, beliefs: StartBeliefs, block: int, subkey: np.uint64) -> float:
    """Log of one reading of a total: pick a published figure, read it with its error, bring it to people in this theatre."""
    key = plan.origin_key[block]
    u = uniform(subkey, key, 0, PICK)
    i = plan.first_reading[block]
    last = plan.first_reading[block + 1] - 1
    while i < last and u > plan.weight_reading[i]:
        i += 1
    value = plan.log_reading[i] + plan.sd_reading[i] * normal_quantile(uniform(subkey, key, 0, READ))
    return value + math.log(people_per_unit(plan.kind_reading[i], beliefs))


@jit
def people_per_unit(kind: int, beliefs: StartBeliefs) -> float:
    """What one counted by a definition stands for, in people who came to this theatre."""
    if kind == FIGHTERS_ONLY:
        return beliefs.role_weight[0] + beliefs.role_weight[1] + beliefs.role_weight[2]
    if kind == ALL_THEATRES:
        return beliefs.in_theatre
    return 1.0


@jit
def reconciled_totals(plan: StartPlan, beliefs: StartBeliefs, subkey: np.uint64) -> Floats:
    """Totals by origin that add up to a reading of the world total, moved in proportion to their own variance."""
    n = plan.region.size
    logs = np.empty(n)
    for o in range(n):
        logs[o] = reading_of(plan, beliefs, o, subkey)
    if plan.first_reading[n + 1] > plan.first_reading[n]:
        world = math.exp(reading_of(plan, beliefs, n, subkey))
        low, high = -MOST_SHIFT / max(plan.spread) ** 2, MOST_SHIFT / max(plan.spread) ** 2
        for _ in range(NEWTON_STEPS * 2):
            delta = (low + high) / 2.0
            total = 0.0
            for o in range(n):
                total += math.exp(logs[o] + plan.spread[o] ** 2 * delta)
            if total > world:
                high = delta
            else:
                low = delta
        for o in range(n):
            logs[o] += plan.spread[o] ** 2 * (low + high) / 2.0
    for o in range(n):
        logs[o] = math.exp(logs[o])
    return logs


@jit
def observed_share(plan: StartPlan, beliefs: StartBeliefs, totals: Floats, which: int, o: int) -> tuple[float, float]:
    """An origin's published count as a share at the as-of date, and its weight in people (0 when there is none).

    The count is divided by the reporting share and carried from its own date to the as-of date by the growth that the
    history expects in the region. A relative error s of a count with share p is worth ``(1 - p) / (p s^2)`` people.
    """
    if plan.evidence[which, o] < 0.0:
        return 0.5, 0.0
    g, last = plan.region[o], beliefs.nodes.shape[1] - 1
    then = max(beliefs.nodes[which, plan.evidence_column[which, o], g], 1e-6)
    growth = max(1.0, min(beliefs.nodes[which, last, g] / then, 5.0))
    count = plan.evidence[which, o] / beliefs.reporting[which] * growth
    count *= people_per_unit(plan.evidence_kind[which, o], beliefs)
    p = min(max(count / max(totals[o], 1.0), 0.5 / max(totals[o], 1.0)), 0.95)
    weight = (1.0 - p) / (p * plan.evidence_sd[which, o] ** 2)
    return p, min(weight, totals[o])


@jit
def node_shares(
    plan: StartPlan, beliefs: StartBeliefs, totals: Floats, which: int, subkey: np.uint64, out: Floats
) -> None:
    """Beta draws of a node's share for every origin, written to ``out[which]``."""
    n, last = plan.region.size, beliefs.nodes.shape[1] - 1
    kappa = beliefs.concentration
    for o in range(n):
        mean, weight = beliefs.nodes[which, last, plan.region[o]], kappa
        total = mean * weight
        for other in range(n):
            if other != o and plan.region[other] == plan.region[o]:
                p, people = observed_share(plan, beliefs, totals, which, other)
                informs = kappa * people / (kappa + people) if people > 0.0 else 0.0
                total += p * informs
                weight += informs
        mean = total / weight
        like = kappa * weight / (kappa + weight + 1.0)
        p, people = observed_share(plan, beliefs, totals, which, o)
        a = like * mean + people * p
        b = like * (1.0 - mean) + people * (1.0 - p)
        slot = NODE + 64 * which
        x = gamma_draw(subkey, plan.origin_key[o], slot, max(a, 1e-3))
        y = gamma_draw(subkey, plan.origin_key[o], slot + 32, max(b, 1e-3))
        out[which, o] = x / (x + y) if x + y > 0.0 else mean


@jit
def role_weights(plan: StartPlan, beliefs: StartBeliefs, o: int, subkey: np.uint64) -> Floats:
    """Dirichlet draw of the roles' shares in an origin, unnormalised."""
    total = beliefs.role_weight[0] + beliefs.role_weight[1] + beliefs.role_weight[2]
    out = np.empty(3)
    for r in range(3):
        shape = max(beliefs.concentration * beliefs.role_weight[r] / total, 1e-3)
        out[r] = gamma_draw(subkey, plan.origin_key[o], ROLE + 32 * r, shape) + 1e-12
    return out


@jit
def shifted(share: float, own: float, all_roles: float) -> float:
    """A share moved on the logit scale by what sets one role apart from all in the history."""
    tiny = 1e-9
    s = min(max(share, tiny), 1.0 - tiny)
    a = min(max(own, tiny), 1.0 - tiny)
    b = min(max(all_roles, tiny), 1.0 - tiny)
    odds = s / (1.0 - s) * (a / (1.0 - a)) / (b / (1.0 - b))
    return odds / (1.0 + odds)


@jit
def own_nodes(plan: StartPlan, beliefs: StartBeliefs, c: int) -> tuple[float, float]:
    """Expected share come home, and of the others dead, of the cohort's role in its region."""
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
def place_cohort(
    plan: StartPlan,
    beliefs: StartBeliefs,
    o: int,
    c: int,
    people: int,
    shares: Floats,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> None:
    """Split a cohort over the nodes, then over the states within each."""
    g, last = plan.region[o], beliefs.nodes.shape[1] - 1
    home, dead = own_nodes(plan, beliefs, c)
    p = shifted(shares[0, o], home, beliefs.nodes[0, last, g])
    q = shifted(shares[1, o], dead, beliefs.nodes[1, last, g])
    returned = binomial_quantile(uniform(subkey, cell_key[c, 0], 2, SPLIT), people, p)
    killed = binomial_quantile(uniform(subkey, cell_key[c, 0], 3, SPLIT), people - returned, q)
    place_within(plan, beliefs, c, RETURNED, returned, cell_key, subkey, counts)
    place_within(plan, beliefs, c, DEAD, killed, cell_key, subkey, counts)
    place_within(plan, beliefs, c, REST, people - returned - killed, cell_key, subkey, counts)


@jit
def place_within(
    plan: StartPlan,
    beliefs: StartBeliefs,
    c: int,
    node: int,
    people: int,
    cell_key: Keys,
    subkey: np.uint64,
    counts: Longs,
) -> None:
    """Dirichlet-multinomial split of people over the states of a node, around the history's expected shares."""
    if people == 0:
        return
    n, row, total = plan.node.size, plan.regional[c], 0.0
    for s in range(n):
        if plan.node[s] == node:
            total += beliefs.shares[row, s]
    weights = np.zeros(n)
    left, last = 0.0, -1
    for s in range(n):
        if plan.node[s] == node and beliefs.shares[row, s] > 0.0:
            shape = max(beliefs.concentration * beliefs.shares[row, s] / total, 1e-3)
            weights[s] = gamma_draw(subkey, cell_key[c, s], WITHIN, shape) + 1e-12
            left += weights[s]
            last = s
    if last < 0:
        raise ValueError("the history gives no expected shares for a node with people in it")
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
    plan: StartPlan, beliefs: StartBeliefs, o: int, people: int, counts: Longs, subkey: np.uint64, out: Longs
) -> None:
    """Counters of an origin at the start: everyone; or a stock times what history says of counter to stock; or a head."""
    g = plan.region[o]
    kinds, basis, cohorts = plan.kind_quantity, plan.basis, plan.cohorts_of[o]
    by_state = np.zeros(counts.shape[1], dtype=np.int64)
    for r in range(cohorts.size):
        by_state += counts[cohorts[r]]
    for q in range(kinds.size):
        if kinds[q] == EVERYONE:
            out[q, o] = people
        elif kinds[q] == FROM_STOCK or kinds[q] == PER_HEAD:
            stock = 0
            for s in range(by_state.size):
                if basis[q, s]:
                    stock += by_state[s]
            expected = beliefs.counters[q, g] * people
            if kinds[q] == FROM_STOCK and beliefs.basis_stock[q, g] > 0.0:
                expected = stock * beliefs.counters[q, g] / beliefs.basis_stock[q, g]
            rounded = np.int64(math.floor(expected + uniform(subkey, plan.origin_key[o], 1 + q, ROUND)))
            out[q, o] = min(people, max(stock, rounded))
