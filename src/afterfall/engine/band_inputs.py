"""Bands with parameters and paths put in, and how they stand at the start: what a trajectory needs of `bands`.

The strength of a band at the start is drawn around what has been published of it, lognormal by the band's own key; its
locals are what is left of it when the ledger's foreigners are taken off, at least a given share.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine import keys
from afterfall.engine.bands import NO_BANDS, BandInputs, BandRecord, Bands, Standing, take_strength, take_sums
from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Ints, Longs
from afterfall.engine.quantiles import normal_quantile
from afterfall.engine.rate_factors import coefficient


def band_inputs(bands: Bands, theta: Floats, path: Floats, fired: Ints, seed: int, trajectory: int) -> BandInputs:
    """Put parameters ``theta[P]``, paths ``path[Z, T + 1]`` and the months in which tokens fired into bands.

    Returns
    -------
    Company
        What the executors take; it depends on the seed and the trajectory through the strengths at the start alone.
    """
    strength, luck = np.zeros(bands.key.size), keys.subkey(seed, trajectory, keys.BAND, 0)
    first_strength(bands, luck, strength)
    risk_from = np.array([1 if k < 0 else max(int(fired[k]) + 1, 1) for k in bands.event_token], dtype=np.int32)
    return BandInputs(
        bands=bands,
        line=line_logs(bands, theta, path),
        echo=weighted_coefficients(theta, bands.echo, bands.echo_weight),
        outside=weighted_coefficients(theta, bands.outside, bands.outside_weight),
        veteran=exponentials(theta, bands.veteran, 0.0),
        effect=effects(bands, theta, luck),
        strength=strength,
        share=np.array([theta[p] if p >= 0 else 0.0 for p in bands.event_share]),
        cadre=exponentials(theta, bands.event_cadre, -math.inf),
        risk_from=risk_from,
        keep=np.array([theta[p] for p in bands.slow_keep]),
        slow_share=np.array([theta[p] if p >= 0 else 0.0 for p in bands.slow_share]),
        slow_path=path_ratios(bands, path),
    )


def nobody(horizon: int) -> BandInputs:
    """A company without bands."""
    return band_inputs(NO_BANDS, np.zeros(0), np.zeros((0, horizon + 1)), np.zeros(0, dtype=np.int32), 0, 0)


def path_ratios(bands: Bands, path: Floats) -> Floats:
    """The path of each slow stock over its value at the start ``[D, T + 1]``; one where it has none."""
    rows = [np.ones(path.shape[1]) if z < 0 else path[z] / path[z, 0] for z in bands.slow_path]
    return np.array(rows).reshape(len(rows), path.shape[1])


@jit
def first_strength(bands: Bands, subkey: np.uint64, strength: Floats) -> None:
    """Draw the strength of every band that exists at the start, whole people, into ``strength[K]``."""
    for k in range(strength.size):
        if bands.alive[k]:
            z = normal_quantile(uniform(subkey, bands.key[k], 0, 0))
            strength[k] = math.floor(math.exp(bands.strength_log[k] + bands.strength_sd[k] * z) + 0.5)


@jit
def effects(bands: Bands, theta: Floats, subkey: np.uint64) -> Floats:
    """Each band's own effect on its growth ``[K]``: lognormal of mean one, by its key."""
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
    """Weight times parameter of every row of echoes or of `outside` ``[N]``."""
    out = np.empty(weight.size)
    for i in range(out.size):
        out[i] = weight[i] * coefficient(theta, rows[i, 3], 1.0)
    return out


@jit
def exponentials(theta: Floats, parameter: Ints, otherwise: float) -> Floats:
    """``exp(theta[p])`` for each parameter, of `otherwise` where there is none."""
    out = np.empty(parameter.size)
    for i in range(out.size):
        out[i] = math.exp(coefficient(theta, parameter[i], otherwise))
    return out


@jit
def stand(company: BandInputs, n: Floats | Longs, locals_: Floats | Longs, seed: int, trajectory: int) -> Standing:
    """How the bands stand at the start among people ``n[C, S]``; `locals_` is room of the executor's kind, ``[K]``."""
    bands = company.bands
    n_bands, n_events, never = bands.key.size, bands.event_key.size, company.line.shape[1]
    standing = Standing(
        locals=locals_,
        foreigners=np.zeros(n_bands),
        strength=np.zeros(n_bands),
        alive=bands.alive.copy(),
        fired=np.full(n_events, never, dtype=np.int32),
        left=np.empty(n_events),
        slow=np.ones(bands.slow_keep.size),
        sums=np.zeros(bands.n_sums),
        first_locals=np.zeros(n_bands),
        first_strength=np.zeros(n_bands),
        first_sums=np.zeros(bands.n_sums),
    )
    take_sums(bands, n, standing.sums)
    for k in range(n_bands):
        if bands.alive[k]:
            least = math.floor(bands.least_local[k] * company.strength[k] + 0.5)
            locals_[k] = max(company.strength[k] - standing.sums[k], least)
    take_strength(standing)
    standing.first_locals[:] = locals_
    standing.first_strength[:] = standing.strength
    standing.first_sums[:] = standing.sums
    luck = keys.subkey(seed, trajectory, keys.BAND, 0)
    for x in range(n_events):
        standing.left[x] = -math.log1p(-uniform(luck, bands.event_key[x], 0, 0))
    return standing


def blank_record(bands: Bands, horizon: int) -> BandRecord:
    """Room for the roll of a trajectory."""
    shape = (horizon + 1, bands.key.size)
    return BandRecord(
        locals=np.zeros(shape, dtype=np.int64),
        foreigners=np.zeros(shape, dtype=np.int64),
        strength=np.zeros(shape, dtype=np.int64),
        fired=np.zeros(bands.event_key.size, dtype=np.int32),
        slow=np.ones((horizon + 1, bands.slow_keep.size)),
    )
