"""A forecast as some added figures change it: the draws reweighted, the starts drawn again, the simulations rerun.

An added figure acts twice. It changes the fit, whose draws are reweighted (`infer.figure_addition`); and the starting
states of its origin, which are drawn given every published figure, are drawn again for all simulations. Only the
weights are an approximation. The forecast after the update is therefore the forecast of the edited case, and has its
hash: once the figures are added to the folder of the case, forecasting it finds this very run.

Where weights are not reliable nothing is forecast: a fit is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from afterfall.case import cut
from afterfall.case.intake.figure_intake import FigureIntake, take_figures
from afterfall.case.open import open_to_edit
from afterfall.model import Model
from afterfall.posterior import Posterior, bundled_posterior, fit_key, posterior_from
from afterfall.posterior.draws_from import DEFAULT, PRIOR_DRAWS, DrawsFrom
from afterfall.posterior.edited_case import EditedCases, Reweighting, adapted, is_edited
from afterfall.run.errors import SettingError, WrongRun
from afterfall.run.forecasting import At, Progress, built, labelled
from afterfall.run.request import PRIOR
from afterfall.run.resolve import PlannedRun, RunSettings, Source, is_run, planned_run, resolve
from afterfall.run.result import Run
from afterfall.shown import Shown

#: What became of the draws: kept, since the fit reads none of the figures; reweighted; drawn from priors as before;
#: fitted again; or nothing, since a fit is needed.
UpdateWay = Literal["kept", "reweighted", "priors", "refitted", "refit needed"]
Refit = Callable[[Model], Posterior]


@dataclass(frozen=True)
class FigureUpdate(Shown):
    """A forecast before and after figures were added to its case.

    Attributes
    ----------
    intake
        The figures, checked against the case.
    before, after
        The two forecasts, with the same seed and the same settings; `after` is None where a fit is needed.
    way
        What became of the draws.
    reweighting
        How reliable the weights are; None where there was nothing to weigh.
    reason
        Why a fit is needed, or was made; empty where not.
    """

    intake: FigureIntake
    before: Run
    after: Run | None
    way: UpdateWay
    reweighting: Reweighting | None
    reason: str


@dataclass(frozen=True)
class _NewDraws:
    """What the parameters of the edited case are drawn from; None for priors, and where a fit is needed."""

    posterior: Posterior | None
    way: UpdateWay
    reweighting: Reweighting | None = None
    reason: str = ""


def update_forecast(
    source: Source,
    content: bytes,
    file: str,
    settings: RunSettings,
    *,
    at: Sequence[At] = (),
    refit: Refit | None = None,
) -> FigureUpdate:
    """Forecast a case without and with the figures of a file.

    Parameters
    ----------
    source
        The name or the folder of a case; or a run, or its folder.
    content, file
        The bytes of a file of figures, and its name.
    settings
        How to forecast; `draws` may be given for a run, too, where it is not the bundled posterior.
    at
        Months or dates at which people are recorded by origin, besides every third month.
    refit
        Fits a model; used where weights are not reliable. None reports that a fit is needed.

    Raises
    ------
    FiguresError
        If anything is wrong with the file.
    SettingError
        If a setting does not go with the source, or the case has no folder.
    WrongRun
        If a run cannot be read, or was drawn from another posterior than is at hand.
    """
    before = _planned(source, settings, at)
    intake = _taken(source, settings, before, content, file)
    edited = cut(intake.after, before.request.as_of)
    model = built(edited, before.request.horizon, [int(month) for month in before.model.program.origin_month])
    new = _new_draws(before, model, len(intake.added), settings.draws)
    reason = new.reason
    if new.way == "refit needed" and refit is not None:
        if settings.progress is not None:
            settings.progress(Progress("learning", 0, 1, "the case with these figures, by a fit of some minutes,"))
        new = _NewDraws(refit(model), "refitted", new.reweighting, reason)
    made = replace(before, settings=replace(before.settings, progress=labelled(settings.progress, "before"))).run()
    if new.way == "refit needed":
        return FigureUpdate(intake, made, None, new.way, new.reweighting, reason)
    again = replace(
        settings,
        trajectories=before.request.trajectories,
        seed=before.request.seed,
        given=before.request.given,
        progress=labelled(settings.progress, "after"),
        chunk_size=before.request.chunk_size,
    )
    after = planned_run(model, new.posterior, again, before.request.trajectories).run()
    return FigureUpdate(intake, made, after, new.way, new.reweighting, reason)


def _planned(source: Source, settings: RunSettings, at: Sequence[At]) -> PlannedRun:
    """The forecast before, with the posterior that it is drawn from.

    Raises
    ------
    WrongRun
        If a run was drawn from another posterior than is at hand.
    """
    if not is_run(source):
        return resolve(source, settings, at=at)
    planned = resolve(source, replace(settings, draws=DEFAULT, run_dir=None), at=at)
    if planned.request.draws == PRIOR:
        return planned
    posterior = posterior_from(settings.draws, planned.model)
    found = PRIOR if posterior is None else posterior.words
    if found != planned.request.draws:
        raise WrongRun(
            f"run {planned.request.name} was drawn from {planned.request.draws}; found {found}: give the posterior "
            "that it was drawn from as {0}",
            "draws",
        )
    return replace(planned, posterior=posterior)


def _taken(source: Source, settings: RunSettings, before: PlannedRun, content: bytes, file: str) -> FigureIntake:
    """The figures, checked against the case behind a forecast as its folder has it."""
    named: str | Path | None = before.model.case.opened_from
    if isinstance(settings.case, str | Path):
        named = settings.case
    elif isinstance(source, str | Path) and not is_run(source):
        named = source
    if named is None:
        raise SettingError("update needs a case that was opened by its name or from its folder")
    case, folder = open_to_edit(named)
    return take_figures(replace(case, as_of=before.request.as_of), folder, content, file)


def _new_draws(before: PlannedRun, model: Model, added: int, draws: DrawsFrom) -> _NewDraws:
    """What the parameters of the edited case are drawn from."""
    if before.posterior is None:
        return _NewDraws(None, "priors")
    if fit_key(model) == before.posterior.origin.key:
        return _NewDraws(before.posterior, "kept")
    if draws in (DEFAULT, PRIOR_DRAWS):
        bundled = bundled_posterior(model)
        if bundled is None or not is_edited(model.case):
            return _NewDraws(None, "refit needed", None, "there is no posterior to reweight")
        outcome = adapted(bundled, model)
        found = outcome.reweighting
        if found is None:
            return _NewDraws(None, "refit needed", None, outcome.why)
    elif EditedCases.reweight is None:
        return _NewDraws(None, "refit needed", None, "nothing here can reweight a posterior")
    else:
        found = EditedCases.reweight(before.posterior, before.model, model, added)
    if found.posterior is None:
        return _NewDraws(None, "refit needed", found, found.reason)
    return _NewDraws(found.posterior, "reweighted", found)
