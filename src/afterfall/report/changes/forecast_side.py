"""One side of a comparison over time: a run, and all that is needed to forecast it again with one cause exchanged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from afterfall.case import Case
from afterfall.model import Model, build
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import PRIOR_DRAWS, DrawsFrom, posterior_from
from afterfall.posterior.key import fit_key
from afterfall.posterior.posterior_file import DrawsError
from afterfall.run import Run
from afterfall.run.case_source import CaseSource, case_of_run
from afterfall.run.request import PRIOR, Request, request_of
from afterfall.run.resolve import refuse_policy

#: What says that the program, and not a case or its draws, made a run differ.
VERSION = ("model_version", "model_hash", "program_hash", "code_hash")


@dataclass(frozen=True, eq=False)
class ForecastSide:
    """The old or the new forecast.

    Attributes
    ----------
    run
        The run.
    case
        Its case as cut; None where its rows are not at hand.
    posterior
        What its parameters are drawn from; None for priors.
    same_version
        Whether the program at hand makes the same run.
    problem
        Why it cannot be forecast again; empty where it can.
    """

    run: Run
    case: Case | None
    posterior: Posterior | None = None
    same_version: bool = True
    problem: str = ""

    @property
    def request(self) -> Request:
        """The request of the run."""
        return self.run.request


def side_of(run: Run, case: CaseSource | None, draws: DrawsFrom, option: str) -> ForecastSide:
    """A run as a side, with its case and its draws where they are at hand.

    Parameters
    ----------
    run
        A finished run.
    case
        The case it was made from; by default the bundled one of its name.
    draws
        What its parameters were drawn from, where that is no posterior of the package and no prior.
    option
        Name of the option by which a user gives the case, for the message.

    Raises
    ------
    WrongRun
        If the run was made under a policy, or from a case that has to be given.
    """
    asked = run.request
    refuse_policy(asked)
    model = run.model if case is None else None
    if model is None:
        found = case_of_run(asked, case, run.provenance.command)
        model = build(found, horizon=asked.horizon, record_months=asked.record_months)
    here = request_of(model, trajectories=asked.trajectories, seed=asked.seed)
    if here.case_hash != asked.case_hash:
        problem = (
            f"the rows of {asked.case} as of {asked.as_of} are no longer those that run {asked.name} was made from, "
            f"and a run keeps no rows: give the case as it was (--{option.replace('_', '-')})"
        )
        return ForecastSide(run, None, problem=problem)
    posterior, problem = _draws_of(asked, model, draws)
    changed = asked.differences(here)
    return ForecastSide(run, model.case, posterior, not any(name in changed for name in VERSION), problem)


def _draws_of(asked: Request, model: Model, draws: DrawsFrom) -> tuple[Posterior | None, str]:
    """The posterior of a run, or why it is not at hand."""
    if asked.draws == PRIOR:
        return None, ""
    try:
        found = posterior_from(draws, model)
    except DrawsError as problem:
        return None, str(problem)
    if found is None or f"posterior {found.hash}" != asked.draws:
        return None, f"the posterior that run {asked.name} draws from ({asked.draws}) is not at hand"
    return found, ""


def drawn_for(posterior: Posterior | None, model: Model) -> Posterior | str:
    """A posterior used for a model that it was not fitted to, as a forecast takes it.

    What the fit learned is held while rows are exchanged around it. So the key, which guards against this in a
    forecast, is set to the model's own on purpose.
    """
    if posterior is None:
        return PRIOR_DRAWS
    return replace(posterior, origin=replace(posterior.origin, key=fit_key(model)))
