"""From what a user names to a run: the name or the folder of a case, a `Case`, a `Model`, or a run and its folder.

Verbs that take a case or a run come through here, so that the same words mean the same everywhere; those that take a
case alone (`compare`, `fit`) go through `case_source`. `resolve` reads and checks and runs nothing; `PlannedRun.run`
makes the run, or hands out the one that is there. A case takes settings, each with a default. A run has its settings
already and refuses others.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import numpy as np

from afterfall.case.dates import MOST_MONTHS
from afterfall.defaults import DEFAULT_SEED, DEFAULT_TRAJECTORIES
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import DEFAULT, PRIOR_DRAWS, DrawsFrom, posterior_from
from afterfall.run.case_source import CaseSource, case_from, case_of_run, warn_stale, which_case
from afterfall.run.condition_windows import conditions_on
from afterfall.run.conditions import Given, several_conditions
from afterfall.run.errors import ForecastWarning, RunError, SettingError, UnknownName, WrongRun
from afterfall.run.forecasting import At, Report, built, forecast, open_run
from afterfall.run.months import month_at
from afterfall.run.request import CHUNK_SIZE, Request, request_of, size_in_words
from afterfall.run.result import Run
from afterfall.run.workers import Scheduler

Source = Run | Model | CaseSource
#: What must agree between a run and the model at hand for one to be read with the other.
SAME_MODEL = ("case_hash", "model_hash", "program_hash")
#: What must agree where a run is read with the model on the as-of date, whatever its policy.
SAME_CASE = ("case_hash",)
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
    given
        Conditions: dated events that are taken as given (see `conditions`).
    case
        For a run: the case it was made from, where that is not a bundled case.
    run_dir
        Folder for runs; None keeps the run in memory.
    threads, progress, command, chunk_size, scheduler
        As for `forecast`.
    """

    as_of: date | str | None = None
    horizon: int | None = None
    trajectories: int | None = None
    seed: int | None = None
    draws: DrawsFrom = DEFAULT
    given: Given = ()
    case: CaseSource | None = None
    run_dir: Path | str | None = None
    threads: int | None = None
    progress: Report | None = None
    command: str | None = None
    chunk_size: int = CHUNK_SIZE
    scheduler: Scheduler = None

    def __post_init__(self) -> None:
        """Refuse what is no whole number where one is meant."""
        for name in ("horizon", "trajectories", "seed", "threads", "chunk_size"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name)))
        object.__setattr__(self, "given", several_conditions(self.given))

    def refuse(self, names: Sequence[str], text: str) -> None:
        """Refuse the settings of these names that were given, all at once.

        Raises
        ------
        SettingError
            If there are any.
        """
        otherwise = {one.name: one.default for one in fields(self)}
        given = [name for name in names if not _same(getattr(self, name), otherwise[name])]
        if given:
            raise SettingError(f"{text}: leave out {', '.join(f'{{{i}}}' for i in range(len(given)))}", *given)


def whole_number(name: str, value: object) -> int | None:
    """The whole number that a setting gives, None for None.

    Raises
    ------
    SettingError
        If it gives anything else, such as a text or a truth value.

    Examples
    --------
    >>> whole_number("horizon", np.int64(12))
    12
    """
    if value is None:
        return None
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise SettingError(f"{{0}} must be a whole number, found {value!r}", name) from None


def _same(given: object, otherwise: object) -> bool:
    """Whether a setting has its default; a `Posterior` never equals a text."""
    return type(given) is type(otherwise) and given == otherwise


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
            given=self.request.given,
            scheduler=self.settings.scheduler,
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
    if settings.horizon is not None and settings.horizon > MOST_MONTHS:
        trajectories = DEFAULT_TRAJECTORIES if settings.trajectories is None else settings.trajectories
        size = size_in_words(trajectories, settings.horizon)
        raise SettingError(f"{{0}} must be at most {MOST_MONTHS} months, found {settings.horizon:,}: {size}", "horizon")
    if isinstance(source, Model):
        settings.refuse(["as_of"], "a model has this already")
        return built(source, settings.horizon, at)
    case = case_from(source, settings.as_of)
    warn_stale(case)
    return built(case, settings.horizon, at, policy)


def planned_run(model: Model, posterior: Posterior | None, settings: RunSettings, trajectories: int) -> PlannedRun:
    """The run of a model that settings ask for, with so many simulations where they do not say."""
    conditions = conditions_on(settings.given, model)
    request = request_of(
        model,
        trajectories=trajectories if settings.trajectories is None else settings.trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        chunk_size=settings.chunk_size,
        posterior=posterior,
        given=() if conditions is None else conditions.texts,
    )
    return PlannedRun(model, request, posterior, settings)


def _of_run(source: Run | str | Path, settings: RunSettings, same: Sequence[str]) -> PlannedRun:
    settings.refuse(
        ["as_of", "horizon", "trajectories", "seed", "draws", "given", "run_dir"], "a finished run has these already"
    )
    run = opened(source)
    model = model_of(run, settings.case, same=same)
    return PlannedRun(model, run.request, None, settings, replace(run, model=model))


def opened(source: Run | str | Path) -> Run:
    """A run, opened where its folder is given.

    Raises
    ------
    SettingError
        If neither is given.
    WrongRun
        If it is no run, not finished, or damaged.
    """
    if not isinstance(source, Run | str | Path):
        raise SettingError(f"expected a run or its folder; found a {type(source).__name__}")
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
    if set(same) - set(SAME_CASE):
        refuse_policy(asked)
    own = case_of_run(asked, case, run.provenance.command)
    model = build(own, horizon=asked.horizon, record_months=asked.record_months)
    here = request_of(model, trajectories=asked.trajectories, seed=asked.seed)
    changed = [name for name in asked.differences(here) if name in same]
    if changed:
        found = run.path or asked.name
        raise WrongRun(
            f"{found} was made from another case or version ({', '.join(changed)} differ), so that it cannot be read "
            f"here. {which_case(run.provenance.command)}, or forecast again.",
            "case",
        )
    return model


def refuse_policy(asked: Request) -> None:
    """Refuse a run under a policy, of which its folder keeps the labels of levers only.

    Raises
    ------
    WrongRun
        If the run was made under one.
    """
    if asked.policy:
        raise WrongRun(
            f"run {asked.name} was made under a policy ({', '.join(asked.policy)}), which cannot be set again from its "
            "folder; only attacks and violence read such a run. Compare the policy again instead"
        )


def warn_between_quarters(model: Model, at: Sequence[At]) -> None:
    """Warn of months by country that need a run of their own, since countries are recorded every third month."""
    horizon = model.horizon
    for month in (month_at(model.case.as_of, one, horizon) for one in at):
        if month % QUARTER and month != horizon:
            before, after = month - month % QUARTER, min(month - month % QUARTER + QUARTER, horizon)
            warnings.warn(
                f"countries are recorded every third month; month {month} lies between, so that this is a run of its "
                f"own, the same simulations with that month added. Months {before} and {after} need none.",
                ForecastWarning,
                stacklevel=2,
            )
