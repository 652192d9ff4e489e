"""The verbs that go on from a run: attacks abroad, and deaths in armed conflict."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from afterfall.attack.attack_model import attacks as attacks_of
from afterfall.attack.attack_result import Attacks, place_of
from afterfall.conflict.violence_model import Violence, check_covered
from afterfall.conflict.violence_model import violence as violence_of
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.run import Progress
from afterfall.run.case_source import CaseSource
from afterfall.run.forecasting import Report
from afterfall.run.resolve import SAME_CASE, PlannedRun, RunSettings, Source, resolve


def attacks(
    source: Source,
    *,
    country: str | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Attacks:
    """Draw attacks by returnees, the sent and the inspired, by country and month in each trajectory of a run.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    country
        Code or name of an origin or a group (``Europe``) that must be covered: refused before anything is run if it is
        not.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    Attacks
        Attempts by source, completed attacks and deaths, counts by trajectory, month and country.

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, or the run is of another case or version (`WrongRun`). So if
        attempts in the country are not forecast (`ArmedHostError`): before anything is run.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = attacks("tiny", horizon=12, trajectories=20)
    >>> found.attempts.shape[3], len(found.years())
    (3, 2)
    >>> 0.0 <= found.chance(found.place("Arda"), 2016) <= 1.0
    True
    """
    planned = resolve(
        source,
        RunSettings(
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=draws,
            case=case,
            run_dir=run_dir,
            threads=threads,
            progress=progress,
            command=command,
        ),
        same=SAME_CASE,
    )
    model = planned.model
    if country is not None:
        place_of(country, model.view)
    run = planned.run()
    _learning(planned, "published counts of attacks")
    return attacks_of(run, model)


def violence(
    source: Source,
    *,
    country: str | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Violence:
    """Draw deaths in armed conflict by country and month in each trajectory of a run.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    country
        Code or name of a country that must be covered: refused before anything is run if it is not.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    Violence
        Deaths and events, counts by trajectory, month and country.

    Raises
    ------
    ValueError
        If no country of the case is in the record of violence, a name, a date or a setting cannot be used, or the run
        is of another case or version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    The made-up countries of `tiny` have no violence; a real case takes half a minute:

    >>> found = violence("isis-2017", trajectories=20)  # doctest: +SKIP
    >>> found.in_year(2018).shape  # doctest: +SKIP
    """
    planned = resolve(
        source,
        RunSettings(
            as_of=as_of,
            horizon=horizon,
            trajectories=trajectories,
            seed=seed,
            draws=draws,
            case=case,
            run_dir=run_dir,
            threads=threads,
            progress=progress,
            command=command,
        ),
        same=SAME_CASE,
    )
    check_covered(planned.model.case, country)
    run = planned.run()
    _learning(planned, "the record of violence")
    return violence_of(run, planned.model.case)


def _learning(planned: PlannedRun, record: str) -> None:
    if planned.settings.progress is not None:
        done = planned.request.trajectories
        planned.settings.progress(Progress("learning", done, done, record))
