"""A run in the making: what is missing of it, where its chunks are kept, and how it ends.

Both ways of keeping a run, in memory and in a run folder, take chunks in any order and give the same dataset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from afterfall.run.conditional_series import SeriesPlan, plan_series
from afterfall.run.conditioned import conditioned_attrs
from afterfall.run.netcdf import Damaged, dataset
from afterfall.run.provenance import now, witness
from afterfall.run.result import Run
from afterfall.run.run_layout import RECORDED, Array, Batch, Label, labels, of_origins, sizes, sums_in
from afterfall.run.store import RunFolder

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior
    from afterfall.run.condition_windows import ConditionSet
    from afterfall.run.provenance import Provenance
    from afterfall.run.request import Request


@dataclass(frozen=True)
class Job:
    """A request with what it takes to fulfil it.

    Attributes
    ----------
    model, request, posterior, conditions
        What is simulated.
    threads, command
        For the provenance.
    only
        Origins that a run in memory keeps; None for all. A run folder keeps all of them.
    started
        When the work began.
    """

    model: Model = field(repr=False)
    request: Request
    posterior: Posterior | None
    threads: int
    command: str
    conditions: ConditionSet | None = None
    only: tuple[str, ...] | None = None
    started: str = field(default_factory=now)

    @cached_property
    def series(self) -> SeriesPlan | None:
        """The shared series of every trajectory of a conditional forecast; None of any other.

        Raises
        ------
        SettingError
            If too few series satisfy the conditions.
        """
        if self.conditions is None:
            return None
        n, seed = self.request.trajectories, self.request.seed
        return plan_series(self.model, self.conditions, trajectories=n, seed=seed, posterior=self.posterior)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Labels of the axes of the run."""
        return labels(self.model)

    def attrs(self) -> dict[str, Any]:
        """Attributes of the run: the same for every process that makes it."""
        request, case = self.request, self.model.case
        return {
            "Conventions": "CF-1.11",
            "title": case.title,
            "case": request.case,
            "case_hash": request.case_hash,
            "as_of": request.as_of.isoformat(),
            "model_version": request.model_version,
            "model_hash": request.model_hash,
            "seed": str(request.seed),
            "trajectories": request.trajectories,
            "horizon": request.horizon,
            "run": request.hash,
            "request": request.to_json(),
            **({} if self.series is None else conditioned_attrs(request.given, self.series)),
        }

    def witness(self, *, found: int, computed: int, sha256: str | None = None) -> Provenance:
        """The provenance of the run, of whose chunks some were found and others computed."""
        return witness(
            command=self.command,
            started=self.started,
            threads=self.threads,
            found=found,
            computed=computed,
            sha256=sha256,
        )


class Making(Protocol):
    """A run in the making."""

    @property
    def job(self) -> Job:
        """What is made."""

    @property
    def missing(self) -> Sequence[int]:
        """Numbers of the chunks to compute, in order."""

    def prepare(self) -> None:
        """Make room for chunks."""

    def keep(self, number: int, batch: Batch) -> None:
        """Keep a chunk."""

    def finish(self) -> Run:
        """The run, once no chunk is missing."""


@dataclass(frozen=True)
class InMemory:
    """A run whose arrays are kept in memory."""

    job: Job

    @property
    def missing(self) -> Sequence[int]:
        """All chunks."""
        return range(self.job.request.chunks)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Labels of the axes, of the origins that are kept."""
        return of_origins(self.job.labels, self.job.only)

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """The arrays, filled as chunks come."""
        lengths = sizes(self.labels, self.job.request.trajectories)
        return {r.name: np.empty([lengths[d] for d in r.dims], dtype=r.dtype) for r in RECORDED}

    @cached_property
    def chosen(self) -> list[int] | slice:
        """Positions of the origins that are kept."""
        every, only = self.job.model.origins, self.job.only
        return slice(None) if only is None else [every.index(origin) for origin in only]

    def prepare(self) -> None:
        """Nothing: arrays are made when the first chunk comes."""

    def keep(self, number: int, batch: Batch) -> None:
        """Copy a chunk to its rows."""
        rows = self.job.request.chunk(number)
        for name, array in batch.arrays().items():
            part = array[:, :, self.chosen] if name in ("origins", "beyond") and self.job.only is not None else array
            self.arrays[name][rows.start : rows.stop] = part

    def finish(self) -> Run:
        """The run."""
        job, provenance = self.job, self.job.witness(found=0, computed=self.job.request.chunks)
        found = dataset(self.labels, self.arrays, {**job.attrs(), "command": job.command})
        return Run(found, job.request, provenance, model=job.model)


@dataclass(frozen=True)
class InFolder:
    """A run that is kept in its folder, where it goes on from the chunks that are there."""

    job: Job
    folder: RunFolder

    @cached_property
    def missing(self) -> Sequence[int]:
        """Chunks that are absent or damaged."""
        return list(self.folder.missing())

    def prepare(self) -> None:
        """Create the folder, and write the request."""
        self.folder.prepare()

    def keep(self, number: int, batch: Batch) -> None:
        """Write a chunk; from then on an interruption does not lose it."""
        self.folder.write_chunk(number, batch, sums_in(self.job.labels), threads=self.job.threads)

    def finish(self) -> Run:
        """Assemble the run from its chunks, and open it.

        Raises
        ------
        RunError
            If the folder cannot be written.
        """
        job, computed = self.job, len(self.missing)
        try:
            sha256 = self.folder.assemble(job.labels, job.attrs())
        except Damaged:
            if self.folder.finished():  # another process finished the same run and removed the chunks
                return self._opened()
            raise
        self.folder.finish(job.witness(found=job.request.chunks - computed, computed=computed, sha256=sha256))
        self.folder.clear()
        return self._opened()

    def _opened(self) -> Run:
        folder = self.folder
        return Run(folder.dataset(), folder.request, folder.provenance(), folder.path, model=self.job.model)
