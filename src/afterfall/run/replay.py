"""A run made again from its own request, with the case and the version at hand."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from afterfall.model import build
from afterfall.posterior.draws_from import PRIOR_DRAWS, posterior_from
from afterfall.run.case_source import CaseSource, case_of_run
from afterfall.run.errors import RunError, SettingError, WrongRun
from afterfall.run.request import PRIOR, Request
from afterfall.run.resolve import PlannedRun, RunSettings, opened, planned_run, refuse_policy
from afterfall.run.result import Run
from afterfall.run.store import RunFolder


def replayed(run: Run | str | Path, case: CaseSource | None, settings: RunSettings) -> PlannedRun:
    """The request of a run, finished or not, to be run again with the case and the version at hand.

    Parameters
    ----------
    run
        A run, or its folder.
    case
        The case it was made from; by default the bundled one of its name.
    settings
        What does not change the numbers, and the posterior of a run that was made from a fit of the user's own.

    Raises
    ------
    SettingError
        If a setting is given that the run has already.
    WrongRun
        If there is no such run.
    RunError
        If the case and the version at hand do not make the same request.
    """
    settings.refuse(["as_of", "horizon", "trajectories", "seed", "given"], "a run to replay has these already")
    if settings.draws == PRIOR_DRAWS:
        raise SettingError("a run to replay has these already: leave out {0}", "draws")
    old, command = _asked(run)
    refuse_policy(old)
    own = case_of_run(old, case, command)
    model = build(own, horizon=old.horizon, record_months=old.record_months)
    posterior = None if old.draws == PRIOR else posterior_from(settings.draws, model)
    again = replace(settings, trajectories=old.trajectories, seed=old.seed, chunk_size=old.chunk_size, given=old.given)
    planned = planned_run(model, posterior, again, old.trajectories)
    changed = old.differences(planned.request)
    if changed:
        found = "\n  ".join(f"{name}: {was} in the run, {now} here" for name, (was, now) in changed.items())
        raise RunError(
            f"{run} cannot be replayed with this case and version:\n  {found}\nFor the same request with this case and "
            f"version: afterfall "
            f"forecast {own.reference} --as-of {old.as_of} --horizon {old.horizon} "
            f"--trajectories {old.trajectories} --seed {old.seed}"
            + "".join(f" --given {shlex.quote(text)}" for text in old.given)
        )
    return planned


def _asked(run: Run | str | Path) -> tuple[Request, str]:
    """The request of a run, and the command that made it where the run is finished."""
    if not isinstance(run, str | Path):
        run = opened(run)
        return run.request, run.provenance.command
    try:
        folder = RunFolder.at(Path(run))
    except RunError as problem:
        raise WrongRun(str(problem)) from problem
    try:
        return folder.request, folder.provenance().command
    except RunError:
        return folder.request, ""
