"""A model under a policy, made from the model of the same case without one by redoing only what levers touch.

A policy adds ramps, terms on rates, wider capacities and the parameters of its effects (`levers.applying`). It moves no
state, edge, cohort, quantity, path or event. So the arrays of the model without a policy stay, with three changes:

- parameters keep their alphabetical order, so those after the new ones move up, and every column of the arrays that
  holds the index of a parameter follows them;
- a term is added to each rate on which a lever acts, after the rate's other terms, and to each such dated event;
- strata, the values of ramps, and capacities are those of the policy.

The history ends before any policy begins: there only the parameters move. `build` does the whole work; a test says that
both give the same model, bit for bit, for every lever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from afterfall.engine.bands import Bands
from afterfall.engine.program import EFFECT, EVENT_RAMP, LOG_OFFSET, NOISE, STRATUM, Ints, Program
from afterfall.model.compile.build import Model, policy_labels
from afterfall.model.compile.ramps import series, strata, widened
from afterfall.model.language.parameters import Known, held, resolve
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import OnRamp
from afterfall.model.levers.applying import informed, under
from afterfall.model.levers.policy import AS_NOW, Policy

#: Columns of tables of a `Program` that hold parameters, besides those that `_moved_program` names.
IN_PROGRAM = {"term": 3, "feedback": 2, "token_term": 3}
#: Arrays of a `Program` that hold nothing but parameters.
OF_PROGRAM = ("choice_retain", "capacity_parameter", "held_parameter", "taken_parameter")
#: The same of `Bands`.
IN_BANDS = {"line_term": 2, "echo": 3, "outside": 3}
OF_BANDS = ("attached_weight", "spread", "event_share", "event_newcomers", "slow_keep", "slow_share")


def under_policy(model: Model, policy: Policy = AS_NOW, *, fixed: Mapping[str, float] = MappingProxyType({})) -> Model:
    """The model that `build` gives for the same case, horizon and months under a policy, in a fraction of the time.

    Parameters
    ----------
    model
        A model without a policy and without fixed parameters.
    policy, fixed
        As for `build`.

    Raises
    ------
    ValueError
        If the model has a policy already, if a lever does not fit it, or if a fixed parameter is not one of it.
    """
    if model.policy:
        raise ValueError(f"expected a model without a policy, found one under {', '.join(model.policy)}")
    structure = under(policy, model.structure, model.view).active()
    known = held(informed(policy, _known(model, structure), model.case), fixed)
    names = (*(k.name for k in known), *model.parameter_names[len(model.parameters) :])
    column = {name: i for i, name in enumerate(names)}
    place = np.array([column[name] for name in model.parameter_names], dtype=np.int32)
    return replace(
        model,
        structure=structure,
        program=_under_ramps(_moved_program(model.program, place), model, structure, column),
        history=_moved_program(model.history, place),
        bands=_moved_bands(model.bands, place),
        parameters=known,
        parameter_names=names,
        policy=policy_labels(policy, fixed),
        plain=model,
        levers_set=policy,
        held_at=tuple(sorted(fixed.items())),
    )


def _known(model: Model, structure: Structure) -> tuple[Known, ...]:
    """The priors in force, in the order of the parameters: those of the model, and the defaults of what is new."""
    there = {k.name: k for k in model.parameters}
    added = tuple(p for p in structure.parameters if p.name not in there)
    there |= {k.name: k for k in resolve(model.case, added, {prior.parameter for prior in model.case.priors})}
    return tuple(there[p.name] for p in structure.parameters)


def _moved(indices: Ints, place: Ints) -> Ints:
    """Indices of parameters where these moved to ``place[P]``; -1 stays."""
    if not indices.size:
        return indices
    return np.where(indices >= 0, place[indices], indices).astype(np.int32)


def _in_column(table: Ints, column: int, place: Ints) -> Ints:
    """A table of which one column holds parameters."""
    out = table.copy()
    out[:, column] = _moved(table[:, column], place)
    return out


def _moved_program(program: Program, place: Ints) -> Program:
    """A program whose parameters moved to ``place[P]``."""
    changed = {name: _moved(getattr(program, name), place) for name in OF_PROGRAM}
    changed |= {name: _in_column(getattr(program, name), column, place) for name, column in IN_PROGRAM.items()}
    effect = program.term[:, 1] == EFFECT
    changed["term"][effect, 2] = _moved(program.term[effect, 2], place)
    changed["path_arg"] = _moved_path_args(program, place)
    return program._replace(**changed)  # type: ignore[arg-type]


def _moved_path_args(program: Program, place: Ints) -> Ints:
    """Arguments of paths: both of noise are parameters, and the second of an offset."""
    out = program.path_arg.copy()
    for column, kinds in enumerate(((NOISE,), (NOISE, LOG_OFFSET))):
        rows = np.isin(program.path_kind, kinds)
        out[rows, column] = _moved(out[rows, column], place)
    return out


def _moved_bands(bands: Bands, place: Ints) -> Bands:
    """Bands whose parameters moved to ``place[P]``."""
    changed = {name: _moved(getattr(bands, name), place) for name in OF_BANDS}
    changed |= {name: _in_column(getattr(bands, name), column, place) for name, column in IN_BANDS.items()}
    return bands._replace(**changed)  # type: ignore[arg-type]


def _under_ramps(program: Program, model: Model, structure: Structure, column: Mapping[str, int]) -> Program:
    """A program with the ramps of a structure: terms on rates, strata, values by month and wider capacities."""
    if not structure.ramps:
        return program
    ramps, horizon = structure.ramps, model.horizon
    return program._replace(
        stratum=strata(ramps, model.cohorts, past=False),
        x_time=series(ramps, model.cohorts, horizon, past=False),
        term=_with_ramps(program.term, structure, column),
        token_term=_events_with_ramps(program.token_term, structure, column),
        capacity=program.capacity * widened(structure, model.origins, horizon),
    )


def _with_ramps(term: Ints, structure: Structure, column: Mapping[str, int]) -> Ints:
    """Terms ``[N, 4]`` with those of ramps, which come last among the terms of their rate."""
    row = {ramp.name: f for f, ramp in enumerate(structure.ramps)}
    added: Sequence[tuple[int, int, int, int]] = [
        (r, STRATUM, row[one.ramp], column[one.parameter])
        for r, rate in enumerate(structure.rates)
        for one in rate.terms
        if isinstance(one, OnRamp)
    ]
    every = np.concatenate([term, np.array(added, dtype=np.int32).reshape(-1, 4)])
    return every[np.argsort(every[:, 0], kind="stable")]


def _events_with_ramps(term: Ints, structure: Structure, column: Mapping[str, int]) -> Ints:
    """Terms of dated events ``[N', 4]`` with those of ramps, which come last among the terms of their event."""
    row = {ramp.name: f for f, ramp in enumerate(structure.ramps)}
    added = [
        (k, EVENT_RAMP, row[ramp], column[parameter])
        for k, event in enumerate(structure.dated_events)
        for parameter, ramp in event.ramps
    ]
    every = np.concatenate([term, np.array(added, dtype=np.int32).reshape(-1, 4)])
    return every[np.argsort(every[:, 0], kind="stable")]
