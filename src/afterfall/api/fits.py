"""Fit parameters to a case's figures, and rank the figures by how far they move a forecast; needs the extra ``fit``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from afterfall.case import Case
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED
from afterfall.model import Model, build
from afterfall.posterior import Posterior, posterior_from
from afterfall.posterior.bundled import has_posterior
from afterfall.posterior.draws_from import DEFAULT, PRIOR_DRAWS, DrawsFrom, loaded
from afterfall.run import RunError, RunInterrupted, SettingError
from afterfall.run.case_source import case_from, warn_stale
from afterfall.run.forecasting import At
from afterfall.run.months import month_at
from afterfall.run.notebook_progress import iteration_bar
from afterfall.run.resolve import RunSettings, resolve, whole_number
from afterfall.run.workers import processors

if TYPE_CHECKING:
    from afterfall.infer import Fit, Settings
    from afterfall.infer.case_deletion import CaseDeletion

#: Called with how much is done, and of how much.
Counted = Callable[[int, int], None]
NEEDED = ("arviz_stats", "jax", "numpyro")


def fit(
    of: Model | Case | str | Path,
    *,
    as_of: date | str | None = None,
    chains: int = 4,
    warmup: int = 250,
    draws: int = 1200,
    seed: int | None = None,
    fit_dir: Path | str | None = None,
    workers: int | None = None,
    progress: Counted | None = None,
    command: str | None = None,
) -> Fit:
    """Learn the parameters of the past from a case's figures, by NUTS.

    Parameters
    ----------
    of
        The name or the folder of a case, a case, or a model built from one.
    as_of
        The day to see a case from; by default the day that the case names.
    chains, warmup, draws
        Chains, iterations that tune each, and draws to keep over all chains.
    seed
        Seed of the random numbers of the chains.
    fit_dir
        Folder for fits: the fit gets a folder of its own within it, goes on where an interrupted one stopped, and
        leaves the posterior in `Fit.file`. None keeps all in memory.
    workers
        Chains at once; by default one per processor. Changes no number.
    progress
        Called with how many iterations are done, and of how many.
    command
        What to write in the provenance; by default this call.

    Returns
    -------
    Fit
        With the `Posterior`, which any verb takes as ``draws=``, and the diagnosis of the chains.

    Raises
    ------
    ImportError
        If the extra `fit` is not installed.
    SettingError
        If a model is given a day, which it has already, or a setting is no whole number.
    ValueError
        If there are no figures to learn from, or fewer than two chains.

    Examples
    --------
    Takes minutes:

    >>> found = fit("tiny", fit_dir="fits")  # doctest: +SKIP
    >>> run = forecast("tiny", draws=found.posterior)  # doctest: +SKIP
    """
    _need_extra()
    from afterfall.infer import fit as fit_model

    if isinstance(of, Model):
        RunSettings(as_of=as_of).refuse(["as_of"], "a model has this already")
        model = of
    else:
        case = case_from(of, as_of)
        warn_stale(case)
        model = build(case)
    folder = None if fit_dir is None else Path(fit_dir)
    try:
        return fit_model(
            model,
            settings=_chains(chains, warmup, draws, seed, workers),
            fit_dir=folder,
            progress=progress or iteration_bar() or (lambda done, of: None),
            command=command or f"afterfall.fit({model.case.reference!r}, as_of={model.case.as_of.isoformat()!r})",
        )
    except KeyboardInterrupt:
        if folder is None:
            raise
        raise RunInterrupted(folder) from None


def influence(
    of: Case | str | Path,
    *,
    quantity: str = "returned",
    country: str | None = None,
    at: At = 24,
    as_of: date | str | None = None,
    trajectories: int = 250,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    refit: bool = False,
    fit_dir: Path | str | None = None,
    progress: Counted | None = None,
) -> CaseDeletion:
    """Leave each published figure out of a forecast in turn, and rank figures by how far the forecast moves.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    quantity, country, at
        The number that is forecast: a quantity of the model, of one origin by code or name or (None) of the world,
        at a month or a date.
    as_of
        The day to see the case from; by default the day that the case names.
    trajectories, seed
        Simulations each time, and the seed of their random numbers: the same with and without a figure.
    draws
        Where parameters come from, as for `forecast`. With ``"prior"`` figures move only the start of the forecast.
    refit
        Whether to fit again without a figure where reweighting the draws is not to be trusted (minutes each).
    fit_dir
        Folder for these fits.
    progress
        Called with how many figures are done, and of how many.

    Returns
    -------
    CaseDeletion
        The mean of the forecast in people, and its shift without each figure, the largest first.

    Raises
    ------
    ImportError
        If the extra `fit` is not installed.
    ValueError
        If a name or a month cannot be used, or the case has no posterior.
    RunError
        If the chains of a refit have not converged.

    Examples
    --------
    >>> found = influence("tiny", country="Arda", at=12, trajectories=50)  # doctest: +SKIP
    >>> found.moved[0].figure.figure  # doctest: +SKIP
    """
    _need_extra()
    from afterfall.infer.case_deletion import Number
    from afterfall.infer.case_deletion import influence as leave_each_out

    case, source = case_from(of, as_of), loaded(draws)
    if source == DEFAULT and not has_posterior(case):
        raise _without_posterior(case)
    month = month_at(case.as_of, at, DEFAULT_HORIZON)
    settings = RunSettings(horizon=max(month, 1), trajectories=trajectories, seed=seed, draws=PRIOR_DRAWS)
    planned = resolve(case, settings, at=[month])
    planned.check_quantity(quantity)
    number = Number(quantity, planned.origin(country), month)
    posterior = posterior_from(source, planned.model)
    if posterior is None and source != PRIOR_DRAWS:
        raise _without_posterior(case)
    return leave_each_out(
        planned.model,
        posterior,
        number,
        trajectories=settings.trajectories or trajectories,
        seed=DEFAULT_SEED if settings.seed is None else settings.seed,
        progress=progress or iteration_bar() or (lambda done, of: None),
        refit=(lambda model: refitted(model, fit_dir)) if refit and posterior is not None else None,
    )


def _chains(chains: int, warmup: int, draws: int, seed: int | None, workers: int | None) -> Settings:
    """How to run the chains.

    Raises
    ------
    SettingError
        If a number is no whole number.
    """
    from afterfall.infer import Settings

    given = {"chains": chains, "warmup": warmup, "draws": draws, "seed": seed, "workers": workers}
    found = {name: number for name, value in given.items() if (number := whole_number(name, value)) is not None}
    return Settings(**{"seed": DEFAULT_SEED, "workers": processors(), **found})


def _without_posterior(case: Case) -> SettingError:
    """The error for a case that comes without a posterior."""
    return SettingError(
        f"{case.id} as of {case.as_of} comes without a posterior; fit it first, and set {{0}}:\n"
        f"  afterfall fit {case.reference} --as-of {case.as_of}",
        "draws",
    )


def refitted(model: Model, fit_dir: Path | str | None) -> Posterior:
    """The posterior of a model; goes on where an interrupted fit stopped."""
    found = fit(model, fit_dir=fit_dir)
    if found.diagnosis.faults:
        raise RunError("the chains have not converged:\n  " + "\n  ".join(found.diagnosis.faults))
    return found.posterior


def _need_extra() -> None:
    """Stop where the extra `fit` is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ImportError(f"fitting needs {', '.join(missing)}: pip install 'afterfall[fit]'", name="afterfall[fit]")
