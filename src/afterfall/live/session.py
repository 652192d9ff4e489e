"""The session: what it holds, and how one comparison is refined until it is done or superseded.

Held from the first comparison on: the model without a policy, the posterior, the starting states of the simulations
made so far, and the simulations of side A, which does not change. A moved lever then costs the model under the new
policy, made by redoing only what levers touch, and the simulations of side B.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import MappingProxyType

from afterfall.attack import Attacks, attacks
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, DEFAULT_TRAJECTORIES
from afterfall.live.growing_run import GrowingRun
from afterfall.live.refinement import ALONE, Refined, Refinement, Sharing
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy, open_levers
from afterfall.model.levers.catalogue import Catalogue
from afterfall.policy.attempts_expected import Expected, expected_attempts
from afterfall.policy.comparison import (
    RHO,
    RHOS,
    Comparison,
    changes_exit_weights,
    compared,
    refuse_misfits,
    rho_differences,
)
from afterfall.policy.paired_differences import Difference
from afterfall.policy.sides import PolicyModel, PolicyRun, Sides
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, posterior_from
from afterfall.run.case_source import CaseSource, case_from
from afterfall.run.forecasting import At, check_room
from afterfall.run.months import month_at
from afterfall.run.result import Run
from afterfall.run.starting_states import StartingStates
from afterfall.run.workers import processors

#: Simulations of each side after which a comparison is shown, before the last.
STEPS = (8, 16, 48, 200)
#: Simulations between two looks at whether a run of side A is still wanted.
BETWEEN = 8


def steps_to(most: int) -> tuple[int, ...]:
    """Simulations after which a comparison is shown, the last of them `most`.

    >>> steps_to(100)
    (8, 16, 48, 100)
    """
    return (*(n for n in STEPS if n < most), most)


class Session:
    """A case, a country and a month on which policies are compared again and again; `open_session` makes one.

    Attributes
    ----------
    sides
        What all runs share: the model without a policy, the posterior, the seed, the most simulations.
    against
        The policy of side A.
    country, month
        Code of an origin, or None; month at which endpoints are compared.
    fixed
        Parameters held at one value on both sides.
    steps
        Simulations after which a comparison is shown, the last included.
    """

    def __init__(
        self,
        sides: Sides,
        against: Policy,
        country: str | None,
        month: int,
        catalogue: Catalogue,
        fixed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.sides, self.against, self.country, self.month = sides, against, country, month
        self.fixed = MappingProxyType(dict(fixed))
        self.steps = steps_to(sides.trajectories)
        self._catalogue = catalogue
        self._starts = StartingStates(sides.plain.case)
        self._pool = ThreadPoolExecutor(sides.threads or processors())
        self._of_a: dict[tuple[float | None, str | None], tuple[PolicyModel, GrowingRun]] = {}
        self._expected: dict[int, tuple[Attacks, dict[str, Expected]]] = {}
        self._turn, self._reading = threading.RLock(), threading.Lock()
        self._latest, self._closed = dict[str, int](), False

    def compare(
        self,
        levers: str | Sequence[str] = (),
        *,
        package: str | None = None,
        policy: Policy | None = None,
        country: str | None = None,
        most: int | None = None,
        caller: str = "",
        sharing: Sharing = ALONE,
    ) -> Refinement:
        """Compare a policy with side A, on few simulations first and then on more of the same.

        From this call on any earlier comparison of the same caller is superseded: its next step does not come, and one
        that is being made on another thread stops. Nothing is computed until the first step is asked for.

        Parameters
        ----------
        levers, package
            Side B, as for `afterfall.compare`; without any it is policy as it is on the as-of date.
        policy
            Side B itself, instead.
        country
            Code of the origin whose levers and people are meant; by default that of the session.
        most
            Simulations of each side in the last step; by default as many as the session has.
        caller
            Who asks, where several people share a session: each supersedes only their own comparisons.
        sharing
            How it lets others go first.

        Raises
        ------
        ValueError
            If a lever or package cannot be used, or a policy does not fit the model.
        """
        place = self.country if country is None else self.sides.plain.view.origin(country)
        if policy is None:
            names = [levers] if isinstance(levers, str) else levers
            policy = self._catalogue.policy(self.sides.plain.case, package, names, place)
        refuse_misfits(self.sides.plain, (self.against, policy))
        steps = self.steps if most is None else steps_to(min(most, self.steps[-1]))
        ticket = self._supersede(caller)

        def current() -> bool:
            return self._latest[caller] == ticket and not self._closed

        refined = self._refined(policy, place, steps, current, sharing)
        return Refinement(refined, current, lambda: self._supersede(caller))

    def side_a(self, simulations: int, report: Callable[[int], bool] = lambda _: True) -> Run | None:
        """The first so many simulations under side A: the run that `afterfall.forecast` gives, where A is as it is now.

        Parameters
        ----------
        simulations
            How many; at most as many as the session has.
        report
            Called with the number that are there, every few simulations; once it says no, the rest is left out.

        Returns
        -------
        Run or None
            None where the rest was left out, or the session was closed.
        """
        side, growing = self._a()
        for number in (*range(BETWEEN, simulations, BETWEEN), simulations):
            going = self._grown(growing, number, lambda: not self._closed)
            if not going or not report(number):
                return None
        return replace(growing.run(simulations), model=side.model)

    def warm(self, simulations: int = STEPS[2], sharing: Sharing = ALONE) -> None:
        """Make the first simulations of side A, and with them the starting states, so that the first picture is quick.

        On a machine that has not yet made the engine's machine code, that is made first (a minute or more). `sharing`
        says how it lets others go first.
        """
        number = max(min(simulations, self.steps[-1]), self.steps[0])
        self._grown(self._a()[1], number, lambda: not self._closed, sharing)
        self._expect(self.steps[0])

    def close(self) -> None:
        """End every comparison, and the threads."""
        self._closed = True
        self._pool.shutdown(wait=True)

    def __enter__(self) -> Session:
        """The session."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _supersede(self, caller: str) -> int:
        self._latest[caller] = self._latest.get(caller, 0) + 1
        return self._latest[caller]

    def _refined(
        self,
        policy: Policy,
        country: str | None,
        steps: tuple[int, ...],
        current: Callable[[], bool],
        sharing: Sharing,
    ) -> Iterator[Refined]:
        """Steps until the last. Simulations are made while no other comparison of the session makes any."""
        b = self.sides.model(policy, self.fixed)
        growing = GrowingRun(self.sides.job(b), self._starts)
        moving = RHO not in self.fixed and any(changes_exit_weights(side.model) for side in (self._a()[0], b))
        found: Comparison | None = None
        for simulations in steps:
            pair = self._pair(b, growing, self._a, simulations, current, sharing)
            if pair is None:
                return
            sharing.simulated()
            of_a, first = self._expect(simulations)
            if not current():
                return
            of_b = attacks(pair[1].run, pair[1].model, same_start=of_a)
            if not current():
                return
            found = compared(*pair, country, self.month, (first, expected_attempts(of_b, self.month)), {})
            if not current():
                return
            yield Refined(found, simulations, final=simulations == steps[-1] and not moving)
        at_rho: dict[float, dict[str, Difference]] = {}
        for number, rho in enumerate(RHOS if moving else ()):
            held = self.sides.model(policy, {**self.fixed, RHO: rho})
            side_a = partial(self._a, rho, country)
            own = sharing.part(number, len(RHOS))
            pair = self._pair(held, self._narrow(held, country), side_a, steps[-1], current, own)
            if pair is None:
                return
            at_rho[rho] = rho_differences(*pair, country, self.month)
        if found is not None and at_rho:
            yield Refined(replace(found, at_rho=at_rho), steps[-1], final=True)

    def _pair(
        self,
        b: PolicyModel,
        growing: GrowingRun,
        side_a: Callable[[], tuple[PolicyModel, GrowingRun]],
        simulations: int,
        current: Callable[[], bool],
        sharing: Sharing,
    ) -> tuple[PolicyRun, PolicyRun] | None:
        """The runs of both sides with so many simulations; None once superseded."""
        a, kept = side_a()
        sides = kept, growing
        to_make = sum(simulations - one.made(simulations) for one in sides)

        def going() -> bool:
            left = sum(simulations - one.made(simulations) for one in sides)
            sharing.report(to_make - left, to_make)
            return current()

        if not all(self._grown(one, simulations, going, sharing) for one in sides):
            return None
        sharing.report(to_make, to_make)
        left, right = kept.run(simulations), growing.run(simulations)
        return PolicyRun(a.policy, a.model, left), PolicyRun(b.policy, b.model, right)

    def _grown(self, run: GrowingRun, simulations: int, current: Callable[[], bool], sharing: Sharing = ALONE) -> bool:
        """Let a run grow, while nobody else is to go first; whether it is as long as asked for.

        The first simulation of a session is made on this thread, since it may compile.
        """

        def go_on() -> bool:
            return current() and not sharing.others_first()

        while current():
            with self._turn:
                if (len(self._starts) or run.grow(1, None, current)) and run.grow(simulations, self._pool, go_on):
                    return True
            if current():
                sharing.let_pass()
        return False

    def _a(self, rho: float | None = None, country: str | None = None) -> tuple[PolicyModel, GrowingRun]:
        """Side A and its simulations, which are kept; with rho held at a value, those of one country."""
        if (rho, country) not in self._of_a:  # what is there is read while another comparison simulates
            with self._turn:
                if (rho, country) not in self._of_a:
                    side = self.sides.model(self.against, self.fixed if rho is None else {**self.fixed, RHO: rho})
                    run = GrowingRun(self.sides.job(side), self._starts) if rho is None else self._narrow(side, country)
                    self._of_a[rho, country] = side, run
        return self._of_a[rho, country]

    def _narrow(self, side: PolicyModel, country: str | None) -> GrowingRun:
        """A run of which only a country is kept."""
        return GrowingRun(self.sides.job(side, () if country is None else (country,)), self._starts)

    def _expect(self, simulations: int) -> tuple[Attacks, dict[str, Expected]]:
        """Attacks under A, without their draws, and expected attempts."""
        with self._reading:
            if simulations not in self._expected:
                side, run = self._a()
                found = attacks(run.run(simulations), side.model)
                self._expected[simulations] = found.without_months(), expected_attempts(found, self.month)
            return self._expected[simulations]


def open_session(
    of: CaseSource,
    *,
    country: str | None = None,
    against: str | Policy | None = None,
    lever_files: Path | Sequence[Path] = (),
    as_of: date | str | None = None,
    at: At | None = None,
    horizon: int = DEFAULT_HORIZON,
    trajectories: int = DEFAULT_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    draws: DrawsFrom = DEFAULT,
    threads: int | None = None,
    fixed: Mapping[str, float] = MappingProxyType({}),
) -> Session:
    """Open a session on a case.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case.
    country
        Code or name of the origin whose levers and people are meant; None for all.
    against
        Side A: a package or a policy; by default policy as it is on the as-of date.
    lever_files
        Files with more levers and packages.
    as_of, at, horizon, seed, draws, threads
        As for `afterfall.compare`.
    trajectories
        Simulations of each side in the last step. All are kept in memory: both sides of 1,000 simulations of a case
        like isis-2017 over 60 months take about 1.6 GB.
    fixed
        Parameters that both sides hold at one value, on the natural scale.

    Raises
    ------
    ValueError
        If a name, a date or a number cannot be used, or the simulations do not fit into memory.
    """
    case = case_from(of, as_of)
    month = horizon if at is None else month_at(case.as_of, at, horizon)
    return session_on(
        build(case, horizon=horizon, record_months=[month]),
        month=month,
        country=country,
        against=against,
        lever_files=lever_files,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        threads=threads,
        fixed=fixed,
    )


def session_on(
    plain: Model,
    *,
    month: int | None = None,
    country: str | None = None,
    against: str | Policy | None = None,
    lever_files: Path | Sequence[Path] = (),
    trajectories: int = DEFAULT_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    draws: DrawsFrom = DEFAULT,
    threads: int | None = None,
    fixed: Mapping[str, float] = MappingProxyType({}),
) -> Session:
    """Open a session on a model that was built before.

    Parameters
    ----------
    plain
        A model without a policy, which records the month by origin.
    month
        The month at which endpoints are compared; the horizon for None.
    country, against, lever_files, trajectories, seed, draws, threads, fixed
        As for `open_session`.

    Raises
    ------
    ValueError
        As `open_session`.
    """
    code = None if country is None else plain.view.origin(country)
    catalogue = open_levers([lever_files] if isinstance(lever_files, Path) else lever_files)
    other = catalogue.policy(plain.case, against, (), code) if isinstance(against, str) else against or AS_NOW
    sides = Sides(plain, posterior_from(draws, plain), trajectories, seed, None, threads, None)
    check_room(plain, 2 * trajectories, None)
    return Session(sides, other, code, plain.horizon if month is None else month, catalogue, fixed)
