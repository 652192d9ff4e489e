"""The sides of a comparison: models under each policy, made from one, and their runs, made together.

All sides share the draws of parameters and the starting states. They run chunk after chunk: the first fifty simulations
of every side, then the next fifty. Progress counts the simulations of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from afterfall.model import Model, under_policy
from afterfall.model.levers import Policy
from afterfall.posterior import Posterior
from afterfall.run import Progress, Run
from afterfall.run.forecasting import Report, as_call, check_room, made_together
from afterfall.run.request import Request, request_of, request_under
from afterfall.run.run_making import Job
from afterfall.run.starting_states import StartingStates
from afterfall.run.workers import Workers, processors


@dataclass(frozen=True)
class PolicyRun:
    """One policy of a comparison, the model built under it, and its run."""

    policy: Policy
    model: Model = field(repr=False)
    run: Run = field(repr=False)


@dataclass(frozen=True)
class PolicyModel:
    """A policy, the model under it, and the request to run it; two with one request are one side."""

    policy: Policy
    model: Model = field(repr=False)
    request: Request


@dataclass(frozen=True)
class Sides:
    """What all runs of a comparison share.

    Attributes
    ----------
    plain
        The model of the case without a policy.
    posterior, trajectories, seed, run_dir, threads, command
        As for `forecast`, for every run.
    workers
        What computes the runs; None for this process.
    """

    plain: Model = field(repr=False)
    posterior: Posterior | None
    trajectories: int
    seed: int
    run_dir: Path | str | None
    threads: int | None
    command: str | None
    workers: Workers | None = None

    def __post_init__(self) -> None:
        """Refuse a number of threads that is none."""
        if self.threads is not None and self.threads < 1:
            raise ValueError(f"threads must be at least 1, found {self.threads}")

    def model(self, policy: Policy, fixed: Mapping[str, float] = MappingProxyType({})) -> PolicyModel:
        """The model under a policy, with some parameters held at fixed values."""
        model = under_policy(self.plain, policy, fixed=fixed)
        return PolicyModel(policy, model, request_under(self.request, model))

    @cached_property
    def request(self) -> Request:
        """The request to run the model without a policy."""
        return request_of(self.plain, trajectories=self.trajectories, seed=self.seed, posterior=self.posterior)

    def run(
        self, sides: Sequence[PolicyModel], progress: Report | None, *, only: tuple[str, ...] | None = None
    ) -> list[PolicyRun]:
        """Run every side; one that occurs twice runs once.

        Parameters
        ----------
        sides
            Policies with their models.
        progress
            Called with numbers of simulations of all of them.
        only
            Origins that are kept of runs in memory; None for all.
        """
        jobs = {side.request.hash: self.job(side, only) for side in sides}
        check_room(self.plain, self.trajectories * (len(jobs) if only is None else 1), self.run_dir)
        runs = made_together(
            list(jobs.values()),
            run_dir=self.run_dir,
            progress=progress,
            starts=StartingStates(self.plain.case),
            workers=self.workers,
        )
        of = dict(zip(jobs, runs, strict=True))
        return [PolicyRun(side.policy, side.model, of[side.request.hash]) for side in sides]

    def job(self, side: PolicyModel, only: tuple[str, ...] | None = None) -> Job:
        """The job to run a side, of which a run in memory keeps these origins only."""
        return Job(
            model=side.model,
            request=side.request,
            posterior=self.posterior,
            threads=self.threads or processors(),
            command=self.command or as_call(side.request),
            only=only,
        )


def distinct(sides: Sequence[PolicyModel]) -> int:
    """Number of different sides."""
    return len({side.request.hash for side in sides})


class OverallProgress:
    """One count of simulations over several forecasts, one after the other."""

    def __init__(self, report: Report | None, total: int) -> None:
        self._report, self._total, self._before, self._reused = report, total, 0, True

    def part(self, simulations: int) -> Report:
        """A report for the next forecast, of so many simulations."""
        before = self._before
        self._before += simulations

        def tell(step: Progress) -> None:
            self._reused &= step.stage == "reused"
            if self._report is not None and step.stage not in ("done", "reused"):
                self._report(Progress(step.stage, before + step.done, self._total))

        return tell

    def end(self) -> None:
        """Report that all is done, or was there already."""
        if self._report is not None:
            self._report(Progress("reused" if self._reused else "done", self._total, self._total))
