"""How a time ahead differs from an average one: a yearly effect that organisations share, with memory.

Events come in waves that organisations share (Syria in 2013, the pledges of 2014 and 2015), so totals vary more than
independent organisations would. With ``d[y]`` events over the exposure ``t[y]`` of calendar year y::

    d[y] ~ Poisson(m v[y] t[y]),   v[y] = exp(s x[y] - s^2 / 2),   x[y] = r x[y - 1] + sqrt(1 - r^2) N(0, 1)

so ``v`` has mean one, ``s`` says how much years differ and ``r`` how long a wave lasts. The posterior of ``(m, s, r)``
and of the last whole year's ``x`` is computed on a grid (a hidden Markov chain, forward), without simulation error. A
time ahead of several years has the mean of its yearly effects, which go on from where the last year left them.

**Priors.** log m uniform around the mean rate, s log-uniform from 0.1 to 1.4, r uniform on 0, 0.3, 0.6 and 0.85.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

from afterfall.reference.event_rate import DRAWS, Floats

#: Grids: memory, standard deviation of the log, and the state in standard deviations.
MEMORY = np.array([0.0, 0.3, 0.6, 0.85])
SPREAD = np.exp(np.linspace(math.log(0.1), math.log(1.4), 9))
STATE = np.linspace(-3.5, 3.5, 29)
#: Years of a forecast without a horizon of its own.
YEARS_AHEAD = 5.0


def period_multiples(events: Floats, exposure: Floats, years: float = YEARS_AHEAD, seed: int = 1) -> Floats:
    """Multiples by which a time ahead may differ from an average one, ``(DRAWS,)``.

    Parameters
    ----------
    events, exposure
        Events and exposure of past calendar years in order, ``(year,)``.
    years
        Length of the time ahead; its part of a last year counts as that part.
    seed
        Seed of the draws.
    """
    weights = _last_state(events, exposure).sum(axis=0)
    rng = np.random.default_rng([seed, 41])
    at = rng.choice(weights.size, DRAWS, p=weights.ravel())
    spread, memory, state = np.unravel_index(at, weights.shape)
    s, r = SPREAD[spread], MEMORY[memory]
    x, total = STATE[state], np.zeros(DRAWS)
    for year in range(math.ceil(years)):
        x = r * x + np.sqrt(1 - r * r) * rng.standard_normal(DRAWS)
        total += min(years - year, 1.0) * np.exp(s * x - s * s / 2)
    multiples: Floats = total / years
    return multiples


def _last_state(events: Floats, exposure: Floats) -> Floats:
    """Posterior of the rate, spread, memory and the state of the last year, ``(m, s, r, x)``."""
    rate = np.exp(np.linspace(-2.5, 2.5, 31)) * max(events.sum(), 0.5) / max(exposure.sum(), 1e-9)
    multiple = np.exp(SPREAD[:, None] * STATE - SPREAD[:, None] ** 2 / 2)
    step = np.stack([_step(r) for r in MEMORY])
    start = np.exp(-0.5 * STATE**2)
    found = np.broadcast_to(start / start.sum(), (len(rate), len(SPREAD), len(MEMORY), len(STATE))).copy()
    found /= found.sum()
    for d, t in zip(events, exposure, strict=True):
        found = np.einsum("msrx,rxy->msry", found, step)
        if t > 0:
            mean = rate[:, None, None] * multiple * t
            density = np.exp(d * np.log(mean) - mean - gammaln(d + 1))
            found = found * density[:, :, None, :]
            found /= found.sum()
    return found


def _step(memory: float) -> Floats:
    """Chances of each state after each, ``(x, x)``; rows sum to one."""
    log = -0.5 * (STATE[None, :] - memory * STATE[:, None]) ** 2 / (1 - memory**2)
    chances: Floats = np.exp(log) / np.exp(log).sum(axis=1, keepdims=True)
    return chances
