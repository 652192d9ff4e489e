"""The verb that explores options over uncertain assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from afterfall.api.policies import origin_of
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, EXPLORE_SCENARIOS, EXPLORE_TRAJECTORIES
from afterfall.exploration import Assumption, Exploration, explore_case
from afterfall.exploration.designs import KINDS
from afterfall.exploration.explored import MAIN_OUTCOME
from afterfall.model.levers import open_levers
from afterfall.policy.option_texts import NOW, Option, read_options
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.run import SettingError, month_at
from afterfall.run.case_source import CaseSource, case_from, warn_stale
from afterfall.run.errors import UnknownName
from afterfall.run.forecasting import At, Report
from afterfall.run.resolve import RunSettings
from afterfall.run.workers import Scheduler

#: What is explored where nothing is stated.
USUAL = ("effects", "rho")


def explore(
    of: CaseSource,
    options: str | Path | Option | Sequence[str | Path | Option],
    *,
    over: str | Path | Assumption | Sequence[str | Path | Assumption] = USUAL,
    against: str | Path | Option = NOW,
    design: str = "lhs",
    scenarios: int | None = None,
    outcome: str = MAIN_OUTCOME,
    lever_files: Path | Sequence[Path] = (),
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
    scheduler: Scheduler = None,
) -> Exploration:
    """Explore options over uncertain assumptions: thousands of cases on common random numbers.

    A *scenario* is one value for each assumption; a *case* is one option under one scenario, simulated a few times. The
    extra ``explore`` must be installed.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    options
        Options, as for `compare_options`.
    over
        Assumptions: names of parameters with or without a range (``"leaving.retained=0..1"``), patterns, the groups
        ``"effects"`` (stated causal effects of the levers that options set) and ``"rho"``, or TOML files. By default
        both groups.
    against
        What all are compared with; by default policy as it is on the as-of date.
    design
        ``"lhs"``, a Latin hypercube, or ``"sobol"``, from which total indices follow.
    scenarios
        Scenarios of a hypercube, by default 250; of a Sobol design a power of two n, which makes n (k + 2) scenarios.
    outcome
        Quantity by which options are ranked, by default people at home who are at risk and undetected.
    lever_files
        Files with more levers and packages.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    at
        Month or date at which outcomes are counted; by default the horizon.
    trajectories
        Simulations of each case, by default 10: the same ones in every case.
    as_of, horizon, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`). In `run_dir` an interrupted exploration resumes.
    scheduler
        What computes, as for `forecast`.

    Returns
    -------
    Exploration
        People in every case; `findings` says where options win and fail.

    Raises
    ------
    ImportError
        If the extra is not installed.
    ValueError
        If an option, an assumption, a country or a setting cannot be used; all problems of one kind are listed.
    RunError
        If the folder cannot be written.

    Examples
    --------
    >>> found = explore("tiny", ["safer: detention-security=0.9"], scenarios=8, horizon=6, trajectories=2)
    >>> found.options, found.cases, len(found.assumptions)
    (('now', 'safer'), 16, 3)
    """
    stated = [options] if isinstance(options, str | Path | Option) else list(options)
    if not stated:
        raise SettingError("nothing to explore: give {0} as NAME: LEVER=INTENSITY", "options")
    kind = next((one for one in KINDS if one == design), None)
    if kind is None:
        raise UnknownName("design", design, KINDS)
    settings = RunSettings(horizon=horizon, trajectories=trajectories, seed=seed, threads=threads)
    case = case_from(of, as_of)
    warn_stale(case)
    months = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    code = None if country is None else origin_of(case, country)
    catalogue = open_levers([lever_files] if isinstance(lever_files, Path) else lever_files)
    return explore_case(
        case,
        read_options(case, [against, *stated], catalogue, code),
        [over] if isinstance(over, str | Path | Assumption) else list(over),
        design_kind=kind,
        scenarios=EXPLORE_SCENARIOS if scenarios is None else scenarios,
        country=code,
        month=months if at is None else month_at(case.as_of, at, months),
        horizon=months,
        simulations=EXPLORE_TRAJECTORIES if settings.trajectories is None else settings.trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        main=outcome,
        run_dir=run_dir,
        threads=settings.threads,
        progress=progress,
        command=command,
        draws=draws,
        scheduler=scheduler,
    )
