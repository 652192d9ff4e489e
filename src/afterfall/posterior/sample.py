"""Parameter draws for trajectories: fitted parameters jointly from a posterior, all others from their priors.

Trajectory i takes row ``(i * stride + shift) mod n``. The stride is close to the golden section of n and has no factor
in common with it, so any range of trajectories spreads evenly over the posterior, and the row depends only on the seed
and i. Other parameters have the draws they would have without a posterior. A parameter that the model holds at one
value keeps it, and so do effects whose standard deviation is held; all others keep their fitted values. Rows of a
posterior that are draws of the priors (`infer.stacking`) are marked as not fitted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from afterfall.engine.keyed_uniforms import uniforms_for
from afterfall.engine.keys import PARAMETER, name_key
from afterfall.model import Draws, Model, sample
from afterfall.model.compile.past_noise import past_noises
from afterfall.model.compile.prior_draws import draw_prior
from afterfall.model.observation.custody.repatriation_record import by_record
from afterfall.posterior.posterior_file import Posterior

Flags = npt.NDArray[np.bool_]
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
ROW = "posterior/row"
#: Relative error that all counts share beyond that of their sources.
DISCREPANCY = "fit.discrepancy"


def draw(model: Model, posterior: Posterior | None, *, trajectories: Sequence[int], seed: int) -> Draws:
    """Parameter draws, one row for each trajectory: from the posterior if given, else from the priors.

    Where custody events are recorded, effects of origins on repatriation follow their record (`repatriation_record`).
    """
    draws = sample(model, trajectories=trajectories, seed=seed)
    if posterior is not None:
        draws = _fitted(model, posterior, draws, _rows(posterior, draws, seed))
    return by_record(model.view, draws)


def in_component(model: Model, posterior: Posterior, draws: Draws, fitted: Flags, seed: int) -> Draws:
    """Draws of `draw` of which each is of the component asked for: the fit's, or the priors'.

    Parameters
    ----------
    model, posterior, seed
        Those that the draws were made with.
    draws
        Draws of n trajectories. Those of the component asked for stay.
    fitted
        Whether each is to be the fit's ``[n]``.

    Raises
    ------
    ValueError
        If the posterior has no draw of a component asked for.
    """
    rows = np.array(_rows(posterior, draws, seed))
    for which in (False, True):
        other = np.flatnonzero((fitted == which) & (posterior.fitted[rows] != which))
        if len(other):
            own = np.flatnonzero(posterior.fitted == which)
            if not len(own):
                raise ValueError(f"no draw of the posterior is of {'the fit' if which else 'the priors'}")
            rows[other] = own[rows_of(len(own), [draws.trajectories[i] for i in other], seed)]
    return _fitted(model, posterior, draws, rows.tolist())


def components(posterior: Posterior, trajectories: Sequence[int], seed: int) -> Flags:
    """Whether the row that each trajectory takes is the fit's ``[n]``."""
    return posterior.fitted[rows_of(len(posterior.values), trajectories, seed)]


def draw_named(
    model: Model, posterior: Posterior | None, names: Sequence[str], *, trajectories: Sequence[int], seed: int
) -> Draws:
    """The same draws of some named parameters alone, in the order of the model: much cheaper than all of them."""
    known = [k for k in model.parameters if k.name in names]
    effects = [name for name in model.organisation_set.effects if name in names]
    joint = model.joint
    prior = draw_prior(known, [*(k.name for k in known), *effects], trajectories, seed, joint=joint)
    return prior if posterior is None else _fitted(model, posterior, prior, _rows(posterior, prior, seed))


def _rows(posterior: Posterior, draws: Draws, seed: int) -> list[int]:
    return rows_of(len(posterior.values), draws.trajectories, seed)


def _fitted(model: Model, posterior: Posterior, prior: Draws, rows: list[int]) -> Draws:
    """Draws from priors with the fitted parameters replaced by those of these rows of the posterior."""
    values, column = prior.values.copy(), {name: i for i, name in enumerate(prior.names)}
    held = {k.name for k in model.parameters if k.low == k.high}
    effects = dict(model.structure.region_effects(model.view.regions))
    noises = past_noises(model.structure, model.view.history_months)
    effects |= {half_year: noise.sd for noise in noises for half_year in noise.names}
    held |= {effect for effect, sd in effects.items() if sd in held}
    for j, name in enumerate(posterior.names):
        if name in column and name not in held:
            values[:, column[name]] = posterior.values[rows, j].astype(float)
    error = posterior.values[rows, posterior.names.index(DISCREPANCY)].astype(float)
    return replace(prior, values=values, discrepancy=error, fitted=posterior.fitted[rows])


def rows_of(n: int, trajectories: Sequence[int], seed: int) -> list[int]:
    """Rows of a posterior of n draws that trajectories take."""
    stride = max(1, round(GOLDEN * n))
    while math.gcd(stride, n) != 1:
        stride += 1
    keys = np.array([name_key(ROW)], dtype=np.uint64)
    shift = int(uniforms_for(seed, 0, PARAMETER, keys)[0] * n)
    return [(int(t) * stride + shift) % n for t in trajectories]
