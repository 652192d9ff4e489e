"""Which parameters act after the as-of date: those that the arrays of the forward program and of its bands refer to.

All others say how figures are read, how the past went, how effects spread between origins (which are drawn by then), or
what follows from people at home (attacks, violence). To vary them from the as-of date on would change nobody's path.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from afterfall.engine.program import EFFECT, LOG_OFFSET, NOISE, Ints
from afterfall.model import Model
from afterfall.model.compile.policy_lowering import IN_BANDS, IN_PROGRAM, OF_BANDS, OF_PROGRAM


def parameters_ahead(model: Model) -> frozenset[str]:
    """Names of the declared parameters of a model that act after the as-of date."""
    used = {int(i) for array in _indices(model) for i in np.unique(array) if i >= 0}
    declared = {known.name for known in model.parameters}
    return frozenset(model.parameter_names[i] for i in used) & declared


def _indices(model: Model) -> Iterator[Ints]:
    """Arrays of indices of parameters."""
    program, bands = model.program, model.bands
    yield from (getattr(program, name) for name in OF_PROGRAM)
    yield from (getattr(program, name)[:, column] for name, column in IN_PROGRAM.items())
    yield program.term[program.term[:, 1] == EFFECT, 2]
    yield program.path_arg[np.isin(program.path_kind, (NOISE,)), 0]
    yield program.path_arg[np.isin(program.path_kind, (NOISE, LOG_OFFSET)), 1]
    yield from (getattr(bands, name) for name in OF_BANDS)
    yield from (getattr(bands, name)[:, column] for name, column in IN_BANDS.items())
