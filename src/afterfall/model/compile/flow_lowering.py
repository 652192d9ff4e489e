"""Lowering of what no transition moves: arrivals from outside, births, and passing from role to role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from afterfall.engine.keys import name_key
from afterfall.engine.program import Flags, Ints
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import FATHERS, MOTHERS, Cohort, Inflow


def flows(
    structure: Structure, cohorts: Sequence[Cohort], state: Mapping[str, int], rate: Mapping[str, int], *, past: bool
) -> dict[str, object]:
    """The fields of a `Program` on inflows and passing, given positions of states and rows of rates by name."""
    inflows = structure.inflows
    return {
        "inflow_state": indices(state[i.state] for i in inflows),
        "inflow_rate": indices(rate[i.rate.name] for i in inflows),
        "inflow_open": flags([[_is_open(i, c, past) for c in cohorts] for i in inflows], len(cohorts)),
        "inflow_key": np.array([name_key(f"inflow/{i.rate.name}") for i in inflows], dtype=np.uint64),
        "inflow_per": flags([[s.name in i.per for s in structure.states] for i in inflows], len(state)),
        "inflow_father": np.array([i.by_fathers for i in inflows], dtype=np.uint8),
        "parent": _others(cohorts, {"born": MOTHERS}),
        "father": _others(cohorts, {"born": FATHERS}),
        **_passing(structure, cohorts, rate),
    }


def _is_open(inflow: Inflow, cohort: Cohort, past: bool) -> bool:
    """Whether a cohort has an inflow: in the history all origins have one that exists there."""
    if cohort.role not in inflow.roles:
        return False
    return inflow.past if past else inflow.origins is None or cohort.origin in inflow.origins


def _passing(structure: Structure, cohorts: Sequence[Cohort], rate: Mapping[str, int]) -> dict[str, object]:
    states = structure.states
    if not structure.passings:
        nobody, nowhere = _others(cohorts, {}), np.zeros(len(states), dtype=np.uint8)
        return {"pass_to": nobody, "pass_half": nobody, "pass_rate": -1, "pass_state": nowhere}
    (passing,) = structure.passings
    return {
        "pass_to": _others(cohorts, {passing.role: passing.into[0]}),
        "pass_half": _others(cohorts, {passing.role: passing.into[1]} if len(passing.into) > 1 else {}),
        "pass_rate": rate[passing.rate.name],
        "pass_state": np.array([s.stage in passing.stages for s in states], dtype=np.uint8),
    }


def _others(cohorts: Sequence[Cohort], role: Mapping[str, str]) -> Ints:
    """For each cohort, that of the same origin whose role `role` names for its own; -1 where there is none."""
    position = {(c.origin, str(c.role)): i for i, c in enumerate(cohorts)}
    return indices(position.get((c.origin, role.get(c.role, "")), -1) for c in cohorts)


def indices(values: Iterable[int]) -> Ints:
    """Numbers as the engine takes them."""
    return np.fromiter(values, dtype=np.int32)


def flags(rows: Sequence[Sequence[bool]], width: int) -> Flags:
    """A table of flags ``[rows, width]``, also of no rows."""
    return np.array(rows, dtype=np.uint8).reshape(len(rows), width)
