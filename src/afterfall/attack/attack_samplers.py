"""Scalar loops that draw attacks and resample the attempt parameters.

They give the same bits on every thread, whether one trajectory is drawn or many.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from afterfall.attack.wave_likelihood import POINTS, draw_waves, log_waves
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import GAMMA_SLOTS, gamma_draw, mixed, uniform
from afterfall.engine.program import Floats, Ints, Keys
from afterfall.engine.quantiles import binomial_quantile, normal_quantile, poisson_quantile

Shorts = npt.NDArray[np.int16]
#: What makes the keys of the part of a wave that is lost, and of that which is new, from the key of the region.
LOST, NEW = np.uint64(1), np.uint64(2)


@jit
def pick(
    subkey: np.uint64,
    keys: Keys,
    moments: Floats,
    counts: tuple[Floats, Floats, Ints],
    listed: tuple[Floats, Floats, Ints],
    shares: tuple[Floats, Floats, Floats, Floats],
    candidates: int,
    choice: np.uint64,
    found: Floats,
    waves: Floats,
) -> float:
    """Draw candidates for the attempt parameters, weight them by what was public, and write one of them into `found`.

    Parameters
    ----------
    subkey, keys, choice
        Keys of the trajectory, of each parameter and of the choice.
    moments
        Mean and standard deviation of each parameter's log, ``[6, 2]``.
    counts
        Exposure (recent, settled, sent and sympathy, summed over the months and places of each count, ``[counts, 4]``),
        attempts counted and the cell of each, ``[counts]``.
    listed
        The same exposure of the listed countries ``[cells, 4]``, weighted listed attacks, and the region of each cell
        among those of the list or -1, ``[cells]``.
    shares
        Exposure ``[shares, 4]``, whether the share includes the returned and the sent (one or zero, ``[shares, 2]``),
        weighted attempts by them, and by all, each ``[shares]``.
    candidates
        How many to draw.
    found
        Output: the candidate picked, on the natural scale, ``[6]``.
    waves
        Output: shape and rate of the wave of each cell, given what was public, ``[cells, 2]``.

    Returns
    -------
    float
        Effective sample size of the candidates, ``(sum w)^2 / sum w^2``.
    """
    n, cells = moments.shape[0], listed[1].size
    drawn, weight = np.empty((candidates, n)), np.empty(candidates)
    counted, attempts, mean, logs = np.empty(cells), np.empty(cells), np.empty(cells), np.empty(POINTS)
    for k in range(candidates):
        for p in range(n):
            z = normal_quantile(uniform(subkey, keys[p], k, 0))
            drawn[k, p] = math.exp(moments[p, 0] + moments[p, 1] * z)
        weight[k] = _expected_in_cells(drawn[k], counts, listed, counted, attempts, mean)
        weight[k] += log_waves(drawn[k, 5], counted, attempts, mean, listed[1], listed[2], logs)
        weight[k] += _log_shares(drawn[k], shares)
    best = weight.max()
    total, squares = 0.0, 0.0
    for k in range(candidates):
        weight[k] = math.exp(weight[k] - best)
        total += weight[k]
        squares += weight[k] * weight[k]
    left = uniform(subkey, choice, 0, 0) * total
    one = 0
    while one < candidates - 1 and left > weight[one]:
        left -= weight[one]
        one += 1
    found[:] = drawn[one]
    _expected_in_cells(found, counts, listed, counted, attempts, mean)
    draw_waves(subkey, mixed(choice), found[5], counted, attempts, mean, listed[1], listed[2], logs, waves)
    return float(total * total / squares)


@jit
def _expected_in_cells(
    drawn: Floats,
    counts: tuple[Floats, Floats, Ints],
    listed: tuple[Floats, Floats, Ints],
    counted: Floats,
    attempts: Floats,
    mean: Floats,
) -> float:
    """Expected and counted attempts, and expected ones in listed countries, by cell; all outputs but what is returned.

    Returns what several counts of one cell say of each other: the log likelihood of their split, given their total.
    """
    exposure, number, cell = counts
    counted[:], attempts[:] = 0.0, 0.0
    split = 0.0
    for j in range(number.size):
        one = max(attempts_a_month(drawn, exposure[j, 0], exposure[j, 1], exposure[j, 2], exposure[j, 3]), 1e-12)
        counted[cell[j]] += one
        attempts[cell[j]] += number[j]
        split += number[j] * math.log(one)
    for c in range(mean.size):
        x = listed[0][c]
        mean[c] = attempts_a_month(drawn, x[0], x[1], x[2], x[3])
        if attempts[c] > 0.0:
            split -= attempts[c] * math.log(counted[c])
    return split


@jit
def _log_shares(drawn: Floats, shares: tuple[Floats, Floats, Floats, Floats]) -> float:
    """Log likelihood of published shares of those who attempt: binomial, with the expected share."""
    exposure, kinds, part, whole = shares
    total = 0.0
    for j in range(part.size):
        returned = attempts_a_month(drawn, exposure[j, 0], exposure[j, 1], 0.0, 0.0)
        sent = attempts_a_month(drawn, 0.0, 0.0, exposure[j, 2], 0.0)
        every = attempts_a_month(drawn, exposure[j, 0], exposure[j, 1], exposure[j, 2], exposure[j, 3])
        share = (kinds[j, 0] * returned + kinds[j, 1] * sent) / max(every, 1e-12)
        share = min(max(share, 1e-9), 1.0 - 1e-9)
        total += part[j] * math.log(share) + (whole[j] - part[j]) * math.log(1.0 - share)
    return total


@jit
def attempts_a_month(drawn: Floats, recent: float, settled: float, sent: float, sympathy: float) -> float:
    """Expected attempts of all sources under the six parameters `drawn`, without the yearly wave."""
    return float(drawn[0] * (recent + drawn[1] * settled) + drawn[2] / drawn[3] * sent + drawn[4] * sympathy)


@jit
def waves_by_year(
    subkey: np.uint64, keys: Keys, first: int, r: float, size: float, cell: Ints, known: Floats, waves: Floats
) -> None:
    """Draw the wave of every region and year of one trajectory, each with the prior mean one.

    A year of which something is known has the gamma distribution given that. Any other continues the wave G of the year
    before it by the beta-gamma autoregression (the thinned gamma process of Wolpert 2021, arXiv:2106.00087)::

        B G + E,    B ~ Beta(r a, (1 - r) a),    E ~ Gamma((1 - r) a, 1 / a),

    which keeps the distribution Gamma(a, 1 / a); r is the correlation of two successive years. The first year, if
    nothing is known of it, has that distribution.

    Parameters
    ----------
    subkey, keys
        The trajectory's key for attacks, and the key of each region, ``[R]``.
    first
        Number of the first year; random numbers are keyed by years.
    r, size
        r and a.
    cell, known
        Position of each year and region in `known`, or -1, ``[Y, R]``; shape and rate of each, ``[cells, 2]``.
    waves
        Output, ``[Y, R]``.
    """
    years, regions = cell.shape
    kept, new = size * r, size * (1.0 - r)
    for g in range(regions):
        lost_key, new_key = mixed(keys[g] + LOST), mixed(keys[g] + NEW)
        for y in range(years):
            slot, j = (first + y) * GAMMA_SLOTS, cell[y, g]
            if j >= 0:
                waves[y, g] = gamma_draw(subkey, keys[g], slot, known[j, 0]) / known[j, 1]
            elif y == 0:
                waves[y, g] = gamma_draw(subkey, keys[g], slot, size) / size
            else:
                stays, lost = gamma_draw(subkey, keys[g], slot, kept), gamma_draw(subkey, lost_key, slot, new)
                share = stays / (stays + lost) if stays + lost > 0.0 else r
                waves[y, g] = share * waves[y - 1, g] + gamma_draw(subkey, new_key, slot, new) / size


@jit
def draw_attacks(
    subkey: np.uint64,
    keys: Keys,
    month: Ints,
    exposure: tuple[Floats, Floats, Floats, Floats],
    drawn: Floats,
    waves: tuple[Floats, Ints, Ints],
    outcome: Floats,
    attempts: Shorts,
    completed: Shorts,
    deaths: Ints,
) -> None:
    """Fill the attempts, completed attacks and deaths of one trajectory.

    Parameters
    ----------
    subkey
        The trajectory's key for attacks.
    keys
        Key of each country, ``[C]``.
    month
        Numbers of the months, ``[M]``; random numbers are keyed by them.
    exposure
        What attempts are proportional to: recent, settled, sent, sympathy, each ``[M, C]``.
    drawn
        The six attempt parameters.
    waves
        The wave of each year and region ``[Y, R]``, the year of each month ``[M]``, the region of each country ``[C]``.
    outcome
        Share completed, share of those that kill, exponent of the tail, its body, ``[4]``.
    attempts
        Output: attempts by source (returnees, sent, inspired), ``[M, C, 3]``.
    completed, deaths
        Output, ``[M, C]``.
    """
    recent, settled, sent, sympathy = exposure
    wave_of, year, region = waves
    for c in range(keys.size):
        for t in range(month.size):
            wave = wave_of[year[t], region[c]]
            for s in range(3):
                if s == 0:
                    mean = drawn[0] * (recent[t, c] + drawn[1] * settled[t, c])
                elif s == 1:
                    mean = drawn[2] / drawn[3] * sent[t, c]
                else:
                    mean = drawn[4] * sympathy[t, c]
                number = min(poisson_quantile(uniform(subkey, keys[c], month[t], s), wave * mean), 30000)
                if number > 0:
                    attempts[t, c, s] = number
                    done = binomial_quantile(uniform(subkey, keys[c], month[t], 3 + s), number, outcome[0])
                    completed[t, c] += done
                    body = outcome[3] * (drawn[3] if s == 1 else 1.0)
                    for i in range(done):
                        deaths[t, c] += _deaths(subkey, keys[c], month[t], 8 + 3 * i + s, outcome, body)


@jit
def _deaths(subkey: np.uint64, key: np.uint64, month: int, slot: int, outcome: Floats, body: float) -> int:
    """Deaths in one completed attack (see `model.mechanisms.attack`)."""
    u = uniform(subkey, key, month, slot)
    if u >= outcome[1]:
        return 0
    tail = max(u / outcome[1], 1e-12)
    return int(min((1.0 + body) * math.exp(-math.log(tail) / (outcome[2] - 1.0)) - body, 1e6))
