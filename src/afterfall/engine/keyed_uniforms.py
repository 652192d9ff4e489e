"""Keyed uniforms: each uniform is a pure function of what it is used for, so that two scenarios share random numbers.

``u = ((h >> 11) + 0.5) * 2**-53`` with h a hash of (subkey, cell key, sweep, slot). The subkey holds seed, trajectory,
purpose and month (`keys.subkey`); the cell key holds the names of the cell. The hash is that of the splitmix64
generator: subkey and cell key select a stream, sweep and slot the position in it. Both steps end with the mixer of
Stafford (variant 13; Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit, lean
from afterfall.engine.keys import subkey
from afterfall.engine.program import Floats, Keys
from afterfall.engine.quantiles import BELOW_ONE, normal_quantile

#: Slots that one gamma draw may use: two draws of one cell need first slots at least this far apart.
GAMMA_SLOTS = 32

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_30, _27, _31, _32, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32), np.uint64(11)
_ONE = np.uint64(1)


@lean
def mixed(x: np.uint64) -> np.uint64:
    """64 bits, each of which depends on every bit of `x` (the finaliser of splitmix64, a bijection)."""
    x = (x ^ (x >> _30)) * _MIX_1
    x = (x ^ (x >> _27)) * _MIX_2
    return x ^ (x >> _31)


@lean
def joined(one: np.uint64, other: np.uint64) -> np.uint64:
    """The key of a pair of keys; the order matters."""
    return mixed(mixed(one) + other)


@lean
def stream(subkey: np.uint64, cell_key: np.uint64) -> np.uint64:
    """The start of the stream of one cell in one month."""
    return mixed(np.uint64(subkey) + cell_key)


@lean
def uniform_at(start: np.uint64, sweep: int, slot: int | np.uint64) -> float:
    """The uniform of (sweep, slot) in a cell's stream, strictly between 0 and 1."""
    place = (np.uint64(sweep) << _32) + np.uint64(slot) + _ONE
    h = mixed(start + place * _GOLDEN)
    # The largest value would round up to 1.
    return min((np.float64(h >> _11) + 0.5) * 2.0**-53, BELOW_ONE)


@lean
def uniform(subkey: np.uint64, cell_key: np.uint64, sweep: int, slot: int) -> float:
    """The uniform of (cell, sweep, slot) within a subkey, strictly between 0 and 1."""
    return uniform_at(stream(subkey, cell_key), sweep, slot)


@jit
def uniforms_for(seed: int, trajectory: int, purpose: int, keys: Keys) -> Floats:
    """One uniform for each of `keys` (``[N]``), which depends on that key and not on the others."""
    start = subkey(seed, trajectory, purpose, 0)
    out = np.empty(keys.size)
    for i in range(keys.size):
        out[i] = uniform(start, keys[i], 0, 0)
    return out


@lean
def gamma_draw(subkey: np.uint64, cell_key: np.uint64, slot: int, shape: float) -> float:
    """A gamma variate of scale one, from slots ``slot .. slot + GAMMA_SLOTS - 1`` of sweep 0.

    Marsaglia and Tsang (2000), doi:10.1145/358407.358414. A cubed normal is accepted with probability above 0.95, so
    all fifteen attempts that fit fail less than once in 10^19 draws; the mode is then returned. For a shape below one,
    the draw for ``shape + 1`` is multiplied by ``u ** (1 / shape)``.
    """
    start = stream(subkey, cell_key)
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    boost = 1.0 if shape >= 1.0 else math.exp(math.log(uniform_at(start, 0, slot)) / shape)
    for attempt in range(1, GAMMA_SLOTS // 2):
        x = normal_quantile(uniform_at(start, 0, slot + 2 * attempt))
        v = (1.0 + x / math.sqrt(9.0 * d)) ** 3
        if v > 0.0:
            u = uniform_at(start, 0, slot + 2 * attempt + 1)
            if math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
                return d * v * boost
    return d * boost
