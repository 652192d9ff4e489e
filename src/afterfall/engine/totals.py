"""How many came from each origin: published totals read with their errors, and made to agree with the world's.

For one trajectory each origin's log total is one of its published readings, picked by weight, with a normal error
(one-sided where the source says "at least" or "at most") and brought to people in this theatre. Where parameters were
fitted, which reading and which error also depends on how well the total agrees with the origin's own counts of the
returned and the dead (see `agreement`): the fit summed totals out against them. The sum S of the
origins and the world's reading W are two readings of one number: their precision-weighted mean M (on logs, the
variance of log S being that of independent origins) is what the origins must sum to. Each moves in proportion to its
own variance, ``log N[o] += spread[o]^2 * delta``, with the one delta that makes the sum M: what is known well hardly
moves.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.agreement import has_counts, log_agreement, people_per_unit
from afterfall.engine.jit import jit
from afterfall.engine.luck import uniform
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.start_plan import PICK, READ, StartBeliefs, StartPlan

BISECTIONS = 60
#: Errors of a reading are weighed in so many cells of this width, in standard deviations.
CELLS, CELL = 33, 0.25


@jit
def reading_given_counts(plan: StartPlan, beliefs: StartBeliefs, o: int, subkey: np.uint64) -> float:
    """As `reading_of`, each reading and error weighed by how well the total agrees with the origin's own counts."""
    first, last = plan.first_reading[o], plan.first_reading[o + 1]
    logs = np.empty((last - first) * CELLS)
    for i in range(first, last):
        before = plan.weight_reading[i - 1] if i > first else 0.0
        for k in range(CELLS):
            z = CELL * (k - CELLS // 2)
            log = log_total_of(plan, beliefs, i, z)
            chance = math.log(max(plan.weight_reading[i] - before, 1e-300)) - z * z / 2.0
            logs[(i - first) * CELLS + k] = chance + log_agreement(plan, beliefs, o, log)
    weights = np.exp(logs - logs.max())
    aim, at = uniform(subkey, plan.origin_key[o], 0, PICK) * weights.sum(), 0
    while at < weights.size - 1 and aim > weights[at]:
        aim -= weights[at]
        at += 1
    within = uniform(subkey, plan.origin_key[o], 0, READ) - 0.5
    return log_total_of(plan, beliefs, first + at // CELLS, CELL * (at % CELLS - CELLS // 2 + within))


@jit
def log_total_of(plan: StartPlan, beliefs: StartBeliefs, i: int, z: float) -> float:
    """Log of a total in people of this theatre, by reading i with an error of z standard deviations."""
    error = plan.sd_reading[i] * z
    if plan.bound_reading[i] != 0:
        error = plan.bound_reading[i] * abs(error)
    return float(plan.log_reading[i] + error + math.log(people_per_unit(plan.kind_reading[i], beliefs)))


@jit
def reading_of(plan: StartPlan, beliefs: StartBeliefs, block: int, subkey: np.uint64) -> float:
    """Log of one reading of a total: a published figure, picked, read with its error and brought to one definition."""
    key = plan.origin_key[block]
    if beliefs.fitted and block < plan.region.size and has_counts(plan, block):
        return reading_given_counts(plan, beliefs, block, subkey)
    u = uniform(subkey, key, 0, PICK)
    i, last = plan.first_reading[block], plan.first_reading[block + 1] - 1
    while i < last and u > plan.weight_reading[i]:
        i += 1
    return log_total_of(plan, beliefs, i, normal_quantile(uniform(subkey, key, 0, READ)))


@jit
def sum_of(logs: Floats, spread: Floats, delta: float) -> float:
    """Sum of the totals when every log has moved by its variance times delta."""
    total = 0.0
    for o in range(logs.size):
        total += math.exp(logs[o] + spread[o] * spread[o] * delta)
    return total


@jit
def agreed_sum(logs: Floats, spread: Floats, world: float, world_spread: float) -> float:
    """Precision-weighted mean, on logs, of the origins' own sum and the world's reading."""
    own, variance = sum_of(logs, spread, 0.0), 0.0
    for o in range(logs.size):
        variance += (math.exp(logs[o]) / own * spread[o]) ** 2
    weight = variance / (variance + world_spread * world_spread)
    return math.exp((1.0 - weight) * math.log(own) + weight * world)


@jit
def reconciled_totals(plan: StartPlan, beliefs: StartBeliefs, subkey: np.uint64) -> Floats:
    """Totals by origin ``[O]`` (see the module's text)."""
    n = plan.region.size
    logs, spread = np.empty(n), plan.spread[:n]
    for o in range(n):
        logs[o] = reading_of(plan, beliefs, o, subkey)
    delta = 0.0
    if plan.first_reading[n + 1] > plan.first_reading[n]:
        world = reading_of(plan, beliefs, n, subkey)
        aim = agreed_sum(logs, spread, world, plan.spread[n])
        low, high = -1.0, 1.0
        for _ in range(BISECTIONS):
            if sum_of(logs, spread, low) > aim:
                low *= 2.0
            if sum_of(logs, spread, high) < aim:
                high *= 2.0
        for _ in range(BISECTIONS):
            delta = (low + high) / 2.0
            if sum_of(logs, spread, delta) > aim:
                high = delta
            else:
                low = delta
    for o in range(n):
        logs[o] = math.exp(logs[o] + spread[o] * spread[o] * delta)
    return logs
