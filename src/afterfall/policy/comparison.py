"""The verb `compare`: runs a case under two policies with common random numbers and reports the differences.

Both runs are ordinary runs in run folders of their own: they resume after an interruption and are reused when requested
again. If a lever narrows or widens an exit, both are run again at rho = 0, 1/2 and 1, because the data of one collapse
cannot show whether a closed exit keeps people where they are (1) or turns them elsewhere (0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from afterfall.case import Case
from afterfall.defaults import DEFAULT_HORIZON, DEFAULT_SEED, FEW_TRAJECTORIES
from afterfall.model import Model, build
from afterfall.model.language.vocabulary import OnRamp
from afterfall.model.levers import AS_NOW, Policy
from afterfall.policy.attempts_expected import Expected, expected_attempts, summed
from afterfall.policy.costs import CostDifference, capacity_short, capacity_used, lever_costs, unknown_quantities
from afterfall.policy.endpoints import AT_RHO, ATTACKS, BORN, DEAD, RESOURCES, SIMULATIONS, Endpoint, endpoints
from afterfall.policy.paired_differences import Difference, difference
from afterfall.policy.people_counts import People
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, loaded
from afterfall.run import Progress, Run, forecast

RHO = "leaving.retained"
RHOS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class PolicyRun:
    """One policy of a comparison, the model built under it, and its run."""

    policy: Policy
    model: Model = field(repr=False)
    run: Run = field(repr=False)


@dataclass(frozen=True)
class Comparison:
    """Two policies on one case: B (`b`) against A (`a`), for one country or everyone (None), at one month.

    Attributes
    ----------
    a, b
        The policies with their models and runs.
    country, month
        Code of the country, or None; month at which endpoints are compared.
    endpoints
        The quantities compared.
    differences
        Paired differences by quantity, of the country's people.
    others
        The same for everyone else; empty without a country.
    at_rho
        By rho, the differences of what a closed border displaces; empty if no lever acts on an exit.
    costs
        What B costs more than A.
    """

    a: PolicyRun
    b: PolicyRun
    country: str | None
    month: int
    endpoints: tuple[Endpoint, ...]
    differences: Mapping[str, Difference]
    others: Mapping[str, Difference]
    at_rho: Mapping[float, Mapping[str, Difference]]
    costs: Mapping[str, CostDifference]

    @property
    def trajectories(self) -> int:
        """Simulations of each policy."""
        return self.a.run.request.trajectories

    @property
    def counterfactual(self) -> bool:
        """Whether a policy uses what was not public at the as-of date."""
        return self.a.policy.counterfactual or self.b.policy.counterfactual

    def label(self, quantity: str) -> str:
        """Label of a quantity."""
        return People(self.a.run, self.country, self.month).label(quantity)

    def is_counter(self, quantity: str) -> bool:
        """Whether a quantity counts moves since the as-of date, not people at the month."""
        return People(self.a.run, self.country, self.month).is_counter(quantity)

    def is_hindsight(self, quantity: str) -> bool:
        """Whether a quantity rests on structure that only later knowledge suggests."""
        return People(self.a.run, self.country, self.month).is_hindsight(quantity)


def compare(
    case: Case,
    policy: Policy,
    *,
    against: Policy = AS_NOW,
    country: str | None = None,
    at: int | None = None,
    horizon: int = DEFAULT_HORIZON,
    trajectories: int = FEW_TRAJECTORIES,
    seed: int = DEFAULT_SEED,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
    draws: DrawsFrom = DEFAULT,
) -> Comparison:
    """Compare two policies with common random numbers, simulation by simulation.

    Parameters
    ----------
    case
        A cut case.
    policy, against
        Policies B and A; A defaults to the policies in force on the as-of date.
    country
        Code of an origin, or None for everyone.
    at
        Month at which endpoints are compared; None for the horizon.
    horizon, trajectories, seed, run_dir, threads, progress, command
        As for `forecast`, for every run.
    draws
        Where parameters of both sides come from (see `posterior_from`): the same draws on both.

    Raises
    ------
    ValueError
        If a policy does not fit the model, or the country or month is unknown.
    """
    month = horizon if at is None else at
    runner = _Runner(case, horizon, month, trajectories, seed, run_dir, threads, progress, command, loaded(draws))
    a, b = runner.run(against, {}), runner.run(policy, {})
    code = None if country is None else a.run.origin(country)
    wrong = unknown_quantities(case, (*against.levers, *policy.levers), [q.name for q in a.model.quantities])
    if wrong:
        raise ValueError("\n  ".join(["levers do not fit the model:", *wrong]))
    attempts = tuple(expected_attempts(one.run, one.model, month) for one in (a, b))
    compared = endpoints([q.name for q in a.model.quantities], (*against.levers, *policy.levers))
    risks = _risks(a, b, attempts, code, month)
    everywhere = {} if code is None else _risks(a, b, attempts, code, month, others=True)
    own = People(a.run, code, month), People(b.run, code, month)
    costs = capacity_used(*own, RESOURCES) | capacity_short(*own)
    costs |= lever_costs(*own, (against, policy), a.model.view)
    rhos = RHOS if changes_exit_weights(a.model) or changes_exit_weights(b.model) else ()
    at_rho = {rho: runner.at_rho(rho, (against, policy), code, _only(compared, AT_RHO)) for rho in rhos}
    return Comparison(
        a=a,
        b=b,
        country=code,
        month=month,
        endpoints=(*compared, *(o for o in ATTACKS if o.quantity in risks)),
        differences=_differences(a, b, code, month, compared) | risks,
        others={} if code is None else _differences(a, b, code, month, compared, others=True) | everywhere,
        at_rho=at_rho,
        costs=costs,
    )


def changes_exit_weights(model: Model) -> bool:
    """Whether a lever changes the weight of an exit that rho governs."""
    exits = {t.rate.name for t in model.structure.transitions if t.choice and t.choice.retain == RHO}
    return any(isinstance(term, OnRamp) for r in model.structure.rates if r.name in exits for term in r.terms)


def _only(found: Sequence[Endpoint], names: Sequence[str]) -> tuple[Endpoint, ...]:
    return tuple(o for o in found if o.quantity in names)


def _differences(
    a: PolicyRun, b: PolicyRun, country: str | None, month: int, endpoints: Sequence[Endpoint], *, others: bool = False
) -> dict[str, Difference]:
    left, right = (People(one.run, country, month, others) for one in (a, b))
    dead = (right.at(DEAD) - right.at(BORN)) - (left.at(DEAD) - left.at(BORN))
    return {
        o.quantity: difference(left.at(o.quantity), right.at(o.quantity), o.direction, dead)
        for o in endpoints
        if not (others and o.group == "sources")
    }


def _risks(
    a: PolicyRun,
    b: PolicyRun,
    attempts: tuple[dict[str, Expected], ...],
    country: str | None,
    month: int,
    *,
    others: bool = False,
) -> dict[str, Difference]:
    """Differences of expected attempts, net of the deaths of everyone: one life outweighs one attempt."""
    left, right = (summed(one, country, others=others) for one in attempts)
    dead = SIMULATIONS * (People(b.run, None, month).at(DEAD) - People(a.run, None, month).at(DEAD))
    return {o.quantity: difference(left[o.quantity], right[o.quantity], o.direction, dead) for o in ATTACKS if left}


@dataclass(frozen=True)
class _Runner:
    """Settings that every run of a comparison shares."""

    case: Case
    horizon: int
    month: int
    trajectories: int
    seed: int
    run_dir: Path | str | None
    threads: int | None
    progress: Callable[[Progress], None] | None
    command: str | None
    draws: DrawsFrom

    def at_rho(
        self, rho: float, policies: tuple[Policy, Policy], country: str | None, endpoints: Sequence[Endpoint]
    ) -> dict[str, Difference]:
        """The differences of A and B if a closed exit retains the share `rho`."""
        a, b = (self.run(policy, {RHO: rho}) for policy in policies)
        return _differences(a, b, country, self.month, endpoints)

    def run(self, policy: Policy, fixed: Mapping[str, float]) -> PolicyRun:
        """Run one policy, with some parameters held at fixed values."""
        model = build(self.case, horizon=self.horizon, record_months=[self.month], policy=policy, fixed=fixed)
        run = forecast(
            model,
            trajectories=self.trajectories,
            seed=self.seed,
            run_dir=self.run_dir,
            threads=self.threads,
            progress=self.progress,
            command=self.command,
            draws=self.draws,
        )
        return PolicyRun(policy, model, run)
