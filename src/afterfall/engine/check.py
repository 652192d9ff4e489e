"""Checks of a program before it runs: the executors trust its arrays and would otherwise fail silently."""

from __future__ import annotations

import numpy as np

from afterfall.engine.program import (
    ADRIFT,
    EVENT_AFTER,
    EVENT_PATH,
    EVENT_RAMP,
    FIRED,
    HELD,
    LEFT,
    LOG_LOST,
    LOG_OFFSET,
    LOG_SHARE,
    LOSS,
    NOISE,
    SERIES,
    SHARE_LOST,
    TAKEN,
    Program,
)

#: Kinds of path row that read a HELD row, and all kinds that read an earlier row.
OF_HELD = (LOSS, SHARE_LOST, ADRIFT, LEFT, LOG_SHARE, LOG_LOST, TAKEN)
FOLLOWING = (*OF_HELD, LOG_OFFSET)


def check(program: Program) -> None:
    """Refuse a program that breaks its contract.

    Raises
    ------
    ValueError
        Listing every problem on a line of its own (only those of the edges when the edges do not add up).
    """
    problems = _edges(program) or [*_choices(program), *_paths(program), *_passing(program), *_indices(program)]
    if problems:
        raise ValueError("the program breaks its contract:\n" + "\n".join(f"- {p}" for p in problems))


def _edges(program: Program) -> list[str]:
    first, n_edges = program.first_edge, program.dest.size
    if first[0] != 0 or first[-1] != n_edges or (np.diff(first) < 0).any():
        return [f"first_edge: found {first.tolist()}, expected a rise from 0 to the number of edges, {n_edges}"]
    return []


def _choices(program: Program) -> list[str]:
    out = []
    source = np.repeat(np.arange(program.first_edge.size - 1), np.diff(program.first_edge))
    for g in range(program.choice_rate.size):
        members = np.flatnonzero(program.choice == g)
        if members.size == 0:
            out.append(f"choice {g}: found no edges, expected one at least")
        elif members[-1] - members[0] + 1 != members.size:
            out.append(f"choice {g}: found edges {members.tolist()}, expected one run without gaps")
        elif source[members[0]] != source[members[-1]]:
            out.append(f"choice {g}: found edges of states {sorted(set(source[members].tolist()))}, expected one state")
    return out


def _paths(program: Program) -> list[str]:
    out = []
    for z, (kind, (one, _)) in enumerate(zip(program.path_kind, program.path_arg, strict=True)):
        if kind in FOLLOWING and not 0 <= one < z:
            out.append(f"path {z}: reads path {one}, expected an earlier one")
        elif kind in OF_HELD and program.path_kind[one] != HELD:
            out.append(f"path {z}: reads path {one}, expected one of kind HELD")
    for k, kind, feature, _ in program.token_term:
        if kind == EVENT_PATH and program.path_kind[feature] not in (SERIES, NOISE):
            out.append(f"dated event {k}: its hazard reads path {feature}, expected given numbers or noise")
        elif kind == EVENT_AFTER and (feature == k or not 0 <= feature < program.token_key.size):
            out.append(f"dated event {k}: it comes after event {feature}, expected another one")
        elif kind == EVENT_RAMP and not 0 <= feature < len(program.x_time):
            out.append(f"dated event {k}: its hazard reads ramp {feature}, expected 0 to {len(program.x_time) - 1}")
    return out


def _passing(program: Program) -> list[str]:
    giving = np.flatnonzero(program.pass_to >= 0)
    if giving.size and not 0 <= program.pass_rate < program.n_rates:
        return [f"pass_rate: found {program.pass_rate}, expected 0 to {program.n_rates - 1}"]
    taking = np.concatenate([program.pass_to[giving], program.pass_half[giving]])
    chained = sorted(set(giving.tolist()) & set(taking.tolist()))
    return [f"pass_to: found cohorts {chained} both giving and taking, expected one or the other"] if chained else []


def _indices(program: Program) -> list[str]:
    n_states = program.first_edge.size - 1
    limits = {
        "dest": (program.dest, 0, n_states),
        "rate": (program.rate, 0, program.n_rates),
        "choice": (program.choice, -1, program.choice_rate.size),
        "ration": (program.ration, -1, len(program.capacity)),
        "choice_rate": (program.choice_rate, 0, program.n_rates),
        "origin": (program.origin, 0, program.n_origins),
        "inflow_state": (program.inflow_state, 0, n_states),
        "inflow_rate": (program.inflow_rate, 0, program.n_rates),
        "parent": (program.parent, -1, program.origin.size),
        "father": (program.father, -1, program.origin.size),
        "pass_to": (program.pass_to, -1, program.origin.size),
        "pass_half": (program.pass_half, -1, program.origin.size),
        "origin_month": (program.origin_month, 0, program.horizon + 1),
        "path_kind": (program.path_kind, SERIES, TAKEN + 1),
        "takers of a path": (program.path_arg[program.path_kind == TAKEN, 1], 0, len(program.taken_share)),
        "dated event of a path": (program.path_arg[program.path_kind == FIRED, 0], 0, program.token_key.size),
        "rate of a term": (program.term[:, 0], 0, program.n_rates),
        "rate of a feedback": (program.feedback[:, 0], 0, program.n_rates),
        "total of a feedback": (program.feedback[:, 1], 0, program.total_scale.size),
    }
    return [
        f"{name}: found {values.min()} to {values.max()}, expected {least} to {limit - 1}"
        for name, (values, least, limit) in limits.items()
        if values.size and (values.min() < least or values.max() >= limit)
    ]
