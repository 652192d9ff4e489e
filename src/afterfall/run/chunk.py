"""Chunks of trajectories: a pure function from a model, a seed and trajectory indices to arrays.

A chunk is a range of trajectories that are computed together, in about a second. Each row depends only on the seed and
its own index. How many are computed together, in which chunk and on how many threads changes no bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.counts import index, run_trajectory
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_forced_series, unforced
from afterfall.model import nowcast
from afterfall.posterior import draw
from afterfall.run.errors import RunError
from afterfall.run.run_layout import RECORDED, Array, Batch

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior
    from afterfall.run.conditional_series import SeriesPlan
    from afterfall.run.request import Request


def simulate(
    model: Model,
    *,
    seed: int,
    trajectories: Sequence[int],
    threads: int = 1,
    posterior: Posterior | None = None,
    series: SeriesPlan | None = None,
) -> Batch:
    """Run the given trajectories of a model.

    Parameters
    ----------
    model
        A built model.
    seed
        Seed of all random draws.
    trajectories
        Indices; row i of the result depends only on the seed and ``trajectories[i]``.
    threads
        Number of threads; changes no result.
    posterior
        Posterior from which fitted parameters are drawn; None draws all from priors.
    series
        The shared series of every trajectory, where the forecast is conditional (`conditional_series`).

    Raises
    ------
    RunError
        If a count does not fit its array.
    """
    which = [int(trajectory) for trajectory in trajectories]
    per_thread = -(-len(which) // threads)
    parts = [which[first : first + per_thread] for first in range(0, len(which), per_thread)]
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(partial(_in_turn, model, seed, posterior, series), parts))
    found = {recorded.name: np.concatenate([part[recorded.name] for part in done]) for recorded in RECORDED}
    return Batch(**{r.name: _narrowed(r.name, found[r.name], r.dtype) for r in RECORDED})


def _in_turn(
    model: Model, seed: int, posterior: Posterior | None, series: SeriesPlan | None, trajectories: list[int]
) -> dict[str, Array]:
    """Run trajectories on this thread; the engine releases the interpreter's lock."""
    draws = draw(model, posterior, trajectories=trajectories, seed=seed)
    if series is not None:
        draws = series.carried(model, posterior, draws, seed)
    start, counters = nowcast(model, draws, seed=seed, trajectories=trajectories)
    program, lists, free = model.program, index(model.program), unforced(model.program)
    rows = []
    for row, trajectory in enumerate(trajectories):
        number, forced, bands_now = trajectory, free, model.bands
        if series is not None:
            number, forced = int(series.number[trajectory]), series.fired[trajectory]
            bands_now = series.bands(model.bands, trajectory)
        path, lost, _ = draw_forced_series(program, draws.values[row], seed, number, forced)
        lowered = rate_factors(program, draws.values[row], path)
        inputs = band_inputs(bands_now, draws.values[row], path, lost, seed, trajectory)
        record = run_trajectory(program, lists, lowered, start[row], counters[row], seed, trajectory, inputs)
        bands = record.bands
        people = (record.world, record.origins, lost, record.beyond, record.overflow, draws.values[row])
        rows.append((*people, bands.strength, bands.attached, bands.fired, bands.slow))
    names = (recorded.name for recorded in RECORDED)
    return dict(zip(names, (np.stack(column) for column in zip(*rows, strict=True)), strict=True))


def _narrowed(name: str, values: Array, dtype: str) -> Array:
    """The array in the type in which it is recorded."""
    kind = np.dtype(dtype)
    if kind.kind == "i" and values.size and max(int(values.max()), -int(values.min())) > np.iinfo(kind).max:
        raise RunError(f"{name}: found a count of {values.max():,}, expected at most {np.iinfo(kind).max:,}")
    return np.ascontiguousarray(values, dtype=kind)


def simulate_chunk(
    model: Model,
    request: Request,
    number: int,
    *,
    threads: int = 1,
    posterior: Posterior | None = None,
    series: SeriesPlan | None = None,
) -> Batch:
    """Run one chunk of a request, given its model, posterior and series: a pure function of request and number."""
    which = request.chunk(number)
    return simulate(model, seed=request.seed, trajectories=which, threads=threads, posterior=posterior, series=series)
