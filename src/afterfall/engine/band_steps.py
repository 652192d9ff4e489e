"""One month of the bands in both executors: whole people with keyed uniforms, and expected people with given events.

In the counts each band draws two uniforms a month with its own key (gains, losses). Each event draws two when it fires
(members who move, newcomers); its time comes from one exponential drawn at the start. Adding a band therefore changes
nothing for the others. The order within a month is: gains and losses of the bands that exist, then events in their
order, then the slow stocks. All of them use strengths and attached people at the start of the month.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.bands import BandInputs, BandState, at_risk, event_hazard, move_slow, room_left, set_lines
from afterfall.engine.hazards import leave_probability
from afterfall.engine.jit import inlined, lean
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Ints
from afterfall.engine.quantiles import binomial_quantile, poisson_quantile

GAINED, LOST, PASSED, NEWCOMERS = range(4)


@inlined
def expected_gains(inputs: BandInputs, band_state: BandState, k: int) -> float:
    """Members whom band k is expected to gain in a month."""
    bands, line = inputs.bands, band_state.line
    room = room_left(band_state.strength[k], math.exp(line[bands.capacity[k]]))
    gaining = band_state.own[k] + inputs.attached_weight[k] * band_state.attached[k]
    return float(math.exp(line[bands.growth[k]]) * inputs.effect[k] * gaining * room)


@lean
def step_bands(inputs: BandInputs, band_state: BandState, t: int, subkey: np.uint64) -> None:
    """Advance the bands through month t in whole people; `subkey` is that of the month."""
    set_lines(inputs, band_state, t)
    bands, line, was_alive = inputs.bands, band_state.line, band_state.was_alive
    for k in range(bands.key.size):
        was_alive[k] = band_state.alive[k]
        if was_alive[k]:
            joined = poisson_quantile(uniform(subkey, bands.key[k], 0, GAINED), expected_gains(inputs, band_state, k))
            leave = leave_probability(math.exp(line[bands.loss[k]]))
            lost = binomial_quantile(uniform(subkey, bands.key[k], 0, LOST), int(band_state.own[k]), leave)
            band_state.own[k] += joined - lost
    for x in range(bands.event_key.size):
        if at_risk(inputs, band_state, x, t):
            if bands.event_month[x] < 0:
                band_state.left[x] -= event_hazard(inputs, band_state, x, t)
            if band_state.left[x] <= 0.0 if bands.event_month[x] < 0 else bands.event_month[x] == t:
                band_state.fired[x] = t
                _fire_event(inputs, band_state, x, subkey)
    move_slow(inputs, band_state, t)


@inlined
def _fire_event(inputs: BandInputs, band_state: BandState, x: int, subkey: np.uint64) -> None:
    """Apply an event that fires: members move, newcomers join, the target exists; without a target the source ends."""
    bands = inputs.bands
    source_band, target_band = bands.event_from[x], bands.event_to[x]
    if target_band < 0:
        if source_band >= 0:
            _end(band_state, source_band)
        return
    ends = bands.event_ends.size > 0 and bands.event_ends[x] == 1
    if not ends:  # an absorption does not bring back a target that has ended
        band_state.alive[target_band] = 1
    if source_band >= 0:
        passed = binomial_quantile(
            uniform(subkey, bands.event_key[x], 0, PASSED), int(band_state.own[source_band]), inputs.share[x]
        )
        band_state.own[source_band] -= passed
        band_state.own[target_band] += passed
        if ends:
            _end(band_state, source_band)
    band_state.own[target_band] += poisson_quantile(
        uniform(subkey, bands.event_key[x], 0, NEWCOMERS), inputs.newcomers[x]
    )


@lean
def _end(band_state: BandState, k: int) -> None:
    """A band ends, and its own members with it."""
    band_state.own[k] = 0.0
    band_state.alive[k] = 0


@lean
def expect_bands(inputs: BandInputs, band_state: BandState, t: int, given: Ints) -> None:
    """Advance the bands through month t in expected people; ``given[X]`` are the months in which events fire."""
    set_lines(inputs, band_state, t)
    bands, line, was_alive = inputs.bands, band_state.line, band_state.was_alive
    for k in range(bands.key.size):
        was_alive[k] = band_state.alive[k]
        if was_alive[k]:
            leave = leave_probability(math.exp(line[bands.loss[k]]))
            band_state.own[k] += expected_gains(inputs, band_state, k) - band_state.own[k] * leave
    for x in range(bands.event_key.size):
        if given[x] == t:
            source_band, target_band = bands.event_from[x], bands.event_to[x]
            band_state.fired[x] = t
            if target_band >= 0:
                ends = bands.event_ends.size > 0 and bands.event_ends[x] == 1
                if not ends:
                    band_state.alive[target_band] = 1
                passed = inputs.share[x] * band_state.own[source_band] if source_band >= 0 else 0.0
                if source_band >= 0:
                    band_state.own[source_band] -= passed
                band_state.own[target_band] += passed + inputs.newcomers[x]
                if source_band >= 0 and ends:
                    _end(band_state, source_band)
            elif source_band >= 0:
                _end(band_state, source_band)
    move_slow(inputs, band_state, t)
