"""The verbs that look around a forecast: what to watch for, and what changed since an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from afterfall.defaults import FEW_TRAJECTORIES
from afterfall.model.language.case_view import CaseView
from afterfall.posterior.draws_from import DEFAULT, PRIOR_DRAWS, DrawsFrom
from afterfall.report.changes.between_runs import Changes, changes_between, check_order
from afterfall.report.changes.forecast_side import side_of
from afterfall.report.watch.seen import checked_seen, given_seen
from afterfall.report.watch.watching import WatchList, watch_list
from afterfall.run import Run, SettingError
from afterfall.run.case_source import CaseSource
from afterfall.run.conditions import Given
from afterfall.run.forecasting import At, Report, labelled
from afterfall.run.resolve import PlannedRun, RunSettings, Source, is_run, opened, resolve
from afterfall.run.seen_conditions import parted

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
    before, seen = parted(given)
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=before,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings)
    code = planned.origin(country)
    month = _month_seen(planned, by)
    conditions = checked_seen(seen, planned.model)
    run = given_seen(planned.run(), planned.model, conditions)
    return watch_list(run, planned.model, country=None if code is None else str(code), month=month)


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


def changes(
    old: Source,
    new: Source,
    *,
    country: str | None = None,
    old_as_of: date | str | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    old_case: CaseSource | None = None,
    case: CaseSource | None = None,
    old_draws: DrawsFrom = DEFAULT,
    draws: DrawsFrom = DEFAULT,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Changes:
    """Say what changed between two forecasts, judgement by judgement, and which figure, event or version did it.

    Parameters
    ----------
    old, new
        A run or its folder; or the name or the folder of a case, or a case, which is forecast first.
    country
        Code or name of an origin; None for the world.
    old_as_of, as_of
        Where a case is named: the days that the old and the new forecast see it from.
    horizon, seed
        Where a case is named: months to look ahead, and the seed, of both forecasts.
    trajectories
        Simulations of forecasts that are made here, and of each step; 200 by default. Runs keep what they have.
    old_case, case
        For a run that was opened from its folder: the case it was made from, where that is a case of the user's own.
    old_draws, draws
        Where parameters come from (see `afterfall.api`); of a run, the posterior that it was made from, where that is
        not one of the package.
    run_dir, threads, progress, command
        As for every verb (see `afterfall.api`). Steps are kept in a folder ``steps`` within `run_dir`.

    Returns
    -------
    Changes
        Every headline in both forecasts, with steps that add up to the difference and their Monte Carlo errors, and
        the rows in which the two cases differ.

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, the old forecast is of a later day, or a run was made under a
        policy or from a case that has to be given (`WrongRun`).
    RunError
        If a run folder cannot be written.

    Examples
    --------
    >>> found = changes("tiny", "tiny", old_as_of="2015-03-31", horizon=12, trajectories=20, draws="prior")
    >>> found.causes[0], found.simulations
    ('time', 20)
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        run_dir=run_dir,
        threads=threads,
        progress=labelled(progress, "new"),
        command=command,
    )
    earlier = draws if old_draws == DEFAULT and draws == PRIOR_DRAWS else old_draws
    older = replace(settings, as_of=old_as_of, draws=earlier, progress=labelled(progress, "old"))
    runs = _side_run(old, older), _side_run(new, settings)
    check_order(*runs)
    sides = side_of(runs[0], old_case, earlier, "old_case"), side_of(runs[1], case, draws, "case")
    code = None if country is None else runs[1].origin(country)
    if code is not None and code not in {str(one) for one in runs[0].dataset["origin"].values}:
        raise SettingError(f"the old forecast does not tell {code} apart: leave out {{0}}", "country")
    rest = frozenset() if sides[1].case is None else CaseView(sides[1].case).remainder_spells
    return changes_between(
        *sides,
        rest,
        country=code,
        simulations=FEW_TRAJECTORIES if settings.trajectories is None else settings.trajectories,
        run_dir=None if run_dir is None else Path(run_dir),
        threads=threads,
        progress=progress,
    )


def _side_run(source: Source, settings: RunSettings) -> Run:
    """The run of one side: opened, or forecast where a case is named; what a run has already is refused."""
    if not is_run(source):
        return resolve(source, settings, trajectories=FEW_TRAJECTORIES).run()
    settings.refuse(["as_of"], "a finished run has this already")
    assert isinstance(source, Run | str | Path)
    return opened(source)
