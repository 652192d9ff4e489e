"""The month of the bands, by both executors: whole people by keyed luck, and expected people with events given.

In the counts each band draws two uniforms a month by its own key (recruits, losses) and each event three when it fires
(locals who pass over, newcomers; its own moment comes from one exponential drawn at the start), so that a band more
changes nothing for the others. The order within a month: recruits and losses of bands that exist, then events in their
order, then the slow stocks; all of it on strengths and foreigners of the month's start.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.bands import BandInputs, Standing, at_risk, lines_now, move_slow, room_left
from afterfall.engine.hazards import leave_probability
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Ints
from afterfall.engine.quantiles import binomial_quantile, poisson_quantile

RECRUITS, LOST, PASSED, NEWCOMERS = range(4)


@jit
def recruits_expected(company: BandInputs, standing: Standing, line: np.ndarray, k: int) -> float:
    """People whom band k can expect to recruit in a month with the given lines."""
    bands = company.bands
    room = room_left(standing.strength[k], math.exp(line[bands.capacity[k]]))
    recruiters = standing.locals[k] + company.veteran[k] * standing.foreigners[k]
    return float(math.exp(line[bands.growth[k]]) * company.effect[k] * recruiters * room)


@jit
def step_bands(company: BandInputs, standing: Standing, t: int, luck: np.uint64) -> None:
    """Bring the bands through month t, whole people; `luck` is the month's subkey."""
    bands, line = company.bands, lines_now(company, standing, t)
    was_alive = standing.alive.copy()
    for k in range(bands.key.size):
        if was_alive[k]:
            joined = poisson_quantile(
                uniform(luck, bands.key[k], 0, RECRUITS), recruits_expected(company, standing, line, k)
            )
            leave = leave_probability(math.exp(line[bands.loss[k]]))
            lost = binomial_quantile(uniform(luck, bands.key[k], 0, LOST), standing.locals[k], leave)
            standing.locals[k] += joined - lost
    for x in range(bands.event_key.size):
        if at_risk(company, standing, was_alive, x, t):
            if bands.event_month[x] < 0:
                standing.left[x] -= math.exp(line[bands.event_line[x]])
            if standing.left[x] <= 0.0 if bands.event_month[x] < 0 else bands.event_month[x] == t:
                standing.fired[x] = t
                _happen(company, standing, x, luck)
    move_slow(company, standing, t)


@jit
def _happen(company: BandInputs, standing: Standing, x: int, luck: np.uint64) -> None:
    """What an event does when it fires: locals pass over, newcomers join, a band exists from then on."""
    bands = company.bands
    giver, taker = bands.event_from[x], bands.event_to[x]
    if taker < 0:
        return
    standing.alive[taker] = 1
    if giver >= 0:
        passed = binomial_quantile(
            uniform(luck, bands.event_key[x], 0, PASSED), standing.locals[giver], company.share[x]
        )
        standing.locals[giver] -= passed
        standing.locals[taker] += passed
    standing.locals[taker] += poisson_quantile(uniform(luck, bands.event_key[x], 0, NEWCOMERS), company.cadre[x])


@jit
def expect_bands(company: BandInputs, standing: Standing, t: int, given: Ints) -> None:
    """Bring the bands through month t, expected people; ``given[X]`` are the months in which events fire."""
    bands, line = company.bands, lines_now(company, standing, t)
    was_alive = standing.alive.copy()
    for k in range(bands.key.size):
        if was_alive[k]:
            leave = leave_probability(math.exp(line[bands.loss[k]]))
            standing.locals[k] += recruits_expected(company, standing, line, k) - standing.locals[k] * leave
    for x in range(bands.event_key.size):
        if given[x] == t:
            giver, taker = bands.event_from[x], bands.event_to[x]
            standing.fired[x] = t
            if taker >= 0:
                standing.alive[taker] = 1
                passed = company.share[x] * standing.locals[giver] if giver >= 0 else 0.0
                if giver >= 0:
                    standing.locals[giver] -= passed
                standing.locals[taker] += passed + company.cadre[x]
    move_slow(company, standing, t)
