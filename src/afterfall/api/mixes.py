"""The verb that searches: the best mix of levers under a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from afterfall.api.policies import origin_of, refuse_conditions
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, FEW_TRAJECTORIES
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import Policy, open_levers
from afterfall.policy.best_mix import BestMix, candidates, race, read_mix
from afterfall.policy.budgets import check_budgets, read_budgets
from afterfall.policy.comparison import run_each
from afterfall.policy.option_set import OptionSet, option_set
from afterfall.policy.option_texts import NOW, Option, read_options
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.run import month_at
from afterfall.run.case_source import CaseSource, case_from, warn_stale
from afterfall.run.conditions import Given
from afterfall.run.forecasting import At, Report
from afterfall.run.resolve import RunSettings
from afterfall.run.workers import Scheduler

#: Levers searched where none is named, and the outcome that is judged.
USUAL, OUTCOME = ("border", "monitoring", "programmes"), "undetected"


def best_mix(
    of: CaseSource,
    budget: str | Sequence[str] = (),
    *,
    mix: str | Sequence[str] = USUAL,
    outcome: str = OUTCOME,
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
) -> BestMix:
    """Search the mix of levers that is best on an outcome within a budget, with common random numbers.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    budget
        Budgets such as ``"imprisoned=240"`` (person-months more than now) or ``"CAD=5m"``
        (`afterfall.policy.budgets`); none for no limit.
    mix
        Levers to search, such as ``"border"`` (as now, half way to full, full) or ``"border=0.4,0.8"``.
    outcome
        The quantity that is judged; it must be better in one direction.
    against
        What spending and outcomes are compared with; by default policy as it is on the as-of date.
    lever_files
        Files with more levers.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    at
        Month or date at which outcomes are compared; by default the horizon.
    given
        Refused, as by `compare`.
    as_of, horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`); 200 trajectories of each finalist by default. Only finalists are kept
        in `run_dir`.
    scheduler
        What computes, as for `forecast`.

    Returns
    -------
    BestMix
        The finalists, the best first, with what they spend and in how many simulations they are best.

    Raises
    ------
    ValueError
        If a budget, a lever, an outcome, a country or a setting cannot be used.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = best_mix("tiny", "monitored=50", mix="border=0.9", country="brom", horizon=6, trajectories=5)
    >>> found.candidates, sorted(one.name for one in found.mixes)
    (2, ['border=0.9', 'now'])
    """
    refuse_conditions(given)
    settings = RunSettings(horizon=horizon, trajectories=trajectories, seed=seed, threads=threads)
    budgets = read_budgets([budget] if isinstance(budget, str) else list(budget))
    case = case_from(of, as_of)
    warn_stale(case)
    months = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    code = None if country is None else origin_of(case, country)
    catalogue = open_levers([lever_files] if isinstance(lever_files, Path) else lever_files)
    base = read_options(case, [against], catalogue, code)[0]
    searched = read_mix(catalogue, CaseView(case), [mix] if isinstance(mix, str) else list(mix), code)
    every = candidates(catalogue, case, searched, code)

    def measure(policies: Sequence[tuple[str, Policy]], simulations: int, kept: bool) -> OptionSet:
        made = run_each(
            case,
            [policy for _, policy in policies],
            against=base.policy,
            country=code,
            at=months if at is None else month_at(case.as_of, at, months),
            horizon=months,
            trajectories=simulations,
            seed=DEFAULT_SEED if settings.seed is None else settings.seed,
            run_dir=run_dir if kept else None,
            threads=settings.threads,
            progress=progress,
            command=command,
            draws=draws,
            scheduler=scheduler,
            rhos=(),
        )
        found = option_set([base.name, *(name for name, _ in policies)], made)
        check_budgets(budgets, found.spent[0])
        return found

    return race(
        every, outcome, budgets, measure, FEW_TRAJECTORIES if settings.trajectories is None else settings.trajectories
    )
