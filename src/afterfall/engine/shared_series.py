"""Shared paths and dated events of one trajectory: what months have in common across all cohorts.

Noise is a stationary AR(1) series, ``x[t] = a x[t-1] + sd sqrt(1 - a^2) z[t]`` less ``sd^2 / 2``, so that the factor
``exp(path)`` has mean one and flows expected without noise are flows expected with it. An event (a token) fires in the
first month by which its integrated hazard has passed one exponential, keyed by the event's name: a hazard a little
higher makes it fire a little sooner, where monthly coin flips would throw all luck anew. What depends on events, the
territory held and its loss, comes last.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine import keys
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import (
    ADRIFT,
    FIRED,
    HELD,
    LEFT,
    LOG_OFFSET,
    LOSS,
    NOISE,
    SERIES,
    SHARE_LOST,
    TOKEN_CONSTANT,
    TOKEN_NEIGHBOUR,
    TOKEN_PATH,
    Floats,
    Ints,
    Keys,
    Program,
)
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.rate_factors import coefficient


class SharedSeries(NamedTuple):
    """The part of a `Program` that says what its paths are."""

    kind: Ints  # [Z]
    arg: Ints  # [Z, 2]
    key: Keys  # [Z]
    series: Floats
    held_weight: Floats
    held_floor: Floats


class Tokens(NamedTuple):
    """The part of a `Program` that says when its tokens fire."""

    key: Keys  # [K]
    month: Ints  # [K]
    term: Ints  # [N', 4]
    x: Floats  # [F'', K]
    neighbour: Floats  # [K, K]


def draw_shared_series(program: Program, theta: Floats, seed: int, trajectory: int) -> tuple[Floats, Ints]:
    """Paths ``[Z, T + 1]`` and the month in which each token fired ``[K]`` (0 before or at the start, T + 1 never)."""
    shared = SharedSeries(
        program.path_kind,
        program.path_arg,
        program.path_key,
        program.path_series,
        program.held_weight,
        program.held_floor,
    )
    tokens = Tokens(
        program.token_key, program.token_month, program.token_term, program.x_token, program.token_neighbour
    )
    path = np.zeros((len(program.path_kind), program.horizon + 1))
    fired = fill_shared_series(shared, tokens, theta, seed, trajectory, path)
    return path, fired


@jit
def fill_shared_series(
    shared: SharedSeries, tokens: Tokens, theta: Floats, seed: int, trajectory: int, path: Floats
) -> Ints:
    """Fill ``path[Z, T + 1]``; returns the months in which tokens fired."""
    noise = keys.subkey(seed, trajectory, keys.PATH, 0)
    for z in range(path.shape[0]):
        one, other = shared.arg[z, 0], shared.arg[z, 1]
        if shared.kind[z] == SERIES:
            for t in range(path.shape[1]):
                path[z, t] = shared.series[one, t]
        elif shared.kind[z] == NOISE:
            _autoregression(path[z], theta[one], theta[other], noise, shared.key[z])
    fired = _fire(tokens, theta, path, keys.subkey(seed, trajectory, keys.TOKEN, 0))
    for z in range(path.shape[0]):
        _derive(shared, theta, fired, z, path)
    return fired


@jit
def _derive(shared: SharedSeries, theta: Floats, fired: Ints, z: int, path: Floats) -> None:
    """Fill row z of ``path[Z, T + 1]`` when its kind follows from tokens or from earlier rows."""
    kind, one, other = shared.kind[z], shared.arg[z, 0], shared.arg[z, 1]
    if kind == HELD:
        _held(path[z], shared.held_weight[one], shared.held_floor[one], fired)
    elif kind == LOSS:
        for t in range(1, path.shape[1]):
            path[z, t] = -math.log(path[one, t] / path[one, t - 1])
    elif kind == SHARE_LOST:
        for t in range(1, path.shape[1]):
            path[z, t] = 1.0 - path[one, t] / path[one, t - 1]
    elif kind == LEFT:
        for t in range(path.shape[1]):
            path[z, t] = math.log(path[one, t] / path[one, 0])
    elif kind == LOG_OFFSET:
        for t in range(path.shape[1]):
            path[z, t] = math.log(theta[other] + path[one, t])
    elif kind == ADRIFT:
        for t in range(path.shape[1]):
            path[z, t] = 1.0 if path[one, t] <= shared.held_floor[shared.arg[one, 0]] * (1.0 + 1e-9) else 0.0
    elif kind == FIRED:
        for t in range(path.shape[1]):
            path[z, t] = 1.0 if fired[one] <= t else 0.0


@jit
def _autoregression(row: Floats, sd: float, correlation: float, subkey: np.uint64, key: np.uint64) -> None:
    """Fill a path with stationary noise whose exponential has mean one; month t draws by (key, t)."""
    fresh = sd * math.sqrt(1.0 - correlation * correlation)
    row[0] = sd * normal_quantile(uniform(subkey, key, 0, 0))
    for t in range(1, row.size):
        row[t] = correlation * row[t - 1] + fresh * normal_quantile(uniform(subkey, key, t, 0))
    for t in range(row.size):
        row[t] -= 0.5 * sd * sd


@jit
def _held(row: Floats, weight: Floats, floor: float, fired: Ints) -> None:
    """Fill a path with what is still held: the floor and the weights of tokens that have not fired."""
    for t in range(row.size):
        total = floor
        for k in range(weight.size):
            if fired[k] > t:
                total += weight[k]
        row[t] = max(floor, total)


@jit
def _fire(tokens: Tokens, theta: Floats, path: Floats, subkey: np.uint64) -> Ints:
    """The month in which each token fires ``[K]``; hazards of a month see neighbours fired by the month before."""
    n, horizon = tokens.key.size, path.shape[1] - 1
    fired = np.empty(n, dtype=np.int32)
    left = np.empty(n)  # what remains of each token's exponential
    for k in range(n):
        fired[k] = tokens.month[k] if tokens.month[k] >= 0 else horizon + 1
        left[k] = -math.log1p(-uniform(subkey, tokens.key[k], 0, 0))
    log_hazard = np.empty(n)
    for t in range(1, horizon + 1):
        log_hazard[:] = 0.0
        for i in range(tokens.term.shape[0]):
            k, kind, feature = tokens.term[i, 0], tokens.term[i, 1], tokens.term[i, 2]
            scale = coefficient(theta, tokens.term[i, 3], 1.0)
            if kind == TOKEN_CONSTANT:
                log_hazard[k] += scale * tokens.x[feature, k]
            elif kind == TOKEN_PATH:
                log_hazard[k] += scale * path[feature, t]
            elif kind == TOKEN_NEIGHBOUR:
                log_hazard[k] += scale * _share_fired(tokens.neighbour[k], fired, t - 1)
        for k in range(n):
            if tokens.month[k] < 0 and fired[k] > horizon:
                left[k] -= math.exp(log_hazard[k])
                if left[k] <= 0.0:
                    fired[k] = t
    return fired


@jit
def _share_fired(weight: Floats, fired: Ints, month: int) -> float:
    """Weight of the neighbours that had fired by a month."""
    total = 0.0
    for k in range(weight.size):
        if fired[k] <= month:
            total += weight[k]
    return total
