"""How many travelled from each origin: published totals with their errors, reconciled with the world total.

For one trajectory, each origin's log total is one of its published readings, chosen by weight, with a normal error
(one-sided where the source says "at least" or "at most") and converted to people in this theatre. The sum S of the
origins and the world's reading W are two readings of one number. Their precision-weighted mean M on the log scale (with
the variance of log S for independent origins) is what the origins must sum to. Each origin moves in proportion to its
own variance, ``log N[o] += spread[o]^2 * delta``, with the one delta that makes the sum M: well-known totals hardly
move.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.observation import counting
from afterfall.model.observation.initial_state_plan import (
    PICK,
    READ,
    InitialStateBeliefs,
    InitialStatePlan,
)

BISECTIONS = 60


_people_per_unit = jit(counting.people_per_unit)


@jit
def unit_of(kind: int, beliefs: InitialStateBeliefs) -> float:
    """Number of people who travelled to this theatre per person counted by a definition."""
    return float(_people_per_unit(beliefs.left_out, beliefs.in_theatre, beliefs.families)[kind])


@jit
def reading_of(
    plan: InitialStatePlan, beliefs: InitialStateBeliefs, block: int, subkey: np.uint64, key: np.uint64
) -> float:
    """Log of one reading of a total: a published figure chosen by weight, with its error, in people of this theatre."""
    u = uniform(subkey, key, 0, PICK)
    i, last = plan.first_reading[block], plan.first_reading[block + 1] - 1
    while i < last and u > plan.weight_reading[i]:
        i += 1
    error = plan.sd_reading[i] * normal_quantile(uniform(subkey, key, 0, READ))
    if plan.bound_reading[i] != 0:
        error = plan.bound_reading[i] * abs(error)
    return float(plan.log_reading[i] + error + math.log(unit_of(plan.kind_reading[i], beliefs)))


@jit
def sum_of(logs: Floats, spread: Floats, delta: float) -> float:
    """Sum of the totals after every log has moved by its variance times delta."""
    total = 0.0
    for o in range(logs.size):
        total += math.exp(logs[o] + spread[o] * spread[o] * delta)
    return total


@jit
def agreed_sum(logs: Floats, spread: Floats, world: float, world_spread: float) -> float:
    """Precision-weighted mean, on the log scale, of the sum of the origins and the world's reading."""
    own, variance = sum_of(logs, spread, 0.0), 0.0
    for o in range(logs.size):
        variance += (math.exp(logs[o]) / own * spread[o]) ** 2
    weight = variance / (variance + world_spread * world_spread)
    return math.exp((1.0 - weight) * math.log(own) + weight * world)


@jit
def reconcile_totals(plan: InitialStatePlan, beliefs: InitialStateBeliefs, subkey: np.uint64) -> Floats:
    """Totals by origin ``[O]`` (see the module docstring)."""
    n = plan.region.size
    logs, spread = np.empty(n), plan.spread[:n]
    for o in range(n):
        logs[o] = reading_of(plan, beliefs, o, subkey, plan.origin_key[o])
    delta = 0.0
    if plan.first_reading[n + 1] > plan.first_reading[n]:
        world = reading_of(plan, beliefs, n, subkey, plan.origin_key[n])
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
