"""All the science: vocabulary, mechanisms, priors, and the lowering of a case to an engine program."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.model.build import MODEL_VERSION, Model, build
from afterfall.model.nowcasting import nowcast
from afterfall.model.parameters import Draws, Known, draw_prior
from afterfall.model.past_noise import past_noises
from afterfall.model.vocabulary import Cohort, Parameter, Quantity, State, Transition


def sample(model: Model, *, trajectories: int | Sequence[int], seed: int) -> Draws:
    """Draw parameters from the prior, one row a trajectory.

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
    spreads = model.structure.region_effects(model.scene.regions)
    noises = past_noises(model.structure, model.scene.history_months)
    return draw_prior(model.parameters, model.parameter_names, list(which), seed, spreads, noises)


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
    "nowcast",
    "sample",
]
