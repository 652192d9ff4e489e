"""Random shares of classes: Dirichlet within Dirichlet, with the weight of what was drawn, and people split by them.

The shares of `held_shares` are proposed with as many people more as counts are worth. Each draw returns the log of its
density without them over that with them. A term that is the same in both is not computed.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import GAMMA_SLOTS, gamma_draw, uniform
from afterfall.engine.program import Floats, Ints
from afterfall.engine.quantiles import binomial_quantile
from afterfall.model.observation.node_shares import SMALLEST_SHAPE

#: What the history's shares of the held are worth where values tell classes apart, in people.
HELD_WORTH = 1.0


@jit
def dirichlet(shape: Floats, more: Floats, subkey: np.uint64, key: np.uint64, slot: int, out: Floats) -> float:
    """Draw shares from the Dirichlet of ``shape + more`` into `out`; the log density under `shape` alone over that.

    Entries whose shape is zero stay zero.
    """
    ratio, total, both, alone = 0.0, 0.0, 0.0, 0.0
    for k in range(shape.size):
        out[k] = 0.0
        if shape[k] > 0.0:
            a, b = max(shape[k], SMALLEST_SHAPE), max(shape[k], SMALLEST_SHAPE) + more[k]
            out[k] = gamma_draw(subkey, key, slot + GAMMA_SLOTS * k, b) + 1e-12
            total, both, alone = total + out[k], both + b, alone + a
            if more[k] > 0.0:
                ratio += math.lgamma(b) - math.lgamma(a)
    for k in range(shape.size):
        if shape[k] > 0.0:
            out[k] /= total
            if more[k] > 0.0:
                ratio -= more[k] * math.log(out[k])
    return ratio + math.lgamma(alone) - math.lgamma(both) if both > alone else ratio


@jit
def nested(
    mean: Floats, alike: Ints, mixing: float, more: Floats, subkey: np.uint64, key: np.uint64, slot: int, out: Floats
) -> float:
    """Draw shares of classes into `out`, with `more` people in the proposal; the log of the prior over that.

    Classes with one number in `alike` (the first of them) are a block. Blocks have the worth `HELD_WORTH`, and within a
    block the classes have the part of `mixing` that their `mean` has.
    """
    n = mean.size
    shape, whole, own, blocks, part = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for k in range(n):
        shape[alike[k]] += HELD_WORTH * mean[k]
        whole[alike[k]] += more[k]
    ratio = dirichlet(shape, whole, subkey, key, slot, blocks)
    for first in range(n):
        if blocks[first] > 0.0:
            members = 0
            for k in range(n):
                own[k] = mixing * mean[k] if alike[k] == first else 0.0
                members += int(own[k] > 0.0)
            if members < 2:  # all of the block are in one class
                for k in range(n):
                    out[k] = blocks[first] if own[k] > 0.0 else 0.0 if alike[k] == first else out[k]
                continue
            ratio += dirichlet(own, more, subkey, key, slot + GAMMA_SLOTS * n, part)
            for k in range(n):
                out[k] = blocks[first] * part[k] if alike[k] == first else out[k]
    return ratio


@jit
def moved(shares: Floats, by: Floats, mean: Floats, out: Floats) -> None:
    """Shares whose odds are moved as those of a mean are."""
    for k in range(shares.size):
        out[k] = shares[k] * by[k] / mean[k] if mean[k] > 0.0 else 0.0
    out /= max(out.sum(), 1e-300)


@jit
def multinomial(people: int, p: Floats, subkey: np.uint64, key: np.uint64, sweep: int, out: Floats) -> None:
    """Split people over classes by shares that sum to one; nobody where the share is zero."""
    last, left = 0, 1.0
    for k in range(p.size - 1, -1, -1):
        last = k if p[k] > 0.0 else last
    for k in range(p.size - 1, -1, -1):
        taken = people if k == last else 0
        if k != last and p[k] > 0.0 and people > 0:
            taken = binomial_quantile(uniform(subkey, key, sweep, k), people, min(1.0, p[k] / max(left, 1e-300)))
        left -= p[k]
        people -= taken
        out[k] = taken
