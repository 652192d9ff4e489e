"""The key of a fit: a hash of everything that a posterior depends on, and of nothing else.

It covers the fit program (its arrays, the names and priors of its parameters), the figures that enter the likelihood,
the records of past collapses, and the version of the likelihood. What acts only after the as-of date, or only after
people come home, is not in the fit program, so changing it leaves a posterior valid. Keys of random numbers are left
out, because a history draws none. A model under a policy, or with parameters held, has the key of the same case
without, since the past is fitted once.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files

import numpy as np

from afterfall.model import Model, build
from afterfall.model.compile.reduced_model import ReducedModel, reduced_model
from afterfall.model.observation.fit_data import fit_figures, steady

#: Must be raised with every change of the likelihood, of its constants, of the pool of past collapses, of how the
#: engine computes a history, or of how chains are run.
FIT_VERSION = 7
DIGITS = 16
#: Past collapses that mortality is pooled with.
PAST = "infer/data/past_collapses.csv"
#: Fields that change no fit: keys of random numbers, and what a fit program has none of.
LEFT_OUT = frozenset(
    {"cell_key", "inflow_key", "path_key", "token_key", "inflow_per", "inflow_father", "parent", "father"}
    | {"pass_to", "pass_half", "pass_rate", "pass_state"}
)


def fit_key(model: Model) -> str:
    """Key of the fit of a model: 16 hexadecimal digits."""
    plain = build(model.case, horizon=1) if model.policy else model
    program = reduced_model(plain)
    digest = hashlib.sha256(f"fit {FIT_VERSION}:{model.case.as_of}".encode())
    digest.update(_declared(program).encode())
    for name, value in program.program._asdict().items():
        if name not in LEFT_OUT:
            array = steady(np.asarray(value))
            digest.update(f"{name}:{array.dtype.str}:{array.shape}:".encode() + array.tobytes())
    digest.update(fit_figures(model.view).digest.encode())
    digest.update(files("afterfall").joinpath(PAST).read_bytes())
    return digest.hexdigest()[:DIGITS]


def _declared(program: ReducedModel) -> str:
    """States, parameters and priors of a fit program as text."""
    priors = [(k.name, k.parameter.scale, k.low, k.high) for k in program.known]
    return repr(
        ([s.name for s in program.states], program.names, priors, sorted(program.spreads.items()), program.noises)
    )
