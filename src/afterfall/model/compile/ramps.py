"""Ramps as arrays: which cohorts share time factors, the value of each ramp by month, and wider capacities.

A policy acts on some origins from some month on. Origins under the same ramps form a *stratum*, the engine's word for
cohorts that share time factors; without ramps there is one. Nothing here acts before the as-of date: the history
program has one stratum and no ramps, so that no policy can change the past.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.engine.program import Floats, Ints
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import Cohort, Ramp


def strata(ramps: Sequence[Ramp], cohorts: Sequence[Cohort], *, past: bool) -> Ints:
    """Stratum of each cohort, ``[C]``."""
    if past:
        return np.zeros(len(cohorts), dtype=np.int32)
    under = _signatures(ramps, cohorts)
    number = {signature: u for u, signature in enumerate(sorted(set(under)))}
    return np.array([number[signature] for signature in under], dtype=np.int32)


def series(ramps: Sequence[Ramp], cohorts: Sequence[Cohort], horizon: int, *, past: bool) -> Floats:
    """Value of each ramp in each stratum by month, ``[F, U, T + 1]``."""
    if past or not ramps:
        return np.zeros((0, 1, horizon + 1))
    signatures = sorted(set(_signatures(ramps, cohorts)))
    out = np.zeros((len(ramps), len(signatures), horizon + 1))
    for f, ramp in enumerate(ramps):
        for u, signature in enumerate(signatures):
            if signature[f]:
                out[f, u] = _values(ramp, horizon)
    return out


def _signatures(ramps: Sequence[Ramp], cohorts: Sequence[Cohort]) -> list[tuple[bool, ...]]:
    """Which ramps apply to each cohort."""
    return [tuple(r.origins is None or c.origin in r.origins for r in ramps) for c in cohorts]


def _values(ramp: Ramp, horizon: int) -> list[float]:
    """Values from month 0, when no ramp has begun, to the horizon."""
    return [0.0, *(ramp.values(month) for month in range(1, horizon + 1))]


def widened(structure: Structure, origins: Sequence[str], horizon: int) -> Floats:
    """The factor on each capacity, ``[A, O, T + 1]``."""
    out = np.ones((len(structure.capacities), len(origins), horizon + 1))
    ramps = {r.name: r for r in structure.ramps}
    position = {r.name: a for a, r in enumerate(structure.capacities)}
    for widening in structure.widenings:
        ramp = ramps[widening.ramp]
        factors = np.array([widening.times**x for x in _values(ramp, horizon)])
        for o, origin in enumerate(origins):
            if ramp.origins is None or origin in ramp.origins:
                out[position[widening.capacity], o] *= factors
    return out
