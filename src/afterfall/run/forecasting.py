"""Runs a model forward, chunk by chunk, in memory or into a run folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, DEFAULT_TRAJECTORIES
from afterfall.engine.jit import cache_folder, user_cache
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, posterior_from
from afterfall.run.chunk import simulate, simulate_chunk
from afterfall.run.condition_windows import ConditionSet, conditions_on
from afterfall.run.conditional_series import SeriesPlan, plan_series
from afterfall.run.conditioned import conditioned_attrs
from afterfall.run.conditions import Given
from afterfall.run.errors import RunInterrupted
from afterfall.run.months import month_at, several_months
from afterfall.run.netcdf import Damaged, dataset
from afterfall.run.provenance import now, witness
from afterfall.run.request import CHUNK_SIZE, Request, request_of
from afterfall.run.result import Run
from afterfall.run.run_layout import RECORDED, Array, Batch, labels, needed_bytes, sizes
from afterfall.run.store import RunFolder

if TYPE_CHECKING:
    from afterfall.case import Case

At = int | date | str
Stage = Literal["compiling", "preparing", "simulating", "assembling", "done", "reused", "learning", "scoring"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a forecast.

    Attributes
    ----------
    stage
        ``compiling`` (machine code is made, once on a machine) or ``preparing``, ``simulating``, ``assembling``,
        ``done``, or ``reused`` when the same request had been finished before. Verbs that go on from a run add
        ``learning`` and ``scoring``.
    done, total
        Numbers of trajectories.
    label
        Which of several forecasts this is, or what is done; empty where there is only one.
    """

    stage: Stage
    done: int
    total: int
    label: str = ""


Report = Callable[[Progress], None]


def labelled(report: Report | None, label: str) -> Report | None:
    """A report that says of each step which of several forecasts it belongs to."""
    return None if report is None else lambda step: report(replace(step, label=label))


def forecast(
    of: Model | Case,
    *,
    trajectories: int = DEFAULT_TRAJECTORIES,
    horizon: int | None = None,
    seed: int = DEFAULT_SEED,
    at: At | Sequence[At] = (),
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
    chunk_size: int = CHUNK_SIZE,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
) -> Run:
    """Forecast a case by simulation.

    Parameters
    ----------
    of
        A cut case, or a model built from one.
    trajectories
        Number of simulated futures.
    horizon
        Months beyond the as-of date: by default 60 for a case, and the model's own for a model.
    seed
        Seed of all random draws; the same request gives the same numbers.
    at
        Months or dates at which quantities are recorded by origin, besides every third month.
    run_dir
        Folder for runs. The run gets its own folder in it, resumes where an interrupted one stopped, and is reused when
        finished. With None everything stays in memory.
    threads
        Number of threads; by default the processors that this process may use. Changes no number.
    progress
        Called as the work proceeds.
    command
        The command to record in the provenance; by default this call.
    chunk_size
        Trajectories per chunk. It affects the files of a run folder, but no number.
    draws
        Where parameters come from: a posterior, or the path of its file or of the folder of its fit; ``prior``; or by
        default the posterior that comes with the package for this case and as-of date, and priors where there is none.
    given
        Conditions, such as ``"all fall by 2019-03"``: dated events that are taken as given (`conditions`).

    Raises
    ------
    ValueError
        If a number is out of range, a posterior does not belong to the model (`StaleDraws`), or a model was built for
        another horizon or without the months in `at`.
    RunError
        If the run folder cannot be written. Finished chunks are kept.
    RunInterrupted
        If the user interrupts a run that is kept in a folder.
    """
    if threads is not None and threads < 1:
        raise ValueError(f"threads must be at least 1, found {threads}")
    model = built(of, horizon, several_months(at))
    posterior = posterior_from(draws, model)
    conditions = conditions_on(given, model)
    texts = () if conditions is None else conditions.texts
    request = request_of(
        model, trajectories=trajectories, seed=seed, chunk_size=chunk_size, posterior=posterior, given=texts
    )
    report, call = progress or (lambda _: None), command or _as_call(request)
    _check_room(model, trajectories, None if run_dir is None else Path(run_dir))
    job = _Job(model, request, posterior, threads or processors(), report, call, now(), conditions)
    if run_dir is None:
        return _in_memory(job)
    folder = RunFolder.within(Path(run_dir), request)
    try:
        return replace(_in_folder(job, folder), model=model)
    except KeyboardInterrupt:
        raise RunInterrupted(folder.path) from None


def _check_room(model: Model, trajectories: int, run_dir: Path | None) -> None:
    """Refuse what cannot fit, before any work is done.

    Raises
    ------
    ValueError
        If a run in memory would take more than the memory of the machine, or one in a folder more than its disk.
    """
    needed = needed_bytes(labels(model), trajectories)
    if run_dir is None:
        room, kind, remedy = memory(), "memory", "give run_dir to keep it on disk, or ask for fewer trajectories"
    else:
        there = next((p for p in (run_dir, *run_dir.absolute().parents) if p.exists()), Path())
        room, kind, remedy = shutil.disk_usage(there).free, "free disk", "ask for fewer trajectories"
    if needed > room:
        raise ValueError(
            f"{trajectories:,} trajectories would take {needed / 2**30:,.1f} GiB; this machine has "
            f"{room / 2**30:,.1f} GiB of {kind}: {remedy}"
        )


def memory() -> int:
    """Bytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def open_run(path: Path | str) -> Run:
    """Open a finished run.

    Parameters
    ----------
    path
        A run folder, or its ``run.nc``.

    Raises
    ------
    RunError
        If it is not a run, not finished, or damaged.
    """
    folder = RunFolder.at(Path(path))
    return Run(folder.dataset(), folder.request, folder.provenance(), folder.path)


def processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class _Job:
    """What to run, and how to report progress."""

    model: Model
    request: Request
    posterior: Posterior | None
    threads: int
    report: Callable[[Progress], None]
    command: str
    started: str
    conditions: ConditionSet | None = None

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

    def tell(self, stage: Stage, done: int) -> None:
        self.report(Progress(stage, done, self.request.trajectories))


def built(of: Model | Case, horizon: int | None, at: Sequence[At], policy: Policy = AS_NOW) -> Model:
    """The model of a case under a policy, or a model that is there, known to have the horizon and record the months.

    Raises
    ------
    ValueError
        If a month lies outside the horizon, or a model was built for another horizon or without a month.
    """
    if not isinstance(of, Model):
        months = DEFAULT_HORIZON if horizon is None else horizon
        recorded = [month_at(of.as_of, one, months) for one in at]
        return build(of, horizon=months, record_months=recorded, policy=policy)
    if horizon not in (None, of.horizon):
        raise ValueError(
            f"the model was built for a horizon of {of.horizon} months, found {horizon}: build it for that horizon"
        )
    known = {int(m) for m in of.program.origin_month}
    absent = [month for one in at if (month := month_at(of.case.as_of, one, of.horizon)) not in known]
    if absent:
        raise ValueError(f"the model does not record months {absent} by origin: build it with record_months={absent}")
    return of


def _in_memory(job: _Job) -> Run:
    """Run all chunks and keep their arrays."""
    given, request = labels(job.model), job.request
    lengths = sizes(given, request.trajectories)
    arrays: dict[str, Array] = {r.name: np.empty([lengths[d] for d in r.dims], dtype=r.dtype) for r in RECORDED}
    job.tell(_first_stage(), 0)
    _ = job.series  # refused, if at all, before any work
    for number, batch in _computed(job, range(request.chunks)):
        rows = request.chunk(number)
        for name, array in batch.arrays().items():
            arrays[name][rows.start : rows.stop] = array
        job.tell("simulating", rows.stop)
    job.tell("done", request.trajectories)
    provenance = witness(
        command=job.command, started=job.started, threads=job.threads, found=0, computed=request.chunks
    )
    found = dataset(given, arrays, {**_attrs(job), "command": job.command})
    return Run(found, request, provenance, model=job.model)


def _in_folder(job: _Job, folder: RunFolder) -> Run:
    """Compute the chunks that are missing, then assemble; or reuse what is finished."""
    request = job.request
    if folder.path.exists() and folder.finished():
        job.tell("reused", request.trajectories)
        return replace(open_run(folder.path), reused=True)
    if job.conditions is not None:
        job.tell(_first_stage(), 0)
    _ = job.series  # refused, if at all, before anything is written
    folder.prepare()
    missing = list(folder.missing())
    done = request.trajectories - sum(len(request.chunk(number)) for number in missing)
    job.tell(_first_stage(), done)
    for number, batch in _computed(job, missing):
        folder.write_chunk(number, batch)
        done += len(batch.lost)
        job.tell("simulating", done)
    job.tell("assembling", done)
    try:
        sha256 = folder.assemble(labels(job.model), _attrs(job))
    except Damaged:
        if folder.finished():  # another process finished the same run and removed the chunks
            return open_run(folder.path)
        raise
    folder.finish(
        witness(
            command=job.command,
            started=job.started,
            threads=job.threads,
            found=request.chunks - len(missing),
            computed=len(missing),
            sha256=sha256,
        )
    )
    folder.clear()
    job.tell("done", done)
    return open_run(folder.path)


def _first_stage() -> Stage:
    """``compiling`` where no machine code of the engine as it stands is on disk."""
    folder = cache_folder()
    return "preparing" if folder is not None and any(folder.rglob("*.nbc")) else "compiling"


def unwritable_cache() -> str | None:
    """The folder where machine code should be kept and cannot be, in words; None where it is kept."""
    if cache_folder() is not None:
        return None
    try:
        return f"the cache folder {user_cache()}"
    except RuntimeError:
        return "a cache folder in the home folder, which is not known,"


def _computed(job: _Job, numbers: Sequence[int]) -> Iterator[tuple[int, Batch]]:
    """Chunks by number, after one trajectory on this thread: compilation must not happen on several threads."""
    if numbers:
        simulate(job.model, seed=job.request.seed, trajectories=[0], posterior=job.posterior)
    given = {} if job.series is None else {"series": job.series}
    for number in numbers:
        batch = simulate_chunk(job.model, job.request, number, threads=job.threads, posterior=job.posterior, **given)
        yield number, batch


def _attrs(job: _Job) -> dict[str, Any]:
    """Attributes of an assembled run: the same for every process that makes it."""
    request, case = job.request, job.model.case
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
        **({} if job.series is None else conditioned_attrs(request.given, job.series)),
    }


def _as_call(request: Request) -> str:
    given = f", given={list(request.given)}" if request.given else ""
    return (
        f"afterfall.forecast(afterfall.open_case({request.case!r}, as_of={request.as_of.isoformat()!r}), "
        f"trajectories={request.trajectories}, horizon={request.horizon}, seed={request.seed}{given})"
    )
