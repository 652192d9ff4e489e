"""What a user asks of a forecast, and the model and request it comes down to.

Two ways in: a case with settings, each with a default; or ``--from RUN``, which takes all settings that change numbers
from the run's own request and refuses others beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from afterfall.case import Case, open_case
from afterfall.cli.days import check_day
from afterfall.cli.failures import BAD_INPUT, FAILURE, Failure, reading_input
from afterfall.cli.streams import stderr
from afterfall.model import Model, build
from afterfall.run import (
    DEFAULT_SEED,
    DEFAULT_TRAJECTORIES,
    Request,
    RunError,
    RunFolder,
    month_at,
    request_of,
)
from afterfall.run.forecasting import DEFAULT_HORIZON
from afterfall.run.request import PRIOR

if TYPE_CHECKING:
    from afterfall.posterior import Posterior

DEFAULT_RUNS = Path("runs")
#: Days after the last thing published from which a user is told that the case knows no more.
STALE = 92
#: Months between records by country.
QUARTER = 3


@dataclass(frozen=True, slots=True)
class Question:
    """The command line as typed; None where nothing was given."""

    case: str | None
    as_of: str | None
    horizon: int | None
    at: str | None
    trajectories: int | None
    seed: int | None
    country: str | None
    run_dir: Path | None
    replay: Path | None
    threads: int | None
    prior_only: bool = False
    draws: Path | None = None


@dataclass(frozen=True)
class Asked:
    """What to run: a model, the request, the folder for runs, the month and the country to show, and the posterior."""

    model: Model
    request: Request
    runs: Path
    at: int
    country: str | None
    posterior: Posterior | None = None


def understand(question: Question) -> Asked:
    """Build the model a question is about.

    Raises
    ------
    Failure
        If the case, a date, a month, the country or a number is not valid; with the nearest valid one if there is one.
    """
    check_day("--as-of", question.as_of)
    check_day("--at", question.at)
    with reading_input():
        return _from_case(question) if question.replay is None else _from_run(question, question.replay)


def _from_case(question: Question) -> Asked:
    if question.case is None:
        raise Failure("name a CASE (afterfall forecast isis-2017) or a run to replay (--from RUN)", BAD_INPUT)
    case = open_case(question.case, as_of=question.as_of)
    horizon = DEFAULT_HORIZON if question.horizon is None else question.horizon
    if horizon < 1:
        raise Failure(f"--horizon must be at least 1 month, found {horizon}", BAD_INPUT)
    at = horizon if question.at is None else month_at(case.as_of, question.at, horizon)
    # World totals are recorded every month; only a country needs its month recorded.
    model = build(case, horizon=horizon, record_months=[at] if question.country else ())
    posterior = posterior_asked(question, model)
    request = request_of(
        model,
        trajectories=DEFAULT_TRAJECTORIES if question.trajectories is None else question.trajectories,
        seed=DEFAULT_SEED if question.seed is None else question.seed,
        posterior=posterior,
    )
    country = origin_of(model, question.country)
    _warn(case, at if country else None, horizon)
    return Asked(model, request, question.run_dir or DEFAULT_RUNS, at, country, posterior)


def posterior_asked(question: Question, model: Model) -> Posterior | None:
    """The posterior that a question draws parameters from, or None for priors.

    Raises
    ------
    ValueError
        If the file is none, or its posterior does not belong to the model; both options at once are bad input as well.
    """
    from afterfall.posterior import posterior_for, read_posterior
    from afterfall.posterior.bundled import matched

    if question.prior_only and question.draws is not None:
        raise Failure("--prior-only draws from priors and --draws from a posterior: leave one out", BAD_INPUT)
    if question.prior_only:
        return None
    if question.draws is None:
        return posterior_for(model)
    found = matched(read_posterior(question.draws), model)
    if found.faults:
        stderr().print(f"note: the chains behind {question.draws} have not settled: {'; '.join(found.faults)}")
    return found


def _from_run(question: Question, replay: Path) -> Asked:
    fixed = {
        "--as-of": question.as_of,
        "--horizon": question.horizon,
        "--trajectories": question.trajectories,
        "--seed": question.seed,
        "--prior-only": question.prior_only or None,
    }
    given = [name for name, value in fixed.items() if value is not None]
    if given:
        raise Failure(f"--from takes these from the run: leave out {', '.join(given)}", BAD_INPUT)
    try:
        old = RunFolder.at(replay).request
    except RunError as problem:
        raise Failure(str(problem), BAD_INPUT) from problem
    case = open_case(question.case or old.case, as_of=old.as_of)
    model = build(case, horizon=old.horizon, record_months=old.record_months)
    posterior = posterior_asked(replace(question, prior_only=old.draws == PRIOR), model)
    new = request_of(
        model, trajectories=old.trajectories, seed=old.seed, chunk_size=old.chunk_size, posterior=posterior
    )
    changed = old.differences(new)
    if changed:
        told = "\n  ".join(f"{name}: {was} in the run, {now} here" for name, (was, now) in changed.items())
        raise Failure(f"{replay} cannot be replayed with this case and version:\n  {told}\n{_anew(old)}", FAILURE)
    at = old.horizon if question.at is None else month_at(case.as_of, question.at, old.horizon)
    return Asked(model, new, question.run_dir or replay.parent, at, origin_of(model, question.country), posterior)


def _warn(case: Case, at: int | None, horizon: int) -> None:
    """Say on stderr what a user would not expect: a day beyond the data, a month that needs a run of its own."""
    warn_stale(case)
    if at is not None and at % QUARTER and at != horizon:
        before, after = at - at % QUARTER, min(at - at % QUARTER + QUARTER, horizon)
        stderr().print(
            f"note: countries are recorded every third month; month {at} lies between, so that this is a run of its "
            f"own, the same futures with that month added. --at {before} and --at {after} need none."
        )


def warn_stale(case: Case) -> None:
    """Say on stderr that an as-of date lies well beyond all that was published."""
    latest = case.latest_published
    if (case.as_of - latest).days > STALE:
        stderr().print(
            f"note: nothing in case {case.id} was published after {latest}; what happened between then and "
            f"{case.as_of} is not known to it"
        )


def _anew(old: Request) -> str:
    """How to ask the case and version at hand what a run was asked."""
    return (
        f"To ask them the same: afterfall forecast {old.case} --as-of {old.as_of} --horizon {old.horizon} "
        f"--trajectories {old.trajectories} --seed {old.seed}"
    )


def origin_of(model: Model, country: str | None) -> str | None:
    """Code of an origin given by code or by any usual name."""
    return None if country is None else model.view.origin(country)
