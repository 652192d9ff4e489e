"""Chunks of trajectories: a pure function from a model, a seed and trajectory indices to arrays.

A chunk is a range of trajectories that are computed together, in about a second. Each row depends only on the seed and
its own index. How many are computed together, in which chunk and on how many threads changes no bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.counts import Index, run_trajectory
from afterfall.engine.program import Floats, Longs
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_forced_series, unforced
from afterfall.model import nowcast
from afterfall.posterior import draw
from afterfall.run.errors import RunError
from afterfall.run.run_layout import RECORDED, Array, Batch

if TYPE_CHECKING:
    from afterfall.model import Draws, Model
    from afterfall.posterior import Posterior
    from afterfall.run.conditional_series import SeriesPlan
    from afterfall.run.request import Request
    from afterfall.run.starting_states import StartingStates


@dataclass(frozen=True)
class Simulator:
    """A model with all that its trajectories share.

    Attributes
    ----------
    model
        A built model.
    seed
        Seed of all random draws.
    posterior
        Posterior from which fitted parameters are drawn; None draws all from priors.
    series
        The shared series of every trajectory, where the forecast is conditional (`conditional_series`).
    starts
        Starting states that are kept for all who ask; None draws them here.
    """

    model: Model = field(repr=False)
    seed: int
    posterior: Posterior | None = None
    series: SeriesPlan | None = None
    starts: StartingStates | None = None

    @cached_property
    def lists(self) -> Index:
        """The index of the model's program."""
        return self.model.lists

    def draws(self, trajectories: Sequence[int]) -> Draws:
        """Parameters of the trajectories, one row each."""
        drawn = draw(self.model, self.posterior, trajectories=trajectories, seed=self.seed)
        return drawn if self.series is None else self.series.carried(self.model, self.posterior, drawn, self.seed)

    def started(self, draws: Draws) -> tuple[Longs, Longs]:
        """State and counters at the as-of date of every trajectory of some draws."""
        if self.starts is not None:
            return self.starts.rows(self.model, draws, seed=self.seed)
        return nowcast(self.model, draws, seed=self.seed, trajectories=draws.trajectories)

    def run(self, trajectory: int, theta: Floats, start: Longs, counters: Longs) -> tuple[Array, ...]:
        """One trajectory from its parameters and its start: its arrays in the order of `RECORDED`, without a copy."""
        program, number, forced, bands = self.model.program, trajectory, unforced(self.model.program), self.model.bands
        if self.series is not None:
            number, forced = int(self.series.number[trajectory]), self.series.fired[trajectory]
            bands = self.series.bands(bands, trajectory)
        path, lost, _ = draw_forced_series(program, theta, self.seed, number, forced)
        factors = rate_factors(program, theta, path)
        inputs = band_inputs(bands, theta, path, lost, self.seed, trajectory)
        record = run_trajectory(program, self.lists, factors, start, counters, self.seed, trajectory, inputs)
        holdings = len(self.model.holdings)  # dated events after these are of custody
        events = np.concatenate([record.bands.fired, lost[holdings:]])
        people = (record.world, record.origins, lost[:holdings], record.beyond, record.overflow, theta)
        return (*people, record.bands.strength, record.bands.attached, events, record.bands.slow)

    def rows(self, trajectories: Sequence[int]) -> list[tuple[Array, ...]]:
        """The trajectories one after the other; the engine releases the interpreter's lock."""
        return self.rows_from(self.draws(trajectories))

    def rows_from(self, draws: Draws) -> list[tuple[Array, ...]]:
        """The trajectories of some draws, one after the other."""
        start, counters = self.started(draws)
        return [self.run(t, draws.values[i], start[i], counters[i]) for i, t in enumerate(draws.trajectories)]


def simulate(
    model: Model,
    *,
    seed: int,
    trajectories: Sequence[int],
    threads: int = 1,
    posterior: Posterior | None = None,
    series: SeriesPlan | None = None,
    starts: StartingStates | None = None,
) -> Batch:
    """Run the given trajectories of a model.

    Parameters
    ----------
    model, seed, posterior, series, starts
        See `Simulator`.
    trajectories
        Indices; row i of the result depends only on the seed and ``trajectories[i]``.
    threads
        Number of threads; changes no result.

    Raises
    ------
    RunError
        If a count does not fit its array.
    """
    which = [int(trajectory) for trajectory in trajectories]
    simulator = Simulator(model, seed, posterior, series, starts)
    _ = simulator.lists  # once, and not on every thread
    per_thread = -(-len(which) // threads)
    parts = [which[first : first + per_thread] for first in range(0, len(which), per_thread)]
    with ThreadPoolExecutor(threads) as pool:
        return batch_of([row for rows in pool.map(simulator.rows, parts) for row in rows])


def batch_of(rows: Sequence[tuple[Array, ...]]) -> Batch:
    """The arrays of trajectories (`Simulator.run`) as a batch, each in the type in which it is recorded.

    Raises
    ------
    RunError
        If a count does not fit its array.
    """
    columns = zip(RECORDED, zip(*rows, strict=True), strict=True)
    return Batch(**{recorded.name: _narrowed(recorded.name, column, recorded.dtype) for recorded, column in columns})


def _narrowed(name: str, rows: Sequence[Array], dtype: str) -> Array:
    """Rows as one array, in the type in which it is recorded."""
    kind = np.dtype(dtype)
    out = np.empty((len(rows), *rows[0].shape), dtype=kind)
    for i, row in enumerate(rows):
        if kind.kind == "i" and row.size and max(int(row.max()), -int(row.min())) > np.iinfo(kind).max:
            raise RunError(f"{name}: found a count of {row.max():,}, expected at most {np.iinfo(kind).max:,}")
        out[i] = row
    return out


def simulate_chunk(
    model: Model,
    request: Request,
    number: int,
    *,
    threads: int = 1,
    posterior: Posterior | None = None,
    series: SeriesPlan | None = None,
    starts: StartingStates | None = None,
) -> Batch:
    """Run one chunk of a request, given its model, posterior and series: a pure function of request and number.

    Starting states that are kept change no bit of it.
    """
    return simulate(
        model,
        seed=request.seed,
        trajectories=request.chunk(number),
        threads=threads,
        posterior=posterior,
        series=series,
        starts=starts,
    )
