"""Shared paths and dated events of one trajectory: time series that act on all cohorts.

Noise is a stationary AR(1) series, ``x[t] = a x[t-1] + sd sqrt(1 - a^2) z[t]`` minus ``sd^2 / 2``. The factor
``exp(path)`` then has mean one, and noise leaves expected flows unchanged. A dated event fires in the first month by
which its integrated hazard has passed one exponential, keyed by the event's name. A slightly higher hazard then makes
it fire slightly sooner; monthly coin flips would make all later draws differ. Paths that depend on events (the share
still held, and its loss) are filled last.

A TAKEN path splits what was lost in a month among takers: with w[k] the weight of event k, s[k] the share of it that
goes to one taker, and the average share S = sum of w s / sum of w,::

    taken[t] = (floor * S + sum of w s over the events of month t) / (floor + sum of w over the events of month t)

so that the shares of all takers sum to one in every month, and are the average ones where nothing was lost. Weights
and shares can depend on parameters (see `program`).

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
from afterfall.engine.jit import inlined, jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import (
    ADRIFT,
    EVENT_AFTER,
    EVENT_CONSTANT,
    EVENT_LEFT,
    EVENT_NEIGHBOUR,
    EVENT_PATH,
    EVENT_RAMP,
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
    held_tilt: Floats
    held_parameter: Ints
    taken_share: Floats
    taken_tilt: Floats
    taken_parameter: Ints


class DatedEvents(NamedTuple):
    """The part of a `Program` that defines its dated events."""

    key: Keys  # [K]
    month: Ints  # [K]
    term: Ints  # [N', 4]
    x: Floats  # [F'', K]
    neighbour: Floats  # [K, K]
    ramp: Floats  # [F', T + 1] of stratum 0


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
        program.held_tilt,
        program.held_parameter,
        program.taken_share,
        program.taken_tilt,
        program.taken_parameter,
    )
    events = DatedEvents(
        program.token_key,
        program.token_month,
        program.token_term,
        program.x_token,
        program.token_neighbour,
        np.ascontiguousarray(program.x_time[:, 0, :]),
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
        _held(path[z], weight_of(shared, theta, one), shared.held_floor[one], fired)
    elif kind == LOG_OFFSET:
        for t in range(path.shape[1]):
            path[z, t] = math.log(theta[other] + path[one, t])
    elif kind == FIRED:
        for t in range(path.shape[1]):
            path[z, t] = 1.0 if fired[one] <= t else 0.0
    elif kind == TAKEN:
        held = shared.arg[one, 0]
        share = share_of(shared, theta, other)
        _taken(path[z], weight_of(shared, theta, held), share, shared.held_floor[held], fired)
    elif kind in (LOSS, SHARE_LOST, LEFT, LOG_SHARE, LOG_LOST, ADRIFT):
        held = shared.arg[one, 0]
        floor = shared.held_floor[held]
        _of_held(kind, path[one], floor, floor + weight_of(shared, theta, held).sum(), path[z])
        if kind == LEFT and other >= 0:
            path[z] *= shared.series[other]
        elif kind == ADRIFT and other == 1:
            path[z] = 1.0 - path[z]


@jit
def weight_of(shared: SharedSeries, theta: Floats, row: int) -> Floats:
    """Weights ``[K]`` of the events in what is held, for one row of `Program.held_weight`."""
    weight: Floats = shared.held_weight[row].copy()
    p = shared.held_parameter[row]
    if p >= 0:
        for k in range(weight.size):
            weight[k] *= math.exp(theta[p] * shared.held_tilt[row, k])
    return weight


@inlined
def share_of(shared: SharedSeries, theta: Floats, row: int) -> Floats:
    """Shares ``[K]`` of one taker in what each event loses, for one row of `Program.taken_share`."""
    share: Floats = shared.taken_share[row].copy()
    for k in range(share.size):
        own, everyone = 0.0, 0.0
        for i in range(shared.taken_share.shape[0]):
            p = shared.taken_parameter[i]
            part = shared.taken_share[i, k] * (math.exp(theta[p] * shared.taken_tilt[k]) if p >= 0 else 1.0)
            everyone += part
            own = part if i == row else own
        if shared.taken_tilt[k] != 0.0 and everyone > 0.0:
            share[k] = own / everyone
    return share


@inlined
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


@inlined
def _autoregression(row: Floats, sd: float, correlation: float, subkey: np.uint64, key: np.uint64) -> None:
    """Fill a path with stationary noise whose exponential has mean one; month t draws with (key, t)."""
    fresh = sd * math.sqrt(1.0 - correlation * correlation)
    row[0] = sd * normal_quantile(uniform(subkey, key, 0, 0))
    for t in range(1, row.size):
        row[t] = correlation * row[t - 1] + fresh * normal_quantile(uniform(subkey, key, t, 0))
    for t in range(row.size):
        row[t] -= 0.5 * sd * sd


@inlined
def _held(row: Floats, weight: Floats, floor: float, fired: Ints) -> None:
    """Fill a path with what is still held: the floor plus the weights of events that have not fired."""
    for t in range(row.size):
        total = floor
        for k in range(weight.size):
            if fired[k] > t:
                total += weight[k]
        row[t] = max(floor, total)


@inlined
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


@inlined
def log_hazards(events: DatedEvents, theta: Floats, path: Floats, fired: Ints, t: int, out: Floats) -> None:
    """Write the log hazard of each event in month t to ``out[K]``; of ``path[Z, T + 1]`` column t is read."""
    out[:] = 0.0
    follows = _follows(events.term, out.size)
    of_its_like = _log_left(events.month, follows, fired, t - 1, 0)
    of_all = _log_left(events.month, follows, fired, t - 1, 1)
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
            out[k] -= scale * (of_all if feature else of_its_like)
        elif kind == EVENT_AFTER:
            out[k] += 0.0 if fired[feature] < t else -math.inf
        elif kind == EVENT_RAMP:
            out[k] += scale * events.ramp[feature, t]


@inlined
def _follows(term: Ints, n: int) -> Ints:
    """What each event's hazard follows ``[K]``: 0 the share left of its like, 1 that of all, -1 neither."""
    follows = np.full(n, -1, dtype=np.int32)
    for i in range(term.shape[0]):
        if term[i, 1] == EVENT_LEFT:
            follows[term[i, 0]] = term[i, 2]
    return follows


@inlined
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


@inlined
def _share_fired(weight: Floats, fired: Ints, month: int) -> float:
    """Total weight of the neighbours that had fired by a month."""
    total = 0.0
    for k in range(weight.size):
        if fired[k] <= month:
            total += weight[k]
    return total
