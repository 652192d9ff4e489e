"""A run in the making: what is missing of it, where its chunks are kept, and how it ends.

Both ways of keeping a run, in memory and in a run folder, take chunks in any order and give the same dataset. Each has
a *packing*, which turns a chunk into what is kept. It is a pure function of plain data, so that a chunk can be packed
where it was computed, on this machine or another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from afterfall.run.conditional_series import SeriesPlan, plan_series
from afterfall.run.conditioned import conditioned_attrs
from afterfall.run.netcdf import Damaged, dataset, encode_chunk
from afterfall.run.provenance import now, witness
from afterfall.run.result import Run
from afterfall.run.run_layout import RECORDED, Array, Batch, Label, labels, of_origins, sizes, sums_in
from afterfall.run.store import RunFolder, marks

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior
    from afterfall.run.condition_windows import ConditionSet
    from afterfall.run.provenance import Provenance
    from afterfall.run.request import Request
    from afterfall.run.sums import Sums


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


class Packing(Protocol):
    """What is done with a chunk where it was computed."""

    def pack(self, number: int, batch: Batch, *, threads: int = 1) -> Any:
        """What is kept of a chunk."""


@dataclass(frozen=True)
class AsArrays:
    """Keeps the arrays of a chunk, of all origins or of some.

    Attributes
    ----------
    chosen
        Positions of the origins that are kept; None for all.
    """

    chosen: tuple[int, ...] | None

    def pack(self, _: int, batch: Batch, *, threads: int = 1) -> dict[str, Array]:  # noqa: ARG002
        """The arrays by name."""
        arrays = batch.arrays()
        if self.chosen is None:
            return arrays
        some = list(self.chosen)
        return {n: a[:, :, some] if n in ("origins", "beyond") else a for n, a in arrays.items()}


@dataclass(frozen=True)
class AsFile:
    """Encodes a chunk as the file that the run folder keeps.

    Attributes
    ----------
    request
        The request of the run.
    sums
        Quantities by origin that are sums of others, and are left out of the file.
    """

    request: Request
    sums: Sums

    def pack(self, number: int, batch: Batch, *, threads: int = 1) -> bytes:
        """The content of the file; the number of threads changes no byte."""
        return encode_chunk(batch, marks(self.request, number), self.sums, threads=threads)


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

    @property
    def packing(self) -> Packing:
        """What is kept of a chunk."""

    def keep(self, number: int, packed: Any) -> None:
        """Keep a chunk that was packed, here or elsewhere."""

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
    def packing(self) -> AsArrays:
        """Keeps the arrays of the origins that are kept."""
        every, only = self.job.model.origins, self.job.only
        return AsArrays(None if only is None else tuple(every.index(origin) for origin in only))

    def prepare(self) -> None:
        """Nothing: arrays are made when the first chunk comes."""

    def keep(self, number: int, packed: dict[str, Array]) -> None:
        """Copy a chunk to its rows."""
        rows = self.job.request.chunk(number)
        for name, array in packed.items():
            self.arrays[name][rows.start : rows.stop] = array

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

    @cached_property
    def packing(self) -> AsFile:
        """Encodes chunks as files of the folder."""
        return AsFile(self.job.request, sums_in(self.job.labels))

    def prepare(self) -> None:
        """Create the folder, and write the request."""
        self.folder.prepare()

    def keep(self, number: int, packed: bytes) -> None:
        """Write a chunk; from then on an interruption does not lose it."""
        self.folder.put_chunk(number, packed)

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
