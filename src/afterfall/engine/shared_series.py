"""Shared paths and dated events of one trajectory: time series that act on all cohorts.

Noise is a stationary AR(1) series, ``x[t] = a x[t-1] + sd sqrt(1 - a^2) z[t]`` minus ``sd^2 / 2``. The factor
``exp(path)`` then has mean one, and noise leaves expected flows unchanged. A dated event fires in the first month by
which its integrated hazard has passed one exponential, keyed by the event's name. A slightly higher hazard then makes
it fire slightly sooner; monthly coin flips would make all later draws differ. Paths that depend on events (the share
still held, and its loss) are filled last.

A TAKEN path splits what was lost in a month among takers: with w[k] the weight of event k, s[k] the share of it that
goes to one taker, and the average share S = sum of w s / sum of w,::

    taken[t] = (floor * S + sum of w s over the events of month t) / (floor + sum of w over the events of month t)

so that the shares of all takers sum to one in every month, and are the average ones where nothing was lost.
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
    EVENT_CONSTANT,
    EVENT_LEFT,
    EVENT_NEIGHBOUR,
    EVENT_PATH,
    FIRED,
    HELD,
    LEFT,
    LOG_LOST,
    LOG_OFFSET,
    LOG_SHARE,
    LOSS,
    NOISE,
    SERIES,
    SHARE_LOST,
    TAKEN,
    Floats,
    Ints,
    Keys,
    Program,
)
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.rate_factors import coefficient


class SharedSeries(NamedTuple):
    """The part of a `Program` that defines its paths."""

    kind: Ints  # [Z]
    arg: Ints  # [Z, 2]
    key: Keys  # [Z]
    series: Floats
    held_weight: Floats
    held_floor: Floats
    taken_share: Floats


class DatedEvents(NamedTuple):
    """The part of a `Program` that defines its dated events."""

    key: Keys  # [K]
    month: Ints  # [K]
    term: Ints  # [N', 4]
    x: Floats  # [F'', K]
    neighbour: Floats  # [K, K]


def draw_shared_series(program: Program, theta: Floats, seed: int, trajectory: int) -> tuple[Floats, Ints]:
    """Paths ``[Z, T + 1]`` and the month of each dated event ``[K]`` (0: at or before the start; T + 1: never)."""
    shared = SharedSeries(
        program.path_kind,
        program.path_arg,
        program.path_key,
        program.path_series,
        program.held_weight,
        program.held_floor,
        program.taken_share,
    )
    events = DatedEvents(
        program.token_key, program.token_month, program.token_term, program.x_token, program.token_neighbour
    )
    path = np.zeros((len(program.path_kind), program.horizon + 1))
    fired = fill_shared_series(shared, events, theta, seed, trajectory, path)
    return path, fired


@jit
def fill_shared_series(
    shared: SharedSeries, events: DatedEvents, theta: Floats, seed: int, trajectory: int, path: Floats
) -> Ints:
    """Fill ``path[Z, T + 1]``; returns the months ``[K]`` in which dated events fired."""
    noise = keys.subkey(seed, trajectory, keys.PATH, 0)
    for z in range(path.shape[0]):
        one, other = shared.arg[z, 0], shared.arg[z, 1]
        if shared.kind[z] == SERIES:
            for t in range(path.shape[1]):
                path[z, t] = shared.series[one, t]
        elif shared.kind[z] == NOISE:
            _autoregression(path[z], theta[one], theta[other], noise, shared.key[z])
    fired = _fire(events, theta, path, keys.subkey(seed, trajectory, keys.DATED_EVENT, 0))
    for z in range(path.shape[0]):
        _derive(shared, theta, fired, z, path)
    return fired


@jit
def _derive(shared: SharedSeries, theta: Floats, fired: Ints, z: int, path: Floats) -> None:
    """Fill row z of ``path[Z, T + 1]`` if its kind depends on dated events or on earlier rows."""
    kind, one, other = shared.kind[z], shared.arg[z, 0], shared.arg[z, 1]
    if kind == HELD:
        _held(path[z], shared.held_weight[one], shared.held_floor[one], fired)
    elif kind == LOG_OFFSET:
        for t in range(path.shape[1]):
            path[z, t] = math.log(theta[other] + path[one, t])
    elif kind == FIRED:
        for t in range(path.shape[1]):
            path[z, t] = 1.0 if fired[one] <= t else 0.0
    elif kind == TAKEN:
        held = shared.arg[one, 0]
        _taken(path[z], shared.held_weight[held], shared.taken_share[other], shared.held_floor[held], fired)
    elif kind in (LOSS, SHARE_LOST, LEFT, LOG_SHARE, LOG_LOST, ADRIFT):
        held = shared.arg[one, 0]
        floor = shared.held_floor[held]
        _of_held(kind, path[one], floor, floor + shared.held_weight[held].sum(), path[z])
        if kind == LEFT and other >= 0:
            path[z] *= shared.series[other]
        elif kind == ADRIFT and other == 1:
            path[z] = 1.0 - path[z]


@jit
def _of_held(kind: int, held: Floats, floor: float, whole: float, row: Floats) -> None:
    """Fill a path that follows from what is held ``[T + 1]`` alone; changes are from the month before."""
    for t in range(row.size):
        if kind == LEFT:
            row[t] = math.log(held[t] / held[0])
        elif kind == LOG_SHARE:
            row[t] = math.log(held[t] / whole)
        elif kind == LOG_LOST:
            row[t] = math.log(max(1.0 - held[t] / whole, floor))
        elif kind == ADRIFT:
            row[t] = 1.0 if held[t] <= floor * (1.0 + 1e-9) else 0.0
        elif t > 0:
            row[t] = -math.log(held[t] / held[t - 1]) if kind == LOSS else 1.0 - held[t] / held[t - 1]


@jit
def _autoregression(row: Floats, sd: float, correlation: float, subkey: np.uint64, key: np.uint64) -> None:
    """Fill a path with stationary noise whose exponential has mean one; month t draws with (key, t)."""
    fresh = sd * math.sqrt(1.0 - correlation * correlation)
    row[0] = sd * normal_quantile(uniform(subkey, key, 0, 0))
    for t in range(1, row.size):
        row[t] = correlation * row[t - 1] + fresh * normal_quantile(uniform(subkey, key, t, 0))
    for t in range(row.size):
        row[t] -= 0.5 * sd * sd


@jit
def _held(row: Floats, weight: Floats, floor: float, fired: Ints) -> None:
    """Fill a path with what is still held: the floor plus the weights of events that have not fired."""
    for t in range(row.size):
        total = floor
        for k in range(weight.size):
            if fired[k] > t:
                total += weight[k]
        row[t] = max(floor, total)


@jit
def _taken(row: Floats, weight: Floats, share: Floats, floor: float, fired: Ints) -> None:
    """Fill a path with one taker's share of what each month's events lost; column 0 has the average share."""
    average = 0.0
    for k in range(weight.size):
        average += weight[k] * share[k]
    average /= max(weight.sum(), 1e-300)
    for t in range(row.size):
        taken, lost = floor * average, floor
        for k in range(weight.size):
            if t > 0 and fired[k] == t:
                taken += weight[k] * share[k]
                lost += weight[k]
        row[t] = taken / lost


@jit
def _fire(events: DatedEvents, theta: Floats, path: Floats, subkey: np.uint64) -> Ints:
    """The month in which each event fires ``[K]``; hazards depend on the neighbours fired by the month before."""
    n, horizon = events.key.size, path.shape[1] - 1
    fired = np.empty(n, dtype=np.int32)
    left = np.empty(n)  # what remains of each event's exponential
    for k in range(n):
        fired[k] = events.month[k] if events.month[k] >= 0 else horizon + 1
        left[k] = -math.log1p(-uniform(subkey, events.key[k], 0, 0))
    follows = _follows(events.term, n)
    log_hazard = np.empty(n)
    for t in range(1, horizon + 1):
        log_hazard[:] = 0.0
        of_its_like = _log_left(events.month, follows, fired, t - 1, 0)
        of_all = _log_left(events.month, follows, fired, t - 1, 1)
        for i in range(events.term.shape[0]):
            k, kind, feature = events.term[i, 0], events.term[i, 1], events.term[i, 2]
            scale = coefficient(theta, events.term[i, 3], 1.0)
            if kind == EVENT_CONSTANT:
                log_hazard[k] += scale * events.x[feature, k]
            elif kind == EVENT_PATH:
                log_hazard[k] += scale * path[feature, t]
            elif kind == EVENT_NEIGHBOUR:
                log_hazard[k] += scale * _share_fired(events.neighbour[k], fired, t - 1)
            elif kind == EVENT_LEFT:
                log_hazard[k] -= scale * (of_all if feature else of_its_like)
        for k in range(n):
            if events.month[k] < 0 and fired[k] > horizon:
                left[k] -= math.exp(log_hazard[k])
                if left[k] <= 0.0:
                    fired[k] = t
    return fired


@jit
def _follows(term: Ints, n: int) -> Ints:
    """What each event's hazard follows ``[K]``: 0 the share left of its like, 1 that of all, -1 neither."""
    follows = np.full(n, -1, dtype=np.int32)
    for i in range(term.shape[0]):
        if term[i, 1] == EVENT_LEFT:
            follows[term[i, 0]] = term[i, 2]
    return follows


@jit
def _log_left(month: Ints, follows: Ints, fired: Ints, now: int, most: int) -> float:
    """Log of the share of the events by hazard that have not fired by a month, of at least one event.

    Counted are events that follow a share numbered up to `most`.
    """
    open_, left = 0, 0
    for k in range(month.size):
        if month[k] < 0 and 0 <= follows[k] <= most:
            open_ += 1
            left += fired[k] > now
    return math.log(max(left, 1) / open_) if open_ > 0 else 0.0


@jit
def _share_fired(weight: Floats, fired: Ints, month: int) -> float:
    """Total weight of the neighbours that had fired by a month."""
    total = 0.0
    for k in range(weight.size):
        if fired[k] <= month:
            total += weight[k]
    return total
