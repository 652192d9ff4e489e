"""A particle filter of shared series: draws of dated events given what is known of their months.

Each particle is a series: parameters, shared noise and the months of dated events so far. It moves forward month by
month. An event with a known month m does not fire before m and fires in m; the particle's weight is multiplied by the
probability of that, ``exp(-h)`` in each month before and ``1 - exp(-h)`` in m, with its own hazards. A particle in
which an event has not fired by its last month has weight zero. Where the effective number of weights falls below half
the number of particles, particles are resampled by weight (sequential importance resampling: Gordon, Salmond and Smith
1993, doi:10.1049/ip-f-2.1993.0015; Doucet and Johansen 2011). Afterwards each draws noise of its own again, and the
rest of an exponential of its own for every event that has not fired, which the exponential distribution allows.
Weighted particles follow the distribution of series given the months, up to an error that falls with their number.

Particles with one ancestor share their parameters and their early noise. The effective number of *roots* counts them as
one: ``(sum w)^2 / sum over roots of (sum of w)^2``. Without resampling it is that of Kong (1992).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine import keys
from afterfall.engine.hazards import leave_probability
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform, uniforms_for
from afterfall.engine.program import EVENT_PATH, NOISE, SERIES, Floats, Ints, Longs, Program
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.shared_series import FREE, DatedEvents, SharedSeries, log_hazards, series_of

RESAMPLE = "given/resample"


class Particles(NamedTuple):
    """Series so far. Rows are particles."""

    root: Longs  # [M] the number of the series that it began as
    fired: Ints  # [M, K] month of each dated event; T + 1 for not yet
    left: Floats  # [M, K] what remains of each event's exponential
    noise: Floats  # [M, R] each row of noise, before its mean is taken off
    log_weight: Floats  # [M]


class Filtered(NamedTuple):
    """Series given the months of events, and the log of the probability of those months."""

    root: Longs  # [M]
    fired: Ints  # [M, K]
    log_weight: Floats  # [M]
    log_probability: float


def filter_series(program: Program, theta: Floats, columns: Ints, seed: int, forced: Ints, latest: Ints) -> Filtered:
    """Draw series given months of events.

    Parameters
    ----------
    program
        The program.
    theta
        Parameters of series 0, 1, ... ``[M, B]``: those that dated events and their noise read.
    columns
        The index of each of them in the program ``[B]``.
    seed
        Seed of all random draws.
    forced
        Month of each event ``[K]``, or `FREE`.
    latest
        Last month in which each event may fire ``[K]``; T + 1 for any or never.
    """
    shared, events = _renumbered(program, columns)
    horizon, m = program.horizon, len(theta)
    series = _started(program, shared, events, theta, seed)
    path = np.zeros((len(program.path_kind), horizon + 1))
    binding = max(int(forced.max(initial=0)), int(latest[latest <= horizon].max(initial=0)))
    log_probability = 0.0
    for t in range(1, horizon + 1):
        advance(shared, events, theta, seed, t, forced, latest, path, series)
        if t < binding and effective_number(series.log_weight) < 0.5 * m:
            if series.log_weight.max() == -math.inf:
                break
            log_probability += _log_mean(series.log_weight)
            series = _resampled(events, series, seed, t, horizon)
    return Filtered(series.root, series.fired, series.log_weight, log_probability + _log_mean(series.log_weight))


def effective_number(log_weight: Floats, root: Longs | None = None) -> float:
    """Effective number of weighted draws, ``(sum w)^2 / sum w^2`` (Kong 1992); weights of one root are added first.

    >>> effective_number(np.log([1.0, 1.0, 0.5]))
    2.777777777777778
    >>> effective_number(np.zeros(3), np.array([0, 1, 1]))
    1.8
    """
    largest = log_weight.max(initial=-math.inf)
    if largest == -math.inf:
        return 0.0
    weight = np.exp(log_weight - largest)
    if root is not None:
        weight = np.bincount(root, weights=weight)
    return float(weight.sum() ** 2 / (weight**2).sum())


def systematic(log_weight: Floats, n: int, seed: int, stage: int) -> Longs:
    """Systematic resampling: indices ``[n]`` in rising order, each as often as its weight says, to within one.

    Douc, Cappé and Moulines (2005), arXiv:cs/0507025. One uniform, keyed by the stage.
    """
    weight = np.exp(log_weight - log_weight.max())
    shift = uniforms_for(seed, stage, keys.PARAMETER, np.array([keys.name_key(RESAMPLE)], dtype=np.uint64))[0]
    steps = np.cumsum(weight) / weight.sum()
    places = np.searchsorted(steps, (np.arange(n) + shift) / n, side="right")
    return np.asarray(np.minimum(places, len(weight) - 1), dtype=np.int64)


def _log_mean(log_weight: Floats) -> float:
    largest = float(log_weight.max(initial=-math.inf))
    return largest if largest == -math.inf else largest + math.log(float(np.exp(log_weight - largest).mean()))


def _renumbered(program: Program, columns: Ints) -> tuple[SharedSeries, DatedEvents]:
    """The series of a program, with parameters numbered as the columns and without the rows that no event reads."""
    shared, events = series_of(program)
    place = {int(p): i for i, p in enumerate(columns)} | {-1: -1}
    term = events.term.copy()
    term[:, 3] = [place[int(p)] for p in term[:, 3]]
    read = set(term[term[:, 1] == EVENT_PATH][:, 2].tolist())
    kind = np.array([k if z in read else FREE for z, k in enumerate(shared.kind)], dtype=np.int32)
    noisy = kind == NOISE
    arg = shared.arg.copy()
    arg[noisy] = [[place[int(p)] for p in row] for row in arg[noisy]]
    return shared._replace(kind=kind, arg=arg), events._replace(term=term)


def _started(program: Program, shared: SharedSeries, events: DatedEvents, theta: Floats, seed: int) -> Particles:
    """Particles at the start: series 0, 1, ... with the noise and the exponentials of those numbers."""
    m = len(theta)
    known = np.where(events.month >= 0, events.month, program.horizon + 1).astype(np.int32)
    series = Particles(
        root=np.arange(m),
        fired=np.tile(known, (m, 1)),
        left=np.zeros((m, len(events.key))),
        noise=np.zeros((m, len(shared.kind))),
        log_weight=np.zeros(m),
    )
    _draw_left(events, seed, 0, program.horizon, series)
    first_noise(shared, theta, seed, series.noise)
    return series


def _resampled(events: DatedEvents, series: Particles, seed: int, t: int, horizon: int) -> Particles:
    """Particles drawn by weight after month t, each with exponentials of its own for what has not fired."""
    taken = systematic(series.log_weight, len(series.root), seed, t)
    moved = Particles(
        root=series.root[taken],
        fired=series.fired[taken],
        left=series.left[taken],
        noise=series.noise[taken],
        log_weight=np.zeros(len(taken)),
    )
    _draw_left(events, seed, t, horizon, moved)
    return moved


@jit
def first_noise(shared: SharedSeries, theta: Floats, seed: int, noise: Floats) -> None:
    """Fill the noise of month 0 ``[M, Z]``."""
    for i in range(noise.shape[0]):
        subkey = keys.subkey(seed, i, keys.PATH, 0)
        for z in range(noise.shape[1]):
            if shared.kind[z] == NOISE:
                noise[i, z] = theta[i, shared.arg[z, 0]] * normal_quantile(uniform(subkey, shared.key[z], 0, 0))


@jit
def _draw_left(events: DatedEvents, seed: int, t: int, horizon: int, series: Particles) -> None:
    """Draw the rest of the exponential of every event that has not fired by month t."""
    for i in range(series.left.shape[0]):
        subkey = keys.subkey(seed, i, keys.DATED_EVENT, t)
        for k in range(series.left.shape[1]):
            if series.fired[i, k] > horizon:
                series.left[i, k] = -math.log1p(-uniform(subkey, events.key[k], 0, 0))


@jit
def advance(
    shared: SharedSeries,
    events: DatedEvents,
    theta: Floats,
    seed: int,
    t: int,
    forced: Ints,
    latest: Ints,
    path: Floats,
    series: Particles,
) -> None:
    """Move all particles through month t, in place; column t of ``path[Z, T + 1]`` is overwritten."""
    horizon, log_hazard = path.shape[1] - 1, np.empty(events.key.size)
    for z in range(path.shape[0]):
        if shared.kind[z] == SERIES:
            path[z, t] = shared.series[shared.arg[z, 0], t]
    for i in range(series.root.size):
        own, subkey = theta[series.root[i]], keys.subkey(seed, i, keys.PATH, 0)
        for z in range(path.shape[0]):
            if shared.kind[z] == NOISE:
                sd, correlation = own[shared.arg[z, 0]], own[shared.arg[z, 1]]
                fresh = sd * math.sqrt(1.0 - correlation * correlation)
                z_value = normal_quantile(uniform(subkey, shared.key[z], t, 0))
                series.noise[i, z] = correlation * series.noise[i, z] + fresh * z_value
                path[z, t] = series.noise[i, z] - 0.5 * sd * sd
        fired = series.fired[i]
        log_hazards(events, own, path, fired, t, log_hazard)
        for k in range(events.key.size):
            if events.month[k] >= 0 or fired[k] <= horizon:
                continue
            hazard = math.exp(log_hazard[k])
            series.left[i, k] -= hazard
            if forced[k] == t:
                fired[k] = t
                series.log_weight[i] += math.log(leave_probability(hazard)) if hazard > 0.0 else -math.inf
            elif forced[k] != FREE:
                series.log_weight[i] -= hazard
            elif series.left[i, k] <= 0.0:
                fired[k] = t
            elif t >= latest[k]:
                series.log_weight[i] = -math.inf
