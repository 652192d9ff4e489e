"""A slow, readable version of when dated events fire (`afterfall.engine.shared_series`): one event at a time.

It shares with the engine the keyed uniforms, and takes the given series and noise from the filled paths.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine import keys
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import (
    EVENT_AFTER,
    EVENT_CONSTANT,
    EVENT_LEFT,
    EVENT_NEIGHBOUR,
    EVENT_PATH,
    EVENT_RAMP,
    Program,
)


def months(program: Program, theta: np.ndarray, path: np.ndarray, seed: int, trajectory: int) -> list[int]:
    """Month in which each event fires; horizon + 1 for never."""
    subkey = keys.subkey(seed, trajectory, keys.DATED_EVENT, 0)
    never, number = program.horizon + 1, len(program.token_key)
    fired = [int(m) if m >= 0 else never for m in program.token_month]
    patience = [-math.log1p(-uniform(subkey, key, 0, 0)) for key in program.token_key]
    for t in range(1, never):
        before = list(fired)
        for k in range(number):
            if program.token_month[k] < 0 and fired[k] == never:
                patience[k] -= math.exp(log_hazard(program, theta, path, before, k, t))
                if patience[k] <= 0.0:
                    fired[k] = t
    return fired


def log_hazard(program: Program, theta: np.ndarray, path: np.ndarray, before: list[int], event: int, t: int) -> float:
    """Log hazard of one event in month t, given the months of all events that have fired before it."""
    total = 0.0
    for k, kind, feature, parameter in program.token_term:
        if k != event:
            continue
        times = theta[parameter] if parameter >= 0 else 1.0
        if kind == EVENT_CONSTANT:
            total += times * program.x_token[feature, event]
        elif kind == EVENT_PATH:
            total += times * path[feature, t]
        elif kind == EVENT_NEIGHBOUR:
            weights = program.token_neighbour[event]
            total += times * sum(w for w, month in zip(weights, before, strict=True) if month < t)
        elif kind == EVENT_LEFT:
            total -= times * _log_left(program, before, int(feature), t)
        elif kind == EVENT_AFTER:
            total += 0.0 if before[feature] < t else -math.inf
        elif kind == EVENT_RAMP:
            total += times * program.x_time[feature, 0, t]
    return total


def _log_left(program: Program, before: list[int], most: int, t: int) -> float:
    follows = {int(k): int(feature) for k, kind, feature, _ in program.token_term if kind == EVENT_LEFT}
    some = [k for k, which in follows.items() if program.token_month[k] < 0 and which <= most]
    left = sum(before[k] >= t for k in some)
    return math.log(max(left, 1) / len(some)) if some else 0.0
