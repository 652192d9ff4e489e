"""Keys of random draws: names become 64-bit numbers; a trajectory, a purpose and a month select a family of draws.

Random draws follow names, not positions. `name_key` hashes a name once, when a program is built. `subkey` turns (seed,
trajectory, purpose, month) into 64 bits with Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1,
2, 3", doi:10.1145/2063384.2063405). It is called a few times a month; `keyed_uniforms.uniform` then costs a few shifts
per draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from afterfall.engine.jit import inlined, lean
from afterfall.engine.program import Keys

# Purposes of random draws: draws of different purposes never share a subkey.
PARAMETER = 1  #: parameters, keyed by the parameter's name
START = 2  #: the initial state
PATH = 3  #: noise on shared paths
DATED_EVENT = 4  #: dated events
MONTH = 5  #: moves along edges
INFLOW = 6  #: arrivals from outside
EVENT = 7  #: what is drawn after a run
BAND = 8  #: bands and their events
PASSING = 9  #: passing from cohort to cohort

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ONE = np.uint64(1)


def name_key(name: str) -> np.uint64:
    """The 64-bit key of a name (blake2b, little-endian); equal on every platform and in every version."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def cell_keys(names: Sequence[Sequence[str]]) -> Keys:
    """Keys ``[C, S]`` of the names of cells, one row per cohort.

    Raises
    ------
    ValueError
        When two cells share a name, or two names share a key: they would share their random draws.
    """
    flat = [name for row in names for name in row]
    keys = np.array([[name_key(name) for name in row] for row in names], dtype=np.uint64)
    if len(np.unique(keys)) < len(flat):
        repeated = sorted({name for name in flat if flat.count(name) > 1})
        raise ValueError(f"cells must have unique names; repeated: {', '.join(repeated) or 'a hash of two names'}")
    return keys


@inlined
def _high_product(a: np.uint64, b: np.uint64) -> np.uint64:
    """The upper 64 bits of the 128-bit product of two unsigned numbers."""
    a_low, a_high = a & _LOW, a >> _HALF
    b_low, b_high = b & _LOW, b >> _HALF
    middle = a_high * b_low + ((a_low * b_low) >> _HALF)
    other = a_low * b_high + (middle & _LOW)
    return a_high * b_high + (middle >> _HALF) + (other >> _HALF)


@lean
def philox(
    counter: tuple[np.uint64, np.uint64, np.uint64, np.uint64], key: tuple[np.uint64, np.uint64]
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x64 with ten rounds: four random words for a counter of four words and a key of two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high_0, low_0 = _high_product(_MULTIPLIER_0, c0), _MULTIPLIER_0 * c0
        high_1, low_1 = _high_product(_MULTIPLIER_1, c2), _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = high_1 ^ c1 ^ k0, low_1, high_0 ^ c3 ^ k1, low_0
        k0, k1 = k0 + _WEYL_0, k1 + _WEYL_1
    return c0, c1, c2, c3


@lean
def subkey(seed: int, trajectory: int, purpose: int, month: int) -> np.uint64:
    """The 63 bits (an int in Python) from which all draws of one purpose, month and trajectory start."""
    counter = (np.uint64(trajectory), np.uint64(purpose), np.uint64(month), np.uint64(0))
    return philox(counter, (np.uint64(seed), np.uint64(0)))[0] >> _ONE
