"""The verbs that set policies: compare two, and screen returnees under one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from afterfall.case import Case
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, FEW_TRAJECTORIES
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import AS_NOW, Policy, open_levers
from afterfall.policy.comparison import Comparison, run_each
from afterfall.policy.comparison import compare as compare_policies
from afterfall.policy.option_set import OptionSet, option_set
from afterfall.policy.option_texts import NOW, Option, read_options
from afterfall.policy.screening import BASE_RATES, Screening, check_period, checked_base_rates, screening
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.run import SettingError, month_at
from afterfall.run.case_source import CaseSource, case_from, warn_stale
from afterfall.run.conditions import Given, several_conditions
from afterfall.run.forecasting import At, Report
from afterfall.run.resolve import RunSettings, resolve
from afterfall.run.workers import Scheduler

T = TypeVar("T", str, Path)


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
    levers: str | Sequence[str] = (),
    package: str | None = None,
    against: str | Policy | None = None,
    lever_files: Path | Sequence[Path] = (),
    country: str | None = None,
    as_of: date | str | None = None,
    at: At | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
    scheduler: Scheduler = None,
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
        Side A: a package, levers as text (``"programmes=0.7"``), or a policy; by default policy as it is on the as-of
        date.
    lever_files
        Files with more levers and packages.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    at
        Month or date at which outcomes are compared; by default the horizon.
    given
        Refused: policies change how likely the conditions are, so that both sides would rest on other simulations.
    as_of, horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`); 200 trajectories on each side by default, and the same draws.
    scheduler
        What computes, as for `forecast`.

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
        raise SettingError("nothing to compare: give {0} as NAME=INTENSITY, or {1}", "levers", "package")
    refuse_conditions(given)
    if not isinstance(against, str | Policy | None):
        raise SettingError(f"{{0}} must be a package or a policy, found a {type(against).__name__}", "against")
    settings = RunSettings(horizon=horizon, trajectories=trajectories, seed=seed, threads=threads)
    case = case_from(of, as_of)
    warn_stale(case)
    months = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    code = None if country is None else origin_of(case, country)
    catalogue = open_levers(_several(lever_files))
    other = read_options(case, [against], catalogue, code)[0].policy if isinstance(against, str) else against or AS_NOW
    return compare_policies(
        case,
        catalogue.policy(case, package, _several(levers), code),
        against=other,
        country=code,
        at=months if at is None else month_at(case.as_of, at, months),
        horizon=months,
        trajectories=FEW_TRAJECTORIES if settings.trajectories is None else settings.trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        run_dir=run_dir,
        threads=settings.threads,
        progress=progress,
        command=command,
        draws=draws,
        scheduler=scheduler,
    )


def compare_options(
    of: CaseSource,
    options: str | Path | Option | Sequence[str | Path | Option],
    *,
    against: str | Path | Option = NOW,
    lever_files: Path | Sequence[Path] = (),
    country: str | None = None,
    as_of: date | str | None = None,
    at: At | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
    scheduler: Scheduler = None,
) -> OptionSet:
    """Compare any number of options with the status quo and with each other, with common random numbers.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    options
        Options: texts such as ``"border: border=0.6"`` or ``"programmes: programmes-first assessment=0.8"``, or TOML
        files of several (`afterfall.policy.option_texts`).
    against
        What all are compared with; by default policy as it is on the as-of date.
    lever_files
        Files with more levers and packages.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    at
        Month or date at which outcomes are compared; by default the horizon.
    given
        Refused, as by `compare`.
    as_of, horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`); 200 trajectories of each option by default, and the same draws.
    scheduler
        What computes, as for `forecast`.

    Returns
    -------
    OptionSet
        Differences between any two options by quantity in people, which is best how often, and how far behind.

    Raises
    ------
    ValueError
        If an option, a country or a setting cannot be used; all problems of the options are listed.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = compare_options("tiny", ["safer: detention-security=0.9"], horizon=6, trajectories=5)
    >>> found.names, found.comparisons[0].trajectories
    (('now', 'safer'), 5)
    """
    refuse_conditions(given)
    stated = [options] if isinstance(options, str | Path | Option) else list(options)
    if not stated:
        raise SettingError("nothing to compare: give {0} as NAME: LEVER=INTENSITY", "options")
    settings = RunSettings(horizon=horizon, trajectories=trajectories, seed=seed, threads=threads)
    case = case_from(of, as_of)
    warn_stale(case)
    months = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    code = None if country is None else origin_of(case, country)
    base, *others = read_options(case, [against, *stated], open_levers(_several(lever_files)), code)
    made = run_each(
        case,
        [one.policy for one in others],
        against=base.policy,
        country=code,
        at=months if at is None else month_at(case.as_of, at, months),
        horizon=months,
        trajectories=FEW_TRAJECTORIES if settings.trajectories is None else settings.trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        run_dir=run_dir,
        threads=settings.threads,
        progress=progress,
        command=command,
        draws=draws,
        scheduler=scheduler,
        rhos=(),
    )
    return option_set([base.name, *(one.name for one in others)], made)


def refuse_conditions(given: Given) -> None:
    """Refuse conditions, which policies would change the chance of.

    Raises
    ------
    SettingError
        If there are any.
    """
    if several_conditions(given):
        raise SettingError(
            "a comparison takes no {0}: policies may change how likely the conditions are, so that the two sides would "
            "rest on different simulations. Leave it out, or forecast given the conditions without a policy",
            "given",
        )


def screen(
    of: CaseSource,
    *,
    country: str,
    levers: str | Sequence[str] = (),
    package: str | None = None,
    lever_files: Path | Sequence[Path] = (),
    every: int = 12,
    base_rates: float | Sequence[float] | None = None,
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
    check_period(every)
    rates = BASE_RATES if base_rates is None else checked_base_rates(base_rates)
    case = case_from(of, as_of)
    code = origin_of(case, country)
    policy = open_levers(_several(lever_files)).policy(case, package, _several(levers), code)
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
    months = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    ends = range(every, months, every)
    planned = resolve(case, settings, at=ends, policy=policy, trajectories=FEW_TRAJECTORIES)
    return screening(planned.model, planned.run(), code, every=every, base_rates=rates)


def _several(given: T | Sequence[T]) -> Sequence[T]:
    """Texts or paths, where one alone may be given."""
    return [given] if isinstance(given, str | Path) else given
