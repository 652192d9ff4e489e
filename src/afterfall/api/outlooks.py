"""The verbs that look around a forecast: what to watch for, and what changed since an earlier one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.report.watch.watching import WatchList, watch_list
from afterfall.run import SettingError
from afterfall.run.case_source import CaseSource
from afterfall.run.conditions import Given
from afterfall.run.forecasting import At, Report
from afterfall.run.resolve import PlannedRun, RunSettings, Source, resolve

#: Months ahead by which indicators are seen where nothing is said.
BY = 12


def watch(
    source: Source,
    *,
    country: str | None = None,
    by: At | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> WatchList:
    """Rank what may be seen by a day by how much it would say about the headline numbers.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    country
        Code or name of an origin; None for the world.
    by
        Month or date by which indicators are seen, by default twelve months ahead; for a country the recorded month
        nearest to it.
    given
        Conditions that are taken as given already (`afterfall.run.conditions`).
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    WatchList
        Falls, events of organisations, moves of people and published counts, each with its chance, the effective
        numbers behind it, its expected information in bits, and every headline number if it is seen and if not.

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, or the run is of another case or version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = watch("tiny", country="Arda", horizon=12, trajectories=40)
    >>> found.place, found.run.date(found.month).isoformat(), len(found.watched) > 20
    ('Arda', '2016-06-30', True)
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=given,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings)
    code = planned.origin(country)
    month = _month_seen(planned, by)
    return watch_list(planned.run(), planned.model, country=None if code is None else str(code), month=month)


def _month_seen(planned: PlannedRun, by: At | None) -> int:
    """The month by which indicators are seen.

    Raises
    ------
    SettingError
        If it is the as-of date itself.
    """
    month = planned.month(min(BY, planned.request.horizon) if by is None else by)
    if not month:
        raise SettingError(f"{{0}} must be a month or a date after {planned.request.as_of}, found {by}", "by")
    return month
