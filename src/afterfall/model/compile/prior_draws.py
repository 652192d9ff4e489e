"""Draws from the priors of all parameters, one row a trajectory.

The draw of a parameter depends on the seed, the trajectory and the parameter's *name*, and on nothing else: adding a
parameter changes no other draw.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import PARAMETER, name_key
from afterfall.engine.program import Floats
from afterfall.engine.quantiles import normal_quantile
from afterfall.model.compile.past_noise import PastNoise, series
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.parameters import LOGS, Draws, Known, forward, inverse


def draw_prior(
    known: Sequence[Known],
    names: Sequence[str],
    trajectories: Sequence[int],
    seed: int,
    spreads: Mapping[str, str] | None = None,
    noises: Sequence[PastNoise] = (),
    joint: Sequence[JointDraws] = (),
) -> Draws:
    """Draws of all parameters for the given trajectories, including the standard normals of origin effects.

    Row i depends only on the seed, ``trajectories[i]`` and the names. `spreads` maps the name of an effect to that of
    its standard deviation, by which its standard normal is multiplied. The values of `noises` follow from their
    standard normals (see `past_noise`).
    """
    keys = np.array([name_key(n) for n in names], dtype=np.uint64)
    values = np.array([_each(normal_quantile, uniforms_for(seed, t, PARAMETER, keys)) for t in trajectories])
    values = values.reshape(len(trajectories), len(names))
    for column, one in enumerate(known):
        if one.low == one.high:
            values[:, column] = forward(one.parameter.scale, one.low) if one.parameter.scale in LOGS else one.low
            continue
        mean, sd = one.moments()
        values[:, column] = mean + sd * values[:, column]
        if one.parameter.scale == "positive":
            values[:, column] = _each(math.exp, values[:, column])
        elif one.parameter.scale == "share":
            values[:, column] = _each(lambda x: inverse("share", x), values[:, column])
    place = {name: i for i, name in enumerate(names)}
    for effect, spread in (spreads or {}).items():
        values[:, place[effect]] *= values[:, place[spread]]
    for noise in noises:
        columns = [place[name] for name in noise.names]
        of = series(list(values[:, columns].T), values[:, place[noise.sd]], values[:, place[noise.memory]], np.sqrt)
        values[:, columns] = np.stack(of, axis=1)
    own = {k.name for k in known if k.low == k.high or k.source is not None}
    for together in joint:
        columns = [i for i, name in enumerate(together.names) if name in place and name not in own]
        values[:, [place[together.names[i]] for i in columns]] = _rows(together, trajectories, seed)[:, columns]
    return Draws(tuple(names), values, tuple(int(t) for t in trajectories))


def _rows(together: JointDraws, trajectories: Sequence[int], seed: int) -> Floats:
    """The row that each trajectory takes ``(n, unknown)``."""
    key = np.array([name_key(f"joint/{together.name}")], dtype=np.uint64)
    chosen = [int(uniforms_for(seed, t, PARAMETER, key)[0] * len(together.rows)) for t in trajectories]
    return np.asarray(together.rows[chosen].reshape(len(chosen), len(together.names)))


def _each(function: Callable[[float], float], values: Floats) -> Floats:
    """Apply a scalar function of the standard library to each value: draws must not depend on vector instructions."""
    return np.array([function(float(v)) for v in values])
