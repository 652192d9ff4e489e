"""From what a user names to a run: the name or the folder of a case, a `Case`, a `Model`, or a run and its folder.

Verbs that forecast a case or read a run come through here, so that the same words mean the same in all of them;
`compare` and `fit` take only their case from here. `resolve` reads and checks and runs nothing; `PlannedRun.run` makes
the run, or hands out the one that is there. A case takes settings, each with a default. A run has its settings already
and refuses others.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from afterfall.case import Case, cut, open_case, open_whole_case
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import DEFAULT, PRIOR_DRAWS, DrawsFrom, posterior_from
from afterfall.run.errors import ForecastWarning, RunError, SettingError, UnknownName, WrongRun
from afterfall.run.forecasting import At, Report, built, forecast, open_run
from afterfall.run.months import month_at
from afterfall.run.request import CHUNK_SIZE, DEFAULT_SEED, DEFAULT_TRAJECTORIES, Request, request_of
from afterfall.run.result import Run

CaseSource = Case | str | Path
Source = Run | Model | Case | str | Path
#: What must agree between a run and the model at hand for one to be read with the other.
SAME_MODEL = ("case_hash", "model_hash", "program_hash")
#: Days after the last publication in a case from which a user is warned that the case knows no more.
STALE = 92
#: Months between records by country.
QUARTER = 3


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How to forecast; None where nothing was given, so that the default holds.

    Attributes
    ----------
    as_of
        The day to see a case from.
    horizon, trajectories, seed
        Months to look ahead, simulations, and the seed of the random numbers.
    draws
        Where parameters come from (see `posterior_from`).
    case
        For a run: the case it was made from, where that is not a bundled case.
    run_dir
        Folder for runs; None keeps the run in memory.
    threads, progress, command, chunk_size
        As for `forecast`.
    """

    as_of: date | str | None = None
    horizon: int | None = None
    trajectories: int | None = None
    seed: int | None = None
    draws: DrawsFrom = DEFAULT
    case: CaseSource | None = None
    run_dir: Path | str | None = None
    threads: int | None = None
    progress: Report | None = None
    command: str | None = None
    chunk_size: int = CHUNK_SIZE

    def refuse(self, names: Sequence[str], text: str) -> None:
        """Refuse the settings of these names that were given, all at once.

        Raises
        ------
        SettingError
            If there are any.
        """
        given = [name for name in names if getattr(self, name) not in (None, DEFAULT)]
        if given:
            raise SettingError(f"{text}: leave out {', '.join(f'{{{i}}}' for i in range(len(given)))}", *given)


@dataclass(frozen=True, eq=False)
class PlannedRun:
    """A run to make, or one that is there, with its model.

    Attributes
    ----------
    model
        The model that is run.
    request
        All that determines the numbers.
    posterior
        What parameters are drawn from; None for priors.
    settings
        Where the run is kept and how its progress is reported.
    finished
        The run, where the source was one.
    """

    model: Model
    request: Request
    posterior: Posterior | None
    settings: RunSettings
    finished: Run | None = None

    def run(self) -> Run:
        """Make the run, or reuse it where the same request was finished before.

        Raises
        ------
        RunError
            If the run folder cannot be written.
        """
        if self.finished is not None:
            return self.finished
        return forecast(
            self.model,
            trajectories=self.request.trajectories,
            seed=self.request.seed,
            chunk_size=self.request.chunk_size,
            run_dir=self.settings.run_dir,
            threads=self.settings.threads,
            progress=self.settings.progress,
            command=self.settings.command,
            draws=PRIOR_DRAWS if self.posterior is None else self.posterior,
        )

    def origin(self, country: str | None) -> str | None:
        """Code of an origin by code or name, None for None.

        Raises
        ------
        UnknownPlace
            If the model tells no such origin apart.
        """
        return None if country is None else self.model.view.origin(country)

    def month(self, at: At | None) -> int | None:
        """Number of a month or a date within the run, None for None.

        Raises
        ------
        ValueError
            If it lies outside.
        """
        return None if at is None else month_at(self.request.as_of, at, self.request.horizon)

    def check_quantity(self, quantity: str) -> None:
        """Refuse a name that is no quantity of the model.

        Raises
        ------
        UnknownName
            With the nearest name.
        """
        known = [q.name for q in self.model.quantities]
        if quantity not in known:
            raise UnknownName("quantity", quantity, known)


def is_run(source: Source) -> bool:
    """Whether a source is a run: a `Run`, its file, or a folder that holds a request."""
    if isinstance(source, str | Path):
        return Path(source).name == "run.nc" or (Path(source) / "request.json").is_file()
    return isinstance(source, Run)


def resolve(
    source: Source,
    settings: RunSettings | None = None,
    *,
    at: Sequence[At] = (),
    policy: Policy = AS_NOW,
    trajectories: int = DEFAULT_TRAJECTORIES,
    same: Sequence[str] = SAME_MODEL,
) -> PlannedRun:
    """Find the model and the request behind a source, or the run and its model.

    Parameters
    ----------
    source
        The name or the folder of a case, a case, a model, a run, or the folder of a run.
    settings
        How to forecast a case or a model; what a source has already must not be given again.
    at
        Months or dates at which people are recorded by origin, besides every third month.
    policy
        Levers that are set.
    trajectories
        Simulations where the settings do not say.
    same
        What must agree between a run and the model made from its case.

    Raises
    ------
    SettingError
        If a setting does not go with the source, or is out of range.
    WrongRun
        If a run cannot be read, or is of another case or version.
    ValueError
        If the case, a date or the posterior cannot be used.
    """
    settings = RunSettings() if settings is None else settings
    if is_run(source):
        assert isinstance(source, Run | str | Path)
        return _of_run(source, settings, same)
    if settings.case is not None:
        raise SettingError("{0} goes with a RUN; name the case itself instead", "case")
    assert not isinstance(source, Run)
    model = _model(source, settings, at, policy)
    posterior = posterior_from(settings.draws, model)
    return planned_run(model, posterior, settings, trajectories)


def _model(source: Model | CaseSource, settings: RunSettings, at: Sequence[At], policy: Policy) -> Model:
    if settings.horizon is not None and settings.horizon < 1:
        raise SettingError(f"{{0}} must be at least 1 month, found {settings.horizon}", "horizon")
    if isinstance(source, Model):
        settings.refuse(["as_of"], "a model has this already")
        return built(source, settings.horizon, at)
    case = case_from(source, settings.as_of)
    warn_stale(case)
    return built(case, settings.horizon, at, policy)


def planned_run(model: Model, posterior: Posterior | None, settings: RunSettings, trajectories: int) -> PlannedRun:
    """The run of a model that settings ask for, with so many simulations where they do not say."""
    request = request_of(
        model,
        trajectories=trajectories if settings.trajectories is None else settings.trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        chunk_size=settings.chunk_size,
        posterior=posterior,
    )
    return PlannedRun(model, request, posterior, settings)


def _of_run(source: Run | str | Path, settings: RunSettings, same: Sequence[str]) -> PlannedRun:
    settings.refuse(
        ["as_of", "horizon", "trajectories", "seed", "draws", "run_dir"], "a finished run has these already"
    )
    run = opened(source)
    model = model_of(run, settings.case, same=same)
    return PlannedRun(model, run.request, None, settings, replace(run, model=model))


def opened(source: Run | str | Path) -> Run:
    """A run, opened where its folder is given.

    Raises
    ------
    WrongRun
        If it is no run, not finished, or damaged.
    """
    try:
        return source if isinstance(source, Run) else open_run(source)
    except RunError as problem:
        raise WrongRun(str(problem)) from problem


def model_of(run: Run, case: CaseSource | None = None, *, same: Sequence[str] = SAME_MODEL) -> Model:
    """The model that a run was made from.

    Parameters
    ----------
    run
        A finished run.
    case
        The case it was made from; by default the run's own model is taken, or the bundled case of the run's name.
    same
        What must agree between the run and the model.

    Raises
    ------
    WrongRun
        If the model is not that of the run.
    """
    if run.model is not None and case is None:
        return run.model
    asked = run.request
    own = case_of_run(asked, case, run.provenance.command)
    model = build(own, horizon=asked.horizon, record_months=asked.record_months)
    here = request_of(model, trajectories=asked.trajectories, seed=asked.seed)
    changed = [name for name in asked.differences(here) if name in same]
    if changed:
        found = run.path or asked.name
        raise WrongRun(
            f"{found} was made from another case or version ({', '.join(changed)} differ), so that it cannot be read "
            f"here. {_which_case(run.provenance.command)}, or forecast again."
        )
    return model


def case_of_run(asked: Request, case: CaseSource | None, command: str) -> Case:
    """The case of a run, cut at its as-of date.

    Parameters
    ----------
    asked
        The request of the run.
    case
        The case; by default the bundled one of the run's name.
    command
        The command that made the run, which an error names.

    Raises
    ------
    WrongRun
        If the run was made from a case that has to be given.
    """
    try:
        return case_from(asked.case if case is None else case, asked.as_of)
    except ValueError as problem:
        if case is not None:
            raise
        raise WrongRun(f"the run was made from a case {asked.case!r} of your own. {_which_case(command)}") from problem


def _which_case(command: str) -> str:
    made = f": the run was made by `{command}`" if command else ""
    return f"Give the case or its folder with --case (case= in Python){made}"


def case_from(source: CaseSource, as_of: date | str | None = None) -> Case:
    """A case, opened where its name or its folder is given, as of a day."""
    if isinstance(source, Case):
        if as_of is not None:
            return cut(source, as_of)
        return source if source.cut_at is not None else cut(source, source.as_of)
    return open_case(source, as_of=as_of)


def whole_case(run: Run, case: CaseSource | None = None) -> Case:
    """The case of a run with everything that was published later.

    Parameters
    ----------
    run
        A finished run.
    case
        The case as it is known later, its name or its folder; by default the one the run was made from.

    Raises
    ------
    WrongRun
        If the run was made from a case that has to be given.
    """
    if isinstance(case, Case):
        return case
    known = None if run.model is None else run.model.case.opened_from
    try:
        return open_whole_case(case or known or run.request.case)
    except ValueError as problem:
        if case is not None:
            raise
        raise WrongRun(
            f"the run was made from a case {run.request.case!r} of your own. {_which_case(run.provenance.command)}"
        ) from problem


def warn_stale(case: Case) -> None:
    """Warn that an as-of date lies well beyond everything that was published."""
    latest = case.latest_published
    if (case.as_of - latest).days > STALE:
        warnings.warn(
            f"nothing in case {case.id} was published after {latest}; anything between then and {case.as_of} "
            "is missing from the case",
            ForecastWarning,
            stacklevel=2,
        )


def warn_between_quarters(model: Model, at: Sequence[At]) -> None:
    """Warn of months by country that need a run of their own, since countries are recorded every third month."""
    horizon = model.horizon
    for month in (month_at(model.case.as_of, one, horizon) for one in at):
        if month % QUARTER and month != horizon:
            before, after = month - month % QUARTER, min(month - month % QUARTER + QUARTER, horizon)
            warnings.warn(
                f"countries are recorded every third month; month {month} lies between, so that this is a run of its "
                f"own, the same simulations with that month added. --at {before} and --at {after} need none.",
                ForecastWarning,
                stacklevel=2,
            )
