"""Trajectories: a pure function from a model, a seed and their indices to arrays.

A chunk is a stretch of trajectories computed together, a second of work or less. Each row depends only on the seed and
its own index: how many are computed together, in which chunk and on how many threads changes no bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine import program as engine
from afterfall.engine.counts import Index, index, run_trajectory
from afterfall.engine.path import draw_path
from afterfall.engine.tables import tables
from afterfall.model import nowcast, sample
from afterfall.run.errors import RunError
from afterfall.run.layout import RECORDED, Array, Batch

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.run.request import Request


@dataclass(frozen=True)
class Beginning:
    """What one trajectory starts from: parameters ``[P]``, people ``[C, S]`` and counters ``[Q, O]``."""

    theta: engine.Floats
    start: engine.Longs
    counters: engine.Longs


def simulate(model: Model, *, seed: int, trajectories: Sequence[int], threads: int = 1) -> Batch:
    """Run the given trajectories of a model.

    Parameters
    ----------
    model
        A built model.
    seed
        Seed of all luck.
    trajectories
        Which ones; row i of the result depends on the seed and ``trajectories[i]`` alone.
    threads
        Threads to spread them over; changes no result.

    Raises
    ------
    RunError
        If a count does not fit its array.
    """
    draws = sample(model, trajectories=trajectories, seed=seed)
    start, counters = nowcast(model, draws, seed=seed, trajectories=trajectories)
    of_program = index(model.program)

    def one(row: int) -> tuple[Array, ...]:
        beginning = Beginning(draws.values[row], start[row], counters[row])
        return _trajectory(model.program, of_program, beginning, seed, int(trajectories[row]))

    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(one, range(len(trajectories))))
    world, origins, lost, overflow = (np.stack(column) for column in zip(*rows, strict=True))
    found = {"world": world, "origins": origins, "lost": lost, "overflow": overflow, "parameters": draws.values}
    return Batch(**{r.name: _narrowed(r.name, found[r.name], r.dtype) for r in RECORDED})


def _trajectory(
    program: engine.Program, of_program: Index, beginning: Beginning, seed: int, trajectory: int
) -> tuple[Array, Array, Array, Array]:
    """One trajectory: world, origins, lost, overflow."""
    path, lost = draw_path(program, beginning.theta, seed, trajectory)
    lowered = tables(program, beginning.theta, path)
    record = run_trajectory(program, of_program, lowered, beginning.start, beginning.counters, seed, trajectory)
    return record.world, record.origins, lost, record.overflow


def _narrowed(name: str, values: Array, dtype: str) -> Array:
    """The array in its recorded type."""
    kind = np.dtype(dtype)
    if kind.kind == "i" and values.size and max(int(values.max()), -int(values.min())) > np.iinfo(kind).max:
        raise RunError(f"{name}: found a count of {values.max():,}, expected at most {np.iinfo(kind).max:,}")
    return np.ascontiguousarray(values, dtype=kind)


def simulate_chunk(model: Model, request: Request, number: int, *, threads: int = 1) -> Batch:
    """Run one chunk of a request: a pure function of the request (whose model this is) and the chunk's number."""
    return simulate(model, seed=request.seed, trajectories=request.chunk(number), threads=threads)
