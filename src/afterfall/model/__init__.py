"""All the science: vocabulary, mechanisms, priors, and the lowering of a case to an engine program."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.engine.program import Longs
from afterfall.model.compile.build import MODEL_VERSION, Model, build
from afterfall.model.compile.past_noise import past_noises
from afterfall.model.compile.policy_lowering import under_policy
from afterfall.model.compile.prior_draws import draw_prior
from afterfall.model.compile.quantities import known_later
from afterfall.model.language.parameters import Draws, Known
from afterfall.model.language.vocabulary import Cohort, Parameter, Quantity, State, Transition
from afterfall.model.observation.nowcast import draw_nowcast


def sample(model: Model, *, trajectories: int | Sequence[int], seed: int) -> Draws:
    """Draw parameters from the prior, one row per trajectory.

    Parameters
    ----------
    model
        A built model.
    trajectories
        How many, or which: row i depends only on the seed and on the i-th index.
    seed
        Any integer from 0 to 2**64 - 1.
    """
    which = range(trajectories) if isinstance(trajectories, int) else trajectories
    spreads = model.structure.region_effects(model.view.regions)
    noises = past_noises(model.structure, model.view.history_months)
    joint = model.joint
    return draw_prior(model.parameters, model.parameter_names, list(which), seed, spreads, noises, joint)


def nowcast(model: Model, draws: Draws, *, seed: int, trajectories: Sequence[int]) -> tuple[Longs, Longs]:
    """Draw the state of every origin at the as-of date, one draw per trajectory.

    Parameters
    ----------
    model
        A built model.
    draws
        Parameter draws, one row per trajectory.
    seed, trajectories
        Row i of the result depends on the seed, ``trajectories[i]`` and row i of the draws alone.

    Returns
    -------
    start, counters
        People by cohort and state, int64 ``(n, C, S)``, and counters by quantity and origin, int64 ``(n, Q, O)``.
    """
    key = model.program.cell_key
    return draw_nowcast(model.nowcaster, model.history, key, draws, seed=seed, trajectories=trajectories)


__all__ = [
    "MODEL_VERSION",
    "Cohort",
    "Draws",
    "Known",
    "Model",
    "Parameter",
    "Quantity",
    "State",
    "Transition",
    "build",
    "known_later",
    "nowcast",
    "sample",
    "under_policy",
]
