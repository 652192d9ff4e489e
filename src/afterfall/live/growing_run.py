"""Simulations of one model in memory that grow in number: the first few now, more of the same run later.

Trajectory i is the same however many are asked for, so a run of 8 is the beginning of a run of 1,000.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from afterfall.run.chunk import Simulator, batch_of
from afterfall.run.netcdf import dataset
from afterfall.run.result import Run
from afterfall.run.run_layout import RECORDED, Array, Label, of_origins, sizes
from afterfall.run.run_making import Job
from afterfall.run.starting_states import StartingStates, rows_of

if TYPE_CHECKING:
    from afterfall.model import Draws

#: Most trajectories whose parameters are drawn at a time: the draw of one takes nearly as long as that of several.
MOST_DRAWN = 48


@dataclass(frozen=True)
class GrowingRun:
    """The simulations of a job that have been made so far.

    Attributes
    ----------
    job
        The job for the most simulations that can be asked for.
    starts
        Starting states that are shared with other runs.
    """

    job: Job
    starts: StartingStates = field(repr=False)

    def grow(self, simulations: int, pool: Executor | None, go_on: Callable[[], bool]) -> bool:
        """Make the first so many simulations, those that are not there yet.

        Parameters
        ----------
        simulations
            How many there shall be.
        pool
            Threads that do the work; None for this thread.
        go_on
            Asked before each few simulations; once it says no, the rest is left out.

        Returns
        -------
        bool
            Whether all are there.

        Raises
        ------
        RunError
            If a count does not fit its array.
        """
        absent = np.flatnonzero(~self._there[:simulations]).tolist()
        _ = self._simulator.lists, self._arrays  # once, and not on every thread
        for first in range(0, len(absent), MOST_DRAWN):
            if go_on():
                self._add(self._simulator.draws(absent[first : first + MOST_DRAWN]), pool, go_on)
        return bool(self._there[:simulations].all())

    def _add(self, draws: Draws, pool: Executor | None, go_on: Callable[[], bool]) -> None:
        """Make the simulations of some draws, one at a time on each thread: a superseded request ends after as many."""

        def work(row: int) -> None:
            if go_on():
                self._keep(rows_of(draws, [row]))

        rows = range(len(draws.trajectories))
        list(map(work, rows) if pool is None else pool.map(work, rows))

    def made(self, simulations: int) -> int:
        """How many of the first so many simulations are there."""
        return int(np.count_nonzero(self._there[:simulations]))

    def run(self, simulations: int) -> Run:
        """The run of the first so many simulations, as `forecast` gives it: its arrays are views of those here.

        It is kept, and with it what was read from it.

        Raises
        ------
        ValueError
            If they have not been made.
        """
        if simulations not in self._runs:
            self._runs[simulations] = self._run(simulations)
        return self._runs[simulations]

    def _run(self, simulations: int) -> Run:
        if not self._there[:simulations].all():
            raise ValueError(f"{simulations} simulations asked for, {int(self._there.sum())} made")
        job = replace(self.job, request=replace(self.job.request, trajectories=simulations))
        arrays = {name: array[:simulations] for name, array in self._arrays.items()}
        provenance = job.witness(found=0, computed=job.request.chunks)
        found = dataset(self._labels, arrays, {**job.attrs(), "command": job.command})
        return Run(found, job.request, provenance, model=job.model)

    def _keep(self, draws: Draws) -> None:
        part = list(draws.trajectories)
        batch = batch_of(self._simulator.rows_from(draws))
        for name, array in batch.arrays().items():
            rows = array[:, :, self._chosen] if name in ("origins", "beyond") and self._chosen is not None else array
            self._arrays[name][part] = rows
        self._there[part] = True

    @cached_property
    def _simulator(self) -> Simulator:
        job = self.job
        return Simulator(job.model, job.request.seed, job.posterior, None, self.starts)

    @cached_property
    def _labels(self) -> tuple[Label, ...]:
        return of_origins(self.job.labels, self.job.only)

    @cached_property
    def _chosen(self) -> list[int] | None:
        """Positions of the origins that are kept; None for all."""
        only = self.job.only
        return None if only is None else [self.job.model.origins.index(origin) for origin in only]

    @cached_property
    def _arrays(self) -> dict[str, Array]:
        """Arrays for all simulations that can be asked for; memory is taken as they are filled."""
        lengths = sizes(self._labels, self.job.request.trajectories)
        return {r.name: np.empty([lengths[d] for d in r.dims], dtype=r.dtype) for r in RECORDED}

    @cached_property
    def _runs(self) -> dict[int, Run]:
        return {}

    @cached_property
    def _there(self) -> npt.NDArray[np.bool_]:
        return np.zeros(self.job.request.trajectories, dtype=bool)
