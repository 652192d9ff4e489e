"""What one trajectory needs of `bands`: the bands with parameters and paths filled in, and their state at the start.

The strength of a band at the start is lognormal, drawn with the band's own key. Its own members are that strength less
the attached people of the ledger, but at least a given share of it.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine import keys
from afterfall.engine.bands import NO_BANDS, BandInputs, BandRecord, Bands, BandState, take_strength, take_sums
from afterfall.engine.jit import jit, lean
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.rate_factors import coefficient


def band_inputs(bands: Bands, theta: Floats, path: Floats, fired: Ints, seed: int, trajectory: int) -> BandInputs:
    """Fill parameters ``theta[P]``, paths ``path[Z, T + 1]`` and the months ``fired[K]`` of dated events into bands.

    Returns
    -------
    BandInputs
        What the executors take. The seed and the trajectory enter through the strengths at the start and each band's
        own effect on growth.
    """
    strength, subkey = np.zeros(bands.key.size), keys.subkey(seed, trajectory, keys.BAND, 0)
    first_strength(bands.key, bands.alive, bands.strength_log, bands.strength_sd, subkey, strength)
    effect = np.empty(bands.key.size)
    effects(bands.key, bands.spread, theta, subkey, effect)
    risk_from = np.array([1 if k < 0 else max(int(fired[k]) + 1, 1) for k in bands.event_after], dtype=np.int32)
    return BandInputs(
        bands=bands,
        line=line_logs(bands, theta, path),
        echo=weighted_coefficients(theta, bands.echo, bands.echo_weight),
        outside=weighted_coefficients(theta, bands.outside, bands.outside_weight),
        attached_weight=exponentials(theta, bands.attached_weight, 0.0),
        effect=effect,
        strength=strength,
        share=np.array([theta[p] if p >= 0 else 0.0 for p in bands.event_share]),
        newcomers=exponentials(theta, bands.event_newcomers, -math.inf),
        risk_from=risk_from,
        keep=np.array([theta[p] for p in bands.slow_keep]),
        slow_share=np.array([theta[p] if p >= 0 else 0.0 for p in bands.slow_share]),
        slow_path=path_ratios(bands, path),
    )


def no_bands(horizon: int) -> BandInputs:
    """The inputs of a program without bands."""
    return band_inputs(NO_BANDS, np.zeros(0), np.zeros((0, horizon + 1)), np.zeros(0, dtype=np.int32), 0, 0)


def path_ratios(bands: Bands, path: Floats) -> Floats:
    """The path of each slow stock divided by its value at the start ``[D, T + 1]``; one where it has no path."""
    rows = [np.ones(path.shape[1]) if z < 0 else path[z] / path[z, 0] for z in bands.slow_path]
    return np.array(rows).reshape(len(rows), path.shape[1])


@lean
def first_strength(
    key: Keys, alive: Flags, strength_log: Floats, strength_sd: Floats, subkey: np.uint64, strength: Floats
) -> None:
    """Draw the strength of every band that exists at the start, in whole people, into ``strength[K]``."""
    for k in range(strength.size):
        if alive[k]:
            z = normal_quantile(uniform(subkey, key[k], 0, 0))
            strength[k] = math.floor(math.exp(strength_log[k] + strength_sd[k] * z) + 0.5)


@lean
def effects(key: Keys, spread: Ints, theta: Floats, subkey: np.uint64, out: Floats) -> None:
    """Each band's own effect on its growth ``[K]``: lognormal with mean one, drawn with the band's key."""
    for k in range(out.size):
        sd = coefficient(theta, spread[k], 0.0)
        out[k] = math.exp(sd * normal_quantile(uniform(subkey, key[k], 0, 1)) - 0.5 * sd * sd)


def line_logs(bands: Bands, theta: Floats, path: Floats) -> Floats:
    """Logs of the lines without echoes ``[J, T + 1]``."""
    out = np.zeros((bands.n_lines, path.shape[1]))
    _line_logs(bands.line_term, bands.line_weight, theta, path, out)
    return out


@lean
def _line_logs(term: Ints, weight: Floats, theta: Floats, path: Floats, out: Floats) -> None:
    for i in range(term.shape[0]):
        scale = weight[i] * coefficient(theta, term[i, 2], 1.0)
        for t in range(path.shape[1]):
            out[term[i, 0], t] += scale * path[term[i, 1], t] if term[i, 1] >= 0 else scale


@jit
def weighted_coefficients(theta: Floats, rows: Ints, weight: Floats) -> Floats:
    """Weight times parameter for every row of `echo` or of `outside` ``[N]``."""
    out = np.empty(weight.size)
    for i in range(out.size):
        out[i] = weight[i] * coefficient(theta, rows[i, 3], 1.0)
    return out


@jit
def exponentials(theta: Floats, parameter: Ints, otherwise: float) -> Floats:
    """``exp(theta[p])`` for each parameter, ``exp(otherwise)`` where there is none."""
    out = np.empty(parameter.size)
    for i in range(out.size):
        out[i] = math.exp(coefficient(theta, parameter[i], otherwise))
    return out


def blank_band_state(inputs: BandInputs, n_rates: int) -> BandState:
    """Arrays for the state of the bands, which `start_bands` sets."""
    bands = inputs.bands
    n_bands, n_events, never = bands.key.size, bands.event_key.size, inputs.line.shape[1]
    return BandState(
        own=np.zeros(n_bands),
        attached=np.zeros(n_bands),
        strength=np.zeros(n_bands),
        alive=bands.alive.copy(),
        fired=np.full(n_events, never, dtype=np.int32),
        left=np.empty(n_events),
        slow=np.ones(bands.slow_keep.size),
        sums=np.zeros(bands.n_sums),
        first_own=np.zeros(n_bands),
        first_strength=np.zeros(n_bands),
        first_sums=np.zeros(bands.n_sums),
        was_alive=bands.alive.copy(),
        line=np.empty(bands.n_lines),
        outside=np.zeros(n_rates),
    )


@lean
def start_bands(inputs: BandInputs, n: Floats | Longs, seed: int, trajectory: int, band_state: BandState) -> None:
    """Set the state of the bands at the start, given people ``n[C, S]``."""
    bands = inputs.bands
    take_sums(bands.reading, n, band_state.sums)
    for k in range(bands.key.size):
        if bands.alive[k]:
            least = math.floor(bands.least_own[k] * inputs.strength[k] + 0.5)
            band_state.own[k] = max(inputs.strength[k] - band_state.sums[k], least)
    take_strength(band_state)
    for k in range(bands.key.size):
        band_state.first_own[k] = band_state.own[k]
        band_state.first_strength[k] = band_state.strength[k]
    for m in range(band_state.sums.size):
        band_state.first_sums[m] = band_state.sums[m]
    subkey = keys.subkey(seed, trajectory, keys.BAND, 0)
    for x in range(bands.event_key.size):
        band_state.left[x] = -math.log1p(-uniform(subkey, bands.event_key[x], 0, 0))


def blank_record(bands: Bands, horizon: int) -> BandRecord:
    """An empty record of the bands of one trajectory."""
    shape = (horizon + 1, bands.key.size)
    return BandRecord(
        own=np.zeros(shape, dtype=np.int64),
        attached=np.zeros(shape, dtype=np.int64),
        strength=np.zeros(shape, dtype=np.int64),
        fired=np.zeros(bands.event_key.size, dtype=np.int32),
        slow=np.ones((horizon + 1, bands.slow_keep.size)),
    )
