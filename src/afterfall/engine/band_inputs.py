"""What one trajectory needs of `bands`: the bands with parameters and paths filled in, and their state at the start.

The strength of a band at the start is lognormal, drawn with the band's own key. Its own members are that strength less
the attached people of the ledger, but at least a given share of it.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine import keys
from afterfall.engine.bands import NO_BANDS, BandInputs, BandRecord, Bands, BandState, take_strength, take_sums
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Ints, Longs
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
    first_strength(bands, subkey, strength)
    risk_from = np.array([1 if k < 0 else max(int(fired[k]) + 1, 1) for k in bands.event_after], dtype=np.int32)
    return BandInputs(
        bands=bands,
        line=line_logs(bands, theta, path),
        echo=weighted_coefficients(theta, bands.echo, bands.echo_weight),
        outside=weighted_coefficients(theta, bands.outside, bands.outside_weight),
        attached_weight=exponentials(theta, bands.attached_weight, 0.0),
        effect=effects(bands, theta, subkey),
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


@jit
def first_strength(bands: Bands, subkey: np.uint64, strength: Floats) -> None:
    """Draw the strength of every band that exists at the start, in whole people, into ``strength[K]``."""
    for k in range(strength.size):
        if bands.alive[k]:
            z = normal_quantile(uniform(subkey, bands.key[k], 0, 0))
            strength[k] = math.floor(math.exp(bands.strength_log[k] + bands.strength_sd[k] * z) + 0.5)


@jit
def effects(bands: Bands, theta: Floats, subkey: np.uint64) -> Floats:
    """Each band's own effect on its growth ``[K]``: lognormal with mean one, drawn with the band's key."""
    out = np.empty(bands.key.size)
    for k in range(out.size):
        sd = coefficient(theta, bands.spread[k], 0.0)
        out[k] = math.exp(sd * normal_quantile(uniform(subkey, bands.key[k], 0, 1)) - 0.5 * sd * sd)
    return out


@jit
def line_logs(bands: Bands, theta: Floats, path: Floats) -> Floats:
    """Logs of the lines without echoes ``[J, T + 1]``."""
    out = np.zeros((bands.n_lines, path.shape[1]))
    term = bands.line_term
    for i in range(term.shape[0]):
        scale = bands.line_weight[i] * coefficient(theta, term[i, 2], 1.0)
        for t in range(path.shape[1]):
            out[term[i, 0], t] += scale * path[term[i, 1], t] if term[i, 1] >= 0 else scale
    return out


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


@jit
def initial_band_state(
    inputs: BandInputs, n: Floats | Longs, own: Floats | Longs, seed: int, trajectory: int
) -> BandState:
    """The state of the bands at the start, given people ``n[C, S]``; `own` is an empty array of the executor's type."""
    bands = inputs.bands
    n_bands, n_events, never = bands.key.size, bands.event_key.size, inputs.line.shape[1]
    band_state = BandState(
        own=own,
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
    )
    take_sums(bands, n, band_state.sums)
    for k in range(n_bands):
        if bands.alive[k]:
            least = math.floor(bands.least_own[k] * inputs.strength[k] + 0.5)
            own[k] = max(inputs.strength[k] - band_state.sums[k], least)
    take_strength(band_state)
    band_state.first_own[:] = own
    band_state.first_strength[:] = band_state.strength
    band_state.first_sums[:] = band_state.sums
    subkey = keys.subkey(seed, trajectory, keys.BAND, 0)
    for x in range(n_events):
        band_state.left[x] = -math.log1p(-uniform(subkey, bands.event_key[x], 0, 0))
    return band_state


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
