"""Runs a model forward, chunk by chunk, in memory or into a run folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, DEFAULT_TRAJECTORIES
from afterfall.engine.jit import cache_folder, user_cache
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, posterior_from
from afterfall.run.chunk import simulate, simulate_chunk
from afterfall.run.chunks_from_workers import keep_from_workers, missing_by_chunk
from afterfall.run.condition_windows import conditions_on
from afterfall.run.conditions import Given
from afterfall.run.errors import RunInterrupted
from afterfall.run.first_use import make_code
from afterfall.run.months import month_at, several_months
from afterfall.run.notebook_progress import simulation_bar
from afterfall.run.request import CHUNK_SIZE, Request, request_of
from afterfall.run.result import Run
from afterfall.run.run_layout import labels, needed_bytes
from afterfall.run.run_making import InFolder, InMemory, Job, Making
from afterfall.run.store import RunFolder
from afterfall.run.workers import Scheduler, Workers, connected, processors

if TYPE_CHECKING:
    from afterfall.case import Case
    from afterfall.run.starting_states import StartingStates

At = int | date | str
Stage = Literal[
    "compiling", "preparing", "connecting", "simulating", "assembling", "done", "reused", "learning", "scoring"
]


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a forecast.

    Attributes
    ----------
    stage
        ``compiling`` (machine code is made, once on a machine) or ``preparing``, ``connecting`` where there are
        workers, ``simulating``, ``assembling``, ``done``, or ``reused`` when the same request had been finished before.
        Verbs that go on from a run add ``learning`` and ``scoring``.
    done, total
        Numbers of trajectories; while functions are compiled, how many have been, and zero.
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
    scheduler: Scheduler = None,
) -> Run:
    """Forecast a case by simulation.

    Parameters
    ----------
    of
        A cut case, or a model built from one.
    trajectories
        Number of simulations.
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
    scheduler
        Workers that compute the chunks: the address of a Dask scheduler, ``local`` for processes of this machine, or
        `Workers`. Changes no number.

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
    check_room(model, trajectories, run_dir)
    job = Job(
        model=model,
        request=request,
        posterior=posterior,
        threads=threads or processors(),
        command=command or as_call(request),
        conditions=conditions,
    )
    with connected(scheduler, threads) as workers:
        return made_together([job], run_dir=run_dir, progress=progress, workers=workers)[0]


def made_together(
    jobs: Sequence[Job],
    *,
    run_dir: Path | str | None = None,
    progress: Report | None = None,
    starts: StartingStates | None = None,
    workers: Workers | None = None,
) -> list[Run]:
    """Make several runs together, chunk after chunk, so that what they share is drawn once.

    Parameters
    ----------
    jobs
        What to make.
    run_dir
        Folder for runs, each in a folder of its own; None keeps all in memory.
    progress
        Called as the work proceeds, with numbers of simulations of all runs together; by default a bar in a notebook,
        and nothing elsewhere.
    starts
        Starting states that the runs share; None draws those of each run by itself.
    workers
        What computes the chunks; None computes them in this process.

    Raises
    ------
    SettingError
        If workers cannot be used.
    RunError
        If a run folder cannot be written, or all workers are lost. Finished chunks are kept.
    RunInterrupted
        If the user interrupts runs that are kept in folders.
    """
    report, total = progress or simulation_bar() or (lambda _: None), sum(job.request.trajectories for job in jobs)
    if run_dir is None:
        kept = [InMemory(job) for job in _on(jobs, workers, report)]
        _fill(kept, report, total, starts, workers)
        report(Progress("done", total, total))
        return [making.finish() for making in kept]
    folders = [RunFolder.within(Path(run_dir), job.request) for job in jobs]
    there = [folder.path.exists() and folder.finished() is not None for folder in folders]
    lacking = [pair for pair, found in zip(zip(jobs, folders, strict=True), there, strict=True) if not found]
    made, absent = {}, list[InFolder]()
    try:
        if lacking:
            placed = zip(_on([job for job, _ in lacking], workers, report), lacking, strict=True)
            absent = [InFolder(job, folder) for job, (_, folder) in placed]
            _fill(absent, report, total, starts, workers)
            report(Progress("assembling", total, total))
            made = {making.folder.path: making.finish() for making in absent}
    except KeyboardInterrupt:
        raise RunInterrupted(lacking[0][1].path) from None
    report(Progress("done" if lacking else "reused", total, total))
    return [
        made[folder.path] if folder.path in made else replace(open_run(folder.path), reused=True, model=job.model)
        for job, folder in zip(jobs, folders, strict=True)
    ]


def _on(jobs: Sequence[Job], workers: Workers | None, report: Report) -> Sequence[Job]:
    """The jobs, with the threads of the workers that will compute them; these are found now, before any work."""
    if workers is None:
        return jobs
    report(Progress("connecting", 0, sum(job.request.trajectories for job in jobs)))
    return [replace(job, threads=workers.threads) for job in jobs]


def _fill(
    makings: Sequence[Making], report: Report, total: int, starts: StartingStates | None, workers: Workers | None
) -> None:
    """Compute and keep the missing chunks, the same chunk of every run before the next."""
    conditional = any(making.job.conditions is not None for making in makings)
    if conditional:
        report(Progress(_first_stage(), 0, total))
    for making in makings:
        _ = making.job.series  # refused, if at all, before anything is written
    for making in makings:
        making.prepare()
    missing = missing_by_chunk(makings)
    done = total - sum(len(makings[i].job.request.chunk(number)) for number, which in missing.items() for i in which)
    if done or not conditional:
        report(Progress(_first_stage(), done, total))
    if not missing:
        return
    if _first_stage() == "compiling":
        make_code(makings[0].job.model, lambda functions: report(Progress("compiling", functions, 0)))
    kept = _kept_here(makings, missing, starts) if workers is None else keep_from_workers(workers, makings, missing)
    with closing(kept):  # at once where the report raises, so that workers stop
        for simulations in kept:
            done += simulations
            report(Progress("simulating", done, total))


def _kept_here(
    makings: Sequence[Making], missing: Mapping[int, Sequence[int]], starts: StartingStates | None
) -> Generator[int]:
    """Compute the missing chunks in this process and keep them; yields the simulations of each.

    One trajectory comes before, on this thread: compilation must not happen on several threads.
    """
    shared: dict[str, Any] = {} if starts is None else {"starts": starts}
    first = makings[next(iter(missing.values()))[0]].job
    simulate(first.model, seed=first.request.seed, trajectories=[0], posterior=first.posterior, **shared)
    for number, which in missing.items():
        for making in (makings[i] for i in which):
            job = making.job
            given = shared if job.series is None else {"series": job.series}
            batch = simulate_chunk(
                job.model, job.request, number, threads=job.threads, posterior=job.posterior, **given
            )
            making.keep(number, making.packing.pack(number, batch, threads=job.threads))
            yield len(batch.lost)


def check_room(model: Model, trajectories: int, run_dir: Path | str | None) -> None:
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
        folder = Path(run_dir)
        there = next((p for p in (folder, *folder.absolute().parents) if p.exists()), Path())
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


def _first_stage() -> Stage:
    """``compiling`` where no machine code of the engine as it stands is on disk."""
    folder = cache_folder()
    return "preparing" if folder is not None and any(folder.rglob("*.nbc")) else "compiling"


def make_ready(model: Model, report: Report, done: int, total: int) -> None:
    """Report the stage that work begins with, and make machine code where there is none on disk."""
    report(Progress(_first_stage(), done, total))
    if _first_stage() == "compiling":
        make_code(model, lambda functions: report(Progress("compiling", functions, 0)))


def unwritable_cache() -> str | None:
    """The folder where machine code should be kept and cannot be, in words; None where it is kept."""
    if cache_folder() is not None:
        return None
    try:
        return f"the cache folder {user_cache()}"
    except RuntimeError:
        return "a cache folder in the home folder, which is not known,"


def as_call(request: Request) -> str:
    """The call in Python that makes the run of a request."""
    given = f", given={list(request.given)}" if request.given else ""
    return (
        f"afterfall.forecast(afterfall.open_case({request.case!r}, as_of={request.as_of.isoformat()!r}), "
        f"trajectories={request.trajectories}, horizon={request.horizon}, seed={request.seed}{given})"
    )
