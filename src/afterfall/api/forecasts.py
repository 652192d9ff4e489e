"""The verbs that make a run and open one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from afterfall.case import Case
from afterfall.model import Model
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.report.watch.seen import checked_seen, given_seen
from afterfall.run import Run, SettingError
from afterfall.run.conditions import Given
from afterfall.run.forecasting import At, Report
from afterfall.run.months import several_months
from afterfall.run.replay import replayed
from afterfall.run.request import CHUNK_SIZE
from afterfall.run.resolve import RunSettings, opened, resolve, warn_between_quarters
from afterfall.run.seen_conditions import parted
from afterfall.run.workers import Scheduler


def forecast(
    of: Model | Case | str | Path | None = None,
    *,
    as_of: date | str | None = None,
    horizon: int | None = None,
    at: At | Sequence[At] = (),
    country: str | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    replay: Run | str | Path | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
    chunk_size: int = CHUNK_SIZE,
    scheduler: Scheduler = None,
) -> Run:
    """Simulate what happens to the people of a case.

    Parameters
    ----------
    of
        The name or the folder of a case, a case, or a model built from one.
    as_of
        The day to see a case from; by default the day that the case names.
    horizon
        Months beyond the as-of date: 60 for a case, the model's own for a model.
    at
        Months or dates at which people are recorded by origin, besides every third month.
    country
        Code or name of an origin that the forecast must tell apart: refused before anything is run if it does not.
    trajectories
        Simulations, 1,000 by default; more give steadier tails.
    seed
        Seed of the random numbers; the same request gives the same numbers.
    draws
        Where parameters come from: a `Posterior`, or the path of its file or of the folder of its fit; ``"prior"``; or
        by default the posterior that comes with the package for this case and as-of date, and priors where there is
        none.
    given
        Conditions, such as ``"all fall by 2019-03"`` or ``"merger hts"``: dated events that are taken as given, one or
        several (`afterfall.run.conditions`). The run is then marked as conditional in every output.
    replay
        A run, or its folder, finished or not: its request is run again. `of` is then the case it was made from, where
        that is not a bundled one.
    run_dir
        Folder for runs. The run gets a folder of its own within it, goes on where an interrupted one stopped, and is
        reused when finished. None keeps everything in memory.
    threads
        Threads to use: by default the processors this process may use. Changes no number.
    progress
        Called with a `Progress` as the work goes on; by default a bar in a notebook, and nothing elsewhere.
    command
        What to write in the provenance; by default this call.
    chunk_size
        Trajectories a chunk; shapes the files of a run folder, changes no number.
    scheduler
        What computes: the address of a Dask scheduler, ``"local"`` for worker processes of this machine, or `Workers`;
        by default this process. Changes no number. Needs the extra ``cluster``.

    Returns
    -------
    Run
        People by month, quantity and origin in each trajectory, with its model.

    Raises
    ------
    ValueError
        If a name, a date or a number cannot be used, a posterior does not belong to the model (`StaleDraws`), or a
        model is given together with a horizon or months it was not built for.
    RunError
        If the run folder cannot be written or all workers are lost (finished chunks are kept), or a run cannot be
        replayed here.
    ImportError
        If workers are asked for and the extra is not installed.

    Examples
    --------
    >>> run = forecast("tiny", horizon=12, trajectories=20, seed=1)
    >>> run.as_of, run.request.trajectories
    (datetime.date(2015, 6, 30), 20)
    >>> run.quantity("returned", "Arda").sizes["trajectory"]
    20
    """
    before, seen = parted(given)
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=before,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
        chunk_size=chunk_size,
        scheduler=scheduler,
    )
    months = several_months(at)
    if replay is not None:
        if isinstance(of, Model):
            raise SettingError("{0} takes the case of the run, not a model", "replay")
        if seen:
            raise SettingError("a run to replay has these already: leave out {0}", "given")
        planned = replayed(replay, of, settings)
    elif of is None:
        raise SettingError("name a case, such as isis-2017, or give a run to be made again as {0}", "replay")
    else:
        planned = resolve(of, settings, at=months)
    if planned.origin(country) is not None:
        warn_between_quarters(planned.model, months)
    conditions = checked_seen(seen, planned.model)
    return given_seen(planned.run(), planned.model, conditions)


def open_run(path: Path | str) -> Run:
    """Open a finished run.

    Parameters
    ----------
    path
        A run folder, or its ``run.nc``.

    Raises
    ------
    WrongRun
        If it is no run, not finished, or damaged.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = forecast("tiny", horizon=6, trajectories=5, run_dir=folder)
    ...     open_run(made.path).request == made.request
    True
    """
    return opened(path)
