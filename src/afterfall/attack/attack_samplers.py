"""Scalar loops that draw attacks and resample the attempt parameters.

They give the same bits on every thread, whether one trajectory is drawn or many.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import GAMMA_SLOTS, gamma_draw, uniform
from afterfall.engine.program import Floats, Ints, Keys
from afterfall.engine.quantiles import binomial_quantile, normal_quantile, poisson_quantile

Shorts = npt.NDArray[np.int16]


@jit
def pick(
    subkey: np.uint64,
    keys: Keys,
    moments: Floats,
    counts: tuple[Floats, Floats, Floats, Floats],
    shares: tuple[Floats, Floats, Floats, Floats],
    candidates: int,
    choice: np.uint64,
    found: Floats,
) -> float:
    """Draw candidates for the attempt parameters, weight them by what was public, and write one of them into `found`.

    Parameters
    ----------
    subkey, keys, choice
        Keys of the trajectory, of each parameter and of the choice.
    moments
        Mean and standard deviation of each parameter's log, ``[7, 2]``: the six attempt parameters and the number of
        listed attacks for each attempt.
    counts
        Exposure (recent, settled, sent and sympathy, summed over the months and places of each count, ``[counts, 4]``),
        attacks counted, whether they are listed ones rather than attempts (one or zero), and weight, each ``[counts]``.
    shares
        Exposure ``[shares, 4]``, whether the share includes the returned and the sent (one or zero, ``[shares, 2]``),
        weighted attempts by them, and by all, each ``[shares]``.
    candidates
        How many to draw.
    found
        Output: the candidate picked, on the natural scale, ``[7]``.

    Returns
    -------
    float
        Effective sample size of the candidates, ``(sum w)^2 / sum w^2``.
    """
    n = moments.shape[0]
    drawn, weight = np.empty((candidates, n)), np.empty(candidates)
    for k in range(candidates):
        for p in range(n):
            z = normal_quantile(uniform(subkey, keys[p], k, 0))
            drawn[k, p] = math.exp(moments[p, 0] + moments[p, 1] * z)
        weight[k] = _log_counts(drawn[k], counts) + _log_shares(drawn[k], shares)
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
    return float(total * total / squares)


@jit
def _log_counts(drawn: Floats, counts: tuple[Floats, Floats, Floats, Floats]) -> float:
    """Log likelihood of counts: of attempts, or of listed attacks."""
    exposure, attacks, listed, weight = counts
    total = 0.0
    for j in range(attacks.size):
        mean = attempts_a_month(drawn, exposure[j, 0], exposure[j, 1], exposure[j, 2], exposure[j, 3])
        if listed[j] > 0.0:
            mean *= drawn[6]
        total += weight[j] * _log_negative_binomial(attacks[j], max(mean, 1e-12), drawn[5])
    return total


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
def _log_negative_binomial(count: float, mean: float, size: float) -> float:
    """Log probability of a count with a mean and a size (variance ``mean + mean^2 / size``)."""
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1.0)
        + size * math.log(size / (size + mean))
        + count * math.log(mean / (size + mean))
    )


@jit
def draw_attacks(
    subkey: np.uint64,
    keys: Keys,
    region_keys: Keys,
    month: Ints,
    recent: Floats,
    settled: Floats,
    sent: Floats,
    sympathy: Floats,
    drawn: Floats,
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
    keys, region_keys
        Keys of each country and of the region it is in, ``[C]``.
    month
        Numbers of the months, ``[M]``; random numbers are keyed by them.
    recent, settled, sent, sympathy
        What attempts are proportional to, ``[M, C]``.
    drawn
        The six attempt parameters.
    outcome
        Share completed, share of those that kill, exponent of the tail, its body, ``[4]``.
    attempts
        Output: attempts by source (returnees, sent, inspired), ``[M, C, 3]``.
    completed, deaths
        Output, ``[M, C]``.
    """
    size = drawn[5]
    for c in range(keys.size):
        year, wave = -1, 1.0
        for t in range(month.size):
            if (month[t] - 1) // 12 != year:
                year = (month[t] - 1) // 12
                wave = gamma_draw(subkey, region_keys[c], year * GAMMA_SLOTS, size) / size
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
