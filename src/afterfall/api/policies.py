"""The verbs that set policies: compare two, and screen returnees under one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from afterfall.case import Case
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import AS_NOW, Policy, open_levers
from afterfall.policy.comparison import Comparison
from afterfall.policy.comparison import compare as compare_policies
from afterfall.policy.screening import BASE_RATES, Screening, screening
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.run import DEFAULT_SEED, month_at
from afterfall.run.forecasting import DEFAULT_HORIZON, At, Report
from afterfall.run.resolve import CaseSource, RunSettings, case_from, resolve, warn_stale

#: Simulations of a comparison's sides, and of a screening.
TRAJECTORIES = 200


def origin_of(case: Case, country: str) -> str:
    """The code of an origin of a case, by code or by any usual name.

    Raises
    ------
    UnknownPlace
        If there is no such origin, or if there may be several; the error names the nearest ones.
    """
    return CaseView(case).origin(country)


def compare(
    of: CaseSource,
    *,
    levers: Sequence[str] = (),
    package: str | None = None,
    against: str | Policy | None = None,
    lever_files: Sequence[Path] = (),
    country: str | None = None,
    as_of: date | str | None = None,
    at: At | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Comparison:
    """Compare two policies, simulation by simulation with common random numbers.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    levers
        Settings of side B, such as ``border=0.6`` or ``border=0.6@GBR``, from 0 (none) to 1 (in full).
    package
        A package of levers that side B starts from.
    against
        Side A: a package or a policy; by default policy as it is on the as-of date.
    lever_files
        Files with more levers and packages.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    at
        Month or date at which outcomes are compared; by default the horizon.
    as_of, horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`); 200 trajectories on each side by default, and the same draws.

    Returns
    -------
    Comparison
        Differences B - A by quantity in people, their costs, and whom they harm.

    Raises
    ------
    ValueError
        If nothing is set, or a lever, a package, a country or a setting cannot be used.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = compare("tiny", levers=["detention-security=0.9"], horizon=6, trajectories=5)
    >>> found.trajectories, "escaped" in found.differences
    (5, True)
    """
    if not levers and package is None:
        raise ValueError("nothing to compare: give --lever NAME=INTENSITY or --package NAME (levers=, package=)")
    case = case_from(of, as_of)
    warn_stale(case)
    months = DEFAULT_HORIZON if horizon is None else horizon
    code = None if country is None else origin_of(case, country)
    catalogue = open_levers(lever_files)
    other = catalogue.policy(case, against, (), code) if isinstance(against, str) else against or AS_NOW
    return compare_policies(
        case,
        catalogue.policy(case, package, levers, code),
        against=other,
        country=code,
        at=months if at is None else month_at(case.as_of, at, months),
        horizon=months,
        trajectories=TRAJECTORIES if trajectories is None else trajectories,
        seed=DEFAULT_SEED if seed is None else seed,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
        draws=draws,
    )


def screen(
    of: CaseSource,
    *,
    country: str,
    levers: Sequence[str] = (),
    package: str | None = None,
    lever_files: Sequence[Path] = (),
    every: int = 12,
    base_rates: Sequence[float] | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Screening:
    """Report whom assessments of one country's returnees flag, miss and flag wrongly, and what a flag is worth.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    country
        Code or name of the origin whose returnees are assessed.
    levers, package, lever_files
        The policy that holds, as for `compare`.
    every
        Months in one period of the table.
    base_rates
        Shares at risk among the assessed, from 0 to 1, at which to report what a flag is worth; by default
        1, 10 and 50%.
    as_of, horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`); 200 trajectories by default.

    Returns
    -------
    Screening
        Verdicts in people by period, sensitivity and specificity as probabilities, one value a trajectory.

    Raises
    ------
    ValueError
        If a lever, a package, a country, a rate or a setting cannot be used.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = screen("tiny", country="Arda", horizon=12, every=6, trajectories=5)
    >>> found.country, len(found.periods)
    ('arda', 2)
    """
    case = case_from(of, as_of)
    code = origin_of(case, country)
    policy = open_levers(lever_files).policy(case, package, levers, code)
    months = DEFAULT_HORIZON if horizon is None else horizon
    settings = RunSettings(
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    ends = range(every, months, every) if every > 0 else ()
    planned = resolve(case, settings, at=ends, policy=policy, trajectories=TRAJECTORIES)
    return screening(planned.model, planned.run(), code, every=every, base_rates=base_rates or BASE_RATES)
