"""Shared paths and dated events of one trajectory: time series that act on all cohorts.

Noise is a stationary AR(1) series, ``x[t] = a x[t-1] + sd sqrt(1 - a^2) z[t]`` minus ``sd^2 / 2``. The factor
``exp(path)`` then has mean one, and noise leaves expected flows unchanged. A dated event fires in the first month by
which its integrated hazard has passed one exponential, keyed by the event's name. A slightly higher hazard then makes
it fire slightly sooner; monthly coin flips would make all later draws differ. Paths that depend on events (the share
still held, and its loss) are filled last.

An event can be *forced* to fire in a month. All else follows as if it had fired then, and the log of the probability of
what was forced, ``log(1 - exp(-h[m])) - (h[1] + ... + h[m - 1])`` with hazards under the same parameters and noise, is
the log of an importance weight.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine import keys
from afterfall.engine.hazards import leave_probability
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
    LOG_OFFSET,
    LOSS,
    NOISE,
    SERIES,
    SHARE_LOST,
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


class DatedEvents(NamedTuple):
    """The part of a `Program` that defines its dated events."""

    key: Keys  # [K]
    month: Ints  # [K]
    term: Ints  # [N', 4]
    x: Floats  # [F'', K]
    neighbour: Floats  # [K, K]


#: A dated event that is not forced.
FREE = -1


def draw_shared_series(program: Program, theta: Floats, seed: int, trajectory: int) -> tuple[Floats, Ints]:
    """Paths ``[Z, T + 1]`` and the month of each dated event ``[K]`` (0: at or before the start; T + 1: never)."""
    path, fired, _ = draw_forced_series(program, theta, seed, trajectory, unforced(program))
    return path, fired


def unforced(program: Program) -> Ints:
    """No month for any dated event, ``[K]``."""
    return np.full(len(program.token_key), FREE, dtype=np.int32)


def draw_forced_series(
    program: Program, theta: Floats, seed: int, trajectory: int, forced: Ints
) -> tuple[Floats, Ints, float]:
    """Paths and months as in `draw_shared_series`, with some events forced, and the log probability of those.

    ``forced[K]`` is the month in which an event fires, T + 1 for never, `FREE` for by its hazard.
    """
    shared, events = series_of(program)
    path = np.zeros((len(program.path_kind), program.horizon + 1))
    fired, log_weight = fill_shared_series(shared, events, theta, seed, trajectory, forced, path)
    return path, fired, log_weight


def series_of(program: Program) -> tuple[SharedSeries, DatedEvents]:
    """The parts of a program that define its paths and its dated events."""
    shared = SharedSeries(
        program.path_kind,
        program.path_arg,
        program.path_key,
        program.path_series,
        program.held_weight,
        program.held_floor,
    )
    events = DatedEvents(
        program.token_key, program.token_month, program.token_term, program.x_token, program.token_neighbour
    )
    return shared, events


@jit
def fill_shared_series(
    shared: SharedSeries, events: DatedEvents, theta: Floats, seed: int, trajectory: int, forced: Ints, path: Floats
) -> tuple[Ints, float]:
    """Fill ``path[Z, T + 1]``; returns the months ``[K]`` of dated events, and the log probability of those forced."""
    _fill_inputs(shared, theta, seed, trajectory, path)
    fired, log_weight = _fire(events, theta, path, keys.subkey(seed, trajectory, keys.DATED_EVENT, 0), forced)
    for z in range(path.shape[0]):
        _derive(shared, theta, fired, z, path)
    return fired, log_weight


@jit
def fire_series(
    shared: SharedSeries, events: DatedEvents, theta: Floats, seed: int, first: int, forced: Ints, path: Floats
) -> tuple[Ints, Floats]:
    """Months of dated events ``[n, K]`` and log probabilities of those forced ``[n]``, and no paths.

    For trajectories `first` and on, with parameters ``theta[n, P]``; ``path[Z, T + 1]`` is overwritten.
    """
    fired, log_weight = np.empty((theta.shape[0], events.key.size), dtype=np.int32), np.empty(theta.shape[0])
    for i in range(theta.shape[0]):
        _fill_inputs(shared, theta[i], seed, first + i, path)
        subkey = keys.subkey(seed, first + i, keys.DATED_EVENT, 0)
        fired[i], log_weight[i] = _fire(events, theta[i], path, subkey, forced)
    return fired, log_weight


@jit
def _fill_inputs(shared: SharedSeries, theta: Floats, seed: int, trajectory: int, path: Floats) -> None:
    """Fill the rows of ``path[Z, T + 1]`` that depend on no dated event: given series and noise."""
    noise = keys.subkey(seed, trajectory, keys.PATH, 0)
    for z in range(path.shape[0]):
        one, other = shared.arg[z, 0], shared.arg[z, 1]
        if shared.kind[z] == SERIES:
            for t in range(path.shape[1]):
                path[z, t] = shared.series[one, t]
        elif shared.kind[z] == NOISE:
            _autoregression(path[z], theta[one], theta[other], noise, shared.key[z])


@jit
def _derive(shared: SharedSeries, theta: Floats, fired: Ints, z: int, path: Floats) -> None:
    """Fill row z of ``path[Z, T + 1]`` if its kind depends on dated events or on earlier rows."""
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
def _fire(events: DatedEvents, theta: Floats, path: Floats, subkey: np.uint64, forced: Ints) -> tuple[Ints, float]:
    """The month in which each event fires ``[K]``; hazards depend on the neighbours fired by the month before.

    Returns also the log of the probability of what was forced.
    """
    n, horizon, log_weight = events.key.size, path.shape[1] - 1, 0.0
    fired = np.empty(n, dtype=np.int32)
    left = np.empty(n)  # what remains of each event's exponential
    for k in range(n):
        fired[k] = events.month[k] if events.month[k] >= 0 else horizon + 1
        left[k] = -math.log1p(-uniform(subkey, events.key[k], 0, 0))
    log_hazard = np.empty(n)
    for t in range(1, horizon + 1):
        log_hazards(events, theta, path, fired, t, log_hazard)
        for k in range(n):
            if events.month[k] < 0 and fired[k] > horizon:
                hazard = math.exp(log_hazard[k])
                left[k] -= hazard
                if forced[k] == FREE:
                    if left[k] <= 0.0:
                        fired[k] = t
                elif forced[k] == t:
                    fired[k] = t
                    log_weight += math.log(leave_probability(hazard)) if hazard > 0.0 else -math.inf
                else:
                    log_weight -= hazard
    return fired, log_weight


@jit
def log_hazards(events: DatedEvents, theta: Floats, path: Floats, fired: Ints, t: int, out: Floats) -> None:
    """Write the log hazard of each event in month t to ``out[K]``; of ``path[Z, T + 1]`` column t is read."""
    out[:] = 0.0
    log_left = _log_left(events.month, fired, t - 1)
    for i in range(events.term.shape[0]):
        k, kind, feature = events.term[i, 0], events.term[i, 1], events.term[i, 2]
        scale = coefficient(theta, events.term[i, 3], 1.0)
        if kind == EVENT_CONSTANT:
            out[k] += scale * events.x[feature, k]
        elif kind == EVENT_PATH:
            out[k] += scale * path[feature, t]
        elif kind == EVENT_NEIGHBOUR:
            out[k] += scale * _share_fired(events.neighbour[k], fired, t - 1)
        elif kind == EVENT_LEFT:
            out[k] -= scale * log_left


@jit
def _log_left(month: Ints, fired: Ints, now: int) -> float:
    """Log of the share of the events by hazard that have not fired by a month; zero when none is left."""
    open_, left = 0, 0
    for k in range(month.size):
        if month[k] < 0:
            open_ += 1
            left += fired[k] > now
    return math.log(left / open_) if left > 0 else 0.0


@jit
def _share_fired(weight: Floats, fired: Ints, month: int) -> float:
    """Total weight of the neighbours that had fired by a month."""
    total = 0.0
    for k in range(weight.size):
        if fired[k] <= month:
            total += weight[k]
    return total
